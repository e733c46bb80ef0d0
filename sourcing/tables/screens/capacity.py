"""The most an offer, a process or a line can give between two days, and the first day it gives anything."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Capacity:
    """Pieces (from day, until day, t/year) of a capacity over time; days count from the start of the horizon."""

    pieces: tuple[tuple[float, float, float], ...]

    def most(self, end: float) -> float:
        """Return the most tonnes in days [0, end), or more: a year of 366 days counts as a little more than a year."""
        spans = [(max(first, 0.0), min(last, end), tonnes) for first, last, tonnes in self.pieces]
        return sum(tonnes * (last - first) / 365 for first, last, tonnes in spans if last > first and tonnes > 0)

    def first(self, end: float) -> float | None:
        """Return the first day in [0, end) with any capacity, None if there is none."""
        spans = [(max(first, 0.0), min(last, end), tonnes) for first, last, tonnes in self.pieces]
        return min((first for first, last, tonnes in spans if last > first and tonnes > 0), default=None)


def capacity(base: float, steps: list[tuple[float, float, bool]], start: float, end: float) -> Capacity:
    """Return a capacity from its base (NaN = none stated) and ramp steps (day, t/year, whether a line leads there).

    Where a line leads from one step to the next, the larger of the two stands for it: never less than there is.
    """
    before = (0.0 if steps else math.inf) if math.isnan(base) else base
    days = [-math.inf] + [day for day, _, _ in steps] + [math.inf]
    levels = [before] + [tonnes for _, tonnes, _ in steps]
    pieces = []
    for at, level in enumerate(levels):
        leads_up = 0 < at < len(steps) and steps[at][2]
        most = max(level, levels[at + 1]) if leads_up else level
        pieces.append((max(days[at], start), min(days[at + 1], end), most))
    return Capacity(tuple(pieces))


def ramp_steps(ramps: pd.DataFrame, column: str, origin: pd.Timestamp) -> dict[str, list[tuple[float, float, bool]]]:
    """Return the ramp steps of every offer (or process, or line), in the order of their days."""
    steps: dict[str, list[tuple[float, float, bool]]] = {}
    days = (ramps["from"] - origin).dt.days
    for code, day, tonnes, line in zip(ramps[column], days, ramps["capacity"], ramps["interpolate"], strict=True):
        if code:
            steps.setdefault(code, []).append((float(day), float(tonnes), bool(line)))
    return {code: sorted(rows) for code, rows in steps.items()}
