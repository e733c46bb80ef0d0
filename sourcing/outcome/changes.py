"""Plan table of what moved against the last plan: every order that is more or less, and why."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.network.stability import build_last
from sourcing.outcome.causes import Causes, Moved
from sourcing.outcome.values import NOTHING

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.outcome.values import Values

    Flags = NDArray[np.bool_]

COLUMNS = [
    *("offer", "supplier", "material", "destination", "mode", "node", "period"),
    *("last", "now", "change", "why"),
]
NONE = "no change of the inputs explains this by itself"
SHOWN = 2
"""Reasons that are told; the rest is counted."""
_SAME = 1e-6
_OF_EVERYBODY = ("limits", "groups", "question")


def changes(values: Values, binding: pd.DataFrame) -> pd.DataFrame:
    """Return one row per offer, destination, mode and period in which more or less is ordered than in the last plan."""
    net = values.network
    if net.case["last_orders"].empty and net.case["change_terms"].empty:
        return pd.DataFrame(columns=COLUMNS)
    last = build_last(net)
    block = values.formulation.columns["buy"]
    now = np.zeros_like(last.tonnes)
    now[block.code, block.node] = values.of(block)
    change = now - last.tonnes
    way, node = np.nonzero(np.abs(change) > _SAME * np.maximum(now, last.tonnes) + NOTHING)
    frame = _named(net, last.ways).iloc[way].reset_index(drop=True)
    frame["node"], frame["period"] = node, values.periods(node)
    frame["last"], frame["now"], frame["change"] = last.tonnes[way, node], now[way, node], change[way, node]
    told = cache(Reasons(net, binding).of)
    about = (frame[name].tolist() for name in ("offer", "destination", "mode", "material"))
    when, sign = net.tree.end[node], np.sign(frame["change"]).astype(int).tolist()
    frame["why"] = [told(Moved(*order)) for order in zip(*about, when, sign, strict=True)]
    key = ["offer", "destination", "mode", "node"]
    return frame[COLUMNS].sort_values(key, ignore_index=True).astype({"why": "str"})


def _named(net: Network, ways: pd.DataFrame) -> pd.DataFrame:
    """Return ways with supplier and material: the offer's, or what the last plan called them."""
    sold, ordered = net.case["offers"], net.case["last_orders"]
    known = pd.concat([sold[["offer", "supplier", "material"]], ordered[["offer", "supplier", "material"]]])
    return ways.merge(known.drop_duplicates("offer"), on="offer", how="left")


class Reasons:
    """Why an order moved: what changed in the inputs nearest to it, else what binds that names its offer.

    Only a change that can be the cause is told: see ``sourcing.outcome.causes``. Nearest is what is about the offer,
    its lane, or its material at its destination (or that site as a whole). Else what speaks of everybody (limits,
    groups, the question) comes first, then what is about its material, then the rest; the largest change first.
    """

    def __init__(self, net: Network, binding: pd.DataFrame) -> None:
        case = net.case
        self._found = case["input_changes"].sort_values("size", ascending=False, kind="stable")
        self._site = dict(zip(case["offers"]["offer"], case["offers"]["site"], strict=True))
        self._binding = binding
        self._rows = list(self._found.itertuples(index=False))
        self._causes = Causes(case, net.tree.start[0], net.tree.end.max())

    def of(self, order: Moved) -> str:
        """Return the reasons in a sentence."""
        if self._found.empty:
            return self._bound(order.offer)
        near = self._near(order.offer, order.destination, order.material)
        can = np.array([self._causes.can(row, order) for row in self._rows], bool)
        found = self._found[can]
        if near[can].any():
            return _listed(found.loc[near[can], "words"].tolist())
        if found.empty:
            return NONE
        rank = np.where(found["table"].isin(_OF_EVERYBODY), 0, np.where(found["material"] == order.material, 1, 2))
        ranked = found["words"].iloc[np.argsort(rank, kind="stable")]
        return f"no input of its own {'explains it' if near.any() else 'changed'}: {_listed(ranked.tolist())}"

    def _near(self, offer: str, destination: str, material: str) -> Flags:
        found = self._found
        lane = f"{self._site.get(offer, '')}|{destination}|"
        here = (found["site"] == destination) & (found["offer"] == "") & found["material"].isin([material, ""])
        on_lane = found["table"].eq("lanes")
        own = (found["offer"] == offer) | (on_lane & found["record"].str.startswith(lane)) | (here & ~on_lane)
        flags: Flags = own.to_numpy(bool)
        return flags

    def _bound(self, offer: str) -> str:
        keys, words = (self._binding[name].tolist() for name in ("key", "words"))
        mine = [said for key, said in zip(keys, words, strict=True) if offer in str(key).split("|")]
        return f"no input is known to have changed: {mine[0] if mine else 'no rule with a price names the offer'}"


def _listed(words: list[str]) -> str:
    rest = f" (and {len(words) - SHOWN} more)" if len(words) > SHOWN else ""
    return "; ".join(words[:SHOWN]) + rest
