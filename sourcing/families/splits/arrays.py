"""Splits: which arrivals a common split counts, and the part of each site in every year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.network.tiers import calendar_years

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.protocol import Account

    Reals = NDArray[np.float64]

SPLIT = ["split", "supplier", "site"]


@dataclass(frozen=True, eq=False)
class Splits:
    """Everything that is split alike.

    ``entities``: split, supplier, site, line (of the table), within, entity. ``part`` (line, last node of a year): the
    site's part of the requirement, NaN where there is none. ``arrivals``: line, split, supplier, end, column, value.
    """

    entities: pd.DataFrame
    part: Reals
    arrivals: pd.DataFrame


def build_splits(net: Network, entry: Account) -> Splits:
    """Read the splits of a case, and find the arrivals that count for them."""
    rows = net.case["splits"]
    rows = rows.assign(line=np.arange(len(rows)))
    routes = net.routes[["destination", "material"]].rename(columns={"destination": "site"})
    routes = routes.assign(supplier=net.case["offers"]["supplier"].to_numpy(object)[net.routes["code"].to_numpy()])
    reaching = rows[["line", "split", "site", "material"]].merge(routes, on=["site", "material"])
    pairs = reaching[["split", "supplier"]].drop_duplicates()
    entities = pairs.merge(rows[["split", "site", "line", "within"]], on="split").sort_values(SPLIT, ignore_index=True)
    return Splits(
        entities.assign(entity=np.arange(len(entities))), _parts(net, rows), _arrivals(net, entry, rows, routes)
    )


def _arrivals(net: Network, entry: Account, rows: pd.DataFrame, routes: pd.DataFrame) -> pd.DataFrame:
    """Return what arrives at the sites of splits, by the last node of the year."""
    bought = np.flatnonzero(entry.code < len(routes))
    found = routes.iloc[entry.code[bought]].reset_index(drop=True)
    found = found.assign(node=entry.node[bought], column=entry.column[bought], value=entry.value[bought])
    node, end, _ = calendar_years(net.tree)
    found = found.merge(pd.DataFrame({"node": node, "end": end}), on="node")
    return rows[["line", "split", "site", "material"]].merge(found, on=["site", "material"])


def _parts(net: Network, rows: pd.DataFrame) -> Reals:
    """Return the part of each line of the table in what all lines of its split require, by last node of a year."""
    node, end, years = calendar_years(net.tree)
    point = net.points.find(rows["site"], rows["material"])
    due = np.where(point[:, None] >= 0, net.demand.tonnes[point], 0.0)
    required = np.zeros_like(due)
    np.add.at(required.T, end, due[:, node].T)
    weight = rows["weight"].to_numpy(float)[:, None]
    required = np.where(np.isnan(weight), required, weight * (years > 0))
    total = pd.DataFrame(required).groupby(rows["split"].to_numpy()).transform("sum").to_numpy(float)
    part: Reals = np.divide(required, total, where=total > 0, out=np.full_like(total, np.nan))
    return part
