"""The tiers of the suite, cut from measured CPU seconds: which tests are deep, and which files ask no solver.

``python -m tiers seconds.csv`` reads what ``pytest --seconds seconds.csv`` of the whole suite wrote, and writes
``tests/tiers.toml``. A test is deep if it takes long by itself, or if there is enough of its kind without it: of a test
with many parameters the cheapest stay. What the tests of a file share, its fixtures of more than one test and what
``TAKEN.kept`` makes, is measured apart and counted once, however many of them stay. Whatever is deep is run by
``make deep``: nothing is lost.
"""

from __future__ import annotations

import csv
import json
import sys
import tomllib
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
FILE = HERE / "tiers.toml"
LONGEST = 3.0
"""CPU seconds that a test of ``make test`` may take, and those that all of one function may take together."""
LONG_FILE = 4.5
"""CPU seconds that the tests of one file may take together, with what they share."""

KEPT = (
    "tests/test_cards_rows.py::",
    "tests/test_cli_examples.py::test_command_when_asked_of_a_small_case_then_answers[",
    "tests/test_known_answers.py::test_command_when_it_is_a_process_of_its_own_then_says_the_same",
    "tests/test_twin.py::test_two_cases_of_a_kind_when_solved_by_both_then_agree[",
)
"""What ``make test`` has whatever it takes: every rule binding and as printed, every command, a process, the twin."""


ELSEWHERE = ("tests/test_exact_solver.py",)
"""Files that ask a solver which is not always installed: without it nothing is measured of them."""


class Spent(NamedTuple):
    """CPU seconds and solves of a test, or of a fixture that tests share, and the fixtures that a test names."""

    seconds: float
    solves: int
    fixtures: tuple[str, ...]


Measured = dict[str, Spent]


def tiers() -> dict[str, Any]:
    """Return the deep tests by name, those of a deep function or file by its name, and the files that are quick."""
    return tomllib.loads(FILE.read_text("utf-8"))


def measured(file: Path) -> Measured:
    """Return what every test and every shared fixture took; of one that was measured twice the least."""
    found: Measured = {}
    for name, seconds, solves, *fixtures in csv.reader(file.read_text("utf-8").splitlines()):
        took = Spent(float(seconds), int(solves), tuple(fixtures))
        found[name] = min(took, found.get(name, took))
    return found


def cut(measures: Measured) -> tuple[list[str], list[str]]:
    """Return which tests are deep, and which files are quick."""
    tests = {name: spent for name, spent in measures.items() if "::(" not in name}
    tests = {name: spent for name, spent in tests.items() if not name.startswith(KEPT)}
    deep = {name for name, spent in tests.items() if spent.seconds > LONGEST}
    took: dict[str, float] = defaultdict(float)
    for name in sorted(tests.keys() - deep, key=lambda name: (tests[name].seconds, name)):
        took[function(name)] += tests[name].seconds
        if took[function(name)] > LONGEST:
            deep.add(name)
    kept = {file: _kept(names, measures) for file, names in by_file(tests.keys() - deep).items()}
    solved = {_file(name) for name, spent in measures.items() if spent.solves} | set(ELSEWHERE)
    quick = sorted(file for file, names in kept.items() if file not in solved and cost(names, measures) < LONGEST)
    return sorted(tests.keys() - set().union(*kept.values())), quick


def in_short(deep: Iterable[str], tests: Iterable[str]) -> list[str]:
    """Return deep tests by file where a whole file is deep, and by function where it is with all its parameters.

    What is added to such a file or function is deep as well, measured or not.
    """
    names, stay = set(deep), set(tests) - set(deep)
    for part in (_file, function):
        whole = {part(name) for name in names} - {part(name) for name in stay}
        names = {part(name) if part(name) in whole else name for name in names}
    return sorted(names)


def function(name: str) -> str:
    """Return a test's name without its parameters."""
    return name.partition("[")[0]


def _kept(names: list[str], measures: Measured) -> set[str]:
    """Return the tests of a file that stay: the cheapest, each with its part of what it shares, until it is enough."""
    users = Counter(each for name in names for each in shared(name, measures))
    parts = {name: sum(measures[each].seconds / users[each] for each in shared(name, measures)) for name in names}
    kept: set[str] = set()
    for name in sorted(names, key=lambda name: (measures[name].seconds + parts[name], name)):
        if cost(kept | {name}, measures) <= LONG_FILE:
            kept.add(name)
    return kept


def cost(names: Iterable[str], measures: Measured) -> float:
    """Return the CPU seconds of tests, each fixture that they share once."""
    every = {each for name in names for each in (name, *shared(name, measures))}
    return sum(measures[each].seconds for each in every)


def shared(name: str, measures: Measured) -> list[str]:
    """Return the fixtures of its file that a test shares with others."""
    named = (f"{_file(name)}::({each})" for each in measures[name].fixtures)
    return [each for each in named if each in measures]


def by_file(names: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name in names:
        found[_file(name)].append(name)
    return found


def _file(name: str) -> str:
    return name.partition("::")[0]


def main() -> None:
    """Write the tiers."""
    measures = measured(Path(sys.argv[1]))
    deep, quick = cut(measures)
    tests = {name for name in measures if "::(" not in name}
    rest, whole = (cost(names, measures) for names in (tests - set(deep), tests))
    lines = [f"# Written by tests/tiers.py: {rest:,.0f} of {whole:,.0f} CPU seconds are not deep."]
    for name, found in (("deep", in_short(deep, tests)), ("quick", quick)):
        lines += [f"{name} = [", *(f"    {json.dumps(each)}," for each in found), "]"]
    FILE.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
