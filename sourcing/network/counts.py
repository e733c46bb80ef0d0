"""Limits on numbers: who may be counted, where and when, and what each could bring at most."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.network.counting import count_scopes
from sourcing.network.limits import Known, Scope, counted_of, counts_use, those_met, windows
from sourcing.network.used import goods, in_goods, used_scopes
from sourcing.network.useful import useful_orders
from sourcing.protocol import Index

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.counting import Counted
    from sourcing.protocol import Account, Block, Model

    Ints = NDArray[np.signedinteger[Any]]
    Reals = NDArray[np.float64]


COUNTS = ("suppliers", "destinations")
"""Measures that count members instead of tonnes."""


@dataclass(frozen=True)
class Groups:
    """The rows of one measure: each adds up some members. ``of`` is the row of each member counted, -1 for none."""

    measure: str
    index: Index
    of: Ints
    limit: Ints
    sense: NDArray[np.object_]
    value: Reals


def counts_of(limits: pd.DataFrame) -> pd.Series[bool]:
    """Return which limits are on a number of members."""
    return limits["measure"].isin(COUNTS)


def counts_any(net: Network) -> bool:
    """Say whether any limit is on a number."""
    return bool(counts_of(net.case["limits"]).any())


def number_scopes(net: Network) -> list[Scope]:
    """Resolve the limits on numbers: each member by itself, of destinations at each site by itself."""
    known = Known(net.case, net.origins, net.tree)
    found: list[Scope] = []
    use = used_scopes(net, COUNTS, each=True)
    for row in np.flatnonzero(counts_of(known.limits) & ~counts_use(known.limits)).tolist():
        split = _delivering if known.limits["measure"].iloc[row] == "destinations" else _supplying
        found += split(known, row)
    return in_goods(net, found, use)


def _supplying(known: Known, row: int) -> list[Scope]:
    """Resolve a limit on the number of members: each of them (of those in the group it names) by itself."""
    limit, weight = known.limits.iloc[row], known.weight(row)
    members, share = those_met(weight, known.each(row))
    return [Scope(row, str(limit["site"]), weight, members, share, known.windows(row))]


def _delivering(known: Known, row: int) -> list[Scope]:
    """Resolve a limit on the number of sites that a member delivers to: one scope for each site."""
    limit, everywhere = known.limits.iloc[row], known.weight(row)
    code, sites = pd.factorize(known.origins["site"], sort=True)
    found = []
    for here in np.unique(code[everywhere > 0]).tolist():
        weight = np.where(code == here, everywhere, 0.0)
        members, share = counted_of(limit, weight, known.groups(row))
        found.append(Scope(row, str(sites[here]), weight, members, share, known.windows(row)))
    return found


def presence(net: Network, accounts: Mapping[str, Account]) -> Counted:
    """Count the accounts ``GOODS`` of every member that a limit on a number may count, with a row each."""
    return count_scopes(net, goods(net, accounts), net.number_scopes, having="met")


def groups_of(net: Network, counted: Counted, measure: str) -> Groups:
    """Return the rows of a measure; a minimum has one in every window, also where there is nobody to count."""
    limits, members = net.case["limits"], counted.members
    key = members.entities.iloc[members.code].reset_index(drop=True)
    own = (limits["measure"] == measure).to_numpy()[counted.limit]
    named = limits["member"].to_numpy(object)[counted.limit]
    each = key["member"].to_numpy(object) if measure == "destinations" else named
    frame = pd.DataFrame({"row": counted.limit, "member": each, "window": key["window"], "node": members.node})
    least = _least(net, measure)
    names = ["row", "member", "window"]
    rows = pd.concat([frame[own], least]).drop_duplicates().sort_values([*names, "node"], ignore_index=True)
    chosen = limits.iloc[rows["row"].to_numpy(int)]
    labels = pd.DataFrame({"limit": chosen["limit"].to_numpy(object), "member": rows["member"].to_numpy(object)})
    labels = labels.assign(site=chosen["site"].to_numpy(object), window=rows["window"].to_numpy(object))
    entities = labels.drop_duplicates().astype(object).reset_index(drop=True)
    code = pd.MultiIndex.from_frame(entities).get_indexer(pd.MultiIndex.from_frame(labels))
    index = Index(entities, code.astype(np.int64), rows["node"].to_numpy(np.int64), len(net.tree))
    of = pd.MultiIndex.from_frame(rows).get_indexer(pd.MultiIndex.from_frame(frame))
    value = chosen["value"].to_numpy(float)
    sense = chosen["sense"].to_numpy(object)
    return Groups(measure, index, np.where(own, of, -1), rows["row"].to_numpy(int), sense, value)


def _least(net: Network, measure: str) -> pd.DataFrame:
    """Return the rows that a minimum has in any case: row of limits, member, window and its last node."""
    limits = net.case["limits"]
    wanted = ((limits["measure"] == measure) & (limits["sense"] == "min")).to_numpy()
    found: list[tuple[int, str, str, int]] = []
    for row in np.flatnonzero(wanted).tolist():
        spans, member = windows(limits.iloc[row], net.tree), str(limits["member"].iloc[row])
        found += [(row, member, label, int(end)) for label, end in zip(spans.label, spans.end, strict=True)]
    return pd.DataFrame(found, columns=["row", "member", "window", "node"]).astype({"row": int, "node": int})


def route_most(net: Network, *, explaining: bool = False) -> Reals:
    """Return the most tonnes (route, node) of an order; in the explaining build capacities may give way."""
    return _within(useful_orders(net), net.offer_capacity[net.routes["code"].to_numpy()], explaining)


def process_most(net: Network, *, explaining: bool = False) -> Reals:
    """Return the most activity (process, node): a run of whose outputs none could be used is no use."""
    outputs = net.outputs
    made = np.zeros(net.process_capacity.shape)
    useful = net.useful[outputs["point"].to_numpy()] / net.used_parts.of_runs(net)
    np.maximum.at(made, outputs["code"].to_numpy(), useful)
    line = np.append(net.line_capacity, np.full((1, len(net.tree)), np.inf), axis=0)[net.line_of]
    return _within(made, np.minimum(net.process_capacity, line), explaining)


def _within(useful: Reals, capacity: Reals, explaining: bool) -> Reals:
    most = useful if explaining else np.minimum(useful, capacity)
    found: Reals = np.where(np.isfinite(most), most, capacity)
    return found


def post_most(model: Model, block: Block, most: Reals) -> None:
    """Post to "most" the most that each column of a block can be; ``most`` is by (entity, node)."""
    model.post("most", (np.zeros_like(block.code), block.node), block.ids, most[block.code, block.node])
