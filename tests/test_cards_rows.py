"""Each rule on a case that fits on the screen: where it binds, where it does not, and how its row reads."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from builders import SCRAP, TINY, tiny_case, write_question
from cases.chain import Answer, answer
from pyomo.core.expr.visitor import expression_to_string
from pyomo.environ import ConcreteModel

from sourcing import families
from sourcing.answer.setting import network_of
from sourcing.engine.formulation import Formulation, formulate
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.errors import DataError
from sourcing.question import load_question
from sourcing.replay import Replay
from sourcing.testing.example import Example
from sourcing.testing.points import DEFINITIONS, disagreements, rows_of_algebra, rows_of_checks

if TYPE_CHECKING:
    from collections.abc import Callable

    Ask = Callable[..., Answer]

GOLDEN = Path(__file__).parent / "golden"
ONLY_2027 = {"A": {"end": "2028-01-01"}, "B": {"end": "2028-01-01"}}
METAL: dict[str, Any] = {
    "demand": [{"site": "PLANT", "material": "metal", "period": "2028", "quantity": 20}],
    "recipes": [
        {"process": "melt", "material": "oxide", "quantity": -1.25},
        {"process": "melt", "material": "metal", "quantity": 1},
    ],
}


QUARTERS = '[horizon]\nstart = "2027-01"\nperiods = 4\nlength = "quarter"\n'


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Return a function that solves the tiny case with changes."""

    def solved(**changes: Any) -> Answer:
        tiny_case(tmp_path, **changes)
        own = answer(write_question(tmp_path))
        assert own.solution.status == "optimal"
        return own

    return solved


def room(own: Answer, rule: str) -> dict[tuple[Any, ...], float]:
    """Return how much is left in each row of a rule, by key; the checker must find the same."""
    rows = rows_of_algebra(own.formulation, own.solution.x)
    other = rows_of_checks(own.facts, Replay.of(own.plan.tables))
    found = {key: said.residual for (name, key), said in rows.items() if name == rule}
    if rule not in DEFINITIONS:
        assert found == pytest.approx({key: other[rule, key].residual for key in found}, abs=1e-6)
    return found


def tight(own: Answer, rule: str) -> set[tuple[Any, ...]]:
    """Return the keys of the rows of a rule in which nothing is left."""
    return {key for key, left in room(own, rule).items() if abs(left) <= 1e-6}


def limit(**cells: Any) -> dict[str, Any]:
    return {"limits": [{"limit": "far", "by": "supplier", "member": "Far Co", "per": "year", **cells}]}


# Each rule where it binds and where it does not -----------------------------------------------------------------------


def test_offer_when_the_cheap_one_gives_40_t_a_year_then_binds(ask: Ask) -> None:
    own = ask(capacity={"B": 40})
    assert {("B", node) for node in range(6)} <= tight(own, "offer")
    assert own.solution.x[own.formulation.columns["buy"].ids].sum() > 80


def test_offer_when_the_cheap_one_gives_500_t_a_year_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(capacity={"B": 500}), "offer") == set()


def test_process_when_it_makes_5_t_a_year_of_20_then_binds(ask: Ask) -> None:
    own = ask(**METAL, processes=[{"process": "melt", "site": "PLANT", "capacity": 5}])
    assert tight(own, "process") == {("melt", node) for node in range(8)}
    assert own.total("shortage") == pytest.approx(350_000 * 10, rel=1e-6)


def test_process_when_it_makes_100_t_a_year_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(**METAL, processes=[{"process": "melt", "site": "PLANT", "capacity": 100}]), "process") == set()


MILL = [{"process": "melt", "site": "PLANT", "line": "furnace"}]


def test_line_when_the_furnace_takes_5_t_a_year_of_20_then_binds(ask: Ask) -> None:
    own = ask(**METAL, processes=MILL, lines=[{"line": "furnace", "capacity": 5}])
    assert tight(own, "line") == {("furnace", node) for node in range(8)}
    assert own.total("shortage") == pytest.approx(350_000 * 10, rel=1e-6)
    assert own.plan.tables["binding"]["subject"].str.contains("Our plant line furnace capacity").all()


def test_line_when_two_melts_share_it_then_the_better_yield_runs(ask: Ask) -> None:
    poor = [{**row, "process": "poor", "quantity": 2 * min(row["quantity"], 0.5)} for row in METAL["recipes"]]
    both = {**METAL, "recipes": [*METAL["recipes"], *poor]}
    own = ask(**both, processes=[*MILL, {**MILL[0], "process": "poor"}], lines=[{"line": "furnace", "capacity": 8}])
    assert tight(own, "line") == {("furnace", node) for node in range(8)}
    assert set(own.plan.tables["conversions"]["process"]) == {"melt"}


def test_line_when_it_takes_100_t_a_year_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(**METAL, processes=MILL, lines=[{"line": "furnace", "capacity": 100}]), "line") == set()


def test_line_when_it_has_a_ramp_only_then_nothing_runs_before(ask: Ask) -> None:
    ramps = [{"line": "furnace", "from": "2028-01-01", "capacity": 100}]
    own = ask(**METAL, processes=MILL, lines=[{"line": "furnace"}], ramps=ramps)
    assert set(room(own, "line")) == {("furnace", node) for node in range(4, 8)}
    assert own.plan.tables["conversions"]["node"].min() == 4
    assert own.verdict.is_clean


def test_lane_when_it_carries_40_t_a_year_then_binds(ask: Ask) -> None:
    own = ask(lanes={1: {"capacity": 40}})
    assert {("FAR", "PLANT", "", "sea", node) for node in range(6)} <= tight(own, "lane")


def test_lane_when_it_carries_1000_t_a_year_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(lanes={1: {"capacity": 1000}}), "lane") == set()


def test_safety_when_stock_costs_then_binds_in_every_period(ask: Ask) -> None:
    """Opening stock of 20 t leaves 20 - 100 * 30 / 365 t on day 30, when the first order can arrive: more than 10."""
    own = ask(stocks={0: {"safety": 10, "holding_cost": 1000}})
    assert set(room(own, "safety")) == {("PLANT", "oxide", node) for node in range(8)}
    assert ("PLANT", "oxide", 5) in tight(own, "safety")


def test_safety_when_next_year_must_be_in_stock_then_does_not_bind_at_new_year(ask: Ask) -> None:
    own = ask(stocks={0: {"safety": 10, "holding_cost": 1000}}, offers=ONLY_2027)
    assert room(own, "safety")["PLANT", "oxide", 3] > 50


def test_safety_when_it_is_half_a_tonne_then_binds_too(ask: Ask) -> None:
    own = ask(stocks={0: {"safety": 0.5, "holding_cost": 1000}})
    assert ("PLANT", "oxide", 5) in tight(own, "safety")
    assert tight(own, "closing") == {("PLANT", "oxide", 7)}


def test_safety_when_it_is_61_days_then_binds_as_what_they_ask_for(ask: Ask) -> None:
    own = ask(stocks={0: {"safety_days": 61, "safety": 5, "holding_cost": 1000}})
    assert room(own, "safety")["PLANT", "oxide", 3] == pytest.approx(0)
    assert {("PLANT", "oxide", node) for node in (3, 4, 5, 7)} <= tight(own, "safety")
    assert own.formulation.row_lower[own.formulation.rows["safety"].ids][-1] == pytest.approx(61 * 120 / 366)


def test_cover_when_stock_costs_then_binds_once_orders_can_come(ask: Ask) -> None:
    own = ask(stocks={0: {"cover_days": 61, "holding_cost": 1000}})
    assert room(own, "cover")["PLANT", "oxide", 3] == pytest.approx(0)
    assert {("PLANT", "oxide", node) for node in (3, 4, 5, 7)} <= tight(own, "cover")


def test_cover_when_next_year_must_be_in_stock_then_does_not_bind_at_new_year(ask: Ask) -> None:
    own = ask(stocks={0: {"cover_days": 61, "holding_cost": 1000}}, offers=ONLY_2027)
    assert room(own, "cover")["PLANT", "oxide", 3] > 50


def test_closing_when_30_t_are_asked_for_then_binds(ask: Ask) -> None:
    assert tight(ask(stocks={0: {"closing": 30, "holding_cost": 1000}}), "closing") == {("PLANT", "oxide", 7)}


def test_closing_when_the_safety_stock_is_larger_then_does_not_bind(ask: Ask) -> None:
    own = ask(stocks={0: {"closing": 5, "safety": 10, "holding_cost": 1000}})
    assert room(own, "closing") == {("PLANT", "oxide", 7): pytest.approx(5)}


def test_maximum_when_the_store_takes_25_t_of_next_year_then_binds(ask: Ask) -> None:
    own = ask(stocks={0: {"maximum": 25}}, offers=ONLY_2027)
    assert ("PLANT", "oxide", 4) in tight(own, "maximum")
    assert own.total("shortage") > 0


def test_maximum_when_the_store_takes_1000_t_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(stocks={0: {"maximum": 1000}}, offers=ONLY_2027), "maximum") == set()


