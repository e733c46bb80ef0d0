"""Studies solve one program again and again: what of it the prices do not prove is solved another way, or refused."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from builders import tiny_case, write_question

from sourcing.answer.setting import ask, network_of
from sourcing.engine.common_index import Change, Space
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import Highs, SolverOptions
from sourcing.engine.session import solver_of_variants
from sourcing.errors import SolverError
from sourcing.studies.target.parametric_limit import dial_of
from sourcing.studies.target.swept_model import Dialled
from sourcing.studies.tornado.changed_cells import Nearby

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.solver_result import Outcome
    from sourcing.network import Network

ORDER = ("shortage", "cost")
LEAKS = Path(__file__).parent / "regressions" / "N-minlot-leak"
SHARE = '[[limits]]\nlimit = "b"\nmeasure = "share"\nby = "supplier"\nmember = "SUPB"\nper = "horizon"\nvalue = 0.5\n'


@pytest.fixture
def form(tmp_path: Path) -> Formulation:
    tiny_case(tmp_path)
    return formulate(ask(write_question(tmp_path)).network)


def lying(monkeypatch: pytest.MonkeyPatch, ways: set[int], lie: Callable[[Outcome], Outcome]) -> None:
    """Let the solver tell a lie where it searches or solves in some of its ways."""
    honest = Highs.run
    plainly = Highs.run_plainly

    def told(highs: Highs) -> Outcome:
        outcome = honest(highs)
        return lie(outcome) if highs.way in ways and outcome.status == "optimal" else outcome

    def told_plainly(highs: Highs) -> Outcome:
        outcome = plainly(highs)
        return lie(outcome) if 1 in ways and outcome.status == "optimal" else outcome

    monkeypatch.setattr(Highs, "run", told)
    monkeypatch.setattr(Highs, "run_plainly", told_plainly)


def twice(outcome: Outcome) -> Outcome:
    """Return a plan that buys twice of everything; its prices are those of the best."""
    return replace(outcome, x=2.0 * outcome.x, objective=2.0 * outcome.objective)


def cost_by(study: str, form: Formulation) -> float:
    if study == "variants":
        return solver_of_variants(form, ORDER, SolverOptions())(form).level("cost").value
    cells = Space([form]).cells(form)
    assert cells is not None
    nothing = Change(np.empty(0, np.int64), np.empty(0))
    return Nearby(form, cells, ORDER, SolverOptions()).solve(nothing).cost


@pytest.mark.parametrize("study", ["variants", "nearby"])
def test_study_when_prices_do_not_prove_a_plan_then_it_is_solved_another_way(
    form: Formulation, monkeypatch: pytest.MonkeyPatch, study: str
) -> None:
    right = cost_by(study, form)
    lying(monkeypatch, {0}, twice)
    assert cost_by(study, form) == pytest.approx(right, rel=1e-9)


@pytest.mark.parametrize("study", ["variants", "nearby"])
def test_study_when_nothing_proves_a_plan_then_it_is_refused(
    form: Formulation, monkeypatch: pytest.MonkeyPatch, study: str
) -> None:
    lying(monkeypatch, {0, 1}, twice)
    with pytest.raises(SolverError, match="does not cost what its prices prove"):
        cost_by(study, form)


def dialled(folder: Path, *, whole: bool) -> Dialled:
    """Return B's share of a million tonnes, of which A has all but half a tonne; B sells any, or 1,000 t and more."""
    text = (LEAKS / "question.toml").read_text().replace('"."', f"'{LEAKS.as_posix()}'")
    (folder / "ask.toml").write_text(text + SHARE)
    asked = ask(folder / "ask.toml")
    case = asked.network.case
    offers = case["offers"] if whole else case["offers"].assign(min_lot=np.nan)

    def at(value: float) -> Network:
        limits = case["limits"].assign(value=value)
        return network_of(asked.question, case.replace({"limits": limits, "offers": offers}))

    return Dialled(dial_of(at, "b"), ORDER, SolverOptions())


@pytest.mark.parametrize(("whole", "least"), [(True, 1_000 / 1_000_000.5), (False, 0.5 / 1_000_000.5)])
@pytest.mark.parametrize("ways", [set(), {0}])
def test_reach_of_a_limit_when_the_solver_errs_then_is_looked_for_another_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: bool, least: float, ways: set[int]
) -> None:
    """A lot of 1,000 t is paid for, and taken, whatever leaks where it is not."""
    study = dialled(tmp_path, whole=whole)
    lying(monkeypatch, ways, lambda outcome: replace(outcome, objective=0.0, bound=0.0))  # no plan stays within more
    found = study.least(1.0, None)
    assert found == pytest.approx(least, rel=1e-6)
    assert study.dial.whole is whole
