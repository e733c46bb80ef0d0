"""Days on which processes and lines run, by hand: a capacity is that of the days on which anything runs on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import write_question, write_tables
from cases.chain import Answer, answer

from sourcing.testing.points import disagreements

if TYPE_CHECKING:
    from pathlib import Path

CASE: dict[str, list[dict[str, Any]]] = {
    "materials": [{"material": name, "stage": name} for name in ("concentrate", "oxide")],
    "sites": [{"site": "P", "kind": "plant", "country": "DEU"}],
    "offers": [
        {"offer": "a", "supplier": "A", "site": "P", "material": "concentrate", "destination": "P", "price": 10},
    ],
    "processes": [{"process": "K1", "site": "P", "line": "L"}, {"process": "K2", "site": "P", "line": "L"}],
    "recipes": [
        {"process": code, "material": material, "quantity": quantity}
        for code in ("K1", "K2")
        for material, quantity in (("concentrate", -1), ("oxide", 1))
    ],
    "lines": [{"line": "L", "capacity": 3650}],
    "demand": [{"site": "P", "material": "oxide", "period": "2027-01", "quantity": 31}],
}


def planned(tmp_path: Path, **changes: Any) -> Answer:
    """Plan January and February 2027 of a line of 10 t a day; algebra and checks agree on every row."""
    write_tables(tmp_path / "tiny", {**CASE, **changes})
    horizon = 'horizon = { start = "2027-01", periods = 2, length = "month" }\n'
    own = answer(write_question(tmp_path, horizon + "# [horizon]\n"))
    assert own.solution.status == "optimal"
    assert disagreements(own.facts, own.formulation, 1) == []
    assert own.verdict.findings == []
    return own


def made(own: Answer) -> float:
    return float(own.plan.tables["conversions"]["tonnes"].sum())


def ramp(since: str, capacity: float, **owner: str) -> dict[str, Any]:
    return {"from": since, "capacity": capacity, **owner}


def due(tonnes: float) -> dict[str, Any]:
    return {"demand": [{"site": "P", "material": "oxide", "period": "2027-01", "quantity": tonnes}]}


def test_line_when_none_of_its_processes_runs_on_some_days_then_these_days_give_it_nothing(tmp_path):
    stops = [ramp("2026-01-01", 9000, process="K1"), ramp("2027-01-04", 0, process="K1")]
    stops += [
        ramp("2026-01-01", 0, process="K2"),
        ramp("2027-01-26", 9000, process="K2"),
        ramp("2027-01-28", 0, process="K2"),
    ]

    own = planned(tmp_path, ramps=stops, **due(310))

    assert made(own) == pytest.approx((3 + 2) * 10)


def test_process_when_its_line_stands_still_on_some_days_then_these_days_give_it_nothing(tmp_path):
    processes = [{"process": "K1", "site": "P", "line": "L", "capacity": 730}, {"process": "K2", "site": "P"}]
    processes[1]["capacity"] = 0

    own = planned(tmp_path, processes=processes, ramps=[ramp("2027-01-11", 0, line="L")], **due(310))

    assert made(own) == pytest.approx(10 * 2)


def test_line_when_its_processes_run_on_all_days_together_then_it_gives_all_it_can(tmp_path):
    turns = [ramp("2026-01-01", 9000, process="K1"), ramp("2027-01-11", 0, process="K1")]
    turns += [ramp("2026-01-01", 0, process="K2"), ramp("2027-01-11", 9000, process="K2")]

    own = planned(tmp_path, ramps=turns, **due(400))

    assert made(own) == pytest.approx(31 * 10)
