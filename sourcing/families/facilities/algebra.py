"""Columns, rows and charges of facilities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.families.facilities.arrays import (
    FACILITY,
    arrivals,
    at_site,
    awaited,
    counting,
    facilities,
    runs,
    sales,
    sends,
)
from sourcing.network import ROUTE
from sourcing.network.along import Terms
from sourcing.network.capacity import site_capacity
from sourcing.network.counting import count_scopes
from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.families.facilities.arrays import Bounded
    from sourcing.network import Network
    from sourcing.protocol import Block, Model

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]


def close(model: Model, net: Network) -> None:
    """Declare ``open`` and ``opened`` (yes or no per facility and node), and let nothing be done while closed."""
    if len(facilities(net)) or net.case["sites"]["capacity"].notna().any():
        _govern(model, net)
    _limit(model, net)


def _govern(model: Model, net: Network) -> None:
    """Let nothing be done while closed, and no more arrive than a site can handle."""
    arriving = _arriving(model, net)
    open_ = _open(model, net) if len(facilities(net)) else None
    _throughput(model, net, open_, arriving)
    if open_ is None:
        return
    capped = not model.explaining
    bounded, pairs = runs(net, capped=capped)
    _hold(model, open_, bounded, ("run", pairs, _twice(_moved(model, "activity"), len(net.line_of))))
    bounded, ways, way = sends(net, capped=capped)
    leaving = _moved(model, "sent")
    _hold(model, open_, bounded, ("sent", ways, leaving._replace(entity=way[leaving.entity])))
    together, each = sales(net, capped=capped)
    ordered = _moved(model, "ordered")
    by_offer = ordered._replace(entity=net.routes["code"].to_numpy()[ordered.entity])
    _hold(model, open_, together, ("sold", net.case["offers"][["offer"]], by_offer))
    _hold(model, open_, each, ("bought", net.routes[ROUTE], ordered))
    _hold(model, open_, arrivals(net), ("arrival", net.points.entities, arriving), awaited(net))


def _open(model: Model, net: Network) -> Block:
    """Declare which facilities are open and which are opened, once on every path; charge both."""
    terms, tree = facilities(net).terms, net.tree
    code, node = (axis.ravel() for axis in np.indices((len(terms), len(tree))))
    open_ = model.columns("open", Index(terms[FACILITY], code, node, len(tree)), Bounds(0.0, 1.0), "", whole=True)
    there = terms["there"].to_numpy(bool)
    new = Index(terms[FACILITY], code[~there[code]], node[~there[code]], len(tree))
    opened = model.columns("opened", new, Bounds(0.0, 1.0), "", whole=True)
    fixed, opening = (terms[name].to_numpy(float) for name in ("fixed", "opening"))
    model.post("cost.fixed", (np.zeros_like(node), node), open_.ids, fixed[code] * tree.years[node])
    model.post("cost.opening", (np.zeros_like(new.node), new.node), opened.ids, opening[new.code])
    model.post("open", (code, node), open_.ids, 1.0)
    before = tree.parent[node]
    some = np.flatnonzero((before >= 0) | ~there[code])
    rows = model.rows("opens", Index(terms[FACILITY], code[some], node[some], len(tree)), Bounds(upper=0.0))
    model.add(rows.ids, open_.ids[some], 1.0)
    later = before[some] >= 0
    model.add(rows.ids[later], open_.at(code[some][later], before[some][later]), -1.0)
    model.add(rows.at(opened.code, opened.node), opened.ids, -1.0)
    _once(model, net, opened)
    return open_


def _once(model: Model, net: Network, opened: Block) -> None:
    facility, paths = np.unique(opened.code), net.tree.paths
    leaf = np.array([path[-1] for path in paths])
    index = Index(opened.entities, np.repeat(facility, len(leaf)), np.tile(leaf, len(facility)), len(net.tree))
    rows = model.rows("opened_once", index, Bounds(upper=1.0))
    for path in paths:
        on = np.isin(opened.node, path)
        model.add(rows.at(opened.code[on], np.full(on.sum(), path[-1])), opened.ids[on], 1.0)


def _moved(model: Model, account: str) -> Terms:
    """Return what was posted to an account, a tonne each, whatever it is worth there."""
    posted = model.account(account)
    return Terms(posted.code.astype(np.int64), posted.node, posted.column, np.ones(len(posted.code)))


def _twice(moved: Terms, count: int) -> Terms:
    """Return runs once under the process itself and once, ``count`` rows later, under its site."""
    row = np.concatenate([moved.entity, moved.entity + count])
    return Terms(row, np.tile(moved.node, 2), np.tile(moved.column, 2), np.tile(moved.value, 2))


def _arriving(model: Model, net: Network) -> Terms:
    """Return what arrives at stock points, bought or shipped there."""
    bought, shipped = model.account("entry"), model.account("ship.entry")
    own = np.flatnonzero((bought.code < len(net.routes)) & (bought.column >= 0))
    return Terms(
        np.concatenate(
            [net.routes["point"].to_numpy()[bought.code[own]], net.ships["point"].to_numpy()[shipped.code]]
        ).astype(np.int64),
        np.concatenate([bought.node[own], shipped.node]),
        np.concatenate([bought.column[own], shipped.column]),
        np.concatenate([bought.value[own], shipped.value]),
    )


def _throughput(model: Model, net: Network, open_: Block | None, arriving: Terms) -> None:
    """Hold all that arrives at a site to its capacity, while it is open."""
    sites, nodes = net.case["sites"], len(net.tree)
    of_point = pd.Index(sites["site"]).get_indexer(pd.Index(net.points.entities["site"]))
    given = np.zeros((len(sites), nodes))
    np.add.at(given, of_point, awaited(net))
    at = of_point[arriving.entity]
    some = np.flatnonzero(sites["capacity"].notna().to_numpy()[at])
    met = given > 0
    met[at, arriving.node] = True
    code, node = np.nonzero(met & sites["capacity"].notna().to_numpy()[:, None])
    most, facility = site_capacity(net)[code, node], at_site(net, sites["site"])[code]
    upper = np.where(facility < 0, most, 0.0) - given[code, node]
    index = Index(sites[["site"]], code, node, nodes)
    rows = model.rows("throughput", index, Bounds(upper=upper), "t above the capacity")
    model.add(rows.at(at[some], arriving.node[some]), arriving.column[some], arriving.value[some])
    if open_ is not None:
        shut = np.flatnonzero(facility >= 0)
        model.add(rows.ids[shut], open_.at(facility[shut], node[shut]), -most[shut])


def _hold(
    model: Model, open_: Block, bounded: Bounded, what: tuple[str, pd.DataFrame, Terms], given: Reals | None = None
) -> None:
    """Hold what is moved to its bound while the facility is open; ``given`` comes besides, by (row, node)."""
    name, entities, moved = what
    met = np.zeros(bounded.most.shape, bool) if given is None else given > 0
    met[moved.entity, moved.node] = True
    code, node = np.nonzero(met & (bounded.facility >= 0)[:, None])
    upper = 0.0 if given is None else 0.0 - given[code, node]
    rows = model.rows(name, Index(entities, code, node, met.shape[1]), Bounds(upper=upper))
    at = rows.at(moved.entity, moved.node)
    known = at >= 0
    model.add(at[known], moved.column[known], moved.value[known])
    model.add(rows.ids, open_.at(bounded.facility[code], node), -bounded.most[code, node])


def _limit(model: Model, net: Network) -> None:
    """Hold the number of open facilities to the limits on it; where there are none, no minimum is met."""
    counted = count_scopes(net, model.account("open"), counting(net))
    limits = net.case["limits"].iloc[counted.limit]
    most, value = (limits["sense"] == "max").to_numpy(), limits["value"].to_numpy(float)
    bounds = Bounds(np.where(most, -np.inf, value), np.where(most, value, np.inf))
    rows = model.rows("facilities", counted.members, bounds, relief="facilities beyond the limit")
    model.add(rows.ids[counted.member.row], counted.member.column, counted.member.value)
