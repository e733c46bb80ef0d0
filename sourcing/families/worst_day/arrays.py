"""Landings by the day: what of each order, shipment and run comes to a point, or leaves it, between which days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.calendar import DUST
from sourcing.network.kept import safety_level

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.windows import Windows
    from sourcing.protocol import Account, Model

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

MONTH, WEEK = 31, 7
"""Days of the longest period that is not looked into, and of a stretch of which the last worst day stands for all."""
CELL = ["point", "node"]


def moved(model: Model, net: Network) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return what lands at points and what leaves them, each part even between two days since the start.

    Columns point, node (in which it lands, or leaves), column, tonnes (t per t of the column), opens, closes [d].
    """
    opened = net.opened if model.explaining else net
    buy, ship, make = (model.account(f"column.{name}") for name in ("buy", "ship", "make"))
    lands = [
        _parts(net.route_days, buy, _one(net.routes["point"])),
        _parts(opened.ship_days, ship, _one(net.ships["point"])),
        _parts(opened.run_days, make, net.outputs[["code", "point", "quantity"]]),
    ]
    leaves = [
        _parts(opened.ship_days, ship, _one(net.ships["from_point"]), at_once=True),
        _parts(opened.run_days, make, net.inputs[["code", "point", "quantity"]], at_once=True),
    ]
    return pd.concat(lands, ignore_index=True), pd.concat(leaves, ignore_index=True)


def _one(point: pd.Series[int]) -> pd.DataFrame:
    """Return the point of each way, which brings there, or takes, a tonne of a tonne."""
    return pd.DataFrame({"code": np.arange(len(point)), "point": point.to_numpy(), "quantity": 1.0})


def _parts(windows: Windows, decided: Account, sides: pd.DataFrame, *, at_once: bool = False) -> pd.DataFrame:
    """Return the parts of decisions (entity, node, column) at the points of their entities."""
    parts = (windows.placed if at_once else windows.parts)(decided.code, decided.node).used
    found = {
        "code": decided.code[parts.order],
        "node": parts.node,
        "column": decided.column[parts.order],
        "share": parts.share,
        "opens": parts.opens,
        "closes": parts.closes,
    }
    each = pd.DataFrame(found).merge(sides, on="code")
    each["tonnes"] = each["share"] * each["quantity"].abs()
    return each[[*CELL, "column", "tonnes", "opens", "closes"]]


def worst_days(net: Network, lands: pd.DataFrame) -> pd.DataFrame:
    """Return the days of long periods on whose eve stock is lowest, where anything is due: point, node, day.

    On such a day more begins to land of a decision, an open order comes, or less is due from then on; of those in the
    same seven days of a period only the last is kept.
    """
    tree = net.tree
    long = (tree.days > MONTH) & (net.demand.tonnes > 0)
    days = pd.concat([_begins(lands), _ordered(net), _ends(net)])
    point, node = (days[name].to_numpy(np.int64) for name in CELL)
    day = np.floor(days["day"].to_numpy(float) + DUST)
    inside = long[point, node] & (day > tree.opens[node]) & (day < tree.closes[node])
    found = pd.DataFrame({"point": point, "node": node, "day": day})[inside]
    week = ((found["day"] - tree.opens[found["node"].to_numpy()]) // WEEK).astype(np.int64)
    kept: pd.DataFrame = found.groupby([found["point"], found["node"], week.rename("week")], as_index=False)[
        "day"
    ].max()
    return kept[[*CELL, "day"]].sort_values([*CELL, "day"], ignore_index=True)


def _begins(lands: pd.DataFrame) -> pd.DataFrame:
    """Return when more of a decision lands than did right before: point, node, day. Parts that go on begin nothing."""
    pace = lands["tonnes"] / (lands["closes"] - lands["opens"])
    cells = lands[[*CELL, "column"]]
    turns = pd.concat(
        [
            cells.assign(day=lands["opens"].round(9), more=pace, gross=pace),
            cells.assign(day=lands["closes"].round(9), more=-pace, gross=pace),
        ]
    )
    total = turns.groupby([*CELL, "column", "day"], as_index=False)[["more", "gross"]].sum()
    return total.loc[total["more"] > DUST * total["gross"], [*CELL, "day"]]


def _ordered(net: Network) -> pd.DataFrame:
    """Return when open orders come."""
    order, node = net.order_arrivals
    arrives = net.tree.since_start(net.case["open_orders"]["arrives"].to_numpy("datetime64[D]"))
    return pd.DataFrame({"point": net.order_point[order], "node": node, "day": arrives[order]})


def _ends(net: Network) -> pd.DataFrame:
    """Return the days on which a row of demand ends, in every node that holds them."""
    rows = net.demand_rows
    ends = net.tree.since_start(rows["until"].to_numpy("datetime64[D]"))
    row, node = np.nonzero((net.tree.opens < ends[:, None]) & (ends[:, None] < net.tree.closes))
    return pd.DataFrame({"point": net.points.find(rows["site"], rows["material"])[row], "node": node, "day": ends[row]})


def come_by_then(net: Network, rows: pd.DataFrame) -> Reals:
    """Return t of open orders that come in the node of each row (point, node, day) before its day."""
    order, _ = net.order_arrivals
    pairs = rows.assign(row=np.arange(len(rows))).merge(
        _ordered(net)
        .rename(columns={"day": "comes"})
        .assign(tonnes=net.case["open_orders"]["quantity"].to_numpy(float)[order]),
        on=CELL,
    )
    pairs = pairs[pairs["comes"] < pairs["day"]]
    return np.bincount(pairs["row"], pairs["tonnes"], len(rows)).astype(float)


def until_then(rows: pd.DataFrame, parts: pd.DataFrame) -> pd.DataFrame:
    """Pair rows (row, point, node, day) with parts at the same point and node: t per t that is done before the day."""
    pairs = rows.merge(parts, on=CELL)
    opens, closes, day = (pairs[name].to_numpy(float) for name in ("opens", "closes", "day"))
    pairs["tonnes"] *= np.clip((day - opens) / (closes - opens), 0.0, 1.0)
    return pairs[pairs["tonnes"] > 0]


def level(net: Network, rows: pd.DataFrame) -> Reals:
    """Return the t that are to be there in each row (point, node, day): safety stock, if the node before kept it."""
    point, node = (rows[name].to_numpy(np.int64) for name in CELL)
    if net.within != "safety":
        return np.zeros(len(rows))
    asked = safety_level(net, point, rows["day"].to_numpy(float))
    parent = net.tree.parent[node]
    return np.where((parent >= 0) & (net.tree.opens[parent] >= net.first_arrival[point]), asked, 0.0)
