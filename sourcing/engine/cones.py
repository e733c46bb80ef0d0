"""Rotated second-order cones: which of them a plan breaks, and the tangents that say so as rows of the program."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from sourcing.engine.builder import block_of
from sourcing.protocol import Index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.protocol import Cone

    Ints = NDArray[np.signedinteger[Any]]
    Reals = NDArray[np.float64]

CUT = "cut"
"""The rows of the tangents that were added for plans; their key is that of the squares and the share."""
EXACT = 5e-7
"""Part of what a limit allows by which a plan may be above it: half of what the audit lets pass."""
NOTHING = 1e-6
"""Part of the largest total of a limit up to which a total counts as nothing."""
_FINE = 2.0**14
"""How many units a total is solved in: its squares are then exact to 1e-11 of it."""


class Tangents(NamedTuple):
    """Tangents by position in ``Formulation.cones`` and in the squares of that cone, each with its share."""

    cone: Ints
    member: Ints
    share: Reals


def units_of_cones(formulation: Formulation) -> Reals:
    """Return the unit in which each column of a cone is solved; NaN for every other column."""
    units = np.full(formulation.shape[1], np.nan)
    for cone in formulation.cones:
        unit = np.exp2(np.round(np.log2(cone.size / _FINE)))
        for columns in (cone.square.ids, cone.part, cone.total):
            units[columns] = unit
    return units


def broken(formulation: Formulation, x: Reals, upper: Reals) -> Tangents:
    """Return the tangents at the shares of a plan that is above a limit; none if it keeps them all.

    Parameters
    ----------
    upper : of the rows; one without an end limits nothing.
    """
    activity = formulation.matrix @ x
    found = [Tangents(*(np.empty(0, np.int64),) * 2, np.empty(0))]
    for at, cone in enumerate(formulation.cones):
        square, total = x[cone.square.ids], x[cone.total]
        share = np.divide(x[cone.part], total, where=total > 0, out=np.zeros(len(total)))
        lacks = np.maximum(share * x[cone.part] - square, 0.0)
        above = np.zeros(len(activity))
        np.add.at(above, cone.row, lacks * cone.weight)
        above += activity - upper[: len(activity)]
        counts = np.isfinite(upper[cone.row]) & (total > NOTHING * _largest(cone, total))
        wrong = counts & (above[cone.row] > EXACT * cone.value * total) & (lacks > EXACT * EXACT * total)
        member = np.flatnonzero(wrong)
        found.append(Tangents(np.full(len(member), at), member, share[member]))
    return Tangents(*(np.concatenate(side) for side in zip(*found, strict=True)))


def _largest(cone: Cone, total: Reals) -> Reals:
    most = np.zeros(int(cone.scope.max(initial=-1)) + 1)
    np.maximum.at(most, cone.scope, total)
    largest: Reals = most[cone.scope]
    return largest


def rows_of(formulation: Formulation, tangents: Tangents) -> sparse.csr_array:
    """Return tangents as rows that are to be no more than 0: 2 p part - p² total - square."""
    columns, values = np.empty((len(tangents.share), 3), np.int64), np.empty((len(tangents.share), 3))
    for at, cone in enumerate(formulation.cones):
        own = tangents.cone == at
        member, share = tangents.member[own], tangents.share[own]
        columns[own] = np.column_stack([cone.part[member], cone.total[member], cone.square.ids[member]])
        values[own] = np.column_stack([2.0 * share, -(share**2), np.full(len(share), -1.0)])
    starts = np.arange(0, values.size + 1, 3)
    return sparse.csr_array((values.ravel(), columns.ravel(), starts), shape=(len(values), formulation.shape[1]))


def with_tangents(formulation: Formulation, tangents: Tangents) -> Formulation:
    """Return the program with more tangents among its rows, behind all others."""
    entities, nodes = [], []
    for cone, member, share in zip(*tangents, strict=True):
        square = formulation.cones[cone].square
        entities.append({**square.entities.iloc[int(square.code[member])], "share": f"{share:.12g}"})
        nodes.append(int(square.node[member]))
    before = formulation.rows.get(CUT)
    frames = [pd.DataFrame(entities)] if before is None else [before.entities, pd.DataFrame(entities)]
    node = np.array([*([] if before is None else before.node.tolist()), *nodes], np.int64)
    index = Index(pd.concat(frames, ignore_index=True), np.arange(len(node)), node, len(formulation.network.tree))
    start = formulation.shape[0] if before is None else before.start
    open_, closed = np.full(len(nodes), -np.inf), np.zeros(len(nodes))
    return replace(
        formulation,
        matrix=sparse.csr_array(sparse.vstack([formulation.matrix, rows_of(formulation, tangents)])),
        rows=formulation.rows | {CUT: block_of(CUT, index, "", start)},
        row_lower=np.concatenate([formulation.row_lower, open_]),
        row_upper=np.concatenate([formulation.row_upper, closed]),
    )
