"""What more room is worth, tried in so many steps as the plan took, with the limits alone written again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from builders import tiny_case, write_question
from scipy import sparse

from sourcing import run
from sourcing.answer.setting import ask
from sourcing.engine import marginal_values
from sourcing.engine.adjustable import Adjustable
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.rewritten import _Other, _Pen, rewritten
from sourcing.question import load_question
from sourcing.report.console import render_plan
from sourcing.resources import folder

if TYPE_CHECKING:
    from pathlib import Path

RATIOS = ("share", "hhi", "grade", "lead_days")
DIVERSIFIED = folder("models") / "diversified.toml"


def limited() -> list[Path]:
    """Return the ready questions with a limit on a ratio."""
    ready = sorted(folder("models").glob("*.toml"))
    return [path for path in ready if {limit["measure"] for limit in load_question(path).limits} & set(RATIOS)]


@pytest.mark.parametrize("path", limited(), ids=lambda path: path.stem)
def test_rows_of_limits_when_written_again_then_are_those_of_the_whole_program(path: Path) -> None:
    network = ask(path).network
    limits = network.case["limits"]
    other = limits.assign(value=limits["value"] + 0.01)
    form = formulate(network)
    whole = formulate(replace(network, case=network.case.replace({"limits": other})))
    rules = frozenset(RATIOS) & set(form.rows)
    again = rewritten(form, other, rules)
    assert again is not None
    rows = np.concatenate([form.rows[rule].ids for rule in sorted(rules)])
    assert abs(again.matrix[rows] - whole.matrix[rows]).max() == 0.0
    assert abs(again.matrix[rows] - form.matrix[rows]).max() > 0.0
    assert again.row_lower[rows].tolist() == whole.row_lower[rows].tolist()
    assert again.row_upper[rows].tolist() == whole.row_upper[rows].tolist()


def test_limits_when_there_are_others_then_no_rows_are_written() -> None:
    form = formulate(ask(DIVERSIFIED).network)
    limits = form.network.case["limits"]
    assert rewritten(form, limits.iloc[:-1], frozenset({"share"})) is None


@pytest.mark.parametrize("column", [[0, 1], [0, 2]], ids=["there before", "new"])
def test_coefficients_when_set_then_others_and_who_handed_them_over_keep_theirs(column: list[int]) -> None:
    given = sparse.csr_array(np.array([[1.0, 2.0, 0.0], [3.0, 4.0, 5.0]]))
    highs = Adjustable(SolverOptions())
    highs.load(given, (np.zeros(3), np.ones(3)), (np.zeros(2), np.ones(2)), np.zeros(3, bool))
    highs.set_entries(np.array([0, 0]), np.array(column), np.array([7.0, 8.0]))
    wanted = given.toarray()
    wanted[0, column] = [7.0, 8.0]
    assert highs.matrix.toarray().tolist() == wanted.tolist()
    assert given.toarray()[0].tolist() == [1.0, 2.0, 0.0]


def test_room_when_no_steps_are_left_then_prices_stand_and_the_plan_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = run.optimize(DIVERSIFIED)
    monkeypatch.setattr(marginal_values, "steps_for", lambda _: 0)
    plan = run.optimize(DIVERSIFIED)
    frame = plan.tables["binding"]
    assert usual.tables["binding"]["worth"].notna().any()
    assert frame["worth"].isna().all()
    assert frame["words"].str.contains("at most|keeps demand short").all()
    assert frame["price"].tolist() == usual.tables["binding"]["price"].tolist()
    assert sum("What more room is worth was not found" in note for note in plan.manifest["notes"]) == 1
    assert "What more room is worth was not found" in " ".join(render_plan(plan).plain.split())
    assert not any("What more room" in note for note in usual.manifest["notes"])
    assert plan.manifest["audit"]["clean"]


def test_room_when_steps_run_out_then_what_was_found_before_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    left, allow = list[int](), Adjustable.allow_steps

    def note(highs: Adjustable, most: int) -> None:
        left.append(most)
        allow(highs, most)

    monkeypatch.setattr(Adjustable, "allow_steps", note)
    usual = run.optimize(DIVERSIFIED).tables["binding"]
    half = (left[0] - left[-1]) // 2
    monkeypatch.setattr(marginal_values, "steps_for", lambda _: half)
    frame = run.optimize(DIVERSIFIED).tables["binding"]
    tried = frame["worth"].notna()
    assert 0 < tried.sum() < usual["worth"].notna().sum()
    alone = tried & (frame["worth"] > 0)  # of the others it was not found out with whom they are worth something
    assert frame["worth"][alone].tolist() == pytest.approx(usual["worth"][alone].tolist(), rel=1e-6)
    assert alone.any()


def test_account_when_the_program_has_not_kept_it_then_nothing_is_written_from_it(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    form = formulate(ask(write_question(tmp_path)).network)
    pen = _Pen(form)
    assert len(pen.account("entry").column)
    assert pen.account("column.hold").column.tolist() == form.columns["hold"].ids.tolist()
    with pytest.raises(_Other):
        pen.account("lane")


def test_room_when_it_has_the_basis_of_the_plan_then_begins_without_a_step(monkeypatch: pytest.MonkeyPatch) -> None:
    steps, usual = list[int](), marginal_values.Room._within_steps

    def counted(room: marginal_values.Room) -> object:
        outcome = usual(room)
        steps.append(room._session.highs.steps)
        return outcome

    monkeypatch.setattr(marginal_values.Room, "_within_steps", counted)
    run.optimize(folder("models") / "antimony-half-shipped.toml")
    assert steps[0] == 0
    assert len(steps) > 1
