"""Incumbents: who is bought from today, and what a plan orders from them in each year."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.replay.calendar_years import calendar_years, part_of_year

if TYPE_CHECKING:
    from sourcing.replay.facts import Facts
    from sourcing.replay.plan import Replay


@dataclass(frozen=True)
class Incumbent:
    """A row of `incumbents`: t/year or a share (0..1) bought today, USD/t moved away, and the most that may move."""

    offer: str
    quantity: float | None = None
    share: float | None = None
    switching_cost: float = 0.0
    may_move: float | None = None
    may_move_share: float | None = None

    @property
    def is_held(self) -> bool:
        """Whether there is a limit on what may move."""
        return self.may_move is not None or self.may_move_share is not None


@dataclass(frozen=True)
class Together:
    """What may move of a material away from all of its incumbents, t/year or a share of today's purchases."""

    material: str
    may_move: float | None = None
    may_move_share: float | None = None


@dataclass(frozen=True)
class Year:
    """A calendar year: its last period, its length in years, and t ordered in it by offer and by material."""

    last: int
    years: float
    by_offer: dict[str, float]
    by_material: dict[str, float]

    def today(self, facts: Facts, incumbent: Incumbent) -> float:
        """Return the t that the year would bring if nothing moved."""
        if incumbent.share is None:
            return (incumbent.quantity or 0.0) * self.years
        return incumbent.share * self.by_material[facts.records.offers[incumbent.offer].material]

    def most(self, row: Incumbent | Together, today: float) -> float:
        """Return the t that may move of so much."""
        if row.may_move_share is not None:
            return row.may_move_share * today
        return (row.may_move or 0.0) * self.years


def incumbents(facts: Facts) -> list[Incumbent]:
    """Return who is bought from today."""
    return facts.records.table("incumbents", Incumbent)


def together(facts: Facts) -> dict[str, Together]:
    """Return the materials with a limit on what may move, by code."""
    rows = facts.records.table("materials", Together)
    return {row.material: row for row in rows if row.may_move is not None or row.may_move_share is not None}


def years(facts: Facts, plan: Replay) -> list[Year]:
    """Return the calendar years of the horizon with what is ordered in them."""
    found = []
    for last, nodes in calendar_years(facts).items():
        by_offer: dict[str, float] = defaultdict(float)
        by_material: dict[str, float] = defaultdict(float)
        for (offer, _, _, n), tonnes in plan.buy.items():
            if n in nodes:
                by_offer[offer] += tonnes
                by_material[facts.records.offers[offer].material] += tonnes
        found.append(Year(last, part_of_year(facts, nodes), by_offer, by_material))
    return found
