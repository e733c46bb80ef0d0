"""Plan table of what moved against the last plan: every order that is more or less, and why."""

from __future__ import annotations

from functools import cache, cached_property
from math import fsum
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.families.stability.arrays import build_last
from sourcing.outcome.amounts import UNKNOWN, Amounts, in_whole_numbers
from sourcing.outcome.causes import Causes, Moved, rose
from sourcing.outcome.values import NOTHING

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.outcome.values import Values

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

COLUMNS = [
    *("offer", "supplier", "material", "destination", "mode", "node", "period"),
    *("last", "now", "change", "why"),
]
NONE = "no change of the inputs explains this by itself"
SHOWN = 2
"""Reasons that are told; the rest is counted."""
_ALL, _HARDLY = 0.999, 0.01
"""Parts of what moved: from the one on a change can explain all of it, below the other next to nothing."""
_SAME = 1e-6
_OF_EVERYBODY = ("limits", "groups", "question")
_DUE = ("", "quantity")


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
    frame["sign"] = np.sign(frame["change"]).astype(int)
    about = (frame[name].tolist() for name in ("offer", "destination", "mode", "material"))
    rest = (net.tree.end[node], frame["sign"].tolist(), _moved(frame).tolist())
    frame["why"] = [told(Moved(*order)) for order in zip(*about, *rest, strict=True)]
    key = ["offer", "destination", "mode", "node"]
    return frame[COLUMNS].sort_values(key, ignore_index=True).astype({"why": "str"})


def _named(net: Network, ways: pd.DataFrame) -> pd.DataFrame:
    """Return ways with supplier and material: the offer's, or what the last plan called them."""
    sold, ordered = net.case["offers"], net.case["last_orders"]
    known = pd.concat([sold[["offer", "supplier", "material"]], ordered[["offer", "supplier", "material"]]])
    return ways.merge(known.drop_duplicates("offer"), on="offer", how="left")


def _moved(frame: pd.DataFrame) -> pd.Series[float]:
    """Return for each order how much more, or less, comes from its offer to its destination: see ``Moved.tonnes``."""
    ways = frame["change"].abs().groupby([frame[name] for name in ("offer", "destination", "sign")]).agg(fsum)
    sides = ways.unstack("sign").reindex(columns=[1, -1]).fillna(0.0)
    each = sides.reindex(pd.MultiIndex.from_frame(frame[["offer", "destination"]]))
    net = (each[1] - each[-1]).to_numpy() * frame["sign"].to_numpy()
    return pd.Series(np.maximum(net, each.min(axis=1).to_numpy()), frame.index)


class Reasons:
    """Why an order moved: what changed in the inputs nearest to it, else what binds that names its offer.

    Only a change that can be the cause is told: see ``sourcing.outcome.causes``. Nearest is what is about the offer,
    its lane, or its material at its destination (or that site as a whole). Else what speaks of everybody (limits,
    groups, the question) comes first, then what is about its material, then the rest; the largest change first.

    A change of tonnes of the order's own material is told only where it comes to all of what moved. If none that can
    explain all of it is left, those that can explain a part are told with their tonnes, the rest after the nearest if
    those do not come to all of it either. The rows of one site's demand for one material that rose, or fell, count
    together.
    """

    def __init__(self, net: Network, binding: pd.DataFrame) -> None:
        case = net.case
        self._found = case["input_changes"].sort_values("size", ascending=False, kind="stable")
        self._site = dict(zip(case["offers"]["offer"], case["offers"]["site"], strict=True))
        self._binding, self._case = binding, case
        self._rows = list(self._found.itertuples(index=False))
        self._causes = Causes(case, net.tree.start[0], net.tree.end.max())
        self._amounts = Amounts(case, net.tree)

    def of(self, order: Moved) -> str:
        """Return the reasons in a sentence."""
        if self._found.empty:
            return self._bound(order.offer)
        near = self._near(order.offer, order.destination, order.material)
        can, total = self._able(order)
        _, first, alike = np.unique(np.where(can, self._series, -1), return_index=True, return_counts=True)
        at = np.sort(first[can[first]])
        if not len(at):
            return NONE
        more = dict(zip(first.tolist(), (alike - 1).tolist(), strict=True))
        own, enough = near[at], _ALL * order.tonnes
        if total[at[own]].sum() >= enough:
            at = at[own]
        rank = np.where(near[at], -1, self._rank(order.material)[at])
        at = at[np.argsort(rank, kind="stable")]
        said = [f"{self._rows[place].words}{_figures(more[place], total[place], enough)}" for place in at.tolist()]
        head = "" if own.any() else f"no input of its own {'explains it' if near.any() else 'changed'}: "
        return f"{head}{_listed(said)}{f', where {_short(order.tonnes)} t moved' if total[at[0]] < enough else ''}"

    def _able(self, order: Moved) -> tuple[Flags, Reals]:
        """Return which changes are told of an order, and the tonnes that each comes to with those it counts with."""
        can = np.array([self._causes.can(row, order) for row in self._rows], bool)
        own = [self._causes.is_of_own_material(row, order) for row in self._rows]
        tonnes = np.where(own, self._tonnes, UNKNOWN)
        total: Reals = np.bincount(self._series[can], tonnes[can], minlength=len(can)).astype(float)[self._series]
        can &= total > 0
        if (whole := can & (total >= _ALL * order.tonnes)).any():
            return whole, total
        is_trace = tonnes[can].sum() < _HARDLY * order.tonnes and not self._in_whole_numbers
        return can & (not is_trace), total

    def _rank(self, material: str) -> Ints:
        """Return how near a change is that is not of an order's own: about everybody, its material, or else."""
        found = self._found
        rank: Ints = np.where(found["table"].isin(_OF_EVERYBODY), 0, np.where(found["material"] == material, 1, 2))
        return rank

    @cached_property
    def _tonnes(self) -> Reals:
        rows = self._found.groupby(["table", "record"])["column"].transform("size").tolist()
        found = [self._amounts.of(row, alone=rows == 1) for row, rows in zip(self._rows, rows, strict=True)]
        return np.array(found, float)

    @cached_property
    def _series(self) -> Ints:
        """A number for each change; those of demand at one site for one material, in one direction, share it."""
        names = [
            (row.table, row.site, row.material, rose(row)) if row.table == "demand" and row.column in _DUE else (at,)
            for at, row in enumerate(self._rows)
        ]
        codes: Ints = pd.factorize(pd.Series(names, dtype="object"))[0].astype(np.int64)
        return codes

    @cached_property
    def _in_whole_numbers(self) -> bool:
        return in_whole_numbers(self._case)

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


def _figures(more: int, tonnes: float, enough: float) -> str:
    """Return how many changes count with the one that is told, and their tonnes where they are less than enough."""
    alike = [f"with {more} like it"] if more else []
    amount = [f"{_short(tonnes)} t in all"] if tonnes < UNKNOWN and (more or tonnes < enough) else []
    return f" ({' '.join([*alike, *amount])})" if alike or amount else ""


def _short(tonnes: float) -> str:
    """Return tonnes with four digits, from 1,000 t on whole ones.

    The tenth digit is left out first: a half would otherwise be rounded as the order of a sum has it.
    """
    plain = float(f"{tonnes:.9g}")
    return f"{plain:,.0f}" if plain >= 1000 else f"{plain:.4g}"
