"""What limits on shortage count in a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.network.shortage import count_short

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.counting import Measured
    from sourcing.protocol import Account

    Reals = NDArray[np.float64]

ACCOUNTS = ("short",)
"""The accounts that are looked at, kept with the model."""


def measured(net: Network, accounts: Mapping[str, Account], x: Reals) -> Iterator[Measured]:
    """Yield what stays short, by limit and window (t, or weighted t)."""
    if "short" in accounts:
        yield count_short(net, accounts["short"]).at(x)
