"""Max-min fairness: shortage is shared evenly between equals, and only between equals."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from builders import write_question, write_tables

from sourcing.engine.highs import Highs
from sourcing.run import optimize

if TYPE_CHECKING:
    from sourcing.plan import Plan

UNFAIR = Path(__file__).parent / "regressions" / "I-unfair" / "question.toml"
YEAR = '[horizon]\nstart = "2027-01"\nperiods = 1\nlength = "year"\n'


def plan_of(tmp_path: Path, *, demand: dict[str, float], capacity: float = 100, **changes: Any) -> Plan:
    """Answer a case of one supplier and a plant for each demand; ``changes`` by plant are cells of its rows."""
    freight, priority, lane = (changes.get(name, {}) for name in ("freight", "priority", "lane"))
    tables = {
        "materials": [{"material": "ox", "value": 10}],
        "sites": [{"site": "A", "country": "CHN"}, *({"site": plant, "country": "DEU"} for plant in demand)],
        "offers": [
            {"offer": "A", "supplier": "SUPA", "site": "A", "material": "ox", "price": 10, "capacity": capacity}
        ],
        "lanes": [
            {"origin": "A", "destination": plant, "freight": freight.get(plant, 0), **lane.get(plant, {})}
            for plant in demand
        ],
        "demand": [
            {"site": plant, "material": "ox", "period": "2027", "quantity": t, "priority": priority.get(plant, 1)}
            for plant, t in demand.items()
        ],
    }
    write_tables(tmp_path / "tiny", tables)
    plan = optimize(write_question(tmp_path, changes.get("horizon", YEAR) + changes.get("text", "")))
    assert plan.manifest["audit"]["clean"]
    return plan


def short(plan: Plan) -> dict[str, float]:
    frame = plan.tables["shortage"].groupby("site")["short"].sum()
    return {str(site): round(float(tonnes), 6) for site, tonnes in frame.items()}


def test_shortage_when_plants_and_quarters_are_equal_then_each_gets_the_same_part() -> None:
    shortage = optimize(UNFAIR).tables["shortage"]
    assert (shortage["short"] / shortage["demand"]).tolist() == pytest.approx([0.5] * 8)


def test_shortage_when_it_is_shared_in_rounds_then_the_program_is_handed_over_once_for_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual, handed = Highs.load, []

    def load(self: Highs, *given: Any) -> None:
        handed.append(given[0].shape)
        usual(self, *given)

    monkeypatch.setattr(Highs, "load", load)
    demand = {"P1": 100.0, "P2": 50.0, "P3": 10.0}
    plan = plan_of(tmp_path, demand=demand, capacity=64, lane={"P1": {"capacity": 34}})
    assert short(plan) == pytest.approx({"P1": 66.0, "P2": 25.0, "P3": 5.0})
    narrowest = min(columns for _, columns in handed)
    assert sum(columns > narrowest for _, columns in handed) == 1


@pytest.mark.parametrize("names", [("P1", "P2", "P3"), ("Z", "M", "B")])
def test_shortage_when_demands_differ_then_the_part_is_the_same_whatever_the_names(
    tmp_path: Path, names: tuple[str, ...]
) -> None:
    plan = plan_of(tmp_path, demand=dict(zip(names, (100.0, 50.0, 10.0), strict=True)), capacity=64)
    assert short(plan) == pytest.approx(dict(zip(names, (60.0, 30.0, 6.0), strict=True)))


def test_shortage_when_a_priority_or_a_cost_says_otherwise_then_is_not_shared(tmp_path: Path) -> None:
    demand = {"P1": 100.0, "P2": 100.0}
    assert short(plan_of(tmp_path, demand=demand, priority={"P1": 2})) == {"P2": 100}
    assert short(plan_of(tmp_path, demand=demand, freight={"P1": 1})) == {"P1": 100}


def test_shortage_when_one_of_three_is_worse_off_by_a_rule_then_the_others_share_what_is_left(tmp_path: Path) -> None:
    rule = '[[limits]]\nlimit = "few"\nmeasure = "tonnes"\nby = "country"\nmember = "CHN"\nsite = "P3"\nvalue = 10\n'
    plan = plan_of(tmp_path, demand={"P1": 100.0, "P2": 100.0, "P3": 100.0}, text=rule)
    assert short(plan) == pytest.approx({"P1": 55, "P2": 55, "P3": 90})


PRICED = '[objective]\nshortage = "priced"\n[[edits]]\ntable = "demand"\nwhere = {}\nset = { shortage_cost = 10 }\n'
LIMITED = """
[objective]
shortage = "limited"
[[limits]]
limit = "level"
measure = "shortage"
value = 70
[[edits]]
table = "offers"
where = {}
set = { price = 0 }
"""
WHOLE = '[[edits]]\ntable = "offers"\nwhere = {}\nset = { order_cost = 0 }\n'
OPENED = '[[edits]]\ntable = "sites"\nwhere = {}\nset = { opening_cost = 0 }\n'


@pytest.mark.parametrize("text", [goes + more for goes in (PRICED, LIMITED) for more in ("", WHOLE, OPENED)])
def test_shortage_when_it_costs_the_same_as_delivery_then_whoever_can_have_it_has_it(tmp_path: Path, text: str) -> None:
    plants = dict.fromkeys("PQRSTUVW", 10.0)
    assert short(plan_of(tmp_path, demand=plants, capacity=80, text=text)) == {}
    assert short(plan_of(tmp_path, demand=plants, capacity=60, text=text)) == pytest.approx(dict.fromkeys(plants, 2.5))
