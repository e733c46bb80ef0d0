"""What the solver warned of, answered: what it means for the plan and what to change in the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_ANSWER = (
    "The solver warned of numbers that are very large or very small beside each other (analyst/solver.log). The audit, "
    "which checks every balance, limit and invoice without it, says whether the plan keeps them; to be rid of the "
    "warning, correct tonnes or prices that are slips, or ask about the smallest materials in a question of their own."
)
_STOPPED = "WARNING: Ipx:"
"""How HiGHS warns that its interior point method was stopped: of no number."""


def answered(log: Path | None) -> list[str]:
    """Return a note for the plan if the solver's log has a warning of scaling; without a log nobody sees one."""
    if log is None or not log.is_file():
        return []
    lines = log.read_text("utf-8", errors="replace").splitlines()
    return [_ANSWER] if any("WARNING" in line and _STOPPED not in line for line in lines) else []
