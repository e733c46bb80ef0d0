"""Days of supply: what was used in a year, what is left at its end, and for how long that lasts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.network.look_through import STAGES
from sourcing.report.names import named
from sourcing.report.rows import each

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from sourcing.plan import Plan
    from sourcing.report.sources import Shown

    Reals = NDArray[np.float64]

DUST = 1e-6
"""Tonnes: a gram is no stock and no use."""
MONTH = 30.0
"""Days of what a plan uses of a material: what lies at a place without a maximum is said if it is more."""
_YEAR = 365.0


class Year(NamedTuple):
    """A year of a store: tonnes used, tonnes left on its last day, and days for which these last.

    ``lasts`` is infinite where nobody uses what is left, and no number where nothing is left and nothing used. With
    ``beyond`` some of these days lie after the horizon: they count at the use of its last year.
    """

    year: int
    used: float
    held: float
    on: date
    lasts: float
    beyond: bool

    @property
    def at_new_year(self) -> bool:
        """Return whether the year's last period ends with it."""
        return (self.on.month, self.on.day) == (12, 31)


class Heap(NamedTuple):
    """The most tonnes that lie at a place without a maximum, and the last day of the period that ends with them."""

    material: str
    site: str
    most: float
    on: date


@dataclass(frozen=True, eq=False)
class Store:
    """Tonnes left at the end of each period and used in it; period n lasts from ``bounds[n]`` to before the next.

    ``place`` is the site and the material, blank where it is more than one.
    """

    name: str
    bounds: tuple[date, ...]
    held: Reals
    used: Reals
    place: tuple[str, str] = ("", "")

    @property
    def days(self) -> Reals:
        """Days of each period."""
        return np.diff([day.toordinal() for day in self.bounds]).astype(float)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing ever lies there."""
        return bool((self.held <= DUST).all())

    def lasts(self, period: int) -> tuple[float, bool]:
        """Return for how many days the stock at the end of a period lasts, and whether any of them are after the end.

        The days that follow take what their periods do; those after the horizon what its last 365 days did on average.
        Where nothing is left it is 0 days, or no number if the next period uses nothing either.
        """
        left, gone = float(self.held[period]), 0.0
        if left <= DUST:
            return (0.0 if self._next_rate(period) > 0 else math.nan), False
        for days, used in zip(self.days[period + 1 :], self.used[period + 1 :], strict=True):
            if used >= left:
                return gone + float(days * left / used), False
            left, gone = max(left - float(used), 0.0), gone + float(days)
        rate = self._last_rate()
        if rate <= 0:
            return math.inf, False
        return gone + left / rate, True

    def last_day(self, period: int) -> date:
        """Return the last day of a period."""
        return date.fromordinal(self.bounds[period + 1].toordinal() - 1)

    def least(self) -> tuple[float, int]:
        """Return the fewest days for which the stock of any period's end lasts, and the period."""
        lasting = [self.lasts(period)[0] for period in range(len(self.held))]
        known = [(days, period) for period, days in enumerate(lasting) if not math.isnan(days)]
        return min(known, default=(math.nan, 0))

    def years(self) -> list[Year]:
        """Return every calendar year in which a period ends, or of the last one of the horizon the day it ends."""
        edges = np.array([day.toordinal() for day in self.bounds], float)
        gone = np.concatenate([[0.0], np.cumsum(self.used)])
        found = []
        for year in range(self.bounds[0].year, date.fromordinal(self.bounds[-1].toordinal() - 1).year + 1):
            first, after = date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
            used = float(np.interp(after, edges, gone) - np.interp(first, edges, gone))
            ended = np.flatnonzero((edges[1:] > first) & (edges[1:] <= after))
            held, lasts, beyond, on = math.nan, math.nan, False, date(year, 12, 31)
            if ended.size:
                period = int(ended[-1])
                held, (lasts, beyond) = float(self.held[period]), self.lasts(period)
                on = self.last_day(period)
            found.append(Year(year, _seen(used), _seen(held), on, lasts, beyond))
        return found

    def _next_rate(self, period: int) -> float:
        """Return t a day in the period that follows; after the last one that of the last year, 0 where it is dust."""
        if period + 1 == len(self.used):
            return self._last_rate()
        return float(self.used[period + 1] / self.days[period + 1]) if self.used[period + 1] > DUST else 0.0

    def _last_rate(self) -> float:
        """Return t a day in the last 365 days of the horizon, or in all of it where it is shorter."""
        days = self.days
        after = np.cumsum(days[::-1])[::-1] - days
        part = np.clip((_YEAR - after) / days, 0.0, 1.0)
        used = float((part * self.used).sum())
        return used / float((part * days).sum()) if used > DUST else 0.0


