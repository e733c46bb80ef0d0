"""Pareto filter of points: which of them no other beats, and which of them is the one to look at first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sourcing.studies.frontier.solver import Mark

    Reals = NDArray[np.float64]

SAME = 1e-6
"""The part of a measure's span up to which two values are the same."""
ROUNDING = 1e-7
"""The part of a value itself up to which two are the same: a limit holds seven digits."""
HALF = 0.5
"""The part of a span that a middle way may give up of any measure, at most."""


class Spans(NamedTuple):
    """From which to which value each measure goes over the ends of a frontier."""

    low: Reals
    high: Reals

    @classmethod
    def of(cls, ends: Sequence[Mark]) -> Spans:
        """Return the spans over some points; a span of nothing but rounding is none."""
        values = np.array([end.values for end in ends])
        low, high = values.min(axis=0), values.max(axis=0)
        return cls(low, np.where(high - low > ROUNDING * np.abs(high), high, low))

    @property
    def length(self) -> Reals:
        """How long each is."""
        return self.high - self.low

    @property
    def slack(self) -> Reals:
        """By how much two values may differ and be the same."""
        found: Reals = SAME * self.length + ROUNDING * np.abs(self.high)
        return found


def best_of(marks: Sequence[Mark], spans: Spans) -> list[Mark]:
    """Return the points that no other beats, each once, in the order of the first measure."""
    kept = unbeaten(np.array([mark.values for mark in marks]), spans)
    return [marks[at] for at in kept]


def unbeaten(values: Reals, spans: Spans) -> list[int]:
    """Return which points (point, measure) no other is as good as in every measure, in the order of the first.

    Of points that are the same one stays.
    """
    length = np.where(spans.length > 0, spans.length, 1.0)
    kept: list[int] = []
    for at in np.argsort(((values - spans.low) / length).sum(axis=1), kind="stable").tolist():
        if not any((values[other] <= values[at] + spans.slack).all() for other in kept):
            kept.append(at)
    return sorted(kept, key=lambda at: tuple(values[at]))


def middle(values: Reals) -> int:
    """Return the point (point, measure) in the better half of every measure's span; -1 if there is none.

    Of several it is the one whose worst measure is nearest to its best, as a part of its span.

    >>> middle(np.array([[1.0, 9.0, 5.0], [2.0, 2.0, 2.0], [9.0, 1.0, 1.0]]))
    1
    >>> middle(np.array([[1.0, 9.0, 5.0], [2.0, 2.0, 4.0], [9.0, 1.0, 1.0]]))
    -1
    """
    if len(values) < 3:
        return -1
    length = values.max(axis=0) - values.min(axis=0)
    away = ((values - values.min(axis=0)) / np.where(length > 0, length, 1.0)).max(axis=1)
    return int(away.argmin()) if away.min() < HALF else -1
