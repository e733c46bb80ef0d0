"""Parametric right-hand side of a limit: its rows at any value, without building the model again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from sourcing.engine.formulation import Formulation, formulate
from sourcing.measures import measures
from sourcing.network.limits import windows
from sourcing.network.used import follow_from_demand

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sourcing.network import Network

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

_BIT = 1e-14
"""Part of a whole that rounding may add to it."""


@dataclass(frozen=True, eq=False)
class Dial:
    """The rows of one limit, each ``amount x + amount_at <= value (total x + total_at)``, or >= for a minimum.

    ``formulation`` is the model at value 1, ``rows`` are the limit's in it, ``amount`` and ``total`` have one row for
    each. A limit in tonnes, dollars or tonnes of CO2e is against its value itself: its total is 1. Rows with the same
    total share a ``group``: a limit's rows in one window. ``begins`` is the first node of each row's window.
    ``settled``: whether demand alone says what each total is, if nothing stays short.
    """

    formulation: Formulation
    rows: Ints
    maximum: bool
    amount: sparse.csr_array
    amount_at: Reals
    total: sparse.csr_array
    total_at: Reals
    group: Ints
    begins: Ints
    ends: Ints
    averaged: bool
    settled: bool = False

    @property
    def sign(self) -> float:
        """1 for a maximum, -1 for a minimum: a larger value is looser by that sign."""
        return 1.0 if self.maximum else -1.0

    @property
    def whole(self) -> bool:
        """Whether plans have whole numbers: then a mixture of two is none."""
        return bool(self.formulation.whole.any())

    @property
    def groups(self) -> int:
        """Number of windows, or of what else has a total of its own."""
        return int(self.group.max(initial=-1)) + 1

    @property
    def first(self) -> Ints:
        """The first row of each group."""
        return np.unique(self.group, return_index=True)[1]

    def totals(self, x: Reals) -> Reals:
        """Return the total of each row."""
        return np.asarray(self.total @ x + self.total_at, np.float64)

    def amounts(self, x: Reals) -> Reals:
        """Return what each row counts against its part of the total."""
        return np.asarray(self.amount @ x + self.amount_at, np.float64)

    def reached(self, amounts: Reals, totals: Reals) -> float:
        """Return the tightest value that holds; -inf (a minimum: inf) where nothing is counted."""
        met = totals > 1e-9
        ratio = amounts[met] / totals[met]
        if not len(ratio):
            return -self.sign * np.inf
        reached = float(ratio.max() if self.maximum else ratio.min())
        return 1.0 if abs(reached - 1.0) < _BIT else reached  # the sum of all parts may miss the whole by its last bit

    def duals(self, own: Reals, value: float) -> Reals:
        """Return duals of the rows above as those of the rows that the algebra writes for a value."""
        return own * value if self.averaged else own

    def at(self, value: float, network: Network) -> Formulation:
        """Return the model at a value; ``network`` is the one with that value in its tables."""
        size = value if self.averaged else 1.0
        rows = sparse.coo_array((self.amount - value * self.total) / size - self.formulation.matrix[self.rows])
        change = sparse.csr_array((rows.data, (self.rows[rows.row], rows.col)), shape=self.formulation.shape)
        matrix = sparse.csr_array(self.formulation.matrix + change)
        matrix.eliminate_zeros()
        lower, upper = self.formulation.row_lower.copy(), self.formulation.row_upper.copy()
        (upper if self.maximum else lower)[self.rows] = (value * self.total_at - self.amount_at) / size
        return replace(self.formulation, network=network, matrix=matrix, row_lower=lower, row_upper=upper)

    @property
    def lifted(self) -> Formulation:
        """The model without the limit."""
        lower, upper = self.formulation.row_lower.copy(), self.formulation.row_upper.copy()
        lower[self.rows], upper[self.rows] = -np.inf, np.inf
        return replace(self.formulation, row_lower=lower, row_upper=upper)

    def since(self, node: int) -> Dial:
        """Return the limit as if it held only in windows that begin in a node or later; the other rows are lifted."""
        kept = self.begins >= node
        lower, upper = self.formulation.row_lower.copy(), self.formulation.row_upper.copy()
        lower[self.rows[~kept]], upper[self.rows[~kept]] = -np.inf, np.inf
        return replace(
            self,
            formulation=replace(self.formulation, row_lower=lower, row_upper=upper),
            rows=self.rows[kept],
            begins=self.begins[kept],
            ends=self.ends[kept],
            amount=sparse.csr_array(self.amount[kept]),
            amount_at=self.amount_at[kept],
            total=sparse.csr_array(self.total[kept]),
            total_at=self.total_at[kept],
            group=np.unique(self.group[kept], return_inverse=True)[1],
        )


def dial_of(network_at: Callable[[float], Network], limit: str) -> Dial:
    """Return a limit as a dial, from the network with any value written into the limit."""
    model = formulate(network_at(1.0))
    limits = model.network.case["limits"]
    at = int((limits["limit"] == limit).to_numpy().argmax())
    own = limits.iloc[at]
    block = model.rows[str(own["measure"])]
    rows = block.ids[(block.entities["limit"] == limit).to_numpy()[block.code]]
    measure = measures()[str(own["measure"])]
    maximum, averaged = bool(own["sense"] == "max"), measure.kind == "average"
    written, side = sparse.csr_array(model.matrix[rows]), (model.row_upper if maximum else model.row_lower)[rows]
    if measure.total:
        total, total_at = -_only(written, model.columns[measure.total].ids), np.zeros(len(rows))
    elif averaged:  # written is amount / value - total: at another value, only the amount is another
        twice = formulate(network_at(2.0)).matrix[rows]
        total, total_at = sparse.csr_array(written - 2.0 * twice), np.zeros(len(rows))
    else:
        total, total_at = sparse.csr_array(written.shape), np.ones(len(rows))
    amount = sparse.csr_array(written + total)
    for part in (amount, total):
        part.eliminate_zeros()
    ends = block.node[rows - block.start]
    begins = _begins(own, model.network, block.keys()["window"].iloc[rows - block.start])
    group, settled = _groups(total, total_at), follow_from_demand(model.network, at)
    return Dial(model, rows, maximum, amount, total_at - side, total, total_at, group, begins, ends, averaged, settled)


def _only(matrix: sparse.csr_array, columns: Ints) -> sparse.csr_array:
    """Return the entries in some columns, the others as 0."""
    inside = np.zeros(matrix.shape[1])
    inside[columns] = 1.0
    kept = sparse.csr_array(matrix @ sparse.diags_array(inside))
    kept.eliminate_zeros()
    return kept


def _begins(limit: pd.Series[str], network: Network, window: pd.Series[str]) -> Ints:
    """Return the first node of some windows."""
    spans = windows(limit, network.tree)
    first = np.full(len(spans), len(network.tree), np.int64)
    np.minimum.at(first, spans.window, spans.node)
    return first[pd.Index(spans.label).get_indexer(pd.Index(window))]


def _groups(total: sparse.csr_array, total_at: Reals) -> Ints:
    """Return which rows have the same total."""
    keys: dict[tuple[bytes, bytes, float], int] = {}
    codes = []
    for row in range(total.shape[0]):
        span = slice(total.indptr[row], total.indptr[row + 1])
        key = (total.indices[span].tobytes(), total.data[span].tobytes(), float(total_at[row]))
        codes.append(keys.setdefault(key, len(keys)))
    return np.array(codes, np.int64)
