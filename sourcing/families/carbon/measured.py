"""What limits on carbon count in a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.families.carbon.arrays import count_carbon

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.counting import Measured
    from sourcing.protocol import Account

    Reals = NDArray[np.float64]

ACCOUNTS = ("carbon",)
"""The accounts that are looked at, kept with the model."""


def measured(net: Network, accounts: Mapping[str, Account], x: Reals) -> Iterator[Measured]:
    """Yield what is emitted, by limit and window (t CO2e)."""
    if "carbon" in accounts:
        yield count_carbon(net, accounts["carbon"]).at(x)
