"""Measure one way of writing the model once: ``python -m benchmarks.measure PEER QUESTION WARM-UP`` prints JSON.

WARM-UP is a small question. It is run through first, so that what a library imports or compiles when it is first used
counts as an import, for everybody. ``--no-solve`` stops after the hand-over. PEER ``optimize`` is the whole command:
read, build, solve, compare with the cheapest plan, audit, write.
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
        cpu, wall = time.process_time(), time.perf_counter()
        result = work(*given)
        self.cpu[phase], self.wall[phase] = time.process_time() - cpu, time.perf_counter() - wall
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
    watch = Stopwatch()
    made = watch.run("imports", warm, name, warm_up)
    done: Any = question
    for phase in PHASES[:3]:
        done = watch.run(phase, getattr(made, phase), done)
    optimum = watch.run("solve", made.solve, done) if solving else None
    from benchmarks.same import fingerprint

    program = made.program(done)
    return {**watch.report(), "size": program.size, "fingerprint": fingerprint(program), "optimum": optimum}


def measure_optimize(question: str, warm_up: str) -> dict[str, Any]:
    """Return what the whole command takes, its stages in wall seconds as the plan's manifest has them."""
    from sourcing.run import RunOptions, optimize

    def answer(asked: str) -> Any:
        with tempfile.TemporaryDirectory() as folder:
            return optimize(asked, out=Path(folder) / "plan", options=RunOptions(threads=1))

    watch = Stopwatch()
    watch.run("imports", answer, warm_up)
    plan = watch.run("optimize", answer, question)
    return {**watch.report(), "stages": plan.manifest["seconds"]}


def main(words: list[str]) -> None:
    """Measure what the words name and print it."""
    name, question, warm_up = words[:3]
    if name == "optimize":
        found = measure_optimize(question, warm_up)
    else:
        found = measure(name, question, warm_up, solving="--no-solve" not in words)
    sys.stdout.write(f"\n{json.dumps(found)}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
