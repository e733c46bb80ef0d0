"""The knee of a curve: where it begins to cost much more to go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

BENT = 0.05
"""Part of the rise that a curve has to lie below the straight line between its ends to have a knee."""


def knee(value: Reals, cost: Reals) -> int:
    """Return the point furthest below the straight line between the ends; -1 if the curve is all but straight.

    >>> import numpy as np
    >>> knee(np.array([0.9, 0.6, 0.5, 0.4]), np.array([100.0, 103.0, 104.0, 120.0]))
    2
    """
    rise = cost[-1] - cost[0]
    if len(value) < 3 or rise <= 0:
        return -1
    below = cost[0] + rise * (value - value[0]) / (value[-1] - value[0]) - cost
    return int(below.argmax()) if below.max() > BENT * rise else -1
