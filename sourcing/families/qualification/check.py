"""Qualification, checked: nothing is ordered or run before its approval, and every approval is paid for."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.replay import Replay, words
from sourcing.replay.lead import split
from sourcing.replay.qualification import begins, qualifications
from sourcing.replay.rows import Charge, Residual, unless
from sourcing.replay.useful import all_of_use, useful, useful_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts

    Cells = dict[tuple[str, str, int], float]


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "qualified", in t, and "once" of every qualification (kind, code, from, node)."""
    started, last = plan.decided.get("qualify", {}), facts.calendar.last
    asked, most = _asked(plan), _most(facts)
    for key, row in qualifications(facts).items():
        kind, code, _ = key
        for n in facts.calendar.nodes:
            if row.is_needed(facts, n) and (kind, code, n) in most:
                bound, amount = most[kind, code, n], asked[kind, code, n]
                passed = bound * sum(started.get((*key, m), 0.0) for m in row.starts(facts, n))
                place = f"qualification of {words.user(facts, (kind, code))}, {facts.calendar.label(n)}"
                left, grain = passed - amount, unless(passed)
                yield Residual("qualified", (*key, n), "<=", left, passed + amount, place, grain=grain)
    for key in sorted({key for key, _ in begins(facts)}):
        times = sum(started.get((*key, m), 0.0) for m in facts.calendar.nodes)
        place = f"qualification of {words.user(facts, key[:2])}"
        yield Residual("once", (*key, last), "<=", 1.0 - times, 1.0 + times, place)
    yield from _in_all(facts, plan)


def _in_all(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "approved", in t, of what arrives anywhere under an approval needed from the start."""
    begun = {key for key, _ in begins(facts)}
    known = qualifications(facts)
    gated = {row.offer for key, row in known.items() if key in begun and row.offer and row.since is None}
    if not gated:
        return
    most, came = all_of_use(facts, useful(facts)), _came(facts, plan, gated)
    for offer, destination in sorted(_came(facts, Replay.everything(facts), gated)):
        room = most[destination, facts.records.offers[offer].material]
        if math.isfinite(room):
            key, started = ("offer", offer, ""), plan.decided.get("qualify", {})
            bound = room * sum(started.get((*key, m), 0.0) for m in facts.calendar.nodes)
            amount = came[offer, destination]
            place = f"qualification of {words.user(facts, key[:2])}, {destination}"
            row_key = (*key, destination, facts.calendar.last)
            yield Residual("approved", row_key, "<=", bound - amount, bound + amount, place, grain=unless(bound))


def _came(facts: Facts, plan: Replay, gated: set[str]) -> dict[tuple[str, str], float]:
    """Return the t that arrive of each offer at each site within the horizon."""
    found: dict[tuple[str, str], float] = defaultdict(float)
    for (offer, destination, mode, m), amount in plan.buy.items():
        if offer in gated:
            for _, share in split(facts.calendar, facts.ordering(facts.routes[offer, destination, mode], m)).parts:
                found[offer, destination] += amount * share
    return found


def charges(facts: Facts, plan: Replay) -> Iterator[Charge]:
    """Yield what every qualification costs, in the period in which it is started."""
    known = qualifications(facts)
    for (*key, m), started in plan.decided.get("qualify", {}).items():
        row = known.get((key[0], key[1], key[2]))
        if row is not None and row.cost:
            yield Charge("qualification", m, row.cost * started, (*key, m))


def decides(facts: Facts) -> Iterator[tuple[str, tuple[object, ...], float]]:
    """Yield every decision that may be made, with the most that it can be."""
    for key, m in begins(facts):
        yield "qualify", (*key, m), 1.0


def _asked(plan: Replay) -> Cells:
    """Return the t ordered by each offer and run by each process in each period."""
    found: Cells = defaultdict(float)
    for (offer, _, _, n), tonnes in plan.buy.items():
        found["offer", offer, n] += tonnes
    for (process, n), tonnes in plan.make.items():
        found["process", process, n] += tonnes
    return found


def _most(facts: Facts) -> Cells:
    """Return the t that could be ordered or run: what could be used, within the capacity."""
    known = {key[:2] for key in qualifications(facts)}
    if not known:
        return {}
    use = useful(facts)
    found: Cells = defaultdict(float)
    for n in facts.calendar.nodes:
        for key, route in facts.routes.items():
            if ("offer", route.offer) in known and facts.may_buy(route, n):
                found["offer", route.offer, n] += use.order(facts, key, n)
        for code in facts.records.processes:
            if ("process", code) in known and facts.may_run(code, n):
                found["process", code, n] = useful_run(facts, use, code, n)
    room = {"offer": facts.offer_capacity, "process": facts.process_capacity}
    return {(kind, code, n): min(tonnes, room[kind](code, n)) for (kind, code, n), tonnes in found.items()}
