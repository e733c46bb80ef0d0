"""What an order brings too much: it arrives over several periods, and the first of them may need more than the last."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.network.reach import usable_stock

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

_NOISE = 1e-9


class Parts(NamedTuple):
    """What columns bring: column, stock point, node of arrival, and tonnes there per tonne of the column."""

    column: Ints
    point: Ints
    node: Ints
    tonnes: Reals

    def only(self, which: NDArray[np.bool_]) -> Parts:
        """Return some of them."""
        return Parts(self.column[which], self.point[which], self.node[which], self.tonnes[which])


def too_much(net: Network, parts: Parts, kept: Reals) -> Parts:
    """Return by column, point and node what a tonne may add to the stock beyond what can still be used.

    Of an order of which ``before`` has arrived by node t, what comes later, less what t's need leaves for it to cover:
    later use over the use up to t, times ``before``. The largest over all t counts, and stays until the end.

    Parameters
    ----------
    kept : tonnes that are to be in stock, by point; they may be what an order is needed for.
    """
    use = usable_stock(net.demand.tonnes, net.hops, net.recipes)
    found = [_on_path(path, use, parts, kept) for path in net.tree.paths]
    frame = pd.concat(found).groupby(["column", "point", "node"], as_index=False)["tonnes"].max()
    column, point, node = (frame[name].to_numpy(np.int64) for name in ("column", "point", "node"))
    return Parts(column, point, node, frame["tonnes"].to_numpy(float))


def _on_path(path: Ints, use: Reals, parts: Parts, kept: Reals) -> pd.DataFrame:
    """Return the frame of ``too_much`` along one path of the tree."""
    place = np.full(use.shape[1], -1)
    place[path] = np.arange(len(path))
    frame = pd.DataFrame({"column": parts.column, "point": parts.point, "at": place[parts.node], "in": parts.tonnes})
    bounded = np.asarray(np.isfinite(use).all(axis=1))
    frame = frame[(frame["at"] >= 0) & bounded[parts.point]]
    frame = _without_gaps(pd.DataFrame(frame.groupby(["column", "point", "at"], as_index=False)["in"].sum()))
    orders = frame.groupby(["column", "point"], sort=False)
    frame = frame.assign(
        sofar=orders["in"].cumsum(), first=orders["at"].transform("min"), last=orders["at"].transform("max")
    )
    early = frame[frame["at"] < frame["last"]]
    left = early["sofar"] * (1 + _later_over_early(use[:, path], early, kept))
    early = early.assign(left=left)[["column", "point", "at", "left"]]
    pairs = early.merge(frame[["column", "point", "at", "sofar", "last"]], on=["column", "point"], suffixes=("", "_n"))
    pairs["tonnes"] = pairs["sofar"] - pairs["left"]
    pairs = pairs[(pairs["at_n"] > pairs["at"]) & (pairs["tonnes"] > _NOISE)]
    stays = np.where(pairs["at_n"] == pairs["last"], len(path) - pairs["at_n"], 1)
    each = pairs.loc[pairs.index.repeat(stays), ["column", "point", "at_n", "tonnes"]]
    offset = np.arange(len(each)) - np.repeat(np.cumsum(stays) - stays, stays)
    return each.assign(node=path[each["at_n"].to_numpy(int) + offset])[["column", "point", "node", "tonnes"]]


def _without_gaps(frame: pd.DataFrame) -> pd.DataFrame:
    """Add rows of nothing for nodes between those in which parts come: where a licence ends, orders overtake others."""
    ends = frame.groupby(["column", "point"], as_index=False)["at"].agg(["min", "max"])
    count = (ends["max"] - ends["min"] + 1).to_numpy(int)
    if count.sum() == len(frame):
        return frame
    each = ends.loc[ends.index.repeat(count), ["column", "point", "min"]]
    offset = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    nodes = each[["column", "point"]].assign(at=each["min"].to_numpy(int) + offset)
    return nodes.merge(frame, how="left", on=["column", "point", "at"]).fillna({"in": 0.0})


def _later_over_early(use: Reals, early: pd.DataFrame, kept: Reals) -> Reals:
    """Return use after t, over use up to t since the first order that arrives on both sides of t began to."""
    since = early.groupby(["point", "at"])["first"].transform("min").to_numpy(int)
    point, at = early["point"].to_numpy(int), early["at"].to_numpy(int)
    until = np.concatenate([np.zeros((len(use), 1)), np.cumsum(use, axis=1)], axis=1)
    served = until[point, at + 1] - until[point, since] + kept[point]
    later = until[point, -1] - until[point, at + 1]
    ratio: Reals = np.divide(later, served, out=np.full(len(served), np.inf), where=served > 0)
    return ratio
