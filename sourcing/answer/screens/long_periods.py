"""Time buckets too coarse for the stock: periods that what is at hand cannot bridge while deliveries may come late."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.daily.verdict import length_words
from sourcing.network.kept import come_by, cover_asked, safety_asked
from sourcing.tables import Finding
from sourcing.tables.screens.finding import amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.question import Question

    Reals = NDArray[np.float64]

CODE = "SCREEN-388"
_QUARTER = 92
"""Days of the longest period of which nothing is said: a quarter."""
_ALL = 1 - 1e-9


class _Unbridged(NamedTuple):
    """Points and nodes of a long period whose use is more than what is at hand, with both in t."""

    point: NDArray[np.int64]
    node: NDArray[np.int64]
    there: Reals
    used: Reals


def too_long(net: Network, asked: Question) -> Iterator[Finding]:
    """Yield a warning if a period is longer than a quarter and than what its stock lasts for.

    A rule of thumb, and no condition of a plan: a model by periods lets a delivery at the end of one serve all of it
    but what is due before the first that is ordered in it. Periods that begin when an order of the first day can have
    come by any way are left out: they are planned anew before anything of them has to be ordered.
    """
    found = _unbridged(net)
    if not len(found.point):
        return
    days = found.there / found.used * net.tree.days[found.node]
    at = int(days.argmin())
    node, point = found.node[at], net.points.entities.iloc[int(found.point[at])]
    start, end = net.tree.start[node].item(), net.tree.end[node].item()
    wanting, of = len(np.unique(found.point)), int((net.demand.tonnes > 0).any(axis=1).sum())
    name, site = net.case.label("materials", str(point["material"])), net.case.label("sites", str(point["site"]))
    fact = (
        f"a period of {length_words(start, end)} is longer than the stock lasts in {wanting} of {of} places with "
        f"demand, and a delivery may come at its end: {name} at {site} has {amount(found.there[at])} on {start}, "
        f"enough for {int(days[at])} of {(end - start).days} days ({amount(found.used[at])})"
    )
    repair = (
        'make it shorter, such as "month" or "quarter", or raise the safety stock; "Day by day" of a plan says more'
    )
    yield Finding("warning", f"{asked.name or 'question'}.toml, horizon", fact, repair, CODE)


def _unbridged(net: Network) -> _Unbridged:
    """Return where a long period uses more than what is there: the safety stock, or what is left without orders."""
    tree, used = net.tree, net.demand.tonnes
    lead = net.route_days.lead
    node = np.flatnonzero((tree.days > _QUARTER) & (tree.opens <= (lead.max() if len(lead) else 0.0)))
    gone = used.copy()
    for child in range(1, len(tree)):
        gone[:, child] += gone[:, tree.parent[child]]
    left = np.maximum(come_by(net) - (gone - used), 0.0)
    stocks = net.case["stocks"]
    row_point = net.points.find(stocks["site"], stocks["material"])
    kept = np.zeros_like(used)
    np.maximum.at(kept, row_point, np.maximum(safety_asked(net, row_point), cover_asked(net, row_point)))
    before = np.where(tree.parent >= 0, kept[:, tree.parent], 0.0)
    there = np.maximum(left, before)
    point, at = np.nonzero(there[:, node] < used[:, node] * _ALL)
    return _Unbridged(point, node[at], there[point, node[at]], used[point, node[at]])
