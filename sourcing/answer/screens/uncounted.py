"""Empty rows: limits on measures from outside of which nothing in the model is counted, whatever the plan does.

What ours count can be told from the tables, and is (``unmatched``, and the screens of families). What a family from
outside counts only its own algebra knows, so the model is built for it: for questions that have such a limit alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing import families
from sourcing.answer.screens.unmatched import idle_limits
from sourcing.measures import measures
from sourcing.tables import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.network import Network


def uncounted(net: Network) -> Iterator[Finding]:
    """Yield a warning for each limit on a measure from outside that counts nothing: it holds nobody to anything."""
    limits, known = net.case["limits"], measures()
    asked = limits["measure"].isin(families.outside_measures()).to_numpy() & ~idle_limits(net)
    if not asked.any():
        return
    counted = _counted(net, set(limits["measure"][asked]))
    for at in np.flatnonzero(asked).tolist():
        row = limits.iloc[at]
        if at not in counted:
            what = known[row["measure"]].words or row["measure"]
            fact = f"{row['limit']} counts nothing: there is no {what} in any plan"
            repair = f"fill in what {row['measure']} is counted by, correct its columns or dates, or remove it"
            yield Finding("warning", net.case.place("limits", int(row["row"])), fact, repair, "SCREEN-391")


def _counted(net: Network, asked: set[str]) -> set[int]:
    """Return the rows of limits of which something is counted where a little of everything is done."""
    from sourcing.engine.formulation import formulate

    form = formulate(net)
    x = 1.0 + np.modf(np.arange(form.shape[1]) * 0.6180339887498949)[0]  # uneven, so that nothing cancels out
    modules = {families.measuring_of(measure) for measure in asked}
    found = (one for module in modules for one in module.measured(net, form.accounts, x))
    return {limit for one in found for limit in np.unique(one.limit[one.amount != 0]).tolist()}
