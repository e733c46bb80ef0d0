"""The stock and shortage tables: complete, and every column recomputed from the decisions."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from sourcing.audit import compare
from sourcing.audit.verdict import TRACE
from sourcing.replay import words
from sourcing.replay.movements import movements, start_stock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.audit.cells import Book
    from sourcing.replay import Facts, Replay


def levels(facts: Facts, plan: Replay, book: Book) -> Iterator[str]:
    """Yield a finding for each wrong or missing row of the stock and shortage tables.

    With every term recomputed here and the balance kept to the same tolerance, a row adds up: start + bought + … = end.
    """
    yield from _stock(facts, plan, book)
    yield from _shortage(facts, plan, book)


def _stock(facts: Facts, plan: Replay, book: Book) -> Iterator[str]:
    """Yield the findings on the stock table."""
    rows = {(row["site"], row["material"], row["node"]): row for row in book["stock"]}
    moved = movements(facts, plan)
    terms = ("bought", "shipped_in", "made", "open_orders", "used", "shipped_out")
    for site, material in sorted(facts.points.known):
        for n in facts.calendar.nodes:
            key, place = (site, material, n), partial(words.at_point, facts, site, material, n)
            if key not in rows:
                yield f"{place()}: the stock table has no row; it has one for every point and period"
                continue
            own = {term: getattr(moved, term).get(key, 0.0) for term in terms}
            own |= {"start": start_stock(facts, plan, *key), "demand": facts.demand(*key)}
            yield from compare.tonnes(place, rows[key], own)


def _shortage(facts: Facts, plan: Replay, book: Book) -> Iterator[str]:
    """Yield the findings on the shortage table, which holds the stock rows that are short."""
    listed = {(row["site"], row["material"], row["node"]): row for row in book["shortage"]}
    for key in sorted({*listed, *(key for key, short in plan.short.items() if short > TRACE)}):
        place, short = words.at_point(facts, *key), plan.short.get(key, 0.0)
        if key not in listed:
            yield f"{place}: {words.number(short)} t are short in the stock table, the shortage table leaves them out"
        elif short <= 0:
            yield f"{place}: the shortage table has a row, but nothing is short in the stock table"
        else:
            yield from compare.tonnes(place, listed[key], {"demand": facts.demand(*key), "short": short})
