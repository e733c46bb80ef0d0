"""Compulsory purchases: what terms may bring to a point beyond what is asked for there, and stock may hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.tables.folders import registry

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network


def more_than_asked(net: Network) -> NDArray[np.float64]:
    """Return by point the sum of what each family says of its own terms."""
    tonnes = np.zeros(len(net.points))
    for must_take in registry().must_takes("arrays"):
        tonnes = tonnes + must_take(net)
    return tonnes
