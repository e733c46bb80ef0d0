"""Which part of an order, a shipment or a run can be used: what lands in time, less what it has to bring too much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.kept import stock_asked
from sourcing.network.reach import usable_stock
from sourcing.network.surplus import Parts, too_much

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.windows import Windows

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

_NOISE = 1e-9


@dataclass(frozen=True, eq=False)
class UsedParts:
    """Tonnes of use at its destination per tonne of a decision, by (entity, node).

    ``routes``, ``ships`` and ``outputs`` (per tonne of an output of a process) have 1 where nothing is decided, or
    nothing lands in time: such an order stands for another reason than use. ``arriving`` is by point the most tonnes
    that arrive per tonne of use. ``left`` is by (point, node) the most tonnes of what arrives in the node that stay
    unused per tonne of use.
    """

    routes: Reals
    ships: Reals
    outputs: Reals
    arriving: Reals
    left: Reals

    def of_runs(self, net: Network) -> Reals:
        """Return tonnes of use (output, node) per tonne of activity."""
        found: Reals = self.outputs * net.outputs["quantity"].to_numpy(float)[:, None]
        return found


def used_parts(net: Network) -> UsedParts:
    """Return the part of each decision that can be used: along the path on which it is smallest."""
    counts = len(net.routes), len(net.ships), len(net.outputs)
    nodes, outputs = len(net.tree), net.outputs
    made = outputs["code"].to_numpy()
    parts = [
        _parts(net.route_days, net.routes["point"].to_numpy(), net.may_buy),
        _parts(net.ship_days, net.ships["point"].to_numpy(), net.ship_days.there),
        _parts(net.run_days, outputs["point"].to_numpy(), net.may_run[made], made),
    ]
    first = np.concatenate([[0], np.cumsum(counts)[:2]]) * nodes
    column = np.concatenate([each.column + offset for each, offset in zip(parts, first, strict=True)])
    point, node = (np.concatenate([getattr(each, name) for each in parts]) for name in ("point", "node"))
    together = Parts(column, point, node, np.concatenate([each.tonnes for each in parts]))
    points = np.concatenate([frame["point"].to_numpy(np.int64) for frame in (net.routes, net.ships, outputs)])
    used, arrived, more = _of_use(net, together, sum(counts) * nodes)
    arriving, left = np.ones(len(net.points)), np.zeros((len(net.points), nodes))
    np.maximum.at(arriving, together.point, (arrived / used)[together.column])
    np.maximum.at(left, (together.point, together.node), (more / used)[together.column])
    routes, ships, made_of = np.split(used.reshape(len(points), nodes), np.cumsum(counts)[:2])
    return UsedParts(routes, ships, made_of, arriving, left)


def _parts(days: Windows, point: Ints, may: NDArray[np.bool_], of: Ints | None = None) -> Parts:
    """Return what a tonne of each (entity, node) brings; ``of`` gives the row of ``days`` that an entity has."""
    code, node = np.nonzero(may)
    row = code if of is None else of[code]
    used = days.arrivals(row, node).used
    which = code[used.order]
    return Parts(which * may.shape[1] + node[used.order], point[which].astype(np.int64), used.node, used.share)


def _of_use(net: Network, parts: Parts, count: int) -> tuple[Reals, Reals, Reals]:
    """Return by column the tonnes of use, those that arrive, and those that come too much by the end of the horizon."""
    kept = usable_stock(stock_asked(net)[:, None], net.hops, net.recipes)[:, 0]
    beyond = too_much(net, parts, kept)
    arrived, more = (np.zeros((len(net.tree.paths), count)) for _ in range(2))
    for row, path in enumerate(net.tree.paths):
        mine, last = parts.only(np.isin(parts.node, path)), beyond.only(beyond.node == path[-1])
        np.add.at(arrived[row], mine.column, mine.tonnes)
        np.maximum.at(more[row], last.column, last.tonnes)
    use = np.where(arrived > _NOISE, arrived - more, np.inf).min(axis=0)
    return np.where(np.isfinite(use), use, 1.0), arrived.max(axis=0), more.max(axis=0)
