"""Beginning inventory under limits that count stock: what is there when a window begins, of anybody."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

from sourcing.measures import what_counts
from sourcing.network.limits import Scope, Spans, looks_at
from sourcing.network.look_through import STAGES, UNKNOWN
from sourcing.network.origins import stage_rank
from sourcing.network.used import counted_in, padded
from sourcing.protocol import CONSTANT, Account

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from sourcing.network import Network

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

STOCK = ("stays", "ship.entry", "sent", "activity")
"""Accounts of what lies, and is on its way between own sites or in processes, beside those of goods."""


def counts_stock(limits: pd.DataFrame) -> Flags:
    """Return which limits count what arrives, and what lies at the start of the window as if it were anybody's."""
    said = limits[["measure", "counts"]].itertuples(index=False, name=None)
    return np.array([what_counts(measure, counts) == "stock" for measure, counts in said], bool)


class _Lying(NamedTuple):
    """Tonnes at ``point`` (columns; constants at the start) that are there when a window begins."""

    point: Ints
    column: Ints
    tonnes: Reals


def with_stock(
    net: Network, accounts: Mapping[str, Account], posted: Account, found: list[Scope]
) -> tuple[Account, list[Scope]]:
    """Add what lies at the start to what is posted for scopes; limits that count it get a scope for every window.

    For each of these windows there is a block of stock points behind all that is counted, posted in its first node.
    """
    stock = counts_stock(net.case["limits"])
    blocks = sum(len(scope.window) for scope in found if stock[scope.row])
    if not blocks:
        return posted, found
    points, base, at = len(net.points), len(found[0].weight), 0
    known, postings, scopes = _Known(net, accounts), [posted], list[Scope]()
    for scope in found:
        if not stock[scope.row]:
            scopes.append(padded(scope, 0, blocks * points))
            continue
        for window in range(len(scope.window)):
            span = _only(scope.window, window)
            lying = known.lying(scope, span)
            code = base + at * points + lying.point
            node, part = np.full_like(code, span.node[0]), span.part[0]
            postings.append(Account(code, node, lying.column, lying.tonnes / part))
            scopes.append(_scope(net, replace(scope, window=span), (at, blocks)))
            at += 1
    sides = ("code", "node", "column", "value")
    return Account(*(np.concatenate([getattr(each, side) for each in postings]) for side in sides)), scopes


def _only(spans: Spans, window: int) -> Spans:
    """Return one window of a limit by itself, first node first."""
    own = spans.window == window
    node = spans.node[own]
    one = slice(window, window + 1)
    return Spans(node, np.zeros_like(node), spans.part[own], spans.label[one], spans.end[one])


def _scope(net: Network, scope: Scope, block: tuple[int, int]) -> Scope:
    """Let what lies in one block of points count in the total, and under a maximum as whoever is held."""
    limit, (at, blocks), points = net.case["limits"].iloc[scope.row], block, len(net.points)
    most, members = limit["sense"] == "max", list(scope.members)
    share = scope.share
    if most and not limit["member"] and UNKNOWN not in members:
        nothing = sparse.csc_array((share.shape[0], 1))
        members, share = [*members, UNKNOWN], sparse.csc_array(sparse.hstack([share, nothing]))
    own = replace(scope, members=members, share=share)
    wide = padded(own, 0, blocks * points)
    here = len(scope.weight) + at * points + np.arange(points)
    weight, everybody = wide.weight.copy(), sparse.lil_array(wide.share)
    weight[here] = _worth(net, limit)
    if most:
        everybody[here, :] = 1.0
    return replace(wide, weight=weight, share=sparse.csc_array(everybody))


def _worth(net: Network, limit: pd.Series[str]) -> Reals:
    """Return what a limit counts of a tonne that lies at each point: what it looks at, from its stage on."""
    points, contents = net.points.entities, net.case["contents"]
    held = contents[contents["element"] == limit["element"]].set_index("material")["share"]
    content = points["material"].map(held).fillna(0.0).to_numpy(float) if limit["element"] else np.ones(len(points))
    rank = float(STAGES.index(str(limit["stage"]))) if limit["stage"] else -np.inf
    reached = stage_rank(net.case, points["material"]).to_numpy(float) >= rank
    here = looks_at(limit, points["material"], points["site"]) & reached & (content > 0)
    return np.where(here, counted_in(net, limit, points["material"], content), 0.0)


@dataclass(frozen=True, eq=False)
class _Known:
    """What is needed to say what lies where when a window begins."""

    net: Network
    accounts: Mapping[str, Account]

    def lying(self, scope: Scope, span: Spans) -> _Lying:
        """Return what is there when a window begins: stock, and what comes in it of what went on its way before."""
        parts = [self._stock(int(span.node[0])), self._sent(span), self._made(scope, span)]
        return _Lying(*(np.concatenate(side) for side in zip(*parts, strict=True)))

    def _stock(self, first: int) -> _Lying:
        stocks, points = self.net.case["stocks"], self.net.points
        if first == 0:
            at = points.find(stocks["site"], stocks["material"]).astype(np.int64)
            return _Lying(at, np.full_like(at, CONSTANT), stocks["opening"].fillna(0.0).to_numpy(float))
        stays = self.accounts["stays"]
        before = stays.node == self.net.tree.parent[first]
        return _Lying(stays.code[before], stays.column[before], stays.value[before])

    def _sent(self, span: Spans) -> _Lying:
        entry = self.accounts["ship.entry"]
        return self._on_its_way(entry, "sent", span, self.net.ships["point"].to_numpy(np.int64)[entry.code])

    def _made(self, scope: Scope, span: Spans) -> _Lying:
        """Return what processes bring in the window that began before, where it does not count on arrival."""
        entry, first = self.accounts["entry"], len(self.net.routes)
        last = first + len(self.net.outputs)
        own = (entry.code >= first) & (entry.code < last) & (scope.weight[entry.code] == 0)
        made = Account(entry.code[own], entry.node[own], entry.column[own], entry.value[own])
        return self._on_its_way(made, "activity", span, self.net.outputs["point"].to_numpy(np.int64)[made.code - first])

    def _on_its_way(self, account: Account, decided: str, span: Spans, point: Ints) -> _Lying:
        block = self.accounts[decided]
        begun = np.full(int(max(account.column.max(initial=-1), block.column.max(initial=-1))) + 1, -1)
        begun[block.column] = block.node
        before = np.isin(account.node, span.node) & (begun[account.column] < span.node[0])
        return _Lying(point[before], account.column[before], account.value[before])
