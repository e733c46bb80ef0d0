"""Mass balance of origins: whose the goods at each point are, if all that lies there is mixed in one heap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from sourcing.network.origins import stage_rank
from sourcing.network.ranges import ranges
from sourcing.protocol import Account

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network.views import View
    from sourcing.outcome.values import Values

    Ints = NDArray[np.signedinteger[Any]]
    Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Flow:
    """Tonnes that come to ``point`` in ``node``: of a source, or of what lay at ``origin`` in node ``since``.

    ``own`` is the source that they are of: what enters, or what a process calls its own; -1 where they stay what they
    are. An input of a process brings its part of the outputs.
    """

    point: Ints
    node: Ints
    tonnes: Reals
    origin: Ints
    since: Ints
    own: Ints


def heaps(values: Values, view: View) -> Reals:
    """Return whose the goods at each point are in each node (point, node, name of the view), as parts of one tonne.

    Everything that is there or comes in a period is one heap, of which everything that goes is; 0 where nothing is.
    """
    net, nodes = values.network, len(values.network.tree)
    flow = _flows(values, view)
    points = len(net.points)
    found = np.zeros((points, nodes, view.parts.shape[1]))
    held = np.zeros((points, nodes))
    hold = values.formulation.columns["hold"]
    held[hold.code, hold.node] = values.of(hold)
    for node in range(nodes):
        before = int(net.tree.parent[node])
        kept = held[:, before] if node else np.zeros(points)
        given = kept[:, None] * found[:, before]
        found[:, node] = _mixed(_at(flow, node), found, view.parts, (node, kept, given))
    return found


def _mixed(flow: Flow, found: Reals, parts: Reals, there: tuple[int, Reals, Reals]) -> Reals:
    """Return the heaps of a node: what was there, and what comes, some of it from other heaps of the same node."""
    from scipy.sparse.linalg import spsolve  # what asks no plan is there without it

    node, kept, given = there
    points = len(kept)
    total = kept + np.bincount(flow.point, flow.tonnes, points)
    own, earlier = flow.own >= 0, (flow.own < 0) & (flow.since < node)
    np.add.at(given, flow.point[own], flow.tonnes[own, None] * parts[flow.own[own]])
    since = found[flow.origin[earlier], flow.since[earlier]]
    np.add.at(given, flow.point[earlier], flow.tonnes[earlier, None] * since)
    now = (flow.own < 0) & (flow.since == node)
    pull = sparse.csc_array((-flow.tonnes[now], (flow.point[now], flow.origin[now])), (points, points))
    matrix = sparse.csc_array(sparse.diags_array(np.where(total > 0, total, 1.0)) + pull)
    solved: Reals = np.asarray(spsolve(matrix, given), float).reshape(given.shape)
    return solved


def _at(flow: Flow, node: int) -> Flow:
    here = flow.node == node
    return Flow(*(side[here] for side in (flow.point, flow.node, flow.tonnes, flow.origin, flow.since, flow.own)))


def _flows(values: Values, view: View) -> Flow:
    """Return all that comes to points, with what it is of."""
    net, accounts = values.network, values.formulation.accounts
    first, made = len(net.routes), len(net.outputs)
    point = np.concatenate([net.routes["point"], net.outputs["point"], net.order_point]).astype(np.int64)
    code, node, tonnes = values.moved(accounts["entry"])
    is_made = (code >= first) & (code < first + made)
    entered = [point[code], node, tonnes, np.full_like(code, -1), np.full_like(code, -1), code]
    parts = [[side[~is_made] for side in entered]]
    stocks = net.case["stocks"]
    here = net.points.find(stocks["site"], stocks["material"])
    none = np.full_like(here, -1)
    opening = stocks["opening"].fillna(0.0).to_numpy(float)
    parts.append([here, np.zeros_like(here), opening, none, none, len(net.origins) + np.arange(len(here))])
    code, node, tonnes, since = _moved(values, accounts.get("ship.entry", Account.empty()), "ship")
    ships = net.ships
    own = np.full_like(code, -1)
    parts.append([ships["point"].to_numpy()[code], node, tonnes, ships["from_point"].to_numpy()[code], since, own])
    parts.append(_made(values, view, is_made))
    return Flow(*(np.concatenate(side) for side in zip(*parts, strict=True)))


def _moved(values: Values, account: Account, name: str) -> tuple[Ints, Ints, Reals, Ints]:
    """Return what an account's postings of a set of columns amount to: code, node, tonnes and node of the decision."""
    block = values.formulation.columns[name]
    code, node, tonnes = values.moved(account)
    return code, node, tonnes, block.node[account.column - block.start]


def _made(values: Values, view: View, is_made: NDArray[np.bool_]) -> list[Any]:
    """Return what processes give, a part for each input in which it brings the element, or all as the process's own."""
    net, entry = values.network, values.formulation.accounts["entry"]
    account = Account(entry.code[is_made], entry.node[is_made], entry.column[is_made], entry.value[is_made])
    code, node, tonnes, since = _moved(values, account, "make")
    outputs, inputs = net.outputs, net.inputs
    side = code - len(net.routes)
    process = outputs["code"].to_numpy()[side]
    rank = stage_rank(net.case, net.points.entities["material"]).to_numpy(float)
    at = inputs["point"].to_numpy()
    brings = -inputs["quantity"].to_numpy(float) * view.content[at]
    mass = np.bincount(inputs["code"].to_numpy(), brings, len(net.case["processes"]))
    order = np.argsort(inputs["code"].to_numpy(), kind="stable")
    first, last = (np.searchsorted(inputs["code"].to_numpy()[order], process, side=edge) for edge in ("left", "right"))
    pairs, place = ranges(first, np.where(mass[process] > 0, last - first, 0))
    taken = order[place]
    part = brings[taken] / mass[process[pairs]]
    stays = rank[at[taken]] >= view.rank
    origin, own = np.where(stays, at[taken], -1), np.where(stays, -1, code[pairs])
    given = [outputs["point"].to_numpy()[side], node, tonnes, since]
    of_inputs = [given[0][pairs], node[pairs], tonnes[pairs] * part, origin, since[pairs], own]
    alone = mass[process] <= 0
    none = np.full(int(alone.sum()), -1)
    of_own = [given[0][alone], node[alone], tonnes[alone], none, none, code[alone]]
    return [np.concatenate(both) for both in zip(of_inputs, of_own, strict=True)]
