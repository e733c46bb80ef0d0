"""Limits on use: lots are kept apart by origin from entry to use, and nothing but use counts."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from builders import TINY, tiny_case, write_question
from cases.chain import Answer, answer

from sourcing.answer.audit import verdict_on
from sourcing.errors import DataError
from sourcing.measures import what_counts
from sourcing.testing.points import disagreements

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Ask = Callable[..., Answer]
    Cells = dict[str, Any]

AT_ONCE = [{**lane, "transit_days": 0} for lane in TINY["lanes"]]
FREE: Cells = {"capacity": {"A": "", "B": ""}, "lanes": AT_ONCE}
CHINA: Cells = {"limit": "china", "measure": "share", "by": "country", "member": "CHN", "value": 0.35, "per": "year"}
OXIDE = {"site": "PLANT", "material": "oxide"}
YEARS = '[horizon]\nstart = "2027-01"\nperiods = 2\nlength = "year"\n'
WAREHOUSE: Cells = {"site": "STORE", "name": "Our store", "kind": "plant", "country": "DEU"}


@pytest.fixture
def ask(tmp_path: Path) -> Ask:
    """Return a function that solves the tiny case with limits: algebra and check agree, and the audit is clean."""

    def solved(*limits: Cells, text: str = "", **changes: Any) -> Answer:
        tiny_case(tmp_path, **{**FREE, "limits": [dict(row) for row in limits], **changes})
        own = answer(write_question(tmp_path, text))
        assert own.solution.status == "optimal"
        assert disagreements(own.facts, own.formulation, 1) == []
        assert own.verdict.findings == []
        return own

    return solved


def bought(own: Answer, supplier: str) -> float:
    rows = own.plan.tables["purchases"]
    return float(rows.loc[rows["supplier"] == supplier, "tonnes"].sum())


def counted(own: Answer, window: str, limit: str = "china") -> float:
    rows = own.plan.tables["limits"]
    return float(rows.loc[(rows["limit"] == limit) & (rows["window"] == window), "counted"].iloc[0])


def test_use_when_goods_are_bought_the_year_before_then_they_still_count(ask: Ask) -> None:
    late = {**CHINA, "from": "2028-01-01"}
    arriving, used = ask({**late, "counts": "arrivals"}, stocks=None), ask({**late, "counts": "use"}, stocks=None)
    assert bought(arriving, "Near Ltd") == pytest.approx(0, abs=1e-6)  # all of 2028 lies in stock at the end of 2027
    assert bought(used, "Near Ltd") == pytest.approx(0.65 * 120)
    assert counted(used, "2028") == pytest.approx(0.35 * 120)


@pytest.mark.parametrize("measure", ["share", "hhi", "governance_hhi", "suppliers"])
def test_limit_when_it_does_not_say_what_it_counts_then_counts_use(measure: str) -> None:
    assert what_counts(measure, "") == "use"
    assert what_counts(measure, "arrivals") == "arrivals"


def test_share_when_it_does_not_say_what_it_counts_then_buying_before_does_not_help(ask: Ask) -> None:
    late = {**CHINA, "from": "2028-01-01"}
    silent, used = ask(late, stocks=None), ask({**late, "counts": "use"}, stocks=None)
    assert bought(silent, "Near Ltd") == bought(used, "Near Ltd") == pytest.approx(0.65 * 120)


def test_use_when_stock_of_good_origin_is_built_ahead_then_it_counts_where_it_is_used(ask: Ask) -> None:
    late = {**CHINA, "from": "2028-01-01"}
    cheap_now = {"A": {"end": "2028-01-01"}}
    own = ask({**late, "counts": "use"}, stocks=None, offers=cheap_now)
    assert counted(own, "2028") == pytest.approx(42)
    assert own.plan.tables["shortage"].empty  # 78 t from Near lie ready


def test_use_when_nobody_tells_whose_the_opening_stock_is_then_it_counts_for_a_maximum(ask: Ask) -> None:
    first = {**CHINA, "counts": "use", "until": "2028-01-01", "value": 0.1}
    assert bought(ask(first), "Near Ltd") == pytest.approx(90)  # the 20 t wait for 2028
    own = ask(first, stocks=[{**OXIDE, "opening": 20, "offer": "A"}])
    assert bought(own, "Near Ltd") == pytest.approx(70)


def test_use_when_nobody_tells_whose_the_opening_stock_is_then_it_counts_for_no_minimum(ask: Ask) -> None:
    least = {**CHINA, "limit": "near", "member": "AUS", "sense": "min", "value": 0.9, "counts": "use"}
    own = ask({**least, "until": "2028-01-01"})
    assert bought(own, "Near Ltd") == pytest.approx(90)
    mine = ask({**least, "until": "2028-01-01"}, stocks=[{**OXIDE, "opening": 20, "offer": "A"}])
    assert bought(mine, "Near Ltd") == pytest.approx(70)


def test_use_when_good_goods_could_be_thrown_away_then_that_does_not_count(ask: Ask) -> None:
    whole = {**CHINA, "per": "horizon", "counts": "use"}
    waste = [{**OXIDE, "opening": 0, "disposal_cost": 0}]
    costs = {
        "A": {"price": 100},
        "B": {"price": 90_000},
    }  # nearly free tonnes from A would dilute any share of arrivals
    own = ask(whole, stocks=waste, offers=costs, demand={0: {"quantity": 0}, 1: {"quantity": 120}})
    assert counted(own, "horizon") <= 0.35 * 120 + 1e-6
    least = {**CHINA, "sense": "min", "per": "horizon", "counts": "use", "value": 0.5}
    own = ask(least, stocks=waste, offers=costs, demand={0: {"quantity": 0}, 1: {"quantity": 120}})
    assert counted(own, "horizon") == pytest.approx(60)
    stock = own.plan.tables["stock"]
    assert stock["disposed"].sum() == pytest.approx(0, abs=1e-6)


def test_use_when_goods_go_by_a_store_then_they_stay_what_they_are(ask: Ask) -> None:
    sites = [*TINY["sites"], WAREHOUSE]
    lanes = [
        AT_ONCE[0],
        {**AT_ONCE[1], "destination": "STORE"},
        {"origin": "STORE", "destination": "PLANT", "mode": "road", "freight": 1, "transit_days": 3},
    ]
    stocks = [{**OXIDE, "opening": 0}, {**OXIDE, "site": "STORE", "opening": 0}]
    own = ask({**CHINA, "counts": "use", "site": "PLANT"}, sites=sites, lanes=lanes, stocks=stocks)
    assert counted(own, "2028") == pytest.approx(42)
    lots = own.network.custody.lots
    assert lots.loc[lots["site"] == "STORE", "lot"].tolist() == ["CHN"]
    assert lots.loc[lots["site"] == "PLANT", "lot"].tolist() == ["(others)", "CHN"]


def test_use_when_goods_land_after_the_end_then_they_count_nowhere(ask: Ask) -> None:
    sites, lanes = [*TINY["sites"], WAREHOUSE], [*AT_ONCE, {**AT_ONCE[0], "destination": "STORE"}]
    lanes.append({"origin": "STORE", "destination": "PLANT", "mode": "road", "freight": 1, "transit_days": 900})
    stocks = [{**OXIDE, "opening": 0}, {**OXIDE, "site": "STORE", "opening": 0}]
    whole = {**CHINA, "per": "horizon", "counts": "use"}
    own = ask(whole, sites=sites, lanes=lanes, stocks=stocks)
    assert counted(own, "horizon") == pytest.approx(0.35 * 220)
    assert bought(own, "Near Ltd") == pytest.approx(0.65 * 220)


MELT: Cells = {
    "processes": [{"process": "melt", "site": "PLANT"}],
    "recipes": [
        {"process": "melt", "material": "oxide", "quantity": -1.25},
        {"process": "melt", "material": "metal", "quantity": 1},
    ],
    "demand": [{"site": "PLANT", "material": "metal", "period": "2028", "quantity": 20}],
    "stocks": None,
}


def test_use_when_a_process_works_lots_up_then_what_it_makes_is_whose_they_were(ask: Ask) -> None:
    own = ask({**CHINA, "counts": "use"}, **MELT)
    assert counted(own, "2028") == pytest.approx(7)
    assert bought(own, "Near Ltd") == pytest.approx(1.25 * 13)
    made = own.plan.tables["decisions"].query("decision == 'make_of'")
    assert made.groupby(made["key"])["value"].sum().to_dict() == pytest.approx({"melt|(others)": 13, "melt|CHN": 7})


def test_use_when_a_process_lifts_goods_to_the_stage_then_they_are_its_own(ask: Ask) -> None:
    own = ask({**CHINA, "counts": "use", "stage": "metal", "value": 0}, **MELT)
    assert bought(own, "Near Ltd") == pytest.approx(0, abs=1e-6)  # melted in the USA, whosever the oxide was
    assert own.plan.tables["limits"].empty  # nothing Chinese can be used


ALLOY: Cells = {
    "materials": [*TINY["materials"], {"material": "alloy", "stage": "alloy", "value": 1000}],
    "offers": [
        *({**row, "capacity": ""} for row in TINY["offers"]),
        {**TINY["offers"][0], "offer": "AM", "material": "metal", "price": 400_000, "capacity": ""},
        {**TINY["offers"][1], "offer": "BM", "material": "metal", "price": 100_000, "capacity": ""},
    ],
    "processes": [{"process": "mix", "site": "PLANT"}],
    "recipes": [
        {"process": "mix", "material": "oxide", "quantity": -1},
        {"process": "mix", "material": "metal", "quantity": -0.5},
        {"process": "mix", "material": "alloy", "quantity": 1},
    ],
    "contents": [
        {"material": "oxide", "element": "Dy", "share": 0.8},
        {"material": "metal", "element": "Dy", "share": 0.9},
        {"material": "alloy", "element": "Dy", "share": 1.0},
    ],
    "demand": [{"site": "PLANT", "material": "alloy", "period": "2028", "quantity": 10}],
    "stocks": None,
}


def test_use_when_a_process_mixes_two_materials_then_it_is_whose_they_were_by_content(ask: Ask) -> None:
    half = {**CHINA, "counts": "use", "element": "Dy", "value": 0.5}
    own = ask(half, **ALLOY)
    # of 1.25 t of Dy in a tonne 0.8 is oxide's, dearer by 99,900 when it is not Chinese; 0.45 metal's, by 299,900
    lots = own.network.custody.lots
    assert lots.loc[lots["material"] == "alloy", "lot"].tolist() == [
        "(others)",
        "0.36 CHN + 0.64 (others)",
        "0.64 CHN + 0.36 (others)",
        "CHN",
    ]
    assert counted(own, "2028") == pytest.approx(5)
    # all metal from China is 0.36 of the Dy; 0.14 more may be Chinese oxide: 0.14 / 0.64 of it
    assert bought(own, "Near Ltd") == pytest.approx(10 * (1 - 0.14 / 0.64))


def test_use_when_the_index_or_the_number_of_suppliers_counts_it_then_stock_of_before_counts_too(ask: Ask) -> None:
    late = {"from": "2028-01-01", "per": "year", "counts": "use", "by": "country"}
    own = ask({"limit": "mix", "measure": "hhi", "value": 0.5, **late}, stocks=None)
    assert bought(own, "Near Ltd") == pytest.approx(60, abs=0.1)
    own = ask({"limit": "two", "measure": "suppliers", "sense": "min", "value": 2, "at_least": 7, **late}, stocks=None)
    assert bought(own, "Near Ltd") == pytest.approx(7)
    only = {"limit": "one", "measure": "suppliers", "value": 1, "at_least": 0, **late}
    own = ask(only, offers={"A": {"capacity": 60}, "B": {"capacity": "", "end": "2028-01-01"}}, stocks=None)
    used = own.plan.tables["decisions"].query("decision == 'use_of'")
    assert {key.split("|")[2] for key in used.loc[used["node"] >= 4, "key"]} == {"CHN"}


@pytest.mark.parametrize("measure", ["tonnes", "spend", "destinations", "supply_risk", "carbon", "lead_days"])
def test_use_when_a_measure_cannot_count_it_then_refused_with_what_it_can(tmp_path: Path, measure: str) -> None:
    row = {**CHINA, "measure": measure, "value": 1, "counts": "use"}
    tiny_case(tmp_path, limits=[row])
    with pytest.raises(DataError) as told:
        _ = answer(write_question(tmp_path)).network
    assert any("cannot count use" in fault.fact for fault in told.value.faults)


def spoiled(value: Any) -> Any:
    if isinstance(value, str):
        return value + "x"
    return 1.0 if value != value else value + 1


def test_use_table_when_any_cell_is_changed_or_any_row_gone_then_the_audit_says_so(ask: Ask) -> None:
    own = ask({**CHINA, "counts": "use"}, {**CHINA, "limit": "here", "counts": "arrivals"}, **MELT)
    table = own.plan.tables["use"]
    assert len(table) == 3  # in 2027 nothing arrives, and nothing is used
    assert table.set_index(["limit", "window"]).loc[("china", "2028"), "lots"] == pytest.approx(0.35)
    notices(own, "use")


def test_lots_table_when_any_cell_is_changed_or_any_row_gone_then_the_audit_says_so(ask: Ask) -> None:
    own = ask({**CHINA, "counts": "use"})
    table = own.plan.tables["lots"]
    assert set(table["lot"]) == {"(not told)", "(others)", "CHN"}
    year = table[table["period"].str.startswith("2028")].groupby("lot")["used"].sum()
    assert year.sum() == pytest.approx(120)
    assert year["CHN"] + year.get("(not told)", 0) == pytest.approx(42)
    out = table[["used", "sent", "disposed", "end"]].sum(axis=1)
    assert (table["start"] + table["came"]).to_numpy() == pytest.approx(out.to_numpy())
    notices(own, "lots")
    without = {name: each for name, each in own.plan.tables.items() if name != "lots"}
    assert any("lots.csv: it has no row" in each for each in verdict_on(replace(own.plan, tables=without)).findings)


def notices(own: Answer, name: str) -> None:
    """Spoil each cell of a table and take each row out: the audit has to find all of it."""
    table = own.plan.tables[name]
    for row, cells in enumerate(table.to_dict("records")):
        spoils = [table.astype(object).drop(index=row)]
        for column, value in cells.items():
            changed = table.astype(object)
            changed.at[row, column] = spoiled(value)
            spoils.append(changed.infer_objects())
        for wrong in spoils:
            assert verdict_on(replace(own.plan, tables={**own.plan.tables, name: wrong})).findings, (row, wrong)


def test_use_table_when_lots_are_kept_apart_then_a_heap_and_what_arrived_stand_beside_them(ask: Ask) -> None:
    late = {**CHINA, "from": "2028-01-01"}
    own = ask({**late, "counts": "use"}, stocks=None)
    row = own.plan.tables["use"].iloc[0]
    assert (row["used"], row["lots"]) == pytest.approx((120, 0.35))
    kept = own.plan.tables["stock"].query("period == '2027-Q4'")["end"].iloc[0]
    assert row["arrived"] == pytest.approx((42 - kept) / (120 - kept) if kept < 42 else 0, abs=1e-6)
    assert row["heap"] >= 0.35 - 1e-9
    own = ask({**late, "counts": "arrivals"}, stocks=None)  # all of 2028 was bought in 2027, and nothing arrives
    row = own.plan.tables["use"].iloc[0]
    assert row["heap"] == pytest.approx(1)
    assert row["lots"] != row["lots"]


def test_use_when_orders_have_least_lots_and_conditions_then_is_not_counted_with_their_yes_or_no(ask: Ask) -> None:
    tied = [{"condition": "Q", "kind": "offer", "if": "A", "then": "B", "at_least": 7, "per": "period"}]
    own = ask({**CHINA, "counts": "use", "per": "horizon"}, conditions=tied, offers={"A": {"min_lot": 1}})
    total = own.plan.tables["limits"]["total"].iloc[0]
    assert total == pytest.approx(220)
    used = own.plan.tables["decisions"].query("decision == 'use_of'")
    assert used["value"].sum() == pytest.approx(220)
    assert used.loc[used["key"].str.endswith("(not told)"), "value"].sum() == pytest.approx(20)


@pytest.mark.parametrize("row", [{}, {"sense": "min", "value": 0.0}, {"measure": "hhi", "member": ""}])
def test_use_when_nothing_comes_to_the_stage_then_the_limit_is_empty_and_holds(ask: Ask, row: Cells) -> None:
    own = ask({**CHINA, "counts": "use", "stage": "magnet", **row})
    assert len(own.network.custody) == 0
    assert own.plan.tables["shortage"].empty


METAL: Cells = {**OXIDE, "material": "metal"}


def test_use_when_nobody_tells_whose_anything_is_then_a_maximum_on_each_holds_for_that(ask: Ask) -> None:
    each = {**CHINA, "member": "", "value": 0.5, "counts": "use", "material": "metal"}
    due = [*TINY["demand"], {"site": "PLANT", "material": "metal", "period": "2027", "quantity": 5}]
    own = ask(each, demand=due, stocks=[{**METAL, "opening": 5}])
    short = own.plan.tables["shortage"]
    assert short.loc[short["material"] == "metal", "short"].sum() == pytest.approx(5)  # all of it could be anybody's


def test_use_when_a_member_can_only_be_used_in_another_window_then_it_is_everybodys_there_too(ask: Ask) -> None:
    each = {**CHINA, "member": "", "value": 1, "counts": "use"}
    due = [TINY["demand"][0], {"site": "STORE", "material": "oxide", "period": "2028", "quantity": 10}]
    lanes = [AT_ONCE[0], *({**lane, "destination": "STORE"} for lane in AT_ONCE)]
    own = ask(each, sites=[*TINY["sites"], WAREHOUSE], lanes=lanes, demand=due)
    rows = own.plan.tables["limits"]
    first = rows.loc[rows["window"] == "2027"].set_index("member")["counted"].to_dict()
    assert first == pytest.approx({"AUS": 100, "CHN": 20, "unknown": 20})


def test_use_when_stock_may_not_be_used_then_what_may_is_stored_beside_it(ask: Ask) -> None:
    china = {**CHINA, "value": 0, "counts": "use"}
    own = ask(china, text=YEARS, offers={"A": {"end": "2028-01-01"}})
    assert own.plan.tables["shortage"].empty  # 120 t for 2028 lie beside 20 t of nobody's that nobody may use
    assert own.plan.tables["stock"]["end"].tolist() == pytest.approx([140, 20])


def test_use_when_a_process_mixes_its_own_output_round_and_round_then_lots_are_refused(tmp_path: Path) -> None:
    mixing: Cells = {
        "materials": ALLOY["materials"],
        "offers": ALLOY["offers"],
        "processes": [{"process": "mix", "site": "PLANT"}, {"process": "back", "site": "PLANT"}],
        "recipes": [
            {"process": "mix", "material": "oxide", "quantity": -1},
            {"process": "mix", "material": "metal", "quantity": -1},
            {"process": "mix", "material": "alloy", "quantity": 2},
            {"process": "back", "material": "alloy", "quantity": -1},
            {"process": "back", "material": "oxide", "quantity": 1},
        ],
    }
    tiny_case(tmp_path, **{**FREE, "limits": [{**CHINA, "counts": "use"}], **mixing, "capacity": {}})
    with pytest.raises(DataError) as told:
        len(answer(write_question(tmp_path)).network.custody)
    (fault,) = told.value.faults
    assert fault.code == "DATA-148"
    assert "mixed of so many origins" in fault.fact