def test_use_when_the_supplier_pays_then_no_more_is_stocked_than_can_be_used(ask: Ask) -> None:
    own = ask(offers={"B": {"price": -1000, "end": "2027-07-01"}})
    assert any(node < 7 for _, _, node in tight(own, "use"))


def test_use_when_goods_cost_money_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(stocks={0: {"holding_cost": 1000}}), "use") == set()


def mixed(value: float) -> dict[str, Any]:
    return {"limits": [{"limit": "mix", "measure": "hhi", "by": "country", "value": value, "counts": "arrivals"}]}


def test_hhi_when_two_countries_may_have_0_6_then_binds_at_72_and_28_percent(ask: Ask) -> None:
    own = ask(**mixed(0.6))
    assert tight(own, "hhi") == {("mix", "", "", "2027", 3), ("mix", "", "", "2028", 7)}
    shares = own.plan.tables["shares"]
    far = shares[(shares["counted"] == "material") & (shares["lens"] == "country") & (shares["group"] == "CHN")]
    assert far["share"].to_numpy() == pytest.approx((1 + 0.2**0.5) / 2, abs=1e-6)  # s² + (1 - s)² = 0.6


def test_hhi_when_all_may_come_from_one_country_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(**mixed(1.0), offers={"B": {"capacity": 70}}), "hhi") == set()


GOVERNED: dict[str, Any] = {
    "governance": [
        {"country": "AUS", "value": 2},
        {"country": "CHN", "value": 6},
        {"country": "USA", "value": 3, "trade": 0.8},
    ],
    "supply_risk": [{"material": "oxide", "global_hhi": 4, "import_reliance": 1, "eol_rir": 0.2, "substitution": 0.9}],
}


def governed(measure: str, value: float) -> dict[str, Any]:
    own = {
        "limit": "gov",
        "measure": measure,
        "by": "country",
        "material": "oxide",
        "value": value,
        "counts": "arrivals",
    }
    return GOVERNED | {"limits": [own]}


def test_governance_hhi_when_far_is_governed_badly_then_binds_at_half_and_half(ask: Ask) -> None:
    own = ask(**governed("governance_hhi", 2.0), offers={"A": {"capacity": 500}})
    assert tight(own, "governance_hhi") == {("gov", "", "", "2027", 3), ("gov", "", "", "2028", 7)}
    bought = own.plan.tables["purchases"].groupby("country")["tonnes"].sum()
    assert bought["CHN"] / bought.sum() == pytest.approx(0.5, abs=1e-6)  # 6 s² + 2 (1 - s)² = 2


def test_governance_hhi_when_even_the_worst_would_do_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(**governed("governance_hhi", 7)), "governance_hhi") == set()


def test_supply_risk_when_the_own_half_is_limited_then_binds_as_the_formula_says(ask: Ask) -> None:
    own = ask(**governed("supply_risk", 0.8 * 0.9 * (4 / 2 + 2 / 2)), offers={"A": {"capacity": 500}})
    assert tight(own, "supply_risk") == {("gov", "", "", "2027", 3), ("gov", "", "", "2028", 7)}
    bought = own.plan.tables["purchases"].groupby("country")["tonnes"].sum()
    assert bought["CHN"] / bought.sum() == pytest.approx(0.5, abs=1e-6)


def test_supply_risk_when_half_of_the_near_offer_is_recycled_then_only_the_rest_counts(ask: Ask) -> None:
    near = {"A": {"capacity": 500, "recycled": 0.5}}
    own = ask(**governed("supply_risk", 0.8 * 0.9 * (4 / 2 + 2 / 2)), offers=near)
    bought = own.plan.tables["purchases"].groupby("country")["tonnes"].sum()
    assert bought["CHN"] / bought["AUS"] == pytest.approx(0.5, abs=1e-6)


def test_supply_risk_when_the_limit_is_high_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(**governed("supply_risk", 5)), "supply_risk") == set()


def test_share_when_half_may_come_from_far_then_binds(ask: Ask) -> None:
    own = ask(**limit(measure="share", value=0.5))
    assert ("far", "Far Co", "", "2028", 7) in tight(own, "share")


def test_share_when_far_has_little_to_give_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(**limit(measure="share", value=0.5), capacity={"B": 20}), "share") == set()


def test_share_when_near_must_have_30_percent_then_binds_from_below(ask: Ask) -> None:
    own = ask(**limit(measure="share", sense="min", member="Near Ltd", value=0.3))
    assert ("far", "Near Ltd", "", "2028", 7) in tight(own, "share")


def test_share_when_near_must_have_30_percent_and_far_is_shut_then_does_not_bind(ask: Ask) -> None:
    own = ask(**limit(measure="share", sense="min", member="Near Ltd", value=0.3), capacity={"B": 0})
    assert tight(own, "share") == set()


