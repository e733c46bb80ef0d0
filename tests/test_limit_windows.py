"""A limit counts the days in its window, whatever the periods are: by hand, on odd dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from cases.yearly import JULY, SALE, yearly

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from cases.chain import Answer

    Limits = Callable[..., Answer]

TWO_YEARS = 'horizon = { start = "2027-01", periods = 1, length = "2 years" }\n# [horizon]\n'
FIRST, SECOND = 182 / 366, 184 / 365
"""The part of 2028 in the year from July 2027, and in that from July 2028."""


@pytest.fixture
def limits(tmp_path: Path) -> Limits:
    """Return a function that plans 100 t a year, of A at 10 or of B at 20, under a limit on A."""

    def planned(horizon: str = JULY, changes: dict[str, Any] | None = None, **cells: Any) -> Answer:
        limit = {"limit": "a", "measure": "tonnes", "by": "source", "member": "A", "value": 30, **cells}
        offers = [{**SALE, "price": 10}, {**SALE, "offer": "B", "supplier": "T", "price": 20}]
        return yearly(tmp_path, horizon, **{"offers": offers, "limits": [limit], **(changes or {})})

    return planned


def bought(own: Answer, offer: str = "A") -> list[float]:
    """Return what is ordered of an offer by period."""
    block = own.formulation.columns["buy"]
    mine = block.entities["offer"].eq(offer).to_numpy()[block.code]
    tonnes = own.solution.x[block.ids]
    return [float(tonnes[mine & (block.node == node)].sum()) for node in range(len(own.network.tree))]


def listed(own: Answer) -> dict[str, float]:
    """Return what the plan says that the limit counts, by window."""
    table = own.plan.tables["limits"]
    return dict(zip(table["window"], table["counted"], strict=True))


def test_limit_per_year_when_periods_run_from_july_then_counts_the_days_of_each_year(limits: Limits) -> None:
    """Of what comes from July to June, 184 days of 366 are 2027; no year has more than 30 t, whatever it lacks."""
    own = limits()
    first, second = bought(own)
    year = {
        "2027": first * 184 / 366,
        "2028": first * FIRST + second * SECOND,
        "2029": second * 181 / 365,
    }
    assert listed(own) == pytest.approx(year)
    assert max(year.values()) <= 30 + 1e-6
    assert first == pytest.approx(30 * 366 / 184)
    assert second == pytest.approx((30 - first * FIRST) / SECOND)


def test_limit_from_a_day_inside_a_period_then_counts_the_days_from_then_on(limits: Limits) -> None:
    own = limits(**{"from": "2028-01-01", "until": "2029-01-01"})
    first, second = bought(own)
    assert listed(own) == pytest.approx({"2028": first * FIRST + second * SECOND})
    assert first * FIRST + second * SECOND == pytest.approx(30)


def test_limit_per_year_when_a_period_is_two_years_then_each_year_has_its_own(limits: Limits) -> None:
    own = limits(TWO_YEARS)
    assert listed(own) == pytest.approx({"2027": 30 * 365 / 366, "2028": 30})
    assert bought(own) == pytest.approx([30 * 731 / 366])


def test_limit_on_a_share_from_inside_a_period_then_binds_the_period(limits: Limits) -> None:
    own = limits(measure="share", value=0.4, **{"from": "2028-01-01"})
    of_a, of_b = (first * FIRST + second * SECOND for first, second in (bought(own), bought(own, "B")))
    assert of_a == pytest.approx(0.4 * (of_a + of_b))


def test_limit_of_one_day_when_it_is_the_leap_day_then_counts_that_day(limits: Limits) -> None:
    own = limits(value=0.1, **{"from": "2028-02-29", "until": "2028-03-01"})
    assert listed(own) == pytest.approx({"2028": 0.1})
    assert bought(own)[0] == pytest.approx(0.1 * 366)


@pytest.mark.parametrize("measure", ["spend", "carbon"])
def test_limit_on_other_measures_when_periods_run_from_july_then_counts_the_days_too(
    limits: Limits, measure: str
) -> None:
    offers = [{**SALE, "offer": "A", "price": 10, "carbon": 10}, {**SALE, "offer": "B", "supplier": "T", "price": 20}]
    own = limits(
        measure=measure, value=300, changes={"offers": offers}, **{"from": "2028-01-01", "until": "2029-01-01"}
    )
    first, second = bought(own)
    assert listed(own)["2028"] == pytest.approx(300)
    assert first * FIRST + second * SECOND == pytest.approx(30)


def test_number_of_suppliers_when_periods_run_from_july_then_each_year_has_a_row(limits: Limits) -> None:
    """At least two who bring 5 t each in 2028: half a year's order of B has to be 10 t or more."""
    cells = {"measure": "suppliers", "by": "supplier", "member": "", "sense": "min", "value": 2, "at_least": 5}
    own = limits(**cells, **{"from": "2028-01-01", "until": "2029-01-01"})
    first, second = bought(own, "B")
    assert first * FIRST + second * SECOND == pytest.approx(5)
    assert listed(own) == {"2028": 2}


def test_limit_on_shortage_from_inside_a_period_then_counts_its_days(limits: Limits) -> None:
    """With 40 t short in each year 2028 would have 40.06: some of it goes short in 2027 instead."""
    offers = [{**SALE, "offer": "A", "price": 10, "capacity": 60}]
    cells = {"measure": "shortage", "by": "", "member": "", "value": 39.9}
    own = limits(changes={"offers": offers}, **cells, **{"from": "2028-01-01", "until": "2029-01-01"})
    block = own.formulation.columns["short"]
    first, second = own.solution.x[block.ids][np.argsort(block.node)]
    assert first * FIRST + second * SECOND == pytest.approx(listed(own)["2028"]) == pytest.approx(39.9)


def test_hhi_when_a_year_has_next_to_nothing_then_is_judged_beside_the_other_years(limits: Limits) -> None:
    """What is comparable is all of a limit's windows, not each window with itself."""
    own = limits(measure="hhi", by="supplier", member="", value=0.6)
    (cone,) = own.formulation.cones
    assert len(own.formulation.columns["arriving"].entities) == 3
    assert set(cone.scope.tolist()) == {0}
