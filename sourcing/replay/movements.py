"""What a plan brings to and takes from every point in every period."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcing.replay.facts import Facts
    from sourcing.replay.plan import Replay, Tonnes


@dataclass(frozen=True)
class Movements:
    """Tonnes by (site, material, node); what leaves (``used``, ``shipped_out``) is positive too."""

    bought: Tonnes
    shipped_in: Tonnes
    made: Tonnes
    open_orders: Tonnes
    used: Tonnes
    shipped_out: Tonnes


def movements(facts: Facts, plan: Replay) -> Movements:
    """Return what the decisions of a plan move; what arrives after the horizon moves nothing. It is shared."""
    return plan.once(facts, _movements)


def _movements(facts: Facts, plan: Replay) -> Movements:
    shipped_in, shipped_out = _shipped(facts, plan)
    made, used = _converted(facts, plan)
    return Movements(_bought(facts, plan), shipped_in, made, expected(facts), used, shipped_out)


def _bought(facts: Facts, plan: Replay) -> Tonnes:
    """Return the arrivals of purchases."""
    found: Tonnes = defaultdict(float)
    for (offer, destination, mode, m), tonnes in plan.buy.items():
        key = (offer, destination, mode)
        material = facts.routes[key].material
        for n, share in facts.orders[key][m].parts:
            found[(destination, material, n)] += tonnes * share
    return found


def _shipped(facts: Facts, plan: Replay) -> tuple[Tonnes, Tonnes]:
    """Return the arrivals and the departures of own shipments."""
    into: Tonnes = defaultdict(float)
    out: Tonnes = defaultdict(float)
    for (origin, destination, material, mode, m), tonnes in plan.ship.items():
        out[(origin, material, m)] += tonnes
        for n, share in facts.shipped((origin, destination, material, mode), m).parts:
            into[(destination, material, n)] += tonnes * share
    return into, out


def _converted(facts: Facts, plan: Replay) -> tuple[Tonnes, Tonnes]:
    """Return what processes make and what they take."""
    made: Tonnes = defaultdict(float)
    used: Tonnes = defaultdict(float)
    for (code, m), tonnes in plan.make.items():
        process = facts.records.processes[code]
        for material, quantity in facts.records.intake(code).items():
            used[(process.site, material, m)] += tonnes * quantity
        for n, share in facts.run(code, m).parts:
            for material, quantity in facts.records.output(code).items():
                made[(process.site, material, n)] += tonnes * quantity * share
    return made, used


def expected(facts: Facts) -> Tonnes:
    """Return the open orders that arrive within the horizon."""
    found: Tonnes = defaultdict(float)
    for order in facts.records.open_orders:
        n = facts.calendar.holding(order.arrives)
        if n is not None:
            found[(order.site, order.material, n)] += order.quantity
    return found


def start_stock(facts: Facts, plan: Replay, site: str, material: str, n: int) -> float:
    """Return the stock a point starts period n with: the end of the period before, or the opening stock."""
    if n > 0:
        return plan.hold.get((site, material, n - 1), 0.0)
    stock = facts.records.stocks.get((site, material))
    return 0.0 if stock is None else stock.opening
