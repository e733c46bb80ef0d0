"""What limits on a share count in a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.network.counting import count_goods
from sourcing.network.held import STOCK
from sourcing.network.used import GOODS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.counting import Measured
    from sourcing.protocol import Account

    Reals = NDArray[np.float64]

ACCOUNTS = (*GOODS, *STOCK)
"""The accounts that are looked at, kept with the model."""


def measured(net: Network, accounts: Mapping[str, Account], x: Reals) -> Iterator[Measured]:
    """Yield what arrives, or is used, of each member, and of all of them, by limit and window (t)."""
    yield count_goods(net, accounts, ("share",)).at(x)
