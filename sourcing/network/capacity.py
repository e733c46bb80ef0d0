"""What an offer, a process or a line can give in each period: tonnes a year, start and end, ramps."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.calendar import DAY, DUST, YEAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.calendar import TimeTree
    from sourcing.network import Network

    Reals = NDArray[np.float64]

OPEN = ("capacity", "start", "end")
"""Columns that say what an offer can give, and when."""
_FIRST, _LAST = np.datetime64("0001-01-01", "D"), np.datetime64("9999-12-31", "D")


def period_capacity(owners: pd.DataFrame, ramps: pd.DataFrame, tree: TimeTree) -> Reals:
    """Return tonnes per (owner, node); infinity where the table names no capacity, 0 outside start and end.

    Parameters
    ----------
    owners : one row per owner: capacity [t/year, NaN = none], start, end (NaT = none).
    ramps : owner (row of owners), from, capacity [t/year], interpolate; a step per row, or a line from the one before.
    tree : the periods.

    Each day counts 1/365 or 1/366 of its own calendar year, so the four quarters of a year add up exactly.
    """
    if owners.empty:
        return np.zeros((0, len(tree)))
    active_from = dates_of(owners["start"], _FIRST)
    active_until = dates_of(owners["end"], _LAST)
    node, start, end, year_days = pieces(tree)
    segments = _segments(owners, ramps)
    owner = segments["owner"].to_numpy()
    opens = np.maximum(dates_of(segments["from"], _FIRST), active_from[owner])
    closes = np.minimum(dates_of(segments["until"], _LAST), active_until[owner])
    first = np.maximum(opens[:, None], start)
    last = np.minimum(closes[:, None], end)
    days = np.maximum((last - first).astype(float), 0.0)
    level = segments["level"].to_numpy(float)[:, None]
    middle = (first - segments["from"].to_numpy("datetime64[D]")[:, None]).astype(float) + days / 2
    sloped = segments["slope"].to_numpy(float)[:, None]
    rate = np.where(sloped != 0, level + sloped * np.where(days > 0, middle, 0.0), level)
    tonnes = np.multiply(rate, days / year_days, where=days > 0, out=np.zeros_like(days))
    capacity = np.zeros((len(owners), len(tree)))
    np.add.at(capacity, (owner[:, None], node[None, :]), tonnes)
    return capacity


def open_days(owners: pd.DataFrame, ramps: pd.DataFrame, tree: TimeTree) -> pd.DataFrame:
    """Return the stretches of days on which owners have any capacity: entity (row of owners), opens, closes.

    In days since the start of the horizon; ``owners`` and ``ramps`` as in ``period_capacity``. A line from
    nothing upwards opens on its first day.
    """
    segments = _segments(owners, ramps)
    owner = segments["owner"].to_numpy(np.int64)
    opens = np.maximum(dates_of(segments["from"], _FIRST), dates_of(owners["start"], _FIRST)[owner])
    closes = np.minimum(dates_of(segments["until"], _LAST), dates_of(owners["end"], _LAST)[owner])
    gives = (segments["level"] > 0) | (segments["slope"] > 0)
    begins, ends = np.maximum(opens, tree.start[0]), np.minimum(closes, tree.end.max())
    real = gives.to_numpy() & (begins < ends)
    found = {"entity": owner[real], "opens": tree.since_start(begins[real]), "closes": tree.since_start(ends[real])}
    return joined(pd.DataFrame(found))


def joined(stretches: pd.DataFrame) -> pd.DataFrame:
    """Join the stretches (entity, opens, closes) of each entity that meet or overlap, in the order of days."""
    rows = stretches[["entity", "opens", "closes"]].sort_values(["entity", "opens"], ignore_index=True)
    before = rows.groupby("entity")["closes"].cummax().groupby(rows["entity"]).shift()
    run = (~(rows["opens"] <= before)).cumsum().rename("run")
    spans = rows.groupby(run).agg({"entity": "first", "opens": "first", "closes": "max"})
    return spans.reset_index(drop=True)


def dates_of(column: pd.Series[pd.Timestamp], blank: np.datetime64) -> NDArray[np.datetime64]:
    """Return a column of dates as days, ``blank`` where there is none."""
    dates = column.to_numpy("datetime64[D]")
    return np.where(np.isnat(dates), blank, dates)


def pieces(tree: TimeTree) -> tuple[NDArray[np.int64], NDArray[np.datetime64], NDArray[np.datetime64], Reals]:
    """Cut every node's period at New Year: node, start, end, days of its calendar year."""
    first = tree.start.astype("datetime64[Y]")
    count = ((tree.end - DAY).astype("datetime64[Y]") - first).astype(int) + 1
    node = np.repeat(np.arange(len(tree)), count)
    year = first[node] + YEAR * (np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count))
    opens, closes = year.astype("datetime64[D]"), (year + YEAR).astype("datetime64[D]")
    return node, np.maximum(opens, tree.start[node]), np.minimum(closes, tree.end[node]), (closes - opens).astype(float)


