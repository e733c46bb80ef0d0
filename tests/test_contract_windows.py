"""A contract's year counts its own days, whatever the periods are: by hand, on odd dates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cases.chain import answer
from cases.yearly import JULY, SALE, yearly

if TYPE_CHECKING:
    from collections.abc import Callable

    from cases.chain import Answer

    Deals = Callable[..., Answer]

FAULT = Path(__file__).parent / "regressions" / "contract-year-window" / "question.toml"


@pytest.fixture
def deals(tmp_path: Path) -> Deals:
    """Return a function that plans 100 t a year, spot at 20, under a contract at 10 or at what is given."""

    def planned(horizon: str = JULY, offer: dict[str, Any] | None = None, **cells: Any) -> Answer:
        deal = {"contract": "K", "offer": "A", "per": "year", "maximum": 30, "price": 10, "signed": "yes", **cells}
        return yearly(tmp_path, horizon, offers=[{**SALE, "price": 20, **(offer or {})}], contracts=[deal])

    return planned


def called(own: Answer) -> list[float]:
    """Return what is called off by period."""
    tonnes = own.solution.x[own.formulation.columns["call"].ids]
    return [float(tonnes[own.formulation.columns["call"].node == node].sum()) for node in range(len(own.network.tree))]


def test_contract_when_periods_run_from_july_then_calls_at_most_30_t_in_2028() -> None:
    """2028 has 182 of the 182 days of the first year's calls, and 184 of 364 of the second's; 2029 the other 180."""
    own = answer(FAULT)
    first, second = called(own)
    assert first + second * 184 / 364 <= 30 + 1e-6
    assert first + second == pytest.approx(30 + 30 * 180 / 365)


def test_contract_when_signed_over_the_new_year_then_each_year_has_its_own_maximum(deals: Deals) -> None:
    """All days of the two years: 184 of 366 of the first year are in 2027, 184 of 365 of the second in 2028."""
    first, second = called(deals())
    assert first * 184 / 366 <= 30 * 184 / 365 + 1e-6
    assert first * 182 / 366 + second * 184 / 365 <= 30 + 1e-6
    assert second * 181 / 365 <= 30 * 181 / 365 + 1e-6


def test_contract_when_its_offer_opens_late_then_calls_count_on_the_offers_days(deals: Deals) -> None:
    """The offer is open from 10 March 2028 to the end of June: 113 days, all in 2028, and not in 2027."""
    own = deals(offer={"start": "2028-03-10", "end": "2028-07-01"})
    assert called(own)[0] == pytest.approx(30)
    assert {key[1] for key in keys(own, "contract_maximum")} == {"2027", "2028", "2029"}


def test_contract_when_take_or_pay_in_a_year_of_two_periods_then_pays_for_what_its_days_miss(deals: Deals) -> None:
    """Dearer than spot with nothing to pay for the rest: all minimums stay untaken, each cut to its days."""
    own = deals(price=50, minimum=20, take_or_pay=0)
    missed = own.solution.x[own.formulation.columns["untaken"].ids]
    assert sorted(missed) == pytest.approx(sorted([20 * 184 / 365, 20, 20 * 181 / 365]))


def test_contract_when_a_period_has_two_years_then_both_have_a_row(deals: Deals) -> None:
    own = deals('horizon = { start = "2027-01", periods = 1, length = "2 years" }\n# [horizon]\n')
    assert keys(own, "contract_maximum") == {("K", "2027", 0), ("K", "2028", 0)}
    assert called(own)[0] == pytest.approx(30 * 731 / 366)


def keys(own: Answer, rule: str) -> set[tuple[Any, ...]]:
    return {tuple(row) for row in own.formulation.rows[rule].keys().itertuples(index=False, name=None)}
