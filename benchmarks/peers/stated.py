"""Rows that every peer takes as plain arrays: safety stock, what is of use, and what lands late in a period.

As ``tables``, this is written from docs/mathematics.md in pandas and NumPy, before any modelling library is touched.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from benchmarks.peers.tables import Tables

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

KINDS = ("buy", "ship", "make", "hold")
NOTHING = 1e-9
"""Tonnes; less than this is rounding in a sum."""


class Rows(NamedTuple):
    """Rows between ``low`` and ``high``, and a frame of their terms.

    The frame has the columns row, kind (of ``KINDS``), activity (a stock point for "hold"), start (period), value.
    """

    low: Reals
    high: Reals
    terms: pd.DataFrame

    def of(self, kind: str) -> tuple[Ints, tuple[Ints, Ints], Reals]:
        """Return the terms of one kind: their rows, cells (activity, start) and values."""
        rows = self.terms[self.terms["kind"] == kind]
        row, activity, start = (rows[name].to_numpy(np.int64) for name in ("row", "activity", "start"))
        return row, (activity, start), rows["value"].to_numpy(float)


class Stated(NamedTuple):
    """Bounds of the stock (point, period), infinity where rows bound it, and the rows."""

    room: Reals
    safety: Rows
    use: Rows
    early: Rows

    @property
    def rows(self) -> tuple[Rows, Rows, Rows]:
        """All rows."""
        return self.safety, self.use, self.early


def state(tables: Tables) -> Stated:
    """Return the rows, with everything that comes to a point and leaves it looked up once."""
    entries, onward = _entries(tables), _onward(tables)
    use = _too_much(tables, entries)
    ruled = np.zeros(tables.useful.shape, bool)
    ruled[use["point"], use["period"]] = True
    ruled[:, -1] = True
    point, period = np.nonzero(ruled)
    number = np.full(ruled.shape, -1)
    number[ruled] = np.arange(len(point))
    more = use.assign(row=number[use["point"], use["period"]], value=-use["tonnes"])
    terms = pd.concat([_held(point, period, 1.0), more])
    most = tables.useful[ruled]
    return Stated(
        np.where(ruled, np.inf, tables.useful),
        _safety(tables, onward),
        Rows(np.full(len(most), -np.inf), most, terms),
        _early(tables, entries, onward),
    )


def _held(point: Ints, period: Ints, value: float) -> pd.DataFrame:
    """Return the terms of stock, one for each row."""
    row = np.arange(len(point))
    return pd.DataFrame({"row": row, "kind": "hold", "activity": point, "start": period, "value": value})


def _entries(tables: Tables) -> pd.DataFrame:
    """Return what comes to points: kind, activity, start, point, end, tonnes, day (on which the first of it lands)."""
    bought, shipped, made = tables.arrivals, tables.landings, tables.made
    moved = [
        pd.DataFrame(parts._asdict()).assign(
            kind=kind, point=goods["point"].to_numpy()[parts.activity], days=goods["arrives"].to_numpy()[parts.activity]
        )
        for kind, parts, goods in (("buy", bought, tables.routes), ("ship", shipped, tables.ships))
    ]
    run = made.rename(columns={"number": "activity"}).assign(kind="make")
    run["days"] = tables["processes"]["days"].to_numpy(float)[made["number"]]
    entries = pd.concat([*(part.rename(columns={"share": "tonnes"}) for part in moved), run], ignore_index=True)
    return entries.assign(day=tables.periods["start"].to_numpy()[entries["start"]] + entries.pop("days"))


def _onward(tables: Tables) -> pd.DataFrame:
    """Return what ships and processes take from points: kind, activity, start, point, tonnes."""
    ship, start = np.nonzero(tables.sent)
    sent = pd.DataFrame({"kind": "ship", "activity": ship, "start": start, "tonnes": 1.0})
    sent["point"] = tables.ships["from_point"].to_numpy()[ship]
    taken = tables.taken.rename(columns={"number": "activity"}).assign(kind="make")
    return pd.concat([sent, taken.assign(tonnes=-taken["tonnes"])], ignore_index=True)


def _safety(tables: Tables, onward: pd.DataFrame) -> Rows:
    """Ask for safety stock from the first period that begins when an order can have arrived.

    In the period of that day it is what the opening stock leaves after the demand before; what goes on counts with it.
    """
    starts, ends = tables.periods["start"].to_numpy(), tables.periods["end"].to_numpy()
    stocks = tables.stocks
    full, opening, first = (stocks[name].to_numpy()[:, None] for name in ("safety", "opening", "first_arrival"))
    before = np.clip((first - starts) / (ends - starts), 0.0, 1.0)
    level = np.clip(opening - (tables.due * before).sum(axis=1, keepdims=True), 0.0, full)
    asked = np.where(starts >= first, full, np.where(ends > first, level, 0.0))
    point, period = np.nonzero(asked > NOTHING)
    early = pd.DataFrame({"row": np.arange(len(point)), "point": point, "period": period})
    early = early[before[point, period] > 0].merge(onward, on="point")
    early = early[early["start"] <= early["period"]]
    value = early["tonnes"] * before[early["point"], early["start"]]
    terms = pd.concat([_held(point, period, 1.0), early.assign(value=value)])
    return Rows(asked[point, period], np.full(len(point), np.inf), terms)


def _early(tables: Tables, entries: pd.DataFrame, onward: pd.DataFrame) -> Rows:
    """Let what lands from a day of its own period on serve no demand of the days before."""
    starts, ends = tables.periods["start"].to_numpy(), tables.periods["end"].to_numpy()
    landing = entries[(entries["start"] == entries["end"]) & (entries["day"] > starts[entries["start"]])]
    landing = landing.assign(period=landing.pop("end"))
    rows = landing[["point", "period", "day"]].drop_duplicates()
    point, period = rows["point"].to_numpy(), rows["period"].to_numpy()
    due = tables.due[point, period]
    after = due * (ends[period] - rows["day"].to_numpy()) / (ends - starts)[period]
    held = after < due - NOTHING
    rows = rows[held].assign(row=np.arange(held.sum())).rename(columns={"day": "since"})
    late = landing.merge(rows, on=["point", "period"])
    late = late[late["day"] >= late["since"]].rename(columns={"tonnes": "value"})
    gone = onward.merge(rows, left_on=["point", "start"], right_on=["point", "period"])
    gone = gone.assign(value=-gone["tonnes"])
    return Rows(
        np.full(len(rows), -np.inf), after[held], pd.concat([late, gone, _held(point[held], period[held], -1.0)])
    )


def _too_much(tables: Tables, entries: pd.DataFrame) -> pd.DataFrame:
    """Return what a tonne of each activity has to bring too much: kind, activity, start, point, period, tonnes.

    Of what comes over several periods the part up to one of them is needed; what comes later may be more than the
    later use that falls to it. The largest over all periods counts, and stays to the end.
    """
    own = ["kind", "activity", "start", "point"]
    comes = entries.groupby([*own, "end"], as_index=False)["tonnes"].sum()
    by_own = comes.groupby(own)
    comes = comes.assign(
        sofar=by_own["tonnes"].cumsum(), first=by_own["end"].transform("min"), last=by_own["end"].transform("max")
    )
    early = comes[comes["end"] < comes["last"]]
    left = early["sofar"] * (1 + _later_use(tables, early))
    early = early.assign(left=left)[[*own, "end", "left"]].rename(columns={"end": "until"})
    pairs = early.merge(comes, on=own)
    pairs = pairs.assign(tonnes=pairs["sofar"] - pairs["left"])
    pairs = pairs[(pairs["end"] > pairs["until"]) & (pairs["tonnes"] > NOTHING)]
    stays = np.where(pairs["end"] == pairs["last"], len(tables.periods) - pairs["end"], 1)
    each = pairs.loc[pairs.index.repeat(stays)]
    offset = np.arange(len(each)) - np.repeat(np.cumsum(stays) - stays, stays)
    return each.assign(period=each["end"] + offset).groupby([*own, "period"], as_index=False)["tonnes"].max()


def _later_use(tables: Tables, early: pd.DataFrame) -> Reals:
    """Return the use after the period in which each part ends, over that since anything of its kind began to come."""
    since = early.groupby(["point", "end"])["first"].transform("min").to_numpy()
    point, until = early["point"].to_numpy(), early["end"].to_numpy()
    kept = tables.chain @ tables.stocks["safety"].to_numpy()
    use = np.pad((tables.chain @ tables.due).cumsum(axis=1), ((0, 0), (1, 0)))
    served = use[point, until + 1] - use[point, since] + kept[point]
    later = use[point, -1] - use[point, until + 1]
    ratio: Reals = np.divide(later, served, out=np.full(len(served), np.inf), where=served > 0)
    return ratio
