"""Calendar years in periods, where terms are settled by the year: a period belongs to the year in which it starts."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcing.replay.facts import Facts


def calendar_years(facts: Facts) -> dict[int, list[int]]:
    """Return the periods that start in each calendar year, by the last of them."""
    found: dict[int, list[int]] = defaultdict(list)
    for n in facts.calendar.nodes:
        found[facts.calendar.starts[n].year].append(n)
    return {nodes[-1]: nodes for nodes in found.values()}


def part_of_year(facts: Facts, nodes: list[int]) -> float:
    """Return how much of a year the periods are."""
    return sum(facts.calendar.years(n) for n in nodes)
