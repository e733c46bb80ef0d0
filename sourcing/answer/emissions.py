"""What a plan emits, by what does it: added up from its own tables, whether a limit asks for it or not."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.answer.setting import network_of
from sourcing.network import ROUTE, SHIP
from sourcing.outcome.carbon import EMITTERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.plan import Plan

    Reals = NDArray[np.float64]

KINDS = ("bought", "ordered before", "carried", "made")


class Rates(NamedTuple):
    """t CO2e per t of each route's offer and lane, of each ship, of processes by name, of each open order."""

    bought: Reals
    along: Reals
    shipped: Reals
    made: pd.Series[float]
    ordered: Reals

    @classmethod
    def of(cls, net: Network) -> Rates:
        """Return the rates of a network; what is blank counts as 0."""
        offers, lanes, processes = (net.case[name]["carbon"].fillna(0.0).to_numpy(float) for name in EMITTERS)
        lanes = np.append(lanes, 0.0)
        by_offer = pd.Series(offers, net.case["offers"]["offer"])
        return cls(
            offers[net.routes["code"].to_numpy(int)],
            lanes[net.routes["lane"].to_numpy(int)],
            lanes[net.ships["lane"].to_numpy(int)],
            pd.Series(processes, net.case["processes"]["process"]),
            by_offer.reindex(net.case["open_orders"]["offer"]).fillna(0.0).to_numpy(float),
        )


def emissions(plan: Plan) -> pd.Series[float]:
    """Return t CO2e by kind, as a limit on all together over the horizon counts it.

    ``bought``: up to where the supplier hands it over; ``carried``: by the lanes, own shipments included; ``made``: by
    own processes. What arrives after the horizon is not counted; what is blank counts as 0.
    """
    net = network_of(plan.question, plan.case)
    bought, shipped, run = (plan.tables[name] for name in ("purchases", "shipments", "conversions"))
    rates, route, ship = Rates.of(net), _found(net.routes, bought, ROUTE), _found(net.ships, shipped, SHIP)
    amounts = (
        rates.bought[route] @ _arrived(bought),
        rates.ordered @ _arrived_orders(net),
        rates.along[route] @ _arrived(bought) + rates.shipped[ship] @ _arrived(shipped),
        rates.made.reindex(run["process"]).to_numpy(float) @ run["tonnes"].to_numpy(float),
    )
    return pd.Series([float(amount) for amount in amounts], KINDS)


def _found(entities: pd.DataFrame, moved: pd.DataFrame, key: list[str]) -> NDArray[np.intp]:
    known = pd.MultiIndex.from_frame(entities[key])
    found: NDArray[np.intp] = known.get_indexer(pd.MultiIndex.from_frame(moved[key]))
    return found


def _arrived(moved: pd.DataFrame) -> Reals:
    tonnes: Reals = (moved["tonnes"] - moved["late_tonnes"]).to_numpy(float)
    return tonnes


def _arrived_orders(net: Network) -> Reals:
    """Return the tonnes of each open order that arrive within the horizon."""
    orders = net.case["open_orders"]
    tonnes, (order, node) = np.zeros(len(orders)), net.order_arrivals
    order = order[net.tree.reported[node]]
    tonnes[order] = orders["quantity"].to_numpy(float)[order]
    return tonnes
