"""Columns, rows and postings of price tiers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.families.tiers.arrays import most_of_tiers
from sourcing.network.tiers import build_tiers, calendar_years
from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.tiers import Tiers
    from sourcing.protocol import Block, Model

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

STEP = ["kind", "code", "above"]


class Priced(NamedTuple):
    """The columns of tonnes priced in tiers, the tiers, and the years: last node of each, its length by last node."""

    tier: Block
    tiers: Tiers
    last: Ints
    part: Reals


def close(model: Model, net: Network) -> None:
    """Declare ``tier`` (t per owner, offer, tier and year) and hold it to what is ordered and to where tiers lie."""
    if not len(net.case["tiers"]):
        return
    tiers = build_tiers(net.case)
    _, end, part = calendar_years(net.tree)
    priced = Priced(_tonnes(model, tiers, np.unique(end), len(net.tree)), tiers, np.unique(end), part)
    _price_all(model, net, priced)
    sliced = tiers.owners["sliced"].to_numpy()[tiers.steps["owner"].to_numpy()]
    if sliced.any():
        _slice(model, priced, np.flatnonzero(sliced & np.isfinite(tiers.steps["ends"].to_numpy(float))))
    if not sliced.all():
        _reach(model, priced, np.flatnonzero(~sliced), most_of_tiers(net, tiers, explaining=model.explaining))


def _tonnes(model: Model, tiers: Tiers, last: Ints, nodes: int) -> Block:
    """Declare the tonnes of every offer in every tier, and charge what that adds to the offer's price."""
    code, node = (axis.ravel() for axis in np.meshgrid(np.arange(len(tiers.pairs)), last, indexing="ij"))
    tier = model.columns("tier", Index(tiers.pairs[["kind", "code", "offer", "above"]], code, node, nodes), Bounds(0.0))
    per_tonne = tiers.pairs["per_tonne"].to_numpy(float)[code]
    changed = np.flatnonzero(per_tonne)
    model.post("cost.discount", (np.zeros_like(changed), node[changed]), tier.ids[changed], per_tonne[changed])
    return tier


def _price_all(model: Model, net: Network, priced: Priced) -> None:
    """Hold what is priced in tiers to what is ordered, by owner, offer and year."""
    members, tier = priced.tiers.members, priced.tier
    code, node = (axis.ravel() for axis in np.meshgrid(np.arange(len(members)), priced.last, indexing="ij"))
    rows = model.rows("tiers", Index(members[["kind", "code", "offer"]], code, node, len(net.tree)), Bounds(0.0, 0.0))
    model.add(rows.at(priced.tiers.pairs["member"].to_numpy()[tier.code], tier.node), tier.ids, 1.0)
    ordered = model.account("ordered")
    bought = pd.DataFrame({"row": net.routes["code"].to_numpy()[ordered.code], "node": ordered.node})
    bought["column"] = ordered.column
    within, end, _ = calendar_years(net.tree)
    mine = bought.merge(members.assign(member=np.arange(len(members)))[["row", "member"]], on="row")
    mine = mine.merge(pd.DataFrame({"node": within, "end": end}), on="node")
    model.add(rows.at(mine["member"].to_numpy(), mine["end"].to_numpy()), mine["column"].to_numpy(), -1.0)


def _slice(model: Model, priced: Priced, some: Ints) -> None:
    """Fill every tier only up to the next."""
    steps, index = priced.tiers.steps, _index(priced, some)
    width = (steps["ends"] - steps["begins"]).to_numpy(float)[index.code] * priced.part[index.node]
    _count(model, priced, model.rows("slice", index, Bounds(upper=width)))


def _reach(model: Model, priced: Priced, some: Ints, most: Reals) -> None:
    """Price a year in one tier: what is counted lies between where it begins and where the next does."""
    steps, part = priced.tiers.steps, priced.part
    begins, lower = steps["begins"].to_numpy(float), steps["lower"].to_numpy(float)
    index = _index(priced, some[begins[some] > 0])
    reached = model.columns("reached", index, Bounds(0.0, 1.0), unit="", whole=True)
    code, node = reached.code, reached.node
    first = model.rows("tier_from", index, Bounds(lower=0.0))
    _count(model, priced, first)
    model.add(first.ids, reached.ids, -begins[code] * part[node])
    _up_to(model, priced, reached, (_index(priced, some), most))
    paid = np.flatnonzero(lower[code])
    charge = lower[code[paid]] * part[node[paid]]
    model.post("cost.discount", (np.zeros_like(paid), node[paid]), reached.ids[paid], charge)


def _up_to(model: Model, priced: Priced, reached: Block, bound: tuple[Index, Reals]) -> None:
    """Hold every tier to where the next begins if it is reached; the lowest, if no other is."""
    steps, (index, most) = priced.tiers.steps, bound
    owner, lowest = steps["owner"].to_numpy(), steps["begins"].to_numpy() == 0
    room = np.minimum(steps["ends"].to_numpy(float)[:, None] * _years(priced), most[owner])
    upper = np.where(lowest[index.code], room[index.code, index.node], 0.0)
    rows = model.rows("tier_to", index, Bounds(upper=upper))
    _count(model, priced, rows)
    model.add(rows.at(reached.code, reached.node), reached.ids, -room[reached.code, reached.node])
    base = np.flatnonzero(lowest)[owner[reached.code]]
    model.add(rows.at(base, reached.node), reached.ids, room[base, reached.node])


def _years(priced: Priced) -> Reals:
    """Return the length of the year that ends in each node; 1 where none does."""
    years: Reals = np.where(priced.part > 0, priced.part, 1.0)
    return years


def _index(priced: Priced, some: Ints) -> Index:
    code, node = (axis.ravel() for axis in np.meshgrid(some, priced.last, indexing="ij"))
    return Index(priced.tiers.steps[STEP], code, node, len(priced.part))


def _count(model: Model, priced: Priced, rows: Block) -> None:
    """Add what the offers of a tier count to its row, where it has one."""
    tier, pairs = priced.tier, priced.tiers.pairs
    at = rows.at(pairs["step"].to_numpy()[tier.code], tier.node)
    known = at >= 0
    model.add(at[known], tier.ids[known], pairs["counts"].to_numpy(float)[tier.code[known]])
