"""Flows of lots: what comes of each to every point, and what goes, as a plan decides."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sourcing.replay.custody import Custody, custody
from sourcing.replay.origins import Source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sourcing.replay.facts import Facts
    from sourcing.replay.plan import Replay
    from sourcing.replay.records import Point

    Key = tuple[str, str, str, int]


def _zero() -> dict[Key, float]:
    return defaultdict(float)


@dataclass
class Flows:
    """Tonnes by (site, material, lot, node) that come and that go, and the sizes of all of them together."""

    coming: dict[Key, float] = field(default_factory=_zero)
    going: dict[Key, float] = field(default_factory=_zero)
    size: dict[Key, float] = field(default_factory=_zero)

    def bring(self, point: Point, lot: str, n: int, tonnes: float) -> None:
        """Let some of a lot come to a point."""
        self.coming[(*point, lot, n)] += tonnes
        self.size[(*point, lot, n)] += abs(tonnes)

    def take(self, point: Point, lot: str, n: int, tonnes: float) -> None:
        """Let some of a lot go."""
        self.going[(*point, lot, n)] += tonnes
        self.size[(*point, lot, n)] += abs(tonnes)


def flows(facts: Facts, plan: Replay) -> Flows:
    """Return what comes and goes of every lot where goods are mixed, for ``plan.once``."""
    found, known = Flows(), facts.once(custody)
    _enter(facts, plan, known, found)
    _send(facts, plan, known, found)
    _work_up(facts, plan, known, found)
    for name in ("hold_of", "dispose_of", "use_of"):
        for (site, what, lot, n), tonnes in plan.decided.get(name, {}).items():
            found.take((site, what), lot, n, tonnes)
            if name == "hold_of" and n < facts.calendar.last:
                found.bring((site, what), lot, n + 1, tonnes)
    return found


def _enter(facts: Facts, plan: Replay, known: Custody, found: Flows) -> None:
    """Let come what is bought, what was ordered before, and what is there at the start."""
    for (offer, destination, mode, m), tonnes in plan.buy.items():
        material = facts.records.offers[offer].material
        point = destination, material
        lot = known.words(known.entering(Source("offer", offer, material, destination), point))
        for n, share in facts.orders[offer, destination, mode][m].parts:
            found.bring(point, lot, n, tonnes * share)
    for order in facts.records.open_orders:
        arrives, point = facts.calendar.holding(order.arrives), (order.site, order.material)
        if arrives is not None:
            found.bring(point, known.words(known.before(order.offer, point)), arrives, order.quantity)
    for point, stock in facts.records.stocks.items():
        found.bring(point, known.words(known.before(stock.offer, point)), facts.calendar.nodes[0], stock.opening)


Moves = dict[tuple[object, ...], dict[int, float]]


def _by_key(decided: Mapping[Any, float]) -> Moves:
    """Return decisions by all of their key but the node."""
    found: Moves = defaultdict(dict)
    for (*key, n), value in decided.items():
        found[tuple(key)][n] = value
    return found


def _parts(several: Moves, key: tuple[str, ...], lots: Sequence[str], whole: Moves) -> Iterator[tuple[str, int, float]]:
    """Yield what is of each lot, by node, of what is sent or done: all of it where there is one lot."""
    for lot in lots:
        own = whole.get(key, {}) if len(lots) == 1 else several.get((*key, lot), {})
        yield from ((lot, n, tonnes) for n, tonnes in own.items())


def _send(facts: Facts, plan: Replay, known: Custody, found: Flows) -> None:
    """Let lots go and come by own shipments."""
    several, whole = _by_key(plan.decided.get("ship_of", {})), _by_key(plan.ship)
    for ship in facts.ships:
        origin, destination, what, _ = ship
        lots = known.sending(ship)
        for words, m, tonnes in _parts(several, ship, list(lots), whole):
            found.take((origin, what), words, m, tonnes)
            there = known.words(known.fit(lots[words], (destination, what)))
            for n, share in facts.shipped(ship, m).parts:
                found.bring((destination, what), there, n, tonnes * share)


def _work_up(facts: Facts, plan: Replay, known: Custody, found: Flows) -> None:
    """Let processes take in lots, and give what becomes of them."""
    several, whole = _by_key(plan.decided.get("make_of", {})), _by_key(plan.make)
    for code, process in facts.records.processes.items():
        runs = {run.lot: run for run in known.runs(code)}
        intake, output = facts.records.intake(code), facts.records.output(code)
        for words, m, tonnes in _parts(several, (code,), list(runs), whole):
            for what, lot in runs[words].taken.items():
                found.take((process.site, what), known.words(lot), m, tonnes * intake[what])
            for what, lot in runs[words].given.items():
                for n, share in facts.run(code, m).parts:
                    found.bring((process.site, what), known.words(lot), n, tonnes * output[what] * share)
