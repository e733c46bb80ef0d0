"""Awards fixed by hand: what of each period lies in which node, and what is asked for there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.network.demand import interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.calendar import TimeTree
    from sourcing.network import Network
    from sourcing.tables import Case

    Reals = NDArray[np.float64]

AWARD = ["offer", "period", "site"]


@dataclass(frozen=True, eq=False)
class Awards:
    """The awards that have a part in the horizon.

    ``rows``: offer, period, site ("" = all), material, share, quantity [t], row (of the table). ``windows``: one row
    per award, node and last node of the award's period on a path: award, node, end, part (of the node's days that
    lie in the period), inside (of the period's days that lie in the node).
    """

    rows: pd.DataFrame
    windows: pd.DataFrame

    @property
    def ends(self) -> pd.DataFrame:
        """One row per award and last node: award, end, inside (part of its days), tonnes (NaN of a share)."""
        ends = self.windows.groupby(["award", "end"], as_index=False)["inside"].sum()
        quantity = self.rows["quantity"].to_numpy(float)[ends["award"]]
        found: pd.DataFrame = ends.assign(tonnes=quantity * ends["inside"].to_numpy())
        return found


def build_awards(case: Case, tree: TimeTree) -> Awards:
    """Read the awards of a case over the periods of a question."""
    rows = case["awards"]
    material = rows["offer"].map(case["offers"].set_index("offer")["material"])
    rows = rows.assign(material=material)[[*AWARD, "material", "share", "quantity", "row"]]
    bounds = [interval(period) for period in rows["period"]]
    first, after = (np.array([pair[side] for pair in bounds], "datetime64[D]")[:, None] for side in (0, 1))
    days = (np.minimum(after, tree.end) - np.maximum(first, tree.start)).astype(float)
    parts = [np.empty((3, 0), np.int64)]
    for path in tree.paths:
        award, step = np.nonzero(days[:, path] > 0)
        last = np.zeros(len(rows), np.int64)
        np.maximum.at(last, award, path[step])
        parts.append(np.stack([award, path[step], last[award]]))
    award, node, end = np.unique(np.concatenate(parts, axis=1), axis=1)
    inside = days[award, node] / (after - first).astype(float)[award, 0]
    windows = {"award": award, "node": node, "end": end, "part": days[award, node] / tree.days[node], "inside": inside}
    return Awards(rows, pd.DataFrame(windows))


def routes_of(net: Network, awards: Awards) -> pd.DataFrame:
    """Return award, route and point wherever something ordered by a route counts for an award."""
    routes = net.routes[["offer", "destination", "point"]].assign(route=np.arange(len(net.routes)))
    pairs = awards.rows[["offer", "site"]].assign(award=np.arange(len(awards.rows))).merge(routes, on="offer")
    counts = (pairs["site"] == "") | (pairs["site"] == pairs["destination"])
    found: pd.DataFrame = pairs.loc[counts, ["award", "route", "point"]]
    return found


def must_take(net: Network) -> Reals:
    """Return by point the tonnes that awards may bring there beyond what is asked for: each where any route leads."""
    tonnes = np.zeros(len(net.points))
    if net.case["awards"].empty:
        return tonnes
    awards = build_awards(net.case, net.tree)
    most = awards.ends.groupby("award")["tonnes"].max()
    pairs = routes_of(net, awards)
    np.add.at(tonnes, pairs["point"].to_numpy(), pairs["award"].map(most).fillna(0.0).to_numpy(float))
    return tonnes
