"""What a limit on a grade averages: which inputs of which processes, and with which grades."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.network.counting import count_scopes
from sourcing.network.limits import ALL, Scope, windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from sourcing.network import Network
    from sourcing.network.counting import Counted
    from sourcing.protocol import Account
    from sourcing.tables import Case


def count_intake(net: Network, posted: Account) -> Counted:
    """Count what was posted (input of a process, node) for every limit on a grade.

    The total is what a blend takes in (t), the one member of each row ("") is that times its grades. A blend that
    nothing can be taken into has no row.
    """
    return count_scopes(net, posted, _grade_scopes(net), having="averaged")


def _grade_scopes(net: Network) -> list[Scope]:
    """Resolve the limits on a grade against the inputs of processes: one scope per limit and site that blends."""
    rows = np.flatnonzero((net.case["limits"]["measure"] == "grade").to_numpy())
    return [scope for row in rows for scope in _scopes(net, int(row))]


def _scopes(net: Network, row: int) -> Iterator[Scope]:
    limit, inputs = net.case["limits"].iloc[row], net.inputs
    grade = inputs["material"].map(grades(net.case, limit)).astype(float)
    taken = grade.notna() & inputs["process"].isin(_makers(net, limit))
    window = windows(limit, net.tree)
    for site in inputs.loc[taken, "site"].drop_duplicates():
        weight = (taken & (inputs["site"] == site)).to_numpy(float)
        yield Scope(row, str(site), weight, [ALL], sparse.csc_array(grade.fillna(0.0).to_numpy()[:, None]), window)


def grades(case: Case, limit: pd.Series[str]) -> pd.Series[float]:
    """Return the grade of every material that the limit can average, by material; one without a row has none."""
    name, table, value = ("property", "properties", "value") if limit["property"] else ("element", "contents", "share")
    rows = case[table]
    return rows[rows[name] == limit[name]].set_index("material")[value]


def _makers(net: Network, limit: pd.Series[str]) -> pd.Series[str]:
    """Return the processes that make what is blended, at the limit's site and on its line."""
    processes, outputs = net.case["processes"], net.outputs
    making = outputs[outputs["material"] == limit["material"]] if limit["material"] else outputs
    fits = processes["process"].isin(making["process"])
    for column in ("site", "line"):
        if limit[column]:
            fits &= processes[column] == limit[column]
    return processes.loc[fits, "process"]
