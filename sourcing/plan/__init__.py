"""A plan: its tables, its manifest, and the case and question it answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sourcing.plan.totals import totals

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

    from sourcing.question import Question
    from sourcing.tables import Case

SCHEMA = 1
"""Version of the shape of plan.json and manifest.json."""


@dataclass(frozen=True, eq=False, repr=False)
class Plan:
    """Tables by name (docs/plan.md), the manifest, the case after the question's edits, and where it is stored.

    ``certificate`` is what proves it, as plain values (docs/certificate.md); None for a plan without, or read again.
    """

    tables: Mapping[str, pd.DataFrame]
    manifest: Mapping[str, Any]
    case: Case
    question: Question
    folder: Path | None = None
    certificate: Mapping[str, Any] | None = None

    def __repr__(self) -> str:
        """Return one line: which question, how it ended, what it costs, where it is."""
        manifest, name = self.manifest, self.question.name or self.question.question
        money = f"USD {totals(self.tables).paid:,.0f} as paid" if "cost" in self.tables else "no cost"
        return f"<Plan {name!r}: {manifest.get('status')}, {money}, {len(self.tables)} tables, folder {self.folder}>"
