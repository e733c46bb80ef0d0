"""Names that a spreadsheet would reckon with: written as texts, and read as they were."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from builders import stored_plan, tiny_case, tiny_tables, write_question, write_tables
from hypothesis import example, given, settings
from hypothesis import strategies as st

import sourcing
from sourcing.cli import main
from sourcing.plan.store import read_table
from sourcing.run import compare, optimize
from sourcing.tables import read_case, write_case
from sourcing.tables.csv_cells import bare, save_csv, save_texts, shielded, write_csv

FORMULAS = ["=1+1", "+A", "-A", "@SUM(A1)", "'=A", "''-A", "＝A", "'s-Graveland", "-5", '=A,B"C;D', "'"]
STARTS = tuple("=+-@＝＋－＠\t\r\n")
NAMES = st.text(st.sampled_from("'=+-@＝\t\r\n\",; aé5"), max_size=6) | st.text(max_size=6)


@given(st.lists(NAMES, min_size=1, max_size=4))
@example(["'=A", "=A", "''=A", "'", "\r=", "\t", "a\rb"])
@settings(deadline=None, max_examples=150)
def test_texts_when_they_are_written_then_none_is_a_formula_and_all_come_back(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    names = [name for name in names if not any(0xD800 <= ord(letter) <= 0xDFFF or letter == "\0" for letter in name)]
    assert [bare(shielded(name)) for name in names] == names
    assert not any(shielded(name).startswith(STARTS) for name in names)
    file = tmp_path_factory.mktemp("csv") / "table.csv"
    table = pd.DataFrame({"supplier": names, "tonnes": np.arange(len(names)) - 5.0}).astype({"supplier": "str"})
    write_csv(table, file)
    again = read_table(file)
    assert (list(again["supplier"]), list(again["tonnes"])) == (names, list(table["tonnes"]))


@given(st.lists(NAMES.map(shielded), min_size=1, max_size=4))
@example(["", "a\rb"])
@settings(deadline=None, max_examples=80)
def test_texts_when_they_come_as_lists_then_the_file_is_that_of_their_table(
    tmp_path_factory: pytest.TempPathFactory, names: list[str]
) -> None:
    names = [name for name in names if not any(0xD800 <= ord(letter) <= 0xDFFF or letter == "\0" for letter in name)]
    for table in ({"note": names}, {"supplier": names, "note": [""] * len(names)}):
        folder = tmp_path_factory.mktemp("csv")
        save_texts(table, folder / "lists.csv")
        save_csv(pd.DataFrame(table, dtype="str"), folder / "table.csv")
        assert (folder / "lists.csv").read_bytes() == (folder / "table.csv").read_bytes()


@pytest.mark.parametrize("name", FORMULAS)
def test_plan_when_a_supplier_is_named_like_a_formula_then_no_cell_is_one_and_it_is_read_as_it_was(
    tmp_path: Path, name: str
) -> None:
    case = read_case({table: pd.DataFrame(rows) for table, rows in tiny_tables(supplier={"A": name}).items()})
    write_case(case, tmp_path / "case")
    assert not _formulas(tmp_path / "case")
    assert read_case(tmp_path / "case")["offers"]["supplier"].iloc[0] == name


def test_commands_when_names_are_like_formulas_then_every_file_has_them_as_texts(tmp_path: Path) -> None:
    tiny_case(tmp_path, supplier={"A": "=cmd|x", "B": "''=B"}, note={"A": "-"})
    limit = '[[limits]]\nlimit = "@most"\nmeasure = "share"\nby = "country"\nmaterial = "oxide"\nvalue = 0.9\n'
    plan = optimize(write_question(tmp_path, limit), out=tmp_path / "plan")
    assert main(["audit", str(tmp_path / "plan")]) == 0
    compare([tmp_path / "plan", tmp_path / "plan"], out=tmp_path / "beside")
    question = str(tmp_path / "ask.toml")
    assert (
        main(["target", question, "--limit", "@most", "--from", "0.9", "--to", "0.8", "--out", str(tmp_path / "curve")])
        == 0
    )
    assert not _formulas(tmp_path)
    assert set(plan.tables["purchases"]["supplier"]) <= {"=cmd|x", "'=B"}
    assert set(read_table(tmp_path / "plan" / "purchases.csv")["supplier"]) == set(plan.tables["purchases"]["supplier"])
    assert read_case(tmp_path / "plan" / "inputs")["offers"]["note"].iloc[0] == "-"


def _formulas(folder: Path) -> list[str]:
    """Return the cells of all CSV files in a folder that a spreadsheet would reckon with."""
    found = []
    for file in folder.rglob("*.csv"):
        if "tiny" in file.parts:  # somebody's own
            continue
        rows = csv.reader(file.read_text("utf-8").splitlines())
        found += [
            f"{file.name}: {cell}" for row in rows for cell in row if cell.startswith(STARTS) and not _number(cell)
        ]
    return found


def _number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize(
    ("written", "name"), [("=A", "=A"), ("'=A", "=A"), ("''=A", "'=A"), ("'-5", "-5"), ("'A", "'A"), ("＝A", "＝A")]
)
def test_name_when_somebody_writes_it_by_hand_then_one_apostrophe_is_a_spreadsheets(
    tmp_path: Path, written: str, name: str
) -> None:
    assert read_case(tiny_case(tmp_path, supplier={"A": written}))["offers"]["supplier"].iloc[0] == name


def test_numbers_when_they_are_negative_then_they_stay_numbers(tmp_path: Path) -> None:
    folder = tiny_case(tmp_path, preference={"A": -5})
    write_case(read_case(folder), tmp_path / "again")
    assert ",-5," in (tmp_path / "again" / "offers.csv").read_text("utf-8")
    assert read_case(tmp_path / "again")["offers"]["preference"].iloc[0] == -5


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small plan's folder."""
    return stored_plan(tmp_path_factory.mktemp("stored"))


