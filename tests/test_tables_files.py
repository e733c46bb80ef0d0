"""Files as spreadsheets, other systems and other countries save them: read and said so, or refused with the repair."""

from __future__ import annotations

import csv
import io
import json
import os
from typing import TYPE_CHECKING

import pandas as pd
import pytest
from builders import tiny_case, tiny_tables, write_question, write_tables

from sourcing import files, run
from sourcing.cli import main
from sourcing.errors import DataError
from sourcing.tables import csv_folder, read_case
from sourcing.tables.csv_sheet import csv_sheet
from sourcing.tables.numbers import decimal_mark
from sourcing.tables.readers import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sourcing.tables import Case

CHANGES = {
    "sites": {"PLANT": {"name": "Müller & Söhne, Bremen"}, "NEAR": {"name": "Near; and far"}},
    "price": {"A": 300_000.5, "B": 1.25},
    "recycled": {"A": 0.35},
    "start": {"A": "2027-01-01"},
    "stocks": [{"site": "PLANT", "material": "oxide", "opening": 20.125, "safety": 0, "holding_cost": 0.5}],
}
"""A case with a letter outside ASCII, separators inside text, decimals and a date."""


def faults_of(folder: Path) -> list[str]:
    with pytest.raises(DataError) as caught:
        read_case(folder)
    return [str(fault) for fault in caught.value.faults]


def notes_of(case: Case) -> list[str]:
    return [str(note) for note in case.notes]


def saved(folder: Path, separator: str = ",", encoding: str = "utf-8", line_end: str = "\n", **more: str) -> Path:
    """Save the CSV files of a folder again in another way: ``comma`` for decimal commas, ``first`` a first line."""
    for file in folder.glob("*.csv"):
        rows = list(csv.reader(io.StringIO(file.read_text("utf-8"), newline="")))
        if more.get("comma"):
            rows = [[cell.replace(".", ",") if cell[:1].isdigit() else cell for cell in row] for row in rows]
        text = io.StringIO()
        csv.writer(text, delimiter=separator, lineterminator=line_end).writerows(rows)
        file.write_bytes((more.get("first", "") + text.getvalue()).encode(encoding))
    return folder


def assert_same(one: Case, other: Case) -> None:
    for name, frame in one.tables.items():
        pd.testing.assert_frame_equal(frame, other[name], check_exact=True)


WAYS = [
    (
        {"separator": ";", "encoding": "cp1252", "line_end": "\r\n", "comma": "yes"},
        ["1252", "semicolons", "decimal"],
    ),
    ({"separator": ";", "encoding": "utf-8-sig", "comma": "yes"}, ["semicolons", "decimal commas"]),
    ({"separator": ";", "first": "sep=;\r\n"}, ["semicolons"]),
    ({"separator": "|", "line_end": "\r"}, ["bars"]),
    ({"separator": "\t", "encoding": "utf-16"}, ["UTF-16", "tabs"]),
    ({"encoding": "utf-16-be", "first": "\ufeff"}, ["UTF-16"]),
    ({"encoding": "cp1252"}, ["Windows-1252", "'Müller' in row 4"]),
    ({"encoding": "utf-8-sig", "line_end": "\r\n"}, []),
    ({"line_end": "\r"}, []),
    ({"first": "sep=,\n"}, []),
]


@pytest.mark.parametrize(("way", "words"), WAYS, ids=lambda value: str(value)[:50])
def test_case_when_saved_another_way_then_reads_the_same_and_says_how(
    tmp_path: Path, way: dict[str, str], words: list[str]
) -> None:
    plain = read_case(write_tables(tmp_path / "plain", tiny_tables(**CHANGES)))
    other = read_case(saved(write_tables(tmp_path / "other", tiny_tables(**CHANGES)), **way))
    assert_same(plain, other)
    assert plain.notes == ()
    said = " ".join(notes_of(other))
    assert all(word in said for word in words), said
    assert bool(said) == bool(words)


