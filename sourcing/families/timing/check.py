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
    return [each for ways in (_bought(facts), _shipped(facts), _made(facts)) for each in ways if each is not None]


def _bought(facts: Facts) -> Iterator[Landing | None]:
    """Yield every route in every period in which it can be ordered."""
    for key, nodes in facts.buying.items():
        point, passages = (key[1], facts.routes[key].material), facts.orders[key]
        for n in nodes:
            if passages[n].parts and passages[n].parts[0][0] == n:
                yield _landing(facts, ("buy", (*key, n)), point, passages[n])


def _shipped(facts: Facts) -> Iterator[Landing | None]:
    """Yield every lane in every period in which anything can be sent over it."""
    for key in Replay.everything(facts).ship:
        _, destination, material, *_ = key
        yield _landing(facts, ("ship", key), (destination, material), facts.shipped(key[:4], key[4]))


def _made(facts: Facts) -> Iterator[Landing | None]:
    """Yield every output of every process in every period in which it can run."""
    for code, n in Replay.everything(facts).make:
        days, site = facts.run(code, n), facts.records.processes[code].site
        for material, quantity in facts.records.output(code).items():
            yield _landing(facts, ("make", (code, n)), (site, material), days, quantity)


def _landing(
    facts: Facts, column: tuple[str, tuple[Any, ...]], point: tuple[str, str], days: Passage, made: float = 1.0
) -> Landing | None:
    """Return what of a decision lands in its own period, but not from its first day; None if nothing does."""
    n: int = column[1][-1]
    first, share = math.floor(days.lands + DUST), dict(days.parts).get(n, 0.0)
    if share <= 0 or first <= facts.calendar.offsets[0][n]:
        return None
    return Landing(*column, point, n, first, made, share)
