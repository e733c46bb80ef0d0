"""``sourcing frontier``: points that no plan beats, against brute force; their folders, and what is said of them."""

from __future__ import annotations

import functools
import itertools
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from sourcing import run
from sourcing.answer.setting import ask
from sourcing.cli import main
from sourcing.engine.adjustable import Adjustable
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.engine.solve import solve
from sourcing.errors import InfeasiblePlan, QuestionError, SolverError, StoppedEarly
from sourcing.outcome import Values
from sourcing.outcome.concentration import limits
from sourcing.report.figures import money
from sourcing.run import RunOptions, Trade
from sourcing.studies.frontier.best import Spans, unbeaten
from sourcing.studies.frontier.evaluate import gauges_of, searched
from sourcing.studies.frontier.explore import by_area, explore
from sourcing.studies.frontier.frontier_words import figure, finding
from sourcing.studies.frontier.measures import held_at
from sourcing.studies.frontier.request import Trading, subject_of, trading
from sourcing.studies.frontier.screen import render_frontier
from sourcing.studies.frontier.solver import Ground, Mark
from tests.builders import tiny_case, write_question

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.solver_result import Outcome
    from sourcing.studies.frontier.found import Frontier
    from sourcing.studies.frontier.measures import Gauge

OFFER = ("offer", "supplier", "site", "price", "capacity", "carbon", "lead_days")
FOUR: dict[str, Any] = {
    "offers": [
        dict(zip(OFFER, row, strict=True), material="oxide")
        for row in (
            ("A", "Near Ltd", "NEAR", 300_000, 45, 12, 20),
            ("B", "Far Co", "FAR", 200_000, 500, 40, 60),
            ("C", "Dear Inc", "DEAR", 500_000, 40, 5, 3),
            ("D", "Mid SA", "MID", 260_000, 60, 25, 90),
        )
    ],
    "sites": [
        {"site": "NEAR", "kind": "supplier", "country": "AUS", "owner": "Near Ltd"},
        {"site": "FAR", "kind": "supplier", "country": "CHN", "owner": "Far Co"},
        {"site": "DEAR", "kind": "supplier", "country": "FRA", "owner": "Dear Inc"},
        {"site": "MID", "kind": "supplier", "country": "BRA", "owner": "Mid SA"},
        {"site": "PLANT", "name": "Our plant", "kind": "plant", "country": "USA"},
    ],
    "lanes": [
        {"origin": site, "destination": "PLANT", "mode": "sea", "freight": 100, "transit_days": 5, "carbon": 0.5}
        for site in ("NEAR", "FAR", "DEAR", "MID")
    ],
    "stocks": [{"site": "PLANT", "material": "oxide", "opening": 60, "safety": 0}],
}
"""Changes to the tiny case: four suppliers, none of which is the best in price, carbon and days."""
WHOLE: dict[str, Any] = {
    **FOUR,
    "offers": [row | {"lot_multiple": 20, "capacity": 160} for row in FOUR["offers"][:3]],
    "demand": [{"site": "PLANT", "material": "oxide", "period": "2027-Q4", "quantity": 95}],
}
YEAR = '[horizon]\nstart = "2027-01"\nperiods = 4\nlength = "quarter"\n'


def question(tmp_path: Path, text: str = "", changes: dict[str, Any] | None = None) -> Path:
    """Write a question of the case with four suppliers and return it."""
    tiny_case(tmp_path, **(changes or FOUR))
    return write_question(tmp_path, text)


def found(path: Path, *measures: str, points: int = 6, **more: Any) -> Frontier:
    """Return a frontier that is written nowhere."""
    return run.frontier(path, Trade(measures, points, **more), options=RunOptions(threads=1))


def figures(answer: Frontier) -> NDArray[np.float64]:
    """Return the measures of each point."""
    return answer.tables["frontier"].iloc[:, 1 : 1 + len(answer.measures)].to_numpy(float)


class Fresh(NamedTuple):
    """A plan for which nothing is kept from any earlier solve: weighted tonnes short, cost, and what limits count."""

    short: float
    cost: float
    counted: dict[str, float]