def test_plan_when_tables_come_from_a_german_spreadsheet_then_equals_that_of_their_twin(tmp_path: Path) -> None:
    tiny_case(tmp_path, **CHANGES)
    saved(write_tables(tmp_path / "german", tiny_tables(**CHANGES)), ";", "cp1252", "\r\n", comma="yes")
    plain = run.optimize(write_question(tmp_path))
    german = run.optimize(write_question(tmp_path, name="other", case="german"))
    for name, table in plain.tables.items():
        pd.testing.assert_frame_equal(table, german.tables[name], check_exact=True)
    notes = [note for note in german.manifest["notes"] if "decimal commas" in note]
    assert notes
    assert all(note not in plain.manifest["notes"] for note in notes)


def test_notes_when_many_files_are_read_alike_then_are_one_note(tmp_path: Path) -> None:
    case = read_case(saved(tiny_case(tmp_path), ";"))
    assert notes_of(case) == [
        "demand.csv, lanes.csv and 4 more: read with semicolons between columns; "
        "if a name or number looks wrong, save it as 'CSV UTF-8 (comma delimited)'"
    ]


def test_check_when_a_case_was_interpreted_then_says_so(tmp_path: Path) -> None:
    report = run.check(saved(tiny_case(tmp_path), ";"))
    assert report.faults == []
    said = [(finding.severity, finding.code) for finding in report.findings]
    assert said == [("note", "DATA-124"), ("note", "SCREEN-390")]


@pytest.mark.parametrize(
    ("separator", "prices", "sentence"),
    [
        (",", ("1,500", "2"), "'1,500' could be 1500 or 1.5; write 1500 or 1.5"),
        (";", ("1.500", "2"), "'1.500' could be 1500 or 1.5; write 1500 or 1.5000"),
        (";", ("1,500", "2"), "'1,500' could be 1500 or 1.5; write 1500 or 1,5000"),
        (";", ("1.500", "0,5"), "'1.500' could be 1500 or 1,5; write 1500 or 1,5"),
        (";", ("1,500", "0.5"), "'1,500' could be 1500 or 1.5; write 1500 or 1.5"),
        (";", ("1.5", "0,5"), "'1.5' is not a number; write 1,5 with a decimal comma"),
        (";", ("1.234,5", "0,5"), "'1.234,5' is not a number; write 1234,5 without separators"),
        (";", ("1.234.567", "0,5"), "'1.234.567' is not a number; write 1234567 without separators"),
        ("\t", ("1,234.5", "0.5"), "'1,234.5' is not a number; write 1234.5 without separators"),
        (",", ("1 500", "2"), "'1 500' is not a number; write 1500 without separators"),
        (",", ("1\u202f500,5", "2"), "'1 500,5' is not a number; write 1500.5 without separators"),
        (",", ("1'500", "2"), "'1'500' is not a number; write 1500 without separators"),
        (",", ("(12.5)", "2"), "'(12.5)' is not a number; write -12.5"),
        (",", ("12-", "2"), "'12-' is not a number; write -12"),
        (",", ("\u221212", "2"), "'\u221212' is not a number; write -12"),
        (",", ("#REF!", "2"), "'#REF!' is an error of the spreadsheet; mend its formula, or write the number"),
        (",", ("#N/A", "2"), "'#N/A' is not a number; leave the cell blank if there is none"),
        (",", ("n/a", "2"), "'n/a' is not a number; leave the cell blank if there is none"),
        (
            *(",", ("USD 12", "2")),
            "'USD 12' is not a number; write the number alone; "
            "a unit may stand behind the column's name, such as price [USD/kg]",
        ),
    ],
)
def test_number_when_it_has_two_readings_or_none_then_no_factor_is_guessed(
    tmp_path: Path, separator: str, prices: tuple[str, str], sentence: str
) -> None:
    folder = tiny_case(tmp_path, price=dict(zip("AB", prices, strict=True)))
    saved(folder, separator)
    assert faults_of(folder) == [f"offers.csv row 2, column price: {sentence}"]


