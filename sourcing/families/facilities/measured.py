"""What limits on the number of open facilities count in a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.families.facilities.arrays import counting
from sourcing.network.counting import count_scopes
from sourcing.protocol import Account

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.counting import Measured

    Reals = NDArray[np.float64]

ACCOUNTS = ("open",)
"""The accounts that are looked at, kept with the model."""


def measured(net: Network, accounts: Mapping[str, Account], x: Reals) -> Iterator[Measured]:
    """Yield how many facilities are open, by limit and period; also where there are none to open."""
    if (net.case["limits"]["measure"] == "facilities").any():
        yield count_scopes(net, accounts.get("open", Account.empty()), counting(net)).at(x)