@functools.cache
def modelled(asked: Trading) -> tuple[Formulation, list[Gauge]]:
    """Return the model with every limit at 1, and the measures in it."""
    one, two = (formulate(asked.network(value)) for value in (1.0, 2.0))
    return one, gauges_of(asked, one, two)


def from_scratch(asked: Trading, **most: float) -> Fresh | None:
    """Return the plan with measures held (by column; one that is not named is not held); None if there is none."""
    one, gauges = modelled(asked)
    held = {name: most.get(name.replace("-", "_"), 1e9) for name in asked.limits}
    model = to_pyomo(held_at(one, gauges, held, asked.at(held).network))
    solution = solve(model, asked.minimize, SolverOptions(interruptible=False, threads=1))
    if solution.status != "optimal":
        return None
    actual = limits(Values(model.formulation, solution)).set_index("limit")["actual"]
    counted = {name: float(actual[row["limit"]]) for name, row in asked.limits.items()}
    short = float(model.formulation.objectives["shortage"] @ solution.x)
    return Fresh(short, solution.level("cost").value, counted)


def complete(asked: Trading, **most: float) -> Fresh | None:
    """Return the same; None too if anything is short."""
    plan = from_scratch(asked, **most)
    return None if plan is None or plan.short > 1e-6 else plan


def tighter(asked: Trading, answer: Frontier, at: int, measure: str, part: float) -> float:
    """Return the least cost with a measure a little below a point's, the others no worse; infinity without a plan."""
    table = answer.tables["frontier"]
    held = {name.replace("-", "_"): float(table[name.replace("-", "_")].iloc[at]) for name in asked.limits}
    held[measure] -= part * float(table[measure].max() - table[measure].min())
    plan = complete(asked, **held)
    return np.inf if plan is None else plan.cost


@pytest.fixture(scope="module")
def carbon(tmp_path_factory: pytest.TempPathFactory) -> tuple[Trading, Frontier]:
    """Return cost against carbon, both linear."""
    path = question(tmp_path_factory.mktemp("carbon"))
    return trading(path, Trade(("cost", "carbon")), None), found(path, "cost", "carbon", points=7)


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> tuple[Trading, Frontier]:
    """Return three measures, two of them averages and one of these curved."""
    path = question(tmp_path_factory.mktemp("three"))
    measures = ("hhi", "cost", "lead-time")
    return trading(path, Trade(measures), None), found(path, *measures, points=6)


def test_band_when_solved_densely_then_holds_every_cost(carbon: tuple[Trading, Frontier]) -> None:
    asked, answer = carbon
    points, band = answer.tables["frontier"], answer.tables["band"]
    assert answer.manifest["convex"]
    span = points["cost"].iloc[-1] - points["cost"].iloc[0]
    assert answer.manifest["widest"] <= 5e-3 * span
    for value in np.linspace(points["carbon"].min(), points["carbon"].max(), 8):
        plan = complete(asked, carbon=value * (1 + 1e-9))
        assert plan is not None
        lower, upper = (np.interp(value, band["value"], band[side]) for side in ("lower", "upper"))
        assert lower - 1e-4 * span <= plan.cost <= upper + 1e-6 * span
    assert complete(asked, carbon=points["carbon"].min() * 0.999) is None


def test_model_when_measures_are_held_then_is_the_model_of_these_values(three: tuple[Trading, Frontier]) -> None:
    asked = three[0]
    held = {"hhi": 0.37, "lead-time": 41.0}
    setting, (one, gauges) = asked.at(held), modelled(asked)
    ours, fresh = held_at(one, gauges, held, setting.network), formulate(setting.network)
    assert abs(ours.matrix - fresh.matrix).max() < 1e-12
    np.testing.assert_allclose(ours.row_upper, fresh.row_upper)
    np.testing.assert_allclose(ours.cones[0].value, fresh.cones[0].value)


