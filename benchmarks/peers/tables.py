"""What every peer starts from: the tables as pandas reads them, joined and spread over the periods.

This is written from docs/mathematics.md, in pandas and NumPy, by whole columns: the part of the work that is the same
whatever modelling library follows. It knows the tables that the benchmark's cases fill in, and no others.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Frames = dict[str, pd.DataFrame]

POINT = ["site", "material"]
TEXT = {"tariffs": ["importer", "origin", "tariff_code"], "lanes": ["material"]}


def read(question: str) -> Tables:
    """Read the question and the CSV files of its case."""
    path = Path(question)
    asked = tomllib.loads(path.read_text(encoding="utf-8"))
    files = (path.parent / asked["case"]).glob("*.csv")
    frames = {file.stem: pd.read_csv(file) for file in files}
    for table, columns in TEXT.items():
        frames[table][columns] = frames[table][columns].astype(object).fillna("")
    return Tables(frames, asked)


class Parts(NamedTuple):
    """Parts of activities: ``share`` of what ``activity`` starts in ``start`` happens in ``end``."""

    activity: Ints
    start: Ints
    end: Ints
    share: Reals


@dataclass(frozen=True)
class Tables:
    """The frames by name and the question; everything else follows from them when it is asked for."""

    frames: Frames
    question: dict[str, Any]

    def __getitem__(self, table: str) -> pd.DataFrame:
        """Return one table."""
        return self.frames[table]

    @cached_property
    def periods(self) -> pd.DataFrame:
        """Periods: name, start and end [days], calendar year, years (length), discount (factor)."""
        horizon = self.question["horizon"]
        edges = pd.date_range(horizon["start"], periods=horizon["periods"] + 1, freq="MS")
        day = (edges - edges[0]).days.to_numpy(float)
        year_days = np.where(edges.is_leap_year, 366.0, 365.0)
        date = edges.year + (edges.day_of_year - 1) / year_days
        years = np.diff(day) / year_days[:-1]
        middle = date[:-1] - date[0] + years / 2
        factor = (1 + self.question["objective"]["discount_rate"]) ** -middle
        return pd.DataFrame(
            {
                "name": edges[:-1].strftime("%Y-%m"),
                "start": day[:-1],
                "end": day[1:],
                "year": edges[:-1].year,
                "years": years,
                "discount": factor,
            }
        )

    @cached_property
    def recipes(self) -> pd.DataFrame:
        """Recipes with the site of their process, its number and the number of the stock point."""
        recipes = self["recipes"].merge(self["processes"][["process", "site"]], on="process")
        number = pd.Index(self["processes"]["process"]).get_indexer(recipes["process"])
        return recipes.assign(number=number)

    @cached_property
    def points(self) -> pd.MultiIndex:
        """Stock points: every (site, material) that is asked for, kept, taken or made. All have stock on day 0."""
        frames = (self["demand"], self["stocks"], self.recipes)
        return pd.MultiIndex.from_frame(pd.concat([frame[POINT] for frame in frames]).drop_duplicates())

    def point(self, site: pd.Series[str], material: pd.Series[str]) -> Ints:
        """Return the number of each stock point, -1 where there is none."""
        return self.points.get_indexer(pd.MultiIndex.from_arrays([site, material]))

    @cached_property
    def demand(self) -> pd.DataFrame:
        """Demand: point, period, quantity, price of a tonne short."""
        rows = self["demand"].merge(self["materials"][["material", "shortage_cost"]], on="material")
        period = pd.Index(self.periods["name"]).get_indexer(rows["period"])
        return rows.assign(point=self.point(rows["site"], rows["material"]), period=period)

    @cached_property
    def due(self) -> Reals:
        """Demand (point, period)."""
        due = np.zeros((len(self.points), len(self.periods)))
        np.add.at(due, (self.demand["point"].to_numpy(), self.demand["period"].to_numpy()), self.demand["quantity"])
        return due

    def _crossing(self, goods: pd.DataFrame) -> pd.DataFrame:
        """Add country of origin, country of arrival, days of licence and rate of duty."""
        country = self["sites"].set_index("site")["country"]
        leaves, enters = goods["origin"].map(country), goods["destination"].map(country)
        licences = self["licences"].rename(columns={"country": "leaves"})[["leaves", "material", "lag_days"]]
        goods = goods.assign(leaves=leaves, enters=enters, number=np.arange(len(goods)))
        goods = goods.merge(licences, on=["leaves", "material"], how="left").fillna({"lag_days": 0.0})
        goods = goods.merge(self["materials"][["material", "tariff_code"]], on="material").sort_values("number")
        abroad = (goods["leaves"] != goods["enters"]).to_numpy()
        rate = np.zeros(len(goods))
        for tariff in self["tariffs"].itertuples():
            applies = abroad.copy()
            given = (tariff.importer, tariff.origin, tariff.tariff_code)
            for column, wanted in zip(("enters", "leaves", "tariff_code"), given, strict=True):
                if wanted:
                    applies &= (goods[column] == wanted).to_numpy()
            rate[applies] += tariff.rate
        return goods.assign(lag_days=goods["lag_days"].where(abroad, 0.0), rate=rate).reset_index(drop=True)

    @cached_property
    def lanes(self) -> pd.DataFrame:
        """Lanes with their numbers."""
        return self["lanes"].assign(lane=np.arange(len(self["lanes"])))

    @cached_property
    def horizon(self) -> float:
        """Days from the first day to the end."""
        return float(self.periods["end"].iloc[-1])

    def _carried(self, goods: pd.DataFrame) -> pd.DataFrame:
        """Pair goods with the lanes that leave their site and carry their material; a blank one carries any."""
        pairs = goods.merge(self.lanes, left_on="site", right_on="origin", suffixes=("", "_lane"))
        return pairs[(pairs["material_lane"] == "") | (pairs["material_lane"] == pairs["material"])]

    @cached_property
    def routes(self) -> pd.DataFrame:
        """Every offer by every lane to a point that wants it: point, offer's number, days to departure and arrival."""
        offers = self["offers"].assign(offer=np.arange(len(self["offers"])))
        wanted = [self["demand"][POINT], self["stocks"][POINT], self.recipes.loc[self.recipes["quantity"] < 0, POINT]]
        wanted = pd.concat(wanted).drop_duplicates().rename(columns={"site": "destination"})
        routes = self._crossing(self._carried(offers).merge(wanted, on=["destination", "material"]))
        departs = routes["lead_days"] + routes["lag_days"]
        point = self.point(routes["destination"], routes["material"])
        return routes.assign(point=point, departs=departs, arrives=departs + routes["transit_days"])

    @cached_property
    def ships(self) -> pd.DataFrame:
        """Every material that is made or kept at a site by every lane to a point that wants it."""
        kept = pd.concat([self["stocks"][POINT], self.recipes.loc[self.recipes["quantity"] > 0, POINT]])
        ships = self._carried(kept.drop_duplicates())
        ships = ships[self.point(ships["destination"], ships["material"]) >= 0]
        ships = self._crossing(ships.merge(self["materials"][["material", "value"]], on="material"))
        return ships.assign(
            from_point=self.point(ships["origin"], ships["material"]),
            point=self.point(ships["destination"], ships["material"]),
            departs=ships["lag_days"],
            arrives=ships["lag_days"] + ships["transit_days"],
        )

    @cached_property
    def ordered(self) -> Flags:
        """Whether each (route, period) can be ordered: something of it lands before the end."""
        return self.periods["start"].to_numpy() + self.routes["arrives"].to_numpy()[:, None] < self.horizon

    @cached_property
    def sent(self) -> Flags:
        """Whether each (ship, period) can be sent: some of its days are early enough to land before the end."""
        return self.periods["start"].to_numpy() < self._last(self.ships["arrives"])[:, None]

    @cached_property
    def run(self) -> Flags:
        """Whether each (process, period) can run: some of its days are early enough to end before the end."""
        return self.periods["start"].to_numpy() < self._last(self["processes"]["days"])[:, None]

    def _last(self, days: pd.Series[float]) -> Reals:
        """Return the day from which own goods, or runs, that take some days would not be there before the end."""
        return self.horizon - days.to_numpy(float)

    @cached_property
    def run_capacity(self) -> Reals:
        """Most activity (process, period) on the days on which the process can run."""
        starts, ends = self.periods["start"].to_numpy(), self.periods["end"].to_numpy()
        days = np.clip(self._last(self["processes"]["days"])[:, None] - starts, 0.0, ends - starts)
        part = days / (ends - starts) * self.periods["years"].to_numpy()
        return self["processes"]["capacity"].to_numpy()[:, None] * part

    @cached_property
    def arrivals(self) -> Parts:
        """Parts in which what is bought by each route arrives."""
        return self._spread(self.routes["arrives"])

    @cached_property
    def landings(self) -> Parts:
        """Parts in which what is shipped arrives."""
        return self._spread(self.ships["arrives"], self._last(self.ships["arrives"]))

    @cached_property
    def made(self) -> pd.DataFrame:
        """What processes give: number (of the process), point, start, end, tonnes for a tonne of activity."""
        made = self.recipes[self.recipes["quantity"] > 0]
        days = self["processes"]["days"].iloc[made["number"]]
        parts = self._spread(days, self._last(days))
        rows = made.iloc[parts.activity]
        found = {"number": rows["number"], "point": self.point(rows["site"], rows["material"])}
        tonnes = rows["quantity"].to_numpy() * parts.share
        return pd.DataFrame({**found, "start": parts.start, "end": parts.end, "tonnes": tonnes}).reset_index(drop=True)

    @cached_property
    def taken(self) -> pd.DataFrame:
        """What processes take: number (of the process), point, start, tonnes (below 0) for a tonne of activity."""
        taken = self.recipes[self.recipes["quantity"] < 0]
        side, start = np.nonzero(self.run[taken["number"]])
        rows = taken.iloc[side]
        found = {"number": rows["number"], "point": self.point(rows["site"], rows["material"])}
        return pd.DataFrame({**found, "start": start, "tonnes": rows["quantity"]}).reset_index(drop=True)

    @cached_property
    def departures(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """What departs on lanes with a capacity, bought and shipped: lane, end (period), activity, start, share."""
        narrow = self.lanes["capacity"].notna().to_numpy()
        found = []
        for goods, decided in ((self.routes, self.ordered), (self.ships, self.sent)):
            held = np.flatnonzero(narrow[goods["lane"]])
            last = self._last(goods["arrives"].iloc[held]) if goods is self.ships else None
            parts = self._spread(goods["departs"].iloc[held], last)
            frame = pd.DataFrame({**parts._asdict(), "activity": held[parts.activity]})
            frame = frame[decided[frame["activity"], frame["start"]]]
            found.append(frame.assign(lane=goods["lane"].to_numpy()[frame["activity"]]))
        return found[0], found[1]

    def _spread(self, days: pd.Series[float], last: Reals | None = None) -> Parts:
        """Spread what each activity starts evenly over a period over the periods in which it happens, days later.

        ``last`` is the day from which each activity is not started any more; without it all of a period counts.
        """
        starts, ends = self.periods["start"].to_numpy(), self.periods["end"].to_numpy()
        delay = days.to_numpy(float)[:, None]
        stops = np.minimum(ends, np.inf if last is None else last[:, None]) + np.zeros_like(delay)
        opens, closes = starts + delay, stops + delay
        first, after = np.searchsorted(ends, opens, "right"), np.searchsorted(starts, closes, "left")
        count = np.maximum(after - first, 0).ravel()
        cell = np.repeat(np.arange(opens.size), count)
        end = first.ravel()[cell] + np.arange(len(cell)) - np.repeat(np.cumsum(count) - count, count)
        overlap = np.minimum(closes.ravel()[cell], ends[end]) - np.maximum(opens.ravel()[cell], starts[end])
        activity, start = np.divmod(cell, len(starts))
        return Parts(activity, start, end, overlap / (stops.ravel()[cell] - starts[start]))

    def paid_on_arrival(self, parts: Parts, count: int) -> Reals:
        """Return (activity, period of start): discount of what is paid on arrival; what is late is paid at the end."""
        discount = self.periods["discount"].to_numpy()
        inside, present = np.zeros((2, count, len(discount)))
        np.add.at(inside, (parts.activity, parts.start), parts.share)
        np.add.at(present, (parts.activity, parts.start), parts.share * discount[parts.end])
        return present + (1 - inside) * discount[-1]

    @cached_property
    def stocks(self) -> pd.DataFrame:
        """Stock of each point: opening, safety, closing, maximum (NaN without), holding_cost, first_arrival [days].

        The closing stock is blank in all cases: the safety stock, if an order can arrive before the end.
        """
        stocks = self["stocks"].set_index(POINT).reindex(self.points)
        stocks = stocks.fillna({"opening": 0.0, "safety": 0.0, "holding_cost": 0.0}).reset_index()
        first = self._first_arrival()
        return stocks.assign(closing=stocks["safety"].where(first < self.horizon, 0.0), first_arrival=first)

    def _steps(self) -> pd.DataFrame:
        """Return steps between points: from, to, tonnes asked for at "from" for one at "to", days."""
        taken, made = self.recipes[self.recipes["quantity"] < 0], self.recipes[self.recipes["quantity"] > 0]
        pairs = taken.merge(made, on="process", suffixes=("_in", "_out"))
        days = pairs["process"].map(self["processes"].set_index("process")["days"])
        process = pd.DataFrame(
            {
                "from": self.point(pairs["site_in"], pairs["material_in"]),
                "to": self.point(pairs["site_out"], pairs["material_out"]),
                "factor": -pairs["quantity_in"] / pairs["quantity_out"],
                "days": days.astype(float),
            }
        )
        ships = self.ships.rename(columns={"from_point": "from", "point": "to", "arrives": "days"})
        return pd.concat([process, ships[["from", "to", "days"]].assign(factor=1.0)])

    def _first_arrival(self) -> Reals:
        earliest = np.full(len(self.points), np.inf)
        np.minimum.at(earliest, self.routes["point"].to_numpy(), self.routes["arrives"].to_numpy())
        steps = self._steps()
        start, end, days = (steps[name].to_numpy() for name in ("from", "to", "days"))
        before = None
        while before is None or not np.array_equal(before, earliest):
            before = earliest.copy()
            np.minimum.at(earliest, end, before[start] + days)
        return earliest

    @cached_property
    def chain(self) -> Reals:
        """Most tonnes (from, to) at a point that a tonne at another can ask for, along all chains."""
        chain, before, steps = np.eye(len(self.points)), None, self._steps()
        start, end, factor = (steps[name].to_numpy() for name in ("from", "to", "factor"))
        while before is None or not np.array_equal(before, chain):
            before = chain.copy()
            np.maximum.at(chain, start, factor[:, None] * before[end])
        return chain

    @cached_property
    def useful(self) -> Reals:
        """Most stock (point, period) that is of use: what is asked for later along all chains, or must be kept."""
        after = np.zeros_like(self.due)
        after[:, :-1] = self.due[:, :0:-1].cumsum(axis=1)[:, ::-1]
        kept = self.stocks["safety"].to_numpy()
        own = self.stocks[["opening", "safety"]].max(axis=1).to_numpy()
        return np.maximum(self.chain @ (after + kept[:, None]), own[:, None])

    @cached_property
    def counted(self) -> pd.DataFrame:
        """What limits count: limit (its row), country, window (of years), route, start, tonnes for a tonne bought."""
        limits = self["limits"].assign(limit=np.arange(len(self["limits"])))[["limit", "element"]]
        held = self["contents"].merge(limits, on="element")[["material", "limit", "share"]]
        routes = self.routes.assign(route=np.arange(len(self.routes)))
        held = routes[["route", "material", "leaves"]].merge(held, on="material")
        parts = self.arrivals
        window, _ = pd.factorize(self.periods["year"])
        arrives = pd.DataFrame(
            {"route": parts.activity, "start": parts.start, "window": window[parts.end], "part": parts.share}
        )
        arrives = arrives.groupby(["route", "start", "window"], as_index=False, sort=False)["part"].sum()
        counted = arrives.merge(held, on="route").rename(columns={"leaves": "country"})
        return counted.assign(tonnes=counted["part"] * counted["share"])

    @cached_property
    def windows(self) -> int:
        """Number of years: the windows of every limit."""
        return int(self.periods["year"].nunique())