@pytest.mark.parametrize(
    ("texts", "separator", "mark"),
    [
        (["1.500", "1,500"], ",", "."),
        (["0,350", "1,500"], ";", ","),
        (["1500,000"], ";", ","),
        ([",5"], "\t", ","),
        (["1,5E3"], ";", ","),
        (["1.5", "1,500"], ";", "."),
        (["1,500", "2.500"], ";", ""),
        (["12", "", "many"], ";", "."),
    ],
)
def test_decimal_mark_when_numbers_prove_it_then_is_known(texts: list[str], separator: str, mark: str) -> None:
    assert decimal_mark(texts, separator) == mark


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("46023", "'46023' is how a spreadsheet stores 2026-01-01; write 2026-01-01, or give the column a date format"),
        ("03/04/2027", "'03/04/2027' could be 2027-04-03 or 2027-03-04; write 2027-04-03 or 2027-03-04 (year-month"),
        ("1/31/2027", "'1/31/2027' is not a date; write it as 2027-01-31 (year-month-day)"),
        ("2027/1/5", "'2027/1/5' is not a date; write it as 2027-01-05 (year-month-day)"),
        ("20270105", "'20270105' is not a date; write it as 2027-01-05 (year-month-day)"),
        ("05.01.27", "'05.01.27' could be 2027-01-05 or 2027-05-01; write"),
        ("2027", "'2027' is not a date; write it as 2027-01-31 (year-month-day)"),
    ],
)
def test_date_when_its_order_is_unclear_then_is_refused_with_its_readings(
    tmp_path: Path, text: str, sentence: str
) -> None:
    (said,) = faults_of(tiny_case(tmp_path, start={"A": text}))
    assert said.startswith(f"offers.csv row 2, column start: {sentence}")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("46447", "'46447' is how a spreadsheet stores 2027-03-01; write 2027-03 or 2027-03-01, in a column formatted"),
        ("2027.0", "'2027.0' is not a period; write 2027"),
        ("q3 2027", "'q3 2027' is not a period; write 2027-Q3"),
        ("2027Q3", "'2027Q3' is not a period; write 2027-Q3"),
        ("3/2027", "'3/2027' is not a period; write 2027-03"),
        ("01.03.2027", "'01.03.2027' could be 2027-03-01, 2027-01-03 or 2027-03; write"),
        ("2027/03/15", "'2027/03/15' is not a period; write 2027-03-15"),
        ("Mrz 27", "'Mrz 27' is not a period; write a month as 2027-03, in a column formatted as text"),
    ],
)
def test_period_when_a_spreadsheet_has_changed_it_then_the_repair_is_what_it_was(
    tmp_path: Path, text: str, sentence: str
) -> None:
    (said,) = faults_of(tiny_case(tmp_path, demand={0: {"period": text}}))
    assert said.startswith(f"demand.csv row 2, column period: {sentence}")


def test_days_with_dots_when_read_then_are_day_month_year_and_said(tmp_path: Path) -> None:
    case = read_case(tiny_case(tmp_path, start={"A": "03.04.2027"}, end={"A": "2028-01-01 00:00:00"}))
    assert [str(day.date()) for day in case["offers"].loc[0, ["start", "end"]]] == ["2027-04-03", "2028-01-01"]
    (note,) = notes_of(case)
    assert note.startswith("offers.csv: read with days as day.month.year (such as '03.04.2027' in row 2)")


def test_blank_rows_and_columns_when_at_the_end_then_do_no_harm(tmp_path: Path) -> None:
    folder = tiny_case(tmp_path)
    lines = [line + ",," for line in (folder / "offers.csv").read_text("utf-8").splitlines()]
    blank = "," * lines[0].count(",")
    (folder / "offers.csv").write_text("\n".join([*lines, blank, blank, "", " , ,"]) + "\n\n", encoding="utf-8")
    assert read_case(folder)["offers"]["row"].tolist() == [2, 3]


@pytest.mark.parametrize("change", [str.upper, lambda name: name.replace("_", " ").capitalize()])
def test_column_names_when_written_with_capitals_and_blanks_then_are_known(
    tmp_path: Path, change: Callable[[str], str]
) -> None:
    plain = read_case(write_tables(tmp_path / "plain", tiny_tables(lead_days={"A": 60}, **CHANGES)))
    folder = write_tables(tmp_path / "other", tiny_tables(lead_days={"A": 60}, **CHANGES))
    for file in folder.glob("*.csv"):
        header, rest = file.read_text("utf-8").split("\n", 1)
        file.write_text(f"{change(header)}\n{rest}", encoding="utf-8")
    assert_same(plain, read_case(folder))


