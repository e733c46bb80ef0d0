"""What the tonnes of a plan cost, traced from purchase to delivery through stock and processes by average."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from sourcing.answer.emissions import Rates
from sourcing.answer.priorities import still_asked
from sourcing.answer.setting import network_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.calendar import Arrivals
    from sourcing.network import Network
    from sourcing.plan import Plan

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

HEADS = ("purchase", "freight", "duty", "conversion", "holding", "disposal")
"""Heads that go with tonnes; all others are of the plan as a whole."""
LATE, LEFT, DISPOSED, SPENT = "arrives after the horizon", "left in stock", "disposed of", "used up without a product"
OPENING, OPEN_ORDERS = "opening stock", "open orders"
_NOTHING, _CARBON = 1e-12, "carbon"


class Part(NamedTuple):
    """Tonnes that go from cells to cells (-1: out of the chain, to ``end``), and what they bring along by themselves.

    A cell is a stock point in a period. ``charge`` has a row per part: USD by head, tonnes by source, then t CO2e.
    """

    start: Ints
    goal: Ints
    tonnes: Reals
    charge: Reals
    end: str = ""


@dataclass(frozen=True, eq=False)
class Traced:
    """What a tonne in each cell has cost by head [USD/t], what it was bought as [t/t], and what ended elsewhere.

    ``ended`` has USD by head for what is late, left in stock or disposed of. ``cells`` has site, material, node, period
    and the tonnes delivered and used, row by row as in ``unit`` (heads), ``source`` and ``carbon`` [t CO2e/t].
    """

    cells: pd.DataFrame
    unit: pd.DataFrame
    source: pd.DataFrame
    carbon: Reals
    ended: pd.DataFrame


@dataclass(eq=False)
class _Flows:
    net: Network
    plan: Plan
    sources: list[str]
    rates: Rates
    parts: list[Part] = field(default_factory=list)

    def charge(self, count: int, **heads: Reals) -> Reals:
        """Return rows of charges with some heads filled in, or ``carbon``."""
        rows = np.zeros((count, len(HEADS) + len(self.sources) + 1))
        for name, amount in heads.items():
            rows[:, -1 if name == _CARBON else HEADS.index(name)] = amount
        return rows

    def spread(self, moved: tuple[Ints, Reals], arrivals: Arrivals, goal: Ints, charge: Reals) -> None:
        """Let tonnes leave a cell and arrive at points later, some after the horizon."""
        start, tonnes = moved
        order, share = arrivals.order, arrivals.share
        cell = np.where(arrivals.late, -1, goal[order] * len(self.net.tree) + arrivals.node)
        self.parts.append(Part(start[order], cell, tonnes[order] * share, charge[order] * share[:, None], LATE))


def trace(plan: Plan) -> Traced:
    """Follow the money of a plan with its tonnes.

    By convention everything of one material at one site in one period costs the same, the average of what was there
    and what came in. What a process takes in and costs is shared out over its products by their value, by their tonnes
    where one has no value. Money is as paid, not discounted; what is there at the start or was ordered before costs
    nothing.
    """
    net = network_of(plan.question, still_asked(plan))
    sources = [*sorted(set(plan.tables["purchases"]["offer"])), OPENING, OPEN_ORDERS]
    flows, cells = _Flows(net, plan, sources, Rates.of(net)), _cells(net, plan)
    for add in (_bought, _shipped, _made):
        add(flows)
    _there(flows)
    _kept(flows, cells)
    return _solved(flows, cells)


def _cells(net: Network, plan: Plan) -> pd.DataFrame:
    """Return the balance sheet in the order of cells: by point, then by node."""
    sheet = plan.tables["stock"]
    cell = net.points.find(sheet["site"], sheet["material"]) * len(net.tree) + sheet["node"].to_numpy(int)
    ordered = sheet.assign(cell=cell).sort_values("cell", ignore_index=True)
    return ordered.assign(delivered=ordered["demand"] - ordered["short"])


def _bought(flows: _Flows) -> None:
    net, table = flows.net, flows.plan.tables["purchases"]
    key = ["offer", "destination", "mode"]
    route = pd.MultiIndex.from_frame(net.routes[key]).get_indexer(pd.MultiIndex.from_frame(table[key]))
    node, tonnes = table["node"].to_numpy(int), table["tonnes"].to_numpy(float)
    emitted = tonnes * (flows.rates.bought + flows.rates.along)[route]
    charge = flows.charge(len(table), carbon=emitted, **{head: table[head].to_numpy(float) for head in HEADS[:3]})
    charge[np.arange(len(table)), [len(HEADS) + flows.sources.index(offer) for offer in table["offer"]]] = tonnes
    moved, arrivals = (np.full(len(table), -1), tonnes), net.route_days.arrivals(route, node)
    flows.spread(moved, arrivals, net.routes["point"].to_numpy()[route], charge)


def _shipped(flows: _Flows) -> None:
    net, table = flows.net, flows.plan.tables["shipments"]
    key = ["origin", "destination", "material", "mode"]
    ship = pd.MultiIndex.from_frame(net.ships[key]).get_indexer(pd.MultiIndex.from_frame(table[key]))
    node = table["node"].to_numpy(int)
    tonnes, heads = table["tonnes"].to_numpy(float), {head: table[head].to_numpy(float) for head in ("freight", "duty")}
    charge = flows.charge(len(table), carbon=tonnes * flows.rates.shipped[ship], **heads)
    start = net.ships["from_point"].to_numpy()[ship] * len(net.tree) + node
    arrivals = net.ship_days.arrivals(ship, node)
    flows.spread((start, tonnes), arrivals, net.ships["point"].to_numpy()[ship], charge)


def _made(flows: _Flows) -> None:
    net, processes = flows.net, flows.net.case["processes"]
    value = net.case["materials"].set_index("material")["value"]
    runs = dict(iter(flows.plan.tables["conversions"].groupby("process")))
    for at, process in enumerate(processes["process"]):
        if process not in runs:
            continue
        node, tonnes = (runs[process][name].to_numpy() for name in ("node", "tonnes"))
        takes, gives = (side[side["code"] == at] for side in (net.inputs, net.outputs))
        conversion, emitted = runs[process]["conversion"].to_numpy(float), tonnes * float(flows.rates.made[process])
        cost = flows.charge(len(node), conversion=conversion, carbon=emitted)
        if gives.empty:
            _spend(flows, (node, tonnes), takes, cost)
        worth = gives["quantity"] * gives["material"].map(value)
        weight = (worth if worth.gt(0).all() else gives["quantity"]).to_numpy(float)
        for point, part in zip(gives["point"], weight / weight.sum(), strict=True):
            arrivals, goal = net.run_days.arrivals(np.full(len(node), at), node), np.full(len(node), point)
            flows.spread((np.full(len(node), -1), np.zeros(len(node))), arrivals, goal, cost * part)
            for source, quantity in zip(takes["point"], takes["quantity"], strict=True):
                moved = (source * len(net.tree) + node, -quantity * tonnes * part)
                flows.spread(moved, arrivals, goal, flows.charge(len(node)))


def _spend(flows: _Flows, runs: tuple[Ints, Reals], takes: pd.DataFrame, cost: Reals) -> None:
    """End what a process without a product takes in, and costs."""
    node, tonnes = runs
    gone = np.full(len(node), -1)
    flows.parts.append(Part(gone, gone, np.zeros(len(node)), cost, SPENT))
    for source, quantity in zip(takes["point"], takes["quantity"], strict=True):
        start = source * len(flows.net.tree) + node
        flows.parts.append(Part(start, gone, -quantity * tonnes, flows.charge(len(node)), SPENT))


def _there(flows: _Flows) -> None:
    """Bring in what is there at the start and what was ordered before: it costs nothing any more.

    What was ordered emits what its offer does; of what is there that is not known.
    """
    net, nodes = flows.net, len(flows.net.tree)
    stocks, orders = net.case["stocks"], net.case["open_orders"]
    order, node = net.order_arrivals
    opening = net.points.find(stocks["site"], stocks["material"]) * nodes
    ordered = orders["quantity"].to_numpy(float)[order]
    for cell, tonnes, name, rate in (
        (opening, stocks["opening"].to_numpy(float), OPENING, 0.0),
        (net.order_point[order] * nodes + node, ordered, OPEN_ORDERS, flows.rates.ordered[order]),
    ):
        charge = flows.charge(len(cell), carbon=tonnes * rate)
        charge[:, len(HEADS) + flows.sources.index(name)] = tonnes
        flows.parts.append(Part(np.full(len(cell), -1), cell, np.zeros(len(cell)), charge))


def _kept(flows: _Flows, cells: pd.DataFrame) -> None:
    """Carry stock over to the next period with what holding it costs; end what is left, and what is disposed of."""
    net, last = flows.net, len(flows.net.tree) - 1
    stocks = net.case["stocks"].set_index(["site", "material"])
    keys = pd.MultiIndex.from_frame(cells[["site", "material"]])
    rates = {name: stocks[name].reindex(keys).fillna(0.0).to_numpy(float) for name in ("holding_cost", "disposal_cost")}
    node, end, gone = cells["node"].to_numpy(int), cells["end"].to_numpy(float), cells["disposed"].to_numpy(float)
    at, nowhere = np.arange(len(cells)), np.full(len(cells), -1)
    holding = flows.charge(len(cells), holding=rates["holding_cost"] * net.tree.years[node] * end)
    flows.parts.append(Part(at, np.where(node < last, at + 1, -1), end, holding, LEFT))
    flows.parts.append(
        Part(at, nowhere, gone, flows.charge(len(cells), disposal=rates["disposal_cost"] * gone), DISPOSED)
    )


def _solved(flows: _Flows, cells: pd.DataFrame) -> Traced:
    """Return what a tonne costs where: in every cell what goes out costs what came in."""
    count, width = len(cells), len(HEADS) + len(flows.sources) + 1
    out = cells[["used", "shipped_out", "delivered", "disposed", "end"]].sum(axis=1).to_numpy(float)
    there = out > _NOTHING
    brought, rows = np.zeros((count, width)), []
    for part in flows.parts:
        inside = part.goal >= 0
        np.add.at(brought, part.goal[inside], part.charge[inside])
        rows.append([each[inside & (part.start >= 0)] for each in (part.tonnes, part.goal, part.start)])
    tonnes, goal, start = (np.concatenate(each) for each in zip(*rows, strict=True))
    moved = sparse.coo_array((tonnes * there[goal], (goal, start)), shape=(count, count))
    from scipy.sparse.linalg import splu  # loads slowly

    unit = splu(sparse.csc_array(sparse.diags_array(np.where(there, out, 1.0)) - moved)).solve(brought * there[:, None])
    ended: dict[str, Reals] = {}
    for part in flows.parts:
        outside = part.goal < 0
        carried = np.where(part.start >= 0, part.tonnes, 0.0)[outside, None] * unit[part.start[outside]]
        ended[part.end] = ended.get(part.end, np.zeros(width)) + (carried + part.charge[outside]).sum(axis=0)
    heads = len(HEADS)
    lost = pd.DataFrame([amounts[:heads] for name, amounts in ended.items() if name], columns=list(HEADS))
    return Traced(
        cells,
        pd.DataFrame(unit[:, :heads], columns=list(HEADS)),
        pd.DataFrame(unit[:, heads:-1], columns=flows.sources),
        unit[:, -1],
        lost.assign(where=[name for name in ended if name]).set_index("where"),
    )
