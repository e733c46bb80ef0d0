"""Timing, checked: what lands from a day of its period on serves no demand of the days before."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from sourcing.replay import Replay, words
from sourcing.replay.kept import due_until
from sourcing.replay.lead import DUST
from sourcing.replay.movements import movements
from sourcing.replay.rows import Residual

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sourcing.replay import Facts
    from sourcing.replay.lead import Passage


class Landing(NamedTuple):
    """Of a decision what lands in its own period: its key, where, in which period, on which day first, t per t."""

    kind: str
    key: tuple[Any, ...]
    point: tuple[str, str]
    n: int
    first: int
    made: float
    share: float


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "early" (site, material, landing, node), in t, for each day on which something first lands."""
    landed: dict[tuple[tuple[str, str], int], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    decided: dict[str, Mapping[tuple[Any, ...], float]] = {"buy": plan.buy, "ship": plan.ship, "make": plan.make}
    for kind, key, point, n, first, made, share in facts.once(_landings):
        landed[point, n][first] += share * (made * decided[kind].get(key, 0.0))
    moved, start = movements(facts, plan), facts.calendar.starts[0]
    for (point, n), by_day in sorted(landed.items()):
        key, since = (*point, n), (facts.calendar.starts[n] - start).days
        gone = plan.hold.get(key, 0.0) + plan.disposed.get(key, 0.0) + moved.shipped_out[key] + moved.used[key]
        for day in sorted(by_day):
            due = due_until(facts, point, since + facts.calendar.days(n), day)
            if due < facts.demand(*key) - DUST:
                late = sum(tonnes for other, tonnes in by_day.items() if other >= day)
                named = (*point, (start + timedelta(days=day)).isoformat(), n)
                size = abs(late) + abs(gone) + due
                yield Residual("early", named, "<=", due + gone - late, size, words.at_point(facts, *key), due)


def _landings(facts: Facts) -> list[Landing]:
    """Return what of each order, shipment and run that is possible lands in its own period, but not from its first day.

    What lands from the first day of a period on may serve all of its demand.
    """
    return [each for ways in (_bought(facts), _shipped(facts), _made(facts)) for each in ways]


def _bought(facts: Facts) -> Iterator[Landing]:
    """Yield the routes in the periods in which they can be ordered; all that take as long land alike."""
    known: dict[int, list[tuple[int, int, float]]] = {}
    for key, nodes in facts.buying.items():
        passages = facts.orders[key]
        if id(passages) not in known:
            landings = [(n, *_within(facts, n, passage)) for n, passage in enumerate(passages)]
            known[id(passages)] = [each for each in landings if each[2] > 0]
        for n, first, share in known[id(passages)]:
            if n in nodes:
                yield Landing("buy", (*key, n), (key[1], facts.routes[key].material), n, first, 1.0, share)


def _shipped(facts: Facts) -> Iterator[Landing]:
    """Yield the lanes in the periods in which anything can be sent over them."""
    for key in Replay.everything(facts).ship:
        _, destination, material, *_, n = key
        first, share = _within(facts, n, facts.shipped(key[:4], n))
        if share > 0:
            yield Landing("ship", key, (destination, material), n, first, 1.0, share)


def _made(facts: Facts) -> Iterator[Landing]:
    """Yield the outputs of the processes in the periods in which they can run."""
    for code, n in Replay.everything(facts).make:
        first, share = _within(facts, n, facts.run(code, n))
        site = facts.records.processes[code].site
        for material, quantity in facts.records.output(code).items() if share > 0 else ():
            yield Landing("make", (code, n), (site, material), n, first, quantity, share)


def _within(facts: Facts, n: int, passage: Passage) -> tuple[int, float]:
    """Return on which day what is placed in period n first lands, and the share that lands in it: none from day 0."""
    first = math.floor(passage.lands + DUST)
    share = dict(passage.parts).get(n, 0.0) if first > facts.calendar.offsets[0][n] else 0.0
    return first, share
