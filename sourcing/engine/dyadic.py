"""Exact arithmetic on floats: every one is a whole number times a power of two, so sums of products are exact too."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]
    Wholes = NDArray[np.object_]
    Ints = NDArray[np.signedinteger[Any]]

_BITS = 53


class Dyadic(NamedTuple):
    """Numbers, each ``digits`` times two to the ``power``; digits are Python's whole numbers of any length."""

    digits: Wholes
    power: int

    def times(self, other: Dyadic) -> Dyadic:
        """Return the products, number by number."""
        return Dyadic(self.digits * other.digits, self.power + other.power)

    def plus(self, other: Dyadic) -> Dyadic:
        """Return the sums, number by number."""
        power = min(self.power, other.power)
        return Dyadic(self._at(power) + other._at(power), power)

    def negative(self) -> Dyadic:
        """Return the numbers with their signs turned."""
        return Dyadic(-self.digits, self.power)

    def joined(self, other: Dyadic) -> Dyadic:
        """Return these numbers, and behind them others."""
        power = min(self.power, other.power)
        return Dyadic(np.concatenate([self._at(power), other._at(power)]), power)

    def at(self, places: Ints) -> Dyadic:
        """Return some of the numbers."""
        return Dyadic(self.digits[places], self.power)

    def where(self, mine: NDArray[np.bool_], other: Dyadic) -> Dyadic:
        """Return these numbers where a mark says so, and others elsewhere."""
        power = min(self.power, other.power)
        return Dyadic(np.where(mine, self._at(power), other._at(power)), power)

    def sums(self, starts: Ints) -> Dyadic:
        """Return the sum of each run of numbers; runs begin at ``starts``, but for the last, which is where all end."""
        found = np.zeros(len(starts) - 1, object)
        filled = np.flatnonzero(np.diff(starts))
        if len(filled):
            found[filled] = np.add.reduceat(self.digits, starts[filled])
        return Dyadic(found, self.power)

    def total(self) -> Fraction:
        """Return the sum of all."""
        return self.fraction(sum(self.digits.tolist()))

    def fraction(self, digits: int) -> Fraction:
        """Return what digits of this power are worth."""
        return Fraction(digits) * Fraction(2) ** self.power

    def _at(self, power: int) -> Wholes:
        return np.asarray(self.digits * (1 << (self.power - power)), object)


def dyadic(values: Reals) -> Dyadic:
    """Return finite floats as they are, without rounding."""
    part, exponent = np.frexp(values)
    digits, power = np.ldexp(part, _BITS).astype(np.int64), exponent.astype(np.int64) - _BITS
    least = int(power[digits != 0].min(initial=0))
    shift = np.where(digits != 0, power - least, 0)
    return Dyadic(digits.astype(object) << shift.astype(object), least)