def test_share_when_nothing_is_bought_in_a_year_then_asks_for_nothing(ask: Ask) -> None:
    only_2027 = [{"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 100}]
    own = ask(**limit(measure="share", value=0.5), demand=only_2027)
    assert own.plan.tables["purchases"]["node"].max() < 4
    assert own.verdict.is_clean


def test_balance_when_less_than_a_tonne_is_asked_for_then_is_delivered_too(ask: Ask) -> None:
    little = [{"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 0.4}]
    own = ask(demand=little, stocks={0: {"opening": 0}})
    assert own.plan.tables["purchases"]["tonnes"].sum() == pytest.approx(0.4 * 335 / 365)  # the first comes on day 30


def test_duty_when_own_goods_without_a_value_cross_a_border_then_is_due_on_the_highest_price_and_freight(
    ask: Ask,
) -> None:
    oxide = {"material": "oxide", "stage": "oxide", "tariff_code": "2846"}
    port = {"site": "PORT", "name": "Our store", "kind": "plant", "country": "CHN"}
    lane = {"origin": "PORT", "destination": "PLANT", "material": "oxide", "freight": 9, "transit_days": 60}
    own = ask(
        materials=[oxide, {**oxide, "material": "metal"}],
        sites=[*TINY["sites"], port],
        lanes=[*TINY["lanes"], lane],
        stocks=[{"site": "PORT", "material": "oxide", "opening": 30, "offer": "B"}],
        tariffs=[{"importer": "USA", "origin": "CHN", "tariff_code": "2846", "rate": 0.25, "basis": "cif"}],
    )
    shipped = own.plan.tables["shipments"]
    assert shipped["tonnes"].sum() == pytest.approx(30)
    assert shipped["duty"].sum() == pytest.approx(0.25 * (300_000 + 9) * 30)
    assert own.verdict.is_clean
    assert disagreements(own.facts, own.formulation, 1) == []  # goods that are sent too late pay too


def test_short_when_it_is_priced_and_has_no_price_then_names_the_place_to_fill_in(ask: Ask) -> None:
    asked, case = ask().setting.question, ask().setting.case
    priced = asked.model_copy(update={"objective": asked.objective.model_copy(update={"shortage": "priced"})})
    with pytest.raises(DataError) as refused:
        formulate(network_of(priced, case))
    (fault,) = refused.value.faults
    assert (fault.place, fault.fact) == (
        "demand.csv, column shortage_cost",
        "a tonne short of oxide at PLANT has no price",
    )
    assert fault.repair == 'fill in shortage_cost there or in materials.csv, or ask for shortage = "least"'


def test_total_when_an_order_is_open_then_counts_it_too(ask: Ask) -> None:
    order = {"order": "PO", "site": "PLANT", "material": "oxide", "arrives": "2027-05-01", "quantity": 7, "offer": "B"}
    own = ask(**limit(measure="share", value=0.5, counts="arrivals"), open_orders=[order])
    assert set(tight(own, "total")) == {("far", "", "2027", 3), ("far", "", "2028", 7)}
    counted = dict(zip((3, 7), own.solution.x[own.formulation.columns["counted"].ids].tolist(), strict=True))
    bought = own.plan.tables["stock"].query("node <= 3")["bought"].sum()
    assert counted[3] == pytest.approx(bought + 7)


def test_tonnes_when_far_may_send_50_t_a_year_then_binds(ask: Ask) -> None:
    assert ("far", "Far Co", "", "2028", 7) in tight(ask(**limit(measure="tonnes", value=50)), "tonnes")


def test_tonnes_when_near_must_send_30_t_a_year_then_binds_from_below_and_has_no_upper_bound(ask: Ask) -> None:
    own = ask(**limit(measure="tonnes", sense="min", member="Near Ltd", value=30))
    assert ("far", "Near Ltd", "", "2028", 7) in tight(own, "tonnes")
    rows = own.formulation.rows["tonnes"].ids
    assert own.formulation.row_lower[rows].tolist() == [30, 30]
    assert own.formulation.row_upper[rows].tolist() == [np.inf, np.inf]


def test_balance_when_all_must_be_delivered_then_gives_way_in_tonnes_not_delivered(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    own = answer(write_question(tmp_path, '[objective]\nshortage = "none"\n'))
    gap = formulate(own.network, explaining=True).reliefs["demand"]
    assert (gap.unit, len(gap)) == ("t not delivered", 8)
    assert "short" not in own.formulation.columns


def test_tonnes_when_far_may_send_5000_t_a_year_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(**limit(measure="tonnes", value=5000)), "tonnes") == set()


def test_spend_when_far_may_earn_10_million_a_year_then_binds(ask: Ask) -> None:
    own = ask(**limit(measure="spend", value=10_000_000))
    assert room(own, "spend")["far", "Far Co", "", "2028", 7] == pytest.approx(0, abs=1)


def test_spend_when_far_may_earn_a_billion_a_year_then_does_not_bind(ask: Ask) -> None:
    assert min(room(ask(**limit(measure="spend", value=1_000_000_000)), "spend").values()) > 1e6


def graded(**cells: Any) -> dict[str, Any]:
    return SCRAP | {"limits": [{"limit": "iron", "measure": "grade", "material": "metal", "property": "iron", **cells}]}


def test_grade_when_iron_may_be_2_then_as_much_scrap_is_melted_as_the_oxide_allows(ask: Ask) -> None:
    own = ask(**graded(value=2))
    assert {("iron", "", "PLANT", f"2028-Q{node - 3}", node) for node in range(4, 7)} <= tight(own, "grade")
    made = own.plan.tables["conversions"].groupby("process")["tonnes"].sum()
    assert made["melt"] * 1.25 * (2 - 1) == pytest.approx(made["remelt"] * (5 - 2))
    words = own.plan.tables["binding"].query("rule == 'grade'")["words"]
    assert words.str.fullmatch(r"Iron allowed 1 % higher under iron at Our plant in \S+ would save USD [\d.,]+").all()
    assert own.verdict.is_clean


def test_grade_when_iron_may_be_6_then_scrap_alone_is_good_enough_and_it_does_not_bind(ask: Ask) -> None:
    own = ask(**graded(value=6))
    assert sum(room(own, "grade").values()) == pytest.approx(20 * (1 - 5 / 6))
    assert not own.plan.tables["limits"]["binds"].any()
    assert set(own.plan.tables["conversions"]["process"]) == {"remelt"}


def test_grade_when_iron_must_be_3_then_binds_from_below_where_scrap_is_dear(ask: Ask) -> None:
    own = ask(**graded(value=3, sense="min") | {"offers": [*TINY["offers"], {**SCRAP["offers"][-1], "price": 900_000}]})
    made = own.plan.tables["conversions"].groupby("process")["tonnes"].sum()
    assert made["melt"] * 1.25 * (3 - 1) == pytest.approx(made["remelt"] * (5 - 3))
    assert own.verdict.is_clean


def test_carbon_when_1500_t_a_year_may_be_emitted_then_binds_and_the_clean_one_gives_more(ask: Ask) -> None:
    own = ask(carbon={"A": 5, "B": 20}, limits=[{"limit": "co2", "measure": "carbon", "value": 1500}])
    assert ("co2", "", "", "2028", 7) in tight(own, "carbon")
    assert set(own.plan.tables["purchases"]["offer"]) == {"A", "B"}
    words = own.plan.tables["binding"].query("rule == 'carbon'")["words"]
    assert words.str.fullmatch(r"One tonne of CO2e more for all together under co2 in \d+ would save USD [\d.,]+").all()
    assert own.verdict.is_clean


def test_carbon_when_5000_t_a_year_may_be_emitted_then_does_not_bind(ask: Ask) -> None:
    own = ask(carbon={"A": 5, "B": 20}, limits=[{"limit": "co2", "measure": "carbon", "value": 5000}])
    assert tight(own, "carbon") == set()
    assert set(own.plan.tables["purchases"]["offer"]) == {"B"}


def test_lead_days_when_40_are_allowed_then_binds_between_30_and_45(ask: Ask) -> None:
    own = ask(limits=[{"limit": "soon", "measure": "lead_days", "value": 40}])
    assert tight(own, "lead_days") == {("soon", "", "", "2027", 3), ("soon", "", "", "2028", 7)}
    assert own.plan.tables["limits"]["actual"].to_numpy() == pytest.approx(40)
    tonnes = own.plan.tables["purchases"].groupby("offer")["tonnes"].sum()
    assert tonnes["A"] / tonnes.sum() == pytest.approx(1 / 3)
    words = own.plan.tables["binding"].query("rule == 'lead_days'")["words"]
    assert words.str.fullmatch(r"A lead time 1 % longer for all together under soon in \d+ would save USD [\d,]+").all()
    assert own.verdict.is_clean


def test_lead_days_when_46_are_allowed_then_does_not_bind(ask: Ask) -> None:
    own = ask(limits=[{"limit": "soon", "measure": "lead_days", "value": 46}])
    assert tight(own, "lead_days") == set()
    assert set(own.plan.tables["purchases"]["offer"]) == {"B"}


def kept_short(value: float, **cells: Any) -> dict[str, Any]:
    limits = [{"limit": "level", "measure": "shortage", "value": value, **cells}]
    return {"limits": limits, "capacity": {"A": 20, "B": 60}, "demand": {0: {"priority": 3}}}


def test_shortage_when_the_cheaper_year_may_leave_only_30_t_then_binds_and_the_other_leaves_more(ask: Ask) -> None:
    own = ask(**kept_short(30, **{"from": "2028-01-01"}))
    assert tight(own, "shortage") == {("level", "", "", "2028", 7)}
    assert own.verdict.is_clean


def test_shortage_when_500_t_are_allowed_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(**kept_short(500)), "shortage") == set()


def test_balance_when_solved_then_every_row_is_exact(ask: Ask) -> None:
    own = ask()
    assert tight(own, "balance") == {("PLANT", "oxide", node) for node in range(8)}


def test_balance_when_the_plan_forgets_an_order_then_is_out(ask: Ask) -> None:
    own = ask()
    x = own.solution.x.copy()
    x[own.formulation.columns["buy"].ids] = 0.0
    rows = rows_of_algebra(own.formulation, x)
    assert any(abs(said.residual) > 1 for (rule, _), said in rows.items() if rule == "balance")


def used(own: Answer, name: str = "used") -> set[tuple[Any, ...]]:
    """Return the keys of what a plan uses, or of another of its decisions."""
    return set(Replay.of(own.plan.tables).decided.get(name, {}))


def test_lot_when_the_cheap_one_asks_for_more_than_a_quarter_needs_then_binds(ask: Ask) -> None:
    stock = {"stocks": {0: {"opening": 60, "holding_cost": 40_000}}}
    own = ask(min_lot={"B": 40}, end={"A": "2027-01-02"}, lanes=AT_ONCE, **stock)
    assert used(own) & tight(own, "lot")
    assert own.plan.tables["purchases"]["tonnes"].min() == pytest.approx(40)


def test_lot_when_the_cheap_one_asks_for_a_kilogram_then_does_not_bind(ask: Ask) -> None:
    own = ask(min_lot={"B": 0.001})
    assert used(own)
    assert not used(own) & tight(own, "lot")


def test_switch_when_each_order_costs_more_than_keeping_stock_then_few_periods_are_used(ask: Ask) -> None:
    own = ask(order_cost={"B": 1_000_000}, capacity={"A": 0, "B": 4000})
    closed = {key for key in room(own, "switch") if key not in used(own)}
    assert closed <= tight(own, "switch")
    assert len(used(own)) == 1


def test_switch_when_an_order_costs_a_dollar_then_leaves_room(ask: Ask) -> None:
    own = ask(order_cost={"B": 1}, capacity={"B": 4000})
    assert used(own)
    assert not used(own) & tight(own, "switch")


def test_multiple_when_containers_hold_25_t_then_every_order_is_so_many(ask: Ask) -> None:
    own = ask(lot_multiple={"B": 25}, capacity={"A": 0})
    assert set(room(own, "multiple")) == tight(own, "multiple")
    assert set(own.plan.tables["purchases"]["tonnes"] % 25) == {0.0}


def test_multiple_when_half_a_container_is_ordered_then_is_broken(ask: Ask) -> None:
    own = ask(lot_multiple={"B": 25}, capacity={"A": 0})
    x = own.solution.x.copy()
    x[own.formulation.columns["buy"].ids] *= 1.1
    rows = rows_of_algebra(own.formulation, x)
    assert any(abs(said.residual) > 1 for (rule, _), said in rows.items() if rule == "multiple")


def test_qualified_when_it_takes_half_a_year_then_nothing_comes_of_the_cheap_one_before(ask: Ask) -> None:
    own = ask(qualifications=[{"offer": "B", "days": 181}])
    assert tight(own, "qualified") >= {("offer", "B", "", 0), ("offer", "B", "", 1)}
    assert own.plan.tables["purchases"].query("offer == 'B'")["node"].min() == 2


def test_qualified_when_the_process_changes_in_2028_then_does_not_bind_before(ask: Ask) -> None:
    own = ask(qualifications=[{"offer": "B", "from": "2028-01-01", "days": 181}])
    assert {key[-1] for key in room(own, "qualified")} == {4, 5, 6, 7}
    assert not {("offer", "B", "2028-01-01", node) for node in (4, 5)} & tight(own, "qualified")


def test_once_when_the_cheap_one_is_qualified_then_binds(ask: Ask) -> None:
    assert tight(ask(qualifications=[{"offer": "B", "days": 90}]), "once") == {("offer", "B", "", 7)}


def test_once_when_it_would_cost_more_than_it_saves_then_does_not_bind(ask: Ask) -> None:
    own = ask(qualifications=[{"offer": "B", "days": 90, "cost": 1e9}], capacity={"A": 500})
    assert room(own, "once") == {("offer", "B", "", 7): 1.0}


AT_ONCE = [{**lane, "transit_days": 0} for lane in TINY["lanes"]]
"""Lanes on which nothing lands late in its period."""
APPROVED = ("offer", "B", "", "PLANT", 7)


def test_approved_when_everything_comes_of_one_offer_then_binds(ask: Ask) -> None:
    own = ask(qualifications=[{"offer": "B", "days": 0}], stocks=None, lanes=AT_ONCE)
    assert tight(own, "approved") == {APPROVED}


def test_approved_when_there_was_stock_that_could_be_kept_instead_then_does_not_bind(ask: Ask) -> None:
    own = ask(qualifications=[{"offer": "B", "days": 0}])
    assert room(own, "approved") == {APPROVED: pytest.approx(40)}  # 20 t at hand, used instead of what arrives


def test_approved_when_some_could_be_disposed_of_then_says_nothing(ask: Ask) -> None:
    own = ask(qualifications=[{"offer": "B", "days": 0}], stocks={0: {"disposal_cost": 5}})
    assert not len(own.formulation.rows["approved"])


def tier(above: float, price: float, kind: str = "all_units") -> dict[str, Any]:
    return {"offer": "B", "above": above, "price": price, "kind": kind}


def test_tiers_when_solved_then_every_tonne_ordered_is_priced(ask: Ask) -> None:
    own = ask(tiers=[tier(90, 150_000)])
    assert tight(own, "tiers") == {("offer", "B", "B", 3), ("offer", "B", "B", 7)}


def test_tiers_when_more_is_ordered_than_priced_then_is_broken(ask: Ask) -> None:
    own = ask(tiers=[tier(90, 150_000)])
    x = own.solution.x.copy()
    x[own.formulation.columns["buy"].ids] *= 1.1
    assert any(
        abs(said.residual) > 1 for (rule, _), said in rows_of_algebra(own.formulation, x).items() if rule == "tiers"
    )


def test_tier_from_when_a_little_more_makes_all_cheaper_then_binds(ask: Ask) -> None:
    own = ask(tiers=[tier(150, 190_000)], capacity={"B": 150})
    assert ("offer", "B", "150 t", 3) in used(own, "reached") & tight(own, "tier_from")


def test_tier_from_when_far_exceeded_then_does_not_bind(ask: Ask) -> None:
    own = ask(tiers=[tier(10, 190_000)])
    assert used(own, "reached")
    assert not used(own, "reached") & tight(own, "tier_from")


def test_tier_to_when_more_is_dearer_then_binds_at_the_next_tier(ask: Ask) -> None:
    own = ask(tiers=[tier(60, 290_000)])
    assert ("offer", "B", "0 t", 3) in tight(own, "tier_to")
    assert not used(own, "reached")
    assert own.plan.tables["cost"].query("head == 'discount'")["amount"].sum() == 0


def test_tier_to_when_the_next_tier_is_far_then_does_not_bind(ask: Ask) -> None:
    own = ask(tiers=[tier(400, 290_000)])
    assert ("offer", "B", "0 t", 3) not in tight(own, "tier_to")


def test_slice_when_the_next_is_dearer_then_fills_up_first(ask: Ask) -> None:
    own = ask(tiers=[tier(50, 250_000, "incremental"), tier(80, 280_000, "incremental")])
    assert {("offer", "B", "0 t", 3), ("offer", "B", "0 t", 7)} <= tight(own, "slice")
    assert not own.formulation.whole.any()


def test_slice_when_it_holds_all_that_is_wanted_then_does_not_bind(ask: Ask) -> None:
    own = ask(tiers=[tier(400, 250_000, "incremental")])
    assert tight(own, "slice") == set()


def number(**cells: Any) -> dict[str, Any]:
    return {
        "limits": [
            {"limit": "number", "measure": "suppliers", "by": "supplier", "per": "year", "counts": "arrivals", **cells}
        ]
    }


def counted(own: Answer) -> list[float]:
    """Return what limits on numbers count, by window."""
    return own.plan.tables["limits"].query("limit == 'number'").sort_values("node")["counted"].tolist()


def test_suppliers_when_one_may_deliver_and_each_has_half_then_binds_and_demand_is_short(ask: Ask) -> None:
    own = ask(**number(value=1), capacity={"A": 60, "B": 60})
    assert tight(own, "suppliers") == {("number", "", "", "2027", 3), ("number", "", "", "2028", 7)}
    assert counted(own) == [1, 1]
    assert own.total("shortage") > 0


def test_suppliers_when_two_may_deliver_then_does_not_bind_where_one_is_cheaper(ask: Ask) -> None:
    own = ask(**number(value=2))
    assert counted(own) == [1, 1]
    assert not own.plan.tables["limits"]["binds"].any()


def test_suppliers_when_two_are_asked_for_then_the_dear_one_gets_what_it_takes_to_count(ask: Ask) -> None:
    own = ask(**number(sense="min", value=2, at_least=15))
    assert tight(own, "suppliers") == {("number", "", "", "2027", 3), ("number", "", "", "2028", 7)}
    bought = own.plan.tables["purchases"].groupby("offer")["tonnes"].sum()
    assert bought["A"] == pytest.approx(2 * 15)
    assert own.verdict.is_clean


def test_enough_when_two_are_asked_for_then_binds_for_the_dear_one(ask: Ask) -> None:
    own = ask(**number(sense="min", value=2, at_least=15))
    assert tight(own, "enough") == {("number", "Near Ltd", "", "2027", 3), ("number", "Near Ltd", "", "2028", 7)}


def test_enough_when_the_cheap_one_is_asked_for_then_leaves_room(ask: Ask) -> None:
    own = ask(**number(sense="min", value=1, at_least=15))
    assert ("number", "Far Co", "", "2028", 7) not in tight(own, "enough")


def test_absent_when_one_may_deliver_more_than_5_t_then_the_other_brings_5_t(ask: Ask) -> None:
    own = ask(**number(value=1, at_least=5), capacity={"A": 60, "B": 60})
    assert {("number", "Near Ltd", "", "2027", 3), ("number", "Far Co", "", "2027", 3)} & tight(own, "absent")
    assert counted(own) == [1, 1]
    assert own.verdict.is_clean


def test_absent_when_everybody_may_deliver_then_leaves_room(ask: Ask) -> None:
    own = ask(**number(value=2))
    assert used(own, "present")
    assert not used(own, "present") & tight(own, "absent")


STORES: dict[str, Any] = {
    "sites": [*TINY["sites"], {"site": "DEPOT", "kind": "plant", "country": "USA"}],
    "lanes": [*TINY["lanes"], *({**lane, "destination": "DEPOT"} for lane in TINY["lanes"])],
    "demand": [*TINY["demand"], {**TINY["demand"][0], "site": "DEPOT", "quantity": 20}],
    "stocks": None,
}


def test_destinations_when_each_may_serve_one_site_then_binds_and_the_dear_one_serves_the_other(ask: Ask) -> None:
    own = ask(**STORES, **number(measure="destinations", value=1))
    assert ("number", "Far Co", "", "2027", 3) in tight(own, "destinations")
    served = own.plan.tables["purchases"].groupby("offer")["destination"].agg(set).to_dict()
    assert served == {"A": {"DEPOT"}, "B": {"PLANT"}}
    assert own.verdict.is_clean


def test_destinations_when_each_may_serve_two_sites_then_does_not_bind_for_the_dear_one(ask: Ask) -> None:
    at_once = [{**lane, "transit_days": 0} for lane in STORES["lanes"]]
    own = ask(**{**STORES, "lanes": at_once}, **number(measure="destinations", value=2))
    assert set(own.plan.tables["purchases"]["offer"]) == {"B"}
    assert own.verdict.is_clean


def together(**cells: Any) -> dict[str, Any]:
    return {"conditions": [{"condition": "both", "kind": "offer", "if": "B", "then": "A", "at_least": 4, **cells}]}


def test_condition_when_the_cheap_one_asks_for_the_dear_one_then_binds_where_it_is_used(ask: Ask) -> None:
    own = ask(**together(), capacity={"B": 4000})
    ordered = own.plan.tables["purchases"].groupby(["offer", "node"])["tonnes"].sum()
    assert set(ordered["B"].index) == set(ordered["A"].index)
    assert ordered["A"].tolist() == pytest.approx([4] * len(ordered["A"]))
    assert {("both", node) for node in ordered["B"].index} <= tight(own, "condition")
    assert own.verdict.is_clean


def test_condition_when_once_in_the_horizon_is_enough_then_the_dear_one_is_used_for_that_much(ask: Ask) -> None:
    own = ask(**together(per="horizon"), capacity={"B": 4000})
    assert own.plan.tables["purchases"].groupby("offer")["tonnes"].sum()["A"] == pytest.approx(4)
    assert own.verdict.is_clean


def test_condition_when_the_dear_one_asks_for_the_cheap_one_then_does_not_bind(ask: Ask) -> None:
    own = ask(**together(**{"if": "A", "then": "B"}))
    assert set(own.plan.tables["purchases"]["offer"]) == {"B"}
    assert min(room(own, "condition").values()) >= 0


DEPOT = {"site": "DEPOT", "name": "Our depot", "kind": "warehouse", "country": "USA"}
LEG = {"origin": "FAR", "destination": "DEPOT", "freight": 10}


def by_depot(depot: dict[str, Any], far: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return changes by which goods from Far come over a depot, or dearer straight."""
    straight = {**TINY["lanes"][1], "freight": 50_000}
    return {
        "sites": [TINY["sites"][0], {**TINY["sites"][1], **(far or {})}, TINY["sites"][2], {**DEPOT, **depot}],
        "lanes": [TINY["lanes"][0], straight, LEG, {**LEG, "origin": "DEPOT", "destination": "PLANT"}],
        "stocks": [*TINY["stocks"], {"site": "DEPOT", "material": "oxide"}],
    }


def melting(**terms: Any) -> dict[str, Any]:
    return {**METAL, "processes": [{"process": "melt", "site": "PLANT", "capacity": 100, **terms}]}


WAY = ("DEPOT", "PLANT", "")


def test_opens_when_a_process_is_opened_then_binds_in_that_period(ask: Ask) -> None:
    own = ask(**melting(opening_cost=9))
    ((*_, first),) = used(own, "opened")
    assert ("process", "melt", first) in tight(own, "opens")


def test_opens_when_what_was_there_closes_then_leaves_room_once(ask: Ask) -> None:
    demand = [{"site": "PLANT", "material": "metal", "period": "2027-Q3", "quantity": 20}]
    own = ask(**{**melting(fixed_cost=9), "demand": demand})
    last = max(node for *_, node in used(own, "open"))
    assert set(room(own, "opens")) - tight(own, "opens") == {("process", "melt", last + 1)}


def test_opened_once_when_opened_then_binds(ask: Ask) -> None:
    assert tight(ask(**melting(opening_cost=9)), "opened_once") == {("process", "melt", 7)}


def test_opened_once_when_it_is_not_worth_it_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(**by_depot({"opening_cost": 1e9})), "opened_once") == set()


def test_run_when_a_process_costs_more_to_keep_than_it_needs_then_nothing_runs_while_closed(ask: Ask) -> None:
    own = ask(**melting(fixed_cost=1_000_000))
    closed = {("process", "melt", "melt", node) for node in range(8)} - {
        ("process", "melt", "melt", node) for *_, node in used(own, "open")
    }
    assert closed
    assert closed <= tight(own, "run")
    assert own.total("shortage") == 0


def test_run_when_open_and_large_then_does_not_bind(ask: Ask) -> None:
    own = ask(**melting(fixed_cost=1))
    assert not {("process", "melt", "melt", node) for *_, node in used(own, "open")} & tight(own, "run")


def test_throughput_when_the_plant_takes_40_t_a_year_then_binds(ask: Ask) -> None:
    own = ask(sites={"PLANT": {"capacity": 40}})
    assert {("PLANT", node) for node in range(1, 7)} <= tight(own, "throughput")
    assert own.total("shortage") > 0


def test_throughput_when_the_depot_passes_50_t_a_year_then_has_a_price(ask: Ask) -> None:
    own = ask(**by_depot({"capacity": 50, "opening_cost": 9}))
    assert ("DEPOT", 1) in tight(own, "throughput")
    priced = own.plan.tables["binding"].query("rule == 'throughput'")
    assert ((priced["value"] - 12.5).abs() < 0.2).all()
    assert own.verdict.is_clean


def test_throughput_when_the_plant_takes_1000_t_a_year_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(sites={"PLANT": {"capacity": 1000}}), "throughput") == set()


def test_arrival_when_the_depot_is_closed_then_nothing_arrives(ask: Ask) -> None:
    own = ask(**by_depot({"opening_cost": 1e9}))
    assert {("DEPOT", "oxide", node) for node in range(8)} <= tight(own, "arrival")


def test_arrival_when_the_depot_is_open_and_goods_come_as_needed_then_does_not_bind(ask: Ask) -> None:
    own = ask(**by_depot({"opening_cost": 9}), capacity={"B": 120})
    assert ("DEPOT", "oxide", 0) in room(own, "arrival")
    assert ("DEPOT", "oxide", 0) not in tight(own, "arrival")


def test_sent_when_the_depot_is_closed_then_nothing_leaves(ask: Ask) -> None:
    own = ask(**by_depot({"opening_cost": 1e9}))
    assert {(*WAY, node) for node in range(8)} == tight(own, "sent")


def test_sent_when_the_depot_is_open_then_does_not_bind(ask: Ask) -> None:
    own = ask(**by_depot({"opening_cost": 9}), capacity={"B": 120})
    assert (*WAY, 0) not in tight(own, "sent")


def test_sold_when_a_supplier_is_not_worth_its_fixed_cost_then_nothing_is_ordered(ask: Ask) -> None:
    own = ask(**by_depot({}, {"fixed_cost": 1e9}), capacity={"A": 500})
    assert {("B", node) for node in range(8)} == tight(own, "sold")
    assert set(own.plan.tables["purchases"]["offer"]) == {"A"}


def test_sold_when_a_supplier_is_open_and_has_more_than_is_needed_then_does_not_bind(ask: Ask) -> None:
    own = ask(**by_depot({}, {"fixed_cost": 1}), capacity={"B": 5000})
    assert ("B", 0) not in tight(own, "sold")


def test_bought_when_the_supplier_is_closed_then_no_route_is_used(ask: Ask) -> None:
    own = ask(**by_depot({}, {"fixed_cost": 1e9}), capacity={"A": 500})
    assert {("B", to, mode, 3) for to, mode in (("PLANT", "sea"), ("DEPOT", ""))} <= tight(own, "bought")


def test_bought_when_one_route_of_an_open_supplier_is_dear_then_does_not_bind(ask: Ask) -> None:
    own = ask(**by_depot({}, {"fixed_cost": 1}), capacity={"B": 120})
    assert ("B", "PLANT", "sea", 0) not in tight(own, "bought")


def few(value: float) -> dict[str, Any]:
    return {"limits": [{"limit": "few", "measure": "facilities", "value": value}]}


def test_facilities_when_one_may_be_open_then_binds(ask: Ask) -> None:
    own = ask(**by_depot({"fixed_cost": 1}, {"fixed_cost": 1}), **few(1))
    assert ("few", "", "", "2027-Q1", 0) in tight(own, "facilities")
    assert ("site", "DEPOT", 0) not in used(own, "open")
    assert own.plan.tables["limits"].query("node == 0")["counted"].tolist() == [1]


def test_facilities_when_three_may_be_open_then_does_not_bind(ask: Ask) -> None:
    own = ask(**by_depot({"fixed_cost": 1}, {"fixed_cost": 1}), **few(3))
    assert tight(own, "facilities") == set()


def deal(**cells: Any) -> dict[str, Any]:
    return {"contracts": [{"contract": "deal", "offer": "B", "price": 150_000, "signed": "yes", **cells}]}


def test_called_when_the_contract_is_cheaper_then_all_that_is_ordered_is_called_off(ask: Ask) -> None:
    own = ask(**deal())
    ordered = {key for key, tonnes in Replay.of(own.plan.tables).buy.items() if key[0] == "B" and tonnes}
    assert ordered <= tight(own, "called")


def test_called_when_the_contract_is_dearer_then_the_rest_is_bought_beside_it(ask: Ask) -> None:
    own = ask(**deal(price=250_000, minimum=1))
    assert len(tight(own, "called")) < len(room(own, "called"))


def test_contract_minimum_when_it_is_dearer_than_spot_then_binds(ask: Ask) -> None:
    own = ask(**deal(price=250_000, minimum=40, per="year"))
    assert tight(own, "contract_minimum") == {("deal", "2027", 3), ("deal", "2028", 7)}
    words = own.plan.tables["binding"]["words"]
    assert "One tonne less as minimum of deal up to 2027-Q4 would save USD 50,000" in set(words)


def test_contract_minimum_when_it_is_cheaper_than_spot_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(**deal(minimum=40)), "contract_minimum") == set()


def test_contract_maximum_when_it_is_cheaper_than_spot_then_binds(ask: Ask) -> None:
    own = ask(**deal(maximum=30))
    assert tight(own, "contract_maximum") == {("deal", "term", 7)}
    assert "One more tonne under deal up to 2028-Q4 is worth USD 50,000" in set(own.plan.tables["binding"]["words"])


def test_contract_maximum_when_it_is_dearer_than_spot_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(**deal(price=250_000, minimum=10, maximum=30)), "contract_maximum") == set()


OPEN = {"signed": "", "fee": 9, "maximum": 999}
USE = ("deal", "PLANT", 7)


def test_contract_use_when_everything_is_called_off_then_binds(ask: Ask) -> None:
    assert tight(ask(**deal(**OPEN), stocks=None, lanes=AT_ONCE), "contract_use") == {USE}


def test_contract_use_when_there_was_stock_that_could_be_kept_instead_then_does_not_bind(ask: Ask) -> None:
    assert room(ask(**deal(**OPEN)), "contract_use") == {USE: pytest.approx(40)}  # 20 t at hand are used instead


def test_contract_use_when_some_could_be_disposed_of_or_it_is_signed_then_says_nothing(ask: Ask) -> None:
    assert not len(ask(**deal()).formulation.rows["contract_use"])
    own = ask(**deal(**OPEN), stocks={0: {"disposal_cost": 5}})
    assert not len(own.formulation.rows["contract_use"])


def test_credited_when_more_was_prepaid_than_is_called_off_then_binds(ask: Ask) -> None:
    own = ask(**deal(maximum=30, prepayment=100_000_000))
    assert tight(own, "credited") == set(room(own, "credited"))


def test_credited_when_less_was_prepaid_then_does_not_bind_everywhere(ask: Ask) -> None:
    own = ask(**deal(maximum=30, prepayment=1_500_000))
    assert len(tight(own, "credited")) < len(room(own, "credited"))


def test_prepayment_when_less_than_what_is_called_off_then_binds(ask: Ask) -> None:
    assert tight(ask(**deal(maximum=30, prepayment=1_500_000)), "prepayment") == {("deal", 7)}


def test_prepayment_when_more_than_what_is_called_off_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(**deal(maximum=30, prepayment=100_000_000)), "prepayment") == set()


def steady(until: str | None, *last: tuple[str, str, float], **costs: float) -> dict[str, Any]:
    """Return a last plan that ordered tonnes of an offer in a quarter of 2027, and terms for changing it."""
    orders = [
        {
            **{"offer": offer, "destination": "PLANT", "mode": "sea", "tonnes": tonnes},
            **{"from": f"2027-{3 * int(quarter[1]) - 2:02d}-01", "until": NEXT_QUARTER[quarter]},
        }
        for offer, quarter, tonnes in last
    ]
    return {"last_orders": orders or None, "change_terms": [{"offer": "", "frozen_until": until, **costs}]}


NEXT_QUARTER = {"Q1": "2027-04-01", "Q2": "2027-07-01", "Q3": "2027-10-01", "Q4": "2028-01-01"}


def test_stands_when_the_last_plan_bought_from_the_dear_one_then_binds_and_has_a_price(ask: Ask) -> None:
    own = ask(**steady("2027-04-01", ("A", "Q1", 10), ("B", "Q1", 30)))
    assert ("A", "PLANT", "sea", 0) in tight(own, "stands")
    bound = own.plan.tables["binding"]
    assert "frozen order from Near Ltd Dy oxide (A) to Our plant in 2027-Q1" in " ".join(bound["words"])


def test_stands_when_the_window_ends_within_the_period_then_only_what_is_dated_before_does(ask: Ask) -> None:
    own = ask(**steady("2027-02-01", ("B", "Q1", 9)))
    assert room(own, "stands").keys() == {("B", "PLANT", "sea", 0)}
    assert tight(own, "stands") == set()
    assert own.formulation.row_lower[own.formulation.rows["stands"].ids].tolist() == pytest.approx([9 * 31 / 90])


def test_frozen_when_the_last_plan_ordered_nothing_then_nothing_is_ordered_and_demand_is_short(ask: Ask) -> None:
    own = ask(**steady("2027-04-01"), lanes=AT_ONCE)
    assert {key[0] for key in tight(own, "frozen")} == {"A", "B"}
    assert own.plan.tables["purchases"]["node"].min() == 1
    assert own.plan.tables["shortage"]["period"].tolist() == ["2027-Q1"]
    assert "keeps demand short in 2027-Q1" in " ".join(own.plan.tables["binding"]["words"])


def test_frozen_when_the_dear_one_is_frozen_then_has_no_price(ask: Ask) -> None:
    terms = {"offer": "A", "frozen_until": "2028-01-01"}
    own = ask(last_orders=steady(None, ("A", "Q1", 0))["last_orders"], change_terms=[terms])
    assert {key[0] for key in tight(own, "frozen")} == {"A"}
    assert "frozen" not in own.plan.tables["binding"]["rule"].tolist()


def test_changed_when_a_change_costs_more_than_it_saves_then_the_last_plan_is_kept(ask: Ask) -> None:
    own = ask(**steady(None, ("A", "Q1", 14), ("A", "Q2", 14), cost_more=60_000, cost_less=60_000))
    kept = own.plan.tables["purchases"].query("offer == 'A'")
    assert kept[["node", "tonnes"]].to_numpy().tolist() == pytest.approx(np.array([[0, 14], [1, 14]]))
    assert all(abs(left) <= 1e-6 for left in room(own, "changed").values())


def test_changed_when_a_change_saves_more_than_it_costs_then_each_tonne_moved_costs_twice(ask: Ask) -> None:
    own = ask(**steady(None, ("A", "Q1", 14), cost_more=20_000, cost_less=5_000))
    moved, cost = own.plan.tables["changes"], own.plan.tables["cost"]
    more, less = (float(moved.loc[moved["offer"] == offer, "change"].abs().sum()) for offer in ("B", "A"))
    assert less == pytest.approx(14)
    assert cost.loc[cost["head"] == "changes", "amount"].sum() == pytest.approx(20_000 * more + 5_000 * less)
    x = own.solution.x.copy()
    x[own.formulation.columns["buy"].ids] += 1.0
    assert {rule for (rule, _), said in rows_of_algebra(own.formulation, x).items() if said.residual > 0.5} >= {
        "changed"
    }


def award(offer: str, period: str = "2027", **cells: Any) -> dict[str, Any]:
    return {"offer": offer, "period": period, **cells}


def test_award_least_when_the_dear_one_is_awarded_30_t_then_binds(ask: Ask) -> None:
    assert tight(ask(awards=[award("A", quantity=30)]), "award_least") == {("A", "2027", "", 3)}


def test_award_least_when_the_plan_forgets_an_order_then_is_broken_and_does_not_bind(ask: Ask) -> None:
    own = ask(awards=[award("A", share=0.3), award("B", quantity=90)])
    less = own.plan.tables["purchases"].query("offer != 'B'")
    rows = rows_of_checks(own.facts, Replay.of(own.plan.tables | {"purchases": less}))
    assert rows["award_least", ("B", "2027", "", 3)].residual == pytest.approx(-90)
    assert rows["award_least", ("A", "2027", "", 3)].residual > 1


def test_award_most_when_the_cheap_one_is_awarded_30_t_then_binds(ask: Ask) -> None:
    own = ask(awards=[award("B", quantity=30)], capacity={"A": 500})
    assert tight(own, "award_most") == {("B", "2027", "", 3)}
    (words,) = own.plan.tables["binding"].query("rule == 'award_most'")["words"]
    assert words == "One tonne more awarded to Far Co Dy oxide (B) in 2027 would save USD 99,900"


def test_award_most_when_the_plan_forgets_an_order_then_does_not_bind(ask: Ask) -> None:
    own = ask(awards=[award("B", quantity=90)])
    less = own.plan.tables["purchases"].query("offer != 'B'")
    rows = rows_of_checks(own.facts, Replay.of(own.plan.tables | {"purchases": less}))
    assert rows["award_most", ("B", "2027", "", 3)].residual == pytest.approx(90)


def incumbent(offer: str = "A", **cells: Any) -> dict[str, Any]:
    return {"offer": offer, "quantity": 30, **cells}


def test_move_when_leaving_is_cheap_then_binds(ask: Ask) -> None:
    own = ask(incumbents=[incumbent(switching_cost=10)])
    assert tight(own, "move") == {("A", 3), ("A", 7)}
    assert used(own, "moved") == {("A", 3), ("A", 7)}


def test_move_when_more_is_bought_than_today_then_does_not_bind(ask: Ask) -> None:
    own = ask(incumbents=[incumbent("B", switching_cost=10)])
    assert (tight(own, "move"), used(own, "moved")) == (set(), set())


def test_may_move_when_a_third_may_leave_then_binds(ask: Ask) -> None:
    own = ask(incumbents=[incumbent(may_move=10)])
    assert tight(own, "may_move") == {("A", 3), ("A", 7)}
    (first, _) = own.plan.tables["binding"].query("rule == 'may_move'")["words"]
    assert first.startswith("One more tonne that may move away from Near Ltd Dy oxide (A) in 202")


def test_may_move_when_all_may_leave_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(incumbents=[incumbent(may_move=31)]), "may_move") == set()


def test_may_move_all_when_a_third_may_leave_then_binds(ask: Ask) -> None:
    own = ask(incumbents=[incumbent()], materials={"oxide": {"may_move": 10}})
    assert tight(own, "may_move_all") == {("oxide", 3), ("oxide", 7)}


def test_may_move_all_when_all_may_leave_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(incumbents=[incumbent()], materials={"oxide": {"may_move": 31}}), "may_move_all") == set()


WORKS: dict[str, Any] = {
    "sites": [*TINY["sites"], {"site": "WORKS", "name": "Our works", "kind": "plant", "country": "USA"}],
    "lanes": [*TINY["lanes"], *({**lane, "destination": "WORKS"} for lane in TINY["lanes"])],
    "demand": [*TINY["demand"], {**TINY["demand"][0], "site": "WORKS"}, {**TINY["demand"][1], "site": "WORKS"}],
    "stocks": None,
}


def alike(**cells: Any) -> dict[str, Any]:
    return {"splits": [{"split": "event", "site": site, "material": "oxide", **cells} for site in ("PLANT", "WORKS")]}


@pytest.mark.parametrize("rule", ["split_least", "split_most"])
def test_split_least_when_two_sites_are_alike_then_binds_as_split_most_does(ask: Ask, rule: str) -> None:
    own = ask(**WORKS, **alike(), capacity={"B": 100})
    everybody = {
        ("event", who, at, year) for who in ("Near Ltd", "Far Co") for at in ("PLANT", "WORKS") for year in (3, 7)
    }
    assert tight(own, rule) == everybody


def test_split_least_when_all_may_differ_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(**WORKS, **alike(within=1), capacity={"B": 100}), "split_least") == set()


def test_split_most_when_little_room_is_enough_for_the_dear_lane_then_binds(ask: Ask) -> None:
    dear = {2: {"freight": 150_000}}
    own = ask(
        **(WORKS | {"lanes": [*WORKS["lanes"][:2], {**WORKS["lanes"][2], **dear[2]}, WORKS["lanes"][3]]}),
        **alike(within=0.1),
        capacity={"B": 100},
    )
    assert ("event", "Far Co", "WORKS", 3) in tight(own, "split_most")


def test_split_most_when_all_may_differ_then_does_not_bind(ask: Ask) -> None:
    assert tight(ask(**WORKS, **alike(within=1), capacity={"B": 100}), "split_most") == set()


def test_early_when_nothing_is_there_and_the_first_order_takes_30_days_then_binds(ask: Ask) -> None:
    own = ask(stocks=None)
    assert ("PLANT", "oxide", "2027-01-31", 0) in tight(own, "early")
    short = own.plan.tables["shortage"].set_index("node")["short"]
    assert short[0] == pytest.approx(100 * 30 / 365)


def test_early_when_stock_lasts_until_the_first_order_then_does_not_bind(ask: Ask) -> None:
    own = ask()
    assert own.plan.tables["shortage"].empty
    assert not {key for key in tight(own, "early") if key[-1] == 0}


def within(folder: Path, how: str, **changes: Any) -> Answer:
    """Return the tiny case by quarters, of which stock is looked at on worst days."""
    tiny_case(folder, **changes)
    own = answer(write_question(folder, QUARTERS.replace("[horizon]\n", f'[horizon]\nwithin = "{how}"\n')))
    assert own.solution.status == "optimal"
    return own


def test_worst_day_when_too_little_comes_before_the_large_order_then_binds(tmp_path: Path) -> None:
    own = within(tmp_path, "not_empty", stocks=None)
    assert ("PLANT", "oxide", "2027-02-15", 0) in tight(own, "worst_day")
    due, come = 100 * 45 / 365, 60 * 15 / 365  # A's capacity, from day 30 on, until B's first day, 45
    assert own.plan.tables["shortage"].set_index("node")["short"][0] == pytest.approx(due - come)


def test_worst_day_when_stock_lasts_until_the_first_order_then_does_not_bind(tmp_path: Path) -> None:
    own = within(tmp_path, "not_empty")
    assert {key[2] for key in room(own, "worst_day") if key[-1] == 0} == {"2027-01-31", "2027-02-15"}
    assert not {key for key in tight(own, "worst_day") if key[-1] == 0}


def test_worst_day_when_safety_is_asked_then_binds_once_a_period_had_to_end_with_it(tmp_path: Path) -> None:
    stocks = [{**TINY["stocks"][0], "safety": 10, "holding_cost": 9_000}]
    found = room(within(tmp_path, "safety", stocks=stocks), "worst_day")
    other = room(within(tmp_path, "not_empty", stocks=stocks), "worst_day")
    assert min(found[key] for key in found if key[-1] > 1) == pytest.approx(0)
    assert 0 < min(other[key] for key in other if key[-1] > 1) < 10


APART: dict[str, Any] = {
    **METAL,
    "sites": [*TINY["sites"], DEPOT],
    "lanes": [
        *({**lane, "destination": "DEPOT"} for lane in TINY["lanes"]),
        {**LEG, "origin": "DEPOT", "destination": "PLANT"},
    ],
    "demand": [*METAL["demand"], {**TINY["demand"][1], "period": "2028-Q4"}],
    "stocks": [
        {"site": "DEPOT", "material": "oxide"},
        {"site": "PLANT", "material": "oxide", "opening": 9, "disposal_cost": 10, "maximum": 30},
    ],
    "processes": [{"process": "melt", "site": "PLANT", "days": 9}],
    "limits": [{"limit": "kept", "measure": "share", "by": "country", "member": "CHN", "value": 0.5, "counts": "use"}],
}
"""Oxide from two countries by a depot to the plant, used there and melted; half of what is used may be Chinese."""
ALIKE = {**APART, "offers": [TINY["offers"][1]], "stocks": [{"site": "DEPOT", "material": "oxide"}]}
"""The same, with nothing but Chinese oxide: there are no lots to keep apart."""


TOGETHER = ["hold_apart", "ship_apart", "make_apart", "use_apart", "dispose_apart"]


@pytest.mark.parametrize("rule", TOGETHER)
def test_lots_when_two_countries_meet_then_are_together_what_there_is(ask: Ask, rule: str) -> None:
    own = ask(**APART)
    assert tight(own, rule) == set(room(own, rule)) != set()
    assert room(ask(**ALIKE), rule) == {}


def test_lot_balance_when_two_countries_meet_then_each_lot_goes_as_what_it_came(ask: Ask) -> None:
    own = ask(**APART)
    assert tight(own, "lot_balance") == set(room(own, "lot_balance")) != set()
    x = own.solution.x.copy()
    x[own.formulation.columns["buy"].ids] = 0.0
    rows = rows_of_algebra(own.formulation, x)
    assert any(abs(said.residual) > 1 for (rule, _), said in rows.items() if rule == "lot_balance")


def test_lot_balance_when_goods_are_of_one_country_then_there_is_none(ask: Ask) -> None:
    assert room(ask(**ALIKE), "lot_balance") == {}


def paced(first: float, second: float, pace: float | str = 0.2) -> dict[str, Any]:
    """Return changes: so many tonnes are due in every quarter of 2027 and of 2028, and stock is dear."""
    asked = [(f"{year}-Q{n}", tonnes) for year, tonnes in ((2027, first), (2028, second)) for n in (1, 2, 3, 4)]
    return {
        "demand": [{"site": "PLANT", "material": "oxide", "period": at, "quantity": tonnes} for at, tonnes in asked],
        "stocks": [{"site": "PLANT", "material": "oxide", "opening": 20, "holding_cost": 5_000}],
        "offers": {"B": {"change_maximum": pace, "capacity": 200}},
        "lanes": [{"origin": "FAR", "destination": "PLANT", "mode": "sea"}, TINY["lanes"][0]],
    }


def test_rise_when_demand_rises_faster_then_binds(ask: Ask) -> None:
    own = ask(**paced(5, 20))
    assert {("B", node) for node in (2, 3)} & tight(own, "rise")
    assert not tight(own, "fall") & {("B", node) for node in (2, 3)}
    assert own.solution.level("cost").value > ask(**paced(5, 20, "")).solution.level("cost").value


def test_rise_when_a_quarter_is_enough_then_there_is_no_row(ask: Ask) -> None:
    assert room(ask(**paced(5, 20, 4.2)), "rise") == room(ask(**paced(5, 20, "")), "rise") == {}


def test_rise_when_orders_are_even_then_does_not_bind(ask: Ask) -> None:
    assert not tight(ask(offers={"B": {"change_maximum": 3}}), "rise")


def test_fall_when_demand_falls_faster_then_binds(ask: Ask) -> None:
    own = ask(**paced(20, 5))
    assert {("B", node) for node in (3, 4)} & tight(own, "fall")
    assert own.solution.level("cost").value > ask(**paced(20, 5, "")).solution.level("cost").value


def test_fall_when_orders_are_even_then_does_not_bind(ask: Ask) -> None:
    assert not tight(ask(offers={"B": {"change_maximum": 3}}), "fall")


def test_every_rule_has_a_case_in_which_it_binds_and_one_in_which_it_does_not() -> None:
    rules = {rule.name for card in families.cards().values() for rule in card.rules}
    names = [name for name in globals() if name.startswith("test_")]
    tried = {rule for rule in rules if len([n for n in names if n.startswith(f"test_{rule}_when_")]) >= 2}
    assert rules - tried == DEFINITIONS | set(TOGETHER)


# How a row reads ------------------------------------------------------------------------------------------------------

EVERYTHING: dict[str, Any] = {
    **GOVERNED,
    "lanes": {1: {"capacity": 365, "carbon": 0.25}},
    "offers": {"B": {"min_lot": 20, "lot_multiple": 4, "carbon": 16}, "A": {"change_maximum": 0.5}},
    "qualifications": [{"offer": "B", "days": 80, "cost": 9000}, {"process": "melt", "days": 0}],
    "contracts": [
        {"contract": name, "offer": "B", "price": 190_000, "minimum": 20, "maximum": 50, "take_or_pay": share}
        | {"prepayment": 1_900_000, "payment_days": 73}
        for name, share in (("frame", ""), ("pay", 0.8))
    ],
    "stocks": [
        {**TINY["stocks"][0], "safety": 10, "safety_days": 42, "closing": 15, "maximum": 80, "cover_days": 46},
        {"site": "PLANT", "material": "scrap", "opening": 5},
    ],
    "demand": [
        {"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 100},
        {"site": "PLANT", "material": "metal", "period": "2028", "quantity": 20},
    ],
    "recipes": [
        *METAL["recipes"],
        {"process": "sinter", "material": "metal", "quantity": 1},
        {"process": "sinter", "material": "scrap", "quantity": -1},
    ],
    "materials": [{**TINY["materials"][0], "may_move_share": 0.5}, TINY["materials"][1], {"material": "scrap"}],
    "incumbents": [{"offer": "B", "share": 0.75, "may_move_share": 0.25, "switching_cost": 700}],
    "processes": [
        {"process": "melt", "site": "PLANT", "line": "furnace", "capacity": 73, "days": 9, "carbon": 2},
        {"process": "sinter", "site": "PLANT", "line": "furnace"},
    ],
    "lines": [{"line": "furnace", "capacity": 365}],
    "tiers": [
        {"offer": "A", "above": 20, "price": 310_000, "kind": "incremental"},
        {"supplier": "Far Co", "above": 10_000_000, "discount": 0.05, "kind": "incremental", "counted_in": "value"},
    ],
    "conditions": [{"condition": "rest", "kind": "process", "if": "melt", "then": "sinter", "at_least": 2}],
    "awards": [award("A", share=0.25)],
    "splits": [
        {"split": "event", "site": site, "material": "oxide", "weight": weight, "within": 0.125}
        for site, weight in (("PLANT", 3), ("NEAR", 1))
    ],
    "open_orders": [
        {"order": "PO", "site": "PLANT", "material": "oxide", "arrives": "2027-05-01", "quantity": 7, "offer": "B"}
    ],
    "limits": [
        {"limit": name, "by": "supplier", "member": "Far Co", "measure": name, "value": value, "counts": "arrivals"}
        for name, value in (("share", 0.5), ("tonnes", 50), ("spend", 10_000_000))
    ]
    + [{"limit": "hhi", "measure": "hhi", "by": "country", "value": 0.75, "counts": "arrivals"}]
    + [
        {"limit": name, "measure": name, "by": "country", "material": "oxide", "value": 4, "counts": "arrivals"}
        for name in ("governance_hhi", "supply_risk")
    ]
    + [{"limit": "grade", "measure": "grade", "material": "metal", "property": "purity", "value": 80}]
    + [{"limit": "carbon", "measure": "carbon", "value": 9000}, {"limit": "wait", "measure": "lead_days", "value": 60}]
    + [{"limit": "level", "measure": "shortage", "counted_in": "weighted", "value": 70_000_000}]
    + [
        {"limit": "few", "measure": "suppliers", "by": "supplier", "value": 1, "at_least": 4, "counts": "arrivals"},
        {
            "limit": "some",
            "measure": "suppliers",
            "by": "country",
            "sense": "min",
            "value": 1,
            "at_least": 5,
            "counts": "arrivals",
        },
        {"limit": "near", "measure": "destinations", "by": "site", "value": 1},
    ],
    "properties": [
        {"material": name, "property": "purity", "value": has} for name, has in (("oxide", 60), ("scrap", 90))
    ],
}


FACILITIES: dict[str, Any] = {
    **by_depot({"capacity": 365, "opening_cost": 900, "fixed_cost": 73}, {"fixed_cost": 730}),
    **melting(opening_cost=5000, fixed_cost=365),
    **few(2),
    "demand": [{**row, "period": "2027"} for row in EVERYTHING["demand"]],
    "open_orders": [{"order": "PO", "site": "DEPOT", "material": "oxide", "arrives": "2027-05-01", "quantity": 7}],
}
STEADY = steady("2027-02-15", ("A", "Q1", 10), ("B", "Q1", 30), ("B", "Q2", 20), cost_more=50, cost_less=30)
STEADY["change_terms"] = [*STEADY["change_terms"], {"offer": "B", "frozen_until": "2027-04-01", "cost_more": 70}]
KEPT = {
    **APART,
    "demand": [{**row, "period": "2027"} for row in APART["demand"]],
    "open_orders": [
        {"order": "PO", "site": "PLANT", "material": "oxide", "arrives": "2027-05-01", "quantity": 7, "offer": "B"}
    ],
}
OF = {
    rule.name: case
    for family, case in (("stability", "stability"), ("facilities", "facilities"), ("custody", "custody"))
    for rule in families.cards()[family].rules
}
OF["worst_day"] = "within"
"""The case in which the row of a rule is printed, where it is not that of everything."""


CASES = {"everything": EVERYTHING, "facilities": FACILITIES, "stability": STEADY, "custody": KEPT, "within": EVERYTHING}
Printed = tuple[Formulation, ConcreteModel]


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Printed]:
    """Return what gives the formulation of one of the cases and its Pyomo model, made once."""

    @cache
    def of(case: str) -> Printed:
        folder = tmp_path_factory.mktemp(case)
        tiny_case(folder, **CASES[case])
        question = QUARTERS + ('within = "safety"\n' if case == "within" else "")
        form = answer(write_question(folder, question)).formulation
        return form, to_pyomo(form)

    return of


@pytest.mark.parametrize("case", CASES)
def test_rows_when_everything_is_asked_then_have_the_key_and_give_way_as_their_cards_say(
    printed: Callable[[str], Printed], case: str
) -> None:
    form, _ = printed(case)
    cards = families.cards().values()
    for rule in [rule for card in cards for rule in card.rules if rule.name in form.rows]:
        block = form.rows[rule.name]
        assert ((*block.entities.columns, "node"), block.unit) == (rule.key, rule.relief), rule.name
    for column in [column for card in cards for column in card.columns if column.name in form.columns]:
        block = form.columns[column.name]
        assert ((*block.entities.columns, "node"), block.unit) == (column.key, column.unit), column.name


@pytest.mark.parametrize("rule", sorted({rule.name for card in families.cards().values() for rule in card.rules}))
def test_row_when_printed_with_labels_then_reads_as_in_the_golden_text(
    printed: Callable[[str], Printed], rule: str
) -> None:
    form, model = printed(OF.get(rule, "everything"))
    labels = dict(zip(map(id, model.variables_in_order), form.column_names(), strict=True))
    block = form.rows[rule]
    terms = np.diff(form.matrix.indptr)[block.ids]
    member = int(terms.argmax())  # the row with most to read
    row = getattr(model, rule)[int(block.code[member]), int(block.node[member])]
    name = form.row_names()[block.start + member]
    text = f"{name}:\n{expression_to_string(row.expr, labeler=lambda variable: labels[id(variable)])}\n"
    text = text.replace(" + ", "\n  + ").replace(" - ", "\n  - ")
    path = GOLDEN / f"{rule}.txt"
    if os.environ.get("WRITE_GOLDEN"):  # read what changed, then commit it with the reason
        path.write_text(text, encoding="utf-8")
    assert text == path.read_text("utf-8")


@pytest.mark.parametrize("family", [name for name, card in families.cards().items() if card.optional or card.blanked])
def test_families_when_a_question_goes_without_one_then_algebra_and_checks_agree_on_the_rest(
    tmp_path: Path, family: str
) -> None:
    tiny_case(tmp_path, **EVERYTHING)
    question = load_question(
        write_question(tmp_path, '[horizon]\nstart = "2027-01"\nperiods = 4\nlength = "quarter"\n')
    )
    left = Example(question.model_copy(update={"without": [family]}))
    assert disagreements(left.facts, left.formulation, 0) == []
