"""What terms may bring to a point beyond what is asked for there: stock may exceed what is of use by as much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.network import conditions, contracts, counts
from sourcing.network.awards import awarded
from sourcing.network.lots import indivisible
from sourcing.network.stability import standing

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sourcing.network import Network


def more_than_asked(net: Network) -> NDArray[np.float64]:
    """Return by point the tonnes of one lot of everybody, and of what other terms force.

    Those are minimum numbers, conditions, awards, orders that stand, and contracts.
    """
    tonnes = counts.forced(net) + conditions.forced(net) + standing(net) + awarded(net)
    tonnes += indivisible(net) if len(net.lots) else 0.0
    return tonnes + contracts.forced(net) if len(net.contracts) else tonnes
