"""The day on which an order can first have arrived at a point: safety stock is asked for from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle import closed
from oracle.network import Point, dated, recipe, way_of
from oracle.tables import INFINITE, Row, day, filled, number, span

if TYPE_CHECKING:
    from oracle.model import Model
    from oracle.network import Move


def first_there(model: Model, moves: list[Move]) -> dict[Point, float]:
    """Return the first day on which anything can be at a point: stock, open orders, orders, what comes of them."""
    known: dict[Point, float] = {}
    for row in model.case.rows("open_orders"):
        note(known, (row["site"], row["material"]), max(day(row["arrives"]), model.case.nodes[0][0]))
    for row in model.case.rows("stocks"):
        if number(row, "opening"):
            note(known, (row["site"], row["material"]), model.case.nodes[0][0])
    return first_arrivals(model, moves, known)


def first_arrivals(model: Model, moves: list[Move], known: dict[Point, float]) -> dict[Point, float]:
    """Return the earliest day of arrival by point; points that nothing reaches are left out."""
    ways = {move.way: move for move in moves}.values()
    for move in ways:
        if move.offer is not None:
            note(known, move.point, bought(model, move))
    changed = True
    while changed:
        changed = False
        for move in ways:
            if move.offer is None and (move.origin, move.material) in known:
                changed |= note(known, move.point, sent(model, move, known[move.origin, move.material]))
        for process in model.case.rows("processes"):
            changed |= made(model, known, process)
    return known


def note(known: dict[Point, float], point: Point, when: float) -> bool:
    """Keep a day if it is earlier than what is known."""
    if when < known.get(point, INFINITE):
        known[point] = when
        return True
    return False


def horizon(model: Model) -> range:
    return range(model.case.nodes[0][0], model.case.nodes[-1][1])


def bought(model: Model, move: Move) -> float:
    """Return the first arrival by one route, from the days on which its offer is open and has what it needs."""
    offer = move.offer or {}
    first, end = span(offer, "start", "end")
    return min(
        (
            ordinal + way_of(model.case, move, ordinal)[1]
            for ordinal in horizon(model)
            if first <= ordinal < end
            and dated(model.case, offer, "offer", offer["offer"], ordinal) > 0
            and closed.sold(model.case, offer, ordinal)
            and approved(model, "offer", offer["offer"], ordinal)
        ),
        default=INFINITE,
    )


def approved(model: Model, kind: str, code: str, ordinal: int) -> bool:
    """Whether an approval started on the first day could have been given by a day."""
    return all(
        ordinal >= model.case.nodes[0][0] + number(row, "days") or (filled(row, "from") and ordinal < day(row["from"]))
        for row in model.case.rows("qualifications")
        if row.get(kind, "") == code
    )


def sent(model: Model, move: Move, there: float) -> float:
    """Return the first arrival of what goes on by a lane."""
    days = [ordinal for ordinal in horizon(model) if ordinal >= there]
    return min((ordinal + way_of(model.case, move, ordinal)[1] for ordinal in days), default=INFINITE)


def made(model: Model, known: dict[Point, float], process: Row) -> bool:
    """Note the first day on which each output of a process can be there."""
    rows = recipe(model.case, process["process"])
    needs = [(process["site"], row["material"]) for row in rows if number(row, "quantity") < 0]
    ready = max((known.get(point, INFINITE) for point in needs), default=0.0)
    code = process["process"]
    runs = [
        ordinal
        for ordinal in horizon(model)
        if ordinal >= ready and runs_on(model, process, ordinal) and approved(model, "process", code, ordinal)
    ]
    changed = False
    for row in rows:
        if runs and number(row, "quantity") > 0:
            through = min(ordinal + closed.takes(model.case, process, ordinal) for ordinal in runs)
            changed |= note(known, (process["site"], row["material"]), through)
    return changed


def runs_on(model: Model, process: Row, ordinal: int) -> bool:
    """Whether a process, and the line it is on, have any capacity on a day."""
    line = model.case.by("lines", "line").get(process.get("line", ""))
    if not closed.works(model.case, process, ordinal):
        return False
    return dated(model.case, process, "process", process["process"], ordinal) > 0 and (
        line is None or dated(model.case, line, "line", line["line"], ordinal) > 0
    )


def run_days(model: Model, process: Row, there: dict[Point, float], n: int) -> list[int]:
    """Return the days of a node on which a process can run: with all inputs there, and outputs within the horizon."""
    needs = [
        (process["site"], row["material"])
        for row in recipe(model.case, process["process"])
        if number(row, "quantity") < 0
    ]
    ready = max((there.get(point, INFINITE) for point in needs), default=0.0)
    end, days = model.case.nodes[-1][1], range(*model.case.nodes[n])
    able = [ordinal for ordinal in days if ready < ordinal + 1 and runs_on(model, process, ordinal)]
    return [ordinal for ordinal in able if ordinal + 1 + closed.takes(model.case, process, ordinal) <= end]
