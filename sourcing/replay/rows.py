"""What a check says: how far a promise is kept, and what is charged."""

from __future__ import annotations

from typing import NamedTuple

GRAM = 1e-6
"""Tonnes: what is nearer to a threshold than this is as good as at it, and what is less is not there, however large
everything else in a row is."""


class Residual(NamedTuple):
    """How far one row is kept.

    ``residual`` is bound - left side for "<=", left side - bound for ">=" (0 and more is kept) and left side - right
    side for "=="; ``scale`` is the sum of the sizes of its terms; ``place`` is in a planner's words; ``bound`` is what
    the left side is held against, where that is one figure. ``grain`` is how much may be missing where the row is about
    a yes or no, or a number of whole things: in the row's unit, whatever its scale.
    """

    rule: str
    key: tuple[object, ...]
    kind: str
    residual: float
    scale: float
    place: str
    bound: float | None = None
    grain: float | None = None
    money: bool = False
    """Whether it is in USD, not in tonnes."""

    @property
    def violation(self) -> float:
        """By how much the row is broken, 0 if kept."""
        return abs(self.residual) if self.kind == "==" else max(-self.residual, 0.0)


class Charge(NamedTuple):
    """USD, not discounted, charged under a head at a node for the column ``key``."""

    head: str
    node: int
    amount: float
    key: tuple[object, ...]


def unless(allowed: float, grain: float = GRAM) -> float | None:
    """Return the grain of a row in which a decision allows so much: a gram where it allows nothing, else none."""
    return None if allowed else grain


def at_most(rule: str, key: tuple[object, ...], left: float, bound: float, place: str) -> Residual:
    """Return the residual of left <= bound."""
    return Residual(rule, key, "<=", bound - left, abs(left) + abs(bound), place, bound)


def at_least(rule: str, key: tuple[object, ...], left: float, bound: float, place: str) -> Residual:
    """Return the residual of left >= bound."""
    return Residual(rule, key, ">=", left - bound, abs(left) + abs(bound), place, bound)
