"""Incumbents, checked: what has moved away from them is said, paid for, and no more than may."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.families.incumbents.records import incumbents, together, years
from sourcing.replay import words
from sourcing.replay.calendar_years import calendar_years
from sourcing.replay.rows import Charge, Residual

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.families.incumbents.records import Year
    from sourcing.replay import Facts, Replay


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "move" and "may_move" (offer, year) and "may_move_all" (material, year), in t."""
    rows = incumbents(facts)
    for year in years(facts, plan) if rows else ():
        moved: dict[str, float] = defaultdict(float)
        today: dict[str, float] = defaultdict(float)
        for row in rows:
            gone, bought = plan.decision("moved", row.offer, year.last), year.today(facts, row)
            left, material = year.by_offer[row.offer], facts.records.offers[row.offer].material
            moved[material] += gone
            today[material] += bought
            place = f"today's purchases of {words.offered(facts, row.offer)}, {_name(facts, year)}"
            key, size = (row.offer, year.last), gone + left + bought
            yield Residual("move", key, ">=", gone + left - bought, size, place)
            if row.is_held:
                most = year.most(row, bought)
                yield Residual("may_move", key, "<=", most - gone, most + gone, place, _bound(row.share, most))
        yield from _together(facts, year, moved, today)


def _together(facts: Facts, year: Year, moved: dict[str, float], today: dict[str, float]) -> Iterator[Residual]:
    shared = {facts.records.offers[row.offer].material for row in incumbents(facts) if row.share is not None}
    for material, row in together(facts).items():
        if material in moved:
            most, gone = year.most(row, today[material]), moved[material]
            place = f"today's purchases of {words.material(facts, material)}, {_name(facts, year)}"
            bound = _bound(None if row.may_move_share is None or material not in shared else 1.0, most)
            yield Residual("may_move_all", (material, year.last), "<=", most - gone, most + gone, place, bound)


def _bound(share: float | None, most: float) -> float | None:
    """Return what is asked, where it is one figure: not where it follows what is ordered."""
    return most if share is None else None


def charges(facts: Facts, plan: Replay) -> Iterator[Charge]:
    """Yield what was paid for what moved, at the last period of the year."""
    cost = {row.offer: row.switching_cost for row in incumbents(facts)}
    for (offer, last), tonnes in plan.decided.get("moved", {}).items():
        yield Charge("switching", last, cost.get(offer, 0.0) * tonnes, (offer, last))


def decides(facts: Facts) -> Iterator[tuple[str, tuple[object, ...], float]]:
    """Yield what may be moved; rows bound how much."""
    for row in incumbents(facts):
        for last in calendar_years(facts):
            yield "moved", (row.offer, last), math.inf


def _name(facts: Facts, year: Year) -> str:
    return str(facts.calendar.starts[year.last].year)
