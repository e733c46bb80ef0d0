"""Repairs are values that a table takes, no larger than needed, and name the cell that is the cause."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from sourcing import run
from sourcing.errors import InfeasiblePlan
from sourcing.run import check

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.reasons import Explanation

FAULTS = Path(__file__).parent / "regressions"


def explained(name: str) -> Explanation:
    """Return why a case has no plan that delivers everything."""
    with pytest.raises(InfeasiblePlan) as none:
        run.optimize(_none_short(name))
    return none.value.explanation  # type: ignore[return-value]


def _none_short(name: str) -> run.Question:
    question = run.ask(FAULTS / name / "question.toml").question
    return question.model_copy(update={"objective": question.objective.model_copy(update={"shortage": "none"})})


def cells(told: Explanation) -> dict[tuple[str, str], pd.Series[object]]:
    return {(str(row["table"]), str(row["column"])): row for _, row in told.tables["repairs"].iterrows()}


def test_number_of_suppliers_when_too_many_are_asked_for_then_the_repair_is_a_whole_number() -> None:
    told = explained("S8-three")
    assert cells(told)["limits", "value"]["becomes"] == 2
    assert any("value 2 instead of 3" in word for word in told.words)


def test_open_order_when_it_breaks_a_limit_then_the_order_and_what_is_needed_are_named() -> None:
    told = explained("S6-open-order")
    found = cells(told)
    assert found["open_orders", "quantity"]["becomes"] == pytest.approx(20)
    assert any("order N1: quantity 20 t instead of 30 t" in word for word in told.words)
    assert any("10.0 t above the limit of 20.0" in word for word in told.words)
    (relief,) = told.tables["to deliver everything"].to_dict("records")
    assert (relief["asked"], relief["possible"]) == (20, 30)


def test_yield_when_it_is_the_cause_then_its_cell_is_among_the_repairs() -> None:
    told = explained("T2-yield-typo-0.1-for-0.5")
    assert cells(told)["recipes", "quantity"]["becomes"] == pytest.approx(0.2)


def test_end_when_meant_as_the_last_day_then_the_repair_is_the_day_after_and_says_so() -> None:
    told = explained("B26-end-inclusive")
    found = cells(told)
    assert str(found["offers", "end"]["becomes"])[:10] == "2028-01-01"
    assert any("end is the first day after, so that 2027-12-31 is no longer in it" in word for word in told.words)
    assert float(str(found["offers", "capacity"]["becomes"])) <= 367


def test_end_on_the_last_day_of_the_horizon_when_checked_then_is_pointed_out() -> None:
    found = check(FAULTS / "B26-end-inclusive" / "question.toml").findings
    (said,) = [str(finding) for finding in found if finding.code == "SCREEN-385"]
    assert "if 2027-12-31 is meant as the last day, write 2028-01-01" in said
