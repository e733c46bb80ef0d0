"""MIP gap at which a search for whole numbers ends by default: small, and larger the more nodes it has looked into."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import highspy
    from highspy.highs import HighsCallbackEvent

WITHIN = 1e-4
"""Gap, as a part of the objective, that is enough where a question says nothing of one."""
NODES = 2_000
"""Nodes that a search looks into before that is enough, and again before as much more is; nodes, not seconds: the
answer is the same on any machine."""
MOST = 10
"""How many times as much is enough in the end."""


def near_after(nodes: int, gap: float) -> float:
    """Return the gap that is enough after so many nodes: none at first, ``gap`` for every ``NODES`` of them later."""
    return gap * min(nodes / NODES, MOST) if nodes >= NODES else 0.0


class Enough:
    """Who ends a search that has looked into enough nodes and is near enough; ``reached`` says whether the last was.

    Parameters
    ----------
    gap : that is near enough after the first ``NODES``, and may be changed to a smaller one; 0 ends nothing.
    """

    def __init__(self, highs: highspy.Highs, gap: float) -> None:
        self._highs, self.wanted, self._at = highs, gap, 0.0
        if gap > 0:
            highs.cbMipInterrupt.subscribe(self._hear)

    def _hear(self, said: HighsCallbackEvent) -> None:
        near = near_after(said.data_out.mip_node_count, self.wanted)
        if near > 0 and said.data_out.mip_gap <= near:
            self._at = near
            said.interrupt()

    def go_on(self) -> None:
        """Let the next run begin: HiGHS interrupts whatever follows an interrupted run until callbacks are set."""
        if self.reached:
            self._highs.enableCallbacks()
        self._at = 0.0

    @property
    def reached(self) -> bool:
        """Whether the last run was near enough before it ended by itself."""
        return self._at > 0

    @property
    def gap(self) -> float:
        """The gap that was enough for the last run, 0 where it ended by itself."""
        return self._at
