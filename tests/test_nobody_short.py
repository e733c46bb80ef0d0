"""The first objective at once: where a plan leaves nobody short, its shortage is the least without a solve."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest
from builders import tiny_case, write_question
from cases.random_cases import seeded_cases, write_case

from sourcing.engine import solve_linear
from sourcing.run import optimize

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.plan import Plan


def both_ways(question: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Plan, Plan]:
    """Answer a question, and once more by shortage first, then cost."""
    plan = optimize(question)
    with monkeypatch.context() as patch:
        patch.setattr(solve_linear, "_nobody_short", lambda *_: None)
        return plan, optimize(question)


@pytest.mark.parametrize("number", range(4))
def test_drawn_case_when_shortage_is_minimised_first_then_the_plan_is_the_same(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    question = write_case(tmp_path / "case", seeded_cases(4, seed=404)[number])
    plan, usual = both_ways(question, monkeypatch)
    assert plan.manifest["objective"] == pytest.approx(usual.manifest["objective"], abs=1e-6)
    claims, others = ([each["claim"] for each in one.manifest["claims"]] for one in (plan, usual))
    assert claims == others
    pd.testing.assert_frame_equal(plan.tables["purchases"], usual.tables["purchases"], rtol=1e-6, atol=1e-6)


@pytest.mark.parametrize(("demand", "short"), [(40.0, 0.0), (100_000.0, None)])
def test_certificate_when_nobody_or_somebody_is_short_then_both_objectives_are_proven(
    demand: float, short: float | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"site": "PLANT", "material": "oxide", "period": "2028-Q4", "quantity": demand}]
    tiny_case(tmp_path, demand=rows)
    plan, usual = both_ways(write_question(tmp_path), monkeypatch)
    left = plan.manifest["objective"]["shortage"]
    assert left == (pytest.approx(usual.manifest["objective"]["shortage"]) if short is None else short)
    assert (left > 0) == (short is None)
    assert [each["claim"] for each in plan.manifest["claims"]] == ["proven"] * 3
