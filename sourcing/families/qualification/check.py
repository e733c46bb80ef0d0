"""Qualification, checked: nothing is ordered or run before its approval, and every approval is paid for."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.replay import words
from sourcing.replay.lots import Lots
from sourcing.replay.qualification import begins, qualifications
from sourcing.replay.rows import Charge, Residual
from sourcing.replay.useful import useful, useful_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay

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
                yield Residual("qualified", (*key, n), "<=", passed - amount, passed + amount, place)
    for key in sorted({key for key, _ in begins(facts)}):
        times = sum(started.get((*key, m), 0.0) for m in facts.calendar.nodes)
        place = f"qualification of {words.user(facts, key[:2])}"
        yield Residual("once", (*key, last), "<=", 1.0 - times, 1.0 + times, place)


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
    use = useful(facts, Lots.of(facts))
    found: Cells = defaultdict(float)
    for n in facts.calendar.nodes:
        for route in facts.routes.values():
            if ("offer", route.offer) in known and facts.may_order(route.offer, n):
                key = ("offer", route.offer, n)
                found[key] += use[(route.destination, route.material), n]
        for code in facts.records.processes:
            if ("process", code) in known and facts.may_run(code, n):
                found["process", code, n] = useful_run(facts, use, code, n)
    room = {"offer": facts.offer_capacity, "process": facts.process_capacity}
    return {(kind, code, n): min(tonnes, room[kind](code, n)) for (kind, code, n), tonnes in found.items()}
