"""The rows of limits: tonnes of each member and of all together, per window, as coefficients on columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from sourcing.network.held import with_stock
from sourcing.network.limits import scopes
from sourcing.network.ranges import ranges
from sourcing.network.used import goods, goods_scopes, materials
from sourcing.protocol import Index

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.limits import Scope, Spans
    from sourcing.protocol import Account

    Ints = NDArray[np.signedinteger[Any]]
    Reals = NDArray[np.float64]
    Rows = Literal["met", "asked", "averaged"]

TOTAL, MEMBER = ["limit", "site", "window"], ["limit", "member", "site", "window"]
"""What names a row for all members together, and one for each of them, beside the last node of its window."""


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

    def at(self, x: Reals) -> Measured:
        """Return what each row of the members counts at some values of the columns, and what all of them count."""
        return Measured(self.limit, self.members, self.member.at(x), self.total.at(x)[self.total_of])


class Measured(NamedTuple):
    """What the rows of limits count in a plan: of a ratio the amount and the total, both in tonnes.

    ``limit`` is the row of the table that each comes from.
    """

    limit: Ints
    rows: Index
    amount: Reals
    total: Reals

    @classmethod
    def nothing(cls, nodes: int) -> Measured:
        """Return what no limit at all counts, over so many periods."""
        return _nothing(nodes).at(np.empty(0))


def count(net: Network, posted: Account, on: tuple[str, ...]) -> Counted:
    """Count what was posted (origin, node) for every limit on one of some measures.

    A member that nothing can be counted for gets no row under a maximum; under a minimum it always has one.
    """
    if not net.case["limits"]["measure"].isin(on).any():
        return _nothing(len(net.tree))
    return count_scopes(net, posted, scopes(net.case, net.origins, net.tree, on))


def count_goods(net: Network, accounts: Mapping[str, Account], on: tuple[str, ...]) -> Counted:
    """Count the accounts ``GOODS`` and ``STOCK`` for every limit on one of some measures: what it counts."""
    if not net.case["limits"]["measure"].isin(on).any():
        return _nothing(len(net.tree))
    return count_scopes(net, *with_stock(net, accounts, goods(net, accounts), goods_scopes(net, on)))


def count_scopes(
    net: Network, posted: Account, found: list[Scope], together: Account | None = None, having: Rows = "asked"
) -> Counted:
    """Count what was posted for some limits, of which each thing that may be counted has a weight.

    Totals are of what was posted too, unless ``together`` is what they are of. ``having`` says which members have a
    row: those of whom there is anything to count ("met"), with them whoever a minimum asks for ("asked"), or those
    whose total there is anything of ("averaged").
    """
    if not found:
        return _nothing(len(net.tree))
    nodes = len(net.tree)
    total_rows = _rows(net, found, [[""] for _ in found])
    member_rows = _rows(net, found, [scope.members for scope in found])
    weights = [sparse.coo_array(scope.weight[:, None]) for scope in found]
    parts = [_held(scope) for scope in found]
    if together is None:
        total, member = _tallies(found, (weights, parts), posted)
    else:
        (total,), (member,) = _tallies(found, (weights,), together), _tallies(found, (parts,), posted)
    kept = _kept(net, member_rows, (member, total), having)
    return Counted(
        _index(total_rows, TOTAL, nodes),
        total,
        _index(member_rows.iloc[kept], MEMBER, nodes),
        _keep(member, kept),
        member_rows["row"].to_numpy(int)[kept],
        member_rows["total"].to_numpy(int)[kept],
    )


def counted_demand(net: Network, on: tuple[str, ...]) -> dict[tuple[str, ...], float]:
    """Return the demand, in the tonnes that a limit counts, that falls into each window: by limit and window."""
    points, found = net.points.entities, dict[tuple[str, ...], float]()
    for scope in goods_scopes(net, on):
        content = pd.Series(scope.weight).groupby(materials(net)[: len(scope.weight)]).max()
        weight = points["material"].map(content).fillna(0.0).to_numpy()
        limit = str(net.case["limits"].iloc[scope.row]["limit"])
        due = scope.window.tonnes(weight @ net.demand.tonnes)
        found |= {(limit, label): float(tonnes) for label, tonnes in zip(scope.window.label, due, strict=True)}
    return found


def _kept(net: Network, rows: pd.DataFrame, tallies: tuple[Tally, Tally], having: Rows) -> Ints:
    """Return the rows that can be broken: with something to count, or with a minimum, which nothing does not meet."""
    member, total = tallies
    if having == "averaged":
        taken = np.zeros(len(total.constant), bool)
        taken[total.row] = True
        return np.flatnonzero(taken[rows["total"].to_numpy(int)])
    met = member.constant != 0
    met[member.row] = True
    if having == "asked":
        met |= (net.case["limits"]["sense"] == "min").to_numpy()[rows["row"].to_numpy(int)]
    return np.flatnonzero(met)


def _nothing(nodes: int) -> Counted:
    """Return the rows of no limit at all."""
    none, tally = np.empty(0, np.int64), Tally(*(np.empty(0, np.int64),) * 2, *(np.empty(0),) * 2)
    totals, members = (pd.DataFrame(columns=key) for key in (TOTAL, MEMBER))
    return Counted(Index(totals, none, none, nodes), tally, Index(members, none, none, nodes), tally, none, none)


def _rows(net: Network, found: list[Scope], names: list[list[str]]) -> pd.DataFrame:
    """Return the keys, row (of limits) and total (of totals) of every window, within members within limits."""
    spans, sizes = [len(scope.window) for scope in found], [len(members) for members in names]
    before = np.cumsum([0, *spans])[:-1]
    of = np.repeat(np.arange(len(found)), np.multiply(spans, sizes))
    limit = np.array([scope.row for scope in found])[of]
    sides = {
        "member": [np.repeat(np.array(each, object), size) for each, size in zip(names, spans, strict=True)],
        "window": [np.tile(scope.window.label, size) for scope, size in zip(found, sizes, strict=True)],
        "node": [np.tile(scope.window.end, size) for scope, size in zip(found, sizes, strict=True)],
        "total": [np.tile(at + np.arange(n), size) for at, n, size in zip(before, spans, sizes, strict=True)],
    }
    frame = pd.DataFrame({name: np.concatenate(side) for name, side in sides.items()})
    site = np.array([scope.site for scope in found], object)[of]
    frame = frame.assign(limit=net.case["limits"]["limit"].to_numpy(object)[limit], site=site, row=limit)
    return frame[[*MEMBER, "node", "row", "total"]]


def _held(scope: Scope) -> sparse.coo_array:
    """Return (origin, member): what a tonne of the origin counts for; origins that do not count have no entry."""
    weight = sparse.coo_array(scope.share * scope.weight[:, None])
    kept = weight.data != 0
    return sparse.coo_array((weight.data[kept], (weight.row[kept], weight.col[kept])), shape=weight.shape)


def _tallies(found: list[Scope], weights: tuple[list[sparse.coo_array], ...], posted: Account) -> list[Tally]:
    """Count the postings in the rows of ``_rows``, once for each list of weights.

    ``weights`` (origin, member) of each scope are what a tonne counts for. Scopes with the same windows are counted in
    one go: most limits are by the year.
    """
    groups: dict[tuple[bytes, ...], list[int]] = {}
    for place, scope in enumerate(found):
        groups.setdefault(scope.window.key, []).append(place)
    sizes = [len(scope.window) for scope in found]
    counts = [[weight.shape[1] * size for weight, size in zip(side, sizes, strict=True)] for side in weights]
    starts = [np.cumsum([0, *count]) for count in counts]
    pieces: list[list[tuple[Ints, Ints, Reals]]] = [[] for _ in weights]
    for places in groups.values():
        postings = _in_windows(posted, found[places[0]].window)
        for side, start, piece in zip(weights, starts, pieces, strict=True):
            own = [(side[place], int(start[place]), sizes[place]) for place in places]
            piece.append(_counted(own, postings))
    return [_tally(piece, int(start[-1])) for piece, start in zip(pieces, starts, strict=True)]


class _Postings(NamedTuple):
    """What was posted in each window, sorted by origin; the parts of one column that fall into one window are one."""

    origin: Ints
    window: Ints
    column: Ints
    value: Reals


def _in_windows(posted: Account, spans: Spans) -> _Postings:
    first = np.searchsorted(spans.node, np.arange(posted.node.max(initial=0) + 2))
    which, place = ranges(first[posted.node], np.diff(first)[posted.node])
    if (np.diff(posted.code) < 0).any():
        order = np.argsort(posted.code[which], kind="stable")
        which, place = which[order], place[order]
    origin, windows, column = posted.code[which], spans.window[place], posted.column[which]
    new = np.ones(len(which), bool)
    new[1:] = np.logical_or.reduce([side[1:] != side[:-1] for side in (origin, windows, column)])
    kept = np.flatnonzero(new)
    value = np.add.reduceat(posted.value[which] * spans.part[place], kept) if len(kept) else np.empty(0)
    return _Postings(origin[kept], windows[kept], column[kept], value)


def _counted(own: list[tuple[sparse.coo_array, int, int]], postings: _Postings) -> tuple[Ints, Ints, Reals]:
    """Return row, column and value of every posting that counts, given (weights, first row, windows) of each scope."""
    first = np.searchsorted(postings.origin, np.arange(own[0][0].shape[0] + 1))
    origin = np.concatenate([weight.row for weight, _, _ in own])
    row = np.concatenate([start + weight.col * size for weight, start, size in own])
    value = np.concatenate([weight.data for weight, _, _ in own])
    which, place = ranges(first[origin], np.diff(first)[origin])
    return row[which] + postings.window[place], postings.column[place], value[which] * postings.value[place]


def _tally(pieces: list[tuple[Ints, Ints, Reals]], count: int) -> Tally:
    row, column, value = (np.concatenate(side) for side in zip(*pieces, strict=True))
    constant, fixed, moved = np.zeros(count), column < 0, column >= 0
    np.add.at(constant, row[fixed], value[fixed])
    return Tally(row[moved], column[moved], value[moved], constant)


def _keep(tally: Tally, kept: Ints) -> Tally:
    place = np.full(len(tally.constant), -1)
    place[kept] = np.arange(len(kept))
    inside = place[tally.row] >= 0
    return Tally(place[tally.row[inside]], tally.column[inside], tally.value[inside], tally.constant[kept])


def _index(rows: pd.DataFrame, key: list[str], nodes: int) -> Index:
    entities = rows[key].drop_duplicates().astype(object).reset_index(drop=True)
    code = pd.MultiIndex.from_frame(entities).get_indexer(pd.MultiIndex.from_frame(rows[key].astype(object)))
    return Index(entities, code.astype(np.int64), rows["node"].to_numpy(np.int64), nodes)
