"""What limits on numbers count in a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.counting import Measured
from sourcing.network.counts import COUNTS, counts_any, groups_of, presence
from sourcing.network.used import GOODS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.protocol import Account

    Reals = NDArray[np.float64]

GRAM = 1e-6
"""Tonnes by which a threshold has to be missed to be missed."""
ACCOUNTS = GOODS
"""The accounts that are looked at, kept with the model."""


def measured(net: Network, accounts: Mapping[str, Account], x: Reals) -> Iterator[Measured]:
    """Yield how many members there are by what they bring, whatever the plan was free to count."""
    if not counts_any(net):
        return
    counted = presence(net, accounts)
    own = net.case["limits"].iloc[counted.limit]
    bring, threshold = counted.member.at(x), own["at_least"].fillna(0.0).to_numpy(float)
    there = np.where(own["sense"] == "min", bring >= threshold - GRAM, bring > threshold + GRAM)
    for measure in COUNTS:
        groups = groups_of(net, counted, measure)
        number = np.zeros(len(groups.limit))
        np.add.at(number, groups.of[groups.of >= 0], there[groups.of >= 0].astype(float))
        yield Measured(groups.limit, groups.index, number, number)
