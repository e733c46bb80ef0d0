"""Incumbents: who is bought from today, and what each order says of that in its year."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.network.tiers import calendar_years

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.protocol import Account

    Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Incumbents:
    """Everybody who is bought from today.

    ``rows``: offer, material, quantity [t/year], share, switching_cost [USD/t], may_move [t/year], may_move_share.
    ``years``: by node the years that end there. ``own`` and ``shared``: incumbent, end, column and value of the orders
    from the incumbent, and of the orders that today's share is a share of (value: that share).
    """

    rows: pd.DataFrame
    years: Reals
    own: pd.DataFrame
    shared: pd.DataFrame


def build_incumbents(net: Network, ordered: Account) -> Incumbents:
    """Read the incumbents of a case, and find the orders that count for them."""
    offers = net.case["offers"].set_index("offer")
    rows = net.case["incumbents"]
    rows = rows.assign(material=rows["offer"].map(offers["material"]), incumbent=np.arange(len(rows)))
    node, end, years = calendar_years(net.tree)
    route = net.routes.iloc[ordered.code]
    moved = pd.DataFrame({"offer": route["offer"].to_numpy(), "material": route["material"].to_numpy()})
    moved = moved.assign(node=ordered.node, column=ordered.column).merge(pd.DataFrame({"node": node, "end": end}))
    own = rows[["incumbent", "offer"]].merge(moved, on="offer").assign(value=1.0)
    of_all = rows.loc[rows["share"].notna(), ["incumbent", "material", "share"]].merge(moved, on="material")
    return Incumbents(rows, years, own, of_all.assign(value=of_all["share"]))
