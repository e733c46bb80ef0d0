"""Tiers of the suite, and the processor's time of each test, from which the tiers are cut (docs/tests.md)."""

from __future__ import annotations

import csv
import gc
import os
import resource
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

import highspy
import pytest
from tiers import function, tiers

if TYPE_CHECKING:
    from collections.abc import Callable, Generator


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seconds", metavar="FILE", help="append each test, its CPU seconds and its solves to a CSV file")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that are deep, and those of files that are quick (tests/tiers.toml).

    Raises
    ------
    UsageError : it names tests that the whole suite does not have.
    """
    cut = tiers()
    deep, quick = frozenset(cut["deep"]), frozenset(cut["quick"])
    parts = {item: {item.nodeid, function(item.nodeid), item.nodeid.partition("::")[0]} for item in items}
    gone = deep.difference(*parts.values())
    if gone and config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        raise pytest.UsageError(f"tests/tiers.toml names tests that are not there, such as {min(gone)}")
    for item in items:
        if not deep.isdisjoint(parts[item]):
            item.add_marker("deep")
        elif not quick.isdisjoint(parts[item]):
            item.add_marker("quick")


def pytest_collection_finish() -> None:
    """Leave what was imported and collected out of every later search for garbage: it stays until the end."""
    gc.collect()
    gc.freeze()


class Taken:
    """CPU seconds and solves of what runs just now, each thing without what runs within it and is noted by itself."""

    def __init__(self) -> None:
        self._running: list[list[float]] = []

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


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Note apart what tests share: it is none of the test's that happens to ask for it first."""
    if fixturedef.scope == "function":
        return (yield)
    with TAKEN.noted() as took:
        made = yield
    _note(request.config, f"{request.node.nodeid}::({fixturedef.argname})", took)
    return made


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Note what a test took of the processor, and how often it solved, the processes it started included."""

    def counted(solves: Callable[..., object]) -> Callable[..., object]:
        def solve(*args: object, **named: object) -> object:
            TAKEN.solve()
            return solves(*args, **named)

        return solve

    quick = item.get_closest_marker("quick") is not None
    with pytest.MonkeyPatch.context() as patch, TAKEN.noted(solves=not quick) as took:
        for name in ("run", "startSolve"):
            patch.setattr(highspy.Highs, name, counted(getattr(highspy.Highs, name)))
        done = yield
    _note(item.config, item.nodeid, took, *getattr(item, "fixturenames", ()))
    return done


def _note(config: pytest.Config, name: str, took: list[float], *fixtures: str) -> None:
    if file := config.getoption("--seconds"):
        with open(file, "a", encoding="utf-8", newline="") as table:
            csv.writer(table).writerow((name, f"{took[0]:.3f}", f"{took[1]:.0f}", *fixtures))


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
