"""What limits on a grade average in a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.families.grade.arrays import count_intake

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import numpy as np
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.counting import Measured
    from sourcing.protocol import Account

    Reals = NDArray[np.float64]

ACCOUNTS = ("intake",)
"""The accounts that are looked at, kept with the model."""


def measured(net: Network, accounts: Mapping[str, Account], x: Reals) -> Iterator[Measured]:
    """Yield what each blend takes in, in t and in t times its grades, by limit and window."""
    if "intake" in accounts:
        yield count_intake(net, accounts["intake"]).at(x)
