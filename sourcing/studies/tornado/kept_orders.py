"""The orders that a plan places before a day, as columns that stay where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sourcing.answer.placed_orders import placed_orders
from sourcing.errors import Fault, QuestionError
from sourcing.studies.tornado.cold_solve import Held

if TYPE_CHECKING:
    from datetime import date

    from sourcing.engine.formulation import Formulation
    from sourcing.plan import Plan


class Until(NamedTuple):
    """The first day on which orders can still be changed, and how many periods come before it."""

    day: date
    periods: int


def until(plan: Plan, change_by: date | None) -> Until:
    """Return until when orders are kept: to the end of the period that ``change_by`` lies in, of the first one if None.

    Raises
    ------
    QuestionError : QUESTION-221, the day lies outside the horizon, or nothing is left to be changed after it.
    """
    horizon = plan.question.horizon
    if change_by is None:
        return Until(horizon.boundary(1), 1)
    last = horizon.boundaries[-2]
    if not horizon.first < change_by <= last:
        fact = f"{change_by} leaves no order to keep, or none to change: the plan runs from {horizon.first}"
        repair = f"name a day after {horizon.first} and no later than {last}"
        raise QuestionError([Fault("--change-by", fact, repair, "QUESTION-221")])
    periods = next(at for at in range(1, horizon.count) if horizon.boundary(at) >= change_by)
    return Until(horizon.boundary(periods), periods)


def kept_orders(plan: Plan, form: Formulation, periods: int) -> Held:
    """Return the orders of the first periods of a plan, and what is signed or begun there, as columns that are held."""
    return Held(*placed_orders(plan, form, periods))
