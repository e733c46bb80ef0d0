"""Whatever stands where a number should: its cell is named, every other fault is too, and nothing ends as a bug."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import tiny_case, tiny_tables, write_question
from cases.damage import SOUND

from sourcing.answer.setting import ask
from sourcing.cli import main
from sourcing.errors import FaultyInput
from sourcing.run import check
from sourcing.tables.dictionary import Column, column_dictionary
from sourcing.tables.read import case_of
from sourcing.tables.readers import Delivery, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sourcing.errors import Fault

    Row = dict[str, Any]

REGRESSION = Path(__file__).parent / "regressions" / "nan-count-limit"
UNREADABLE = ("x", "nan", "-nan", "inf", "-inf", "1e400", "-1e400", "1,5e9,0", "١x")
ODD = ("", *UNREADABLE, "-0", "-0.0", "-1", "-1e-300", "1e300", "0", "0.5", "1e-320")
DICTIONARY = column_dictionary()
NUMBERS = {
    table: [column for column in DICTIONARY.columns(table).values() if column.is_number] for table in DICTIONARY.tables
}
MEASURES = DICTIONARY.columns("limits")["measure"].choices


def sheet(table: str, rows: Iterable[Row]) -> Sheet:
    rows = list(rows)
    header = tuple(dict.fromkeys(name for row in rows for name in row))
    cells = tuple(tuple(str(row.get(name, "")) for name in header) for row in rows)
    return Sheet(table, f"{table}.csv", header, cells, tuple(range(2, len(rows) + 2)))


def faults_of(**tables: list[Row]) -> list[Fault]:
    """Return what is said about the tiny case with other tables, [] if nothing is."""
    sheets = [sheet(name, rows) for name, rows in (tiny_tables() | tables).items()]
    try:
        case_of(Delivery("tiny", None, tuple(sheets), {}))
    except FaultyInput as refused:
        return refused.faults
    return []


def asked(question: Path, case: Path) -> list[Fault]:
    """Ask a question and return what is refused of it, [] if nothing is."""
    try:
        ask(question, case)
    except FaultyInput as refused:
        return refused.faults
    return []


def sound_row(table: str) -> Row:
    """Return a row with every required cell filled in."""
    required = {column.name: column.example for column in DICTIONARY.columns(table).values() if column.required}
    return required | (SOUND[table][0] if SOUND.get(table) else {})


def told(column: Column, row: int) -> str:
    return f"{column.table}.csv row {row}, column {column.name}"


@pytest.mark.parametrize("table", [table for table, columns in NUMBERS.items() if columns])
def test_every_number_when_odd_then_its_cell_is_told_beside_all_other_faults(table: str) -> None:
    cells = [(column, text) for column in NUMBERS[table] for text in ODD]
    rows = [sound_row(table) | {column.name: text} for column, text in cells]
    places = {fault.place for fault in faults_of(groups=[{"group": "g", "member": "nobody"}], **{table: rows})}
    assert "groups.csv row 2, column member" in places
    for row, (column, text) in enumerate(cells, start=2):
        if text in UNREADABLE or (text == "" and column.required):
            assert told(column, row) in places, f"{column.name} {text!r}"


@pytest.mark.parametrize("measure", MEASURES)
def test_limit_when_a_number_is_odd_then_its_cell_is_told_whatever_else_it_says(measure: str) -> None:
    cells = [(column, text) for column in NUMBERS["limits"] for text in ODD]
    for sense, by in product(("max", "min", ""), ("", "country", "supplier")):
        plain = {"measure": measure, "sense": sense, "by": by, "value": 1, "at_least": 1}
        rows = [plain | {"limit": f"L{at}", column.name: text} for at, (column, text) in enumerate(cells)]
        places = {fault.place for fault in faults_of(groups=[{"group": "g", "member": "nobody"}], limits=rows)}
        assert "groups.csv row 2, column member" in places
        for row, (column, text) in enumerate(cells, start=2):
            if text in UNREADABLE or (text == "" and column.required):
                assert told(column, row) in places, f"{measure}, {column.name} {text!r}"


@pytest.mark.parametrize("value", ['""', '"x"', "nan", "inf", "-inf", '"1e400"', "1e400"])
def test_limit_of_a_question_when_a_number_is_odd_then_every_measure_tells_its_cell(value: str, tmp_path: Path) -> None:
    tiny_case(tmp_path)
    limits = "".join(f'[[limits]]\nlimit = "{one}"\nmeasure = "{one}"\nvalue = {value}\n' for one in MEASURES)
    edit = '[[edits]]\ntable = "offers"\nwhere = { offer = "Z" }\nremove = true\n'
    places = [fault.place for fault in check(write_question(tmp_path, limits + edit)).faults]
    assert "ask.toml edits #1, where" in places
    assert {f"ask.toml limits #{number}, value" for number in range(1, len(MEASURES) + 1)} <= set(places)


@pytest.mark.parametrize("measure", MEASURES)
def test_limit_when_its_value_is_minus_nothing_then_the_question_is_asked_or_refused(
    measure: str, tmp_path: Path
) -> None:
    for by in ("", "country", "site"):
        row = {"limit": "L", "measure": measure, "value": "-0", "at_least": "-0.0", "by": by}
        case = tiny_case(tmp_path, limits=[row])
        question = write_question(tmp_path)
        assert all(fault.place.startswith("limits.csv row 2") for fault in asked(question, case))


def test_count_limit_when_its_value_is_blank_then_the_command_ends_with_3(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", str(REGRESSION)]) == 3
    said = capsys.readouterr().out
    assert "limits.csv row 2, column value: the cell is blank" in said
    assert "column by: nothing says what is counted as suppliers" in " ".join(said.split())
