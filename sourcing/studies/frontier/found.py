"""The answer of ``sourcing frontier``: tables, manifest, and the plan at each point."""

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
class Frontier:
    """The answer of ``sourcing frontier``: its tables (docs/plan.md), its manifest, and the plan at each point.

    ``plans`` are in the order of the table "frontier", and so are ``values``, the solver's numbers behind them.
    """

    measures: tuple[str, ...]
    tables: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any]
    plans: tuple[Plan, ...]
    values: tuple[Values, ...] = field(default=(), repr=False)
    folder: Path | None = None
