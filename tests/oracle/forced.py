"""What rules may bring to a point for another reason than use: lots, numbers, conditions, contracts, awards, frozen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from oracle.contracts import windows as contract_windows
from oracle.limits import windows as limit_windows
from oracle.members import contained
from oracle.network import recipe
from oracle.stability import frozen
from oracle.tables import Row, calendar_span, counts_use, filled, number
from oracle.whole import lane_code

if TYPE_CHECKING:
    from oracle.model import Model
    from oracle.network import Point


def may_bring(model: Model, point: Point) -> float:
    """Return M: all of it together."""
    return (
        lots(model, point)
        + numbers(model, point)
        + conditions(model, point)
        + contracts(model, point)
        + awards(model, point)
        + sum(frozen(model, move) for move in model.buys() if move.point == point)
    )


def bought_here(model: Model, offer: str, point: Point) -> bool:
    """Whether a route of an offer leads to a point."""
    return any(move.point == point and move.offer and move.offer["offer"] == offer for move in model.moves)


def one_lot(offer: Row) -> float:
    """Return the smallest order of an offer: its least lot, rounded up to whole multiples."""
    least, multiple = number(offer, "min_lot"), number(offer, "lot_multiple")
    return max(1, math.ceil(round(least / multiple, 9))) * multiple if multiple else least


def lots(model: Model, point: Point) -> float:
    """Return one lot of each owner that brings material to a point or, being a process, takes it there."""
    case = model.case
    owners: dict[tuple[str, str], float] = {}
    for move in model.moves:
        if move.point != point:
            continue
        if move.offer is not None:
            each = "" if move.offer.get("lot_of", "") == "period" else lane_code(move.lane or {})
            owners["offer", f"{move.offer['offer']} {each}"] = one_lot(move.offer)
        if move.lane is not None:
            owners["lane", repr(sorted(move.lane.items()))] = number(move.lane, "min_lot")
            service = case.by("services", "service").get(move.lane.get("service", ""))
            if service:
                owners["service", service["service"]] = number(service, "min_lot")
    total = sum(owners.values())
    for process in case.rows("processes"):
        each = sum(
            abs(number(row, "quantity"))
            for row in recipe(case, process["process"])
            if (process["site"], row["material"]) == point
        )
        line = case.by("lines", "line").get(process.get("line", ""), {})
        total += each * (number(process, "min_run") + number(line, "min_run"))
    return total


def numbers(model: Model, point: Point) -> float:
    """Return what counts of each member that a minimum asks for, in every window."""
    total = 0.0
    for row in model.case.rows("limits"):
        if row["measure"] not in ("suppliers", "destinations") or row.get("sense") != "min":
            continue
        if counts_use(row):
            continue
        if row.get("site", "") in ("", point[0]):
            part = contained(model, row, point[1])
            stretch = sum(1 / min(parts.values()) for parts in limit_windows(model, row))
            counts = number(row, "at_least") * number(row, "value") * stretch
            total += counts / part if part else 0.0
    return total


def conditions(model: Model, point: Point) -> float:
    """Return what conditions ask for, in every period or once."""
    total = 0.0
    for row in model.case.rows("conditions"):
        tail = model.case.reported < len(model.nodes)  # asked for once in the horizon, and once after it
        times = 1 + tail if row.get("per") == "horizon" else len(model.nodes)
        if row["kind"] == "offer":
            then = model.case.by("offers", "offer")[row["then"]]
            total += asked(row, then, "min_lot") * times * bought_here(model, row["then"], point)
            continue
        then = model.case.by("processes", "process")[row["then"]]
        for line in recipe(model.case, row["then"]):
            here = (then["site"], line["material"]) == point
            total += asked(row, then, "min_run") * times * abs(number(line, "quantity")) * here
    return total


def asked(row: Row, then: Row, least: str) -> float:
    """Return what a condition asks for: what it says, or the least of what it names."""
    return number(row, "at_least", number(then, least))


def contracts(model: Model, point: Point) -> float:
    """Return the minimum of every contract that has to be taken."""
    return sum(
        number(row, "minimum") * sum(part for _, part in contract_windows(model, row))
        for row in model.case.rows("contracts")
        if not filled(row, "take_or_pay") and bought_here(model, row["offer"], point)
    )


def awards(model: Model, point: Point) -> float:
    """Return what is awarded as tonnes, of the days within the horizon."""
    total = 0.0
    for row in model.case.rows("awards"):
        first, end = calendar_span(row["period"])
        inside = max(0, min(end, model.case.nodes[-1][1]) - max(first, model.case.nodes[0][0])) / (end - first)
        here = row.get("site", "") in ("", point[0]) and bought_here(model, row["offer"], point)
        total += number(row, "quantity") * inside * here
    return total
