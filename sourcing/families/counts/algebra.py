"""Columns and rows of limits on numbers of suppliers and of sites delivered to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.counts import Groups, counts_any, groups_of, presence
from sourcing.network.used import GOODS
from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.network.counting import Counted
    from sourcing.protocol import Block, Model


def close(model: Model, net: Network) -> None:
    """Declare ``present`` (yes or no per member, site and window), tie it to what arrives, and count it."""
    if not counts_any(net):
        return
    counted = presence(net, {name: model.account(name) for name in GOODS})
    present = model.columns("present", counted.members, Bounds(0.0, 1.0), unit="", whole=True)
    _tie(model, net, counted, present)
    for measure, unit in (("suppliers", "suppliers"), ("destinations", "sites")):
        _number(model, present, groups_of(net, counted, measure), f"{unit} beyond the limit")


def _tie(model: Model, net: Network, counted: Counted, present: Block) -> None:
    """Let nobody bring more than the threshold uncounted (a maximum), or be counted for less (a minimum)."""
    limits = net.case["limits"].iloc[counted.limit]
    threshold = limits["at_least"].fillna(0.0).to_numpy(float)
    least, given = (limits["sense"] == "min").to_numpy(), counted.member.constant
    room = np.maximum(_most(model, counted) - threshold, 0.0)
    for name, which, bounds, factor in (
        ("absent", np.flatnonzero(~least), Bounds(upper=(threshold - given)[~least]), room),
        ("enough", np.flatnonzero(least), Bounds(lower=-given[least]), threshold),
    ):
        index = Index(present.entities, present.code[which], present.node[which], present.grid.shape[1])
        rows = model.rows(name, index, bounds)
        place = np.full(len(present), -1)
        place[which] = rows.ids
        at = place[counted.member.row]
        model.add(at[at >= 0], counted.member.column[at >= 0], counted.member.value[at >= 0])
        model.add(rows.ids, present.ids[which], -factor[which])


def _most(model: Model, counted: Counted) -> np.ndarray:
    """Return the most that can arrive of each member: open orders, and every column at its most."""
    each, tally = model.account("most"), counted.member
    most = np.zeros(int(max(each.column.max(initial=-1), tally.column.max(initial=-1))) + 1)
    most[each.column] = each.value
    return tally.at(most)


def _number(model: Model, present: Block, groups: Groups, relief: str) -> None:
    """Hold the number of members counted against the limit."""
    most = groups.sense == "max"
    bounds = Bounds(np.where(most, -np.inf, groups.value), np.where(most, groups.value, np.inf))
    rows = model.rows(groups.measure, groups.index, bounds, relief)
    mine = np.flatnonzero(groups.of >= 0)
    model.add(rows.ids[groups.of[mine]], present.ids[mine], 1.0)
