"""The answer of ``sourcing frontier``: tables, manifest, and the plan at each point."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sourcing.plan.result import ResultWithPlans

if TYPE_CHECKING:
    from sourcing.plan import Plan


@dataclass(frozen=True, eq=False, kw_only=True)
class Frontier(ResultWithPlans):
    """The answer of ``sourcing frontier``: its tables (docs/plan.md), its manifest, and the plan at each point.

    ``plans`` are in the order of the table "frontier", and so are ``values``, the solver's numbers behind them.
    """

    CALLED: ClassVar[str] = "the frontier"

    measures: tuple[str, ...]

    @property
    def places(self) -> list[str]:
        """The folder of each point."""
        return [point_folder(plan) for plan in self.plans]


def point_folder(plan: Plan) -> str:
    """Return the name of a point's folder."""
    return f"point-{plan.manifest['frontier']['point']:02d}"
