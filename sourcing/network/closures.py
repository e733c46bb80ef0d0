"""Closure calendars: the days on which ways are closed, taken out of stretches, or waited for until one is open again.

A stretch is a row with ``entity``, ``opens`` and ``closes`` [days since the start of the horizon]; closed days are
stretches that do not meet, of the entities that are closed at all.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.calendar import DUST, cut
from sourcing.network.borders import matches
from sourcing.network.capacity import joined

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.calendar import TimeTree
    from sourcing.network import Network
    from sourcing.network.capacities import Capacities

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Text = NDArray[np.object_]

_DAYS = ["entity", "opens", "closes"]


class Closed(NamedTuple):
    """Closed days of ways (entity, opens, closes): for loading, and for what would arrive."""

    loading: pd.DataFrame
    arriving: pd.DataFrame


class _Places(NamedTuple):
    """What closures look at: column: values by entity; whether it comes from another country, None where it leaves."""

    stops: tuple[str, ...]
    at: dict[str, Text]
    abroad: NDArray[np.bool_] | None = None


def offers_closed(net: Capacities) -> pd.DataFrame:
    """Return the days on which nothing can be ordered, by row of offers."""
    return _closed(net, _sold(net))


def processes_closed(net: Capacities) -> pd.DataFrame:
    """Return the days on which nothing is worked on, by row of processes."""
    return _closed(net, _worked(net))


def routes_closed(net: Network) -> Closed:
    """Return the days on which routes are closed; what a supplier delivers has no day of loading."""
    closed = Closed(*(_closed(net, each) for each in _ends(net, _with_suppliers(net))))
    delivered = net.case.only("offers", "destination")["destination"].to_numpy(object)[net.routes["code"]] != ""
    return closed._replace(loading=closed.loading[~delivered[closed.loading["entity"].to_numpy(np.int64)]])


def ships_closed(net: Network) -> Closed:
    """Return the days on which lanes are closed for goods already in the chain."""
    return Closed(*(_closed(net, each) for each in _ends(net, _own(net))))


def idle(net: Network) -> NDArray[np.bool_]:
    """Return which rows of closures close nothing that a case has, on whatever days."""
    rows = net.case["closures"]
    met = np.zeros(len(rows), bool)
    for each in (_sold(net), _worked(net), *_ends(net, _with_suppliers(net)), *_ends(net, _own(net))):
        stops = rows["stops"].isin(each.stops).to_numpy()
        met[stops] |= _hits(rows[stops], each).any(axis=1)
    return ~met


def _sold(net: Capacities) -> _Places:
    offers = net.case.only("offers", "supplier", "site")
    at = {name: offers[name].to_numpy(object) for name in ("supplier", "site")}
    return _Places(("orders",), at | {"country": net.country_of(offers["site"])})


def _worked(net: Capacities) -> _Places:
    sites = net.case["processes"]["site"]
    return _Places(("work",), {"site": sites.to_numpy(object), "country": net.country_of(sites)})


def _with_suppliers(net: Network) -> pd.DataFrame:
    sold = net.case.only("offers", "supplier")["supplier"].to_numpy(object)
    return net.routes.assign(supplier=sold[net.routes["code"]])


def _own(net: Network) -> pd.DataFrame:
    mode = net.case["lanes"]["mode"].to_numpy(object)[net.ships["lane"].to_numpy()]
    return net.ships.rename(columns={"origin": "site"}).assign(supplier="", mode=mode)


def _ends(net: Network, ways: pd.DataFrame) -> tuple[_Places, _Places]:
    """Return where ways with site, destination, mode and supplier ("" for own goods) begin, and where they end."""
    leaves, enters = net.country_of(ways["site"]), net.country_of(ways["destination"])
    left = {name: ways[name].to_numpy(object) for name in ("site", "destination", "mode", "supplier")}
    come = {"site": left["destination"], "mode": left["mode"], "country": enters}
    begin = _Places(("loading",), left | {"country": leaves})
    return begin, _Places(("customs", "receipt"), come, np.asarray(leaves != enters))


def _hits(rows: pd.DataFrame, places: _Places) -> NDArray[np.bool_]:
    """Return which rows of closures are about which entities: by row and entity."""
    hits = np.ones((len(rows), len(places.at["site"])), bool)
    for name, values in places.at.items():
        known = matches(values, rows[name])
        hits &= np.array([known[wanted] for wanted in rows[name]], bool).reshape(hits.shape)
    if places.abroad is not None:
        hits &= places.abroad | (rows["stops"] != "customs").to_numpy()[:, None]
    return hits


def _closed(net: Capacities, places: _Places) -> pd.DataFrame:
    """Return the closed days of entities."""
    rows = net.case["closures"]
    rows = rows[rows["stops"].isin(places.stops)]
    if rows.empty:
        return pd.DataFrame({name: np.zeros(0) for name in _DAYS}).astype({"entity": np.int64})
    row, entity = np.nonzero(_hits(rows, places))
    opens, closes = (net.tree.since_start(rows[name].to_numpy("datetime64[D]"))[row] for name in ("from", "until"))
    return joined(pd.DataFrame({"entity": entity, "opens": opens, "closes": closes}))


def without(stretches: pd.DataFrame, closed: pd.DataFrame) -> pd.DataFrame:
    """Return stretches without closed days."""
    return _outside(stretches, _inside(stretches, closed, 0.0))


def under_way(rows: pd.DataFrame, transit: Reals, closed: Closed, tree: TimeTree) -> pd.DataFrame:
    """Return stretches with the days until departure (``wait``) and arrival (``lead``), cut where these change.

    Parameters
    ----------
    rows : entity, opens, closes, wait [days from the decision until all is ready to go]; other columns are kept.
    transit : days on the way, by entity.
    closed : days on which entities are closed.

    What would depart, or arrive, on a closed day, as a whole day rounded up, does so on the first day that is open.
    """
    rows = _deferred(rows, closed.loading, "wait", tree)
    lead = rows["wait"].to_numpy(float) + transit[rows["entity"].to_numpy(np.int64)]
    return _deferred(rows.assign(lead=lead), closed.arriving, "lead", tree)


def _deferred(rows: pd.DataFrame, closed: pd.DataFrame, days: str, tree: TimeTree) -> pd.DataFrame:
    """Let what comes to closed days after so many ``days`` wait until they are over: one row for each day of it."""
    inside = _inside(rows, closed, np.ceil(rows[days].to_numpy(float) - DUST))
    if inside.empty:
        return rows
    opens, closes = (inside[name].to_numpy(float) for name in ("opens", "closes"))
    which, day, since, until = cut(opens, closes, np.arange(tree.horizon + 2))
    parts = inside.iloc[which].assign(opens=since, closes=until)
    parts[days] = parts["over"].to_numpy(float) - day
    kept = list(rows)
    return pd.concat([_outside(rows, inside), parts[kept]], ignore_index=True)


def _inside(rows: pd.DataFrame, closed: pd.DataFrame, ahead: Reals | float) -> pd.DataFrame:
    """Return the parts of stretches from which closed days are ``ahead``: of which row (``at``), and the day ``over``.

    Of the parts of a row none meet, in the order of days.
    """
    numbered = rows.assign(at=np.arange(len(rows)), ahead=ahead)
    pairs = numbered.merge(closed.rename(columns={"opens": "shut", "closes": "over"}), on="entity")
    opens = np.maximum(pairs["opens"], pairs["shut"] - pairs["ahead"])
    closes = np.minimum(pairs["closes"], pairs["over"] - pairs["ahead"])
    found = pairs.assign(opens=opens, closes=closes)[closes - opens > DUST]
    return found.sort_values(["at", "opens"], ignore_index=True)


def _outside(rows: pd.DataFrame, inside: pd.DataFrame) -> pd.DataFrame:
    """Return what some parts leave of stretches, in order."""
    every = np.arange(len(rows))
    at = np.concatenate([every, inside["at"].to_numpy(np.int64)])
    begins = np.concatenate([rows["opens"].to_numpy(float), inside["closes"].to_numpy(float)])
    ends = np.concatenate([rows["closes"].to_numpy(float), inside["opens"].to_numpy(float)])
    first, last = np.lexsort([begins, at]), np.lexsort([ends, at])
    real = ends[last] - begins[first] > DUST
    found: pd.DataFrame = rows.iloc[at[first][real]].assign(opens=begins[first][real], closes=ends[last][real])
    return found.reset_index(drop=True)
