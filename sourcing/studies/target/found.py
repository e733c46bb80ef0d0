"""The answer of ``sourcing target``: tables, manifest, and the plan at each point of the curve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from sourcing.measures import measures
from sourcing.plan.result import ResultWithPlans

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sourcing.card import Measure


_DIGITS, _MOST = 6, 17
_NOTHING = 1e-14
"""Part of the largest value that is rounding of 0."""


@dataclass(frozen=True, eq=False, kw_only=True)
class Target(ResultWithPlans):
    """The answer of ``sourcing target``: its tables (docs/plan.md), its manifest, and the plan at each point.

    ``limit`` is the row of limits; ``plans`` are in the order of the curve, the loosest first, and so are ``values``,
    the solver's numbers behind them.
    """

    CALLED: ClassVar[str] = "the curve"

    limit: Mapping[str, Any]

    @property
    def measure(self) -> Measure:
        """What the limit is on."""
        return measures()[str(self.limit["measure"])]

    @property
    def places(self) -> list[str]:
        """The folder of each point."""
        return point_folders([float(plan.manifest["target"]["value"]) for plan in self.plans])


def point_folders(values: Sequence[float]) -> list[str]:
    """Return a name for the folder of each point: its value in six digits, or in as many as tell them apart.

    >>> point_folders([0.5, 0.25, 2e-18]), point_folders([0.5, 0.49999999])
    (['points/0.5', 'points/0.25', 'points/0'], ['points/0.5', 'points/0.49999999'])
    """
    near = [0.0 if abs(value) <= _NOTHING * max(map(abs, values)) else value for value in values]
    named = ([f"points/{value:.{digits}g}" for value in near] for digits in range(_DIGITS, _MOST))
    return next((names for names in named if len(set(names)) == len(names)), [f"points/{value!r}" for value in values])
