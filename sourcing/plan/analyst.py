"""Tables for an analyst: every row and every column of the model with its value and its dual."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.outcome import Values


def write_duals(values: Values, folder: Path) -> None:
    """Write duals.csv (rows) and reduced_costs.csv (columns), with one column of duals per objective solved.

    Rows are those of the linear program that has the duals: what whole numbers take, held where they are, is taken off.
    Their names begin with a rule's: no spreadsheet reckons with them. What they come to is that of the least cost.
    """
    f, held = values.formulation, values.held
    rows = pd.DataFrame({"row": f.row_names(), "lower": f.row_lower - held, "activity": values.priced - held})
    rows["upper"] = f.row_upper - held
    columns = pd.DataFrame({"column": f.column_names(), "lower": f.column_lower, "value": values.cheapest})
    columns["upper"] = f.column_upper
    for level in values.solution.levels:
        rows[f"dual_{level.name}"] = level.row_dual[: len(rows)]
        columns[f"reduced_{level.name}"] = level.column_dual
    for name, table in (("duals", rows), ("reduced_costs", columns)):
        table.replace([np.inf, -np.inf], np.nan).to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
