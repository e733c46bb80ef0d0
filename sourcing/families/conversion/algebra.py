"""Columns, rows and postings of processes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.capacity import named
from sourcing.network.counts import counts_any, post_most, process_most
from sourcing.network.lots import owners, post_lots
from sourcing.network.useful import useful_runs
from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.protocol import Block, Model


def build(model: Model, net: Network) -> None:
    """Declare ``make`` (t of activity per process and node): inputs leave now, outputs come after the process time.

    In the explaining build lines may run on other days, so a process has those on which they could.
    """
    processes = net.case["processes"]
    capacity = (net.opened_of("lines", "line") if model.explaining else net).process_capacity
    code, node = np.nonzero(net.opened.run_days.there if model.explaining else net.may_run)
    make = model.columns("make", Index(processes[["process"]], code, node, len(net.tree)), Bounds(0.0))
    bound = named(processes, net.process_ramps)[code]
    index = Index(processes[["process"]], code[bound], node[bound], len(net.tree))
    rows = model.rows("process", index, Bounds(upper=capacity[index.code, index.node]), relief="t above the capacity")
    model.add(rows.ids, make.ids[bound], 1.0)
    model.post("cost.conversion", (np.zeros_like(node), node), make.ids, processes["cost"].to_numpy(float)[code])
    model.post("activity", (code, node), make.ids, 1.0)
    if len(net.lots):
        post_lots(model, owners(net, "make"), make, useful_runs(net))
    if counts_any(net):
        post_most(model, make, process_most(net, explaining=model.explaining))
    _take(model, net, make)
    _give(model, net, make)


def _take(model: Model, net: Network, make: Block) -> None:
    side, which = _pairs(net.inputs["code"].to_numpy(), make)
    quantity = net.inputs["quantity"].to_numpy(float)[side]
    model.post("balance", (net.inputs["point"].to_numpy()[side], make.node[which]), make.ids[which], quantity)
    model.post("onward", (net.inputs["point"].to_numpy()[side], make.node[which]), make.ids[which], -quantity)
    model.post("intake", (side, make.node[which]), make.ids[which], -quantity)


def _give(model: Model, net: Network, make: Block) -> None:
    outputs = net.outputs
    side, which = _pairs(outputs["code"].to_numpy(), make)
    days = net.opened.run_days if model.explaining else net.run_days
    arrivals = days.arrivals(make.code[which], make.node[which]).used
    side, column = side[arrivals.order], make.ids[which[arrivals.order]]
    tonnes = outputs["quantity"].to_numpy(float)[side] * arrivals.share
    model.post("balance", (outputs["point"].to_numpy()[side], arrivals.node), column, tonnes)
    model.post("entry", (len(net.routes) + side, arrivals.node), column, tonnes)


def _pairs(process: np.ndarray, make: Block) -> tuple[np.ndarray, np.ndarray]:
    """Pair the rows of a recipe side (their process codes) with the columns of the same process."""
    grid = make.grid[process]
    side, node = np.nonzero(grid >= 0)
    return side, grid[side, node]
