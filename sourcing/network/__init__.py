"""A case over the tree of time, as arrays and frames: the vocabulary in which families write their algebra.

Nothing here knows of columns, rows or Pyomo; nothing here is known to the checkers, which do their own arithmetic.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.calendar import DUST
from sourcing.network import borders, earliest, reach
from sourcing.network.capacities import Capacities
from sourcing.network.capacity import undated
from sourcing.network.closures import Closed, routes_closed, ships_closed, under_way
from sourcing.network.counts import number_scopes
from sourcing.network.custody import Custody, build_custody
from sourcing.network.customs import Customs, build_customs
from sourcing.network.demand import Demand, dated_demand, spread_demand
from sourcing.network.derived import derived
from sourcing.network.licences import Licensing, build_licensing
from sourcing.network.lots import Lots, build_lots
from sourcing.network.must_take import more_than_asked
from sourcing.network.origins import build_origins, stage_rank
from sourcing.network.points import Points, build_points, recipe_points
from sourcing.network.promised import promised_offers
from sourcing.network.qualification import build_gates
from sourcing.network.routes import ROUTE, SHIP, build_routes
from sourcing.network.shortage import may_be_short
from sourcing.network.used_part import UsedParts, used_parts
from sourcing.network.useful import useful
from sourcing.network.windows import build_windows, clipped, filled, on_nodes, within
from sourcing.network.working_days import by_days_of_work, by_working_days

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.calendar import TimeTree
    from sourcing.network.limits import Scope
    from sourcing.network.windows import Windows
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
    within: str = "nothing"

    @derived
    def points(self) -> Points:
        """Stock points, sorted by site and material."""
        return build_points(self.case)

    @derived
    def routes(self) -> pd.DataFrame:
        """Routes of all offers (see ``network.routes``)."""
        return build_routes(self.case, self.points)

    @derived
    def ships(self) -> pd.DataFrame:
        """Lanes for goods already in the chain (see ``network.routes``), once for each wait for licences."""
        return self.licensing.ships

    @derived
    def licensing(self) -> Licensing:
        """How long own shipments wait for licences, by where their goods were made (see ``network.licences``)."""
        return build_licensing(self)

    @derived
    def take_any(self) -> Mask:
        """Whether each ship takes any goods that can be where it leaves: of several ways of a lane some may not."""
        licensing = self.licensing
        if licensing.view is None:
            return ~licensing.split
        taken: Mask = ~licensing.split
        taken[self.custody.sent["ship"].to_numpy()] = True
        return taken

    @derived
    def outputs(self) -> pd.DataFrame:
        """Outputs of processes: process, site, material, quantity, code (of the process), point, intake_rank."""
        return self._sides(positive=True)

    @derived
    def inputs(self) -> pd.DataFrame:
        """Inputs of processes, as ``outputs``; quantities are negative."""
        return self._sides(positive=False)

    def _sides(self, *, positive: bool) -> pd.DataFrame:
        sides = self._recipe_sides
        return sides[(sides["quantity"] > 0) == positive].reset_index(drop=True)

    @derived
    def _recipe_sides(self) -> pd.DataFrame:
        recipes = recipe_points(self.case)
        rank = stage_rank(self.case, recipes["material"]).where(recipes["quantity"] < 0, -1.0)
        highest = rank.groupby(recipes["process"]).transform("max")
        return recipes.assign(
            code=pd.Index(self.case["processes"]["process"]).get_indexer(pd.Index(recipes["process"])),
            point=self.points.find(recipes["site"], recipes["material"]),
            intake_rank=highest,
        )

    @derived
    def origins(self) -> pd.DataFrame:
        """Every way material first enters the chain: routes, then process outputs, then open orders."""
        return build_origins(self.case, self.routes, self.outputs)

    @derived
    def custody(self) -> Custody:
        """The lots in which goods are kept apart for limits on use and for customs (see ``network.custody``)."""
        return build_custody(self)

    @derived
    def customs(self) -> Customs:
        """Where own shipments owe another duty by where they were made (see ``network.customs``)."""
        return build_customs(self)

    @derived
    def demand(self) -> Demand:
        """Demand per (point, node)."""
        return spread_demand(self.case, self.points, self.tree, self.demand_rows)

    @derived
    def demand_rows(self) -> pd.DataFrame:
        """The rows of demand by day, with those of the tail (see ``network.demand``)."""
        return dated_demand(self.case, self.tree)

    @derived
    def may_be_short(self) -> Mask:
        """Whether what is due may stay short, per (point, node)."""
        return may_be_short(self)

    @derived
    def lots(self) -> Lots:
        """What can only be used in lots (see ``network.lots``)."""
        return build_lots(self.case, self.routes)

    @derived
    def number_scopes(self) -> list[Scope]:
        """Limits on numbers, resolved (see ``network.counts``)."""
        return number_scopes(self)

    @derived
    def forced(self) -> Reals:
        """Tonnes by point that terms may bring beyond what is asked for (see ``network.forced``)."""
        return more_than_asked(self)

    @derived
    def useful(self) -> Reals:
        """Tonnes (point, node) that could be used at a point from a node on (see ``network.useful``)."""
        return useful(self)

    @derived
    def used_parts(self) -> UsedParts:
        """Part of each order, shipment and run that can be used (see ``network.used_part``)."""
        return used_parts(self)

    @derived
    def gates(self) -> pd.DataFrame:
        """What has to be qualified before it is ordered or run (see ``network.qualification``)."""
        return build_gates(self.case)

    @derived
    def countries(self) -> pd.Series[str]:
        """Country of every site."""
        return self.case["sites"].set_index("site")["country"]

    def country_of(self, site: pd.Series[str]) -> NDArray[np.object_]:
        """Return the country of each site."""
        return site.map(self.countries).to_numpy(object)

    @derived
    def route_crossings(self) -> borders.Crossings:
        """Borders that routes cross."""
        made_in = self.case.only("offers", "made_in")["made_in"].to_numpy(object)[self.routes["code"]]
        leaves = self.country_of(self.routes["site"])
        return borders.Crossings(
            origin=np.where(made_in == "", leaves, made_in),
            leaves=leaves,
            enters=self.country_of(self.routes["destination"]),
            material=self.routes["material"].to_numpy(object),
        )

    @derived
    def ship_crossings(self) -> borders.Crossings:
        """Borders that goods already in the chain cross."""
        leaves = self.country_of(self.ships["origin"])
        enters = self.country_of(self.ships["destination"])
        return borders.Crossings(leaves, leaves, enters, self.ships["material"].to_numpy(object))

    @derived
    def route_days(self) -> Windows:
        """Days on which each (route, node) is ordered: those on which its offer is open, cut by licences and closures.

        An offer that is closed for a whole period has its whole period: whether it is closed, its capacity says.
        """
        given = filled(on_nodes(self.offer_days, self.tree), len(self.case.only("offers", "offer")), self.tree)
        routes = self.routes.rename(columns={"lead_days": "ready"})[["code", "ready"]]
        rows = routes.assign(entity=np.arange(len(routes))).merge(given.rename(columns={"entity": "code"}), on="code")
        rows = by_working_days(self, rows, "ready")
        rows = within(rows, borders.licence_lags(self.case, self.route_crossings, self.tree), "entity")
        transit = self.routes["transit_days"].to_numpy(float)
        rows = under_way(rows.assign(wait=rows["ready"] + rows["wait"]), transit, self.routes_closed, self.tree)
        return build_windows(self.tree, len(routes), rows)

    @derived
    def routes_closed(self) -> Closed:
        """Days on which routes are closed (see ``network.closures``)."""
        return routes_closed(self)

    @derived
    def ships_closed(self) -> Closed:
        """Days on which lanes are closed for goods already in the chain."""
        return ships_closed(self)

    @derived
    def may_buy(self) -> Mask:
        """Whether each (route, node) can be ordered: its offer has capacity, and something lands before the end.

        What an award, a contract or the last plan asks for is ordered whenever it lands.
        """
        may: Mask = (self.offer_capacity[self.routes["code"].to_numpy()] > 0) & self.comes_of_use
        return may

    @derived
    def comes_of_use(self) -> Mask:
        """Whether anything of each (route, node) lands before the end of the horizon, or is promised (``may_buy``)."""
        lands = self.route_days.landing < self.tree.horizon - DUST
        promised: Mask = self.routes["offer"].isin(sorted(promised_offers(self.case))).to_numpy()
        return lands | promised[:, None]

    @derived
    def ways(self) -> earliest.Ways:
        """When anything comes by routes, lanes and processes (see ``network.earliest``)."""
        return earliest.ways_of(self)

    @derived
    def first_there(self) -> Reals:
        """First day since the start on which anything can be at each point (see ``network.earliest``)."""
        return earliest.first_there(self)

    @derived
    def ship_days(self) -> Windows:
        """Days on which each (ship, node) is released, cut by licences and closures.

        From the first day on which anything can be at its origin, and so that it lands before the end of the horizon.
        """
        ships = self.ships
        lags = self.licensing.lags
        sent = under_way(
            lags[self.take_any[lags["entity"].to_numpy(np.int64)]],
            ships["transit_days"].to_numpy(float),
            self.ships_closed,
            self.tree,
        )
        ready = self.first_there[ships["from_point"].to_numpy()][sent["entity"].to_numpy(np.int64)]
        return build_windows(self.tree, len(ships), on_nodes(clipped(sent, ready, self.tree), self.tree))

    @derived
    def inputs_there(self) -> Reals:
        """First day since the start on which all inputs of each process can be there; infinity where they never are."""
        inputs = self.inputs
        ready = np.zeros(len(self.case["processes"]))
        np.maximum.at(ready, inputs["code"].to_numpy(), self.first_there[inputs["point"].to_numpy()])
        return ready

    @derived
    def runs(self) -> pd.DataFrame:
        """Stretches on which processes run: there is capacity, inputs can be there, and outputs end in time.

        Columns entity (the process), opens, closes, wait, lead [days since the start, or days].
        """
        days = self.case["processes"]["days"].to_numpy(float)
        runs = self.ways.runs.rename(columns={"way": "entity", "days": "wait"})
        process = runs["entity"].to_numpy(np.int64)
        rows = by_days_of_work(self, runs.assign(lead=days[process]), "lead")
        return clipped(rows, self.inputs_there[rows["entity"].to_numpy(np.int64)], self.tree)

    @derived
    def run_days(self) -> Windows:
        """Days on which each (process, node) runs."""
        return build_windows(self.tree, len(self.case["processes"]), on_nodes(self.runs, self.tree))

    @cached_property
    def opened(self) -> Network:
        """The same with all that has a capacity open without end: what the explaining build may open."""
        named = {name: self.case[name].assign(capacity=np.nan) for name in ("offers", "processes", "lines", "lanes")}
        offers = undated(named["offers"])
        return replace(self, case=self.case.replace({**named, "offers": offers, "ramps": self.case["ramps"].iloc[:0]}))

    def opened_of(self, table: str, column: str) -> Network:
        """Return the same with the capacities of one table open without end; ``column`` names its owners in ramps."""
        ramps = self.case["ramps"]
        changes = {table: self.case[table].assign(capacity=np.nan), "ramps": ramps[ramps[column] == ""]}
        return replace(self, case=self.case.replace(changes))

    @derived
    def order_arrivals(self) -> tuple[Ints, Ints]:
        """Pair each open order (row of the table) with the node, in every branch, in which it arrives."""
        arrives = self.case["open_orders"]["arrives"].to_numpy("datetime64[D]")[:, None]
        order, node = np.nonzero((arrives >= self.tree.start) & (arrives < self.tree.end))
        return order, node

    @derived
    def order_point(self) -> Ints:
        """Stock point of each open order."""
        orders = self.case["open_orders"]
        return self.points.find(orders["site"], orders["material"])

    @derived
    def hops(self) -> reach.Hops:
        """Lanes between stock points."""
        return reach.Hops(self.ships["from_point"].to_numpy(), self.ships["point"].to_numpy())

    @derived
    def recipes(self) -> reach.Recipes:
        """Inputs and outputs of all processes."""
        sides = pd.concat([self.inputs, self.outputs])
        return reach.Recipes(sides["code"].to_numpy(), sides["point"].to_numpy(), sides["quantity"].to_numpy(float))

    @derived
    def first_arrival(self) -> Reals:
        """Earliest day after the start at which an order can have arrived at each point."""
        return earliest.first_arrival(self)
