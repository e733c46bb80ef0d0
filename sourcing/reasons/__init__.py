"""Explanations: why there is no plan, why something is short, what holds the cost up."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


@dataclass(frozen=True, eq=False)
class Explanation:
    """Sentences for a planner, and the tables behind them.

    ``evidence`` is what it rests on that there is no plan: its ``kind``, ``words`` and, of a proof, ``rows``.
    """

    words: list[str]
    tables: Mapping[str, pd.DataFrame] = field(default_factory=dict)
    evidence: Mapping[str, Any] = field(default_factory=dict)
