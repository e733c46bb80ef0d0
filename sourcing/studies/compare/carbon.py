"""Emissions of plans side by side, by what emits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.answer.emissions import emissions
from sourcing.studies.compare.tables import minus, same_days

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.plan import Plan


def carbon(named: Mapping[str, Plan]) -> pd.DataFrame:
    """Return t CO2e by kind and all together, a column for each plan's letter, and what the others have more."""
    table = pd.DataFrame({letter: emissions(plan) for letter, plan in named.items()})
    table = table[(table > 0).any(axis=1)]
    table.loc["all"] = table.sum()
    first, *others = named.items()
    for letter, plan in others:
        alike = same_days(first[1], plan)
        table[minus(letter, first[0])] = table[letter] - table[first[0]] if alike else np.nan
    return table.rename_axis("kind").reset_index()
