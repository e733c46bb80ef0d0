"""``sourcing tornado``: what each number swings, what not knowing it costs, and what is said of that."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taken import TAKEN

from sourcing import run
from sourcing.cli import main
from sourcing.engine.attribute_changes import apart
from sourcing.engine.common_index import Cells
from sourcing.engine.highs import SolverOptions
from sourcing.errors import FaultyInput, QuestionError, StoppedEarly
from sourcing.report.figures import money
from sourcing.resources import folder
from sourcing.run import Doubts, RunOptions
from sourcing.studies.tornado.changed_cells import Nearby
from sourcing.studies.tornado.cold_solve import Answer, solve_anew
from sourcing.studies.tornado.doubt_words import finding, waits, worse
from sourcing.studies.tornado.inputs import Input, inputs_of
from sourcing.studies.tornado.kept_orders import kept_orders, until
from sourcing.studies.tornado.moved import moved
from sourcing.studies.tornado.program import doubting
from sourcing.studies.tornado.ranges import KINDS, load_ranges
from sourcing.studies.tornado.screen import render_tornado, tornado_as_json
from sourcing.studies.tornado.swings import Pair, Stated, swing_table
from sourcing.tables import read_case
from tests.builders import SCRAP, TINY, tiny_case, tiny_tables, write_question, write_tables

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from random import Random

    from sourcing.plan import Plan
    from sourcing.studies.tornado.found import Tornado

QUIET = SolverOptions(interruptible=False)
QUARTERS = [f"{year}-Q{quarter}" for year in (2027, 2028) for quarter in (1, 2, 3, 4)]
RIVALS: dict[str, Any] = {
    "sites": [
        {"site": "NEAR", "kind": "supplier", "country": "AUS"},
        {"site": "FAR", "kind": "supplier", "country": "CHN"},
        {"site": "PLANT", "name": "Our plant", "kind": "plant", "country": "USA"},
    ],
    "offers": [
        {"offer": "A", "supplier": "Near Ltd", "site": "NEAR", "material": "oxide", "price": 210_000, "capacity": 300},
        {"offer": "B", "supplier": "Far Co", "site": "FAR", "material": "oxide", "price": 200_000, "capacity": 100},
        {"offer": "M", "supplier": "Sole Ltd", "site": "NEAR", "material": "metal", "price": 350_000, "lead_days": 5},
    ],
    "lanes": [
        {"origin": "NEAR", "destination": "PLANT", "mode": "sea", "freight": 100, "transit_days": 0},
        {"origin": "FAR", "destination": "PLANT", "mode": "sea", "freight": 200, "transit_days": 0},
    ],
    "demand": [
        {"site": "PLANT", "material": material, "period": period, "quantity": 40}
        for material in ("oxide", "metal")
        for period in QUARTERS
    ],
    "stocks": [
        {"site": "PLANT", "material": "metal", "opening": 60},
        {"site": "PLANT", "material": "oxide", "opening": 30, "closing": 30},
    ],
}
"""Changes to the tiny case: two sellers of oxide at almost one price, one of metal, who is dear and has no rival."""
CASES: dict[str, tuple[tuple[str, ...], dict[str, Any]]] = {
    "rivals": (("price", "capacity", "demand"), RIVALS),
    "processes": (
        ("yield", "capacity"),
        {**SCRAP, "offers": [*SCRAP["offers"][:2], {**SCRAP["offers"][2], "capacity": 5}]},
    ),
    "short": (
        ("capacity", "lead time"),
        {"offers": {"A": {"capacity": 30}, "B": {"capacity": 50}}, "lead_days": {"A": 40, "B": 10}},
    ),
    "ramped": (
        ("ramp", "licence", "duty"),
        {
            "ramps": [{"offer": "A", "from": "2027-08-15", "capacity": 90}],
            "offers": {"A": {"capacity": 0, "price": 150_000}, "B": {"capacity": 100}},
            "licences": [{"country": "CHN", "lag_days": 60}],
            "tariffs": [{"importer": "USA", "rate": 0.1, "confidence": "estimate"}],
        },
    ),
}


class Done(NamedTuple):
    """A stored plan, and the tornado of it."""

    plan: Plan
    found: Tornado
    place: Path


def planned(tmp_path: Path, text: str = "", **changes: Any) -> Plan:
    """Return the plan of a question of the tiny case with changes, stored."""
    tiny_case(tmp_path, **changes)
    return run.optimize(write_question(tmp_path, text), out=tmp_path / "plan")


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Done]:
    """Return the plan and the tornado of a case, found once."""

    @TAKEN.kept
    def of(case: str) -> Done:
        place = tmp_path_factory.mktemp(case)
        kinds, changes = CASES[case]
        plan = planned(place, **changes)
        return Done(plan, run.tornado(place / "plan", Doubts(kinds=kinds), out=place / "tornado"), place)

    return of


def ends(found: Tornado, key: str) -> Any:
    """Return the row of an input."""
    table = found.tables["tornado"]
    return next(table[table["input"] == key].itertuples(index=False))


def edited(case: str, change: dict[str, Any]) -> dict[str, Any]:
    """Return the tables of a case with cells changed by hand: by code, or by position."""
    tables = tiny_tables(**CASES[case][1])
    for name, cells in change.items():
        for which, cell in cells.items():
            rows = (row for at, row in enumerate(tables[name]) if which in (at, row.get(name.removesuffix("s"))))
            next(rows).update(cell)
    return tables


def from_scratch(tmp_path: Path, tables: dict[str, Any], text: str = "") -> tuple[float, float]:
    """Return tonnes short and cost of a question of other tables, nothing kept from any earlier solve."""
    write_tables(tmp_path / "tiny", tables)
    plan = run.optimize(write_question(tmp_path, text, name="again"))
    return float(plan.tables["shortage"]["short"].sum()), float(plan.manifest["objective"]["cost"])


EDITS: dict[str, tuple[str, str, str, dict[str, Any]]] = {
    "price": ("rivals", "offers[B].price", "high", {"offers": {"B": {"price": 280_000}}}),
    "cheaper": ("rivals", "offers[A].price", "low", {"offers": {"A": {"price": 147_000}}}),
    "demand": (
        *("rivals", "demand[PLANT,metal,2027-Q1].quantity", "high"),
        {"demand": {at + 8: {"quantity": 46} for at in range(8)}},
    ),
    "less": ("short", "offers[B].capacity", "low", {"offers": {"B": {"capacity": 30}}}),
    "later": ("short", "offers[A].lead_days", "high", {"offers": {"A": {"lead_days": 60}}}),
    "ramp": ("ramped", "ramps[A,,,2027-08-15].from", "high", {"ramps": {0: {"from": "2028-08-14"}}}),
    "licence": ("ramped", "licences[CHN,,,].lag_days", "high", {"licences": {0: {"lag_days": 120}}}),
    "duty": ("ramped", "tariffs[USA,,,].rate", "high", {"tariffs": {0: {"rate": 0.15}}}),
    "yield": ("processes", "recipes[melt,metal].quantity", "low", {"recipes": {1: {"quantity": 0.95}}}),
}


@pytest.mark.parametrize("edit", EDITS)
def test_swing_when_the_number_is_edited_by_hand_then_is_what_optimize_says(
    tmp_path: Path, done: Callable[[str], Done], edit: str
) -> None:
    case, key, end, change = EDITS[edit]
    plan, found, _ = done(case)
    short, cost = from_scratch(tmp_path, edited(case, change))
    row = ends(found, key)
    stated = float(plan.manifest["objective"]["cost"]), float(plan.tables["shortage"]["short"].sum())
    assert getattr(row, f"cost_{end}") == pytest.approx(cost - stated[0], rel=1e-6, abs=0.5)
    assert getattr(row, f"short_{end}") == pytest.approx(short - stated[1], rel=1e-6, abs=1e-5)
    assert abs(cost - stated[0]) > 1000 or abs(short - stated[1]) > 1


@pytest.mark.parametrize("edit", ["price", "cheaper"])
def test_regret_when_the_orders_are_fixed_by_awards_then_is_what_optimize_says(
    tmp_path: Path, done: Callable[[str], Done], edit: str
) -> None:
    case, key, end, change = EDITS[edit]
    plan, found, _ = done(case)
    first = plan.tables["purchases"][plan.tables["purchases"]["node"] == 0].set_index("offer")["tonnes"]
    period = {"period": "2027-Q1"}
    kept = [{"offer": offer, **period, "quantity": float(first.get(offer, 0.0))} for offer in ("A", "B", "M")]
    free, held = (from_scratch(tmp_path, edited(case, change) | more) for more in ({}, {"awards": kept}))
    assert getattr(ends(found, key), f"regret_{end}") == pytest.approx(held[1] - free[1], rel=1e-6)
    assert held[1] - free[1] > 1e5


def test_largest_swing_when_it_changes_no_order_then_is_not_what_to_check(done: Callable[[str], Done]) -> None:
    found = done("rivals").found
    table = found.tables["tornado"].set_index("input")
    assert table["swing_rank"].idxmin() == "offers[M].price"
    assert table.loc["offers[M].price", ["regret_low", "regret_high"]].tolist() == [0.0, 0.0]
    assert table["check_rank"].idxmin() == "offers[B].price"
    said = finding(found)
    assert said.startswith("Check the price of Far Co Dy oxide (B) first: at USD 280,000/t instead of USD 200,000/t")
    assert "Sole Ltd Dy metal (M)" in waits(found)
    assert "changes no order that you place now" in waits(found)


def test_sentences_when_they_quote_numbers_then_those_of_the_tables(done: Callable[[str], Done]) -> None:
    _, found, place = done("rivals")
    first, said = ends(found, "offers[B].price"), finding(found)
    cost = float(re.findall(r"cost USD ([\d.]+) M more", said)[0]) * 1e6
    assert cost == pytest.approx(getattr(first, f"regret_{worse(first, found)}"), abs=6e4)
    screen = render_tornado(found, 10).plain
    swing = found.tables["tornado"].set_index("swing_rank").loc[1]
    assert f"USD {swing['cost_low'] / 1e6:.1f} M" in screen
    assert f"+USD {swing['cost_high'] / 1e6:.1f} M" in screen
    assert "offers.csv row 3, price" in screen
    orders = found.tables["instead"]
    more = orders[orders["input"] == "offers[B].price"].set_index("supplier").eval("better - placed")
    for supplier, tonnes in more.groupby("supplier").sum().items():
        assert f"{abs(tonnes):.0f} t {'more' if tonnes > 0 else 'less'} from {supplier} Dy oxide" in screen
    stored = pd.read_csv(place / "tornado" / "tornado.csv", keep_default_na=False)
    assert stored["input"].tolist() == found.tables["tornado"]["input"].tolist()
    assert json.loads(json.dumps(tornado_as_json(found), allow_nan=False))["finding"] == said
    assert max(map(len, render_tornado(found, 10, 70).plain.splitlines())) <= 70


def test_orders_when_capacity_falls_below_them_then_count_as_far_as_it_goes(done: Callable[[str], Done]) -> None:
    plan, found, _ = done("rivals")
    row = ends(found, "offers[B].capacity")
    first = plan.tables["purchases"]
    ordered = float(first[(first["node"] == 0) & (first["offer"] == "B")]["tonnes"].sum())
    assert row.dropped_low == pytest.approx(ordered - 60 * 90 / 365, rel=1e-6)
    assert row.dropped_low > 5
    assert row.dropped_high == 0.0
    assert "where an order cannot be kept" in render_tornado(found, 10).plain


@pytest.mark.parametrize("case", CASES)
def test_answers_when_found_by_way_of_changes_then_are_those_of_its_own_program(
    done: Callable[[str], Done], case: str
) -> None:
    plan = done(case).plan
    asked = doubting(plan, load_ranges(), CASES[case][0])
    held = kept_orders(plan, asked.form, 1)
    near = Nearby(asked.form, asked.cells, asked.minimize, QUIET)
    near.anchor(held)
    count = 0
    for each, end, change in asked.changes(lambda: None):
        assert change is not None
        count += 1
        if count % 3:
            continue
        form = asked.form_with([(each, getattr(each, end))])
        own, ours = asked.space.cells(form), asked.cells.with_change(change)
        assert own is not None
        np.testing.assert_allclose(ours.vector, own.vector, rtol=1e-12, atol=1e-12)
        assert abs(ours.matrix - own.matrix).max() < 1e-12
        for hot, kept in zip(near.beside(change, held), (None, kept_orders(plan, form, 1)), strict=True):
            anew = solve_anew(form, asked.minimize, QUIET, kept)
            assert hot.shortage == pytest.approx(anew.shortage, rel=1e-7, abs=1e-3), (each.key, end)
            assert hot.cost == pytest.approx(anew.cost, rel=1e-7), (each.key, end)
            assert hot.dropped == pytest.approx(anew.dropped, abs=1e-5)
    assert count == 2 * len(asked.inputs)


def test_rank_when_shortage_comes_first_then_is_by_what_goes_short(done: Callable[[str], Done]) -> None:
    table = done("short").found.tables["tornado"]
    assert (table["regret_weighted"] >= 0).all()
    assert table["regret_weighted"].is_monotonic_decreasing
    assert table["regret_short"].iloc[0] > 1
    swings = table.sort_values("swing_rank")["swing_weighted"]
    assert swings.is_monotonic_decreasing
    assert swings.iloc[0] > 0


def test_difference_when_the_search_has_not_proven_it_then_counts_as_none() -> None:
    each = Input("a", "price", "price of a", (), 1.0, "USD/t", 0.9, 1.1, "offers.csv row 2", "", "", "")

    def pair(free: float, kept: float) -> Pair:
        answers = (Answer("optimal", 0.0, cost, cost - 2e6, np.empty(0)) for cost in (free, kept))
        return Pair(*answers, (0.0, 0.0))

    found = {("a", "low"): pair(101e6, 102e6), ("a", "high"): pair(150e6, 160e6)}
    stated = Stated(100e6, 99e6, 0.0, 0.0, 100e6)
    row = next(swing_table([each], found, stated, {"a": "searched"}, least=True).itertuples(index=False))
    assert (row.cost_low, row.regret_low, row.cost_high, row.regret_high) == (0.0, 0.0, 50e6, 10e6)
    assert row.within_gap


@settings(deadline=None)
@given(st.integers(1, 40), st.randoms(use_true_random=False))
def test_changes_when_some_meet_in_a_cell_then_none_is_wrong(count: int, random: Random) -> None:
    own = [sorted(random.sample(range(200), random.randint(0, 4))) for _ in range(count)]
    base = Cells(50, 0, np.zeros(200), np.empty(0, np.int64), np.empty(0))

    def together(at: list[int]) -> Cells:
        vector = np.zeros(200)
        for one in at:
            vector[own[one]] += one + 1
        return Cells(50, 0, vector, base.keys, base.data)

    sole = [
        all(cell not in other for cell in mine for at, other in enumerate(own) if at != me)
        for me, mine in enumerate(own)
    ]
    for me, change in enumerate(apart(base, count, together)):
        assert change is not None or not all(sole)
        if change is not None:
            assert change.cell.tolist() == own[me]
            assert (change.value == me + 1).all()


def test_change_when_its_size_hangs_on_another_number_then_is_not_told() -> None:
    base = Cells(5, 0, np.zeros(20), np.empty(0, np.int64), np.empty(0))

    def together(at: list[int]) -> Cells:
        vector = np.zeros(20)
        vector[3] = (1.0 + (1 in at)) * (0 in at)
        return Cells(5, 0, vector, base.keys, base.data)

    assert apart(base, 10, together)[0] is None


def test_orders_when_kept_for_longer_then_are_those_of_more_periods(done: Callable[[str], Done]) -> None:
    plan = done("rivals").plan
    assert until(plan, None) == (date(2027, 4, 1), 1)
    assert until(plan, date(2027, 9, 30)) == (date(2027, 10, 1), 3)
    asked = doubting(plan, load_ranges(), ("duty",))
    bought = plan.tables["purchases"]
    for periods in (1, 3):
        held = kept_orders(plan, asked.form, periods)
        assert held.value.sum() == pytest.approx(bought[bought["node"] < periods]["tonnes"].sum())
        assert held.ordered.all()


def test_whole_numbers_when_within_the_gap_then_no_finding(tmp_path: Path) -> None:
    offers = [{**offer, "min_lot": 10, "order_cost": 5000} for offer in RIVALS["offers"]]
    planned(tmp_path, "solver = { gap = 0.02 }\n", **{**RIVALS, "offers": offers})
    found = run.tornado(tmp_path / "plan", Doubts(kinds=("price",), top=1))
    table = found.tables["tornado"]
    assert found.manifest["searched"] == len(table) <= 2
    assert set(table["how"]) == {"searched"}
    assert table[["regret_low", "regret_high"]].to_numpy().max() > 1e5
    assert (table.loc[~table["within_gap"], ["regret_low", "regret_high"]].to_numpy() >= 0).all()
    assert "chosen without whole numbers" in " ".join(render_tornado(found, 1).plain.split())


def test_squares_when_limited_then_answers_are_those_from_scratch(tmp_path: Path) -> None:
    text = '[[limits]]\nlimit = "mixed"\nmeasure = "hhi"\nby = "country"\nmaterial = "oxide"\nvalue = 0.6\n'
    asked = doubting(planned(tmp_path, text, **RIVALS), load_ranges(), ("price", "capacity"))
    near = Nearby(asked.form, asked.cells, asked.minimize, QUIET)
    tried = [each for each in asked.inputs if each.key in {"offers[A].price", "offers[B].capacity"}]
    for each in tried:
        form = asked.form_with([(each, each.high)])
        cells = asked.space.cells(form)
        assert cells is not None
        anew = solve_anew(form, asked.minimize, QUIET)
        assert near.solve(asked.cells.change_to(cells)).cost == pytest.approx(anew.cost, rel=1e-5)
        assert abs(anew.cost - near.best.cost) > 1e4


def test_no_plan_when_a_number_allows_none_then_is_said(tmp_path: Path) -> None:
    changes = {**RIVALS, "offers": [{**RIVALS["offers"][0], "capacity": 200}, RIVALS["offers"][2]]}
    planned(tmp_path, 'objective = { shortage = "none" }\n', **changes)
    found = run.tornado(tmp_path / "plan", Doubts(kinds=("capacity",)))
    row = ends(found, "offers[A].capacity")
    assert (row.status_low, row.status_high, row.regret_low, row.swing_rank) == ("no plan", "ok", 0.0, 1)
    assert "no plan" in render_tornado(found, 3).plain
    assert json.dumps(tornado_as_json(found), allow_nan=False)


def test_orders_when_no_plan_keeps_them_then_that_is_the_first_to_check(tmp_path: Path) -> None:
    lanes = [{**lane, "transit_days": 90} for lane in TINY["lanes"]]
    demand = [{**TINY["demand"][0], "period": period, "quantity": 20} for period in QUARTERS]
    stocks = {0: {"opening": 40}}
    text = 'objective = { minimize = ["cost"], shortage = "none" }\n'
    planned(tmp_path, text, lanes=lanes, demand=demand, stocks=stocks)
    found = run.tornado(tmp_path / "plan", Doubts(kinds=("demand", "price")))
    row = ends(found, "demand[PLANT,oxide,2027-Q1].quantity")
    assert (row.status_low, row.status_high, row.check_rank) == ("ok", "no plan with the orders", 1)
    assert np.isnan([row.regret_high, row.regret, row.regret_weighted]).all()
    assert row.cost_high == pytest.approx(-row.cost_low) != 0
    said = finding(found)
    assert said.startswith("Check the demand for Dy oxide")
    assert said.endswith("at 23 t instead of 20 t no plan keeps the orders you place before 1 Apr 2027")
    screen = " ".join(render_tornado(found, 3).plain.split())
    assert "at one end no plan keeps today's orders" in screen
    assert re.search(r"\d t more from Far Co", screen), screen
    assert set(found.tables["instead"]["input"]) == {row.input}
    assert json.dumps(tornado_as_json(found), allow_nan=False)


def test_plan_that_is_not_the_best_when_asked_about_then_its_own_regret_is_no_number_to_check(tmp_path: Path) -> None:
    planned(tmp_path, **RIVALS)
    other = run.alternatives(tmp_path / "plan", run.Wanted(0.02, 1), out=tmp_path / "near").plans[0]
    found = run.tornado(other.folder, Doubts(kinds=("price", "demand")))
    own, table = found.manifest["own_regret"], found.tables["tornado"]
    asked = doubting(run.load_plan(other.folder), load_ranges())
    best, kept = (
        solve_anew(asked.form, asked.minimize, QUIET, held).cost
        for held in (None, kept_orders(asked.plan, asked.form, 1))
    )
    assert own == pytest.approx(kept - best, rel=1e-6)
    assert own > 1e4
    checked = set(table.loc[(table["regret"] > own) | (table["regret_weighted"] > 0), "input"])
    assert set(table.loc[table["regret"] > 0, "input"]) - checked
    assert set(found.tables["instead"]["input"]) <= checked
    screen = " ".join(render_tornado(found, 10).plain.split())
    assert f"its orders cost {money(own)} more than the best ones would already" in screen


def test_ranges_when_shipped_then_know_every_kind_and_confidence() -> None:
    ranges = load_ranges()
    for case in (path for path in (folder("data") / "cases").iterdir() if path.is_dir()):
        read = read_case(case)
        labels = {str(text) for frame in read.tables.values() if "confidence" in frame for text in frame["confidence"]}
        for kind in KINDS:
            for label in labels | {"", "cited", "recalled", "estimate"}:
                low, high = ranges.of(kind, label)
                assert low <= (0 if kind == "ramp" else 1) <= high
        inputs = inputs_of(read, ranges)
        assert len({each.key for each in inputs}) == len(inputs) > 100
        assert all(each.source and each.as_of and each.confidence for each in inputs)
        dearer = moved(read, [(each, each.high) for each in inputs])
        assert (dearer["offers"]["price"] > read["offers"]["price"]).all()
        assert (dearer["offers"]["lead_days"] % 1 == 0).all()
        assert all(end % 1 == 0 for each in inputs if each.unit in {"days", "date"} for end in each.ends)


READY = (folder("data") / "confidence.toml").read_text("utf-8")
BAD = {
    "no such file": (None, "there is no such file"),
    "no toml": ("this is = = not", "it is not TOML"),
    "no value": (READY.replace("cited ", "cyted ", 1), "it is missing; add it"),
    "unknown key": (READY.replace("cited ", "cyted ", 1), "there is no key of this name"),
    "unknown table": (f"{READY}\n[[tables]]\nx = 1\n", "tables: there is no key of this name"),
    "unknown confidence": (READY.replace('"estimate"', '"sure"', 1), "'sure' does not fit; write 'cited'"),
    "unknown kind": (READY.replace('"price"', '"prise"', 1), "'prise' is no kind of number; write price"),
    "below nothing": (READY.replace("[0.90", "[-0.90", 1), "cited of price does not hold the value"),
    "a word": (READY.replace("[0.90", '["a"', 1), "'a' does not fit; write a valid number"),
    "one end": (READY.replace("[0.90, ", "[", 1), "1.cited.2: it is missing"),
    "parts of days": (READY.replace("[-30, ", "[-30.5, ", 1), "cited of ramp has parts of days"),
    "no kinds": (
        'schema = 1\ntitle = "a"\nsource = "b"\nas_of = "2026"\nconfidence = "estimate"\nranges = []\n',
        "kind",
    ),
}


@pytest.mark.parametrize("bad", BAD)
def test_ranges_when_nonsense_then_refused(tmp_path: Path, bad: str) -> None:
    text, words = BAD[bad]
    path = tmp_path / "ranges.toml"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(QuestionError, match=words) as refusal:
        load_ranges(path)
    assert {fault.code for fault in refusal.value.faults} == {"QUESTION-221"}


def test_ranges_when_they_leave_out_the_value_then_refused(tmp_path: Path) -> None:
    shipped = (folder("data") / "confidence.toml").read_text("utf-8")
    path = tmp_path / "ranges.toml"
    path.write_text(shipped.replace("[0.70, 1.40]", "[1.10, 1.40]", 1), "utf-8")
    with pytest.raises(QuestionError, match="low <= 1 <= high") as refusal:
        load_ranges(path)
    assert refusal.value.faults[0].code == "QUESTION-221"
    path.write_text(re.sub(r"\[[-\d., ]+\]", "[1, 1]", shipped).replace("[1, 1]", "[0, 0]"), "utf-8")
    with pytest.raises(QuestionError):
        load_ranges(path)


@pytest.mark.parametrize("day", [date(2026, 1, 1), date(2027, 1, 1), date(2029, 1, 1), date(2031, 1, 1)])
def test_day_when_outside_the_horizon_then_refused(done: Callable[[str], Done], day: date) -> None:
    plan = done("rivals").plan
    with pytest.raises(QuestionError, match="leaves no order") as refusal:
        until(plan, day)
    assert refusal.value.faults[0].code == "QUESTION-221"


def test_tornado_when_taken_for_a_plan_then_refused(done: Callable[[str], Done]) -> None:
    place = done("rivals").place
    with pytest.raises(FaultyInput, match="this is a tornado"):
        run.tornado(place / "tornado")
    with pytest.raises(FaultyInput, match="cannot be read"):
        run.tornado(place / "tiny")


def test_tornado_when_stopped_then_says_so_and_writes_nothing(done: Callable[[str], Done]) -> None:
    place = done("rivals").place
    before = sorted(path.name for path in place.iterdir())
    with pytest.raises(StoppedEarly, match="nothing was written"):
        run.tornado(place / "plan", out=place / "other", options=RunOptions(time_limit=0.01))
    assert sorted(path.name for path in place.iterdir()) == before


def test_tornado_when_nothing_is_ordered_then_no_number_has_to_be_checked(tmp_path: Path) -> None:
    planned(tmp_path, demand={0: {"quantity": 0}, 1: {"quantity": 0}})
    found = run.tornado(tmp_path / "plan", Doubts(kinds=("price", "duty")))
    assert finding(found).startswith("No number has to be checked first")
    assert "no number moves shortage or cost" in render_tornado(found, 10).plain


def test_command_when_asked_for_nonsense_then_refused(
    tmp_path: Path, done: Callable[[str], Done], capsys: pytest.CaptureFixture
) -> None:
    assert main(["tornado", str(tmp_path), "--change-by", "soon"]) == 2
    assert "2027-06-30" in capsys.readouterr().err
    with pytest.raises(QuestionError, match="did you mean"):
        run.tornado(done("rivals").place / "plan", Doubts(kinds=("prices",)))
    with pytest.raises(QuestionError, match="no number of these kinds"):
        run.tornado(done("rivals").place / "plan", Doubts(kinds=("duty",)))
    assert main(["tornado", str(tmp_path / "nowhere")]) == 3
    assert "no plan of this name" in capsys.readouterr().err
