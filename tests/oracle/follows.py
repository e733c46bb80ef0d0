"""Licences that follow goods: a way by itself for own goods of each wait, by the countries in which they were made."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from oracle.border import makers_at
from oracle.network import country, follows, lag

if TYPE_CHECKING:
    from oracle.model import Model
    from oracle.network import Move
    from oracle.tables import Case


def by_wait(model: Model, bought: list[Move], ways: list[Move]) -> list[Move]:
    """Return the ways of own goods, once for each wait of what can be where they begin."""
    case = model.case
    if not any(map(follows, case.rows("licences"))):
        return ways
    found, at = [], makers_at(model, bought, ways)
    for way in ways:
        makers = at.get((way.origin, way.material), set())
        if country(case, way.origin) == country(case, way.destination) or not makers:
            found.append(way)
            continue
        alike: dict[tuple[float, ...], set[str]] = {}
        for maker in makers:
            alike.setdefault(waits(case, way, maker), set()).add(maker)
        everybody = {row["country"] for row in case.rows("licences") if follows(row)}
        differ = len({waits(case, way, maker) for maker in everybody | {""}}) > 1
        found += [replace(way, makers=frozenset(each)) for each in alike.values()] if differ else [way]
    return found


def waits(case: Case, way: Move, maker: str) -> tuple[float, ...]:
    """Return the days of the licence of goods of a maker, by the days of the horizon."""
    wait = lag(case, replace(way, makers=frozenset({maker})))
    return tuple(wait(ordinal) for ordinal in range(case.nodes[0][0], case.nodes[-1][1]))
