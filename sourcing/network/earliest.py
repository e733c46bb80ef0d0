"""The earliest day on which an order can arrive: by the days that offers, licences, lanes and processes are open.

A way is a route of an offer, a lane for goods in the chain, or a process. It is open in pieces of time, frames of way,
opens and closes [days after the start of the horizon] and the days that it takes in them; what is ready before a piece
waits for it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.calendar import build_path
from sourcing.network.borders import licence_lag
from sourcing.network.capacity import open_pieces, undated
from sourcing.network.qualification import approvable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.borders import Crossings

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]


class _Ways(NamedTuple):
    """Ways for goods in the chain: pairs (way, point) of what is taken, all of which is waited for, and given."""

    taken: tuple[Ints, Ints]
    given: tuple[Ints, Ints]
    pieces: pd.DataFrame
    number: int


def first_arrival(net: Network) -> Reals:
    """Return by point the days after the start at which an order can first have arrived; infinity if none can."""
    earliest = np.full(len(net.points), np.inf)
    bought = _through(_route_pieces(net), np.zeros(len(net.routes)))
    np.minimum.at(earliest, net.routes["point"].to_numpy(), bought)
    ways = _onward(net)
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
    offers = _both(_opened(net, net.case["offers"], net.offer_ramps), _approved(net, "offer", len(net.case["offers"])))
    routes = net.routes[["code", "lead_days", "transit_days"]].assign(way=np.arange(len(net.routes)))
    routes = routes[_carries(net, net.routes)]
    pieces = routes.merge(offers.rename(columns={"way": "code"}), on="code")
    pieces["days"] = pieces["lead_days"] + pieces["transit_days"]
    return _both(pieces, _licensed(net, net.route_crossings))


def _onward(net: Network) -> _Ways:
    """Return lanes and processes, with processes numbered after the lanes."""
    ships, processes = net.ships, net.case["processes"]
    lanes = ships[["transit_days"]].rename(columns={"transit_days": "days"}).assign(way=np.arange(len(ships)))
    lanes = _both(_always(net, lanes[_carries(net, ships)]), _licensed(net, net.ship_crossings))
    runs = _both(_opened(net, processes, net.process_ramps), _approved(net, "process", len(processes)))
    lines = _opened(net, net.case["lines"], net.line_ramps).rename(columns={"way": "line"})
    alone = _always(net, pd.DataFrame({"line": [-1], "days": [0.0]}))
    of = pd.DataFrame({"way": np.arange(len(processes)), "line": net.line_of})
    runs = _both(runs, of.merge(pd.concat([lines, alone]), on="line"))
    runs["days"] += processes["days"].to_numpy(float)[runs["way"].to_numpy(np.int64)]
    runs["way"] += len(ships)
    order = np.arange(len(ships))
    sides = [
        (np.concatenate([order, side["code"].to_numpy() + len(ships)]), np.concatenate([point, side["point"]]))
        for side, point in ((net.inputs, ships["from_point"]), (net.outputs, ships["point"]))
    ]
    return _Ways(sides[0], sides[1], pd.concat([lanes, runs]), len(ships) + len(processes))


def _opened(net: Network, owners: pd.DataFrame, ramps: pd.DataFrame) -> pd.DataFrame:
    """Return the days on which offers, processes or lines have any capacity."""
    dated = owners if "start" in owners else undated(owners)
    pieces = open_pieces(dated, ramps, net.tree).rename(columns={"owner": "way"}).assign(days=0.0)
    for side in ("opens", "closes"):
        pieces[side] = (pieces[side].to_numpy("datetime64[D]") - net.tree.start[0]).astype(float)
    return pieces


def _approved(net: Network, kind: str, count: int) -> pd.DataFrame:
    """Return the periods in which each offer or process may be ordered or run, as far as approvals go."""
    tree = net.tree
    way, node = np.nonzero(approvable(net, kind, count))
    opens, closes = ((bound - tree.start[0]).astype(float)[node] for bound in (tree.start, tree.end))
    return pd.DataFrame({"way": way, "opens": opens, "closes": closes, "days": 0.0})


def _licensed(net: Network, goods: Crossings) -> pd.DataFrame:
    """Return the days that goods wait for a licence: one piece for each stretch in which licences stay the same."""
    licences, first, last = net.case["licences"], net.tree.start[0], net.tree.end.max()
    dates = licences[["from", "until"]].to_numpy("datetime64[D]").ravel()
    inside = dates[(dates > first) & (dates < last)]
    stretches = build_path(np.unique(np.concatenate([[first, last], inside])), 0.0)
    lag = licence_lag(net.case, goods, stretches)
    way, stretch = (axis.ravel() for axis in np.indices(lag.shape))
    opens, closes = ((bound - first).astype(float)[stretch] for bound in (stretches.start, stretches.end))
    return pd.DataFrame({"way": way, "opens": opens, "closes": closes, "days": lag.ravel()})


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
    pairs["opens"] = pairs[["opens", "opens_too"]].max(axis=1)
    pairs["closes"] = pairs[["closes", "closes_too"]].min(axis=1)
    pairs["days"] += pairs["days_too"]
    return pairs.loc[pairs["opens"] < pairs["closes"], columns]