@pytest.mark.parametrize("kind", ["file", "folder", "link", "dead link"])
def test_comply_when_something_has_the_name_then_it_is_left_alone(
    tmp_path: Path, stored: Path, capsys: pytest.CaptureFixture[str], kind: str
) -> None:
    out, other = tmp_path / "statement.md", tmp_path / "other.md"
    other.write_text("mine", "utf-8")
    if kind == "file":
        out.write_text("mine", "utf-8")
    elif kind == "folder":
        out.mkdir()
    else:
        out.symlink_to(other if kind == "link" else tmp_path / "nowhere")
    assert main(["comply", str(stored), "--out", str(out)]) == 2
    assert "is there already; name another file or remove it" in " ".join(capsys.readouterr().err.split())
    assert other.read_text("utf-8") == "mine"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["other.md", "statement.md"]
    assert kind != "file" or out.read_text("utf-8") == "mine"


def test_comply_when_the_name_is_free_then_the_whole_statement_is_there(tmp_path: Path, stored: Path) -> None:
    out = tmp_path / "new" / "statement.md"
    assert main(["comply", str(stored), "--out", str(out)]) == 0
    assert out.read_text("utf-8").startswith("# How the plan stands to")
    assert [file.name for file in out.parent.iterdir()] == ["statement.md"]
    assert main(["comply", str(stored), "--out", str(stored / "statement.md")]) == 2


def test_comply_when_the_name_is_taken_meanwhile_then_nothing_is_replaced(
    tmp_path: Path, stored: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "statement.md"

    def stated(_: object) -> str:
        out.write_text("mine", "utf-8")
        return "ours"

    monkeypatch.setattr("sourcing.report.comply.statement", stated)
    assert main(["comply", str(stored), "--out", str(out)]) == 7
    assert out.read_text("utf-8") == "mine"
    assert [file.name for file in tmp_path.iterdir()] == ["statement.md"]


def test_comply_when_a_file_cannot_be_written_then_nothing_is_left(tmp_path: Path, stored: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    assert main(["comply", str(stored), "--out", str(tmp_path / "file" / "statement.md")]) in {2, 7}


def test_tables_when_they_are_written_then_it_is_by_the_one_writer() -> None:
    code = Path(sourcing.__file__).parent
    writers = {
        file.relative_to(code).as_posix() for file in code.rglob("*.py") if ".to_csv(" in file.read_text("utf-8")
    }
    assert writers == {"tables/csv_cells.py", "plan/analyst.py"}  # rows and columns of the model are nobody's names


@pytest.mark.parametrize("names", [("007", "1e5"), ("NA", "nan"), ("TRUE", "2027-01-01")])
def test_names_when_they_look_like_values_then_plan_and_curve_have_them_as_names(
    tmp_path: Path, names: tuple[str, str]
) -> None:
    first, second = names
    tables = tiny_tables(sites={"NEAR": {"site": first}, "FAR": {"site": second}})
    for table, column in (("offers", "site"), ("lanes", "origin")):
        for row in tables[table]:
            row[column] = {"NEAR": first, "FAR": second}[row[column]]
    for offer, name in zip(tables["offers"], names, strict=True):
        offer.update(offer=name, supplier=name)
    write_tables(tmp_path / "tiny", tables)
    optimize(write_question(tmp_path), out=tmp_path / "plan")
    assert main(["audit", str(tmp_path / "plan")]) == 0
    purchases = read_table(tmp_path / "plan" / "purchases.csv")
    assert {*purchases["supplier"], *purchases["site"], *purchases["offer"]} <= {*names}
    write_csv(pd.DataFrame({"enters": [first], "leaves": [second]}), tmp_path / "curve.csv")
    assert read_table(tmp_path / "curve.csv").iloc[0].tolist() == [first, second]
