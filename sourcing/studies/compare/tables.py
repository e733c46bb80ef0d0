"""Tables of plans side by side: a column for each plan's letter, and "B - A" for what the others have more."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.plan.totals import totals, whole
from sourcing.report.used import held_of_use

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sourcing.plan import Plan

    Named = Mapping[str, Plan]

FIGURES = ["lots", "heap", "arrived"]
SUMS = ("paid", "at today's value", "minimised")
_ORDER = ["offer", "supplier", "material", "destination", "mode", "order_from", "order_until", "period"]
_NOTHING = 1e-6


def minus(other: str, first: str) -> str:
    """Return the name of the column of differences."""
    return f"{other} - {first}"


def overview(named: Named) -> pd.DataFrame:
    """Return one row per plan: its letter, folder, question, case, status, days, cost as paid and tonnes short."""
    rows = [
        {
            "plan": letter,
            "folder": "" if plan.folder is None else str(plan.folder),
            "question": plan.question.question,
            "case": plan.manifest["case"],
            "status": plan.manifest["status"],
            "from": plan.question.horizon.first.isoformat(),
            "until": plan.question.horizon.end.isoformat(),
            "paid": totals(plan.tables).paid,
            "short": float(whole(plan.tables)["shortage"]["short"].sum()),
        }
        for letter, plan in named.items()
    ]
    return pd.DataFrame(rows)


def cost(named: Named) -> pd.DataFrame:
    """Return USD by head as paid, then the sums: all that is paid, at today's value, and what was minimised.

    The sums are those of ``sourcing.plan.totals``; the heads before them are of all that is in any.
    """
    table = _beside({letter: _by_head(plan) for letter, plan in named.items()}).fillna(0.0)
    table.index.name = "head"
    heads = [head for head in table.index if head not in SUMS]
    table = table.loc[[*sorted(heads, key=lambda head: -table.loc[head].abs().max()), *SUMS]]
    first = _first(named)
    for other, plan in _others(named):
        alike = pd.Series(same_money(first, plan), index=table.index)
        rates = first.question.objective.discount_rate == plan.question.objective.discount_rate
        alike.loc[list(SUMS[1:])] &= rates
        alike.loc[SUMS[2]] &= first.question.objective.shortage == plan.question.objective.shortage
        table[minus(other, next(iter(named)))] = (table[other] - table[next(iter(named))]).where(alike)
    return table.reset_index()


def _by_head(plan: Plan) -> pd.Series[float]:
    heads = whole(plan.tables)["cost"].groupby("head")["amount"].sum()
    sums = pd.Series(dict(zip(SUMS, totals(plan.tables), strict=True)))
    found: pd.Series[float] = pd.concat([heads, sums]).astype(float)
    return found


def shortage(named: Named) -> pd.DataFrame:
    """Return tonnes short by material and site, where any plan is; those after the horizon included, as of costs."""
    key = ["material", "site"]
    frames = {letter: whole(plan.tables)["shortage"].groupby(key)["short"].sum() for letter, plan in named.items()}
    table, first = _beside(frames).fillna(0.0), _first(named)
    table.index.names = key
    _add_differences(table, named, {other: same_money(first, plan) for other, plan in _others(named)})
    return _largest_first(table, named)


def mix(named: Named) -> pd.DataFrame:
    """Return the share of each country in what arrives as bought, by element or material and year; tonnes as "A t"."""
    key = ["counted", "what", "year", "group"]
    own = {letter: _bought(plan).set_index(key) for letter, plan in named.items()}
    table = _beside({letter: frame["share"] for letter, frame in own.items()}).fillna(0.0)
    table.index.names = key
    for letter, frame in own.items():
        table[f"{letter} t"] = frame["tonnes"].reindex(table.index).fillna(0.0)
    _add_differences(table, named, _years(table, named))
    return _largest_first(table, named)


def use(named: Named) -> pd.DataFrame:
    """Return three shares of members whom a limit on use holds, or would in one heap, in any plan: by limit and window.

    ``figure`` is lots (used, lots kept apart), heap (used, if all is one heap) or arrived; blank where a plan has no
    such limit, or what it says nothing of.
    """
    key = ["limit", "window", "member"]
    held = pd.concat([held_of_use(plan)[key] for plan in named.values()]).drop_duplicates().sort_values(key)
    own = {letter: _three(plan, held) for letter, plan in named.items()}
    table = _beside(own).reindex(pd.MultiIndex.from_frame(held.merge(pd.DataFrame({"figure": FIGURES}), how="cross")))
    table, first = table.dropna(how="all"), _first(named)
    _add_differences(table, named, {other: same_days(first, plan) for other, plan in _others(named)})
    return table.reset_index()


def _three(plan: Plan, held: pd.DataFrame) -> pd.Series[float]:
    """Return the three figures of some members in a plan, of those that it has."""
    names = ["limit", "window", "member"]
    table = plan.tables.get("use")
    known = pd.DataFrame(columns=[*names, *FIGURES]) if table is None else table
    found = held.astype(object).merge(known[[*names, *FIGURES]].astype(dict.fromkeys(names, object)), on=names)
    return found.melt(names, FIGURES, "figure").set_index([*names, "figure"])["value"].astype(float)


def _bought(plan: Plan) -> pd.DataFrame:
    table = plan.tables["shares"]
    return table[(table["lens"] == "country") & (table["stage"] == "") & (table["tonnes"] > 0)]


def concentration(named: Named) -> pd.DataFrame:
    """Return the Herfindahl-Hirschman index of elements by year, at the stages and by what limits name.

    Where limits name none, of what is bought, by country; where one plan counts nothing at a stage (its limits name
    others), of what is bought, too. "A largest" is who has most, "A share" how much.
    """
    key = ["what", "stage", "lens", "year"]
    wanted = _limited(named)
    index, most = {}, {}
    for letter, plan in named.items():
        hhi, parts = (_elements(plan.tables[name], wanted) for name in ("hhi", "shares"))
        index[letter] = hhi.set_index(key)["hhi"]
        most[letter] = parts.sort_values("share", kind="stable").drop_duplicates(key, keep="last").set_index(key)
    table = _beside(index)
    table.index.names = key
    for letter, frame in most.items():
        table[f"{letter} largest"] = frame["group"].reindex(table.index)
        table[f"{letter} share"] = frame["share"].reindex(table.index)
    _add_differences(table, named, _years(table, named))
    return _largest_first(table, named)


def _limited(named: Named) -> set[tuple[str, str]]:
    """Return the stages and lenses to count at: those that limits name, as far as they are counted."""
    known: list[set[tuple[str, str]]] = [
        set(zip(t["stage"], t["lens"], strict=True)) for t in (plan.tables["hhi"] for plan in named.values())
    ]
    limits = [plan.case["limits"] for plan in named.values()]
    named_by_limits = {pair for each in limits for pair in zip(each["stage"], each["by"], strict=True)}
    pairs = {pair for pair in named_by_limits if any(pair in counted for counted in known)}
    if not pairs:
        return {("", "country")}
    return pairs | {("", lens) for stage, lens in pairs if any((stage, lens) not in counted for counted in known)}


def _elements(table: pd.DataFrame, wanted: Iterable[tuple[str, str]]) -> pd.DataFrame:
    pairs = pd.MultiIndex.from_frame(table[["stage", "lens"]])
    return table[(table["counted"] == "element") & pairs.isin(list(wanted))]


def orders(named: Named) -> pd.DataFrame:
    """Return tonnes by offer, destination, mode and period of order where plans differ, the largest difference first.

    Only periods count that every plan has, by their first and last day.
    """
    shared = set.intersection(*(_windows(plan) for plan in named.values()))
    frames = {}
    for letter, plan in named.items():
        bought = plan.tables["purchases"]
        days = zip(bought["order_from"].dt.date, bought["order_until"].dt.date, strict=True)
        frames[letter] = bought[[day in shared for day in days]].groupby(_ORDER)["tonnes"].sum()
    table = _beside(frames).fillna(0.0)
    table.index.names = _ORDER
    columns = _add_differences(table, named, {other: True for other, _ in _others(named)})
    return _largest_first(table[(table[columns].abs() > _NOTHING).any(axis=1)], named)


def _windows(plan: Plan) -> set[tuple[object, object]]:
    """Return the first and last day of every period."""
    return {(start, end - timedelta(days=1)) for start, end in pairwise(plan.question.horizon.boundaries)}


def same_days(one: Plan, two: Plan) -> bool:
    """Whether two plans are for the same days."""
    left, right = one.question.horizon, two.question.horizon
    return (left.first, left.end) == (right.first, right.end)


def same_money(one: Plan, two: Plan) -> bool:
    """Whether the money of two plans is for the same days, those after the horizon included."""
    ends = [plan.question.horizon.boundaries_with_tail[-1] for plan in (one, two)]
    return same_days(one, two) and ends[0] == ends[1]


def _years(table: pd.DataFrame, named: Named) -> dict[str, pd.Series[bool]]:
    """Return in which rows the years of the first and another plan are alike: the same days, or whole years of both."""
    first, years = _first(named).question.horizon, table.index.get_level_values("year").astype(int)
    found = {}
    for other, plan in _others(named):
        starts, ends = max(first.first, plan.question.horizon.first), min(first.end, plan.question.horizon.end)
        whole = (years >= starts.year + (starts.timetuple().tm_yday > 1)) & (years < ends.year)
        found[other] = pd.Series(whole | same_days(_first(named), plan), index=table.index)
    return found


def _beside(frames: Mapping[str, pd.Series[float]]) -> pd.DataFrame:
    """Return series side by side; what only one of them has is blank in the others."""
    filled = {letter: frame.astype(float) for letter, frame in frames.items()}
    index = next(iter(filled.values())).index
    for frame in filled.values():
        index = index.union(frame.index)
    return pd.DataFrame({letter: frame.reindex(index) for letter, frame in filled.items()})


def _add_differences(table: pd.DataFrame, named: Named, alike: Mapping[str, pd.Series[bool] | bool]) -> list[str]:
    """Add what each plan has more than the first, blank where that compares what is not alike; return the columns."""
    first = next(iter(named))
    for other, same in alike.items():
        table[minus(other, first)] = np.where(same, table[other] - table[first], np.nan)
    return [minus(other, first) for other in alike]


def _largest_first(table: pd.DataFrame, named: Named) -> pd.DataFrame:
    columns = [minus(other, next(iter(named))) for other, _ in _others(named)]
    size = table[columns].abs().max(axis=1).fillna(-1.0).round(9)
    return (
        table.sort_index()
        .assign(_size=size)
        .sort_values("_size", ascending=False, kind="stable")
        .drop(columns="_size")
        .reset_index()
    )


def _first(named: Named) -> Plan:
    return next(iter(named.values()))


def _others(named: Named) -> list[tuple[str, Plan]]:
    return list(named.items())[1:]