def test_points_of_three_measures_when_one_is_tightened_then_another_is_worse(
    three: tuple[Trading, Frontier],
) -> None:
    asked, answer = three
    points = answer.tables["frontier"]
    assert len(points) == 6
    assert sorted(answer.measures) == ["cost", "hhi", "lead-time"]
    for at, cost in enumerate(points["cost"]):
        for measure in ("hhi", "lead_time"):
            assert tighter(asked, answer, at, measure, 0.01) > cost + 1


def test_points_when_the_solver_cannot_say_that_there_is_no_plan_then_are_the_same(
    three: tuple[Trading, Frontier], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, right, ended = three[0], Adjustable.run, []

    def unclear(program: Adjustable) -> Outcome:
        outcome = right(program)
        ended.append(outcome.status)
        if outcome.status == "infeasible":
            raise SolverError("HiGHS ended without an answer")
        return outcome

    monkeypatch.setattr(Adjustable, "run", unclear)
    options = SolverOptions(interruptible=False, threads=1)
    asked = replace(asked, trade=asked.trade._replace(points=6))
    one, gauges = modelled(asked)
    marks = searched(asked, Ground(one, gauges, options, hold_shortage=True), options).marks
    assert "infeasible" in ended
    np.testing.assert_allclose([mark.values for mark in marks], figures(three[1]), rtol=1e-4)


def test_points_of_three_measures_when_many_plans_are_tried_then_none_beats_one(
    three: tuple[Trading, Frontier],
) -> None:
    asked, answer = three
    points = figures(answer)
    spans = Spans(points.min(axis=0), points.max(axis=0))
    assert len(unbeaten(points, spans)) == len(points)
    low, high = spans.low, spans.high
    for part in itertools.product(np.linspace(0.05, 1, 4), repeat=2):
        lead, hhi = low[1:] + np.array(part) * (high - low)[1:]
        plan = complete(asked, lead_time=float(lead), hhi=float(hhi))
        if plan is not None:
            own = np.array([plan.cost, plan.counted["lead-time"], plan.counted["hhi"]])
            assert not (points > own + 1e-4 * (high - low)).all(axis=1).any()


def test_whole_numbers_when_every_stair_is_climbed_then_each_is_a_point(tmp_path: Path) -> None:
    path = question(tmp_path, YEAR, WHOLE)
    asked = trading(path, Trade(("cost", "carbon")), None)
    answer = found(path, "cost", "carbon", points=30)
    assert (answer.manifest["whole"], answer.manifest["convex"]) == (True, False)
    stairs, carbon = {}, 1e9
    while (plan := complete(asked, carbon=carbon)) is not None:
        carbon = plan.counted["carbon"]
        stairs[round(plan.cost)] = carbon  # of plans that cost the same the last emits least
        carbon -= 1e-3
    assert len(stairs) == 5
    np.testing.assert_allclose(figures(answer), list(stairs.items()), rtol=1e-6)
    text = " ".join(render_frontier(answer).plain.split())
    assert "with whole numbers, each plan proven to within" in text
    assert "nothing is claimed" in text


def test_shortage_when_carbon_is_held_then_each_point_leaves_the_least_and_costs_the_least(tmp_path: Path) -> None:
    path = question(tmp_path)
    asked = trading(path, Trade(("shortage", "carbon")), None)
    answer = found(path, "carbon", "shortage", points=4)
    points = answer.tables["frontier"]
    assert points["shortage"].iloc[0] == pytest.approx(0, abs=1e-6)
    assert points["carbon"].iloc[-1] == pytest.approx(0, abs=1e-6)
    for row in points.itertuples():
        plan = from_scratch(asked, carbon=row.carbon * (1 + 1e-9))
        assert plan is not None
        assert (plan.short, plan.cost) == pytest.approx((row.shortage, row.spent), rel=1e-6, abs=1e-3)
    assert "t short where" in finding(answer)


def test_cost_when_shortage_is_held_then_each_point_is_the_cheapest_and_its_band_holds_dense_solves(
    tmp_path: Path,
) -> None:
    path = question(tmp_path)
    asked = trading(path, Trade(("cost", "shortage")), None)
    answer = found(path, "shortage", "cost", points=5)
    points, band = answer.tables["frontier"], answer.tables["band"]
    assert points["short"].iloc[0] == pytest.approx(160)  # what is cheapest buys nothing: 220 t are due, 60 in stock
    assert points["short"].iloc[-1] == pytest.approx(0, abs=1e-9)
    for value in np.linspace(0, points["shortage"].max(), 9):
        plan = from_scratch(asked, shortage=value)
        assert plan is not None
        low, high = (np.interp(value, band["value"], band[side]) for side in ("lower", "upper"))
        assert low - 1 <= plan.cost <= high + 1
    for plan, row in zip(answer.plans, points.itertuples(), strict=True):
        assert (plan.question.objective.shortage, plan.manifest["audit"]["clean"]) == ("limited", True)
        assert plan.question.limits[-1]["value"] == pytest.approx(row.shortage, rel=1e-6, abs=1e-6)
    said = " ".join(render_frontier(answer).plain.split())
    assert "Bringing the shortage from 160 t to 0 t costs USD 32.0 M more." in said


def test_cost_shortage_and_hhi_when_weighed_then_no_point_is_beaten(tmp_path: Path) -> None:
    answer = found(question(tmp_path), "cost", "shortage", "hhi", points=8)
    values = figures(answer)
    beaten = [
        ((values <= row + 1e-9).all(axis=1) & (values < row - 1e-6 * np.abs(row)).any(axis=1)).any() for row in values
    ]
    assert not any(beaten)
    assert len(values) >= 4


@pytest.fixture(scope="module")
def random_points() -> NDArray[np.float64]:
    return np.random.default_rng(7).random((50, 3))


@pytest.mark.parametrize("count", [2, 3])
def test_explore_when_plans_are_a_list_then_finds_those_that_no_other_beats(
    random_points: NDArray[np.float64], count: int
) -> None:
    plans = random_points[:, :count]

    def find(order: tuple[int, ...], most: tuple[float, ...]) -> Mark | None:
        kept = plans[(plans[:, 1:] <= np.array(most) + 1e-12).all(axis=1)]
        return Mark(tuple(min(kept.tolist(), key=lambda plan: [plan[at] for at in order]))) if len(kept) else None

    orders = [(first, *(at for at in range(count) if at != first)) for first in range(count)]
    ends = [find(order, (np.inf,) * (count - 1)) for order in orders]
    marks = explore(lambda most: find(orders[0], most), [end for end in ends if end], 200, by_area(Spans.of(ends)))
    unbeatable = {
        tuple(plan) for plan in plans.tolist() if not ((plans <= plan).all(axis=1) & (plans < plan).any(axis=1)).any()
    }
    assert {mark.values for mark in marks} <= unbeatable
    high = Spans.of(ends).high
    inside = {plan for plan in unbeatable if (np.array(plan[1:]) <= high[1:]).all()}
    missed = inside - {mark.values for mark in marks}
    assert not missed


def test_folder_when_written_then_its_plans_pass_the_audit_and_have_the_measures_of_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    question(tmp_path)
    monkeypatch.chdir(tmp_path)
    words = ["frontier", "ask.toml", "--of", "hhi", "--of", "cost", "--of", "carbon", "--points", "3", "--json"]
    assert main(words) == 0
    said = json.loads(capsys.readouterr().out)
    (folder,) = (tmp_path / "runs").iterdir()
    assert (tmp_path / said["frontier"]["folder"]).resolve() == folder
    table = pd.read_csv(folder / "frontier.csv")
    assert said["tables"]["frontier"][-1]["cost"] == pytest.approx(table["cost"].iloc[-1])
    assert sorted(path.name for path in folder.glob("point-*")) == [f"point-{at:02d}" for at in table["point"]]
    for row in table.itertuples():
        place = folder / f"point-{row.point:02d}"
        assert run.audit_plan(place).findings == []
        plan = run.load_plan(place)
        counted = plan.tables["limits"].set_index("limit")["actual"]
        own = plan.manifest["objective"]["cost"], counted["frontier-hhi"], counted["frontier-carbon"]
        assert own == pytest.approx((row.cost, row.hhi, row.carbon), rel=1e-9)
    assert main(["explain", str(folder)]) == 3
    assert "this is a frontier" in capsys.readouterr().err


def test_screen_when_shown_then_every_figure_is_the_tables(carbon: tuple[Trading, Frontier]) -> None:
    answer = carbon[1]
    table, lines = answer.tables["frontier"], render_frontier(answer, 100).plain.splitlines()
    assert max(map(len, lines)) <= 100
    for row in table.itertuples():
        mark = f"{row.point}  {money(row.cost)}"
        assert any(mark in line and figure("carbon", row.carbon) in line for line in lines)
    first, last = table.iloc[0], table.iloc[-1]
    said = finding(answer)
    assert f"from {figure('carbon', first['carbon']).removesuffix(' t CO2e')} to" in said
    assert f"{money(last['cost'] - first['cost'])} more" in said
    knee = table[table["knee"]]
    if len(knee):
        assert f"{money(knee['cost'].iloc[0] - first['cost'])} more" in said
    entered = [row.enters for row in table.itertuples()]
    assert any("Dear Inc" in names for names in entered)
    text = " ".join(" ".join(lines).split())
    assert "limits[" not in text
    assert "every plan here leaves no shortage" in text


def test_screen_of_three_when_shown_then_names_the_middle_way_or_that_there_is_none(
    three: tuple[Trading, Frontier],
) -> None:
    answer, table = three[1], three[1].tables["frontier"]
    columns = ["cost", "hhi", "lead_time"]
    away = (table[columns] - table[columns].min()) / (table[columns].max() - table[columns].min())
    worst = away.max(axis=1)
    (at,) = np.flatnonzero(table["knee"])
    assert worst[at] == worst.min() < 0.5
    row, said = table.iloc[at], finding(answer)
    assert f"Point {row['point']} is a middle way" in said
    for name in ("hhi", "lead_time"):
        assert figure(name.replace("_", "-"), row[name]) in said
    only = table[worst >= 0.5].assign(knee=False)
    none = replace(answer, tables={**answer.tables, "frontier": only})
    assert finding(none).startswith("No point is in the better half of all three measures")
    assert "middle way" not in render_frontier(none).plain


def test_one_best_plan_when_there_is_nothing_to_weigh_then_says_so(tmp_path: Path) -> None:
    same = [row | {"carbon": row["price"] / 10_000, "lead_days": 20} for row in FOUR["offers"]]
    answer = found(question(tmp_path, "", {**FOUR, "offers": same}), "cost", "carbon")
    assert len(answer.plans) == 1
    assert "nothing to weigh" in finding(answer)
    assert "nothing to weigh" in " ".join(render_frontier(answer).plain.split())


def test_nothing_when_it_is_bought_then_every_measure_is_nothing(tmp_path: Path) -> None:
    idle = {**FOUR, "demand": [{"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 0}]}
    answer = found(question(tmp_path, "", idle), "cost", "lead-time", "hhi", points=3)
    assert figures(answer).tolist() == [[0, 0, 0]]
    assert "nothing to weigh" in finding(answer)


TWO = {**FOUR, "offers": [*FOUR["offers"], FOUR["offers"][0] | {"offer": "M", "material": "metal"}]}
CLEAN = {
    **FOUR,
    "offers": [row | {"carbon": ""} for row in FOUR["offers"]],
    "lanes": [row | {"carbon": ""} for row in FOUR["lanes"]],
}


@pytest.mark.parametrize(
    ("trade", "changes", "text", "fault"),
    [
        (Trade(()), FOUR, "", "--of: no measure is named; name two or three of cost, shortage"),
        (Trade(("cost",)), FOUR, "", "--of: one measure is named; name two or three of"),
        (Trade(("cost", "cost")), FOUR, "", "--of: cost is there twice; name each measure once"),
        (Trade(("cost", "hhi", "carbon", "lead-time")), FOUR, "", "--of: 4 measures are named"),
        (Trade(("cost", "carbn")), FOUR, "", "there is no measure 'carbn'; did you mean 'carbon'?"),
        (Trade(("cost", "carbon"), 1), FOUR, "", "--points: 1 points hold no frontier of 2 measures; write 2 to"),
        (Trade(("cost", "shortage")), FOUR, '[objective]\nshortage = "none"\n', "--of shortage: the question has"),
        (Trade(("cost", "hhi")), TWO, "", "--of hhi: the case has 2 materials, and an HHI is of one; write --material"),
        (Trade(("cost", "hhi"), 4, "tin"), TWO, "", "--material: nobody offers a material 'tin'"),
        (Trade(("cost", "carbon"), 4, "oxide"), FOUR, "", "--material: 'oxide' is of hhi or lead-time, which"),
        (Trade(("cost", "carbon")), CLEAN, "", "--of carbon: carbon is nowhere filled in"),
        (Trade(("cost", "carbon")), FOUR, 'without = ["carbon"]\n', "--of carbon: "),
        (Trade(("carbon", "shortage")), FOUR, '[objective]\nshortage = "none"\n', "--of shortage: the question has"),
    ],
)
def test_trade_when_it_cannot_be_then_says_place_fact_and_repair(
    tmp_path: Path, trade: Trade, changes: dict[str, Any], text: str, fault: str
) -> None:
    with pytest.raises(QuestionError, match=re.escape(fault)) as caught:
        run.frontier(question(tmp_path, text, changes), trade)
    assert all(one.repair and one.code == "QUESTION-219" for one in caught.value.faults)


@pytest.mark.parametrize("asked", ["oxide", "dy oxide", "Dysprosium oxide"])
def test_average_when_its_material_is_named_in_other_words_then_is_of_that(tmp_path: Path, asked: str) -> None:
    case = ask(question(tmp_path, "", TWO)).case
    assert subject_of(Trade(("cost", "hhi"), 4, asked), case) == {"material": "oxide"}


def test_question_without_any_plan_then_is_explained(tmp_path: Path) -> None:
    few = [row | {"capacity": 1} for row in FOUR["offers"]]
    path = question(tmp_path, '[objective]\nshortage = "none"\n', {**FOUR, "offers": few})
    with pytest.raises(InfeasiblePlan):
        found(path, "cost", "carbon")


def test_time_when_it_is_up_then_says_so_and_writes_nothing(tmp_path: Path) -> None:
    path, place = question(tmp_path), tmp_path / "place"
    with pytest.raises(StoppedEarly, match="nothing was written; allow more with --time-limit"):
        run.frontier(path, Trade(("cost", "carbon")), out=place, options=RunOptions(time_limit=1e-3))
    assert not place.exists()
    assert not list(tmp_path.glob(".place*"))


def test_rules_of_the_question_when_it_has_some_then_hold_at_every_point(tmp_path: Path) -> None:
    mixed = '[[limits]]\nlimit = "mixed"\nmeasure = "hhi"\nby = "country"\nvalue = 0.5\n'
    away = '[[limits]]\nlimit = "none-of-far"\nmeasure = "share"\nby = "country"\nmember = "CHN"\nvalue = 0.1\n'
    few = [row | {"capacity": min(row["capacity"], 25) if row["offer"] != "B" else 500} for row in FOUR["offers"]]
    path = question(tmp_path, mixed + away.replace("0.1", "0") + "priority = 1\n", {**FOUR, "offers": few})
    answer = found(path, "cost", "lead-time", points=3)
    assert [one["name"] for one in answer.manifest["given_up"]] == ["none-of-far"]
    assert "none-of-far (priority 1)" in " ".join(render_frontier(answer).plain.split())
    for plan in answer.plans:
        own = plan.tables["limits"]
        assert own.loc[own["limit"] == "mixed", "actual"].max() <= 0.5 * (1 + 2e-6)
    assert len(answer.plans) == 3
