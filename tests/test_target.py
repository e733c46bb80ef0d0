"""``sourcing target``: the curve of a limit, its band, its end, by when it is possible, and what is said of them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from sourcing import run
from sourcing.answer.setting import Setting, ask
from sourcing.cli import main
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.engine.solve import solve
from sourcing.errors import InfeasiblePlan, QuestionError
from sourcing.report.shortage import held
from sourcing.run import Sweep
from sourcing.studies.target.band import between
from sourcing.studies.target.curve import pieces_of
from sourcing.studies.target.parametric_limit import dial_of
from sourcing.studies.target.request import Dialling, dialling
from sourcing.studies.target.screen import counted, render_target, target_as_json
from sourcing.studies.target.swept_model import Dialled
from sourcing.terminal.runs import latest
from tests.builders import TINY, tiny_case, write_question

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.studies.target.curve import Piece
    from sourcing.studies.target.found import Target

SHARE = '[[limits]]\nlimit = "one-country"\nmeasure = "share"\nby = "country"\ncounts = "arrivals"\nvalue = 0.8\n'
HHI = '[[limits]]\nlimit = "mixed"\nmeasure = "hhi"\nby = "country"\ncounts = "arrivals"\nvalue = 0.9\n'
MORE: dict[str, Any] = {
    "offers": [
        {"offer": "A", "supplier": "Near Ltd", "site": "NEAR", "material": "oxide", "price": 300_000, "capacity": 45},
        {"offer": "B", "supplier": "Far Co", "site": "FAR", "material": "oxide", "price": 200_000, "capacity": 500},
        {"offer": "C", "supplier": "Dear Inc", "site": "DEAR", "material": "oxide", "price": 500_000, "capacity": 40},
    ],
    "sites": [
        {"site": "NEAR", "kind": "supplier", "country": "AUS", "owner": "Near Ltd"},
        {"site": "FAR", "kind": "supplier", "country": "CHN", "owner": "Far Co"},
        {"site": "DEAR", "kind": "supplier", "country": "FRA", "owner": "Dear Inc"},
        {"site": "PLANT", "name": "Our plant", "kind": "plant", "country": "USA"},
    ],
    "lanes": [
        {"origin": "NEAR", "destination": "PLANT", "mode": "sea", "freight": 100, "transit_days": 30, "carbon": 0.2},
        {"origin": "FAR", "destination": "PLANT", "mode": "sea", "freight": 200, "transit_days": 45, "carbon": 0.9},
        {"origin": "DEAR", "destination": "PLANT", "mode": "air", "freight": 900, "transit_days": 3, "carbon": 5},
    ],
}
"""Changes to the tiny case: a third supplier, dear and near in days."""

OTHERS = {
    "tonnes": 'by = "country"\nmember = "CHN"\nvalue = 70\n',
    "spend": 'by = "supplier"\nmember = "Far Co"\nvalue = 15e6\n',
    "carbon": "value = 300\n",
    "lead_days": "value = 40\n",
}


def question(tmp_path: Path, text: str = SHARE, **changes: Any) -> Path:
    """Write a question of the case with three suppliers and return it."""
    tiny_case(tmp_path, **{**MORE, **changes})
    return write_question(tmp_path, text)


def one_limit(measure: str, sense: str = "max", value: str = "") -> str:
    """Return a limit "it" of some measure."""
    body = value or OTHERS[measure]
    return f'[[limits]]\nlimit = "it"\nmeasure = "{measure}"\nsense = "{sense}"\n{body}'


def dialled(path: Path, limit: str) -> tuple[Dialling, Dialled]:
    """Return a limit of a question, to be solved at any value."""
    asked = dialling(ask(path), Sweep(limit))
    return asked, Dialled(dial_of(asked.network, limit), asked.minimize, SolverOptions(interruptible=False))


def curve(held: Dialled, loose: float | None, tight: float | None, tolerance: float) -> list[Piece]:
    """Return the curve between two values (where it stops binding, as far as it can go), without any plan's tables."""
    free = held.free()
    assert free is not None
    least = held.least(free.reached, tight)
    assert least is not None
    ends = held.at(free.reached if loose is None else loose), held.at(least)
    assert ends[0] is not None
    assert ends[1] is not None
    return pieces_of(held, ends[0], ends[1], tolerance)


