"""Splits, checked: every site gets its part of what comes from each supplier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.families.splits.records import arriving, splits, suppliers
from sourcing.replay import words
from sourcing.replay.calendar_years import calendar_years
from sourcing.replay.rows import Residual

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.families.splits.records import Site
    from sourcing.replay import Facts, Replay

    Arrived = dict[tuple[str, str, str, int], float]


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the rows "split_least" and "split_most" (split, supplier, site, year), in t."""
    known = splits(facts)
    arrived = arriving(facts, plan) if known else {}
    for sites in known.values():
        for last, nodes in calendar_years(facts).items():
            required = sum(row.required(facts, nodes) for row in sites)
            for row in sites if required > 0 else ():
                yield from _rows(facts, arrived, sites, (row, last, row.required(facts, nodes) / required))


def _rows(facts: Facts, arrived: Arrived, sites: list[Site], at: tuple[Site, int, float]) -> Iterator[Residual]:
    (row, last, part), everybody = at, suppliers(facts, sites)
    year = facts.calendar.starts[last].year
    everything = sum(arrived.get((who, row.site, row.material, year), 0.0) for who in everybody)
    for supplier in everybody:
        mine = arrived.get((supplier, row.site, row.material, year), 0.0)
        fair = part * sum(arrived.get((supplier, each.site, row.material, year), 0.0) for each in sites)
        key, room = (row.split, supplier, row.site, last), row.within * everything
        place, size = f"split {row.split}, {supplier} at {words.site(facts, row.site)}, {year}", mine + fair + room
        yield Residual("split_least", key, ">=", mine - fair + room, size, place, 0.0)
        yield Residual("split_most", key, "<=", fair + room - mine, size, place, 0.0)
