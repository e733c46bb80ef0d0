"""Settings of HiGHS's branch and bound: how strictly it keeps rows, and the ways that there are."""

from __future__ import annotations

STRICT = 1e-9
"""HiGHS's tolerance for whole numbers, rows and bounds where columns are whole. At its own, 1e-6 in a search, what a
switch allows leaks through while it is off: a millionth of its bound."""

WAYS: tuple[dict[str, str | int], ...] = (
    {"presolve": "choose", "random_seed": 0},
    {"presolve": "off", "random_seed": 0},
    {"presolve": "off", "random_seed": 1},
)
"""Ways to search, the fastest first. HiGHS's presolve was seen to prove bounds above plans that there are."""
