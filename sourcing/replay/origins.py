"""Whose the arriving tonnes are: streams of material by source, and the groups a source belongs to."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from sourcing.replay.look_through import SEEN, UNKNOWN, seen

__all__ = ["UNKNOWN", "Source", "Streams", "arriving", "awaited", "bought", "groups", "made", "ordered", "spent"]

if TYPE_CHECKING:
    from sourcing.replay.facts import Facts
    from sourcing.replay.plan import Replay
    from sourcing.replay.points import RouteKey


class Source(NamedTuple):
    """Where a stream comes from: an "offer", a "process", or "unknown" (code ""); what it is and where it arrives."""

    kind: str
    code: str
    material: str
    site: str


Streams = dict[Source, dict[int, float]]


def _new() -> Streams:
    """Return streams that start at nothing."""
    return defaultdict(lambda: defaultdict(float))


def bought(facts: Facts, plan: Replay) -> Streams:
    """Return purchases as they arrive, t by node."""
    found = _new()
    along: dict[RouteKey, dict[int, float]] = {}
    for (offer, destination, mode, m), tonnes in plan.buy.items():
        key = (offer, destination, mode)
        if key not in along:
            along[key] = found[Source("offer", offer, facts.routes[key].material, destination)]
        stream = along[key]
        for n, share in facts.orders[key][m].parts:
            stream[n] += tonnes * share
    return found


def awaited(facts: Facts) -> Streams:
    """Return open orders as they arrive, t by node; what arrives after the horizon is left out."""
    found = _new()
    for order in facts.records.open_orders:
        n = facts.calendar.holding(order.arrives)
        if n is not None:
            kind = "offer" if order.offer else UNKNOWN
            found[Source(kind, order.offer, order.material, order.site)][n] += order.quantity
    return found


def made(facts: Facts, plan: Replay) -> Streams:
    """Return what processes make, t by the node it comes out."""
    found = _new()
    for (code, m), tonnes in plan.make.items():
        process = facts.records.processes[code]
        for n, share in facts.run(code, m).parts:
            for material, quantity in facts.records.output(code).items():
                found[Source("process", code, material, process.site)][n] += tonnes * quantity * share
    return found


def spent(facts: Facts, plan: Replay) -> Streams:
    """Return purchase money in USD by the node of the order."""
    found = _new()
    for (offer, destination, _, m), tonnes in plan.buy.items():
        row = facts.records.offers[offer]
        found[Source("offer", offer, row.material, destination)][m] += row.price * tonnes
    return found


def ordered(facts: Facts, plan: Replay) -> Streams:
    """Return purchases in t by the node of the order."""
    found = _new()
    for (offer, destination, _, m), tonnes in plan.buy.items():
        material = facts.records.offers[offer].material
        found[Source("offer", offer, material, destination)][m] += tonnes
    return found


def arriving(facts: Facts, plan: Replay) -> Streams:
    """Return whatever arrives, t by node: bought, awaited and made. It is shared."""
    return plan.once(facts, _arriving)


def _arriving(facts: Facts, plan: Replay) -> Streams:
    return together(bought(facts, plan), awaited(facts), made(facts, plan))


def together(*many: Streams) -> Streams:
    """Return several streams as one."""
    found = _new()
    for streams in many:
        for source, nodes in streams.items():
            stream = found[source]
            for n, amount in nodes.items():
                stream[n] += amount
    return found


def groups(facts: Facts, source: Source, lens: str, stage: str = "") -> list[tuple[str, float]]:
    """Return the groups of a lens a source belongs to, with weights that add to 1; a blank lens has one group, "".

    ``stage`` is that of a lens that is seen through to a stage.
    """
    if not lens:
        return [("", 1.0)]
    if lens in SEEN:
        offer = None if source.kind == "process" else source.code
        return seen(facts.records, (offer, source.site), source.material, stage, lens)
    if source.kind == UNKNOWN:
        return [(UNKNOWN, 1.0)]
    if lens == "source":
        return [(source.code, 1.0)]
    if lens == "recycled":
        row = facts.records.offers[source.code] if source.kind == "offer" else facts.records.processes[source.code]
        return [(name, part) for name, part in (("recycled", row.recycled), ("primary", 1 - row.recycled)) if part > 0]
    name = _offer_group(facts, source.code, lens) if source.kind == "offer" else _process_group(facts, source, lens)
    return [(name, 1.0)]


def _offer_group(facts: Facts, code: str, lens: str) -> str:
    """Return the group of an offer."""
    offer = facts.records.offers[code]
    site = facts.records.sites[offer.site]
    if lens == "country":
        return facts.origin_country(code)
    if lens == "supplier":
        return offer.supplier
    given = {"shipped_from": site.country, "owner": site.owner, "owner_country": site.owner_country}
    return {**given, "site": site.site}[lens] or UNKNOWN


def _process_group(facts: Facts, source: Source, lens: str) -> str:
    """Return the group of what an own process makes; its supplier is the owner of the site."""
    site = facts.records.sites[source.site]
    if lens == "supplier":
        return site.owner or site.site
    given = {"country": site.country, "site": site.site, "owner": site.owner, "owner_country": site.owner_country}
    return (site.country if lens == "shipped_from" else given[lens]) or UNKNOWN
