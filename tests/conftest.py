"""Tiers of the suite, and the processor's time of each test, from which the tiers are cut (docs/tests.md)."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import highspy
import pytest
from taken import TAKEN
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


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Note apart what tests share: it is none of the test's that happens to ask for it first."""
    if fixturedef.scope == "function":
        return (yield)
    with TAKEN.noted() as took:
        made = yield
    TAKEN.write(f"{request.node.nodeid}::({fixturedef.argname})", took)
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
    TAKEN.begin(item.nodeid.partition("::")[0], item.config.getoption("--seconds"))
    with pytest.MonkeyPatch.context() as patch, TAKEN.noted(solves=not quick) as took:
        for name in ("run", "startSolve"):
            patch.setattr(highspy.Highs, name, counted(getattr(highspy.Highs, name)))
        done = yield
    TAKEN.write(item.nodeid, took, *getattr(item, "fixturenames", ()), *TAKEN.used)
    return done
