"""``sourcing alternatives``: ranges against solves from scratch, different plans, what is held, and what is refused."""

from __future__ import annotations

import json
import re
import signal
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from scipy.optimize import Bounds as Box
from scipy.optimize import LinearConstraint, linprog, milp

from sourcing import run
from sourcing.answer.setting import Setting
from sourcing.cli import main
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import Highs, SolverOptions
from sourcing.engine.proof import bound_of
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.engine.solve import solve
from sourcing.engine.solve_linear import Solution
from sourcing.errors import QuestionError, StoppedEarly
from sourcing.outcome import Values, concentration
from sourcing.report.figures import money, tonnes
from sourcing.run import Wanted
from sourcing.studies.alternatives.most_different import different_plans
from sourcing.studies.alternatives.ranges import Ends, verdicts
from sourcing.studies.alternatives.screen import alternatives_as_json, render_alternatives
from sourcing.terminal.runs import latest
from tests.builders import TINY, tiny_case, write_question
from tests.test_target import HHI, MORE, SHARE

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.engine.formulation import Formulation
    from sourcing.plan import Plan
    from sourcing.studies.alternatives.found import Alternatives

BOTH: dict[str, Any] = {
    **MORE,
    "offers": [
        *MORE["offers"],
        {"offer": "M", "supplier": "Near Ltd", "site": "NEAR", "material": "metal", "price": 290_000, "capacity": 15},
        {"offer": "N", "supplier": "Far Co", "site": "FAR", "material": "metal", "price": 295_000, "capacity": 60},
    ],
    "demand": [
        {"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 100},
        {"site": "PLANT", "material": "oxide", "period": "2028", "quantity": 120},
        {"site": "PLANT", "material": "metal", "period": "2028", "quantity": 30},
    ],
    "open_orders": [
        {"order": "O1", "offer": "C", "material": "oxide", "site": "PLANT", "quantity": 4, "arrives": "2027-05-10"}
    ],
}
"""Changes to the tiny case: three suppliers of oxide, of whom one has an order, and two of metal."""


def made(tmp_path: Path, text: str = SHARE, **changes: Any) -> Plan:
    """Return the stored plan of a question on the case with more suppliers."""
    tiny_case(tmp_path, **{**BOTH, **changes})
    return run.optimize(write_question(tmp_path, text), out=tmp_path / "plan")


class Oracle(NamedTuple):
    """The plans near the cheapest as plain arrays for another solver: lower <= matrix x <= upper."""

    matrix: sparse.csr_array
    lower: np.ndarray
    upper: np.ndarray
    columns: tuple[np.ndarray, np.ndarray]
    whole: np.ndarray
    sums: pd.DataFrame
    already: pd.Series

    def least(self, costs: np.ndarray) -> float:
        box = Box(*self.columns)
        rules = LinearConstraint(self.matrix, self.lower, self.upper)
        options = {"mip_rel_gap": 0.0}
        found = milp(costs, integrality=self.whole.astype(int), bounds=box, constraints=rules, options=options)
        assert found.success
        return float(found.fun)

    def ratio(self, part: np.ndarray, constant: tuple[float, float], whole: np.ndarray) -> float:
        """Return the most of (part x + constant) / (whole x + constant) by the transformation of Charnes and Cooper."""
        count = len(part)
        finite_low, finite_up = np.isfinite(self.lower), np.isfinite(self.upper)
        rows = [(self.matrix[finite_up], self.upper[finite_up]), (-self.matrix[finite_low], -self.lower[finite_low])]
        low, up = self.columns
        eye = sparse.eye_array(count, format="csr")
        bounded = np.isfinite(up)
        rows += [(eye[bounded], up[bounded]), (-eye, -low)]
        above = sparse.vstack([sparse.hstack([a, -b[:, None]]) for a, b in rows])
        equal = np.append(whole, constant[1])[None, :]
        found = linprog(
            -np.append(part, constant[0]),
            above,
            np.zeros(above.shape[0]),
            equal,
            [1.0],
            [(None, None)] * count + [(0, None)],
        )
        assert found.success
        return -float(found.fun)


def oracle(plan: Plan, within: float, more: sparse.csr_array | None = None) -> Oracle:
    """Solve a plan's question from scratch, and lay out what is near; tonnes are read off the table of shares."""
    form, minimize = formulated(plan), tuple(plan.question.objective.minimize)
    solution = solve(to_pyomo(form), minimize, SolverOptions(interruptible=False))
    held = [form.objectives[level.name] for level in solution.levels]
    short, least = (next((x.value for x in solution.levels if x.name == name), 0.0) for name in ("shortage", "cost"))
    most = [short + 1e-9 for _ in held[:-1]] + [least + within * abs(least)]
    size = [1.0] * (len(held) - 1) + [1e-6]
    rows = sparse.csr_array(np.array(held) * np.array(size)[:, None])
    parts, upper = [form.matrix, rows], [form.row_upper, np.array(most) * size]
    lower = [form.row_lower, np.full(len(held), -np.inf)]
    if more is not None:
        parts.append(more)
        upper.append(np.zeros(more.shape[0]))
        lower.append(np.full(more.shape[0], -np.inf))
    columns = form.column_lower, form.column_upper
    return Oracle(
        sparse.csr_array(sparse.vstack(parts)),
        np.concatenate(lower),
        np.concatenate(upper),
        columns,
        form.whole,
        *sums(form),
    )


def formulated(plan: Plan) -> Formulation:
    return formulate(Setting(plan.question, plan.case, []).network)


def sums(form: Formulation) -> tuple[pd.DataFrame, pd.Series]:
    """Return tonnes per unit of each column by lens, group and material as the table of shares counts them."""

    def arrives(x: np.ndarray) -> pd.Series:
        values = Values(form, Solution("optimal", x, form.matrix @ x, ()))
        table = concentration.shares(values, concentration.arriving(values))
        own = table[
            (table["counted"] == "material") & (table["stage"] == "") & table["lens"].isin(["supplier", "country"])
        ]
        return own.groupby(["lens", "group", "what"])["tonnes"].sum()

    already = arrives(np.zeros(form.shape[1]))
    units = np.eye(form.shape[1])
    bought = form.columns["buy"].ids
    wide = form.column_upper.copy()
    object.__setattr__(form, "column_upper", np.maximum(wide, 1.0))
    found = pd.DataFrame({at: arrives(units[at]).sub(already, fill_value=0.0) for at in bought.tolist()}).fillna(0.0)
    object.__setattr__(form, "column_upper", wide)
    return found.reindex(columns=range(form.shape[1])).fillna(0.0), already.reindex(found.index).fillna(0.0)


def check_ranges(found: Alternatives, against: Oracle, rel: float = 1e-6) -> None:
    """Compare every end of a range with another solver's."""
    table = found.tables["ranges"].set_index(["lens", "group", "material"])
    for key, row in table.iterrows():
        costs = against.sums.loc[key].to_numpy(float) if key in against.sums.index else np.zeros(len(against.whole))
        already = float(against.already.get(key, 0.0))
        assert row["least"] == pytest.approx(against.least(costs) + already, rel=rel, abs=1e-5), key
        assert row["most"] == pytest.approx(-against.least(-costs) + already, rel=rel, abs=1e-5), key


@pytest.fixture(scope="module")
def plan(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return made(tmp_path_factory.mktemp("near"))


@pytest.fixture(scope="module")
def answer(plan: Plan, tmp_path_factory: pytest.TempPathFactory) -> Alternatives:
    return run.alternatives(plan, Wanted(0.03, 3), out=tmp_path_factory.mktemp("kept") / "near")


@pytest.fixture(scope="module")
def against(plan: Plan) -> Oracle:
    return oracle(plan, 0.03)


def test_ranges_when_solved_from_scratch_by_another_solver_then_are_the_same(
    answer: Alternatives, against: Oracle
) -> None:
    check_ranges(answer, against)


def test_shares_when_found_by_another_transformation_then_are_the_same(answer: Alternatives, against: Oracle) -> None:
    table = answer.tables["ranges"]
    for row in table[table["most"] > 0].itertuples():
        key = (row.lens, row.group, row.material)
        own = against.sums.loc[key].to_numpy(float)
        alike = [each for each in against.sums.index if each[0] == row.lens and each[2] == row.material]
        whole, total = against.sums.loc[alike].to_numpy(float).sum(axis=0), float(against.already[alike].sum())
        part = float(against.already[key])
        assert row.most_share == pytest.approx(against.ratio(own, (part, total), whole), abs=1e-6), key
        assert row.least_share == pytest.approx(-against.ratio(-own, (-part, total), whole), abs=1e-6), key


def test_verdicts_when_shown_then_follow_from_the_ranges_and_leave_open_orders_aside(answer: Alternatives) -> None:
    table = answer.tables["ranges"]
    more, less = table["most"] - table["ordered"], table["least"] - table["ordered"]
    expected = np.select([less > 1e-3, more <= 1e-3], ["must have", "never"], "free")
    assert list(table["verdict"]) == list(expected)
    assert set(expected) == {"must have", "free"}
    (dear,) = table[table["group"] == "Dear Inc"].itertuples()
    assert (dear.ordered, dear.verdict) == (pytest.approx(4.0), "free")


def test_plan_own_tonnes_when_shown_then_are_those_of_its_shares_and_within_the_ranges(
    plan: Plan, answer: Alternatives
) -> None:
    table, shares = answer.tables["ranges"], plan.tables["shares"]
    own = shares[
        (shares["counted"] == "material") & (shares["stage"] == "") & shares["lens"].isin(["supplier", "country"])
    ]
    assert table["tonnes"].sum() == pytest.approx(own["tonnes"].sum())
    assert ((table["least"] <= table["tonnes"] + 1e-6) & (table["tonnes"] <= table["most"] + 1e-6)).all()


def test_verdict_when_a_search_was_not_exact_enough_then_is_open() -> None:
    table = pd.DataFrame({"at": [0, 1, 2, 3]})
    ends = Ends(*(np.array(side) for side in ([2.0, 0, 2, 0], [3.0, 3, 3, 0], [1.0, 0, 0, 0], [4.0, 4, 4, 0])))
    assert verdicts(table, ends, np.zeros(4), np.full(4, 1e-6)) == ["must have", "free", "open", "never"]


def test_bound_when_prices_are_wrong_then_proves_less(plan: Plan) -> None:
    form = formulated(plan)
    highs = Highs(SolverOptions(interruptible=False))
    columns = form.column_lower, form.column_upper
    highs.load(form.matrix, columns, (form.row_lower.copy(), form.row_upper.copy()), np.zeros(form.shape[1], bool))
    costs = form.objectives["cost"] / 1e5 + form.objectives["shortage"] * 1e3
    highs.set_costs(costs)
    outcome = highs.run()
    assert bound_of(highs, outcome, costs, columns) == pytest.approx(outcome.objective, rel=1e-9)
    wrong = replace(outcome, row_dual=0.9 * outcome.row_dual)
    assert bound_of(highs, wrong, costs, columns) < outcome.objective - 1.0


def test_plans_when_different_then_are_near_apart_audited_and_as_told(plan: Plan, answer: Alternatives) -> None:
    table, told = answer.tables["alternatives"], answer.tables["differences"]
    assert len(table) == len(answer.plans) >= 2
    least = plan.manifest["objective"]["cost"]
    for row, other in zip(table.itertuples(), answer.plans, strict=True):
        assert other.manifest["audit"]["clean"]
        assert other.tables["shortage"]["short"].sum() == pytest.approx(
            plan.tables["shortage"]["short"].sum(), abs=1e-6
        )
        assert other.manifest["objective"]["cost"] == pytest.approx(row.cost, rel=1e-9)
        assert row.more == pytest.approx(row.cost - least, rel=1e-6)
        assert 1e-3 <= row.differs <= row.possible
        assert row.cost <= least * 1.03 * (1 + 1e-7)
        arrives = [by_supplier(each) for each in (plan, other)]
        change = arrives[1].sub(arrives[0], fill_value=0.0)
        own = told[told["alternative"] == row.alternative].set_index(["supplier", "material"])["change"]
        pd.testing.assert_series_equal(
            own.sort_index(),
            change[change.abs() > 1e-3].sort_index(),
            check_index_type=False,
            check_names=False,
            rtol=1e-6,
        )
        assert row.away == pytest.approx(-change[change < 0].sum(), rel=1e-6)


def by_supplier(plan: Plan) -> pd.Series:
    shares = plan.tables["shares"]
    own = shares[(shares["counted"] == "material") & (shares["stage"] == "") & (shares["lens"] == "supplier")]
    return own.groupby(["group", "what"])["tonnes"].sum()


def test_first_plan_when_every_choice_is_tried_then_is_the_most_different(
    plan: Plan, answer: Alternatives, against: Oracle
) -> None:
    own, worth = by_supplier(plan), plan.case["offers"].groupby("material")["price"].mean()
    weight = np.array([worth[material] for _, material in own.index])
    rows = np.array([against.sums.loc[("supplier", *key)].to_numpy(float) for key in own.index])
    already = np.array([against.already[("supplier", *key)] for key in own.index])
    best = 0.0
    for counts in np.ndindex(*(2,) * len(own)):
        some = weight * np.array(counts)
        best = max(best, float(some @ (own.to_numpy() - already)) - against.least(some @ rows))
    first = answer.tables["alternatives"].iloc[0]
    assert first["differs"] == pytest.approx(best / float(weight @ own), rel=1e-5)
    assert first["possible"] >= first["differs"]


def test_folder_when_written_then_holds_plans_that_other_commands_open(
    plan: Plan, answer: Alternatives, capsys: pytest.CaptureFixture[str]
) -> None:
    assert answer.folder is not None
    ranges = pd.read_csv(answer.folder / "ranges.csv")
    assert ranges["most"].to_numpy() == pytest.approx(answer.tables["ranges"]["most"].to_numpy())
    first = answer.folder / "alternative-1"
    for words in (["audit", str(first)], ["explain", str(first)], ["compare", str(plan.folder), str(first)]):
        assert main(words) == 0, capsys.readouterr().err
    assert "is one of several within 3 % of the cheapest" in " ".join(capsys.readouterr().out.split())
    assert main(["explain", str(answer.folder)]) == 3
    assert "these are ranges, with different plans beside them; name one of those" in capsys.readouterr().err
    json.dumps(alternatives_as_json(answer), allow_nan=False, default=str)


def test_screen_when_shown_then_says_the_numbers_of_the_tables(answer: Alternatives) -> None:
    lines = render_alternatives(answer, 100).plain.splitlines()
    assert max(map(len, lines)) <= 100
    text = " ".join(" ".join(lines).split())
    table = answer.tables["ranges"]
    for row in table[(table["lens"] == "supplier") & (table["verdict"] != "never")].itertuples():
        least = tonnes(row.least).removesuffix(" t")
        assert any(
            row.group in line or line.startswith("    ") for line in lines if f"{least} to {tonnes(row.most)}" in line
        )
    for row in answer.tables["alternatives"].itertuples():
        assert f"{row.alternative} {money(row.more)} more" in text
        assert f"{tonnes(row.away)} of {tonnes(row.of)} come from elsewhere ({money(row.away_worth)}" in text
    assert f"Within 3 % of the cheapest plan ({money(answer.manifest['most'] - answer.manifest['cost'])} more" in text
    assert "every plan orders from Far Co" in text


LOTS = {"offers": [{**row, "min_lot": lot} for row, lot in zip(BOTH["offers"], (8, 15, 6, 5, 7), strict=True)]}


def test_whole_numbers_when_there_then_every_end_is_one_of_them(tmp_path: Path) -> None:
    found = run.alternatives(made(tmp_path, SHARE, **LOTS), Wanted(0.03, 1))
    check_ranges(found, oracle(found.plan, 0.03))
    assert [each.manifest["audit"]["findings"] for each in found.plans] == [[]]
    assert found.manifest["whole"]
    assert "never" in set(found.tables["ranges"]["verdict"])
    assert "with whole numbers it is proven within the gap asked for" in " ".join(
        render_alternatives(found).plain.split()
    )


def test_limit_on_concentration_when_there_then_is_kept_in_every_plan(tmp_path: Path) -> None:
    mixed = HHI.replace("0.9", "0.6")
    found = run.alternatives(made(tmp_path, mixed), Wanted(0.03, 1))
    form = formulated(found.plan)
    (cone,) = form.cones
    grid = np.linspace(0.0, 1.0, 401)
    member, share = (side.ravel() for side in np.meshgrid(np.arange(len(cone.part)), grid, indexing="ij"))
    at = np.tile(np.arange(len(member)), 3)
    columns = np.concatenate([cone.part[member], cone.total[member], cone.square.ids[member]])
    values = np.concatenate([2 * share, -(share**2), np.full(len(share), -1.0)])
    dense = sparse.csr_array((values, (at, columns)), shape=(len(member), form.shape[1]))
    check_ranges(found, oracle(found.plan, 0.03, dense), rel=2e-4)
    assert [each.manifest["audit"]["findings"] for each in found.plans] == [[]]
    assert all((each.tables["limits"]["actual"] <= 0.6 * (1 + 1e-6)).all() for each in found.plans)


def test_shortage_when_the_plan_has_some_then_no_plan_here_has_more(tmp_path: Path) -> None:
    early = [{"site": "PLANT", "material": "oxide", "period": "2027-Q1", "quantity": 90}]
    later = [{"site": "PLANT", "material": "oxide", "period": "2028", "quantity": 90}]
    slow = {"A": {"lead_days": 60}, "B": {"lead_days": 60}, "C": {"lead_days": 60}}
    offers = [{**row, **slow.get(row["offer"], {})} for row in BOTH["offers"]]
    found = run.alternatives(made(tmp_path, SHARE, demand=[*early, *later], offers=offers), Wanted(0.05, 1))
    assert found.manifest["shortage"] > 1
    check_ranges(found, oracle(found.plan, 0.05))
    short = [each.tables["shortage"]["short"].sum() for each in (found.plan, *found.plans)]
    assert short == pytest.approx([short[0]] * 2, rel=1e-6)
    assert "leaves the same shortage" in " ".join(render_alternatives(found).plain.split())


def test_shortage_when_it_has_a_price_then_may_be_more_and_that_is_said(tmp_path: Path) -> None:
    priced = [{**row, "shortage_cost": 900_000} for row in TINY["materials"]]
    text = SHARE + '[objective]\nshortage = "priced"\n'
    found = run.alternatives(made(tmp_path, text, materials=priced), Wanted(0.03, 1))
    check_ranges(found, oracle(found.plan, 0.03))
    assert "a plan here may leave more short, and pay for it" in " ".join(render_alternatives(found).plain.split())


def test_rules_that_gave_way_when_asked_again_then_stay_away(tmp_path: Path) -> None:
    weak = '[[limits]]\nlimit = "little"\nmeasure = "tonnes"\npriority = 1\nvalue = 50\n'
    plans = []
    for name, text in (("weak", SHARE + weak), ("none", SHARE)):
        (tmp_path / name).mkdir()
        plans.append(run.alternatives(made(tmp_path / name, text), Wanted(0.02, 1)))
    ends = [found.tables["ranges"][["least", "most"]].to_numpy() for found in plans]
    assert ends[0] == pytest.approx(ends[1], rel=1e-6, abs=1e-5)
    assert [one["name"] for one in plans[0].plans[0].manifest["given_up"]] == ["little"]
    assert plans[0].plans[0].manifest["audit"]["clean"]
    assert "do so here: little (priority 1)" in " ".join(render_alternatives(plans[0]).plain.split())


def test_plan_that_buys_nothing_when_asked_then_has_no_other(tmp_path: Path) -> None:
    small = [{"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 1}]
    found = run.alternatives(made(tmp_path, "", demand=small, open_orders=None), Wanted(0.01, 2))
    assert set(found.tables["ranges"]["verdict"]) == {"never"}
    assert found.tables["alternatives"].empty
    screen = " ".join(render_alternatives(found).plain.split())
    assert "DIFFERENT PLANS none within 1 % No plan takes a thousandth of the worth" in screen


@pytest.mark.parametrize(
    ("wanted", "fault"),
    [
        (Wanted(-0.01), "--within: -0.01 is no part of the cost from 0 % to below 100 %; write it as 1% or 0.01"),
        (Wanted(1e9), "--within: 1e+09 is no part of the cost"),
        (Wanted(float("nan")), "--within: nan is no part of the cost"),
        (Wanted(plans=0), "--plans: 0 is not 1 to 20; ask for 3"),
    ],
)
def test_nonsense_when_asked_for_then_is_refused(plan: Plan, wanted: Wanted, fault: str) -> None:
    with pytest.raises(QuestionError, match=re.escape(fault)) as caught:
        run.alternatives(plan, wanted)
    assert [each.code for each in caught.value.faults] == ["QUESTION-220"]


def test_plan_that_is_not_proven_when_asked_about_then_is_refused(plan: Plan) -> None:
    for change, words in (
        ({"status": "stopped"}, "stopped before it was proven"),
        ({"audit": {"clean": False}}, "audit"),
    ):
        with pytest.raises(QuestionError, match=words) as caught:
            run.alternatives(replace(plan, manifest={**plan.manifest, **change}))
        assert [each.code for each in caught.value.faults] == ["QUESTION-220"]


def test_stop_when_the_time_is_up_then_says_so_and_writes_nothing(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["alternatives", str(plan.folder), "--time-limit", "0.001"]) == StoppedEarly.exit_code
    assert "no plan was written" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_stop_when_somebody_asks_for_it_between_solves_then_writes_nothing(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*given: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        return different_plans(*given)

    monkeypatch.setattr(sys.modules["sourcing.studies.alternatives.call"], "different_plans", interrupted)
    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # a run in the background ignores it
    try:
        with pytest.raises(StoppedEarly, match="interrupted; nothing was written"):
            run.alternatives(plan, out=tmp_path / "near")
    finally:
        signal.signal(signal.SIGINT, before)
    assert list(tmp_path.iterdir()) == []


def test_command_when_typed_then_writes_a_folder_that_is_not_the_latest_plan(
    plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["alternatives", str(plan.folder), "--within", "2%", "--plans", "1", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    (folder,) = (tmp_path / "runs").iterdir()
    assert (tmp_path / said["alternatives"]["folder"]).resolve() == folder
    assert set(said["tables"]) == {"ranges", "alternatives", "differences"}
    assert said["manifest"]["within"] == pytest.approx(0.02)
    assert main(["alternatives", str(folder)]) == 3
    with pytest.raises(QuestionError):
        latest()


def test_different_plans_when_nothing_has_a_price_then_says_that_it_cannot_tell(tmp_path: Path) -> None:
    free = [{**row, "price": 0} for row in BOTH["offers"]]
    found = run.alternatives(made(tmp_path, offers=free), Wanted(0.01, 1))
    screen = " ".join(render_alternatives(found).plain.split())
    assert "none within 1 % Nothing that this plan buys has a price" in screen
