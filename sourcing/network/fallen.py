"""Reverse flows under limits on use: goods that had come to a limit's stage, and fall back before it in a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.origins import stage_rank

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.views import View

    Flags = NDArray[np.bool_]


def fallen(net: Network) -> Iterator[tuple[int, str]]:
    """Yield limits on use (rows) and processes from which goods fall back before the stage, and can be lifted again.

    What is lifted is the own of the process that lifts it, whosever it was before it fell.
    """
    rank = stage_rank(net.case, net.points.entities["material"]).to_numpy(float)
    codes = net.case["processes"]["process"].to_numpy(object)
    for view in net.custody.views:
        holds, reached = view.content > 0, rank >= view.rank
        again = _lifted_again(net, view, ~reached & holds)
        for process in np.flatnonzero(_with(net, "inputs", reached & holds) & _with(net, "outputs", again)).tolist():
            yield view.limits[0], str(codes[process])


def _lifted_again(net: Network, view: View, before: Flags) -> Flags:
    """Return the points before the stage from which goods can come to a process that brings them to it."""
    found, size = np.zeros(len(before), bool), -1
    holds = (view.content > 0) & ~before
    while size != (size := int(found.sum())):
        found[net.hops.origin[found[net.hops.point]]] = True
        makes = _with(net, "outputs", holds | found)
        found[net.inputs["point"].to_numpy()[makes[net.inputs["code"].to_numpy()]]] = True
        found &= before
    return found


def _with(net: Network, side: str, points: Flags) -> Flags:
    """Return which processes have any of some points among their inputs, or outputs."""
    frame = net.inputs if side == "inputs" else net.outputs
    some = np.zeros(len(net.case["processes"]), bool)
    some[frame["code"].to_numpy()[points[frame["point"].to_numpy()]]] = True
    return some
