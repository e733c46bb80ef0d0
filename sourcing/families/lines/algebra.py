"""Rows of lines: the activity of all processes that run on one."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.capacity import named
from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.protocol import Model


def close(model: Model, net: Network) -> None:
    """Hold the activity of each line's processes together against the capacity of the line.

    In the explaining build processes may run on other days, so the line has those on which they could.
    """
    lines = net.case["lines"]
    capacity = (net.opened_of("processes", "process") if model.explaining else net).line_capacity
    activity = model.account("activity")
    line = net.line_of[activity.code]
    bound = np.append(named(lines, net.line_ramps), values=False)[line]  # -1, a process by itself, finds the last
    cell, row = np.unique(line[bound] * len(net.tree) + activity.node[bound], return_inverse=True)
    index = Index(lines[["line"]], *np.divmod(cell, len(net.tree)), len(net.tree))
    rows = model.rows("line", index, Bounds(upper=capacity[index.code, index.node]), relief="t above the capacity")
    model.add(rows.ids[row], activity.column[bound], activity.value[bound])
