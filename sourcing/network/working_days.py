"""Working-day calendar: lead times in working days, as days of the calendar by the day of the order."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.calendar import DUST, cut

if TYPE_CHECKING:
    from numpy.typing import NDArray

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
    ready = _ready(net, code, np.ceil(offers["lead_days"].to_numpy(float)[code] - DUST).astype(np.int64))
    parts[days] = (ready[np.searchsorted(code, parts["code"].to_numpy(np.int64)), day] - day).astype(float)
    found: pd.DataFrame = pd.concat([rows[~mine], parts], ignore_index=True)
    return found


def _ready(net: Network, code: Ints, lead: Ints) -> Ints:
    """Return the day on which the last of ``lead`` working days comes, by offer (of ``code``) and day of the order."""
    horizon, every = int(net.tree.horizon), net.offers_closed
    closed = every[every["entity"].isin(code)]
    shut = int((closed["closes"] - closed["opens"]).sum())
    length = horizon + 1 + (int(lead.max()) // _WORKED + 2) * _WEEK + shut
    weekday = (np.arange(length) + _monday_first(net)) % _WEEK
    works = np.broadcast_to(weekday < _WORKED, (len(lead), length)).copy()
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


def _monday_first(net: Network) -> int:
    """Return the weekday of the first day of the horizon, 0 for Monday; 1 January 1970 was a Thursday."""
    return int((net.tree.start[0].astype("datetime64[D]").astype(int) + 3) % _WEEK)
