"""Facilities: processes and sites that have to be opened, or may be closed, and the most that each could do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.network.derived import derives
from sourcing.network.limits import Scope, counted_of, members_of, windows
from sourcing.network.lots import years_left
from sourcing.network.origins import owners_of_sites
from sourcing.network.useful import useful_orders, useful_runs, useful_ships

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network

    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]
    Reals = NDArray[np.float64]

FACILITY = ["kind", "code"]
WAY = ["origin", "destination", "mode"]
TABLES = {"process": "processes", "site": "sites"}
NONE = np.int64(-1)


@dataclass(frozen=True, eq=False)
class Facilities:
    """What has an opening cost or a fixed cost.

    ``terms`` has one row each: kind ("process" or "site"), code, at (the site it is at), opening [USD], fixed
    [USD/year], and whether it is there from the start (no opening cost is filled in). ``of`` gives for each row of a
    kind's table the row in ``terms``, -1 for none.
    """

    terms: pd.DataFrame
    of: dict[str, Ints]

    def __len__(self) -> int:
        """Return the number of facilities."""
        return len(self.terms)


@derives
def facilities(net: Network) -> Facilities:
    """Collect the facilities of a case: processes, then sites."""
    parts, of, count = [], {}, 0
    for kind, table in TABLES.items():
        frame = net.case[table]
        asked = (frame["opening_cost"].notna() | frame["fixed_cost"].notna()).to_numpy()
        of[kind] = np.where(asked, count + np.cumsum(asked) - 1, NONE).astype(np.int64)
        count += int(asked.sum())
        own = frame[asked]
        parts.append(
            pd.DataFrame(
                {
                    "kind": kind,
                    "code": own[kind].to_numpy(object),
                    "at": own["site"].to_numpy(object),
                    "opening": own["opening_cost"].fillna(0.0).to_numpy(float),
                    "fixed": own["fixed_cost"].fillna(0.0).to_numpy(float),
                    "there": own["opening_cost"].isna().to_numpy(),
                }
            )
        )
    return Facilities(pd.concat(parts, ignore_index=True), of)


def at_site(net: Network, site: pd.Series[str]) -> Ints:
    """Return the row in ``terms`` of the facility that each site is, -1 for none."""
    row = pd.Index(net.case["sites"]["site"]).get_indexer(pd.Index(site))
    found: Ints = np.append(facilities(net).of["site"], NONE)[row]
    return found


class Bounded(NamedTuple):
    """What may only be done while a facility is open: the facility, and what can be done at most, by (row, node).

    A row is a process, a ship, a route, an offer or a stock point; one that no facility governs has -1. Where there is
    no end to what could be used and no capacity either, the most is infinite.
    """

    facility: Ints
    most: Reals


def runs(net: Network, *, capped: bool = True) -> tuple[Bounded, pd.DataFrame]:
    """Return what each process can do at most, first if it is a facility itself, then if its site is one.

    The frame names facility and process of each row: kind, code, process.
    """
    capacity = net.process_capacity
    line = np.append(net.line_capacity, np.full((1, len(net.tree)), np.inf), axis=0)[net.line_of]
    most = within(useful_runs(net), np.minimum(capacity, line), capped=capped)
    processes, terms = net.case["processes"], facilities(net).terms
    facility = np.concatenate([facilities(net).of["process"], at_site(net, processes["site"])])
    named = terms[FACILITY].reindex(facility).reset_index(drop=True)
    twice = np.tile(processes["process"].to_numpy(object), 2)
    return Bounded(facility, np.concatenate([most, most])), named.assign(process=twice)


def sends(net: Network, *, capped: bool = True) -> tuple[Bounded, pd.DataFrame, Ints]:
    """Return what can be sent at most over each way that leaves a facility: what could be used where it goes.

    A way is origin, destination and mode, all materials together: the frame names it, the last array gives the way of
    each ship.
    """
    ships = net.ships
    yearly = net.case["lanes"]["capacity"].fillna(np.inf).to_numpy(float)[ships["lane"].to_numpy()]
    most = within(useful_ships(net), yearly[:, None] * years_left(net.tree), capped=capped)
    way = np.asarray(ships.groupby(WAY, sort=True).ngroup(), np.int64)
    ways = ships[WAY].drop_duplicates().sort_values(WAY, ignore_index=True)
    together = np.zeros((len(ways), len(net.tree)))
    np.add.at(together, way, most)
    return Bounded(at_site(net, ways["origin"]), together), ways, way


def sales(net: Network, *, capped: bool = True) -> tuple[Bounded, Bounded]:
    """Return what can be ordered at most from offers at a facility: by offer, and by route.

    A route has no bound of its own where it is the offer's only one, or where the offer has too little to exceed it.
    """
    code, useful = net.routes["code"].to_numpy(), useful_orders(net)
    together = np.zeros(net.offer_capacity.shape)
    np.add.at(together, code, np.where(net.may_buy if capped else net.comes_of_use, useful, 0.0))
    facility = at_site(net, net.case.only("offers", "site")["site"])
    several = np.bincount(code, minlength=len(facility))[code] > 1
    several &= (useful < net.offer_capacity[code]).any(axis=1)
    each = within(useful, net.offer_capacity[code], capped=False)
    return (
        Bounded(facility, within(together, net.offer_capacity, capped=capped)),
        Bounded(np.where(several, facility[code], NONE), each),
    )


def arrivals(net: Network) -> Bounded:
    """Return what can arrive at most at each stock point of a facility: what could be used, and what is on its way.

    Besides, what orders have to bring too much. A point of which there is no end to what could be used is left to the
    capacity of its site.
    """
    endless = _endless(net)
    unused = np.where(endless, 0.0, net.useful[:, 0])[:, None] * net.used_parts.left
    return Bounded(np.where(endless, NONE, _of_points(net)), net.useful + unused + awaited(net))


def endless_arrivals(net: Network) -> Ints:
    """Return the facilities at which arrives what there is no end to the use of."""
    comes = np.zeros(len(net.points), bool)
    comes[np.concatenate([net.routes["point"], net.ships["point"]]).astype(np.int64)] = True
    facility = _of_points(net)[_endless(net) & comes]
    return np.unique(facility[facility >= 0])


def _endless(net: Network) -> Flags:
    return np.asarray(np.isinf(net.useful).any(axis=1))


def _of_points(net: Network) -> Ints:
    return at_site(net, net.points.entities["site"])


def awaited(net: Network) -> Reals:
    """Return the tonnes of open orders that arrive, by (point, node)."""
    order, node = net.order_arrivals
    tonnes = np.zeros((len(net.points), len(net.tree)))
    np.add.at(tonnes, (net.order_point[order], node), net.case["open_orders"]["quantity"].to_numpy(float)[order])
    return tonnes


def within(useful: Reals, capacity: Reals, *, capped: bool) -> Reals:
    """Return the smaller of use and capacity; use alone unless ``capped``, and capacity where use has no end."""
    found: Reals = np.minimum(useful, capacity) if capped else np.where(np.isfinite(useful), useful, capacity)
    return found


def counting(net: Network) -> list[Scope]:
    """Resolve the limits on the number of open facilities: each facility weighs one, on any day of a period."""
    limits = net.case["limits"]
    at = facilities(net).terms["at"]
    frame = owners_of_sites(net.case, at).assign(source_site=at.to_numpy(object))
    weight = np.ones(len(frame))
    found = []
    for row in np.flatnonzero((limits["measure"] == "facilities").to_numpy()):
        limit = limits.iloc[row]
        spans = windows(limit, net.tree).whole()
        groups = counted_of(limit, weight, members_of(net.case, frame, limit))
        found.append(Scope(int(row), "", weight, *groups, spans))
    return found
