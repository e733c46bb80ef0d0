"""Lots without an end: who is used or not needs a bound on how much, and the tables name none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.lots import KINDS, most_of_owners
from sourcing.tables import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.network import Network


def endless(net: Network) -> Iterator[Finding]:
    """Yield an error for each owner of lots that could be asked for any amount."""
    if not len(net.lots) or np.isfinite(net.useful).all():
        return
    free = np.append(np.isinf(most_of_owners(net)).any(axis=1), values=False)
    for kind, where in KINDS.items():
        rows = net.case[where.table]["row"].to_numpy()
        for row in rows[free[net.lots.of[kind]]]:
            place = net.case.place(where.table, int(row))
            fact = "it has a least lot or a cost for each use, and nothing says how much of it could be used at most"
            repair = "fill in capacity" if kind != "service" else "fill in the capacity of its lanes"
            yield Finding("error", place, fact, f"{repair}, or a disposal_maximum where goods are sold", "SCREEN-314")
