"""What tests take of the processor, and what of it they share: the measures from which the tiers are cut."""

from __future__ import annotations

import csv
import os
import resource
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

P = ParamSpec("P")
T = TypeVar("T")


class Taken:
    """CPU seconds and solves of what runs just now, each thing without what runs within it and is noted by itself."""

    def __init__(self) -> None:
        self._running: list[list[float]] = []
        self._file = ""
        self._table: str | None = None
        self.used: set[str] = set()

    def begin(self, file: str, table: str | None) -> None:
        """Begin with a test of a file; what is noted is appended to a table."""
        self._file, self._table, self.used = file, table, set()

    def write(self, name: str, took: list[float], *shared: str) -> None:
        """Note what a test or a shared part took, and what shared parts a test names."""
        if self._table:
            with open(self._table, "a", encoding="utf-8", newline="") as table:
                csv.writer(table).writerow((name, f"{took[0]:.3f}", f"{took[1]:.0f}", *shared))

    def kept(self, make: Callable[P, T]) -> Callable[P, T]:
        """Return what makes a thing once for each of its arguments: as a fixture, it is noted apart from the tests."""
        made: dict[Any, T] = {}

        def of(*args: P.args, **named: P.kwargs) -> T:
            name = f"{make.__name__} {' '.join(map(str, args))}"
            self.used.add(name)
            if args not in made:
                with self.noted() as took:
                    made[args] = make(*args, **named)
                self.write(f"{self._file}::({name})", took)
            return made[args]

        return of

    @contextmanager
    def noted(self, *, solves: bool = True) -> Generator[list[float], None, None]:
        """Yield what becomes the seconds and the solves; unless it ``solves``, a solve fails."""
        own, began = [0.0, 0.0, float(solves)], _processor()
        self._running.append(own)
        try:
            yield own
        finally:
            self._running.pop()
            took = _processor() - began
            own[0] += took
            if self._running:
                self._running[-1][0] -= took

    def solve(self) -> None:
        """Count a solve.

        Raises
        ------
        AssertionError : what runs is marked quick.
        """
        assert all(own[2] for own in self._running), (
            "a test marked quick asks the solver: leave the mark off, or ask less"
        )
        self._running[-1][1] += 1


TAKEN = Taken()


def _processor() -> float:
    """Return the CPU seconds of this process and of all it started, those that still run included (on Linux)."""
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    running = (
        _alive(int(child)) for each in Path("/proc/self/task").glob("*/children") for child in _read(each).split()
    )
    return sum(each.ru_utime + each.ru_stime for each in used) + sum(running)


def _alive(process: int) -> float:
    """Return the CPU seconds of a process that runs, and of those it has waited for."""
    ticks = _read(Path(f"/proc/{process}/stat")).rpartition(")")[2].split()[11:15]
    return sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK")


def _read(path: Path) -> str:
    with suppress(OSError):
        return path.read_text("utf-8")
    return ""
