"""Limits on concentration: their rows, the tangents at fixed shares, and how much they are about."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.network.counting import MEMBER, count_scopes, counted_demand
from sourcing.network.used import goods, goods_scopes
from sourcing.protocol import Index

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.counting import Counted
    from sourcing.network.limits import Scope
    from sourcing.protocol import Account
    from sourcing.tables import Case

    Ints = NDArray[np.signedinteger[Any]]
    Reals = NDArray[np.float64]

MEASURES = ("hhi", "governance_hhi", "supply_risk")
"""The measures that are indices of concentration."""
TANGENTS = (0.0625, 0.125, 0.25, 0.5, 1.0)
"""Shares at which every square has a tangent from the beginning; between two the square is at most 1/16 higher."""
SELDOM = 2.0**-6
"""Part of the most that could be used anywhere below which no total is taken to stay."""


def count_mixes(net: Network, accounts: Mapping[str, Account]) -> Counted:
    """Count the accounts ``GOODS`` for every limit on concentration; supply risk is of what is not recycled."""
    return count_scopes(net, goods(net, accounts), [_primary(net, scope) for scope in goods_scopes(net, MEASURES)])


def _primary(net: Network, scope: Scope) -> Scope:
    if net.case["limits"].iloc[scope.row]["measure"] != "supply_risk":
        return scope
    recycled = net.origins["recycled"].fillna(0.0).to_numpy(float)
    return replace(scope, weight=scope.weight * (1.0 - np.resize(recycled, len(scope.weight))))


def rows_of_limits(counted: Counted) -> Index:
    """Return the rows of the limits themselves, one per window."""
    entities = counted.totals.entities.assign(member="")[MEMBER].astype(object)
    return Index(entities, counted.totals.code, counted.totals.node, counted.totals.nodes)


def weights(net: Network, counted: Counted) -> tuple[Reals, Reals]:
    """Return what each member's square counts for, and what the world alone brings each window's limit to."""
    factor, world = np.array([_risk(net.case, row) for row in range(len(net.case["limits"]))]).T.reshape(2, -1)
    limits, bad = limits_of(net, counted), _governance(net.case)
    weighed = net.case["limits"]["measure"].isin(MEASURES[1:]).to_numpy()
    names = counted.members.entities["member"].to_numpy(object)[counted.members.code]
    worst = max(bad.values(), default=0.0)
    own = np.array([bad.get(name, worst) for name in names], float)
    of = limits[counted.total_of]
    return factor[of] * np.where(weighed[of], own, 1.0), world[limits]


def _governance(case: Case) -> dict[str, float]:
    """Return how badly each country is governed, times its trade term."""
    frame = case["governance"]
    return dict(zip(frame["country"], frame["value"] * frame["trade"], strict=True))


def _risk(case: Case, row: int) -> tuple[float, float]:
    """Return what the own index counts for in a limit, and what is there without it."""
    limit, known = case["limits"].iloc[row], case["supply_risk"]
    if limit["measure"] != "supply_risk":
        return 1.0, 0.0
    about = known[
        (known["element"] == limit["element"]) & (known["material"] == ("" if limit["element"] else limit["material"]))
    ]
    term = about.iloc[0]
    scale, abroad = (1.0 - term["eol_rir"]) * term["substitution"], term["import_reliance"] / 2.0
    return float(scale * (1.0 - abroad)), float(scale * abroad * term["global_hhi"])


def limits_of(net: Network, counted: Counted) -> Ints:
    """Return the row of ``limits`` that each row of the totals belongs to."""
    place = pd.Index(net.case["limits"]["limit"]).get_indexer(counted.totals.entities["limit"])
    rows: Ints = place[counted.totals.code].astype(np.int64)
    return rows


def at_shares(members: Index, shares: Reals) -> tuple[Index, Ints, Reals]:
    """Return rows for every member at every share, and for each of them the member and the share."""
    code, count = np.arange(len(members.entities)), len(shares)
    entities = members.entities.iloc[np.tile(code, count)].reset_index(drop=True)
    entities["share"] = np.repeat([f"{share:g}" for share in shares], len(code))
    each, at = len(members.code), np.arange(len(members.code))
    place = np.tile(members.code, count) + np.repeat(np.arange(count) * len(code), each)
    return (
        Index(entities, place, np.tile(members.node, count), members.nodes),
        np.tile(at, count),
        np.repeat(shares, each),
    )


def sizes(net: Network, counted: Counted, measures: tuple[str, ...]) -> Reals:
    """Return about how many tonnes arrive in each window: what is demanded of what is counted, else of everything.

    It is no less than a part of the most that could be used anywhere, for lots, contracts, stock that is asked for and
    goods that are sold on bring more than is demanded.
    """
    wanted, everything = counted_demand(net, measures), net.demand.tonnes.sum()
    keys = counted.totals.entities[["limit", "window"]].itertuples(index=False, name=None)
    found = np.array([wanted[key] for key in keys], float)[counted.totals.code]
    most = net.useful[:, 0]
    least = SELDOM * most[np.isfinite(most)].max(initial=0.0)
    size = np.maximum(np.where(found > 0, found, everything), least)
    return np.where(size > 0, size, 1.0)
