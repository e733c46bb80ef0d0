"""The answer of ``sourcing tornado``: what each number swings, and what not knowing it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from sourcing.plan import Plan

TABLES = ("tornado", "instead", "not_varied")


@dataclass(frozen=True, eq=False)
class Tornado:
    """Its tables (docs/plan.md), its manifest, the plan that it is about, and where it is stored."""

    plan: Plan
    tables: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any]
    folder: Path | None = None