def _seen(amount: float) -> float:
    """Return tonnes without what is dust."""
    return 0.0 if amount <= DUST else amount


def bounds_of(plan: Plan) -> tuple[date, ...]:
    """Return the first day of every period of a plan, and the one after the last."""
    return plan.question.horizon.boundaries


def places(plan: Plan) -> dict[tuple[str, str], Store]:
    """Return what lies at every site of each material, and what demand, own plants and lanes take from it."""
    sheet, bounds = plan.tables["stock"], bounds_of(plan)
    materials, sites = named(plan.case["materials"], "material"), named(plan.case["sites"], "site")
    found = {}
    for (site, material), rows in sheet.assign(out=_taken(sheet) + sheet["shipped_out"]).groupby(["site", "material"]):
        name = f"{materials.get(str(material), material)}, {sites.get(str(site), site)}"
        place = str(site), str(material)
        held, out = _by_period(rows, len(bounds) - 1, "end", "out")
        found[place] = Store(name, bounds, held, out, place)
    return found


def asked_for(plan: Plan, place: tuple[str, str]) -> Reals:
    """Return the tonnes that safety stock and cover ask for at the end of each period, once an order can have come.

    Days are days of demand; those after the horizon count as in its last period.
    """
    sheet, stocks, bounds = plan.tables["stock"], plan.case["stocks"], bounds_of(plan)
    mine = sheet[(sheet["site"] == place[0]) & (sheet["material"] == place[1])]
    (due,) = _by_period(mine, len(bounds) - 1, "demand")
    asked = np.zeros(len(due))
    for row in each(stocks[(stocks["site"] == place[0]) & (stocks["material"] == place[1])]):
        days = max((float(each) for each in (row.safety_days, row.cover_days) if not math.isnan(each)), default=0.0)
        asked = np.maximum(row.safety, _due_after(due, bounds, days))
    return asked


def _due_after(due: Reals, bounds: tuple[date, ...], days: float) -> Reals:
    """Return tonnes due in so many days after the end of each period."""
    edges = np.array([bound.toordinal() - bounds[0].toordinal() for bound in bounds], float)
    gone = np.concatenate([[0.0], np.cumsum(due)])
    until = edges[1:] + days
    after = np.maximum(until - edges[-1], 0.0) * due[-1] / (edges[-1] - edges[-2])
    found: Reals = np.interp(until, edges, gone) + after - gone[1:]
    return found


def wanted(plan: Plan, found: Mapping[tuple[str, str], Store]) -> list[Store]:
    """Return the places at which demand is due, those that come closest to empty first; none if none keeps stock."""
    sheet = plan.tables["stock"]
    due = sheet[sheet["demand"] > 0]
    asked = set(zip(due["site"], due["material"], strict=True))
    stores = [store for place, store in found.items() if place in asked]
    if all(store.is_empty for store in stores):
        return []
    return sorted(stores, key=lambda store: (store.least()[0], store.name))


