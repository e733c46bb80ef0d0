"""When a search for whole numbers has proven enough: a gap that is small, and nodes looked into that are many."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import highspy
    from highspy.highs import HighsCallbackEvent

WITHIN = 1e-4
"""Gap, as a part of the objective, that is enough where a question says nothing of one."""
NODES = 2_000
"""Nodes that a search looks into before that is enough. Nodes, not seconds: the answer is the same on any machine."""


class Enough:
    """Who ends a search that has looked into enough nodes and is near enough; ``reached`` says whether the last was.

    Parameters
    ----------
    gap : that is near enough, and may be changed to a smaller one; 0 ends nothing.
    """

    def __init__(self, highs: highspy.Highs, gap: float) -> None:
        self._highs, self.wanted, self.reached = highs, gap, False
        if gap > 0:
            highs.cbMipInterrupt.subscribe(self._hear)

    def _hear(self, said: HighsCallbackEvent) -> None:
        if said.data_out.mip_node_count >= NODES and said.data_out.mip_gap <= self.wanted and self.wanted > 0:
            self.reached = True
            said.interrupt()

    def go_on(self) -> None:
        """Let the next run begin: HiGHS interrupts whatever follows an interrupted run until callbacks are set."""
        if self.reached:
            self._highs.enableCallbacks()
        self.reached = False

    @property
    def gap(self) -> float:
        """The gap that was enough for the last run, 0 where it ended by itself."""
        return self.wanted if self.reached else 0.0
