"""The look_through table: where what arrives, and what is there already, comes from at each stage."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.audit import compare
from sourcing.audit.cells import named
from sourcing.audit.concentration import absent
from sourcing.audit.layout import KEYS
from sourcing.audit.verdict import TRACE
from sourcing.replay import origins
from sourcing.replay.limits import by_year, rank
from sourcing.replay.look_through import ORDER, ships_elsewhere, stages_seen
from sourcing.replay.origins import UNKNOWN, Source

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.audit.cells import Book
    from sourcing.replay import Facts, Replay
    from sourcing.replay.origins import Streams

    Told = dict[tuple[object, ...], float]


def look_through_table(facts: Facts, plan: Replay, book: Book) -> Iterator[str]:
    """Yield a finding for each wrong or missing row."""
    told = looked_through(facts, plan)
    names = KEYS["look_through"]
    listed = {tuple(row[name] for name in names): row for row in book["look_through"]}
    for key, tonnes in sorted(told.items(), key=str):
        row = listed.pop(key, None)
        if row is not None:
            yield from compare.tonnes(named("look_through", row), row, {"tonnes": tonnes})
        elif tonnes > TRACE:
            yield absent("look_through", dict(zip(names, key, strict=True)), tonnes)
    for row in listed.values():
        yield f"{named('look_through', row)}: nothing of that kind is bought or in stock"


def looked_through(facts: Facts, plan: Replay) -> Told:
    """Return t by the key of the table; nothing where the tables say no more than who ships."""
    seen, told = stages_seen(facts.records), defaultdict[tuple[object, ...], float](float)
    if not seen and not ships_elsewhere(facts.records):
        return told
    kinds = {
        "bought": by_year(facts, origins.bought(facts, plan)),
        "open order": by_year(facts, origins.awaited(facts)),
        "opening stock": _opening(facts),
    }
    for kind, streams in kinds.items():
        for source, years in streams.items():
            for year, tonnes in years.items():
                for group, part in _rows(facts, source, seen):
                    for counted, what, content in _counted(facts, source):
                        told[(kind, counted, what, year, *group)] += tonnes * part * content
    return told


def _opening(facts: Facts) -> Streams:
    """Return what is in stock on the first day, by the offer it came from, and the year of that day."""
    found: Streams = defaultdict(lambda: defaultdict(float))
    first = facts.calendar.starts[0].year
    for (site, material), row in facts.records.stocks.items():
        found[Source("offer" if row.offer else UNKNOWN, row.offer, material, site)][first] += row.opening
    return found


def _counted(facts: Facts, source: Source) -> list[tuple[str, str, float]]:
    contents = [("element", e, part) for (m, e), part in facts.records.contents.items() if m == source.material]
    return [("material", source.material, 1.0), *contents]


def _rows(facts: Facts, source: Source, seen: list[str]) -> Iterator[tuple[tuple[str, str, str, str], float]]:
    """Yield (shipped_from, made_in, stage, origin) and the part of the source that is theirs."""
    ((ships, _),), ((made, _),) = (origins.groups(facts, source, lens) for lens in ("shipped_from", "country"))
    own = rank(facts, source.material)
    if own < 0:
        yield (ships, made, "", made), 1.0
    for at, stage in enumerate(ORDER):
        if at == own or (at < own and stage in seen):
            for group, part in origins.groups(facts, source, "origin", stage):
                yield (ships, made, stage, group), part
