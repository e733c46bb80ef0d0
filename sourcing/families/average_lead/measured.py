"""What limits on the average lead time average in a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.families.average_lead.arrays import count_waits

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.counting import Measured
    from sourcing.protocol import Account

    Reals = NDArray[np.float64]

ACCOUNTS = ("waited", "waited.days")
"""The accounts that are looked at, kept with the model."""


def measured(net: Network, accounts: Mapping[str, Account], x: Reals) -> Iterator[Measured]:
    """Yield what arrives of each member, in t and in t times days since the order, by limit and window."""
    if "waited" in accounts:
        yield count_waits(net, accounts["waited.days"], accounts["waited"]).at(x)
