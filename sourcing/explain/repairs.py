"""What could be written otherwise so that there is a plan: single cells of the tables, the smallest change first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.engine.formulation import formulate
from sourcing.engine.variants import Variants
from sourcing.errors import SolverError, StoppedEarly
from sourcing.explain.cells import cells_of, changed
from sourcing.explain.nearest import nearest
from sourcing.explain.search import enough_alone

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.solve import Solution
    from sourcing.explain.cells import Cell, Value
    from sourcing.explain.nearest import Change
    from sourcing.network import Network
    from sourcing.tables import Case

COUNT = 3
"""Repairs that are worked out."""
COLUMNS = ["repair", "table", "row", "column", "now", "becomes", "part", "short", "cost", "place"]


@dataclass(frozen=True, eq=False)
class Trials:
    """A case that has no plan as it is, and how to answer it with cells written otherwise."""

    case: Case
    network: Callable[[Case], Network]
    minimize: tuple[str, ...]
    options: SolverOptions

    def loosened(self, cells: Sequence[Cell]) -> bool:
        """Whether there is a plan with all these cells at their loosest."""
        return self.written({cell: cell.loosest for cell in cells})

    def written(self, values: Mapping[Cell, Value]) -> bool:
        """Whether there is a plan with these cells written so."""
        try:
            return self._solved(values, ())[1].status == "optimal"
        except SolverError:  # what the solver cannot settle is no repair
            return False

    def best(self, change: Change) -> tuple[float, float]:
        """Return how many tonnes the best plan leaves short after a change, and what it costs."""
        form, solution = self._solved({change.cell: change.value}, self.minimize)
        short = float(solution.x[form.columns["short"].ids].sum()) if "short" in form.columns else 0.0
        return short, solution.level("cost").value

    def _solved(self, values: Mapping[Cell, Value], minimize: tuple[str, ...]) -> tuple[Formulation, Solution]:
        if self.options.seconds <= 0:
            raise StoppedEarly("stopped before it was found what has to give")
        form = formulate(self.network(changed(self.case, values)))
        form.objectives["nothing"] = np.zeros(form.shape[1])
        return form, Variants(form, minimize or ("nothing",), self.options).solve(form)


def repairs(trials: Trials) -> pd.DataFrame:
    """Return changes of single cells after which there is a plan, the smallest first.

    ``repair`` numbers the rows of the tables: what else would do in the same row stands below its smallest change.
    ``now`` and ``becomes`` are in the table's unit, NaN or NaT for a blank, None where the row has to go; ``part`` is
    how large the change is, from 0 to 1 (``cells.Cell``); ``short`` (t) and ``cost`` (USD, as minimised) are
    those of the best plan then. No rows if no change of a single cell is enough.

    Raises
    ------
    StoppedEarly : the time was up.
    """
    cells = cells_of(trials.network(trials.case))
    alone = enough_alone([cell for cell in cells if not cell.apart], trials.loosened)
    alone += [cell for cell in cells if cell.apart and trials.loosened([cell])]
    found = nearest(alone, COUNT, trials.written) if alone else []
    rows = [
        _row(trials, number + 1, change)
        for number, first in enumerate(found)
        for change in [first, *_beside(first, alone, trials)]
    ]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"now": object, "becomes": object})


def _beside(first: Change, alone: Sequence[Cell], trials: Trials) -> list[Change]:
    """Return the smallest changes of other cells of the same row."""
    place = (first.cell.table, first.cell.row)
    others = [cell for cell in alone if (cell.table, cell.row) == place and cell.column != first.cell.column]
    return [change for cell in others for change in nearest([cell], 1, trials.written)]


def _row(trials: Trials, number: int, change: Change) -> dict[str, Any]:
    cell, (short, cost) = change.cell, trials.best(change)
    return {
        "repair": number,
        "table": cell.table,
        "row": cell.row,
        "column": cell.column,
        "now": cell.value,
        "becomes": change.value,
        "part": change.part,
        "short": short,
        "cost": cost,
        "place": trials.case.place(cell.table, cell.row),
    }
