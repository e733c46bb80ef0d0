"""Whatever lies in a folder of tables is read, or refused in sentences: no other error, no hang.

``FUZZ=100 python -m pytest tests/test_fuzz_tables.py`` looks at a hundred times as many, others each time.
"""

from __future__ import annotations

import csv
import io
import shutil
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from cases import seeds
from cases.damage import (
    SOUND,
    WEIRD,
    assert_sentence,
    cell_like,
    damaged_bytes,
    damaged_grid,
    now_and_then,
    read_or_refused,
    table,
)
from cases.seeds import any_bytes, any_text, assert_both, look_at_each

from sourcing import run
from sourcing.errors import Fault
from sourcing.tables import read_case, write_case
from sourcing.tables.csv_sheet import csv_sheet
from sourcing.tables.dictionary import REQUIRED_TABLES
from sourcing.tables.read import case_of
from sourcing.tables.readers import Delivery, Sheet

if TYPE_CHECKING:
    from pathlib import Path
    from random import Random

NAMES = sorted(SOUND)
STRANGE = (
    "Offers.CSV",
    "offers.csv.txt",
    "demand.xlsx",
    "lane.csv",
    "open orders.csv",
    "x\udcff.csv",
    "a\nb.csv",
    "~$s.csv",
)


def sound_bytes(name: str) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(table(SOUND[name]))
    return text.getvalue().encode()


BESIDE = {"recipes": ["processes"], "processes": ["recipes"], "limits": ["contents", "groups"], "licences": ["groups"]}
SHEETS = {name: csv_sheet(name, f"{name}.csv", sound_bytes(name)) for name in NAMES}


def among_sound_ones(name: str, content: bytes) -> bool:
    """Return whether a small case can be read in which one file is this one; its refusal is in sentences."""
    beside = {one: SHEETS[one] for one in (*REQUIRED_TABLES, *BESIDE.get(name, []))}
    sheet = csv_sheet(name, f"{name}.csv", content)
    faults = (sheet,) if isinstance(sheet, Fault) else ()
    sheets = [one for one in (beside | {name: sheet}).values() if isinstance(one, Sheet)]
    delivery = Delivery("case", None, tuple(sheets), {}, faults, frozenset({name} if faults else ()))
    return read_or_refused(lambda: case_of(delivery))


def test_any_bytes_when_read_as_a_table_then_are_refused_in_sentences() -> None:
    def look(chance: Random) -> None:
        name = chance.choice(NAMES)
        sheet = csv_sheet(name, f"{name}.csv", any_bytes(chance, 300))
        if isinstance(sheet, Fault):
            assert_sentence(sheet)
        else:
            assert not read_or_refused(lambda: case_of(Delivery("case", None, (sheet,), {})))

    look_at_each("bytes as a table", look)


def test_damaged_table_when_read_then_is_a_case_or_refused_in_sentences() -> None:
    def look(chance: Random) -> bool:
        name = chance.choice(NAMES)
        return among_sound_ones(name, damaged_bytes(damaged_grid(table(SOUND[name]), chance), chance))

    assert_both(look_at_each("damaged tables", look))


def test_damaged_cell_when_read_then_is_a_case_or_refused_in_sentences() -> None:
    def look(chance: Random) -> bool:
        name = chance.choice(NAMES)
        grid = table(SOUND[name])
        row = chance.choice(grid[1:])
        at, other = chance.randrange(len(row)), [chance.choice(WEIRD), any_text(chance, 12)]
        row[at] = cell_like(row[at], chance) if now_and_then(chance, 50) else chance.choice(other)
        content = io.StringIO()
        csv.writer(content, delimiter=chance.choice(",;")).writerows(grid)
        return among_sound_ones(name, content.getvalue().encode("utf-8", "replace"))

    assert_both(look_at_each("damaged cells", look))


def test_folder_when_files_are_damaged_missing_or_strange_then_is_read_or_refused(tmp_path: Path) -> None:
    def look(chance: Random) -> bool:
        folder = tmp_path / "case"
        for old in (folder, tmp_path / "again"):
            shutil.rmtree(old, ignore_errors=True)
        folder.mkdir()
        for name in NAMES:
            if not now_and_then(chance, 5):
                (folder / f"{name}.csv").write_bytes(sound_bytes(name))
        for _ in range(chance.randint(0, 2)):
            name = chance.choice(NAMES)
            content = damaged_bytes(damaged_grid(table(SOUND[name]), chance), chance)
            (folder / chance.choice([f"{name}.csv", f"{name}.csv", *STRANGE])).write_bytes(content)
        report = run.check(folder)
        for fault in report.faults:
            assert_sentence(fault)
        if not report.faults:
            same = read_case(write_case(read_case(folder), tmp_path / "again"))
            assert {name: len(frame) for name, frame in same.tables.items() if len(frame)} == report.sizes
        return not report.faults

    assert look_at_each("damaged folders", look)[True]


def test_looks_when_counted_then_are_at_least_two_thousand_each_with_its_seed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(seeds, "TIMES", 1)
    seen = [chance_of.random() for kind in seeds.LOOKS for chance_of in _chances(kind)]
    assert len(seen) >= 2_000
    assert len(set(seen)) == max(seeds.LOOKS.values())  # each kind begins with the same seed


def _chances(kind: str) -> list[Random]:
    found: list[Random] = []
    look_at_each(kind, found.append)
    return found


@pytest.mark.parametrize("seconds", [0, 0.01])
def test_look_when_it_does_not_end_then_fails_where_it_hangs_and_names_its_seed(
    monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    monkeypatch.setattr(seeds, "LONGEST", 0.2)
    monkeypatch.setattr(seeds, "PATIENCE", 5 if seconds else 10**4)

    def look(_: Random) -> None:
        while True:
            with suppress(Exception):  # as code does that takes too much for a fault of the input
                time.sleep(seconds)

    with pytest.raises(pytest.fail.Exception, match=r"no end after 0\.2 seconds") as caught:
        look_at_each("damaged folders", look)
    assert caught.value.__notes__[0].startswith("It was drawn from random.Random(")
