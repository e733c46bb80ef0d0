"""Measures of limits: what the cards of all families say that a limit may be on, by name."""

from __future__ import annotations

import importlib
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sourcing.card import Card, Measure


def measures() -> Mapping[str, Measure]:
    """Return the measures of all families by name, in the order in which their families are built.

    Families are found when they are asked for: whatever lies below them may ask what a measure is.

    Raises
    ------
    FaultyFamily : see ``sourcing.families.packages``.
    """
    families = importlib.import_module("sourcing.families")
    return _of(tuple(families.packages().values()))


@cache
def _of(paths: tuple[str, ...]) -> Mapping[str, Measure]:
    cards: list[Card] = [importlib.import_module(path).CARD for path in paths]
    return {measure.name: measure for card in cards for measure in card.measures}


def what_counts(measure: str, counts: str) -> str:
    """Return what a limit on a measure counts, given what its column ``counts`` says: blank is the measure's first."""
    known = measures().get(measure)
    return counts or (known.may_count[0] if known else "arrivals")


def measures_that(have: Callable[[Measure], bool]) -> tuple[str, ...]:
    """Return the names of the measures of which something holds."""
    return tuple(name for name, measure in measures().items() if have(measure))
