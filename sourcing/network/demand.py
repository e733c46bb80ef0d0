"""Demand by stock point and node, spread over the model's periods by days."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.calendar import DAY, MONTH, YEAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.calendar import TimeTree
    from sourcing.network import Network
    from sourcing.network.points import Points
    from sourcing.tables import Case

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Dates = NDArray[np.datetime64]


_STEPS: dict[int, np.timedelta64] = {len("2027"): YEAR, len("2027-03"): MONTH, len("2027-03-15"): DAY}
"""How long a period is, by the letters it is written with."""


@dataclass(frozen=True)
class Demand:
    """Arrays (point, node): tonnes due, weight of a tonne short (priority x value), price of a tonne short [USD/t].

    Where several rows of the table fall on one point and node, weight and price are their means by tonnes. A price is
    NaN where the tables name none.
    """

    tonnes: Reals
    weight: Reals
    price: Reals


def interval(period: str) -> tuple[np.datetime64, np.datetime64]:
    """Return the first day of "2027", "2027-Q3", "2027-03" or "2027-03-15" and the day after its last."""
    if "Q" in period:
        first = np.datetime64(f"{period[:4]}-{int(period[-1]) * 3 - 2:02d}", "M")
        return first.astype("datetime64[D]"), (first + 3 * MONTH).astype("datetime64[D]")
    date: np.datetime64 = np.datetime64(period)
    after: np.datetime64 = date + _STEPS[len(period)]
    return date.astype("datetime64[D]"), after.astype("datetime64[D]")


def _bounds(periods: pd.Series[str]) -> tuple[Dates, Dates]:
    """Return the first day of each period and the day after its last."""
    which, texts = pd.factorize(periods)
    bounds = np.array([interval(str(text)) for text in texts], "datetime64[D]").reshape(-1, 2)
    return bounds[which, 0], bounds[which, 1]


def due_within(net: Network, point: Ints, opens: Reals, closes: Reals) -> Reals:
    """Return tonnes due at each point from day ``opens`` until day ``closes``, counted from the start of the horizon.

    Demand is due evenly over the days of its row.
    """
    rows = net.case["demand"]
    begins, ends = ((side - net.tree.start[0]).astype(float) for side in _bounds(rows["period"]))
    each = pd.DataFrame({"point": net.points.find(rows["site"], rows["material"]), "begins": begins, "ends": ends})
    each["rate"] = rows["quantity"].to_numpy(float) / (ends - begins)
    cells = pd.DataFrame({"point": point, "cell": np.arange(len(point)), "opens": opens, "closes": closes})
    pairs = cells.merge(each, on="point")
    sides = ("begins", "ends", "opens", "closes", "rate")
    begins, ends, opens, closes, rate = (pairs[side].to_numpy(float) for side in sides)
    days = np.maximum(np.minimum(ends, closes) - np.maximum(begins, opens), 0.0)
    due = np.zeros(len(point))
    np.add.at(due, pairs["cell"].to_numpy(), rate * days)
    return due


def spread_demand(case: Case, points: Points, tree: TimeTree) -> Demand:
    """Spread the demand table over the nodes of the tree; what lies outside the horizon is left out."""
    rows = case["demand"]
    start, end = _bounds(rows["period"])
    inside = np.minimum(end[:, None], tree.end) - np.maximum(start[:, None], tree.start)
    part = np.maximum(inside.astype(float), 0.0) / (end - start).astype(float)[:, None]
    tonnes = rows["quantity"].to_numpy(float)[:, None] * part
    point = points.find(rows["site"], rows["material"])
    materials = case["materials"].set_index("material")
    value = rows["material"].map(materials["value"].fillna(1.0)).to_numpy(float)
    price = rows["shortage_cost"].fillna(rows["material"].map(materials["shortage_cost"])).to_numpy(float)
    weight = rows["priority"].to_numpy(float) * value

    def total(amount: Reals) -> Reals:
        grid = np.zeros((len(points), len(tree)))
        np.add.at(grid, point, amount)
        return grid

    due = total(tonnes)
    some = np.where(due > 0, due, 1.0)
    return Demand(due, total(tonnes * weight[:, None]) / some, total(tonnes * price[:, None]) / some)
