"""Safety and closing stock: all of it once an order can have arrived, and before as much as is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle.network import recipe
from oracle.tables import INFINITE, Row, filled, number

if TYPE_CHECKING:
    from oracle.model import Model
    from oracle.network import Point
    from oracle.program import Terms


def kept_safe(model: Model, row: Row, n: int) -> float:
    """Return the safety stock at the end of a node: all of it once an order can have arrived before the node begins.

    Before, as much of it as opening stock and open orders leave after the demand up to the first arrival.
    """
    point = row["site"], row["material"]
    first, end = model.case.nodes[n]
    safety = max(number(row, "safety"), in_days(model, row, end))
    arrival = model.first.get(point, INFINITE)
    if first >= arrival:
        return safety
    there = model.opening(point) + sum(model.coming(point)[: n + 1])
    return min(safety, max(0.0, there - due_by(model, point, min(end, arrival))))


def in_days(model: Model, row: Row, when: float) -> float:
    """Return what is due in the days that safety stock lasts for, from a day on, each at the rate of its node.

    After the horizon at the rate of the last node.
    """
    until, total = when + number(row, "safety_days"), 0.0
    for n, (first, end) in enumerate(model.case.nodes):
        due = model.demand.get((row["site"], row["material"]), [0.0 for _ in model.nodes])[n]
        last = until if n == model.nodes[-1] else min(end, until)
        total += due * max(0.0, last - max(first, when)) / (end - first)
    return total


def lying(model: Model, point: Point, n: int) -> float:
    """Return what lies at a point at the end of a node though nothing is ordered, and can only be used there."""
    case = model.case
    taken = {
        (process["site"], row["material"])
        for process in case.rows("processes")
        for row in recipe(case, process["process"])
        if number(row, "quantity") < 0
    }
    leaves = any((move.origin, move.material) == point for move in model.ships())
    if leaves or point in taken or any(filled(row, "disposal_cost") for row in model.stocks(point)):
        return 0.0
    lies, due = model.opening(point), model.demand.get(point, [0.0 for _ in model.nodes])
    for m in model.nodes[: n + 1]:
        lies = max(0.0, lies + model.coming(point)[m] - due[m])
    return lies


def due_by(model: Model, point: Point, until: float) -> float:
    """Return the demand at a point from the start up to a day."""
    total = 0.0
    for each in model.case.due:
        if (each.row["site"], each.row["material"]) == point:
            days = min(each.end, until) - max(each.first, model.case.nodes[0][0])
            total += each.tonnes * max(0.0, days) / (each.end - each.first)
    return total


def taken_before(model: Model, point: Point, n: int) -> Terms:
    """Return what lanes and processes take from a point before the day of the first arrival, up to a node."""
    taken: Terms = {}
    arrival = model.first.get(point, INFINITE)
    for m in range(n + 1):
        first, end = model.case.nodes[m]
        part = max(0.0, min(end, arrival) - first) / (end - first)
        for column, tonnes in model.takes.get((point, m), {}).items():
            taken[column] = taken.get(column, 0.0) + part * tonnes
    return taken


def closing(model: Model, row: Row) -> float:
    """Return the stock asked for at the end: what is filled in, else safety stock if an order can arrive by then."""
    if filled(row, "closing"):
        return number(row, "closing")
    arrives = model.first.get((row["site"], row["material"]), INFINITE) < model.case.nodes[-1][1]
    return number(row, "safety") if arrives else 0.0
