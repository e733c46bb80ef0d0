"""Columns, rows and cones of limits on concentration."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.families.hhi.arrays import (
    MEASURES,
    TANGENTS,
    at_shares,
    count_mixes,
    limits_of,
    rows_of_limits,
    sizes,
    weights,
)
from sourcing.network.used import GOODS
from sourcing.protocol import Bounds, Cone, Index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.counting import Counted
    from sourcing.protocol import Block, Model

    Ints = NDArray[np.int64]


def close(model: Model, net: Network) -> None:
    """Count each member's tonnes, give it a square, and hold the squares together against the limit."""
    if not net.case["limits"]["measure"].isin(MEASURES).any():
        return
    counted = count_mixes(net, {name: model.account(name) for name in GOODS})
    total, part = _defined(model, counted)
    square = model.columns("square", counted.members, Bounds(0.0))
    _touch(model, counted, (square, part, total))
    of, size, (weight, world) = counted.total_of, sizes(net, counted, MEASURES), weights(net, counted)
    rows = _limited(model, net, counted)
    value = net.case["limits"]["value"].to_numpy(float)[limits_of(net, counted)] - world
    model.add(rows[of], square.ids, weight)
    model.add(rows, total.ids, -value)
    model.curve(
        Cone(square, part.ids, total.ids[of], rows[of], weight, value[of], limits_of(net, counted)[of], size[of])
    )


def _limited(model: Model, net: Network, counted: Counted) -> Ints:
    """Declare the row of each limit and window; return their positions."""
    index, limits = rows_of_limits(counted), net.case["limits"]
    measured = limits["measure"].to_numpy(object)[limits_of(net, counted)]
    found = np.empty(len(index.code), np.int64)
    for measure in MEASURES:
        own = np.flatnonzero(measured == measure)
        of_measure = Index(index.entities, index.code[own], index.node[own], index.nodes)
        found[own] = model.rows(measure, of_measure, Bounds(upper=0.0), relief="t beyond the limit").ids
    return found


def _defined(model: Model, counted: Counted) -> tuple[Block, Block]:
    """Declare what arrives in each window, in all and of each member."""
    blocks = []
    for columns, rows, index, tally in (
        ("arriving", "arrived", counted.totals, counted.total),
        ("arriving_of", "arrived_of", counted.members, counted.member),
    ):
        block = model.columns(columns, index, Bounds(0.0))
        definition = model.rows(rows, index, Bounds(-tally.constant, -tally.constant))
        model.add(definition.ids[tally.row], tally.column, tally.value)
        model.add(definition.ids, block.ids, -1.0)
        blocks.append(block)
    return blocks[0], blocks[1]


def _touch(model: Model, counted: Counted, blocks: tuple[Block, Block, Block]) -> None:
    """Hold each square above its tangents at fixed shares."""
    square, part, total = blocks
    index, member, share = at_shares(counted.members, np.array(TANGENTS))
    rows = model.rows("tangent", index, Bounds(upper=0.0))
    model.add(rows.ids, part.ids[member], 2.0 * share)
    model.add(rows.ids, total.ids[counted.total_of[member]], -(share**2))
    model.add(rows.ids, square.ids[member], -1.0)
