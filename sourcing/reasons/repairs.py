"""What could be written otherwise so that there is a plan: single cells of the tables, the smallest change first."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.engine.feasibility import Feasibility
from sourcing.engine.formulation import formulate
from sourcing.engine.session import solver_of_variants
from sourcing.errors import SolverError, StoppedEarly
from sourcing.reasons.cells import cells_of, changed
from sourcing.reasons.equivalent_repairs import Ways
from sourcing.reasons.nearest import nearest, together
from sourcing.reasons.search import enough_together

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.solve_linear import Solution
    from sourcing.network import Network
    from sourcing.reasons.cells import Cell, Value
    from sourcing.reasons.nearest import Change
    from sourcing.tables import Case

COUNT = 3
"""Repairs that are worked out."""
SEARCH = 600_000
"""Columns of all programs together in which a search for single cells looks; of what then is left it says so."""
LEAST = 40
"""Changes that are tried of a program of any size."""
COLUMNS = [
    "repair",
    "table",
    "row",
    "column",
    "now",
    "becomes",
    "others_from",
    "others_to",
    "part",
    "short",
    "cost",
    "place",
]


@dataclass(frozen=True, eq=False)
class Trials:
    """A case that has no plan as it is, and how to answer it with cells written otherwise.

    ``sound`` says of a changed case whether the audit agrees with a plan of it; without it nobody is asked. ``asked``
    counts the changes that were "tried", of how many it stayed "undecided" whether they are enough, and how many were
    "left" because as many had been tried as a search may take.
    """

    case: Case
    network: Callable[[Case], Network]
    minimize: tuple[str, ...]
    options: SolverOptions
    sound: Callable[[Case, Formulation, Solution], bool] = lambda *_: True
    asked: Counter[str] = field(default_factory=Counter)

    @cached_property
    def _feasibility(self) -> Feasibility:
        return Feasibility(self.options)

    def written(self, values: Mapping[Cell, Value]) -> bool:
        """Whether there is a plan with these cells written so."""
        formulation, asked = self._formulated(values), self.asked
        asked["tried"] += 1
        try:
            return self._feasibility.has_plan(formulation)
        except SolverError:  # what the solver cannot settle is no repair
            asked["undecided"] += 1
            return False

    def sparing(self, most: int) -> Callable[[Mapping[Cell, Value]], bool]:
        """Return what tries the first so many changes, and leaves the others untried, as if they were not enough."""
        end = self.asked["tried"] + most

        def tried(values: Mapping[Cell, Value]) -> bool:
            if self.asked["tried"] < end:
                return self.written(values)
            self.asked["left"] += 1
            return False

        return tried

    def best(self, changes: Sequence[Change]) -> dict[str, float] | None:
        """Return how many tonnes the best plan leaves short after some changes, and what it costs.

        None if the solver finds no such plan after all, or the audit does not agree with it: that is no repair.
        """
        values = {change.cell: change.value for change in changes}
        form = self._formulated(values)
        try:
            solution = solver_of_variants(form, self.minimize, self.options)(form)
        except SolverError:
            return None
        if solution.status != "optimal" or not self.sound(changed(self.case, values), form, solution):
            return None
        short = float(solution.x[form.columns["short"].ids].sum()) if "short" in form.columns else 0.0
        return {"short": short, "cost": solution.level("cost").value}

    def _formulated(self, values: Mapping[Cell, Value]) -> Formulation:
        if self.options.seconds <= 0:
            raise StoppedEarly("stopped before it was found what has to give")
        return formulate(self.network(changed(self.case, values)))


def repairs(trials: Trials) -> pd.DataFrame:
    """Return changes of single cells after which there is a plan, by way out, the smallest first.

    ``repair`` numbers the ways out (``ways.Ways``): what else would do by the same way stands below its smallest
    change. ``now`` and ``becomes`` are in the table's unit, NaN or NaT for a blank, None where the row has to go;
    ``part`` is how large the change is, from 0 to 1 (``cells.Cell``); ``short`` (t) and ``cost`` (USD, as minimised)
    are those of the best plan then. ``others_from`` and ``others_to`` are what the like of it say if the cell stands
    out, in which case it comes first, else NaN. No rows if no change of a single cell is enough. The audit agrees with
    the plan after every one of them.

    Raises
    ------
    StoppedEarly : the time was up.
    """
    network = trials.network(trials.case)
    most = max(SEARCH // formulate(network).shape[1], LEAST)
    ways = nearest(cells_of(network), Ways(network), COUNT, trials.written, trials.sparing(most))
    found = [[(change, best) for change in way if (best := trials.best([change]))] for way in ways]
    rows = [
        _row(trials.case, change) | {"repair": number} | best
        for number, way in enumerate(filter(None, found), start=1)
        for change, best in way
    ]
    return _table(rows)


def repairs_together(trials: Trials, first: Sequence[str] = ()) -> pd.DataFrame:
    """Return changes of cells after which there is a plan if all are made, none larger than it has to be.

    Columns as those of ``repairs``; ``short`` and ``cost`` are those of the best plan with all of them. No rows if all
    cells at their loosest are not enough. None of the cells could stay as it is, and of each the change is the smallest
    beside the others; other sets of cells may do as well. Yields are left as they are: better ones leave no use for
    what a contract brings in anyway, so that more of them is not always looser.

    Parameters
    ----------
    first : rows of the tables ("limits.csv row 4") whose cells are taken rather than others.

    Raises
    ------
    StoppedEarly : the time was up.
    """
    cells = [cell for cell in cells_of(trials.network(trials.case)) if not (cell.alone or cell.is_yield)]
    rank = {place: number for number, place in enumerate(first)}
    cells.sort(key=lambda cell: rank.get(trials.case.place(cell.table, cell.row), len(rank)))
    needed = enough_together(cells, lambda some: trials.written({cell: cell.loosest for cell in some}))
    changes = together(needed, trials.written)
    best = trials.best(changes) if changes else None
    return _table([] if best is None else [_row(trials.case, change) | {"repair": 1} | best for change in changes])


def _table(rows: list[dict[str, Any]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=COLUMNS).astype({"now": object, "becomes": object})


def _row(case: Case, change: Change) -> dict[str, Any]:
    cell = change.cell
    low, high = cell.others or (np.nan, np.nan)
    return {
        "table": cell.table,
        "row": cell.row,
        "column": cell.column,
        "now": cell.value,
        "becomes": change.value,
        "others_from": low,
        "others_to": high,
        "part": change.part,
        "place": case.place(cell.table, cell.row),
    }
