"""Which part of an order, a shipment or a run can be used: what lands in time, less what it has to bring too much."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.replay.surplus import coming, covered
from sourcing.replay.use import arcs, factors, gaining

if TYPE_CHECKING:
    from sourcing.replay.facts import Facts
    from sourcing.replay.records import Point
    from sourcing.replay.surplus import Coming

    Part = tuple[str, tuple[object, ...], Point]


@dataclass(frozen=True)
class UsedParts:
    """What a tonne of a decision brings to a point, and how much of that can be used.

    ``used`` is t of use by kind ("buy", "ship", "make"), key and point. ``arriving`` is the most t by point that arrive
    per t of use; ``left`` the most t by point and period of arrival that stay unused per t of use.
    """

    used: dict[Part, float]
    arriving: dict[Point, float]
    left: dict[tuple[Point, int], float]

    def of(self, kind: str, key: tuple[object, ...], point: Point, whole: float = 1.0) -> float:
        """Return t of use at a point per t of a decision; ``whole`` where nothing of it lands in time."""
        return self.used.get((kind, key, point), whole)


def used_parts(facts: Facts) -> UsedParts:
    """Return the part of each decision that can be used where it lands."""
    here: dict[Point, list[Coming]] = defaultdict(list)
    for each in coming(facts):
        if each.parts:
            here[each.point].append(each)
    graph = arcs(facts)
    loops = gaining(facts.points.known, graph)
    used: dict[Part, float] = {}
    arriving: dict[Point, float] = defaultdict(lambda: 1.0)
    left: dict[tuple[Point, int], float] = defaultdict(float)
    for point, streams in here.items():
        spanned = {each.ends for each in streams if len(each.parts) > 1}
        rates = {} if point in loops or not spanned else covered(facts, factors(point, graph), spanned)
        for each in streams:
            total = sum(part for _, part in each.parts)
            unused = each.too_much(facts.calendar.last, rates)
            used[(*each.column, point)] = total - unused
            arriving[point] = max(arriving[point], total / (total - unused))
            for n, _ in each.parts:
                left[point, n] = max(left[point, n], unused / (total - unused))
    return UsedParts(used, arriving, left)
