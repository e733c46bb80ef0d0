"""Whose what is used is, to limits on shares: by lots kept apart, if all is mixed in one heap, and as it arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.measures import measures_that
from sourcing.network.counting import MEMBER, count_scopes
from sourcing.network.limits import counts_use, looks_at, scopes, wanted, windows
from sourcing.network.look_through import UNKNOWN
from sourcing.network.views import build_views
from sourcing.outcome.heap import heaps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network.views import View
    from sourcing.outcome.values import Values
    from sourcing.tables import Case

    Reals = NDArray[np.float64]

KEY = [*MEMBER, "node"]
NOTHING = 1e-6
"""Tonnes of which there is no share: less is rounding."""
ROUNDING = 1e-9
"""Part of what is due that rounding may leave where all of it stays short."""
COLUMNS = [*KEY, "sense", "value", "used", "lots", "heap", "arrived"]


def shares_limited(case: Case) -> bool:
    """Say whether any limit is on shares."""
    return bool(case["limits"]["measure"].isin(measures_that(lambda measure: measure.kind == "share")).any())


def use(values: Values, counted: pd.DataFrame) -> pd.DataFrame:
    """Return the three shares of every member under every limit on shares, by window; ``used`` is in t (or USD).

    ``lots`` is blank of a limit that counts arrivals: its plan keeps none apart. A share of nothing is blank.

    Parameters
    ----------
    counted : the plan's table limits.
    """
    net = values.network
    limits = net.case["limits"]
    shares = limits["measure"].isin(measures_that(lambda measure: measure.kind == "share")).to_numpy()
    rows = counted[counted["limit"].isin(limits["limit"][shares])]
    if rows.empty:
        return pd.DataFrame(columns=COLUMNS)
    mixed = pd.concat([_heap(values, view) for view in build_views(net, shares)], ignore_index=True)
    found = rows[[*KEY, "sense", "value", "actual"]].merge(mixed, on=["limit", "member", "window"], how="left")
    found = found.merge(_arrived(values), on=KEY, how="left")
    apart = found["limit"].isin(limits["limit"][counts_use(limits)])
    return found.assign(lots=found["actual"].where(apart))[COLUMNS]


def _heap(values: Values, view: View) -> pd.DataFrame:
    """Return what is used in each window to each limit of a view, and each member's part of it as one heap."""
    net = values.network
    mixed, met, taken = heaps(values, view), net.demand.tonnes.copy(), _taken_in(values)
    short = values.formulation.columns.get("short")
    if short is not None:
        met[short.code, short.node] -= values.of(short)
        met[met <= ROUNDING * net.demand.tonnes] = 0.0
    frames = []
    for row in view.limits:
        named = str(net.case["limits"]["material"].iloc[row]) != ""
        used = np.where(view.counted[:, None], met, 0.0) + np.where((view.taken & named)[:, None], taken, 0.0)
        frames.append(_members(values, view, row, used, mixed))
    return pd.concat(frames, ignore_index=True)


def _taken_in(values: Values) -> Reals:
    """Return what processes take in, in tonnes by (point, node)."""
    net, make = values.network, values.formulation.columns.get("make")
    taken = np.zeros(net.demand.tonnes.shape)
    if make is not None:
        done = np.zeros((len(net.case["processes"]), len(net.tree)))
        done[make.code, make.node] = values.of(make)
        quantity = -net.inputs["quantity"].to_numpy(float)[:, None]
        np.add.at(taken, net.inputs["point"].to_numpy(), quantity * done[net.inputs["code"].to_numpy()])
    return taken


def _members(values: Values, view: View, row: int, met: Reals, mixed: Reals) -> pd.DataFrame:
    """Return the same to one limit: limit, member, window, used, heap."""
    net, limit = values.network, values.network.case["limits"].iloc[row]
    entities, spans = net.points.entities, windows(limit, net.tree)
    here = looks_at(limit, entities["material"], entities["site"])
    each = np.where(here, _worth(values, view, limit), 0.0)[:, None] * met
    used = spans.tonnes(each.sum(axis=0))
    groups = (
        {str(limit["member"]): wanted(net.case, str(limit["member"]))}
        if limit["member"]
        else {name: {name} for name in [*view.names, UNKNOWN]}
    )
    frames = []
    for member, names in groups.items():
        own = [at for at, name in enumerate(view.names) if name in names]
        own += [mixed.shape[2] - 1] if limit["sense"] == "max" else []
        tonnes = spans.tonnes((each * mixed[:, :, own].sum(axis=2)).sum(axis=0))
        part = np.divide(tonnes, used, where=used > NOTHING, out=np.full(len(used), np.nan))
        frames.append(pd.DataFrame({"window": spans.label, "used": used, "heap": part}).assign(member=member))
    return pd.concat(frames, ignore_index=True).assign(limit=limit["limit"])


def _worth(values: Values, view: View, limit: pd.Series[Any]) -> Reals:
    """Return what a limit counts of a tonne at each point."""
    material = values.network.points.entities["material"]
    if limit["counted_in"] == "value":
        value = values.network.case["materials"].set_index("material")["value"]
        return np.asarray(material.map(value).fillna(1.0), float)
    by_content = limit["counted_in"] == "element" or not limit["element"]
    return view.content if by_content else (view.content > 0).astype(float)


def _arrived(values: Values) -> pd.DataFrame:
    """Return each member's share of what arrives in each window, as if every limit counted that."""
    net = values.network
    case = net.case.replace({"limits": net.case["limits"].assign(counts="arrivals")})
    on = measures_that(lambda measure: measure.kind == "share")
    counted = count_scopes(net, values.formulation.accounts["entry"], scopes(case, net.origins, net.tree, on))
    measured = counted.at(values.x)
    frame = measured.rows.entities.iloc[measured.rows.code].reset_index(drop=True).assign(node=measured.rows.node)
    total = measured.total
    return frame.assign(
        arrived=np.divide(measured.amount, total, where=total > NOTHING, out=np.full(len(total), np.nan))
    )
