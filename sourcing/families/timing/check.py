"""Timing, checked: what lands from a day of its period on serves no demand of the days before."""

from __future__ import annotations

import math
from collections import defaultdict
from datetime import timedelta
from typing import TYPE_CHECKING

from sourcing.replay import words
from sourcing.replay.kept import due_until
from sourcing.replay.lead import DUST, split
from sourcing.replay.movements import movements
from sourcing.replay.rows import Residual

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sourcing.replay import Facts, Replay
    from sourcing.replay.lead import Stretch

    Landing = tuple[tuple[str, str], int, float, float]  # point, period, first day after the start, t


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "early" (site, material, landing, node), in t, for each day on which something first lands."""
    landed: dict[tuple[tuple[str, str], int], dict[int, float]] = defaultdict(lambda: defaultdict(float))
    for point, n, first, tonnes in [*_bought(facts, plan), *_shipped(facts, plan), *_made(facts, plan)]:
        landed[point, n][math.floor(first + DUST)] += tonnes
    moved, start = movements(facts, plan), facts.calendar.starts[0]
    for (point, n), by_day in sorted(landed.items()):
        key, since = (*point, n), (facts.calendar.starts[n] - start).days
        gone = plan.hold.get(key, 0.0) + plan.disposed.get(key, 0.0) + moved.shipped_out[key] + moved.used[key]
        for day in sorted(by_day):
            due = due_until(facts, point, since + facts.calendar.days(n), day)
            if day > since and due < facts.demand(*key) - DUST:
                late = sum(tonnes for other, tonnes in by_day.items() if other >= day)
                named = (*point, (start + timedelta(days=day)).isoformat(), n)
                size = abs(late) + abs(gone) + due
                yield Residual("early", named, "<=", due + gone - late, size, words.at_point(facts, *key), due)


def _bought(facts: Facts, plan: Replay) -> Iterator[Landing]:
    """Yield what is ordered over every route in every period, as far as it lands in it."""
    for key, route in facts.routes.items():
        for n in facts.calendar.nodes:
            if facts.may_buy(route, n):
                tonnes = plan.buy.get((*key, n), 0.0)
                yield from _within(facts, n, facts.ordering(route, n), ((route.destination, route.material), tonnes))


def _shipped(facts: Facts, plan: Replay) -> Iterator[Landing]:
    """Yield what is sent over every lane in every period, as far as it lands in it."""
    for key in facts.ships:
        _, destination, material, _ = key
        for n in facts.calendar.nodes:
            tonnes = plan.ship.get((*key, n), 0.0)
            yield from _within(facts, n, facts.shipping(key, n), ((destination, material), tonnes))


def _made(facts: Facts, plan: Replay) -> Iterator[Landing]:
    """Yield what every process makes in every period, as far as it is done in it."""
    for code, process in facts.records.processes.items():
        for material, quantity in facts.records.output(code).items():
            for n in facts.calendar.nodes:
                if facts.may_run(code, n):
                    tonnes = quantity * plan.make.get((code, n), 0.0)
                    yield from _within(facts, n, facts.running(code, n), ((process.site, material), tonnes))


def _within(facts: Facts, n: int, days: Sequence[Stretch], moved: tuple[tuple[str, str], float]) -> Iterator[Landing]:
    """Yield the part that lands in the period in which it was decided, if any does."""
    point, tonnes = moved
    share = dict(split(facts.calendar, days).parts).get(n, 0.0)
    if share > 0:
        yield point, n, min(each.since + each.days for each in days), share * tonnes
