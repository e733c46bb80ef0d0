"""The answer of ``sourcing alternatives``: tables, manifest, and the different plans."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from sourcing.outcome import Values
    from sourcing.plan import Plan

MUST, FREE, NEVER, OPEN = "must have", "free", "never", "open"
"""Every plan orders from it; some do and some do not; none does; a search was not exact enough to tell."""


@dataclass(frozen=True, eq=False)
class Alternatives:
    """The answer of ``sourcing alternatives``: its tables (docs/plan.md), its manifest, and the different plans.

    ``plan`` is the one that was asked about; ``plans`` are in the order in which they were found, and so are
    ``values``, the solver's numbers behind them.
    """

    plan: Plan
    tables: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any]
    plans: tuple[Plan, ...]
    values: tuple[Values, ...] = field(default=(), repr=False)
    folder: Path | None = None
