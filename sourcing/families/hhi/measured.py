"""What limits on concentration count in a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.families.hhi.arrays import MEASURES, count_mixes, limits_of, rows_of_limits, weights
from sourcing.network.counting import Measured
from sourcing.network.used import GOODS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.protocol import Account

    Reals = NDArray[np.float64]

ACCOUNTS = GOODS
"""The accounts that are looked at, kept with the model."""


def measured(net: Network, accounts: Mapping[str, Account], x: Reals) -> Iterator[Measured]:
    """Yield the tonnes of all members times their shares and weights, which over the total are the index."""
    if not net.case["limits"]["measure"].isin(MEASURES).any():
        return
    counted = count_mixes(net, accounts)
    own, total, (weight, world) = counted.member.at(x), counted.total.at(x), weights(net, counted)
    squares = np.bincount(counted.total_of, weights=weight * own**2, minlength=len(total))
    amount = np.divide(squares, total, where=total > 0, out=np.zeros(len(total))) + world * total
    yield Measured(limits_of(net, counted), rows_of_limits(counted), amount, total)
