"""Which part of an order, a shipment or a run can be used: what lands in time, less what it has to bring too much."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.replay.plan import Replay
from sourcing.replay.surplus import covered_there, scaled, shapes, too_much

if TYPE_CHECKING:
    from sourcing.replay.facts import Facts
    from sourcing.replay.points import RouteKey, ShipKey
    from sourcing.replay.records import Point
    from sourcing.replay.surplus import Parts


@dataclass(frozen=True)
class UsedParts:
    """What a tonne of a decision brings to a point, and how much of that can be used.

    ``used`` is t of use by point and by what comes there in each period. ``arriving`` is the most t by point that
    arrive per t of use; ``left`` the most t by point and period of arrival that stay unused per t of use.
    """

    used: dict[tuple[Point, Parts], float]
    arriving: dict[Point, float]
    left: dict[tuple[Point, int], float]

    def order(self, facts: Facts, key: RouteKey, n: int) -> float:
        """Return t of use per t of an order by a route; 1 where nothing of it lands in time, or can be ordered."""
        if n not in facts.buying[key]:
            return 1.0
        return self.used.get(((key[1], facts.routes[key].material), facts.orders[key][n].parts), 1.0)

    def shipment(self, facts: Facts, ship: ShipKey, n: int) -> float:
        """Return t of use per t of an own shipment; 1 where nothing of it can be sent."""
        return self.used.get(((ship[1], ship[2]), facts.shipped(ship, n).parts), 1.0)

    def run(self, facts: Facts, process: str, n: int, made: tuple[str, float]) -> float:
        """Return t of use of an output per t of activity: the whole quantity where nothing can be run."""
        what, quantity = made
        if (process, n) not in Replay.everything(facts).make:
            return quantity
        point = (facts.records.processes[process].site, what)
        return self.used.get((point, scaled(facts.run(process, n).parts, quantity)), quantity)


def used_parts(facts: Facts) -> UsedParts:
    """Return the part of each decision that can be used where it lands."""
    used: dict[tuple[Point, Parts], float] = {}
    arriving: dict[Point, float] = defaultdict(lambda: 1.0)
    left: dict[tuple[Point, int], float] = defaultdict(float)
    for point, found in shapes(facts).items():
        rates = covered_there(facts).get(point, {})
        for parts in found:
            total = sum(part for _, part in parts)
            unused = too_much(parts, facts.calendar.last, rates)
            used[point, parts] = total - unused
            arriving[point] = max(arriving[point], total / (total - unused))
            for n, _ in parts:
                left[point, n] = max(left[point, n], unused / (total - unused))
    return UsedParts(used, arriving, left)
