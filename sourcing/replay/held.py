"""Beginning inventory under limits that count stock, replayed: what is there when a window begins is anybody's."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.measures import what_counts
from sourcing.replay import Replay
from sourcing.replay.limits import RANKS, Counted, amount_in, members, present_in, rank, tallied, weight, windows
from sourcing.replay.origins import UNKNOWN, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts
    from sourcing.replay.limits import Window
    from sourcing.replay.records import Limit, Point


def counts_stock(limit: Limit) -> bool:
    """Say whether a limit counts what arrives, and what lies at the start of a window as if it were anybody's."""
    return what_counts(limit.measure, limit.counts) == "stock"


def held_rows(facts: Facts, limit: Limit, plan: Replay) -> Iterator[Counted]:
    """Yield every row of a limit on shares that counts stock: it is everybody's under a maximum, else nobody's."""
    amounts = plan.once(facts, tallied).of(facts, limit)
    possible = Replay.everything(facts).once(facts, tallied).of(facts, limit)
    most = limit.sense == "max"
    named = facts.records.groups.get(limit.member, frozenset({limit.member} - {""}))
    anybody = {*possible, *named, UNKNOWN}
    for window in windows(facts.calendar, limit):
        lies = lying(facts, limit, plan, window)
        total = amount_in(window, amounts, amounts) + lies
        there = anybody if most and _could_lie(facts, limit, window) else present_in(window, possible)
        for name, of in members(facts, limit, there):
            counted = amount_in(window, amounts, of) + (lies if most else 0.0)
            yield Counted(limit, name, window, counted, total, limit.site, "share")


def lying(facts: Facts, limit: Limit, plan: Replay, window: Window) -> float:
    """Return what a limit counts of what lies when a window begins, and of what comes in it that was sent before."""
    first = window.nodes[0]
    total = sum(worth(facts, limit, point) * _at_start(facts, plan, point, first) for point in _points(facts))
    for (origin, destination, what, mode, m), tonnes in plan.ship.items():
        if m < first:
            parts = facts.shipped((origin, destination, what, mode), m).parts
            came = sum(share for n, share in parts if n in window.nodes)
            total += worth(facts, limit, (destination, what)) * tonnes * came
    for (code, m), tonnes in plan.make.items():
        site = facts.records.processes[code].site
        came = sum(share for n, share in facts.run(code, m).parts if n in window.nodes) if m < first else 0.0
        for what, quantity in facts.records.output(code).items() if came else ():
            if weight(facts, limit, Source("process", code, what, site)) is None:
                total += worth(facts, limit, (site, what)) * quantity * tonnes * came
    return total


def worth(facts: Facts, limit: Limit, point: Point) -> float:
    """Return what a limit counts of a t that lies at a point."""
    site, what = point
    if limit.material not in ("", what) or limit.site not in ("", site):
        return 0.0
    if limit.stage and rank(facts, what) < RANKS[limit.stage]:
        return 0.0
    content = facts.records.contents.get((what, limit.element), 0.0) if limit.element else 1.0
    if content and limit.counted_in == "value":
        return facts.records.materials[what].value
    return content if limit.counted_in in ("", "element") else float(content > 0)


def _points(facts: Facts) -> list[Point]:
    return sorted(facts.points.known)


def _at_start(facts: Facts, plan: Replay, point: Point, first: int) -> float:
    """Return the t in stock at a point when a period begins."""
    if first > facts.calendar.nodes[0]:
        return plan.hold.get((*point, first - 1), 0.0)
    stock = facts.records.stocks.get(point)
    return 0.0 if stock is None else stock.opening


def _could_lie(facts: Facts, limit: Limit, window: Window) -> bool:
    """Say whether anything that a limit counts could lie anywhere when a window begins."""
    points = [point for point in _points(facts) if worth(facts, limit, point) > 0]
    if window.nodes[0] > facts.calendar.nodes[0]:
        return bool(points)
    return any(_at_start(facts, Replay(), point, window.nodes[0]) > 0 for point in points)
