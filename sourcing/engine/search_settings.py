"""Settings of HiGHS: how strictly its branch and bound keeps rows, and the ways there are to search and to solve."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

STRICT = 1e-9
"""HiGHS's tolerance for whole numbers, rows and bounds where columns are whole. At its own, 1e-6 in a search, what a
switch allows leaks through while it is off: a millionth of its bound."""

WAYS: tuple[dict[str, str | int], ...] = (
    {"presolve": "choose", "random_seed": 0},
    {"presolve": "off", "random_seed": 0},
    {"presolve": "off", "random_seed": 1},
)
"""Ways to search, the fastest first. HiGHS's presolve was seen to prove bounds above plans that there are."""

PLAINLY: tuple[Mapping[str, object], ...] = (
    {"presolve": "off"},
    {"presolve": "off", "simplex_scale_strategy": 0},
    {"solver": "ipm"},
)
"""Settings of HiGHS for a solve that had no answer as it is set up usually, the nearest to that first."""
