"""Print what a certificate proves and costs: the gap that is left, and CPU seconds beside those of the solve.

``python -m benchmarks.certificates`` does so for the ready questions and for generated programs of 1,000 and 10,000
columns; ``python -m benchmarks.certificates 100000 1000000`` for generated programs of these sizes.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.instance import write
from sourcing import resources
from sourcing.answer.setting import ask
from sourcing.audit.check_certificate import Certificate
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.engine.solve import solve
from sourcing.outcome import Values
from sourcing.outcome.certificate import certificate_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SIZES = (1_000, 10_000)
NO_PLAN = ("impossible",)
"""Ready questions without a plan."""


@dataclass(frozen=True)
class Row:
    """What was measured of one question: CPU seconds, and megabytes of the file."""

    name: str
    columns: int
    level: str
    value: float
    gap: float
    claim: str
    seconds: dict[str, float]
    size: float


def rows_of(question: str | Path, name: str) -> Iterator[Row]:
    """Yield a row for each objective of a question."""
    seconds: dict[str, float] = {}
    setting = ask(question, None)
    formulation = formulate(setting.network)
    model, options = to_pyomo(formulation), SolverOptions(threads=1)
    minimize = tuple(setting.question.objective.minimize)
    solution = timed(seconds, "solve", lambda: solve(model, minimize, options))
    values = Values(model.formulation, solution)
    content: dict[str, Any] = timed(seconds, "prove", lambda: certificate_of(values, options))
    text = timed(seconds, "write", lambda: json.dumps(content, separators=(",", ":")))
    checked = timed(seconds, "check", lambda: Certificate(json.loads(text)))
    if checked.findings:
        raise RuntimeError(f"{name}: {checked.findings[0]}")
    for level in checked.levels:
        value = float(level.value)
        gap = float("inf") if level.bound is None else float(level.value - level.bound)
        yield Row(name, len(values.x), level.name, value, gap, level.claim, seconds, len(text) / 1e6)


def timed(seconds: dict[str, float], what: str, work: Callable[[], Any]) -> Any:
    """Do something, and keep the CPU seconds that it took."""
    start = time.process_time()
    done = work()
    seconds[what] = time.process_time() - start
    return done


def told(row: Row) -> str:
    """Return a row of the table."""
    part = row.gap / max(abs(row.value), 1.0)
    times = " | ".join(f"{row.seconds[what]:.2f}" for what in ("solve", "prove", "write", "check"))
    return (
        f"| {row.name} | {row.columns:,} | {row.level} | {row.value:,.2f} | {row.gap:.1e} | {part:.1e} | {row.claim} "
        f"| {times} | {row.size:.1f} |\n"
    )


def main(sizes: list[int]) -> None:
    """Print a table in Markdown."""
    write_line = sys.stdout.write
    write_line(
        "| question | columns | objective | value | gap | relative | claim | solve | prove | write | check | MB |\n"
    )
    write_line("|---|---|---|---|---|---|---|---|---|---|---|---|\n")
    for name in [] if sizes else [name for name in resources.model_names() if name not in NO_PLAN]:
        for row in rows_of(name, name):
            write_line(told(row))
    for size in sizes or SIZES:
        with tempfile.TemporaryDirectory() as folder:
            write(size, Path(folder))
            for row in rows_of(Path(folder) / "question.toml", f"generated {size:,}"):
                write_line(told(row))
        sys.stdout.flush()


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]])
