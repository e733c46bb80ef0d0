"""The first day on which an order could arrive at a point, by trying every day on which it could leave."""

from __future__ import annotations

import math
from datetime import date, timedelta
from functools import cache, partial
from typing import TYPE_CHECKING

from .approval import can_be_approved
from .customs import maker_of
from .facts import capacity_on

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from .facts import Row
    from .network import Network, Point

Way = tuple[list["Point"], list["Point"], "Callable[[int], float]"]  # what it takes, what it gives, days if it leaves


def first_there(network: Network) -> dict[Point, float]:
    """Return, by point, the first day after the start on which anything could be there; missing = never."""
    days: dict[Point, float] = {}
    for row in network.tables["open_orders"]:
        point, day = (row["site"], row["material"]), (row["arrives"] - network.periods[0].start).days
        days[point] = min(days.get(point, math.inf), day)
    days |= {point: 0 for point, row in network.stocks.items() if row["opening"] > 0}
    return lowered(network, days)


def earliest_days(network: Network) -> dict[Point, float]:
    """Return, by point, the earliest day after the start on which an order could arrive; missing = never."""
    return lowered(network, {})


def lowered(network: Network, days: dict[Point, float]) -> dict[Point, float]:
    """Lower the first days of points to those on which an order could arrive."""
    first, after = network.periods[0].start, network.periods[-1].end
    length = (after - first).days
    ways = [*_bought(network), *_sent(network), *_made(network)]
    changed = True
    while changed:
        changed = False
        for taken, given, takes in ways:
            ready = max((days.get(point, math.inf) for point in taken), default=0.0)
            leaves = [ready, *range(math.floor(ready) + 1, length)] if ready < length else []
            arrives = min((day + takes(math.floor(day)) for day in leaves), default=math.inf)
            for point in given:
                if arrives < days.get(point, math.inf) - 1e-9:
                    days[point], changed = arrives, True
    return days


def _bought(network: Network) -> Iterator[Way]:
    for offer in network.tables["offers"]:
        for end, lane in network.ends(offer):
            yield [], [(end, offer["material"])], cache(partial(_order_days, network, offer, end, lane))


def _order_days(network: Network, offer: Row, end: str, lane: Row | None, day: int) -> float:
    on, ramps = _date(network, day), _ramps(network, "offer", offer)
    sold = (offer["start"] or on) <= on and (offer["end"] is None or on < offer["end"])
    shut = lane is not None and lane["capacity"] == 0
    approved = _approved(network, "offer", offer["offer"], on)
    if shut or not (sold and approved and _gives(on, offer["capacity"], ramps)):
        return math.inf
    lag = network.licence_lag(offer["site"], end, offer["material"], on, maker_of(network, offer))
    if network.shut("orders", offer["site"], on, supplier=offer["supplier"]):
        return math.inf
    return float(network.trip(on, network.lead(offer, on) + lag, offer, end, lane)[1])


def _sent(network: Network) -> Iterator[Way]:
    for origin, destination, material, lane in network.sends():
        ends = [(origin, material)], [(destination, material)]
        yield *ends, cache(partial(_send_days, network, material, lane))


def _send_days(network: Network, material: str, lane: Row, day: int) -> float:
    goods, on = {"site": lane["origin"], "supplier": "", "destination": ""}, _date(network, day)
    if lane["capacity"] == 0:
        return math.inf
    way = lane["origin"], lane["destination"], material
    lags = {network.licence_lag(*way, on, made) for made in network.made_at[lane["origin"], material]}
    return min((float(network.trip(on, lag, goods, way[1], lane)[1]) for lag in lags), default=math.inf)


def _made(network: Network) -> Iterator[Way]:
    for name, row in network.processes.items():
        taken, made = ([(row["site"], what) for what in side(name)] for side in (network.inputs, network.outputs))
        yield taken, made, cache(partial(_run_days, network, row))


def _run_days(network: Network, row: Row, day: int) -> float:
    on, line = _date(network, day), network.lines.get(row["line"])
    owners = [("process", row), *([("line", line)] if line else [])]
    gives = all(_gives(on, owner["capacity"], _ramps(network, kind, owner)) for kind, owner in owners)
    gives &= not network.shut("work", row["site"], on)
    return network.run_days(row, on) if gives and _approved(network, "process", row["process"], on) else math.inf


def _ramps(network: Network, kind: str, owner: Row) -> list[Row]:
    return [row for row in network.tables["ramps"] if row[kind] == owner[kind]]


def _date(network: Network, day: int) -> date:
    return network.periods[0].start + timedelta(days=day)


def _gives(day: date, capacity: float | None, ramps: list[Row]) -> bool:
    return (capacity is None and not ramps) or capacity_on(day, capacity, ramps) > 0


def _approved(network: Network, kind: str, code: str, day: date) -> bool:
    n = next(n for n, period in enumerate(network.periods) if period.start <= day < period.end)
    return can_be_approved(network, kind, code, n)
