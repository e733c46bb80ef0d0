"""Days on which orders, shipments and runs are placed: stretches inside a period, each with one waiting time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.calendar import DUST, Pieces
from sourcing.network.ranges import ranges

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.calendar import Arrivals, TimeTree

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Windows:
    """The days on which each (entity, node) is decided, spread evenly over them.

    One row per stretch of days with one waiting time, sorted by ``cell`` (entity times nodes plus node): ``opens`` and
    ``closes`` in days since the start of the horizon, ``wait`` days to departure, ``lead`` days to arrival. A cell
    without a row cannot be decided.
    """

    tree: TimeTree
    count: int
    cell: Ints
    opens: Reals
    closes: Reals
    wait: Reals
    lead: Reals

    @cached_property
    def there(self) -> Flags:
        """Whether each (entity, node) has any day."""
        found = np.zeros(self.count * len(self.tree), bool)
        found[self.cell] = True
        return found.reshape(self.count, len(self.tree))

    @cached_property
    def landing(self) -> Reals:
        """Day since the start on which the first of each (entity, node) arrives; infinity without a day."""
        found = np.full(self.count * len(self.tree), np.inf)
        np.minimum.at(found, self.cell, self.opens + self.lead)
        return found.reshape(self.count, len(self.tree))

    @cached_property
    def shortest(self) -> Reals:
        """Fewest days from decision to arrival of each (entity, node); infinity without a day."""
        found = np.full(self.count * len(self.tree), np.inf)
        np.minimum.at(found, self.cell, self.lead)
        return found.reshape(self.count, len(self.tree))

    @cached_property
    def _begins(self) -> Ints:
        """The first row of each cell, and after the last of them how many rows there are."""
        rows = np.bincount(self.cell, minlength=self.count * len(self.tree))
        return np.concatenate([[0], np.cumsum(rows)])

    def arrivals(self, code: Ints, node: Ints) -> Arrivals:
        """Return what of each (entity, node) arrives where, the parts of every piece together."""
        row, order = self._rows(code, node)
        return self.tree.arrivals(self._pieces(row, order, node, self.lead))

    def parts(self, code: Ints, node: Ints) -> Arrivals:
        """Return what of each (entity, node) arrives where, piece by piece, each on its own days."""
        row, order = self._rows(code, node)
        return self.tree.parts(self._pieces(row, order, node, self.lead))

    def placed(self, code: Ints, node: Ints) -> Arrivals:
        """Return on which days each (entity, node) is decided, piece by piece, as what arrives at once."""
        row, order = self._rows(code, node)
        return self.tree.parts(self._pieces(row, order, node, np.zeros(len(row))))

    def departures(self, code: Ints, node: Ints) -> Arrivals:
        """Return what of each (entity, node) departs where."""
        row, order = self._rows(code, node)
        return self.tree.arrivals(self._pieces(row, order, node, self.wait))

    def dates(self, code: Ints, node: Ints, after: str = "") -> tuple[Reals, Reals]:
        """Return the first and the last day of each decision, of its departure ("wait") or its arrival ("lead").

        In days since the start of the horizon; part days count as whole.
        """
        row, order = self._rows(code, node)
        days = getattr(self, after)[row] if after else np.zeros(len(row))
        first, last = np.full(len(code), np.inf), np.full(len(code), -np.inf)
        np.minimum.at(first, order, np.ceil(self.opens[row] + days - DUST))
        np.maximum.at(last, order, np.ceil(self.closes[row] - 1 + days - DUST))
        return first, np.maximum(first, last)

    def _rows(self, code: Ints, node: Ints) -> tuple[Ints, Ints]:
        """Return the rows of each (entity, node), and which of those given each row is of."""
        wanted = np.asarray(code) * len(self.tree) + node
        first = self._begins[wanted]
        order, row = ranges(first, self._begins[wanted + 1] - first)
        return row, order

    def _pieces(self, row: Ints, order: Ints, node: Ints, lead: Reals) -> Pieces:
        return Pieces(order, np.asarray(node)[order], self.opens[row], self.closes[row], lead[row])


def build_windows(tree: TimeTree, count: int, rows: pd.DataFrame) -> Windows:
    """Return the windows of ``count`` entities from rows: entity, node, opens, closes, wait, lead [days]."""
    cell = rows["entity"].to_numpy(np.int64) * len(tree) + rows["node"].to_numpy(np.int64)
    opens, closes, wait, lead = (rows[name].to_numpy(float) for name in ("opens", "closes", "wait", "lead"))
    kept = np.flatnonzero(closes - opens > DUST)
    order = kept[np.lexsort([opens[kept], cell[kept]])] if _unsorted(cell, opens) else kept
    return Windows(tree, count, cell[order], opens[order], closes[order], wait[order], lead[order])


def _unsorted(first: Ints, then: Reals) -> bool:
    """Whether rows are out of order, by one key, then by another: to see it takes a tenth of sorting them."""
    step = np.diff(first)
    return bool(((step < 0) | ((step == 0) & (np.diff(then) < 0))).any())


def on_nodes(stretches: pd.DataFrame, tree: TimeTree) -> pd.DataFrame:
    """Cut stretches (entity, opens, closes, …) at the periods: the same with the node of each part."""
    opens, closes = (stretches[name].to_numpy(float)[:, None] for name in ("opens", "closes"))
    first, last = np.maximum(opens, tree.opens), np.minimum(closes, tree.closes)
    row, node = np.nonzero(last - first > DUST)
    parts = stretches.iloc[row].reset_index(drop=True)
    return parts.assign(node=node, opens=first[row, node], closes=last[row, node])


def filled(rows: pd.DataFrame, count: int, tree: TimeTree) -> pd.DataFrame:
    """Give every (entity, node) without a row (entity, node, opens, closes) its whole period."""
    missing = np.ones((count, len(tree)), bool)
    missing[rows["entity"].to_numpy(np.int64), rows["node"].to_numpy(np.int64)] = False
    entity, node = np.nonzero(missing)
    whole = pd.DataFrame({"entity": entity, "node": node, "opens": tree.opens[node], "closes": tree.closes[node]})
    return pd.concat([rows, whole], ignore_index=True)


def clipped(rows: pd.DataFrame, ready: Reals, tree: TimeTree) -> pd.DataFrame:
    """Cut rows (opens, closes, lead) to the days from ``ready`` on which something starts that ends in the horizon."""
    opens = np.maximum(rows["opens"].to_numpy(float), ready)
    closes = np.minimum(rows["closes"].to_numpy(float), tree.horizon - rows["lead"].to_numpy(float))
    found: pd.DataFrame = rows.assign(opens=opens, closes=closes)[closes - opens > DUST]
    return found


def within(rows: pd.DataFrame, stretches: pd.DataFrame, key: str) -> pd.DataFrame:
    """Cut rows (opens, closes) by the stretches (opens, closes, …) of the same ``key``, which give their columns."""
    pairs = rows.merge(stretches.rename(columns={"opens": "_opens", "closes": "_closes"}), on=key)
    opens, closes = np.maximum(pairs["opens"], pairs["_opens"]), np.minimum(pairs["closes"], pairs["_closes"])
    cut = pairs.drop(columns=["_opens", "_closes"]).assign(opens=opens, closes=closes)
    return cut[closes - opens > DUST]
