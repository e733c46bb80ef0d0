"""Export licences: the days they add, and the earliest day an order can be through."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.tables.case import Case


@dataclass(frozen=True)
class Licences:
    """Rows of the table as (country, material, destinations or None for any, from, until, days); "" is any material."""

    rows: tuple[tuple[str, str, frozenset[str] | None, float, float, float], ...]
    country: dict[str, str]
    starts: list[float]

    @classmethod
    def of(cls, case: Case, origin: pd.Timestamp, bounds: list[float], is_on: bool) -> Licences:
        """Read the table (no rows unless ``is_on``); ``bounds`` are the days periods begin and the last one ends."""
        frame = case["licences"] if is_on else case["licences"].iloc[:0]
        groups: dict[str, set[str]] = {}
        for group, member in zip(case["groups"]["group"], case["groups"]["member"], strict=True):
            groups.setdefault(group, set()).add(member)
        starts = (frame["from"] - origin).dt.days.fillna(-math.inf)
        ends = (frame["until"] - origin).dt.days.fillna(math.inf)
        rows = tuple(
            (
                country,
                material,
                frozenset(groups.get(end, {end})) if end else None,
                float(start),
                float(until),
                float(lag),
            )
            for country, material, end, start, until, lag in zip(
                frame["country"], frame["material"], frame["destination"], starts, ends, frame["lag_days"], strict=True
            )
        )
        return cls(rows, dict(zip(case["sites"]["site"], case["sites"]["country"], strict=True)), bounds[:-1])

    def earliest(self, day: float, origin: str, destination: str, material: str) -> float:
        """Return the earliest day an order placed in a period from ``day`` on has its licence.

        A later order may be sooner: licences end.
        """
        way = (day, self.country[origin], self.country[destination], material)
        if way not in self._known:
            self._known[way] = self._through(*way)
        return self._known[way]

    def _through(self, day: float, origin: str, destination: str, material: str) -> float:
        best = math.inf
        for start in self.starts[self._index.get(day, 0) :]:
            if start >= best:
                break
            best = min(best, start + self._lag(start, origin, destination, material))
        return best

    @cached_property
    def _known(self) -> dict[tuple[float, str, str, str], float]:
        """The earliest days by day, countries and material: many lanes lead from one country to another."""
        return {}

    @cached_property
    def _index(self) -> dict[float, int]:
        return {start: at for at, start in enumerate(self.starts)}

    def _lag(self, start: float, origin: str, destination: str, material: str) -> float:
        if origin == destination:
            return 0.0
        lags = [
            lag
            for country, of, ends, first, until, lag in self.rows
            if country == origin
            and of in {"", material}
            and (ends is None or destination in ends)
            and first <= start < until
        ]
        return max(lags, default=0.0)
