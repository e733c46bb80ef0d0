"""Firm orders: what a plan orders, signs, begins and opens in its first periods, as columns of a program."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.outcome.names import key_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.plan import Plan
    from sourcing.protocol import Block

_COMMITTED = ("sign", "leave", "qualify", "opened")
"""Decisions that cannot be taken back once they are made: their name in decisions.csv and in the program."""


class Placed(NamedTuple):
    """Columns, their values in the plan, and which of them are orders (t)."""

    column: NDArray[np.int64]
    value: NDArray[np.float64]
    ordered: NDArray[np.bool_]


def placed_orders(plan: Plan, form: Formulation, periods: int) -> Placed:
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
    return Placed(np.concatenate(ids), np.concatenate(values), np.concatenate(ordered))


def _values(
    block: Block, members: list[int], wanted: dict[tuple[str, int], float]
) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    names = [key_text(block, code) for code in range(len(block.entities))]
    cells = ((names[block.code[member]], int(block.node[member])) for member in members)
    return np.array([float(wanted.get(cell, 0.0)) for cell in cells])
