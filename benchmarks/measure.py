"""Measure one way of writing the model once: ``python -m benchmarks.measure PEER QUESTION WARM-UP`` prints JSON.

WARM-UP is a small question. It is run through first, so that what a library imports or compiles when it is first used
counts as an import, for everybody. ``--no-solve`` stops after the hand-over. PEER ``optimize`` is the whole command:
read, build, solve, certify, compare with the cheapest plan, tables, audit, write; with ``--alone`` without Clp.
"""

from __future__ import annotations

import json
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.peers import peer

PHASES = ("read", "build", "hand_over", "solve")


def memory() -> int:
    """Return the most memory that this process has had so far, in bytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


class Stopwatch:
    """CPU and wall seconds by phase, and the peak of memory after each."""

    def __init__(self) -> None:
        self.cpu: dict[str, float] = {}
        self.wall: dict[str, float] = {}
        self.peak: dict[str, int] = {}

    def run(self, phase: str, work: Any, *given: Any) -> Any:
        """Do one phase."""
        cpu, wall = sum(processor()), time.perf_counter()
        result = work(*given)
        self.cpu[phase], self.wall[phase] = sum(processor()) - cpu, time.perf_counter() - wall
        self.peak[phase] = memory()
        return result

    def report(self) -> dict[str, Any]:
        """Return all of it."""
        return {"cpu": self.cpu, "wall": self.wall, "peak": self.peak}


def warm(name: str, question: str) -> Any:
    """Import a peer and take a small question through it."""
    made = peer(name)
    made.solve(made.hand_over(made.build(made.read(question))))
    return made


def measure(name: str, question: str, warm_up: str, *, solving: bool = True) -> dict[str, Any]:
    """Return seconds and memory by phase, size and fingerprint of the model as the solver has it, and the optimum."""
    from sourcing.engine import basis

    basis.WORTH = sys.maxsize  # HiGHS alone, for everybody
    watch = Stopwatch()
    made = watch.run("imports", warm, name, warm_up)
    done: Any = question
    for phase in PHASES[:3]:
        done = watch.run(phase, getattr(made, phase), done)
    optimum = watch.run("solve", made.solve, done) if solving else None
    from benchmarks.same import fingerprint

    program = made.program(done)
    return {**watch.report(), "size": program.size, "fingerprint": fingerprint(program), "optimum": optimum}


def processor() -> tuple[float, float]:
    """Return the CPU seconds so far of this process, and of those that it started and that have ended."""
    own, others = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return own.ru_utime + own.ru_stime, others.ru_utime + others.ru_stime


def measure_optimize(question: str, warm_up: str, *, alone: bool = False) -> dict[str, Any]:
    """Return what the whole command takes, files to audited plan: CPU seconds by stage, and the peaks of memory.

    What Clp takes, in its own process, is part of its stage and told apart as well. With ``alone`` HiGHS goes without.
    """
    from sourcing.audit.check_certificate import Certificate
    from sourcing.engine import basis
    from sourcing.plan.certificate import read_certificate
    from sourcing.run import RunOptions, optimize

    if alone:
        basis.WORTH = sys.maxsize
    optimize(warm_up, options=RunOptions(threads=1))
    stages: dict[str, float] = {}
    helped: dict[str, float] = {}
    last = first = processor()

    def ended(stage: str, _: str) -> None:
        nonlocal last
        if stage != "search":
            now = processor()
            stages[stage], helped[stage] = sum(now) - sum(last), now[1] - last[1]
            last = now

    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "plan"
        plan = optimize(question, out=place, options=RunOptions(threads=1), progress=ended)
        seconds, peak, began = sum(processor()) - sum(first), memory(), processor()
        proven = Certificate(read_certificate(place))
        checked = sum(processor()) - sum(began)
    of_children = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    level = proven.levels[-1]
    return {
        "columns": plan.manifest["sizes"]["columns"],
        "alone": alone,
        "cpu": seconds,
        "stages": stages,
        "helped": helped,
        "peak": peak,
        "peak_of_children": of_children if sys.platform == "darwin" else of_children * 1024,
        "objective": plan.manifest["objective"]["cost"],
        "clean": plan.manifest["audit"]["clean"] and not proven.findings,
        "claim": level.claim,
        "value": float(level.value),
        "gap": None if level.bound is None else float(level.value - level.bound),
        "check": checked,
    }


def main(words: list[str]) -> None:
    """Measure what the words name and print it."""
    name, question, warm_up = words[:3]
    if name == "optimize":
        found = measure_optimize(question, warm_up, alone="--alone" in words)
    else:
        found = measure(name, question, warm_up, solving="--no-solve" not in words)
    sys.stdout.write(f"\n{json.dumps(found)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
