"""Limits on a grade, from the tables to the explanation: which blend, which average, which window, what is found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import SCRAP, tiny_case, write_question
from cases.chain import Answer, answer

from sourcing import run
from sourcing.answer.audit import verdict_on

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = {"limit": "iron", "measure": "grade", "material": "metal", "property": "iron", "value": 2}
ACID = [{"process": process, "material": "acid", "quantity": -0.1} for process in ("melt", "remelt")]
HALF_OF_2028 = {**SCRAP["offers"][-1], "start": "2028-07-01"}


def asked(tmp_path: Path, text: str = "", **changes: Any) -> Answer:
    tiny_case(tmp_path, **SCRAP | {"limits": [LIMIT]} | changes)
    own = answer(write_question(tmp_path, text))
    assert own.solution.status == "optimal"
    assert own.verdict.findings == []
    return own


def scrap_per_oxide(own: Answer) -> float:
    """Return the tonnes of scrap taken in per tonne of oxide: 1/3 where the iron of 1 and 5 has to average 2."""
    made = own.plan.tables["conversions"].groupby("process")["tonnes"].sum()
    return float(made["remelt"] / (1.25 * made["melt"]))


def test_blend_when_named_by_its_line_or_its_site_then_is_the_same(tmp_path: Path) -> None:
    lines = {"lines": [{"line": "furnace"}], "processes": [{**row, "line": "furnace"} for row in SCRAP["processes"]]}
    for cells in ({"site": "PLANT"}, {"material": "", "line": "furnace"}, {"line": "furnace"}):
        own = asked(tmp_path, limits=[{**LIMIT, **cells}], **lines)
        assert scrap_per_oxide(own) == pytest.approx(1 / 3)
        assert set(own.plan.tables["limits"]["site"]) == {"PLANT"}


def test_blend_when_only_one_process_runs_on_the_line_then_is_that_one_alone(tmp_path: Path) -> None:
    processes = [SCRAP["processes"][0], {**SCRAP["processes"][1], "line": "furnace"}]
    own = asked(tmp_path, limits=[{**LIMIT, "line": "furnace"}], lines=[{"line": "furnace"}], processes=processes)
    assert set(own.plan.tables["conversions"]["process"]) == {"melt"}


def test_element_when_it_is_averaged_then_is_read_from_the_contents(tmp_path: Path) -> None:
    contents = [
        {"material": name, "element": "Fe", "share": share} for name, share in (("oxide", 0.01), ("scrap", 0.05))
    ]
    limit = {"limit": "iron", "measure": "grade", "material": "metal", "element": "Fe", "value": 0.02}
    own = asked(tmp_path, limits=[limit], contents=contents)
    assert scrap_per_oxide(own) == pytest.approx(1 / 3)
    assert own.plan.tables["limits"]["actual"].dropna().max() == pytest.approx(0.02)


@pytest.mark.parametrize(
    ("rows", "scrap"),
    [
        ([], 1 / 3),
        # 1.25 melt + 5 remelt = 2 (1.35 melt + 1.1 remelt)
        ([{"material": "acid", "property": "iron", "value": 0}], 1.45 / 2.8 / 1.25),
    ],
)
def test_acid_when_it_has_no_row_then_is_left_out_and_with_a_0_dilutes(
    tmp_path: Path, rows: list[dict[str, Any]], scrap: float
) -> None:
    own = asked(
        tmp_path,
        materials=[*SCRAP["materials"], {"material": "acid"}],
        offers=[*SCRAP["offers"], {**SCRAP["offers"][-1], "offer": "acid", "material": "acid"}],
        recipes=[*SCRAP["recipes"], *ACID],
        properties=[*SCRAP["properties"], *rows],
    )
    assert scrap_per_oxide(own) == pytest.approx(scrap)


def test_window_when_a_year_is_written_then_the_year_is_good_on_average_and_not_each_quarter(tmp_path: Path) -> None:
    own = asked(tmp_path, limits=[{**LIMIT, "per": "year"}], offers=[*SCRAP["offers"][:-1], HALF_OF_2028])
    limits = own.plan.tables["limits"]
    assert limits["window"].tolist() == ["2027", "2028"]
    assert limits["actual"].iloc[-1] == pytest.approx(2)
    runs = own.plan.tables["conversions"].pivot_table(index="node", columns="process", values="tonnes", fill_value=0)
    assert ((5 * runs["remelt"] + 1.25 * runs["melt"]) / (runs["remelt"] + 1.25 * runs["melt"])).max() > 2.5


def test_sites_when_two_make_it_then_each_blend_is_good_by_itself(tmp_path: Path) -> None:
    more = [{**row, "process": f"{row['process']}-2", "site": "NEAR"} for row in SCRAP["processes"]]
    own = asked(
        tmp_path,
        processes=[*SCRAP["processes"], *more],
        recipes=[*SCRAP["recipes"], *({**row, "process": f"{row['process']}-2"} for row in SCRAP["recipes"])],
    )
    assert set(own.plan.tables["limits"]["site"]) == {"PLANT", "NEAR"}
    one = asked(
        tmp_path,
        limits=[{**LIMIT, "site": "NEAR"}],
        processes=[*SCRAP["processes"], *more],
        recipes=[*SCRAP["recipes"], *({**row, "process": f"{row['process']}-2"} for row in SCRAP["recipes"])],
    )
    assert set(one.plan.tables["limits"]["site"]) == {"NEAR"}


def test_limit_when_it_stands_in_the_question_and_an_edit_changes_the_property_then_both_count(tmp_path: Path) -> None:
    text = "[[limits]]\n" + "".join(f"{name} = {value!r}\n" for name, value in LIMIT.items())
    text += "[[edits]]\ntable = 'properties'\nwhere = { material = 'scrap' }\nset = { value = '-2' }\n"
    own = asked(tmp_path, text, limits=None)
    assert own.setting.case["limits"]["per"].tolist() == ["period"]
    assert scrap_per_oxide(own) == pytest.approx(1)


def test_question_without_grades_when_asked_then_only_scrap_is_melted(tmp_path: Path) -> None:
    tiny_case(tmp_path, **SCRAP | {"limits": [LIMIT]})
    plan = run.optimize(write_question(tmp_path, 'without = ["grade"]\n'))
    assert set(plan.tables["conversions"]["process"]) == {"remelt"}
    assert plan.manifest["audit"]["clean"]
    assert plan.tables["limits"].empty


def test_grade_when_nothing_else_can_deliver_then_the_explanation_says_how_far_it_would_have_to_give(
    tmp_path: Path,
) -> None:
    tiny_case(tmp_path, **SCRAP | {"limits": [LIMIT], "offers": [SCRAP["offers"][-1]]})
    words = run.explain(write_question(tmp_path, '[objective]\nshortage = "none"\n')).words
    (gives,) = [each for each in words if each.startswith("iron: iron at Our plant")]
    assert "at worst 5 instead of 2" in gives
    assert gives.endswith("(limits.csv row 2)")


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("actual", 2.001, "the plan says actual 2.001, the arithmetic says 2"),
        ("counted", 0.0, "the plan says counted 0, the arithmetic says"),
        ("total", 1.0, "the plan says total 1, the arithmetic says"),
        ("binds", False, "the plan says it does not bind, the arithmetic says 0 are left"),
    ],
)
def test_audit_when_a_cell_of_a_grade_is_wrong_then_says_so(tmp_path: Path, column: str, value: Any, says: str) -> None:
    own = asked(tmp_path)
    table = own.plan.tables["limits"].astype(object)
    row = table.index[table["binds"].astype(bool)][0]
    table.loc[row, column] = value
    own.plan.tables["limits"] = table
    (finding,) = verdict_on(own.plan).findings
    assert says in finding
    assert finding.startswith("limit iron, at Our plant, 20")


def test_audit_when_more_scrap_was_melted_than_is_good_then_says_so(tmp_path: Path) -> None:
    own = asked(tmp_path)
    table = own.plan.tables["conversions"]
    table.loc[table["process"] == "remelt", "tonnes"] *= 1.5
    assert any("limit iron, at Our plant" in finding for finding in verdict_on(own.plan).findings)
