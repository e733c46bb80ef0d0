"""The earliest day on which an order can arrive: by the days that offers, licences, lanes and processes are open.

A way is a route of an offer, a lane for goods in the chain, or a process. It is open in pieces of time, frames of way,
opens and closes [days after the start of the horizon] and the days that it takes in them; what is ready before a piece
waits for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.network.borders import licence_lags
from sourcing.network.capacity import open_days, undated
from sourcing.network.closures import under_way, without
from sourcing.network.qualification import approvable
from sourcing.network.working_days import by_days_of_work, by_working_days

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.closures import Closed

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]


class Ways(NamedTuple):
    """Ways for goods in the chain: pairs (way, point) of what is taken, all of which is waited for, and given.

    ``bought`` is by route the first day on which an order can arrive, ``runs`` when processes have capacity.
    """

    bought: Reals
    runs: pd.DataFrame
    taken: tuple[Ints, Ints]
    given: tuple[Ints, Ints]
    pieces: pd.DataFrame
    number: int


def first_arrival(net: Network) -> Reals:
    """Return by point the days after the start at which an order can first have arrived; infinity if none can."""
    return _lowered(net, np.full(len(net.points), np.inf))


def first_there(net: Network) -> Reals:
    """Return by point the first day on which anything can be there: in stock, on its way, or ordered; else infinity."""
    stocks, orders, earliest = net.case["stocks"], net.case["open_orders"], np.full(len(net.points), np.inf)
    arrives = net.tree.since_start(orders["arrives"].to_numpy("datetime64[D]"))
    np.minimum.at(earliest, net.order_point, arrives)
    earliest[net.points.find(stocks["site"], stocks["material"])[(stocks["opening"] > 0).to_numpy()]] = 0.0
    return _lowered(net, earliest)


def _lowered(net: Network, earliest: Reals) -> Reals:
    """Lower the first days of points to those on which an order can arrive, at once or by what goes on from there."""
    ways = net.ways
    np.minimum.at(earliest, net.routes["point"].to_numpy(), ways.bought)
    before = np.full_like(earliest, np.nan)
    while not np.array_equal(before, earliest):
        before = earliest.copy()
        ready = np.zeros(ways.number)
        np.maximum.at(ready, ways.taken[0], before[ways.taken[1]])
        np.minimum.at(earliest, ways.given[1], _through(ways.pieces, ready)[ways.given[0]])
    return earliest


def _through(pieces: pd.DataFrame, ready: Reals) -> Reals:
    """Return by way when what is ready on a day is through it at the earliest; infinity if never."""
    way = pieces["way"].to_numpy(np.int64)
    leaves = np.maximum(pieces["opens"].to_numpy(float), ready[way])
    inside = leaves < pieces["closes"].to_numpy(float)
    through = np.full(len(ready), np.inf)
    np.minimum.at(through, way[inside], (leaves + pieces["days"].to_numpy(float))[inside])
    return through


def _route_pieces(net: Network) -> pd.DataFrame:
    """Return when each route of an offer is open: the offer is, its approval can be there, and its lane takes any."""
    sold = net.offer_days.rename(columns={"entity": "way"}).assign(days=0.0)
    offers = _both(sold, _approved(net, "offer", len(net.case.only("offers", "offer"))))
    routes = net.routes[["code", "lead_days"]].assign(way=np.arange(len(net.routes)))
    routes = routes[_carries(net, net.routes)]
    pieces = routes.merge(offers.rename(columns={"way": "code"}), on="code")
    pieces = by_working_days(net, pieces.assign(days=pieces["lead_days"]), "days")
    waits = _both(pieces, _waits(licence_lags(net.case, net.route_crossings, net.tree)))
    return _under_way(net, waits, net.routes, net.routes_closed)


def _under_way(net: Network, waits: pd.DataFrame, ways: pd.DataFrame, closed: Closed) -> pd.DataFrame:
    """Return pieces of the days until the departure with the days until the arrival, closed days waited for."""
    rows = waits.rename(columns={"way": "entity", "days": "wait"})
    sent = under_way(rows, ways["transit_days"].to_numpy(float), closed, net.tree)
    return sent.rename(columns={"entity": "way", "lead": "days"}).drop(columns="wait")


def ways_of(net: Network) -> Ways:
    """Return when routes bring anything, and lanes and processes, with processes numbered after the lanes."""
    ships, processes = net.ships, net.case["processes"]
    lanes = pd.DataFrame({"way": np.arange(len(ships)), "days": 0.0})[_carries(net, ships) & net.take_any]
    lanes = _under_way(net, _both(_always(net, lanes), _waits(net.licensing.lags)), ships, net.ships_closed)
    open_ = _run_pieces(net)
    runs = _both(open_, _approved(net, "process", len(processes)))
    runs["days"] += processes["days"].to_numpy(float)[runs["way"].to_numpy(np.int64)]
    runs = by_days_of_work(net, runs.rename(columns={"way": "entity"}), "days").rename(columns={"entity": "way"})
    runs["way"] += len(ships)
    order = np.arange(len(ships))
    sides = [
        (np.concatenate([order, side["code"].to_numpy() + len(ships)]), np.concatenate([point, side["point"]]))
        for side, point in ((net.inputs, ships["from_point"]), (net.outputs, ships["point"]))
    ]
    bought = _through(_route_pieces(net), np.zeros(len(net.routes)))
    return Ways(bought, open_, sides[0], sides[1], pd.concat([lanes, runs]), len(ships) + len(processes))


def _run_pieces(net: Network) -> pd.DataFrame:
    """Return when processes, and their lines, have capacity and are not closed: way, opens, closes, days (0)."""
    processes = net.case["processes"]
    lines = _opened(net, net.case["lines"], net.line_ramps).rename(columns={"way": "line"})
    alone = _always(net, pd.DataFrame({"line": [-1], "days": [0.0]}))
    of = pd.DataFrame({"way": np.arange(len(processes)), "line": net.line_of})
    able = _both(_opened(net, processes, net.process_ramps), of.merge(pd.concat([lines, alone]), on="line"))
    return without(able.rename(columns={"way": "entity"}), net.processes_closed).rename(columns={"entity": "way"})


def _opened(net: Network, owners: pd.DataFrame, ramps: pd.DataFrame) -> pd.DataFrame:
    """Return the days on which offers, processes or lines have any capacity."""
    dated = owners if "start" in owners else undated(owners)
    return open_days(dated, ramps, net.tree).rename(columns={"entity": "way"}).assign(days=0.0)


def _approved(net: Network, kind: str, count: int) -> pd.DataFrame:
    """Return when each offer or process may be ordered or run, as far as approvals go: all the time, or by periods."""
    tree, may = net.tree, approvable(net, kind, count)
    always = np.asarray(may.all(axis=1))
    way, node = np.nonzero(may & ~always[:, None])
    some = pd.DataFrame({"way": way, "opens": tree.opens[node], "closes": tree.closes[node], "days": 0.0})
    return pd.concat([_always(net, pd.DataFrame({"way": np.flatnonzero(always), "days": 0.0})), some])


def _waits(lags: pd.DataFrame) -> pd.DataFrame:
    """Return the days that goods wait for a licence: one piece for each stretch in which licences stay the same."""
    return lags.rename(columns={"entity": "way", "wait": "days"})


def _carries(net: Network, ways: pd.DataFrame) -> Flags:
    """Return which routes or lanes can take anything: those without a lane, or with one that is not shut."""
    shut = np.append(net.case["lanes"]["capacity"].to_numpy(float) == 0, False)
    flags: Flags = ~shut[ways["lane"].to_numpy()]
    return flags


def _always(net: Network, ways: pd.DataFrame) -> pd.DataFrame:
    length = float((net.tree.end.max() - net.tree.start[0]).astype(float))
    return ways.assign(opens=0.0, closes=length)


def _both(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Return the stretches in which both are open; days add up."""
    columns = ["way", "opens", "closes", "days"]
    pairs = left[columns].merge(right[columns], on="way", suffixes=("", "_too"))
    pairs["opens"] = np.maximum(pairs["opens"], pairs["opens_too"])
    pairs["closes"] = np.minimum(pairs["closes"], pairs["closes_too"])
    pairs["days"] += pairs["days_too"]
    return pairs.loc[pairs["opens"] < pairs["closes"], columns]
