"""What limits on tonnes and on money count in a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.network.counting import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.counting import Measured
    from sourcing.protocol import Account

    Reals = NDArray[np.float64]

ACCOUNTS = ("entry", "ordered")
"""The accounts that are looked at, kept with the model."""


def measured(net: Network, accounts: Mapping[str, Account], x: Reals) -> Iterator[Measured]:
    """Yield what arrives of each member (t), and what is ordered from it (USD), by limit and window."""
    yield count(net, accounts["entry"], ("tonnes",)).at(x)
    if "ordered" in accounts:
        yield count(net, accounts["ordered"], ("spend",)).at(x)