def test_header_when_a_title_stands_above_it_then_is_one_fault(tmp_path: Path) -> None:
    folder = tiny_case(tmp_path)
    text = (folder / "offers.csv").read_text("utf-8")
    (folder / "offers.csv").write_text(f"Offers of 2027\n\n{text}", encoding="utf-8")
    (folder / "demand.csv").write_text("<html>\n", encoding="utf-8")
    assert faults_of(folder) == [
        "offers.csv row 1: none of the table's column names is in row 1; they are in row 3: remove the rows above it",
        "demand.csv row 1: none of the table's column names is in row 1; "
        "write them there: site, material, period, quantity",
    ]


def test_file_when_nobody_knows_its_table_then_is_not_read(tmp_path: Path) -> None:
    folder = tiny_case(tmp_path)
    with (folder / "export.csv").open("wb") as file:
        file.truncate(10**12)
    (said,) = faults_of(folder)
    assert said.startswith("export.csv: no rule honours a table of this name")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_file_when_utf_16_has_no_mark_then_is_refused_as_that(tmp_path: Path, encoding: str) -> None:
    folder = tiny_case(tmp_path)
    (folder / "offers.csv").write_bytes((folder / "offers.csv").read_text("utf-8").encode(encoding))
    (said,) = faults_of(folder)
    assert said.startswith("offers.csv: it is saved as UTF-16 without the mark that says so; save it as 'CSV UTF-8")


@pytest.mark.parametrize("name", ["Offers.CSV", "OFFERS.csv", " offers .csv"])
def test_file_when_its_name_has_capitals_or_blanks_then_is_read(tmp_path: Path, name: str) -> None:
    folder = tiny_case(tmp_path)
    (folder / "offers.csv").rename(folder / name)
    assert len(read_case(folder)["offers"]) == 2


def test_files_that_cannot_be_opened_when_met_then_are_faults(tmp_path: Path) -> None:
    folder = tiny_case(tmp_path, lanes=None)
    (folder / "lanes.csv").mkdir()
    (folder / "ramps.csv").symlink_to(folder / "gone.csv")
    os.mkfifo(folder / "tariffs.csv")
    assert faults_of(folder) == [
        "lanes.csv: it is a folder; rename the folder, or put the table itself here",
        "ramps.csv: it is a link to a file that is not there; put the table itself here",
        "tariffs.csv: it is no file that can be read; put the table itself here",
    ]


def test_file_when_it_may_not_be_read_then_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tiny_case(tmp_path)

    def refuse(path: Path, flags: int) -> int:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(files, "opened", refuse)
    assert "offers.csv: it cannot be read (Permission denied); close it elsewhere, and check its rights" in faults_of(
        folder
    )


def test_file_when_it_is_huge_then_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tiny_case(tmp_path)
    with (folder / "offers.csv").open("r+b") as file:
        file.truncate(200_000_000)
    (said,) = faults_of(folder)
    assert said.startswith("offers.csv: it has 200 MB, and at most 64 MB can be read; keep the rows")
    monkeypatch.setattr(csv_folder, "LARGEST_FILE", 10**9)
    (said,) = faults_of(folder)
    assert said.startswith("offers.csv row 4: it has a character that is no letter (U+0000)")


def test_table_when_it_has_more_rows_than_a_spreadsheet_then_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sourcing.tables.csv_sheet.MOST_ROWS", 3)
    assert isinstance(csv_sheet("groups", "groups.csv", b"group,member\n" + b"\n" * 9 + b"a,b\n" * 3), Sheet)
    refused = csv_sheet("groups", "groups.csv", b"group,member\n" + b"a,b\n" * 4)
    assert str(refused) == "groups.csv: it has more than 3 rows; keep the rows a plan is to be made of"


