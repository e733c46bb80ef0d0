"""Choice among plans that are equally good: by weights made from names, so that equal data give equal orders."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np
import pandas as pd

from sourcing.errors import SolverError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import Highs
    from sourcing.engine.solver_result import Outcome

    Reals = NDArray[np.float64]


def break_ties(
    highs: Highs, weights: Reals, best: Outcome, bounds: tuple[Reals, Reals], shared: tuple[Reals, Reals] | None = None
) -> Outcome:
    """Among the plans that are equally good, take the one that moves least by fixed weights of the columns.

    If there are such plans within ``shared`` (the bounds under which shortage is shared evenly), it is one of them.

    The weights differ from column to column and depend on its name and node alone, so the choice is unique and does
    not depend on the order of any table. Where the solver cannot make it (it is proven already that none is better),
    ``best`` stays.
    """
    for within in [bounds] if shared is None or shared is bounds else [shared, bounds]:
        highs.set_column_bounds(*within)
        highs.set_costs(np.where(within[0] < within[1], weights / highs.units.column, 0.0))
        try:
            final = highs.run()
        except SolverError:
            continue
        if final.status == "optimal":
            return final
    return best


def tie_weights(formulation: Formulation) -> Reals:
    """Return weights between 1 and 2 made from each column's block, entity and node, well mixed (splitmix64)."""
    weights = [np.empty(0)]
    for block in formulation.columns.values():
        entity = pd.util.hash_pandas_object(block.entities.astype(str), index=False).to_numpy(np.uint64)
        key = entity[block.code] ^ np.uint64(crc32(block.name.encode()))
        key = key ^ (block.node.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        weights.append(1.0 + ((key ^ (key >> np.uint64(31))) >> np.uint64(11)).astype(float) / 2.0**53)
    return np.concatenate(weights)
