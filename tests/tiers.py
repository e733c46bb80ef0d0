"""The tiers of the suite, cut from measured CPU seconds: which tests are deep, and which files ask no solver.

``python -m tiers seconds.csv`` reads what ``pytest --seconds seconds.csv`` of the whole suite wrote, and writes
``tests/tiers.toml``. A test is deep if it takes long by itself, or if there is enough of its kind without it: of a test
with many parameters the cheapest stay. Whatever is deep is run by ``make deep``: nothing is lost.
"""

from __future__ import annotations

import csv
import json
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FILE = HERE / "tiers.toml"
LONGEST = 3.0
"""CPU seconds that a test of ``make test`` may take, and those that all of one function may take together."""
LONG_FILE = 6.0
"""CPU seconds that the tests of one file may take together."""
WHOLE = ("tests/test_twin_mutations.py", "tests/test_fuzz_strangers.py")
"""Files that are deep as a whole: what their tests share costs more than the tests, whichever is the first."""
Measured = dict[str, tuple[float, int]]


def tiers() -> dict[str, Any]:
    """Return the deep tests by their ids, and the files that are quick."""
    return tomllib.loads(FILE.read_text("utf-8"))


def measured(file: Path) -> Measured:
    """Return CPU seconds and solves of every test; of one that was measured twice the least."""
    found: Measured = {}
    for name, seconds, solves in csv.reader(file.read_text("utf-8").splitlines()):
        took = float(seconds), int(solves)
        found[name] = min(took, found.get(name, took))
    return found


def cut(tests: Measured) -> tuple[list[str], list[str]]:
    """Return which tests are deep, and which files are quick."""
    deep = {name for name, (seconds, _) in tests.items() if seconds > LONGEST or name.startswith(WHOLE)}
    for most, until in ((LONGEST, "["), (LONG_FILE, "::")):
        spent: dict[str, float] = defaultdict(float)
        for name in sorted(tests.keys() - deep, key=lambda name: (tests[name], name)):
            spent[name.partition(until)[0]] += tests[name][0]
            if spent[name.partition(until)[0]] > most:
                deep.add(name)
    took: dict[str, float] = defaultdict(float)
    solved: dict[str, int] = defaultdict(int)
    for name, (seconds, solves) in tests.items():
        took[name.partition("::")[0]] += 0.0 if name in deep else seconds
        solved[name.partition("::")[0]] += solves  # a deep test may have made what others share
    return sorted(deep), sorted(file for file in took if not solved[file] and 0.0 < took[file] < LONGEST)


def main() -> None:
    """Write the tiers."""
    tests = measured(Path(sys.argv[1]))
    deep, quick = cut(tests)
    rest = sum(tests[name][0] for name in tests.keys() - set(deep))
    whole = sum(seconds for seconds, _ in tests.values())
    lines = [f"# Written by tests/tiers.py: {rest:,.0f} of {whole:,.0f} CPU seconds are not deep."]
    for name, found in (("deep", deep), ("quick", quick)):
        lines += [f"{name} = [", *(f"    {json.dumps(each)}," for each in found), "]"]
    FILE.write_text("\n".join(lines) + "\n", "utf-8")


if __name__ == "__main__":
    main()
