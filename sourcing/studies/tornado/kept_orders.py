"""The orders that a plan places before a day, as columns that stay where they are."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.errors import Fault, QuestionError
from sourcing.outcome.names import key_text
from sourcing.studies.tornado.cold_solve import Held

if TYPE_CHECKING:
    from datetime import date

    from sourcing.engine.formulation import Formulation
    from sourcing.plan import Plan
    from sourcing.protocol import Block

_COMMITTED = ("sign", "leave", "qualify", "opened")
"""Decisions that cannot be taken back once they are made: their name in decisions.csv and in the program."""


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
    """Return the columns of a program that say what is ordered, and signed or begun, in the first periods of a plan.

    What the program has no column for, such as an offer without capacity then, is left out.
    """
    ids, values, ordered = [np.empty(0, np.int64)], [np.empty(0)], [np.empty(0, bool)]
    bought = plan.tables["purchases"]
    keys = bought[["offer", "destination", "mode"]].itertuples(index=False, name=None)
    orders = {
        ("|".join(key), node): tonnes for key, node, tonnes in zip(keys, bought["node"], bought["tonnes"], strict=True)
    }
    decided = plan.tables["decisions"]
    for name in ("buy", *_COMMITTED):
        block = form.columns.get(name)
        if block is None:
            continue
        made = decided[decided["decision"] == name]
        wanted = (
            orders
            if name == "buy"
            else dict(zip(zip(made["key"], made["node"], strict=True), made["value"], strict=True))
        )
        first = np.flatnonzero(block.node < periods)
        ids.append(block.ids[first])
        values.append(_values(block, first.tolist(), wanted))
        ordered.append(np.full(len(first), name == "buy"))
    return Held(np.concatenate(ids), np.concatenate(values), np.concatenate(ordered))


def _values(
    block: Block, members: list[int], wanted: dict[tuple[str, int], float]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    names = [key_text(block, code) for code in range(len(block.entities))]
    cells = ((names[block.code[member]], int(block.node[member])) for member in members)
    return np.array([float(wanted.get(cell, 0.0)) for cell in cells])
