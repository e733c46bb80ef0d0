"""Conversion, checked: processes stay within their capacity and cost what their activity costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.replay import words
from sourcing.replay.rows import Charge, Residual, at_most

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield the row "process" (process, node) of every process with a capacity or a ramp, in t of activity."""
    for code in facts.records.processes:
        if facts.is_limited("process", code):
            for n in facts.calendar.nodes:
                place = words.conversion(facts, code, n)
                yield at_most(
                    "process", (code, n), plan.make.get((code, n), 0.0), facts.process_capacity(code, n), place
                )


def charges(facts: Facts, plan: Replay) -> Iterator[Charge]:
    """Yield the cost of every process run in the period it starts."""
    for (code, m), tonnes in plan.make.items():
        yield Charge("conversion", m, facts.records.processes[code].cost * tonnes, (code, m))
