"""Lines, checked: the processes of a line together stay within its capacity."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.replay import words
from sourcing.replay.rows import Residual, at_most

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the row "line" (line, node) of every line with a capacity or a ramp, in t of activity."""
    for code in facts.records.lines:
        if facts.is_limited("line", code):
            for n in facts.calendar.nodes:
                together = sum(plan.make.get((process, n), 0.0) for process in facts.records.on_line(code))
                yield at_most("line", (code, n), together, facts.line_capacity(code, n), words.line(facts, code, n))
