"""Working-day calendar: lead times in working days, and runs that stop, as days of the calendar by their first."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.calendar import DUST, cut

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.calendar import TimeTree
    from sourcing.network import Network

    Ints = NDArray[np.int64]

_WEEK, _WORKED = 7, 5


def by_working_days(net: Network, rows: pd.DataFrame, days: str) -> pd.DataFrame:
    """Return stretches of orders with the ``days`` of the calendar that the lead time takes from each of their days.

    Rows have ``code`` (row of offers), ``opens`` and ``closes`` [days since the start of the horizon]. Those of offers
    that count working days are cut into days: what is ordered on one is ready on so many working days after it, rounded
    up to whole ones: Mondays to Fridays that are not closed for orders.
    """
    offers = net.case.only("offers", "days", "lead_days")
    counts = (offers["days"] == "working").to_numpy()
    mine = counts[rows["code"].to_numpy(np.int64)]
    if not mine.any():
        return rows
    worked = rows[mine]
    opens, closes = (worked[name].to_numpy(float) for name in ("opens", "closes"))
    which, day, since, until = cut(opens, closes, np.arange(net.tree.horizon + 2))
    parts = worked.iloc[which].assign(opens=since, closes=until)
    code = np.flatnonzero(counts)
    lead = np.ceil(offers["lead_days"].to_numpy(float)[code] - DUST).astype(np.int64)
    ready = _ready(net.tree, _Counted(code, lead, net.offers_closed, weekends=True))
    parts[days] = (ready[np.searchsorted(code, parts["code"].to_numpy(np.int64)), day] - day).astype(float)
    found: pd.DataFrame = pd.concat([rows[~mine], parts], ignore_index=True)
    return found


def by_days_of_work(net: Network, rows: pd.DataFrame, days: str) -> pd.DataFrame:
    """Return stretches of runs with the ``days`` of the calendar that they take, longer by days closed for work.

    Rows have ``entity`` (row of processes). A run into which a closed day falls is through on so many open days after
    the one on which it starts, rounded up to whole ones.
    """
    closed = net.processes_closed
    mine = rows["entity"].isin(closed["entity"]).to_numpy() & (rows[days].to_numpy(float) > 0)
    if not mine.any():
        return rows
    worked = rows[mine]
    opens, closes = (worked[name].to_numpy(float) for name in ("opens", "closes"))
    which, day, since, until = cut(opens, closes, np.arange(net.tree.horizon + 2))
    parts = worked.iloc[which].assign(opens=since, closes=until)
    code = np.unique(closed["entity"].to_numpy(np.int64))
    plain = net.case["processes"]["days"].to_numpy(float)
    lead = np.ceil(plain[code] - DUST).astype(np.int64)
    process = parts["entity"].to_numpy(np.int64)
    place = np.searchsorted(code, process)
    took = _ready(net.tree, _Counted(code, lead, closed, weekends=False))[place, day] - day
    parts[days] = np.where(took == lead[place], plain[process], took)
    found: pd.DataFrame = pd.concat([rows[~mine], parts], ignore_index=True)
    return found


class _Counted(NamedTuple):
    """Whose days are counted (rows of a table), how many, on which nothing is done, and whether weekends are none."""

    code: Ints
    lead: Ints
    closed: pd.DataFrame
    weekends: bool


def _ready(tree: TimeTree, of: _Counted) -> Ints:
    """Return the day on which the last of ``lead`` days comes that count, by row (of ``code``) and day of the start."""
    code, lead, every, weekends = of
    horizon = int(tree.horizon)
    closed = every[every["entity"].isin(code)]
    shut = int((closed["closes"] - closed["opens"]).sum())
    length = horizon + 1 + (int(lead.max()) // _WORKED + 2) * _WEEK + shut
    weekday = (np.arange(length) + _monday_first(tree)) % _WEEK
    works = np.broadcast_to((weekday < _WORKED) | (not weekends), (len(lead), length)).copy()
    first, last = (np.clip(closed[name].to_numpy(np.int64), 0, length) for name in ("opens", "closes"))
    edges = np.zeros((len(lead), length + 1), np.int64)
    offer = np.searchsorted(code, closed["entity"].to_numpy(np.int64))
    np.add.at(edges, (offer, first), 1)
    np.add.at(edges, (offer, last), -1)
    works &= np.cumsum(edges[:, :-1], axis=1) == 0
    done = np.cumsum(works, axis=1)
    apart = np.arange(len(lead))[:, None] * (length + 1)
    wanted = done[:, : horizon + 1] + lead[:, None]
    found = np.searchsorted((done + apart).ravel(), (wanted + apart).ravel()).reshape(wanted.shape)
    day = found - np.arange(len(lead))[:, None] * length
    return np.where(lead[:, None] > 0, day, np.arange(horizon + 1))


def _monday_first(tree: TimeTree) -> int:
    """Return the weekday of the first day of the horizon, 0 for Monday; 1 January 1970 was a Thursday."""
    return int((tree.start[0].astype("datetime64[D]").astype(int) + 3) % _WEEK)