def test_files_when_put_together_with_their_marks_then_the_second_header_is_seen(tmp_path: Path) -> None:
    folder = tiny_case(tmp_path)
    text = b"\xef\xbb\xbf" + (folder / "offers.csv").read_bytes()
    (folder / "offers.csv").write_bytes(text + text.replace(b"\nA", b"\nC").replace(b"\nB", b"\nD"))
    (said,) = faults_of(folder)
    assert said.startswith("offers.csv row 4: the row repeats the column names; remove the row")


@pytest.mark.parametrize("content", [b"a" * 2_000_000 + b"\x96", b"a" + b" " * 130_000 + b"b\nc\n", b"[ " * 60_000])
def test_file_when_it_is_one_endless_word_then_is_soon_refused(tmp_path: Path, content: bytes) -> None:
    folder = tiny_case(tmp_path)
    (folder / "offers.csv").write_bytes(content)
    assert faults_of(folder)


def test_cell_when_a_quote_swallows_the_file_then_its_row_is_named() -> None:
    refused = csv_sheet("groups", "groups.csv", b'group,member\na,b\na,"c\n' + b"a,b\n" * 50_000)
    assert str(refused).startswith("groups.csv row 3: a cell has more than 131,072 characters; give each double quote")


def test_workbook_beside_missing_tables_when_read_then_is_named(tmp_path: Path) -> None:
    folder = tiny_case(tmp_path, demand=None)
    (folder / "Demand.xlsx").write_bytes(b"PK")
    (folder / "ramps.csv.txt").write_text("offer,from,capacity\n", encoding="utf-8")
    (folder / "lanes.xlsx").write_bytes(b"PK")
    assert faults_of(folder) == ["demand.csv: the table is missing; save Demand.xlsx as demand.csv"]
    (folder / "demand.csv").write_text("site,material,period,quantity\nPLANT,oxide,2027,5\n", encoding="utf-8")
    (note,) = notes_of(read_case(folder))
    assert note.startswith("ramps.csv.txt: it is not read; save its table as ramps.csv")


def test_case_when_its_folder_has_another_name_then_its_plan_is_the_same(tmp_path: Path) -> None:
    plans = []
    for name in ("tiny", "magnet-maker copy (2)"):
        write_tables(tmp_path / name, tiny_tables(**CHANGES))
        plans.append(run.optimize(write_question(tmp_path, name=f"ask {name}", case=name)))
    for table, frame in plans[0].tables.items():
        pd.testing.assert_frame_equal(frame, plans[1].tables[table], check_exact=True)


def test_commands_when_files_had_to_be_interpreted_then_say_so_and_end_well(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    saved(tiny_case(tmp_path), ";", "utf-16")
    question = str(write_question(tmp_path))
    note = "demand.csv, lanes.csv and 4 more: read with letters in UTF-16 and semicolons between columns;"
    for words in (["check", "tiny/"], ["check", question], ["optimize", question, "--out", "plan"]):
        assert main(words) == 0
        assert note in " ".join(capsys.readouterr().out.split())
    assert note in json.loads((tmp_path / "plan" / "manifest.json").read_text("utf-8"))["notes"][0]


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00" * 99, b"PK\x03\x04", b'a,"b', "offer\n\u202e\n".encode(), b"offer,price\nA,1\nA,1,000\n", None],
    ids=str,
)
def test_commands_when_a_table_cannot_be_used_then_end_with_3_and_say_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    monkeypatch.chdir(tmp_path)
    file = tiny_case(tmp_path) / "offers.csv"
    file.unlink()
    file.mkdir() if content is None else file.write_bytes(content)
    question = str(write_question(tmp_path))
    for words in (["check", "tiny"], ["check", question], ["optimize", question, "--out", "plan"]):
        assert main(words) == 3
        assert "offers.csv" in "".join(capsys.readouterr())
        assert main([*words, "--json"]) == 3
        assert json.loads(capsys.readouterr().out)["schema"] == 1
    assert not (tmp_path / "plan").exists()


@pytest.mark.parametrize("name", ["x" * 5_000, "no\0thing", "", "C:\\data\\case"])
def test_commands_when_a_path_is_none_then_end_with_3(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    question = str(write_question(tmp_path, case="."))
    for words in (["check", name], ["optimize", question, "--case", name]):
        assert main(words) == 3
        assert "fault" in "".join(capsys.readouterr())
