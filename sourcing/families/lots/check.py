"""Lots, checked: what is used is asked for its least lot, in multiples, and paid for each time."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.replay import words
from sourcing.replay.lots import JOINT, OF_DELIVERY, Lots, lane_key
from sourcing.replay.rows import GRAM, Charge, Residual, unless
from sourcing.replay.useful import useful, useful_run

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay
    from sourcing.replay.lots import Owner

    Cells = dict[tuple[Owner, int], float]


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "switch", "lot" and "multiple" (kind, code, node), in t, of every owner that has terms."""
    lots = Lots.of(facts)
    asked, most = _asked(facts, plan, lots), _most(facts, lots)
    for (owner, n), bound in most.items():
        terms, amount = lots.terms[owner], asked[owner, n]
        key, place = (*owner, n), f"{words.user(facts, owner)}, {facts.calendar.label(n)}"
        used, count = plan.decision("used", *key), plan.decision("lots", *key)
        if lots.is_switched(owner):
            yield Residual("switch", key, "<=", bound * used - amount, amount + bound, place, grain=unless(used))
        if terms.least:
            yield Residual("lot", key, ">=", amount - terms.least * used, amount + terms.least, place, grain=GRAM)
        if terms.multiple:
            left = amount - terms.multiple * count
            yield Residual("multiple", key, "==", left, amount + terms.multiple * count, place, grain=GRAM)


def charges(facts: Facts, plan: Replay) -> Iterator[Charge]:
    """Yield what every order, run or sailing costs by itself."""
    lots = Lots.of(facts)
    for (kind, code, n), used in plan.decided.get("used", {}).items():
        terms = lots.terms.get((kind, code))
        if terms is not None and terms.cost:
            yield Charge("ordering", n, terms.cost * used, (kind, code, n))


def decides(facts: Facts) -> Iterator[tuple[str, tuple[object, ...], float]]:
    """Yield every decision that may be made, with the most that it can be."""
    lots = Lots.of(facts)
    for (owner, n), most in _most(facts, lots).items():
        if lots.is_switched(owner):
            yield "used", (*owner, n), 1.0
        if lots.terms[owner].multiple:
            yield "lots", (*owner, n), math.floor(most / lots.terms[owner].multiple + 1e-9)


def _asked(facts: Facts, plan: Replay, lots: Lots) -> Cells:
    """Return the t that each owner is asked for in each period."""
    found: Cells = defaultdict(float)
    if not lots.terms:
        return found
    for (offer, destination, mode, n), tonnes in plan.buy.items():
        for owner in lots.buying(facts, (offer, destination, mode)):
            found[owner, n] += tonnes
    for (*ship, n), tonnes in plan.ship.items():
        for owner in lots.shipping(facts, (ship[0], ship[1], ship[2], ship[3])):
            found[owner, n] += tonnes
    for (process, n), tonnes in plan.make.items():
        for owner in lots.making(facts, process):
            found[owner, n] += tonnes
    return found


def _most(facts: Facts, lots: Lots) -> Cells:
    """Return the t that each owner could be asked for: what could be used, within its capacity."""
    found: Cells = defaultdict(float)
    for owners, n, tonnes in _possible(facts, lots) if lots.terms else ():
        for owner in owners:
            found[owner, n] += tonnes
    return {(owner, n): min(most, _capacity(facts, lots, owner, n)) for (owner, n), most in found.items()}


def _possible(facts: Facts, lots: Lots) -> Iterator[tuple[list[Owner], int, float]]:
    """Yield for every order, shipment and run that may be: whom it uses, its period, and the t that could be used."""
    use = useful(facts)
    bought = {key: owners for key in facts.routes if (owners := lots.buying(facts, key))}
    sent = {ship: owners for ship in facts.ships if (owners := lots.shipping(facts, ship))}
    made = {code: owners for code in facts.records.processes if (owners := lots.making(facts, code))}
    for n in facts.calendar.nodes:
        for key, owners in bought.items():
            if n in facts.buying[key]:
                yield owners, n, use.order(facts, key, n)
        for ship, owners in sent.items():
            if facts.may_ship(ship, n):
                yield owners, n, use.shipment(facts, ship, n)
        for code, owners in made.items():
            if facts.may_run(code, n):
                yield owners, n, useful_run(facts, use, code, n)


def _capacity(facts: Facts, lots: Lots, owner: Owner, n: int) -> float:
    """Return the t that an owner can give in a period; a lane, all that it can carry from the period on."""
    kind, code = owner
    if kind == OF_DELIVERY:
        return facts.offer_capacity(code.split(JOINT)[0], n)
    by_kind = {"offer": facts.offer_capacity, "process": facts.process_capacity, "line": facts.line_capacity}
    if kind in by_kind:
        return by_kind[kind](code, n)
    lanes = [lane_key(code)] if kind == "lane" else lots.lanes_of.get(code, [])
    left = sum(facts.calendar.years(later) for later in facts.calendar.nodes if later >= n)
    each = [facts.records.lanes[lane].capacity for lane in lanes]
    return math.inf if None in each else sum(amount * left for amount in each if amount is not None)
