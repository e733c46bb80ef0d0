"""Days within periods of more than a month: on the eve of what comes next there is enough, counted day by day."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from oracle import closed
from oracle.network import recipe
from oracle.program import add, times
from oracle.safety import due_by, in_days
from oracle.tables import INFINITE, day, number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from oracle.model import Model
    from oracle.network import Move, Point
    from oracle.program import Terms

MONTH = 31
WEEK = 7


def worst_day(model: Model) -> None:
    """Add the rows of every point with demand, for every longer node in which anything is due there."""
    asks = model.case.question["horizon"].get("within", "nothing")
    if asks == "nothing":
        return
    for point, due in model.demand.items():
        coming = [comes(move) for move in model.moves if move.point == point]
        coming += [each for process in model.case.rows("processes") for each in made(model, process, point)]
        for n in model.nodes:
            first, end = model.case.nodes[n]
            if end - first > MONTH and due[n] > 0:
                for when in days(model, point, n, coming):
                    kept = safe(model, point, n, when) if asks == "safety" else 0.0
                    eve(model, point, n, (when, kept), coming)


Coming = tuple[int, list[tuple[float, float]]]
"""A column, and what comes of a tonne of it, each part evenly over one day: when it begins, and tonnes."""


def comes(move: Move) -> Coming:
    """Return what comes of what is ordered or sent."""
    return move.column, [(when, 1 / len(move.days)) for when in move.comes]


def made(model: Model, process: dict[str, str], point: Point) -> Iterator[Coming]:
    """Yield what comes to a point of the runs of a process."""
    code = process["process"]
    gives = sum(max(0.0, number(row, "quantity")) for row in recipe(model.case, code) if row["material"] == point[1])
    if process["site"] == point[0] and gives:
        for (name, n), column in model.make.items():
            on = model.running[name, n] if name == code else []
            through = [ordinal + closed.takes(model.case, process, ordinal) for ordinal in on]
            yield column, [(when, gives / len(on)) for when in through]


def days(model: Model, point: Point, n: int, coming: list[Coming]) -> list[float]:
    """Return the days of a node that are looked at: of those in seven days from its first the last."""
    first, end = model.case.nodes[n]
    found = {when for _, parts in coming for when in begins(parts)}
    found |= {day(row["arrives"]) for row in orders(model, point)}
    found |= {each.end for each in model.case.due if (each.row["site"], each.row["material"]) == point}
    last: dict[int, float] = {}
    for when in sorted(found):
        if first < when < end:
            last[int(when - first) // WEEK] = when
    return sorted(last.values())


def begins(parts: list[tuple[float, float]]) -> Iterator[float]:
    """Yield the moments from which more comes of a column than did right before them."""
    more: Counter[float] = Counter()
    for when, tonnes in parts:
        more[when] += tonnes
        more[when + 1] -= tonnes
    yield from (when for when, tonnes in more.items() if tonnes > 1e-9 * parts[0][1])


def orders(model: Model, point: Point) -> list[dict[str, str]]:
    return [row for row in model.case.rows("open_orders") if (row["site"], row["material"]) == point]


def safe(model: Model, point: Point, n: int, when: float) -> float:
    """Return the safety stock on the eve of a day: all of it where the node before had to end with it, else none."""
    if not n or model.case.nodes[n - 1][0] < model.first.get(point, INFINITE):
        return 0.0
    rows = model.stocks(point)
    return max((max(number(row, "safety"), in_days(model, row, when)) for row in rows), default=0.0)


def eve(model: Model, point: Point, n: int, on: tuple[float, float], coming: list[Coming]) -> None:
    """Add one row: what has come by the end of the day before is enough for what has gone, and for what is kept."""
    (when, kept), first = on, model.case.nodes[n][0]
    given = sum(number(row, "quantity") for row in orders(model, point) if first <= day(row["arrives"]) < when)
    there: Terms = {} if n == 0 else {model.hold[point, n - 1]: 1.0}
    given += model.opening(point) if n == 0 else 0.0
    if (point, n) in model.short:
        there[model.short[point, n]] = 1.0
    brought: Counter[int] = Counter()
    for column, parts in coming:
        brought[column] += sum(tonnes * share(since, first, when) for since, tonnes in parts)
    gone = times(goes(model, point, n, when), -1.0)
    due = due_by(model, point, when) - due_by(model, point, first)
    model.program.row(f"worst {point} {n} {when}", add(there, dict(brought), gone), least=kept + due - given)


def share(since: float, first: float, end: float) -> float:
    """Return the part of what comes evenly over one day that does so from a day on and before another."""
    return max(0.0, min(since + 1, end) - max(since, first))


def goes(model: Model, point: Point, n: int, when: float) -> Terms:
    """Return what lanes and processes take from a point in a node before a day, evenly over their own days."""
    spans = {move.column: list(move.days) for move in model.moves}
    spans |= {column: model.running[key] for key, column in model.make.items()}
    first = model.case.nodes[n][0]
    return {
        column: tonnes * sum(share(on, first, when) for on in spans[column]) / len(spans[column])
        for column, tonnes in model.takes.get((point, n), {}).items()
    }
