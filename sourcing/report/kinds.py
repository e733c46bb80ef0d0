"""Faults on a screen: one by one while they can be read, by their kind where they are many."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing import families
from sourcing.plan.store import CODES as PLAN_CODES
from sourcing.question.chain import CODES as QUESTION_CODES
from sourcing.tables.problems import CODES as DATA_CODES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.errors import Fault
    from sourcing.tables import Finding

SHOWN = 20
"""Faults that are listed one by one."""

FIRST = 3
"""Faults shown of each kind where there are more."""


def coded(said: Fault | Finding) -> str:
    """Return a fault or a finding as one sentence with its code behind it; ``sourcing docs codes`` lists them."""
    return f"{said} ({said.code})"


def counted(faults: Sequence[Fault]) -> int:
    """Return how many faults some stand for."""
    return sum(fault.count for fault in faults)


def fault_lines(faults: Sequence[Fault]) -> list[str]:
    """Return a line per fault; of more than ``SHOWN`` the first of each kind, the most frequent kind first.

    Lines are indented by two, those below a kind by four.
    """
    if len(faults) <= SHOWN:
        return [f"  {coded(fault)}" for fault in faults]
    kinds: dict[str, list[Fault]] = {}
    for fault in faults:
        kinds.setdefault(fault.code, []).append(fault)
    lines = []
    for code, alike in sorted(kinds.items(), key=lambda kind: -counted(kind[1])):
        title = (DATA_CODES | QUESTION_CODES | PLAN_CODES | families.codes()).get(code)
        count = counted(alike)
        lines.append(f"  {count:,} × {title} ({code})" if title else f"  {count:,} × {code}")
        lines += [f"    {fault}" for fault in alike[:FIRST]]
        if count > FIRST:
            lines.append(f"    … {count - FIRST:,} more of this kind")
    most = "more of them, and counts the others" if counted(faults) > len(faults) else "all of them"
    return [*lines, f"  --json lists {most}"]
