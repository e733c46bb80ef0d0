"""Plan tables of what moves: purchases, shipments, conversions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.calendar import DAY
from sourcing.outcome.values import dates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.outcome.values import Values

    Reals = NDArray[np.float64]
    Ints = NDArray[np.int64]


def purchases(values: Values) -> pd.DataFrame:
    """Return one row per route and period in which something is ordered, with dates and undiscounted money."""
    net = values.network
    block, used = values.used("buy")
    code, node = block.code[used], block.node[used]
    routes = net.routes.iloc[code].reset_index(drop=True)
    offers = net.case["offers"].iloc[routes["code"]].reset_index(drop=True)
    tonnes, column = values.of(block)[used], block.ids[used]
    lead = net.route_lead[code, node]
    frame = pd.DataFrame({"offer": routes["offer"], "supplier": offers["supplier"], "site": offers["site"]})
    frame["country"] = net.route_crossings.origin[code]
    frame = frame.assign(material=routes["material"], destination=routes["destination"], mode=routes["mode"])
    frame["node"], frame["period"] = node, values.periods(node)
    _window(frame, values, "order", node, np.zeros(len(node)))
    _window(frame, values, "arrives", node, lead)
    frame["tonnes"] = tonnes
    frame["late_tonnes"] = tonnes * _late(values, node, lead)
    frame["purchase"] = offers["price"].to_numpy(float) * tonnes
    for head in ("freight", "duty"):
        frame[head] = values.per_column(f"cost.{head}")[column]
    return frame


def shipments(values: Values) -> pd.DataFrame:
    """Return one row per lane, material and period on which own goods are sent."""
    net = values.network
    block, used = values.used("ship")
    code, node = block.code[used], block.node[used]
    frame = block.entities.iloc[code].reset_index(drop=True)
    frame["node"], frame["period"] = node, values.periods(node)
    _window(frame, values, "departs", node, net.ship_departure[code, node])
    _window(frame, values, "arrives", node, net.ship_lead[code, node])
    tonnes, column = values.of(block)[used], block.ids[used]
    frame["tonnes"] = tonnes
    frame["late_tonnes"] = tonnes * _late(values, node, net.ship_lead[code, node])
    for head in ("freight", "duty"):
        frame[head] = values.per_column(f"cost.{head}")[column]
    return frame


def conversions(values: Values) -> pd.DataFrame:
    """Return one row per process and period in which it runs."""
    processes = values.network.case["processes"]
    block, used = values.used("make")
    code, node = block.code[used], block.node[used]
    mine = processes.iloc[code].reset_index(drop=True)
    tonnes = values.of(block)[used]
    frame = pd.DataFrame({"process": mine["process"], "site": mine["site"], "node": node})
    frame["period"] = values.periods(node)
    frame["tonnes"] = tonnes
    frame["late_tonnes"] = tonnes * _late(values, node, mine["days"].to_numpy(float))
    frame["conversion"] = mine["cost"].to_numpy(float) * tonnes
    return frame


def _window(frame: pd.DataFrame, values: Values, name: str, node: Ints, lead: Reals) -> None:
    """Write the first and last day of a movement, ``lead`` days after the period's own; part days count as whole."""
    tree, days = values.network.tree, np.ceil(lead).astype("timedelta64[D]")
    frame[f"{name}_from"] = dates(tree.start[node] + days)
    frame[f"{name}_until"] = dates(tree.end[node] - DAY + days)


def _late(values: Values, node: Ints, lead: Reals) -> Reals:
    """Return the share of each order that arrives after the horizon."""
    arrivals = values.network.tree.arrivals(node, lead)
    late = arrivals.late
    share: Reals = np.zeros(len(node))
    np.add.at(share, arrivals.order[late], arrivals.share[late])
    return share
