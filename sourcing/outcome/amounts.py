"""Tonnes of a change of the inputs: what it comes to over the horizon, where it is a change of tonnes at all."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sourcing.calendar import year_fraction
from sourcing.measures import measures_that
from sourcing.network.demand import interval

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.calendar import TimeTree
    from sourcing.tables import Case

UNKNOWN = np.inf
"""Tonnes of a change that is of something else: it may move any amount."""
_ONCE = {"open_orders": ("", "quantity"), "stocks": ("opening", "safety", "closing")}
_A_YEAR = {"lanes": ("capacity",), "sites": ("capacity",), "stocks": ("disposal_maximum",)}
_BY_WINDOW = {"contracts": ("minimum", "maximum"), "limits": ("value",)}
_WHOLE = {
    "offers": ("min_lot", "lot_multiple", "order_cost"),
    "lanes": ("min_lot", "order_cost"),
    "services": ("min_lot", "order_cost"),
    "lines": ("min_run", "run_cost"),
    "processes": ("min_run", "run_cost", "opening_cost", "fixed_cost"),
    "sites": ("opening_cost", "fixed_cost"),
}
"""Columns that make a plan decide in whole numbers where they are above 0."""
_DECIDED = ("tiers", "contracts", "conditions", "qualifications")


def in_whole_numbers(case: Case) -> bool:
    """Whether a case has terms that are decided in whole numbers: then a small change can move much."""
    terms = any((case[table][column] > 0).any() for table, columns in _WHOLE.items() for column in columns)
    counted = case["limits"]["measure"].isin(measures_that(lambda measure: measure.kind == "number"))
    return bool(terms or any(len(case[name]) for name in _DECIDED) or counted.any())


@dataclass(frozen=True, eq=False)
class Amounts:
    """What changes of the inputs come to in tonnes, by a case and the periods of its plan."""

    case: Case
    tree: TimeTree

    def of(self, changed: Any, *, alone: bool) -> float:
        """Return the tonnes that a row of `input_changes` comes to in the horizon, ``UNKNOWN`` where it is none.

        ``alone``: nothing else of its row changed.
        """
        difference = _difference(changed)
        times = UNKNOWN if np.isnan(difference) else self._times(changed, alone)
        return float(difference * times) if times < UNKNOWN else UNKNOWN

    def _times(self, changed: Any, alone: bool) -> float:
        """Return how often a difference counts: years of a rate, windows of a limit, the part of a demand's days."""
        table, column = changed.table, changed.column
        if table == "demand" and column in ("", "quantity"):
            return self._part(*interval(changed.record.split("|")[-1]))
        if table == "offers" and column in ("", "capacity"):
            return self._open(changed.offer, whole=column == "")
        if table == "ramps" and column == "capacity":
            return self._step(changed)
        if column in _BY_WINDOW.get(table, ()):
            return self._windows(table, changed.record) if alone else UNKNOWN
        return self._plainly(table, column)

    def _plainly(self, table: str, column: str) -> float:
        """Return how often a difference counts whatever its row says: in every period, by the year, or once."""
        if (table, column) == ("stocks", "maximum"):
            return len(self.tree)
        if column in _A_YEAR.get(table, ()):
            return self._years(self._first, self._end)
        return 1.0 if column in _ONCE.get(table, ()) else UNKNOWN

    @cached_property
    def _first(self) -> np.datetime64:
        return np.datetime64(self.tree.start[0], "D")

    @cached_property
    def _end(self) -> np.datetime64:
        return np.datetime64(self.tree.end.max(), "D")

    def _years(self, since: np.datetime64, until: np.datetime64) -> float:
        """Return the years of the horizon in [since, until)."""
        first, end = max(since, self._first), min(until, self._end)
        return float(year_fraction(np.array([first]), np.array([end]))[0]) if first < end else 0.0

    def _part(self, since: np.datetime64, until: np.datetime64) -> float:
        """Return the part of [since, until) that is in the horizon."""
        inside = (min(until, self._end) - max(since, self._first)).astype(float)
        return max(float(inside), 0.0) / float((until - since).astype(float))

    def _open(self, offer: str, *, whole: bool) -> float:
        """Return the years in which the capacity of an offer's own row holds: open, and before its first step."""
        rows, steps = self.case["offers"], self._steps(offer)
        mine = rows[rows["offer"] == offer]
        if whole and len(steps):
            return UNKNOWN
        if mine.empty:
            return self._years(self._first, self._end)
        since, until = (mine[name].fillna(day).to_numpy("datetime64[D]")[0] for name, day in self._bounds)
        return self._years(since, min([until, *steps["from"].to_numpy("datetime64[D]")]))

    @cached_property
    def _bounds(self) -> tuple[tuple[str, Any], ...]:
        """The days between which an offer without dates is open."""
        first, end = (day.astype("datetime64[ns]") for day in (self._first, self._end))
        return ("start", first), ("end", end)

    def _steps(self, offer: str) -> pd.DataFrame:
        ramps = self.case["ramps"]
        return ramps[ramps["offer"] == offer] if offer else ramps.iloc[:0]

    def _step(self, changed: Any) -> float:
        """Return the years in which a step of an offer's capacity holds; a straight line leads up to it from before."""
        if not changed.offer:
            return UNKNOWN
        steps, day = self._steps(changed.offer), np.datetime64(changed.record.split("|")[-1], "D")
        days = steps["from"].to_numpy("datetime64[D]")
        is_line = bool(steps["interpolate"].to_numpy(bool)[days == day].any())
        before, after = days[days < day], days[days > day]
        since = max(before, default=self._first) if is_line else day
        return self._years(since, min(after, default=self._end))

    def _windows(self, table: str, record: str) -> float:
        """Return in how many windows a quantity of a contract or a limit holds; UNKNOWN if not of plain tonnes."""
        rows = self.case[table]
        mine = rows[rows[table[:-1]] == record]
        if table == "limits" and not _are_plain(mine):
            return UNKNOWN
        last = self._end - np.timedelta64(1, "D")
        years = 1 + int((last.astype("datetime64[Y]") - self._first.astype("datetime64[Y]")).astype(int))
        per = next(iter(mine["per"].replace("", "year")), "")
        return {"period": len(self.tree), "year": years}.get(per, 1)


def _are_plain(limits: pd.DataFrame) -> bool:
    """Say whether limits are of tonnes as bought, for one member or for all together."""
    asked = limits["measure"].eq("tonnes") & limits["stage"].eq("") & limits["element"].eq("")
    one = limits["by"].eq("") | limits["member"].ne("")
    return bool((asked & one & limits["counted_in"].isin(["", "tonnes"])).all() and len(limits))


def _difference(changed: Any) -> float:
    """Return by how much a number changed, or how much a row that is new or gone is; NaN where no number says it."""
    if changed.column == "":
        return float(changed.amount)
    try:
        return abs(float(changed.after) - float(changed.before))
    except ValueError:
        return float("nan")
