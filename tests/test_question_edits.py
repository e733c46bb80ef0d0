"""Edits and limits of a question, applied to the tables and checked again."""

# ruff: noqa: E501 - a fault per line reads as a table

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import tiny_case, write_question

from sourcing.errors import QuestionError
from sourcing.question import apply, load_question
from sourcing.tables import Case, read_case

if TYPE_CHECKING:
    from pathlib import Path


def asked(tmp_path: Path, text: str, **changes: Any) -> Case:
    case = read_case(tiny_case(tmp_path, **changes))
    return apply(load_question(write_question(tmp_path, text)), case)


def faults_of(tmp_path: Path, text: str, **changes: Any) -> list[str]:
    with pytest.raises(QuestionError) as caught:
        asked(tmp_path, text, **changes)
    return [str(fault) for fault in caught.value.faults]


def edit(where: str, rest: str, table: str = "offers") -> str:
    return f'[[edits]]\ntable = "{table}"\nwhere = {{ {where} }}\n{rest}\n'


@pytest.mark.parametrize(
    ("value", "prices"),
    [
        ("5", [5, 200_000]),
        ('"x1.4"', [420_000, 200_000]),
        ('"+3"', [300_003, 200_000]),
        ('"-3"', [299_997, 200_000]),
        ("-3", [-3, 200_000]),
        ('"7.5"', [7.5, 200_000]),
        ('"x 0"', [0, 200_000]),
    ],
)
def test_set_writes_multiplies_adds_and_subtracts(tmp_path: Path, value: str, prices: list[float]) -> None:
    case = asked(tmp_path, edit('offer = "A"', f"set = {{ price = {value} }}"))
    assert case["offers"]["price"].tolist() == prices


@pytest.mark.parametrize(
    ("where", "changed"),
    [
        ("", ["A", "B"]),
        ('offer = ["A", "B"]', ["A", "B"]),
        ('country = "CHN"', ["B"]),
        ('"site.owner" = "Near Ltd"', ["A"]),
        ('material = "oxide", capacity = 60', ["A"]),
        ('stage = "oxide", supplier = "Far Co"', ["B"]),
        ('destination = ""', ["A", "B"]),
    ],
)
def test_where_finds_rows_by_own_columns_and_by_those_of_the_tables_referred_to(
    tmp_path: Path, where: str, changed: list[str]
) -> None:
    offers = asked(tmp_path, edit(where, "set = { price = 1 }"))["offers"]
    assert offers.loc[offers["price"] == 1, "offer"].tolist() == changed


def test_edits_follow_each_other(tmp_path: Path) -> None:
    text = edit('offer = "A"', 'set = { price = "x2" }') + edit('offer = "A"', 'set = { price = "+1" }')
    assert asked(tmp_path, text)["offers"]["price"].tolist() == [600_001, 200_000]


def test_dates_choices_and_yes_no_are_set_like_cells(tmp_path: Path) -> None:
    ramps = [{"offer": "A", "from": "2027-06-01", "capacity": 90}]
    text = edit('offer = "A"', "set = { start = 2027-02-01 }")
    text += edit('offer = "A"', "set = { interpolate = true, from = 2028-01-01 }", "ramps")
    case = asked(tmp_path, text, ramps=ramps)
    assert str(case["offers"].loc[0, "start"].date()) == "2027-02-01"
    assert case["ramps"].loc[0, "interpolate"]
    assert str(case["ramps"].loc[0, "from"].date()) == "2028-01-01"


def test_a_cell_set_blank_gets_its_default(tmp_path: Path) -> None:
    case = asked(tmp_path, edit('offer = "A"', 'set = { lead_days = "", capacity = "" }'), lead_days={"A": 9})
    assert case["offers"].loc[0, "lead_days"] == 0
    assert case["offers"]["capacity"].isna().tolist() == [True, False]


def test_rows_are_added_and_removed(tmp_path: Path) -> None:
    text = '[[edits]]\ntable = "offers"\nadd = [{ offer = "C", supplier = "Far Co", site = "FAR", material = "metal", price = 9 }]\n'
    text += edit('offer = "B"', "remove = true")
    offers = asked(tmp_path, text)["offers"]
    assert offers["offer"].tolist() == ["A", "C"]
    assert offers["row"].tolist() == [2, -1]


def test_the_case_itself_stays_as_it_was(tmp_path: Path) -> None:
    case = read_case(tiny_case(tmp_path))
    apply(load_question(write_question(tmp_path, edit("", "set = { price = 1 }"))), case)
    assert case["offers"]["price"].tolist() == [300_000, 200_000]


