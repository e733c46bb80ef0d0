"""Limits on numbers and conditions: what is said of them, what gives way, and what is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import TINY, tiny_case, write_question
from cases.chain import answer

from sourcing.answer.setting import network_of
from sourcing.engine.highs import SolverOptions
from sourcing.reasons.relief import least_relief
from sourcing.run import check

if TYPE_CHECKING:
    from pathlib import Path

NUMBER = {"limit": "number", "measure": "suppliers", "by": "supplier", "value": 1, "counts": "arrivals"}
BOTH = {"condition": "both", "kind": "offer", "if": "B", "then": "A", "at_least": 4}


def faults(tmp_path: Path, **changes: Any) -> list[str]:
    tiny_case(tmp_path, **changes)
    return [f"{fault.code} {fault.place}: {fault.fact}" for fault in check(write_question(tmp_path)).faults]


def test_number_when_planned_then_is_said_who_is_counted(tmp_path: Path) -> None:
    tiny_case(tmp_path, limits=[NUMBER])
    own = answer(write_question(tmp_path))
    said = own.plan.tables["decisions"].query("decision == 'present'")["words"].tolist()
    assert "Far Co is counted under number in 2027" in said
    assert own.verdict.is_clean


def test_audit_when_the_number_in_the_limits_table_is_wrong_then_says_so(tmp_path: Path) -> None:
    tiny_case(tmp_path, limits=[NUMBER])
    own = answer(write_question(tmp_path))
    own.plan.tables["limits"][["counted", "actual"]] += 1
    assert [finding for finding in own.verdict.findings if "counted 2, the arithmetic says 1" in str(finding)]


def test_audit_when_somebody_who_delivers_is_not_counted_then_says_so(tmp_path: Path) -> None:
    tiny_case(tmp_path, limits=[NUMBER])
    own = answer(write_question(tmp_path))
    decided = own.plan.tables["decisions"]
    own.plan.tables["decisions"] = decided[decided["node"] != 3]
    assert [finding for finding in own.verdict.findings if "Far Co, 2027" in str(finding)]


def test_open_order_when_it_arrives_then_its_supplier_is_the_one_counted(tmp_path: Path) -> None:
    order = {"order": "PO", "site": "PLANT", "material": "oxide", "arrives": "2027-05-01", "quantity": 7, "offer": "A"}
    tiny_case(tmp_path, limits=[NUMBER], open_orders=[order])
    own = answer(write_question(tmp_path))
    bought = own.plan.tables["purchases"]
    assert "B" not in set(bought[bought["node"] < 2]["offer"])
    assert own.verdict.is_clean


def test_relief_when_one_supplier_cannot_deliver_it_all_then_a_second_is_what_gives_way(tmp_path: Path) -> None:
    tiny_case(tmp_path, limits=[{**NUMBER, "per": "horizon"}], capacity={"A": 60, "B": 90})
    setting = answer(write_question(tmp_path, 'objective = { minimize = ["cost"], shortage = "none" }\n')).setting
    relief = least_relief(network_of(setting.question, setting.case), SolverOptions(interruptible=False))
    assert "suppliers above the limit" in set(relief["unit"])


@pytest.mark.parametrize(
    ("limits", "fact"),
    [
        ([{**NUMBER, "by": ""}], "row 2, column by: nothing says what is counted as suppliers"),
        ([{**NUMBER, "value": 1.5}], "row 2, column value: 1.5 is no whole number"),
        ([{**NUMBER, "sense": "min"}], "column at_least: at_least is blank, so a gram would make a member count"),
        ([{**NUMBER, "measure": "tonnes", "at_least": 5}], "at_least is for numbers of suppliers and destinations"),
        ([{**NUMBER, "measure": "destinations", "site": "PLANT"}], "destinations are the sites that are counted"),
        (
            [{**NUMBER, "measure": "destinations", "sense": "min", "at_least": 1}],
            "a least number of sites needs a member",
        ),
        (
            [NUMBER, {**NUMBER, "limit": "more", "sense": "min", "value": 2, "at_least": 5}],
            "more asks for 2 or more, number for no more than 1 of the same",
        ),
        (
            [{**NUMBER, "sense": "min", "value": 3, "at_least": 5}],
            "number asks for 3 or more by supplier, and there are 2",
        ),
    ],
)
def test_number_when_its_cells_contradict_then_is_refused(
    tmp_path: Path, limits: list[dict[str, Any]], fact: str
) -> None:
    (found,) = faults(tmp_path, limits=limits)
    assert fact in found
    assert ("there are 2" in fact) == (found.split()[0] == "SCREEN-323")


def test_number_when_nothing_bounds_what_is_counted_then_is_refused(tmp_path: Path) -> None:
    sold = [{**TINY["stocks"][0], "disposal_cost": -1}]
    (found,) = faults(tmp_path, limits=[NUMBER], stocks=sold, capacity={"B": ""})
    assert found.split()[0] == "SCREEN-324"
    assert "nothing says how much some could bring at most" in found


@pytest.mark.parametrize(
    ("cells", "fact"),
    [
        ({"if": "C"}, "column if: 'C' is no offer"),
        ({"then": "B"}, "column then: B asks for itself"),
        ({"at_least": ""}, "column at_least: a gram of A would do"),
    ],
)
def test_condition_when_its_cells_contradict_then_is_refused(tmp_path: Path, cells: dict[str, Any], fact: str) -> None:
    (found,) = faults(tmp_path, conditions=[{**BOTH, **cells}])
    assert fact in found


def test_condition_when_what_it_asks_for_has_a_least_lot_then_that_counts(tmp_path: Path) -> None:
    tiny_case(tmp_path, conditions=[{**BOTH, "at_least": ""}], min_lot={"A": 6}, capacity={"B": 4000})
    own = answer(write_question(tmp_path))
    ordered = own.plan.tables["purchases"].groupby(["offer", "node"])["tonnes"].sum()
    assert ordered["A"].tolist() == pytest.approx([6] * len(ordered["B"]))
