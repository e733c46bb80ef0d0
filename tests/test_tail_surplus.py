"""What may be left over at the end of a tail: it forces no shortage and no cost that no other rule asks for."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from builders import tiny_case, write_question
from cases.chain import QUIET, Answer, answer
from cases.random_cases import seeded_cases, write_case

from sourcing.answer.setting import ask, network_of
from sourcing.answer.tail import default_tail
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.engine.solve import solve
from sourcing.question import load_question

REGRESSIONS = Path(__file__).parent / "regressions"
PLANTS = [
    {"site": "NEAR", "kind": "supplier", "country": "AUS"},
    {"site": "FAR", "kind": "supplier", "country": "CHN"},
    {"site": "PLANT", "kind": "plant", "country": "USA"},
    {"site": "OTHER", "kind": "plant", "country": "DEU"},
]
MONTHS = 'start = "2027-01", periods = 3, length = "month"'
QUARTERS = 'start = "2027-01", periods = 4, length = "quarter"'


def unbounded(own, points=None):
    """Return shortage and cost where anything may be left over, at these stock points or at all."""
    form, upper = own.formulation, own.formulation.row_upper.copy()
    points = np.ones(len(own.network.points), bool) if points is None else points
    if "use" in form.rows:
        use = form.rows["use"]
        upper[use.ids[points[use.code]]] = np.inf
    hold, held = form.column_upper.copy(), form.columns["hold"]
    ids = held.ids[points[held.code]]
    hold[ids] = np.where(hold[ids] > 0, np.inf, hold[ids])
    free = replace(form, row_upper=upper, column_upper=hold)
    found = solve(to_pyomo(free), tuple(own.setting.question.objective.minimize), QUIET)
    return [float(form.objectives[name] @ found.x) for name in own.setting.question.objective.minimize]


def told(own):
    return [own.total(name) for name in own.setting.question.objective.minimize]


def with_default(question):
    """Return a kept question, asked with the tail that one without a word has."""
    setting = ask(question)
    tail = default_tail(setting.question.horizon, network_of(setting.question, setting.case))
    horizon = setting.question.horizon.model_copy(update={"tail": tail})
    return Answer(ask(setting.question.model_copy(update={"horizon": horizon})))


def kept(name, folder):
    shutil.copytree(REGRESSIONS / name, folder / "case")
    return load_question(folder / "case" / "question.toml")


@pytest.mark.parametrize("lead", [45, 100, 200])
@pytest.mark.parametrize("horizon", [MONTHS, QUARTERS])
@pytest.mark.parametrize("two", [False, True])
def test_order_that_brings_too_much_at_the_end_when_there_is_a_tail_then_leaves_nothing_more_short(
    lead, horizon, two, tmp_path
):
    """B15 and its like: orders whose first part is needed bring their last part when nobody needs it."""
    sites = ["PLANT", "OTHER"] if two else ["PLANT"]
    due = (("2027-01", 31), ("2027-02", 28), ("2027-03", 31), ("2027-Q3", 20))
    rows = [{"site": at, "material": "oxide", "period": when, "quantity": t} for at in sites for when, t in due]
    lanes = [{"origin": "FAR", "destination": at, "mode": "sea", "transit_days": 0} for at in sites]
    tiny_case(tmp_path, sites=PLANTS, demand=rows, lanes=lanes, stocks=None, lead_days={"B": lead})
    own = with_default(write_question(tmp_path, f"horizon = {{ {horizon} }}\n"))
    assert own.setting.question.horizon.tail in {4, 12}
    assert told(own) == pytest.approx(unbounded(own), rel=1e-7, abs=1e-6)
    assert own.verdict.is_clean


def test_order_that_brings_too_much_when_kept_then_leaves_short_what_no_order_can_bring(tmp_path):
    own = with_default(kept("B15-surplus-at-end-forces-shortage", tmp_path))
    assert float(own.plan.tables["shortage"]["short"].sum()) == pytest.approx(31)
    assert told(own) == pytest.approx(unbounded(own), rel=1e-7)


def test_process_that_comes_out_in_the_tail_when_a_limit_asks_for_it_then_counts_for_nothing_before(tmp_path):
    """H1: the process takes 400 days; what it makes is used two years on, and helps no limit of 2027."""
    own = with_default(kept("H1-process-never-comes-out", tmp_path))
    told = own.plan.tables["limits"].query("window == '2027'")
    assert (told["actual"] <= 0.35 + 1e-6).all()
    orders = own.plan.tables["purchases"].query("offer in ['A', 'B']")
    assert float(orders["purchase"].sum()) >= 35 * 10 + 65 * 40 - 1e-3
    assert own.verdict.is_clean


def test_lane_that_lands_in_the_tail_when_a_limit_asks_for_it_then_counts_for_nothing_before(tmp_path):
    """H6: goods on a lane of 400 days are used when they are there, and not a day before."""
    own = with_default(kept("H6-ship-off-horizon", tmp_path))
    stock = own.plan.tables["stock"]
    assert float(stock.loc[stock["site"] == "P", "demand"].sum()) == pytest.approx(
        float(own.plan.tables["shortage"]["short"].sum())
    )
    assert own.verdict.is_clean


def test_drawn_cases_when_what_is_bought_may_be_left_over_then_cost_as_much(tmp_path):
    """Without limits; where processes make something, or waste has a price, the bound keeps it from being heaped up."""
    for at, case in enumerate(seeded_cases(10, seed=41)):
        case.question["horizon"]["tail"] = 3
        case.question.pop("limits", None)
        case.tables.pop("limits", None)
        if case.question["objective"]["shortage"] == "limited":
            continue
        own = answer(write_case(tmp_path / str(at), case))
        if own.solution.status == "optimal":
            assert told(own) == pytest.approx(unbounded(own, bought(own)), rel=1e-6, abs=1e-6)


def bought(own):
    """Return which points nothing comes to that a process made, and where nothing is disposed of at a price."""
    net, stocks = own.network, own.setting.case["stocks"]
    found = np.ones(len(net.points), bool)
    found[net.outputs["point"].to_numpy(int)] = False
    found[net.points.find(stocks["site"], stocks["material"])[stocks["disposal_cost"].notna().to_numpy()]] = False
    for _ in found:
        found[net.hops.point[~found[net.hops.origin]]] = False
    return found
