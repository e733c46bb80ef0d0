"""Tell how mixed a set of solved cases is: how many have a plan, run short, and have each kind of row bind."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .solving import Row, TwinResult

RULES = [
    "balance",
    "offer",
    "process",
    "line",
    "lane",
    "safety",
    "closing",
    "maximum",
    "use",
    "share",
    "tonnes",
    "spend",
    "grade",
]
SHORT = 1e-6


def tells(row: Row, leaf: int) -> bool:
    """Whether the row attains a bound that says something: a use bound of nothing, or at the end, does not."""
    return row.binds and (row.rule != "use" or (row.key[-1] < leaf and (row.upper or 0.0) > 0))


def binding_statistics(results: Sequence[TwinResult]) -> dict[str, float]:
    """Return shares (0..1) of all results: optimal, infeasible, met (optimal, none short), short, and each rule."""
    found: Counter[str] = Counter()
    for result in results:
        found[result.status] += 1
        if result.status == "optimal":
            found["met" if result.shortage_tonnes <= SHORT else "short"] += 1
            leaf = len(result.discount) - 1
            found.update({row.rule for row in result.rows.values() if tells(row, leaf)})
    return {name: found[name] / len(results) for name in ["optimal", "infeasible", "met", "short", *RULES]}
