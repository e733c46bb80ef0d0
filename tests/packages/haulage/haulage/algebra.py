"""Rows of limits on haulage."""

from dataclasses import replace

import numpy as np

from sourcing.network.counting import count_scopes
from sourcing.network.limits import scopes
from sourcing.protocol import Bounds


def close(model, net):
    """Hold the tonne-kilometres of each member against the limit."""
    if not (net.case["limits"]["measure"] == "tonne_km").any():
        return
    counted = count_haulage(net, model.account("entry"))
    limits = net.case["limits"].iloc[counted.limit]
    most, value = (limits["sense"] == "max").to_numpy(), limits["value"].to_numpy(float) - counted.member.constant
    bounds = Bounds(np.where(most, -np.inf, value), np.where(most, value, np.inf))
    rows = model.rows("tonne_km", counted.members, bounds, relief="t km beyond the limit")
    model.add(rows.ids[counted.member.row], counted.member.column, counted.member.value)


def count_haulage(net, posted):
    """Count what was posted (origin, node) for each limit: each tonne on a purchase route times the km of its lane."""
    km = lengths(net)
    found = scopes(net.case, net.origins, net.tree, ("tonne_km",))
    return count_scopes(net, posted, [replace(scope, weight=scope.weight * km) for scope in found])


def lengths(net):
    """Return km by origin, of which routes come first: what is made, was ordered before or has no lane has none."""
    lane = net.routes["lane"].to_numpy()
    km = np.zeros(len(net.origins))
    on = np.flatnonzero(lane >= 0)
    km[on] = net.case["lanes"]["km"].fillna(0.0).to_numpy(float)[lane[on]]
    return km
