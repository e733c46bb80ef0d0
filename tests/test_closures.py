"""Closures: what is ordered, loaded, cleared or taken in on closed days, by hand and by solving."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import TINY, tiny_case, write_question
from cases.chain import answer
from test_day_by_day import BUY, LANE, MATERIALS, OFFER, RECIPE, SITES, SMELT, days_of, due, held, order, rows, stamp
from twin import solve_twin

from sourcing import run
from sourcing.errors import DataError, QuestionError
from sourcing.presets import load_preset
from sourcing.replay import Facts, Replay, Terms
from sourcing.tables import read_case

if TYPE_CHECKING:
    from pathlib import Path

DATES = ("order_on", "ship_on", "arrive_on", "tonnes")


def shut(stops: str, since: str, until: str, **who: str) -> dict[str, Any]:
    return {"stops": stops, "from": stamp(since), "until": stamp(until), **(who or {"site": "far"})}


def dated(*closures: dict[str, Any], periods: int = 12, **more: Any) -> list[tuple[Any, ...]]:
    """Return the dates of 28 t ordered in February 2027 (lead time 10 days, transit 45) where some days are closed."""
    tables = {"demand": [due(1, "2027")], "closures": list(closures), **more}
    found = days_of(Replay(buy={(*BUY, 1): 28.0}), tables, periods, "month")
    return rows(found.tables["orders"], *DATES)


def test_order_when_nothing_is_closed_on_its_days_then_it_goes_as_it_would() -> None:
    plain = [("2027-02-01", "2027-02-11", "2027-03-28", 28.0)]
    assert dated() == plain
    elsewhere = [
        shut("loading", "2027-02-11", "2027-02-20", site="plant"),
        shut("loading", "2027-02-11", "2027-02-20", site="far", supplier="Another"),
        shut("loading", "2027-02-11", "2027-02-20", site="far", destination="depot"),
        shut("loading", "2027-02-11", "2027-02-20", country="CHN", mode="air"),
        shut("receipt", "2027-03-28", "2027-04-02", country="CHN"),
        shut("loading", "2027-02-12", "2027-02-20"),
        shut("loading", "2027-02-01", "2027-02-11"),
    ]
    assert dated(*elsewhere) == plain


@pytest.mark.parametrize(
    "who", [{"site": "far"}, {"country": "CHN"}, {"supplier": "Far Co"}, {"site": "far", "destination": "plant"}]
)
def test_order_when_it_would_ship_on_a_closed_day_then_it_ships_on_the_first_that_is_open(who: dict[str, str]) -> None:
    assert dated(shut("loading", "2027-02-05", "2027-02-13", **who)) == [
        ("2027-02-01", "2027-02-13", "2027-03-30", 28.0)
    ]


def test_order_when_it_would_arrive_at_closed_customs_then_it_arrives_when_nothing_there_is_closed() -> None:
    closed = [
        shut("customs", "2027-03-27", "2027-03-30", country="USA"),
        shut("receipt", "2027-03-30", "2027-04-01", site="plant"),
    ]
    assert dated(*closed) == [("2027-02-01", "2027-02-11", "2027-04-01", 28.0)]
    home = [{"site": "far", "country": "USA"}, {"site": "plant", "name": "Greenville", "country": "USA"}]
    assert dated(closed[0], sites=home) == [("2027-02-01", "2027-02-11", "2027-03-28", 28.0)]


def test_order_when_its_supplier_takes_none_for_some_days_then_the_others_have_all_of_it() -> None:
    assert dated(shut("orders", "2027-02-01", "2027-02-08")) == [("2027-02-08", "2027-02-18", "2027-04-04", 28.0)]
    weekly = [{**OFFER, "call_off": "weekly"}]
    assert dated(shut("orders", "2027-02-08", "2027-02-15"), offers=weekly) == [
        ("2027-02-01", "2027-02-11", "2027-03-28", pytest.approx(28 / 3, abs=1e-6)),
        ("2027-02-15", "2027-02-25", "2027-04-11", pytest.approx(28 / 3, abs=1e-6)),
        ("2027-02-22", "2027-03-04", "2027-04-18", pytest.approx(28 / 3, abs=1e-6)),
    ]


def test_order_when_it_takes_part_days_then_it_waits_where_the_whole_day_is_closed() -> None:
    offers, lanes = [{**OFFER, "lead_days": 10.5}], [{**LANE, "transit_days": 45.25}]
    # ready in the middle of the 11th, it would leave on the 12th, and lie 45.25 days from there
    assert dated(shut("loading", "2027-02-12", "2027-02-13"), offers=offers, lanes=lanes) == [
        ("2027-02-01", "2027-02-13", "2027-03-31", 28.0)
    ]
    assert dated(shut("loading", "2027-02-11", "2027-02-12"), offers=offers, lanes=lanes) == [
        ("2027-02-01", "2027-02-12", "2027-03-29", 28.0)
    ]


def test_own_shipment_when_its_site_is_closed_then_it_leaves_after_and_arrives_later() -> None:
    tables = {
        "lanes": [
            {"origin": "plant", "destination": "depot", "material": "oxide", "mode": "road", "transit_days": 2.0}
        ],
        "open_orders": [order("1", "2027-01-01", 31)],
        "demand": [due(31, "2027-02", "oxide", "depot")],
        "closures": [shut("loading", "2027-01-05", "2027-02-03", site="plant")],
    }
    plan = Replay(ship={("plant", "depot", "oxide", "road", 0): 31.0})
    found = days_of(plan, tables, 2, "month").tables["days"]
    # four days' release comes by 6 January; the other 27 t leave on 3 February and come on the 5th
    depot = rows(found, "site", "lowest", "on", "first_empty", "end")[0]
    day = 31 / 28
    assert depot == ("depot", round(4 - 4 * day, 6), "2027-02-04", "2027-02-04", 0.0)


def test_own_shipment_when_its_end_takes_nothing_in_then_its_share_of_the_month_is_what_comes_by_its_end() -> None:
    sites = [{"site": "plant", "country": "USA"}, {"site": "depot", "country": "USA"}]
    tables = {
        "sites": sites,
        "materials": [{"material": "oxide"}],
        "lanes": [
            {"origin": "plant", "destination": "depot", "material": "oxide", "mode": "road", "transit_days": 2.0}
        ],
        "open_orders": [order("1", "2027-01-01", 31)],
        "demand": [due(31, "2027-02", "oxide", "depot")],
        "closures": [shut("receipt", "2027-01-20", "2027-02-01", site="depot")],
    }
    frames = {name: pd.DataFrame(each) for name, each in tables.items()}
    facts = Facts.of(frames, Terms(date(2027, 1, 1), [("month", 2)]))
    sent = facts.shipped(("plant", "depot", "oxide", "road"), 0)
    # released on 1 to 17 January it comes by the 19th; the other 14 days' come in February
    assert sent.parts == ((0, pytest.approx(17 / 31)), (1, pytest.approx(14 / 31)))


def test_capacity_when_days_are_closed_for_orders_then_is_that_of_the_others(tmp_path: Path) -> None:
    tiny_case(tmp_path, closures=[{"stops": "orders", "site": "NEAR", "from": "2027-02-01", "until": "2027-02-15"}])
    case = read_case(tmp_path / "tiny")
    facts = Facts.of(case.tables, Terms(date(2027, 1, 1), [("month", 3)]))
    assert facts.offer_capacity("A", 1) == pytest.approx(60 * 14 / 365)
    assert facts.offer_capacity("A", 2) == pytest.approx(60 * 31 / 365)


STOP = {"stops": "work", "site": "plant", "from": stamp("2027-01-11"), "until": stamp("2027-01-21")}
"""Ten days on which the plant stands still: the 11th to the 20th."""
SMELTED = {"processes": [SMELT], "recipes": RECIPE, "closures": [STOP]}


def facts_of(months: int = 3, **tables: Any) -> Facts:
    every = {"sites": SITES, "materials": MATERIALS, "offers": [OFFER], "lanes": [LANE], **SMELTED, **tables}
    frames = {name: pd.DataFrame(rows) for name, rows in every.items()}
    return Facts.of(frames, Terms(date(2027, 1, 1), [("month", months)]))


def test_process_when_its_site_stands_still_then_has_the_capacity_of_the_other_days() -> None:
    here = {"open_orders": [order("1", "2027-01-01", 31)]}
    facts = facts_of(processes=[{**SMELT, "capacity": 365.0}], **here)
    assert [facts.process_capacity("smelt", n) for n in (0, 1)] == pytest.approx([21, 28])
    shared = facts_of(processes=[{**SMELT, "line": "L"}], lines=[{"line": "L", "capacity": 730.0}], **here)
    assert [shared.line_capacity("L", n) for n in (0, 1)] == pytest.approx([42, 56])


def test_run_when_closed_days_fall_into_it_then_it_stands_still_and_ends_that_much_later() -> None:
    # ten days from the 1st on: the last of them is the 11th, which is closed, and so are all to the 20th
    stretches = facts_of(open_orders=[order("1", "2027-01-01", 31)]).running("smelt", 0)
    assert [(since, days) for since, _, days in stretches[:3]] == [(0, 20), (1, 20), (2, 20)]
    assert [(since, days) for since, _, days in stretches[10:12]] == [(20, 10), (21, 10)]
    assert all(not 10 <= since < 20 for since, _, _ in stretches)


def test_run_when_the_plant_stops_then_takes_nothing_in_day_by_day_though_it_has_waited() -> None:
    # 21 t on the 21 open days of January, one a day from the 1st; the oxide comes on the 15th, when all stands still
    tables = {**SMELTED, "open_orders": [order("1", "2027-01-15", 21)], "demand": [due(21, "2027-03", "metal")]}
    facts = facts_of(**{name: tables[name] for name in ("open_orders", "demand")})
    assert [(since, until) for since, until, _ in facts.running("smelt", 0)][:1] == [(20, 21)]
    found = days_of(Replay(make={("smelt", 0): 21.0}), {**tables, "stocks": []}, 3, "month")
    metal = rows(found.tables["days"].query("material == 'metal'"), "site", "lowest", "first_empty", "end")
    assert metal == [("plant", 0.0, None, 0.0)]


def test_run_when_it_waits_for_material_over_a_stop_then_goes_on_when_work_does() -> None:
    # planned from the 1st on as far as the stock goes; 10 t more come while all stands still
    tables = {
        **SMELTED,
        "processes": [{**SMELT, "days": 0.0}],
        "stocks": [{"site": "plant", "material": "oxide", "opening": 1.0}],
        "open_orders": [order("1", "2027-01-12", 20)],
        "demand": [due(21, "2027-02", "metal")],
    }
    found = days_of(Replay(make={("smelt", 0): 21.0}), tables, 2, "month")
    oxide = rows(found.tables["days"].query("material == 'oxide'"), "lowest", "on", "end")
    assert oxide == [(0.0, "2027-01-01", 0.0)]
    (wait,) = rows(found.tables["waits"], "kind", "first_wait", "not_done", "days_waiting")
    # it waits from the 2nd to the 20th, 19 days, and catches up on the 21st
    assert wait == ("process", "2027-01-02", 0.0, 19)


def test_stop_when_solved_then_the_plan_works_around_it_and_the_twin_agrees(tmp_path: Path) -> None:
    tiny_case(
        tmp_path,
        processes=[{"process": "melt", "site": "PLANT", "capacity": 146.0, "cost": 10, "days": 5}],
        recipes=[
            {"process": "melt", "material": "oxide", "quantity": -1},
            {"process": "melt", "material": "metal", "quantity": 1},
        ],
        demand=[{"site": "PLANT", "material": "metal", "period": "2027", "quantity": 100}],
        stocks=[{"site": "PLANT", "material": name, "opening": 20} for name in ("oxide", "metal")],
        closures=[{"stops": "work", "site": "PLANT", "from": "2027-07-01", "until": "2027-09-01"}],
    )
    question = write_question(tmp_path, 'horizon = { start = "2027-01", periods = 12, length = "month", tail = 0 }\n')
    own, twin = answer(question), solve_twin(tmp_path / "tiny", question)
    assert own.total("cost") == pytest.approx(twin.cost)
    assert own.verdict.findings == []
    done = own.plan.tables["conversions"]
    assert set(done["node"]).isdisjoint({6, 7})
    capacity = own.network.process_capacity[0]
    assert capacity[[5, 6, 7, 8]] == pytest.approx([146 * 30 / 365, 0, 0, 146 * 30 / 365])


def asked(tmp_path: Path, **tables: Any) -> Any:
    """Return the plan of a year of months for 365 t, a tonne a day, of which 40 t are there, from a lane of 30 days."""
    tiny_case(
        tmp_path,
        demand=[{"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 365}],
        stocks=[{"site": "PLANT", "material": "oxide", "opening": 40, "safety": 0, "closing": 0}],
        offers=[TINY["offers"][1]],
        lanes=[{**TINY["lanes"][1], "transit_days": 30}],
        **tables,
    )
    horizon = 'horizon = { start = "2027-01", periods = 12, length = "month", tail = 0 }\n'
    return run.optimize(write_question(tmp_path, horizon), options=run.RunOptions(compare=False))


def test_plan_when_its_supplier_loads_nothing_for_weeks_then_what_was_not_ordered_in_time_is_short(
    tmp_path: Path,
) -> None:
    plain = asked(tmp_path)
    assert plain.tables["shortage"].empty
    closure = {"stops": "loading", "country": "CHN", "from": "2027-01-01", "until": "2027-02-05"}
    late = asked(tmp_path, closures=[closure])
    # nothing comes before 7 March: of the 59 t of two months 40 are there
    assert late.tables["shortage"]["short"].sum() == pytest.approx(19, abs=1e-6)
    assert late.manifest["audit"]["findings"] == []
    first = late.tables["orders"].iloc[0]
    assert (f"{first.ship_on:%Y-%m-%d}", f"{first.arrive_on:%Y-%m-%d}") == ("2027-02-05", "2027-03-07")
    named = asked(tmp_path, closures=[{**closure, "supplier": "Far Co", "site": "FAR"}])
    assert named.tables["shortage"]["short"].sum() == pytest.approx(19, abs=1e-6)


def test_question_when_it_adds_a_closure_then_it_holds_for_its_plan(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    text = (
        'horizon = { start = "2027-01", periods = 2, length = "quarter", tail = 0 }\n'
        '[[edits]]\ntable = "closures"\n'
        'add = [{ stops = "loading", country = "CHN", from = "2027-02-06", until = "2027-02-13" }]\n'
    )
    plan = run.optimize(write_question(tmp_path, text), options=run.RunOptions(compare=False))
    assert len(plan.case["closures"]) == 1
    assert plan.manifest["audit"]["findings"] == []


def test_closure_when_it_is_about_nothing_in_the_case_then_a_note_says_so(tmp_path: Path) -> None:
    plan = asked(
        tmp_path, closures=[{"stops": "customs", "country": "FRA", "from": "2027-02-06", "until": "2027-02-13"}]
    )
    (note,) = [each for each in plan.manifest["notes"] if "closure" in each]
    assert note.startswith("closures.csv row 2: nothing that this closure is about comes from another country at FRA")


@pytest.mark.parametrize(
    ("row", "column", "code"),
    [
        ({"stops": "loading"}, "site", "DATA-180"),
        ({"stops": "loading", "country": "CHN", "until": "2027-02-06"}, "until", "DATA-121"),
        ({"stops": "orders", "country": "CHN", "mode": "sea"}, "mode", "DATA-181"),
        ({"stops": "receipt", "site": "PLANT", "supplier": "Far Co"}, "supplier", "DATA-181"),
    ],
)
def test_closure_when_it_says_what_cannot_be_then_it_is_refused(
    tmp_path: Path, row: dict[str, str], column: str, code: str
) -> None:
    tiny_case(tmp_path, closures=[{"from": "2027-02-06", "until": "2027-02-13", **row}])
    with pytest.raises(DataError) as caught:
        read_case(tmp_path / "tiny")
    assert [(each.place, each.code) for each in caught.value.faults] == [(f"closures.csv row 2, column {column}", code)]


def test_stock_when_deliveries_wait_then_days_have_it() -> None:
    tables = {
        "demand": [due(90, "2027-Q1")],
        "stocks": [held(60)],
        "closures": [shut("receipt", "2027-02-20", "2027-03-05", site="plant")],
        "lanes": [{**LANE, "transit_days": 41.0}],
    }
    found = days_of(Replay(buy={(*BUY, 0): 31.0}), tables, 3, "month")
    # it would come on 21 February; 60 t last until 1 March, and it comes on the 5th
    assert rows(found.tables["days"], "lowest", "first_empty", "days_empty") == [(-3.0, "2027-03-02", 3)]


def test_question_when_it_takes_the_ready_days_off_then_its_plan_waits_for_them(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    text = 'horizon = { start = "2027-01", periods = 12, length = "month", tail = 0 }\npresets = ["china-days-off"]\n'
    plan = run.optimize(write_question(tmp_path, text), out=tmp_path / "plan", options=run.RunOptions(compare=False))
    closures = plan.case["closures"]
    assert set(closures["stops"]) == {"orders", "loading"}
    assert set(closures.loc[closures["from"] >= "2027-01-01", "confidence"]) == {"estimate"}
    assert plan.manifest["audit"]["findings"] == []
    days = plan.tables["orders"]["order_on"]
    assert not ((days >= "2027-02-05") & (days < "2027-02-13")).any()
    assert run.audit_plan(tmp_path / "plan").findings == []
    with pytest.raises(QuestionError, match="asks nothing of origins"):
        run.comply(tmp_path / "plan", ["china-days-off"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "it asks for nothing"),
        ('stops = ["orders"]\nfrom = "2027-02-05"\nuntil = "2027-02-05"\n', "no days"),
        ('stops = ["work"]\nfrom = "2027-02-05"\nuntil = "2027-02-06"\n', "stops"),
    ],
)
def test_preset_when_its_closures_are_broken_then_it_is_refused(tmp_path: Path, text: str, said: str) -> None:
    head = 'schema = 1\ntitle = "t"\nsource = "s"\nas_of = "2026-11-30"\nconfidence = "estimate"\ncovers = []\n'
    row = f'[[closures]]\nname = "a"\ncountry = "CHN"\n{text}confidence = "estimate"\nsource = "s"\n'
    (tmp_path / "days.toml").write_text(head + (row if text else ""))
    with pytest.raises(QuestionError, match=said):
        load_preset(tmp_path / "days.toml")


@pytest.mark.parametrize(
    ("lead", "closed", "ships"),
    [
        (10.0, (), "2027-02-15"),
        (9.5, (), "2027-02-15"),
        (0.0, (), "2027-02-01"),
        (1.0, (), "2027-02-02"),
        (5.0, (("2027-02-03", "2027-02-06"),), "2027-02-11"),
        (5.0, (("2027-02-06", "2027-02-08"),), "2027-02-08"),
    ],
)
def test_lead_time_when_it_is_in_working_days_then_weekends_and_closed_days_do_not_count(
    lead: float, closed: tuple[tuple[str, str], ...], ships: str
) -> None:
    """1 February 2027 is a Monday."""
    offers = [{**OFFER, "lead_days": lead, "days": "working"}]
    assert dated(*(shut("orders", *days) for days in closed), offers=offers)[0][:2] == ("2027-02-01", ships)


def test_plan_when_lead_times_are_in_working_days_then_model_and_audit_count_alike(tmp_path: Path) -> None:
    closure = {"stops": "orders", "country": "CHN", "from": "2027-02-05", "until": "2027-02-13"}
    tiny_case(tmp_path, offers={"B": {"lead_days": 15, "days": "working"}}, closures=[closure])
    horizon = 'horizon = { start = "2027-01", periods = 12, length = "month", tail = 0 }\n'
    plan = run.optimize(write_question(tmp_path, horizon), options=run.RunOptions(compare=False))
    assert plan.manifest["audit"]["findings"] == []
    orders = plan.tables["orders"].query("offer == 'B'")
    weekdays = orders["ship_on"].dt.day_of_week
    assert len(orders)
    assert (weekdays < 5).all()
    assert ((orders["ship_on"] - orders["order_on"]).dt.days >= 19).all()
