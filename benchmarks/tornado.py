"""What `sourcing tornado` takes beside asking every question from scratch, and whether both say the same.

    python benchmarks/tornado.py [QUESTION [EVERY]]

Every EVERY-th end of a number (10) is formulated and solved from the beginning as well, with all orders free and with
those of the first period kept; the processor seconds for all ends are taken to be EVERY times as much.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.engine.highs import SolverOptions
from sourcing.run import load_plan, optimize
from sourcing.studies.tornado import program as doubting_module
from sourcing.studies.tornado.changed_cells import Nearby
from sourcing.studies.tornado.cold_solve import solve_anew
from sourcing.studies.tornado.kept_orders import kept_orders
from sourcing.studies.tornado.program import doubting
from sourcing.studies.tornado.ranges import load_ranges

if TYPE_CHECKING:
    from typing import Any

_OPTIONS = SolverOptions(interruptible=False, threads=1)


def measure(question: str, every: int) -> str:
    """Return the figures of one question."""
    with tempfile.TemporaryDirectory() as place:
        optimize(question, out=Path(place) / "plan")
        plan = load_plan(Path(place) / "plan")
    programs = _counted()
    began = time.process_time()
    asked = doubting(plan, load_ranges())
    held = kept_orders(plan, asked.form, 1)
    near = Nearby(asked.form, asked.cells, asked.minimize, _OPTIONS)
    near.anchor(held)
    found = []
    solving = 0.0
    for each, end, change in asked.changes(lambda: None):
        assert change is not None
        start = time.process_time()
        free, kept = near.beside(change, held)
        solving += time.process_time() - start
        found.append((each, end, free, kept))
    ours, formulated = time.process_time() - began, programs[0]
    worst, began = 0.0, time.process_time()
    sample = found[::every]
    for each, end, free, kept in sample:
        form = asked.form_with([(each, getattr(each, end))])
        anew = solve_anew(form, asked.minimize, _OPTIONS)
        stays = solve_anew(form, asked.minimize, _OPTIONS, kept_orders(plan, form, 1))
        worst = max(worst, abs(free.cost - anew.cost), abs(kept.cost - stays.cost))
    scratch = (time.process_time() - began) * len(found) / len(sample)
    return (
        f"{question}: {len(asked.inputs)} numbers, {len(found)} ends; {formulated} programs formulated, {near.solves} "
        f"solves ({solving:.1f} s), {2 * len(found)} answers, {ours:.1f} s of processor; from scratch {scratch:.0f} s "
        f"({len(sample)} ends tried), {scratch / ours:.1f} times as much; costs differ by USD {worst:.2f} at most"
    )


def _counted() -> list[int]:
    """Return a count of the programs that are formulated from now on."""
    count, formulate = [0], doubting_module.formulate

    def counting(*args: Any, **options: Any) -> Any:
        count[0] += 1
        return formulate(*args, **options)

    doubting_module.formulate = counting  # type: ignore[assignment]
    return count


if __name__ == "__main__":
    asked, step = (*sys.argv[1:], *("diversified", "10")[len(sys.argv) - 1 :])[:2]
    sys.stdout.write(f"{measure(asked, int(step))}\n")