def from_scratch(setting: Setting) -> tuple[float, float]:
    """Return shortage and cost as the engine finds them, nothing kept from any earlier solve."""
    solution = solve(to_pyomo(formulate(setting.network)), ("shortage", "cost"), SolverOptions(interruptible=False))
    return solution.level("shortage").value, solution.level("cost").value


LIMITS = {
    "share": ("one-country", SHARE),
    "least share": ("it", one_limit("share", "min", 'by = "country"\nmember = "FRA"\nvalue = 0.05\n')),
    **{name: ("it", one_limit(name)) for name in OTHERS},
}


class Held(NamedTuple):
    """A limit of one kind, loaded."""

    kind: str
    asked: Dialling
    dialled: Dialled


@pytest.fixture(scope="module", params=LIMITS)
def each(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Held:
    """Return a limit of every kind in turn."""
    limit, text = LIMITS[request.param]
    return Held(request.param, *dialled(question(tmp_path_factory.mktemp("each"), text), limit))


def test_dial_when_set_to_a_value_then_is_the_model_of_that_value(each: Held) -> None:
    asked, held = each.asked, each.dialled
    setting = asked.at(0.37)
    ours, fresh = held.dial.at(0.37, setting.network), formulate(setting.network)
    assert abs(ours.matrix - fresh.matrix).max() < 1e-12
    np.testing.assert_allclose(ours.row_upper, fresh.row_upper)
    np.testing.assert_allclose(ours.row_lower, fresh.row_lower)


def test_band_when_solved_densely_then_holds_every_cost(each: Held) -> None:
    asked, held = each.asked, each.dialled
    pieces = curve(held, None, None, 0.01)
    dense = Dialled(held.dial, asked.minimize, SolverOptions(interruptible=False))
    for value in np.linspace(pieces[0].ends[1].value, pieces[-1].ends[0].value, 40)[1:-1]:
        found = dense.at(float(value))
        assert found is not None
        piece = next(one for one in pieces if held.dial.sign * (value - one.ends[0].value) >= -1e-12)
        band = between(held.dial, piece.ends, np.array([value]))
        assert band.lower[0] - 1 <= found.cost <= band.upper[0] + 1
    middle = pieces[len(pieces) // 2].ends[0]
    short, cost = from_scratch(asked.at(middle.value))
    assert (short, cost) == pytest.approx((middle.shortage, middle.cost), rel=1e-7, abs=1e-6)


def test_band_when_tolerance_is_finer_then_is_narrower(tmp_path: Path) -> None:
    _, held = dialled(question(tmp_path), "one-country")
    coarse, fine = (curve(held, 0.9, 0.5, size) for size in (0.02, 1e-3))
    widths = [max(piece.widest[0] for piece in pieces) for pieces in (coarse, fine)]
    assert widths[1] < widths[0]
    assert widths[1] <= 1e-3 * fine[0].ends[1].cost
    for one in fine:
        assert (one.band.lower <= one.band.upper + 1).all()


def test_end_when_passed_then_more_goes_short(each: Held) -> None:
    asked, held = each.asked, each.dialled
    free = held.free()
    assert free is not None
    least = held.least(free.reached, None)
    assert least is not None
    beyond = least * (1 - 1e-3 * held.dial.sign)
    assert held.at(least) is not None
    assert held.at(beyond) is None
    if each.kind in {"share", "lead_days"}:
        assert from_scratch(asked.at(beyond))[0] > free.shortage + 1e-6


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Target:
    """Return the answer that the tests of what is said share."""
    return run.target(question(tmp_path_factory.mktemp("answer")), Sweep("one-country", 0.9, 0.45, 0.02))


def test_shortage_when_there_without_the_limit_then_is_the_same_at_every_point(tmp_path: Path) -> None:
    early = [{"site": "PLANT", "material": "oxide", "period": "2027-Q1", "quantity": 90}]
    later = [{"site": "PLANT", "material": "oxide", "period": "2028", "quantity": 90}]
    path = question(tmp_path, demand=[*early, *later], lead_days={"A": 60, "B": 60, "C": 60})
    found = run.target(path, Sweep("one-country", 0.9, 0.7, 0.05))
    assert found.manifest["shortage"] > 1
    assert found.tables["curve"]["short"].to_numpy() == pytest.approx(found.tables["curve"]["short"].iloc[0])
    assert "leaves the same shortage" in render_target(found).plain


def test_reach_when_a_limit_begins_in_another_year_then_is_that_of_the_question(tmp_path: Path) -> None:
    path = question(tmp_path, SHARE + 'from = "2028-01-01"\n')
    found = run.target(path, Sweep("one-country", 0.9, 0.3, 0.1)).tables["reach"]
    assert list(found["from"]) == [pd.Timestamp("2027-01-01"), pd.Timestamp("2028-01-01")]
    for row in found.to_dict("records"):
        same = write_question(tmp_path, SHARE + f'from = "{row["from"]:%Y-%m-%d}"\n', "same")
        _, held = dialled(same, "one-country")
        assert row["least"] == pytest.approx(held.least(0.3, 0.3), abs=1e-7)
    assert found["least"].iloc[0] > found["least"].iloc[1] + 1e-3


def test_stops_when_the_wanted_value_is_out_of_reach_then_name_row_and_repair(tmp_path: Path) -> None:
    late = [{**MORE["offers"][0], "start": "2028-01-01"}, *MORE["offers"][1:]]
    found = run.target(question(tmp_path, SHARE, offers=late), Sweep("one-country", 0.9, 0.45, 0.1))
    reach, stops = found.tables["reach"], found.tables["stops"]
    assert list(reach["possible"]) == [False, True]
    assert set(stops["begins"]) == {pd.Timestamp("2027-01-01")}
    assert "one-country" not in "".join(stops["subject"])
    assert re.search(r"offers\.csv row \d", reach["stops"].iloc[0])
    words = " ".join(render_target(found).plain.split())
    assert f"45 % from 1 Jan 2027 would take {reach['stops'].iloc[0]}" in words
    assert "from 1 Jan 2028 yes" in words


def test_moves_when_a_dear_supplier_is_needed_then_say_who_enters_and_who_fills_up(answer: Target) -> None:
    curve = answer.tables["curve"]
    entered = curve[curve["enters"].str.contains("Dear Inc")]
    full = curve[curve["fills_up"].str.contains("Near Ltd")]
    assert len(entered) == 1
    assert len(full) >= 1
    bought = [plan.tables["purchases"].groupby("offer")["tonnes"].sum().get("C", 0.0) for plan in answer.plans]
    assert [amount > 1e-3 for amount in bought] == [at >= entered.index[0] for at in range(len(curve))]


def test_screen_when_shown_then_every_figure_is_the_tables(answer: Target) -> None:
    lines, curve = render_target(answer, 100).plain.splitlines(), answer.tables["curve"]
    for value, cost in zip(curve["value"], curve["cost"], strict=True):
        mark = f"≤ {100 * value:.1f}".removesuffix(".0") + " %"
        assert any(mark in line and f"USD {cost / 1e6:,.1f} M" in line for line in lines), mark
    assert max(map(len, lines)) <= 100
    text = " ".join(" ".join(lines).split())
    assert f"{len(curve)} plans solved and audited" in text
    assert "share[" not in text
    assert counted(answer) == "everything from one country"


def test_knee_when_the_curve_bends_then_is_where_a_point_gets_dearer(answer: Target) -> None:
    curve = answer.tables["curve"]
    (at,) = np.flatnonzero(curve["knee"])
    slope = np.diff(curve["cost"]) / -np.diff(curve["value"])
    assert slope[at:].min() > slope[:at].max()
    assert "KNEE" in render_target(answer).plain


def test_folder_when_written_then_holds_plans_that_pass_the_audit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    question(tmp_path)
    monkeypatch.chdir(tmp_path)
    words = ["target", "ask.toml", "--limit", "one-country", "--from", "80%", "--to", "0.75", "--json"]
    assert main(words) == 0
    said = json.loads(capsys.readouterr().out)
    (folder,) = (tmp_path / "runs").iterdir()
    assert (tmp_path / said["target"]["folder"]).resolve() == folder
    curve = pd.read_csv(folder / "curve.csv")
    assert curve["value"].iloc[[0, -1]].to_list() == [0.8, 0.75]
    assert said["tables"]["curve"][-1]["cost"] == pytest.approx(curve["cost"].iloc[-1])
    for point in (folder / "points").iterdir():
        assert run.audit_plan(point).findings == []
        assert run.load_plan(point).question.limits[0]["value"] == pytest.approx(float(point.name), rel=1e-5)
    assert main(["explain", str(folder)]) == 3
    assert "name one of those in" in capsys.readouterr().err
    with pytest.raises(QuestionError):
        latest()


@pytest.mark.parametrize(
    ("text", "sweep", "fault"),
    [
        (SHARE, Sweep("one-contry"), "--limit: there is no limit 'one-contry'; did you mean 'one-country'?"),
        ("", Sweep("any"), "--limit: there is no limit 'any'; add a limit to the question"),
        (SHARE, Sweep("one-country", 0.3, 0.6), "--from: 30 % is not above --to 60 %"),
        (SHARE, Sweep("one-country", 90.0), "--from: 90 is not a share from 0 % to 100 %; write it as 35% or 0.35"),
        (SHARE, Sweep("one-country", 0.2), "--from: at 20 % more would go short than without one-country"),
        (SHARE + "priority = 1\n", Sweep("one-country"), "priority: a limit that gives way costs nothing"),
        (one_limit("suppliers", value='by = "supplier"\nvalue = 2\n'), Sweep("it"), "a limit on suppliers has no"),
        (one_limit("tonnes", value='element = ""\nmaterial = "metal"\nvalue = 1\n'), Sweep("it"), "counts nothing"),
        (
            SHARE + HHI,
            Sweep("one-country"),
            "cannot keep limit mixed on concentration; leave mixed out of the question",
        ),
        (one_limit("tonnes"), Sweep("it", None, 900.0), "--to: 900 binds nowhere"),
    ],
)
def test_sweep_when_it_cannot_be_then_says_place_fact_and_repair(
    tmp_path: Path, text: str, sweep: Sweep, fault: str
) -> None:
    with pytest.raises(QuestionError, match=re.escape(fault)) as caught:
        run.target(question(tmp_path, text), sweep)
    assert all(one.repair and one.code in {"QUESTION-215", "QUESTION-216"} for one in caught.value.faults)


def test_question_without_any_plan_then_is_explained(tmp_path: Path) -> None:
    path = question(tmp_path, SHARE + '[objective]\nshortage = "none"\n', capacity={"B": 1})
    with pytest.raises(InfeasiblePlan):
        run.target(path, Sweep("one-country"))


def test_value_that_is_no_number_then_is_usage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["target", "diversified", "--limit", "x", "--to", "half"]) == 2
    assert "is no number; write it as 35%, 0.35 or 1200" in capsys.readouterr().err


def test_prices_when_taken_from_a_point_then_are_the_slope_beside_it(tmp_path: Path) -> None:
    asked, held = dialled(question(tmp_path, one_limit("tonnes")), "it")
    del asked
    held.free()
    points = [held.at(value) for value in (60.0, 60.5)]
    assert all(points)
    slope = (points[0].cost - points[1].cost) / 0.5
    assert sum(points[0].price) == pytest.approx(slope, rel=1e-6)


def test_json_when_asked_for_then_has_every_table(answer: Target) -> None:
    plain = target_as_json(replace(answer, folder=None))
    assert set(plain["tables"]) == {"curve", "band", "reach", "stops"}
    assert plain["manifest"]["solves"]["plans"] >= len(plain["tables"]["curve"]) - 1
    json.dumps(plain, allow_nan=False, default=str)


def test_whole_numbers_when_dialled_then_the_band_is_a_stair_that_holds_every_plan(tmp_path: Path) -> None:
    lots = [{**row, "min_lot": lot} for row, lot in zip(MORE["offers"], (8, 15, 6), strict=True)]
    path = question(tmp_path, SHARE, offers=lots)
    asked = dialling(ask(path), Sweep("one-country"))
    held = Dialled(dial_of(asked.network, "one-country"), asked.minimize, SolverOptions(interruptible=False))
    pieces = curve(held, 0.9, 0.5, 0.01)
    assert held.dial.whole
    for value in (0.87, 0.71, 0.55):
        found = from_scratch(asked.at(value))
        piece = next(one for one in pieces if value >= one.ends[0].value)
        band = between(held.dial, piece.ends, np.array([value]))
        assert band.lower[0] - 1 <= found[1] <= band.upper[0] + 1
    least = held.least(pieces[-1].ends[0].value, None)
    assert least is not None
    assert held.at(least + 1e-6) is not None
    assert held.at(least - 1e-3) is None


def test_plans_of_whole_numbers_when_shown_then_pass_the_audit(tmp_path: Path) -> None:
    lots = [{**row, "min_lot": 8} for row in MORE["offers"]]
    found = run.target(question(tmp_path, SHARE, offers=lots), Sweep("one-country", 0.9, 0.7, 0.1))
    assert [plan.manifest["audit"]["findings"] for plan in found.plans] == [[]] * len(found.plans)
    assert all((plan.tables["decisions"]["value"] >= 1).all() for plan in found.plans)


def test_rules_that_give_way_without_the_limit_when_dialled_then_stay_away_and_are_named(tmp_path: Path) -> None:
    weak = '[[limits]]\nlimit = "little"\nmeasure = "tonnes"\npriority = 1\nvalue = 50\n'
    asks = question(tmp_path, SHARE + weak), write_question(tmp_path, SHARE, "without")
    found, same = (run.target(path, Sweep("one-country", 0.9, 0.8, 0.1)) for path in asks)
    assert [one["name"] for one in found.manifest["given_up"]] == ["little"]
    assert found.manifest["shortage"] == pytest.approx(0.0, abs=1e-6)
    assert list(found.tables["curve"]["cost"]) == pytest.approx(list(same.tables["curve"]["cost"]), rel=1e-7)
    assert "give way, and do so here: little (priority 1)" in " ".join(render_target(found).plain.split())


def test_curve_when_nothing_is_bought_at_its_end_then_is_known_all_the_way(tmp_path: Path) -> None:
    priced = [{**row, "shortage_cost": 260_000} for row in TINY["materials"]]
    path = question(tmp_path, f'objective = {{ shortage = "priced" }}\n{SHARE}', materials=priced)
    asked, solved = dialled(path, "one-country")
    pieces = curve(solved, None, 0.3, 0.002)
    tight, loose = pieces[-1].ends[0], pieces[0].ends[1]
    assert (loose.totals > 0).all()
    assert tight.totals == pytest.approx(0, abs=1e-9)
    assert min(piece.length for piece in pieces) > 1e-5
    assert max(piece.widest[0] for piece in pieces) <= 0.02 * (tight.cost - loose.cost)
    assert "may leave more short, and pay for it" in held(asked.setting.question, 0.0, "the plan")


def test_stair_when_a_plan_is_not_proven_to_be_the_best_then_goes_on_where_it_ends(tmp_path: Path) -> None:
    lots = [{**row, "lot_multiple": lot} for row, lot in zip(MORE["offers"], (7, 10, 3), strict=True)]
    asked = dialling(ask(question(tmp_path, SHARE, offers=lots)), Sweep("one-country"))
    solver = SolverOptions(gap=0.02, interruptible=False)
    solved = Dialled(dial_of(asked.network, "one-country"), asked.minimize, solver)
    ends = solved.at(1.0), solved.at(0.9)
    assert ends[0] is not None
    assert ends[1] is not None
    values = [piece.ends[1].value for piece in pieces_of(solved, *ends, 0.002)]
    assert sorted(set(values), reverse=True) == values
    assert min(values) > 0.9


@pytest.mark.parametrize(
    ("question", "limit", "least"),
    [("antimony-half-seen-through", "half-mined", 0.0), ("diversified-carbon", "carbon-ceiling", 175_543.2)],
)
def test_target_when_a_ready_question_is_taken_to_the_very_end_then_there_is_a_plan(
    question: str, limit: str, least: float
) -> None:
    network = dialling(ask(question), Sweep(limit)).network
    dialled = Dialled(dial_of(network, limit), ("shortage", "cost"), SolverOptions(interruptible=False))
    free = dialled.free()
    assert free is not None
    end = dialled.least(free.reached, None)
    assert end == pytest.approx(least, abs=1e-6 + 1e-6 * least)
    plan = dialled.edge(end)
    assert plan is not None
    assert plan.reached == pytest.approx(least, abs=1e-5 + 1e-5 * least)
    assert plan.cost > free.cost
