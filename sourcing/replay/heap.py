"""Mass balance of origins, replayed: whose the goods at a point are, if all that lies there is one heap."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.replay.origins import Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.replay.facts import Facts
    from sourcing.replay.looks import Looks, Whose
    from sourcing.replay.plan import Replay
    from sourcing.replay.records import Point

Heap = dict[str, float]
"""Whose a tonne of a heap is, in parts."""
ROUNDS, NEAR = 500, 1e-13
"""How often heaps of one period are mixed with each other, and by how little they change at the end."""


class Heaps:
    """The heaps of a plan, to one look: what comes to each point where goods hold what it counts, and from where."""

    def __init__(self, facts: Facts, plan: Replay, looks: Looks, at: int) -> None:
        self._facts, self._plan, self._looks, self._at = facts, plan, looks, at
        self._holding = {what for what in facts.records.materials if looks.content(at, what) > 0}
        self._points = [point for point in facts.points.known if point[1] in self._holding]
        self._told: dict[tuple[str, Point], Whose] = {}
        self.known: dict[tuple[str, str, int], Heap] = {}
        self._own: dict[tuple[str, str, int], list[tuple[float, Whose]]] = defaultdict(list)
        self._from: dict[tuple[str, str, int], list[tuple[float, tuple[str, str, int]]]] = defaultdict(list)
        self._enter()
        self._send()
        self._work_up()
        for n in facts.calendar.nodes:
            self._mix(n)

    def _enter(self) -> None:
        facts, first = self._facts, self._facts.calendar.nodes[0]
        for (offer, destination, mode, m), tonnes in self._plan.buy.items():
            what = facts.records.offers[offer].material
            if tonnes and what in self._holding:
                whose = self._whose(offer, (destination, what))
                for n, share in facts.orders[offer, destination, mode][m].parts:
                    self._comes((destination, what, n), tonnes * share, whose)
        for order in facts.records.open_orders:
            arrives, point = facts.calendar.holding(order.arrives), (order.site, order.material)
            if arrives is not None:
                self._comes((*point, arrives), order.quantity, self._whose(order.offer, point))
        for point, stock in facts.records.stocks.items():
            self._comes((*point, first), stock.opening, self._whose(stock.offer, point))

    def _whose(self, offer: str, point: Point) -> Whose:
        if (offer, point) not in self._told:
            source = Source("offer", offer, point[1], point[0]) if offer else None
            self._told[offer, point] = self._looks.whose(self._at, source)
        return self._told[offer, point]

    def _comes(self, key: tuple[str, str, int], tonnes: float, whose: Whose) -> None:
        self._own[key].append((tonnes, whose))

    def _send(self) -> None:
        for (origin, destination, what, mode, m), tonnes in self._plan.ship.items():
            if what not in self._holding:
                continue
            for n, share in self._facts.shipped((origin, destination, what, mode), m).parts:
                self._from[destination, what, n].append((tonnes * share, (origin, what, m)))

    def _work_up(self) -> None:
        """Let each input bring its part of every output; what has not come to the stage is the process's own."""
        records, looks = self._facts.records, self._looks
        for (code, m), tonnes in self._plan.make.items():
            site = records.processes[code].site
            brings = {what: q * looks.content(self._at, what) for what, q in records.intake(code).items()}
            mass = sum(brings.values())
            for what, quantity in records.output(code).items() if tonnes else ():
                own = looks.whose(self._at, Source("process", code, what, site))
                for n, share in self._facts.run(code, m).parts:
                    given = tonnes * quantity * share
                    self._give(
                        (site, what, n), given, own, {(site, of, m): b / mass for of, b in brings.items() if mass}
                    )

    def _give(
        self, key: tuple[str, str, int], tonnes: float, own: Whose, brings: Mapping[tuple[str, str, int], float]
    ) -> None:
        if not brings:
            self._comes(key, tonnes, own)
        for taken, part in brings.items():
            if part > 0 and self._looks.reached(self._at, taken[1]):
                self._from[key].append((tonnes * part, taken))
            else:
                self._comes(key, tonnes * part, own)

    def _mix(self, n: int) -> None:
        """Mix the heaps of a period, some of which come of each other, until they stay as they are."""
        for _ in range(ROUNDS):
            found = {(*point, n): self._heap((*point, n)) for point in self._points}
            change = max((_apart(heap, self.known.get(key, {})) for key, heap in found.items()), default=0.0)
            self.known |= found
            if change <= NEAR:
                return

    def _heap(self, key: tuple[str, str, int]) -> Heap:
        *point, n = key
        before = (point[0], point[1], n - 1)
        kept = self._plan.hold.get(before, 0.0) if n else 0.0
        parts = [(kept, tuple(self.known.get(before, {}).items())), *self._own.get(key, ())]
        parts += [(tonnes, tuple(self.known.get(of, {}).items())) for tonnes, of in self._from.get(key, ())]
        total, heap = sum(tonnes for tonnes, _ in parts), defaultdict[str, float](float)
        for tonnes, whose in parts:
            for name, part in whose:
                heap[name] += tonnes * part
        return {name: tonnes / total for name, tonnes in heap.items()} if total > 0 else {}


def _apart(one: Heap, other: Heap) -> float:
    return max((abs(one.get(name, 0.0) - other.get(name, 0.0)) for name in {*one, *other}), default=0.0)
