"""Run the benchmark: every way of writing the model, in turn, each run in a fresh process.

``make bench`` runs all of it and writes docs/benchmarks.md; that takes hours on a small machine. ``make bench
SIZES="1000 10000"`` prints a short run and leaves the page alone. This process imports nothing large, because the peak
of memory of a new process begins with that of the process which made it.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks import startup
from benchmarks.page import printed, write_page
from benchmarks.whole_command import printed_commands

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parent.parent
WARM_UP = 1000
LONG = 20.0
"""CPU seconds of building from which on a peer is run once only."""
PEERS = ("sourcing", "highspy", "linopy", "pulp", "pyomo_appsi", "pyomo_contrib")
Run = dict[str, Any]


@dataclass(frozen=True)
class Plan:
    """How often a size is run through: at least to the hand-over, to the optimum too, and by the whole command.

    ``alone`` is how often the whole command runs without Clp; ``long`` the same where hours are given.
    """

    runs: int
    solves: int
    commands: int
    alone: int = 0
    long: int = 0


PLANS = {
    1_000: Plan(5, 5, 3),
    10_000: Plan(5, 5, 3),
    140_000: Plan(5, 3, 1, alone=1, long=1),
    1_000_000: Plan(3, 0, 1, long=1),
}


@dataclass
class Size:
    """What was measured at one size, by peer."""

    columns: int
    runs: dict[str, list[Run]] = field(default_factory=dict)
    commands: list[Run] = field(default_factory=list)


def child(*words: str) -> str:
    """Run a module of this package in a fresh process and return the last line it printed."""
    done = subprocess.run([sys.executable, "-m", *words], cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{' '.join(words)} failed:\n{done.stdout}{done.stderr}")
    return done.stdout.rstrip().rpartition("\n")[2]


def run_size(found: Size, plan: Plan, folder: Path, save: Callable[[], None]) -> None:
    """Run every peer in turn, as often as planned and not done yet; save after each run."""
    question, warm_up = _questions(folder, found.columns)
    for turn in range(plan.runs):
        for peer in PEERS:
            before = found.runs.setdefault(peer, [])
            if len(before) > turn or any(run["cpu"]["build"] > LONG for run in before):
                continue
            words = ("benchmarks.measure", peer, question, warm_up, *(() if turn < plan.solves else ("--no-solve",)))
            run = json.loads(child(*words))
            before.append(run)
            refuse_differences(found)
            save()
            seconds = "  ".join(f"{phase} {run['cpu'][phase]:.3f}" for phase in run["cpu"] if phase != "imports")
            sys.stderr.write(f"{found.columns:>9,} {peer:14} CPU s  {seconds}\n")
    run_commands(found, plan, (question, warm_up), save)


def run_commands(found: Size, plan: Plan, questions: tuple[str, str], save: Callable[[], None]) -> None:
    """Run the whole command as often as planned and not done yet, with Clp where it is installed and without."""
    for alone, times in ((False, plan.commands), (True, plan.alone)):
        done = sum(run["alone"] == alone for run in found.commands)
        for _ in range(done, times):
            words = ("optimize", *questions, *(("--alone",) if alone else ()))
            found.commands.append(json.loads(child("benchmarks.measure", *words)))
            save()


def _questions(folder: Path, columns: int) -> tuple[str, str]:
    """Return the question of a size, and the small one that is run first."""
    question, warm_up = (str(folder / str(size) / "question.toml") for size in (columns, WARM_UP))
    return question, warm_up


def refuse_differences(size: Size) -> None:
    """Stop if two peers did not solve the same program to the same optimum.

    Raises
    ------
    SystemExit : a peer has other rows, columns or nonzeros, another fingerprint or another optimum.
    """
    first = size.runs["sourcing"][0]
    for peer, runs in size.runs.items():
        for run in runs:
            pairs = list(zip(first["fingerprint"], run["fingerprint"], strict=True))
            pairs += [(first["optimum"], run["optimum"])] if run["optimum"] is not None else []
            if run["size"] != first["size"] or any(abs(a - b) > 1e-6 * max(abs(a), abs(b), 1e-9) for a, b in pairs):
                raise SystemExit(f"{peer} at {size.columns:,} columns is not the same model: {first} and {run}")


def _asked() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=list(PLANS), choices=list(PLANS))
    parser.add_argument("--page", type=Path, help="write the page here")
    parser.add_argument("--commands", action="store_true", help="run the whole command only, and print its tables")
    parser.add_argument("--long", action="store_true", help="run it with HiGHS alone at a million columns too")
    parser.add_argument("--results", type=Path, help="keep what was measured here, size by size, and go on from it")
    return parser.parse_args()


def _kept(asked: argparse.Namespace) -> list[Size]:
    """Return the sizes that are asked for, with what was measured of them before."""
    text = asked.results.read_text(encoding="utf-8") if asked.results and asked.results.exists() else "{}"
    kept = json.loads(text)
    return [Size(**kept.get(str(columns), {"columns": columns})) for columns in asked.sizes]


def main() -> None:
    """Run the sizes asked for; with all of them, write the page."""
    asked = _asked()
    sizes = _kept(asked)

    def save() -> None:
        if asked.results:
            known = json.loads(asked.results.read_text(encoding="utf-8")) if asked.results.exists() else {}
            known |= {str(size.columns): asdict(size) for size in sizes}
            asked.results.write_text(json.dumps(known), encoding="utf-8")

    with tempfile.TemporaryDirectory() as folder:
        for columns in {WARM_UP, *asked.sizes}:
            child("benchmarks.instance", str(columns), str(Path(folder) / str(columns)))
        for size in sizes:
            plan = PLANS[size.columns]
            plan = replace(plan, alone=max(plan.alone, plan.long)) if asked.long else plan
            if asked.commands:
                run_commands(size, plan, _questions(Path(folder), size.columns), save)
            else:
                run_size(size, plan, Path(folder), save)
        if asked.commands:
            sys.stdout.write(printed_commands([asdict(size) for size in sizes]))
            return
        questions = [str(Path(folder) / str(columns) / "question.toml") for columns in (max(asked.sizes), WARM_UP)]
        profile = json.loads(child("benchmarks.where", *questions))
    sys.stdout.write(printed([asdict(size) for size in sizes]))
    if asked.page:
        kept = asked.results.with_name("startup.json") if asked.results else None
        started = json.loads(kept.read_text(encoding="utf-8")) if kept and kept.exists() else startup.measured()
        write_page(asked.page, [asdict(size) for size in sizes], profile, startup.section(started))


if __name__ == "__main__":
    main()
