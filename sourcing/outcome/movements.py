"""Plan tables of what moves: purchases, shipments, conversions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.outcome.customs import sent_by_lot
from sourcing.outcome.values import dates

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.windows import Windows
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
    frame = pd.DataFrame({"offer": routes["offer"], "supplier": offers["supplier"], "site": offers["site"]})
    frame["country"] = net.route_crossings.origin[code]
    frame = frame.assign(material=routes["material"], destination=routes["destination"], mode=routes["mode"])
    frame["node"], frame["period"] = node, values.periods(node)
    _write_dates(frame, net.route_days, ("order", ""), (code, node))
    _write_dates(frame, net.route_days, ("arrives", "lead"), (code, node))
    frame["tonnes"] = tonnes
    frame["late_tonnes"] = tonnes * _late(net.route_days, code, node)
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
    frame["licence_days"] = _licence_days(net, code, node)
    _write_dates(frame, net.ship_days, ("departs", "wait"), (code, node))
    _write_dates(frame, net.ship_days, ("arrives", "lead"), (code, node))
    tonnes, column = values.of(block)[used], block.ids[used]
    frame["tonnes"] = tonnes
    frame["late_tonnes"] = tonnes * _late(net.ship_days, code, node)
    frame["freight"] = values.per_column("cost.freight")[column]
    frame["duty"] = _duty(values, code, node)
    return frame


def _licence_days(net: Network, code: Ints, node: Ints) -> Reals:
    """Return the days that a licence adds to what each (ship, node) releases on its first day."""
    first, _ = net.ship_days.dates(code, node)
    lags, sent = net.licensing.lags, pd.DataFrame({"entity": code, "day": first})
    pairs = sent.reset_index().merge(lags, on="entity")
    here = pairs[(pairs["opens"] <= pairs["day"]) & (pairs["day"] < pairs["closes"])]
    days: Reals = here.set_index("index")["wait"].reindex(sent.index).to_numpy(float)
    return days


def _duty(values: Values, code: Ints, node: Ints) -> Reals:
    """Return what is due on each (ship, node), all lots together."""
    lots, found = sent_by_lot(values), np.zeros((len(values.network.ships), len(values.network.tree)))
    np.add.at(found, (lots["ship"].to_numpy(), lots["node"].to_numpy()), lots["duty"].to_numpy())
    due: Reals = found[code, node]
    return due


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
    frame["late_tonnes"] = tonnes * _late(values.network.run_days, code, node)
    frame["conversion"] = mine["cost"].to_numpy(float) * tonnes
    return frame


def _write_dates(frame: pd.DataFrame, windows: Windows, event: tuple[str, str], cells: tuple[Ints, Ints]) -> None:
    """Write the first and the last day of an event: its name, and the days after the decision that it comes."""
    (name, after), start = event, windows.tree.start[0]
    for side, days in zip(("from", "until"), windows.dates(*cells, after), strict=True):
        frame[f"{name}_{side}"] = dates(start + days.astype("timedelta64[D]"))


def _late(windows: Windows, code: Ints, node: Ints) -> Reals:
    """Return the share of each order that arrives after the horizon, be it in the tail."""
    arrivals = windows.arrivals(code, node)
    late = arrivals.late | ~windows.tree.reported[arrivals.node]
    share: Reals = np.zeros(len(node))
    np.add.at(share, arrivals.order[late], arrivals.share[late])
    return share
