"""Lots kept apart, checked: what comes of each lot goes as that lot, or stays, and all lots together are the whole."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.replay import words
from sourcing.replay.custody import custody
from sourcing.replay.lot_flows import Flows, flows
from sourcing.replay.rows import Residual

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sourcing.replay import Facts, Replay

    Key = tuple[object, ...]

INFINITE = float("inf")


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "lot_balance" (site, material, lot, node), and those that hold lots together, in t."""
    known = facts.once(custody)
    if not known.lots:
        return
    moved = plan.once(facts, flows)
    for (site, what), lots in known.lots.items():
        for n in facts.calendar.nodes if len(lots) > 1 else ():
            place = words.at_point(facts, site, what, n)
            for lot in lots:
                key = (site, what, lot, n)
                yield _kept(key, moved, f"{lot} of {place}")
            yield from _together(facts, plan, (site, what, n), lots, place)
    yield from _moves_together(facts, plan)


def _kept(key: tuple[str, str, str, int], moved: Flows, place: str) -> Residual:
    coming, going = moved.coming.get(key, 0.0), moved.going.get(key, 0.0)
    return Residual("lot_balance", key, "==", coming - going, moved.size.get(key, 0.0), place)


def _together(
    facts: Facts, plan: Replay, key: tuple[str, str, int], lots: Mapping[str, object], place: str
) -> Iterator[Residual]:
    """Yield the rows of what is held, disposed of and used at a point."""
    site, what, n = key
    used = facts.demand(*key) - plan.short.get(key, 0.0)
    wholes = {"hold": plan.hold.get(key, 0.0), "dispose": plan.disposed.get(key, 0.0), "use": used}
    for name, whole in wholes.items():
        parts = [plan.decision(f"{name}_of", site, what, lot, n) for lot in lots]
        if name != "use" or facts.demand(*key) > 0:
            yield _sum(f"{name}_apart", key, parts, whole, place)


def _moves_together(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows of what is sent and of what processes do."""
    known = facts.once(custody)
    for ship in facts.ships:
        lots = known.sending(ship)
        for n in facts.calendar.nodes if len(lots) > 1 else ():
            parts = [plan.decision("ship_of", *ship, lot, n) for lot in lots]
            yield _sum("ship_apart", (*ship, n), parts, plan.ship.get((*ship, n), 0.0), words.shipment(facts, ship, n))
    for code in facts.records.processes:
        runs = [run.lot for run in known.runs(code)]
        for n in facts.calendar.nodes if len(runs) > 1 else ():
            parts = [plan.decision("make_of", code, lot, n) for lot in runs]
            yield _sum("make_apart", (code, n), parts, plan.make.get((code, n), 0.0), words.conversion(facts, code, n))


def _sum(rule: str, key: Key, parts: list[float], whole: float, place: str) -> Residual:
    return Residual(rule, key, "==", sum(parts) - whole, sum(map(abs, parts)) + abs(whole), place)


def decides(facts: Facts) -> Iterator[tuple[str, Key, float]]:
    """Yield every part of a lot that may be held, disposed of, used, sent or worked up."""
    known = facts.once(custody)
    for (site, what), lots in known.lots.items():
        for name in ("hold_of", "dispose_of", "use_of") if len(lots) > 1 else ():
            yield from ((name, (site, what, lot, n), INFINITE) for lot in lots for n in facts.calendar.nodes)
    several: dict[str, list[tuple[Key, str]]] = defaultdict(list)
    for ship in facts.ships:
        several["ship_of"] += [(ship, lot) for lot in known.sending(ship)] if len(known.sending(ship)) > 1 else []
    for code in facts.records.processes:
        runs = list(known.runs(code))
        several["make_of"] += [((code,), run.lot) for run in runs] if len(runs) > 1 else []
    for name, keys in several.items():
        yield from ((name, (*key, lot, n), INFINITE) for key, lot in keys for n in facts.calendar.nodes)
