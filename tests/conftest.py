"""Tiers of the suite, and the processor's time of each test, from which the tiers are cut (docs/tests.md)."""

from __future__ import annotations

import csv
import resource
from typing import TYPE_CHECKING

import highspy
import pytest
from tiers import tiers

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
    gone = deep - {item.nodeid for item in items}
    if gone and config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        raise pytest.UsageError(f"tests/tiers.toml names tests that are not there, such as {min(gone)}")
    for item in items:
        if item.nodeid in deep:
            item.add_marker("deep")
        elif item.nodeid.partition("::")[0] in quick:
            item.add_marker("quick")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Note what a test took of the processor and how often it solved, set-up and the processes it started included."""
    file, began, solved = item.config.getoption("--seconds"), _processor(), 0
    quick = item.get_closest_marker("quick") is not None

    def counted(solves: Callable[..., object]) -> Callable[..., object]:
        def solve(*args: object, **named: object) -> object:
            nonlocal solved
            solved += 1
            assert not quick, "a test marked quick asks the solver: leave the mark off, or ask less"
            return solves(*args, **named)

        return solve

    with pytest.MonkeyPatch.context() as patch:
        for name in ("run", "startSolve"):
            patch.setattr(highspy.Highs, name, counted(getattr(highspy.Highs, name)))
        done = yield
    if file:
        with open(file, "a", encoding="utf-8", newline="") as table:
            csv.writer(table).writerow((item.nodeid, f"{_processor() - began:.3f}", solved))
    return done


def _processor() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(each.ru_utime + each.ru_stime for each in used)
