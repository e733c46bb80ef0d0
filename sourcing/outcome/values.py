"""The solver's numbers, cleaned, and sums of postings over them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.outcome.names import names_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.solve_linear import Solution
    from sourcing.network import Network
    from sourcing.protocol import Account, Block

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

NOTHING = 1e-9
"""The part of a tonne, or of a column's unit where that is smaller, below which it counts as not used."""
ROUNDING = 1e-14
"""The part of a column's unit that is the rounding of its arithmetic."""


@dataclass(frozen=True, eq=False)
class Values:
    """A formulation with the column values of one plan."""

    formulation: Formulation
    solution: Solution

    @property
    def network(self) -> Network:
        """The network the plan is for."""
        return self.formulation.network

    @cached_property
    def x(self) -> Reals:
        """Column values within their bounds, with the solver's dust left out."""
        return self._clean(self.solution.x)

    @cached_property
    def cheapest(self) -> Reals:
        """The same of the plan of the least cost, where this one is smoother and costs a sliver more."""
        return self.x if self.solution.least is None else self._clean(self.solution.least)

    def _clean(self, plan: Reals) -> Reals:
        f = self.formulation
        kept = np.clip(plan[: len(f.column_lower)], f.column_lower, f.column_upper)
        unit = np.broadcast_to(self.solution.unit, plan.shape)[: len(kept)]
        kept[np.abs(kept) < np.maximum(NOTHING * np.minimum(unit, 1.0), ROUNDING * unit)] = 0.0
        return kept

    @cached_property
    def activity(self) -> Reals:
        """What each row comes to."""
        activity: Reals = self.formulation.matrix @ self.x
        return activity

    @cached_property
    def priced(self) -> Reals:
        """What each row comes to in the plan of the least cost, which the prices belong to."""
        activity: Reals = self.formulation.matrix @ self.cheapest
        return activity

    @cached_property
    def held(self) -> Reals:
        """What whole numbers, held where they are, take of each row: prices are those of the rest."""
        f = self.formulation
        taken: Reals = f.matrix @ np.where(f.whole, self.x, 0.0)
        return taken

    @cached_property
    def called(self) -> dict[str, dict[str, str]]:
        """What offers, processes and lines are called in sentences, by code."""
        return names_of(self.network.case)

    def of(self, block: Block) -> Reals:
        """Return the values of a set of columns."""
        values: Reals = self.x[block.ids]
        return values

    def moved(self, account: Account) -> tuple[Ints, Ints, Reals]:
        """Return what an account's postings amount to: code, node, amount; constants at their value."""
        constant = account.column < 0
        amount = account.value * np.where(constant, 1.0, self.x[account.column])
        return account.code, account.node, amount

    def per_column(self, name: str) -> Reals:
        """Return what each column is charged under an account, in all nodes together."""
        account = self.formulation.accounts.get(name)
        if account is None:
            return np.zeros(len(self.x))
        charged: Reals = np.bincount(account.column, weights=account.value, minlength=len(self.x)) * self.x
        return charged

    def periods(self, node: Ints) -> list[str]:
        """Return the names of nodes' periods."""
        return [self.network.tree.labels[at] for at in node.tolist()]

    def used(self, name: str) -> tuple[Block, Ints]:
        """Return a set of columns and which of its members are used, by key and node."""
        block = self.formulation.columns[name]
        members = np.flatnonzero(self.of(block) > 0)
        return block, members[np.lexsort((block.node[members], block.code[members]))]


def dates(values: NDArray[np.datetime64]) -> pd.Series[pd.Timestamp]:
    """Return dates as pandas keeps them."""
    return pd.Series(values.astype("datetime64[ns]"))
