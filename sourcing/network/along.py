"""Cumulative rows, which add up what happens along every path of the tree, up to each of its last nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sourcing.calendar import TimeTree
    from sourcing.protocol import Block, Model

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]


class Terms(NamedTuple):
    """What is added up: ``value`` times ``column`` for ``entity`` at ``node``."""

    entity: Ints
    node: Ints
    column: Ints
    value: Reals


def at_most(model: Model, tree: TimeTree, rule: tuple[str, pd.DataFrame], upper: Reals, *terms: Terms) -> Block:
    """Hold the sum of the terms of every entity with any, along every path, to ``upper`` (by entity).

    Parameters
    ----------
    rule : the name of the rows, and the labels of the entities.
    """
    name, labels = rule
    entity, node, column, value = (np.concatenate(side) for side in zip(*terms, strict=True))
    met, leaves = np.unique(entity), tree.leaves
    code = np.repeat(met, len(leaves))
    rows = model.rows(name, Index(labels, code, np.tile(leaves, len(met)), len(tree)), Bounds(upper=upper[code]))
    for path in tree.paths:
        on = np.isin(node, path)
        model.add(rows.at(entity[on], np.full(on.sum(), path[-1])), column[on], value[on])
    return rows