def _segments(owners: pd.DataFrame, ramps: pd.DataFrame) -> pd.DataFrame:
    """Return pieces of constant or straight capacity: owner, from, until, level at from [t/year], slope [t/year/d]."""
    base = pd.DataFrame({"owner": np.arange(len(owners)), "level": owners["capacity"].to_numpy(float)})
    ramped = base["owner"].isin(ramps["owner"])
    base["level"] = base["level"].fillna(np.inf).mask(ramped & owners["capacity"].isna().to_numpy(), 0.0)
    base["from"], base["line"] = pd.NaT, False
    steps = pd.DataFrame(
        {"owner": ramps["owner"], "level": ramps["capacity"], "from": ramps["from"], "line": ramps["interpolate"]}
    )
    rows = pd.concat([base.astype({"from": "datetime64[ns]"}), steps.astype({"from": "datetime64[ns]"})])
    rows = rows.sort_values(["owner", "from"], na_position="first", kind="stable", ignore_index=True)
    following = rows.groupby("owner").shift(-1)
    rows["until"] = following["from"]
    days = (rows["until"] - rows["from"]).dt.days
    line = following["line"].eq(other=True) & days.gt(0)
    rows["slope"] = ((following["level"] - rows["level"]) / days).where(line, 0.0)
    return rows


def undated(owners: pd.DataFrame) -> pd.DataFrame:
    """Return owners that are there all the time, with the blank start and end that ``period_capacity`` reads."""
    never = pd.Series(pd.NaT, index=owners.index, dtype="datetime64[ns]")
    return owners.assign(start=never, end=never)


def capacity_on(stretches: pd.DataFrame, owners: pd.DataFrame, ramps: pd.DataFrame, tree: TimeTree) -> Reals:
    """Return tonnes per (owner, node) on some stretches of days alone (entity, opens, closes); part days are whole.

    Stretches are in days since the start of the horizon; ``owners`` and ``ramps`` as in ``period_capacity``.
    """
    whole = stretches.assign(
        opens=np.clip(np.floor(stretches["opens"] + DUST), 0.0, tree.horizon),
        closes=np.clip(np.ceil(stretches["closes"] - DUST), 0.0, tree.horizon),
    )
    spans = joined(whole)
    owner = spans["entity"].to_numpy(np.int64)
    first = tree.start[0].astype("datetime64[D]")
    days = [(first + spans[bound].to_numpy("timedelta64[D]")).astype("datetime64[ns]") for bound in ("opens", "closes")]
    each = owners.iloc[owner].reset_index(drop=True).assign(start=days[0], end=days[1])
    own = pd.DataFrame({"owner": owner, "span": np.arange(len(spans))}).merge(ramps, on="owner")
    found = np.zeros((len(owners), len(tree)))
    np.add.at(found, owner, period_capacity(each, own.drop(columns="owner").rename(columns={"span": "owner"}), tree))
    return found


def ramps_of(ramps: pd.DataFrame, column: str, owners: pd.Series[str]) -> pd.DataFrame:
    """Return the ramp rows of offers, processes or lines with the row of their owner."""
    mine = ramps[ramps[column] != ""]
    return mine.assign(owner=pd.Index(owners).get_indexer(pd.Index(mine[column])))


def named(owners: pd.DataFrame, ramps: pd.DataFrame) -> NDArray[np.bool_]:
    """Return for each owner whether the tables name a capacity at all."""
    has_ramp = np.isin(np.arange(len(owners)), ramps["owner"])
    flags: NDArray[np.bool_] = owners["capacity"].notna().to_numpy() | has_ramp
    return flags


def site_capacity(net: Network) -> Reals:
    """Return the tonnes that may arrive at each (site, node); infinity where the tables name no capacity."""
    sites = net.case["sites"]
    return period_capacity(undated(sites), net.case["ramps"].iloc[:0].assign(owner=0), net.tree)