def heaps(plan: Plan) -> list[Heap]:
    """Return where no maximum is stated and more lies than 30 days of what the whole plan uses of the material.

    Use is what demand and own processes take and what is disposed of, on average over the horizon. What is worth most
    comes first.
    """
    sheet, stocks, bounds = plan.tables["stock"], plan.case["stocks"], bounds_of(plan)
    limited = stocks[stocks["maximum"].notna()]
    stated = set(zip(limited["site"], limited["material"], strict=True))
    daily = (_taken(sheet) + sheet["disposed"]).groupby(sheet["material"]).sum() / (bounds[-1] - bounds[0]).days
    fullest = sheet.loc[sheet.groupby(["site", "material"])["end"].idxmax()]
    materials, sites = named(plan.case["materials"], "material"), named(plan.case["sites"], "site")
    value = plan.case["materials"].set_index("material")["value"].fillna(0.0)
    found = []
    for row in each(fullest[fullest["end"] > fullest["material"].map(daily) * MONTH + DUST]):
        if (row.site, row.material) not in stated:
            on = date.fromordinal(bounds[row.node + 1].toordinal() - 1)
            heap = Heap(materials.get(row.material, row.material), sites.get(row.site, row.site), float(row.end), on)
            found.append((-row.end * value[row.material], -row.end, heap))
    return [heap for *_, heap in sorted(found)]


def store_of(plan: Plan, shown: Shown, name: str) -> Store:
    """Return what lies anywhere of what a block of the screen counts, and what is used of it.

    Used is what demand takes and what goes into own processes that give nothing of it; of an element it is what the
    material contains, counted from the block's stage on.
    """
    bounds, parts = bounds_of(plan), _parts(plan, shown)
    sheet, turned = plan.tables["stock"], _used_up(plan, parts)
    part = sheet["material"].map(parts).fillna(0.0)
    sheet = sheet.assign(end=part * sheet["end"], out=part * (sheet["demand"] - sheet["short"]))
    held, out = _by_period(sheet, len(bounds) - 1, "end", "out")
    return Store(name, bounds, held, out + turned)


def _taken(sheet: pd.DataFrame) -> pd.Series[float]:
    return sheet["demand"] - sheet["short"] + sheet["used"]


def _by_period(rows: pd.DataFrame, periods: int, *names: str) -> tuple[Reals, ...]:
    node = rows["node"].to_numpy(int)
    return tuple(_summed(node, rows[name].to_numpy(float), periods) for name in names)


def _summed(node: NDArray[np.int64], amount: Reals, periods: int) -> Reals:
    found: Reals = np.bincount(node, amount, periods)[:periods].astype(float)
    return found


def _parts(plan: Plan, shown: Shown) -> Mapping[str, float]:
    """Return how much of each material counts: that of the block, or what it contains of the block's element."""
    if shown.counted != "element":
        return {shown.what: 1.0}
    held = plan.case["contents"]
    held = held[held["element"] == shown.what]
    rank = {name: at for at, name in enumerate(STAGES)}
    stages = plan.case["materials"].set_index("material")["stage"].map(rank)
    least = rank.get(shown.stage, -1)
    return {
        str(material): float(share)
        for material, share in zip(held["material"], held["share"], strict=True)
        if not stages.get(material, math.nan) < least
    }


def _used_up(plan: Plan, parts: Mapping[str, float]) -> Reals:
    """Return tonnes by period that go into processes which give nothing of what counts."""
    recipes, runs = plan.case["recipes"], plan.tables["conversions"]
    periods = plan.question.horizon.count
    given = set(recipes.loc[(recipes["quantity"] > 0) & recipes["material"].isin(list(parts)), "process"])
    taking = recipes[(recipes["quantity"] < 0) & ~recipes["process"].isin(given)]
    by_run = (-taking["quantity"] * taking["material"].map(parts).fillna(0.0)).groupby(taking["process"]).sum()
    amount = runs["tonnes"] * runs["process"].map(by_run).fillna(0.0)
    return _summed(runs["node"].to_numpy(int), amount.to_numpy(float), periods)
