"""The answer of ``sourcing target``: tables, manifest, and the plan at each point of the curve."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from sourcing.outcome import Values
    from sourcing.plan import Plan


@dataclass(frozen=True, eq=False)
class Target:
    """The answer of ``sourcing target``: its tables (docs/plan.md), its manifest, and the plan at each point.

    ``limit`` is the row of limits; ``plans`` are in the order of the curve, the loosest first, and so are ``values``,
    the solver's numbers behind them.
    """

    limit: Mapping[str, Any]
    tables: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any]
    plans: tuple[Plan, ...]
    values: tuple[Values, ...] = field(default=(), repr=False)
    folder: Path | None = None
