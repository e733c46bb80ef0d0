"""The rows of limits: tonnes of each member and of all together, per window, as coefficients on columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from sourcing.network.grades import grade_scopes
from sourcing.network.limits import scopes
from sourcing.protocol import Index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.limits import Scope
    from sourcing.protocol import Account

    Ints = NDArray[np.signedinteger[Any]]
    Reals = NDArray[np.float64]


@dataclass(frozen=True)
class Tally:
    """Tonnes (or dollars) counted in each of ``len(constant)`` rows: ``value`` x ``column`` in ``row``, + constant."""

    row: Ints
    column: Ints
    value: Reals
    constant: Reals

    def at(self, x: Reals) -> Reals:
        """Return what each row counts at some values of the columns."""
        amount = self.constant.copy()
        np.add.at(amount, self.row, self.value * x[self.column])
        return amount


@dataclass(frozen=True)
class Counted:
    """All limits of some measures. ``totals`` has one row per limit and window, ``members`` one per member too.

    ``limit`` (row of limits) and ``total_of`` (row of totals) belong to each row of ``members``.
    """

    totals: Index
    total: Tally
    members: Index
    member: Tally
    limit: Ints
    total_of: Ints


def count(net: Network, posted: Account, measures: tuple[str, ...]) -> Counted:
    """Count what was posted (origin, node) for every limit with one of ``measures``.

    A member that nothing can be counted for gets no row under a maximum; under a minimum it always has one.
    """
    if not net.case["limits"]["measure"].isin(measures).any():
        return _nothing(len(net.tree))
    return _count(net, posted, scopes(net.case, net.origins, net.tree, measures), len(net.origins))


def count_intake(net: Network, posted: Account) -> Counted:
    """Count what was posted (input of a process, node) for every limit on a grade.

    The total is what a blend takes in (t), the one member of each row ("") is that times its grades. A blend that
    nothing can be taken into has no row.
    """
    return _count(net, posted, grade_scopes(net), len(net.inputs))


def _count(net: Network, posted: Account, found: list[Scope], things: int) -> Counted:
    """Count what was posted for some limits, of which each thing that may be counted has a weight."""
    if not found:
        return _nothing(len(net.tree))
    nodes, size = len(net.tree), things * len(net.tree)
    totals = [_select(scope, sparse.coo_array(scope.weight[:, None]), nodes, size) for scope in found]
    members = [_select(scope, sparse.coo_array(scope.share * scope.weight[:, None]), nodes, size) for scope in found]
    total_rows = _rows(net, found, [[""] for _ in found])
    member_rows = _rows(net, found, [scope.members for scope in found])
    chosen = [sparse.vstack(parts, format="csr") for parts in (totals, members)]
    moving, given = _movements(posted, nodes, np.isin(np.arange(size), chosen[0].indices))
    total, member = (_tally(selection, moving, given) for selection in chosen)
    kept = _kept(net, member_rows, member, total)
    return Counted(
        _index(total_rows, ["limit", "site"], nodes),
        total,
        _index(member_rows.iloc[kept], ["limit", "member", "site"], nodes),
        _keep(member, kept),
        member_rows["row"].to_numpy(int)[kept],
        member_rows["total"].to_numpy(int)[kept],
    )


def _kept(net: Network, rows: pd.DataFrame, member: Tally, total: Tally) -> Ints:
    """Return the rows that can be broken: with something to count, or with a minimum, which nothing does not meet."""
    limits, of = net.case["limits"], rows["row"].to_numpy(int)
    met, taken = np.zeros(len(rows), bool), np.zeros(len(total.constant), bool)
    met[member.row] = True
    taken[total.row] = True
    minimum, graded = (limits["sense"] == "min").to_numpy()[of], (limits["measure"] == "grade").to_numpy()[of]
    alike = met | minimum | (member.constant != 0)
    return np.flatnonzero(np.where(graded, taken[rows["total"].to_numpy(int)], alike))


def _nothing(nodes: int) -> Counted:
    """Return the rows of no limit at all."""
    none, tally = np.empty(0, np.int64), Tally(*(np.empty(0, np.int64),) * 2, *(np.empty(0),) * 2)
    totals, members = (pd.DataFrame(columns=key) for key in (["limit", "site"], ["limit", "member", "site"]))
    return Counted(Index(totals, none, none, nodes), tally, Index(members, none, none, nodes), tally, none, none)


def _select(scope: Scope, weight: sparse.coo_array, nodes: int, size: int) -> sparse.csr_array:
    """Return (member and window, origin and node): what a tonne of the origin in the node counts there."""
    node, last = scope.window
    ends, window = np.unique(last, return_inverse=True)
    row = (weight.col[:, None] * len(ends) + window).ravel()
    cell = (weight.row[:, None] * nodes + node).ravel()
    value = np.repeat(weight.data, len(node))
    return sparse.csr_array((value, (row, cell)), shape=(weight.shape[1] * len(ends), size))


def _rows(net: Network, found: list[Scope], names: list[list[str]]) -> pd.DataFrame:
    """Return the rows in the order of ``_select``: limit, member, site, node, row (of limits), total (of totals)."""
    limits, frames, before = net.case["limits"], [], 0
    for scope, members in zip(found, names, strict=True):
        ends = np.unique(scope.window[1])
        limit = limits.iloc[scope.row]
        frame = pd.DataFrame(
            {"member": np.repeat(np.array(members, object), len(ends)), "node": np.tile(ends, len(members))}
        )
        place = before + np.tile(np.arange(len(ends)), len(members))
        frames.append(frame.assign(limit=limit["limit"], site=scope.site, row=scope.row, total=place))
        before += len(ends)
    columns = ["limit", "member", "site", "node", "row", "total"]
    return pd.concat(frames, ignore_index=True)[columns]


def _movements(posted: Account, nodes: int, counted: NDArray[np.bool_]) -> tuple[sparse.csr_array, Reals]:
    """Return what was posted at the cells (origin and node) that any limit counts: (cell, column), and constants."""
    cell = posted.code * nodes + posted.node
    moved = counted[cell] & (posted.column >= 0)
    shape = len(counted), int(posted.column.max(initial=-1)) + 1
    moving = sparse.csr_array((posted.value[moved], (cell[moved], posted.column[moved])), shape=shape)
    fixed, given = posted.column < 0, np.zeros(len(counted))
    np.add.at(given, cell[fixed], posted.value[fixed])
    return moving, given


def _tally(selection: sparse.csr_array, moving: sparse.csr_array, given: Reals) -> Tally:
    """Multiply the selections into the postings: one sparse product for all limits."""
    product = sparse.coo_array(selection @ moving)
    return Tally(product.row, product.col, product.data, np.asarray(selection @ given))


def _keep(tally: Tally, kept: Ints) -> Tally:
    place = np.full(len(tally.constant), -1)
    place[kept] = np.arange(len(kept))
    inside = place[tally.row] >= 0
    return Tally(place[tally.row[inside]], tally.column[inside], tally.value[inside], tally.constant[kept])


def _index(rows: pd.DataFrame, key: list[str], nodes: int) -> Index:
    entities = rows[key].drop_duplicates().astype(object).reset_index(drop=True)
    code = pd.MultiIndex.from_frame(entities).get_indexer(pd.MultiIndex.from_frame(rows[key].astype(object)))
    return Index(entities, code.astype(np.int64), rows["node"].to_numpy(np.int64), nodes)
