"""Pool of plans that were seen, by what arrives in them: many an extreme is attained by one of them already."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.studies.alternatives.counted import Counted

    Reals = NDArray[np.float64]

DUST = 1e-6
"""Part of what arrives of a material, or of what it is solved in, below which nothing arrives."""


class Seen:
    """The least and the most of each sum (t), and of each share of the table, in any plan that was seen.

    Shares are of the plans in which any of the material arrives; NaN where none was seen.
    """

    def __init__(self, counted: Counted, x: Reals, unit: Reals) -> None:
        """``x`` are the columns of the plan itself, ``unit`` the tonnes in which each sum is solved."""
        self._counted, self.plans, self._unit = counted, [counted.tonnes(x)], unit
        self.least, self.most = self.plans[0].copy(), self.plans[0].copy()
        self._at, self._of = (counted.table[name].to_numpy(np.int64) for name in ("at", "of"))
        self.least_share = self.most_share = np.full(len(counted.table), np.nan)

    @property
    def dust(self) -> Reals:
        """Tonnes of each row of the table below which nothing arrives."""
        dust: Reals = DUST * np.maximum(self.most, self._unit)[self._of]
        return dust

    def add(self, x: Reals) -> None:
        """See a plan."""
        tonnes = self._counted.tonnes(x)
        self.plans.append(tonnes)
        self.least, self.most = np.minimum(self.least, tonnes), np.maximum(self.most, tonnes)
        self._share(tonnes)

    def share(self) -> None:
        """Take the shares of all plans anew, now that the most of each material is known."""
        self.least_share = self.most_share = np.full(len(self._at), np.nan)
        for tonnes in self.plans:
            self._share(tonnes)

    def _share(self, tonnes: Reals) -> None:
        own, total = tonnes[self._at], tonnes[self._of]
        shares = np.divide(own, total, where=total > self.dust, out=np.full(len(own), np.nan)).clip(0.0, 1.0)
        self.least_share, self.most_share = np.fmin(self.least_share, shares), np.fmax(self.most_share, shares)