def test_a_limit_of_the_question_replaces_the_tables_limit_of_that_name(tmp_path: Path) -> None:
    limits = [{"limit": name, "measure": "share", "by": "country", "value": 0.5} for name in ("a", "b")]
    text = "[[limits]]\nlimit='b'\nmeasure='tonnes'\nvalue=7\n[[limits]]\nlimit='c'\nmeasure='spend'\nvalue=9\n"
    case = asked(tmp_path, text, limits=limits)
    found = case["limits"]
    assert found["limit"].tolist() == ["a", "b", "c"]
    assert found["measure"].tolist() == ["share", "tonnes", "spend"]
    assert found["per"].tolist() == ["year"] * 3
    assert case.place("limits", int(found.loc[1, "row"]), "value") == "ask.toml limits #1, value"


FAULTS = [
    (edit('offer = "AA"', "remove = true"), "ask.toml edits #1, where: no row of offers has offer 'AA'; did you mean 'A'?"),
    (edit('offer = "A", price = 5', "remove = true"), "ask.toml edits #1, where: no row of offers has price '5'; see the price of offers"),
    (edit('offer = "A", supplier = "Far Co"', "remove = true"), "ask.toml edits #1, where: no row of offers matches all of it; leave out a condition"),
    (edit('offer = "A"', 'set = { price = "dear" }'), "ask.toml edits #1, set.price: 'dear' is not a number; write a number such as 10 or 12.5"),
    (edit('offer = "A"', "set = { capacity = -3 }"), "ask.toml edits #1, capacity (offers.csv row 2): -3 is below 0; write a number of at least 0"),
    (edit('offer = "A"', 'set = { site = "NEARR" }'), "ask.toml edits #1, site (offers.csv row 2): sites.csv has no site 'NEARR'; did you mean 'NEAR'?"),
    (edit('offer = "A"', 'set = { offer = "B" }'), "offers.csv row 3: offer B is already in row 2; keep one of the two rows"),
    ('[[edits]]\ntable = "offers"\nadd = [{ offer = "A", supplier = "X", site = "FAR", material = "oxide", price = 1 }]\n', "ask.toml edits #1 row 1: offer A is already in row 2; keep one of the two rows"),
    ("[[limits]]\nlimit='l'\nmeasure='share'\nby='country'\nvalue=1.5\n", "ask.toml limits #1, value: 1.5 is above 1; write a share from 0 to 1, such as 0.35 for 35 %"),
    ("[[limits]]\nlimit='l'\nmeasure='share'\nby='countri'\nvalue=0.5\n", "ask.toml limits #1, by: 'countri' is not country, owner_country, owner, supplier, site, recycled, source, shipped_from, origin or origin_owner; did you mean 'country'?"),
    ("[objective]\nshortage='priced'\n", "demand.csv row 2, column shortage_cost: shortage is priced, but neither this row nor its material has a shortage_cost; fill in shortage_cost in demand.csv or materials.csv, or write shortage = \"least\""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), FAULTS, ids=lambda value: value[:60])
def test_a_faulty_edit_or_limit_is_placed_in_the_question(tmp_path: Path, text: str, sentence: str) -> None:
    assert any(found.startswith(sentence) for found in faults_of(tmp_path, text))


def test_a_relative_change_of_a_blank_cell_is_refused(tmp_path: Path) -> None:
    (sentence,) = faults_of(tmp_path, edit("", 'set = { capacity = "x2" }'), capacity={"A": ""})
    assert sentence == (
        "ask.toml edits #1, set.capacity: capacity is blank in offers.csv row 2, so there is nothing to change; "
        "narrow where, or set a number"
    )


def test_an_edit_that_leaves_a_reference_dangling_is_refused(tmp_path: Path) -> None:
    sentences = faults_of(tmp_path, edit('site = "FAR"', "remove = true", "sites"))
    assert [sentence.partition(":")[0] for sentence in sentences] == [
        "offers.csv row 3, column site",
        "lanes.csv row 3, column origin",
    ]


def test_edits_that_empty_a_required_table_are_refused(tmp_path: Path) -> None:
    sentences = faults_of(tmp_path, edit("", "remove = true"))
    assert any(found.startswith("offers.csv: the edits leave no row in the table") for found in sentences)


def test_priced_shortage_is_content_with_the_materials_price(tmp_path: Path) -> None:
    case = asked(tmp_path, "[objective]\nshortage='priced'\n", materials={"oxide": {"shortage_cost": 1e6}})
    assert case["demand"]["shortage_cost"].isna().all()


@pytest.mark.parametrize("value", ["x1e400", "x1e11", "+1e16"])
def test_a_change_beyond_all_measure_is_refused(tmp_path: Path, value: str) -> None:
    (sentence,) = faults_of(tmp_path, edit('offer = "A"', f'set = {{ price = "{value}" }}'))
    assert sentence.startswith("ask.toml edits #1, set.price: it makes price larger than anything that can be bought")
