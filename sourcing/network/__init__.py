"""A case over the tree of time, as arrays and frames: the vocabulary in which families write their algebra.

Nothing here knows of columns, rows or Pyomo; nothing here is known to the checkers, which do their own arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.network import borders, earliest, reach
from sourcing.network.capacities import Capacities
from sourcing.network.contracts import Contracts, build_contracts, calls
from sourcing.network.demand import Demand, spread_demand
from sourcing.network.facilities import Facilities, build_facilities
from sourcing.network.forced import more_than_asked
from sourcing.network.lots import Lots, build_lots
from sourcing.network.origins import build_origins, stage_rank
from sourcing.network.points import Points, build_points, recipe_points
from sourcing.network.qualification import build_gates
from sourcing.network.routes import ROUTE, SHIP, build_routes, build_ships
from sourcing.network.short import may_be_short
from sourcing.network.useful import useful

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.calendar import TimeTree
    from sourcing.tables import Case

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Reals = NDArray[np.float64]

__all__ = ["ROUTE", "SHIP", "Network"]


@dataclass(frozen=True)
class Network(Capacities):
    """A case, its tree of time and how shortage is treated (least, priced, limited, none), with all derived frames."""

    case: Case
    tree: TimeTree
    shortage: str

    @cached_property
    def points(self) -> Points:
        """Stock points, sorted by site and material."""
        return build_points(self.case)

    @cached_property
    def routes(self) -> pd.DataFrame:
        """Routes of all offers (see ``network.routes``)."""
        return build_routes(self.case, self.points)

    @cached_property
    def ships(self) -> pd.DataFrame:
        """Lanes for goods already in the chain (see ``network.routes``)."""
        return build_ships(self.case, self.points)

    @cached_property
    def outputs(self) -> pd.DataFrame:
        """Outputs of processes: process, site, material, quantity, code (of the process), point, intake_rank."""
        return self._sides(positive=True)

    @cached_property
    def inputs(self) -> pd.DataFrame:
        """Inputs of processes, as ``outputs``; quantities are negative."""
        return self._sides(positive=False)

    def _sides(self, *, positive: bool) -> pd.DataFrame:
        sides = self._recipe_sides
        return sides[(sides["quantity"] > 0) == positive].reset_index(drop=True)

    @cached_property
    def _recipe_sides(self) -> pd.DataFrame:
        recipes = recipe_points(self.case)
        rank = stage_rank(self.case, recipes["material"]).where(recipes["quantity"] < 0, -1.0)
        highest = rank.groupby(recipes["process"]).transform("max")
        return recipes.assign(
            code=pd.Index(self.case["processes"]["process"]).get_indexer(pd.Index(recipes["process"])),
            point=self.points.find(recipes["site"], recipes["material"]),
            intake_rank=highest,
        )

    @cached_property
    def origins(self) -> pd.DataFrame:
        """Every way material first enters the chain: routes, then process outputs, then open orders."""
        return build_origins(self.case, self.routes, self.outputs)

    @cached_property
    def demand(self) -> Demand:
        """Demand per (point, node)."""
        return spread_demand(self.case, self.points, self.tree)

    @cached_property
    def may_be_short(self) -> Mask:
        """Whether what is due may stay short, per (point, node)."""
        return may_be_short(self)

    @cached_property
    def lots(self) -> Lots:
        """What can only be used in lots (see ``network.lots``)."""
        return build_lots(self.case)

    @cached_property
    def contracts(self) -> Contracts:
        """Contracts over the tree (see ``network.contracts``)."""
        return build_contracts(self)

    @cached_property
    def contract_calls(self) -> pd.DataFrame:
        """What can be called off (see ``network.contracts.calls``)."""
        return calls(self)

    @cached_property
    def forced(self) -> Reals:
        """Tonnes by point that terms may bring beyond what is asked for (see ``network.forced``)."""
        return more_than_asked(self)

    @cached_property
    def useful(self) -> Reals:
        """Tonnes (point, node) that could be used at a point from a node on (see ``network.useful``)."""
        return useful(self)

    @cached_property
    def gates(self) -> pd.DataFrame:
        """What has to be qualified before it is ordered or run (see ``network.qualification``)."""
        return build_gates(self.case)

    @cached_property
    def facilities(self) -> Facilities:
        """Processes and sites that have to be opened, or may be closed (see ``network.facilities``)."""
        return build_facilities(self.case)

    @cached_property
    def countries(self) -> pd.Series[str]:
        """Country of every site."""
        return self.case["sites"].set_index("site")["country"]

    def country_of(self, site: pd.Series[str]) -> NDArray[np.object_]:
        """Return the country of each site."""
        return site.map(self.countries).to_numpy(object)

    @cached_property
    def route_crossings(self) -> borders.Crossings:
        """Borders that routes cross."""
        made_in = self.case["offers"]["made_in"].to_numpy(object)[self.routes["code"]]
        leaves = self.country_of(self.routes["site"])
        return borders.Crossings(
            origin=np.where(made_in == "", leaves, made_in),
            leaves=leaves,
            enters=self.country_of(self.routes["destination"]),
            material=self.routes["material"].to_numpy(object),
        )

    @cached_property
    def ship_crossings(self) -> borders.Crossings:
        """Borders that goods already in the chain cross."""
        leaves = self.country_of(self.ships["origin"])
        enters = self.country_of(self.ships["destination"])
        return borders.Crossings(leaves, leaves, enters, self.ships["material"].to_numpy(object))

    @cached_property
    def route_departure(self) -> Reals:
        """Days from order to departure per (route, node): the supplier's lead time and the licence."""
        lead: Reals = self.routes["lead_days"].to_numpy(float)[:, None]
        return lead + borders.licence_lag(self.case, self.route_crossings, self.tree)

    @cached_property
    def route_lead(self) -> Reals:
        """Days from order to arrival per (route, node)."""
        transit: Reals = self.routes["transit_days"].to_numpy(float)[:, None]
        return self.route_departure + transit

    @cached_property
    def ship_departure(self) -> Reals:
        """Days from release to departure per (ship, node): the licence."""
        return borders.licence_lag(self.case, self.ship_crossings, self.tree)

    @cached_property
    def ship_lead(self) -> Reals:
        """Days from release to arrival per (ship, node)."""
        transit: Reals = self.ships["transit_days"].to_numpy(float)[:, None]
        return self.ship_departure + transit

    @cached_property
    def order_arrivals(self) -> tuple[Ints, Ints]:
        """Pair each open order (row of the table) with the node, in every branch, in which it arrives."""
        arrives = self.case["open_orders"]["arrives"].to_numpy("datetime64[D]")[:, None]
        order, node = np.nonzero((arrives >= self.tree.start) & (arrives < self.tree.end))
        return order, node

    @cached_property
    def order_point(self) -> Ints:
        """Stock point of each open order."""
        orders = self.case["open_orders"]
        return self.points.find(orders["site"], orders["material"])

    @cached_property
    def hops(self) -> reach.Hops:
        """Lanes between stock points."""
        return reach.Hops(self.ships["from_point"].to_numpy(), self.ships["point"].to_numpy())

    @cached_property
    def recipes(self) -> reach.Recipes:
        """Inputs and outputs of all processes."""
        sides = pd.concat([self.inputs, self.outputs])
        return reach.Recipes(sides["code"].to_numpy(), sides["point"].to_numpy(), sides["quantity"].to_numpy(float))

    @cached_property
    def first_arrival(self) -> Reals:
        """Earliest day after the start at which an order can have arrived at each point."""
        return earliest.first_arrival(self)
