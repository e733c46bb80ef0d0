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
    rows = net.demand_rows
    begins, ends = (net.tree.since_start(rows[side].to_numpy("datetime64[D]")) for side in ("from", "until"))
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


def dated_demand(case: Case, tree: TimeTree) -> pd.DataFrame:
    """Return the rows of demand with their days, ``from`` and ``until``, and those that the tail repeats.

    At every point what was due in the twelve months before the end of the horizon (in the horizon, if it is shorter) is
    due again after it, year after year; where the table says what is due after the end, that is taken to its last day,
    and the twelve months before that are repeated.
    """
    start, end = _bounds(case["demand"]["period"])
    rows = case["demand"].assign(**{"from": start, "until": end})
    if not tree.has_tail:
        return rows
    last = rows["until"].groupby([rows["site"], rows["material"]]).transform("max")
    last = np.maximum(last.to_numpy("datetime64[D]"), tree.reported_end)
    first = np.maximum(_months_on(last, -12), tree.start[0].astype("datetime64[D]"))
    whole_year = first == _months_on(last, -12)
    kept = rows.assign(**{"from": np.maximum(start, first), "until": np.minimum(end, last)})
    parts = [rows, *_copies(kept, (start, end), (first, last, whole_year), tree.end.max().astype("datetime64[D]"))]
    return pd.concat(parts, ignore_index=True)


def _copies(
    rows: pd.DataFrame, days: tuple[Dates, Dates], span: tuple[Dates, Dates, NDArray[np.bool_]], end: np.datetime64
) -> list[pd.DataFrame]:
    """Return what the rows say in the days that are repeated, again and again until ``end``."""
    (start, until), (first, last, whole_year) = days, span
    opens, closes = rows["from"].to_numpy("datetime64[D]"), rows["until"].to_numpy("datetime64[D]")
    within = closes > opens
    part = np.maximum((closes - opens).astype(float), 0.0) / (until - start).astype(float)
    rows = rows.assign(quantity=rows["quantity"] * part)
    found: list[pd.DataFrame] = []
    again = 1
    while within.any():
        shift = again * (last - first)
        low = np.where(whole_year, _months_on(opens, 12 * again), opens + shift)
        high = np.where(whole_year, _months_on(closes, 12 * again), closes + shift)
        low = np.maximum(low, last)
        high = np.maximum(high, low + DAY)
        within &= low < end
        found.append(rows.assign(**{"from": low, "until": high})[within])
        again += 1
    return found


def _months_on(day: Dates, months: int) -> Dates:
    """Return the same days some months later, or the last day of a shorter month."""
    month = day.astype("datetime64[M]")
    after = month + np.timedelta64(months, "M")
    last = (after + MONTH).astype("datetime64[D]") - DAY
    on: Dates = np.minimum(after.astype("datetime64[D]") + (day - month.astype("datetime64[D]")), last)
    return on


def spread_demand(case: Case, points: Points, tree: TimeTree, rows: pd.DataFrame) -> Demand:
    """Spread the rows of demand over the nodes of the tree; what lies outside them is left out."""
    start, end = (rows[side].to_numpy("datetime64[D]") for side in ("from", "until"))
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
