"""Columns, rows and postings of quays."""

import numpy as np
import pandas as pd

from sourcing.protocol import Bounds, Index


def close(model, net):
    """Hold what arrives at each site with a quay to its capacity, beyond which a surcharge is paid."""
    sites, nodes = net.case["sites"], len(net.tree)
    capacity, surcharge = (sites[name].to_numpy(float) for name in ("quay_capacity", "quay_surcharge"))
    site, node = (axis.ravel() for axis in np.indices((len(sites), nodes))[:, ~np.isnan(capacity)])
    index = Index(sites[["site"]], site, node, nodes)
    rows = model.rows("quay", index, Bounds(upper=capacity[site] * net.tree.years[node]), relief="t above the capacity")
    at, when, column, tonnes = arriving(model, net)
    limited = ~np.isnan(capacity[at])
    model.add(rows.at(at[limited], when[limited]), column[limited], tonnes[limited])
    paid = ~np.isnan(surcharge[site])
    beyond = model.columns("beyond", Index(sites[["site"]], site[paid], node[paid], nodes), Bounds(0.0))
    model.add(rows.at(beyond.code, beyond.node), beyond.ids, -1.0)
    model.post("cost.quay", (np.zeros_like(beyond.node), beyond.node), beyond.ids, surcharge[beyond.code])


def arriving(model, net):
    """Return what lands: the position of its site, its node, the column that brings it, and t by unit of the column."""
    bought, shipped = model.account("entry"), model.account("ship.entry")
    own = bought.code < len(net.routes)  # the others are made there, or were ordered before
    point = np.append(net.routes["point"].to_numpy()[bought.code[own]], net.ships["point"].to_numpy()[shipped.code])
    site = pd.Index(net.case["sites"]["site"]).get_indexer(net.points.entities["site"])[point]
    parts = (("node", own), ("column", own), ("value", own))
    return site, *(np.append(getattr(bought, name)[part], getattr(shipped, name)) for name, part in parts)
