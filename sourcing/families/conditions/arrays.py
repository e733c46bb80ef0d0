"""Conditions: which offer or process asks for which other, and for how much of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network

    Ints = NDArray[np.signedinteger[Any]]
    Reals = NDArray[np.float64]

_LEAST = {"offer": ("offers", "min_lot"), "process": ("processes", "min_run")}


@dataclass(frozen=True)
class Conditions:
    """One entry per row of conditions.

    ``cause`` is the row in the terms of lots of what ``if`` names, ``then`` the row of offers or of processes (``kind``
    says which) of what it asks for, ``enough`` what counts as used [t], ``whole`` whether the horizon is one window.
    """

    kind: NDArray[np.object_]
    cause: Ints
    then: Ints
    enough: Reals
    whole: NDArray[np.bool_]


def resolve(net: Network) -> Conditions:
    """Resolve the conditions of a case."""
    table = net.case["conditions"]
    kind = table["kind"].to_numpy(object)
    cause, then = np.full(len(table), -1), np.full(len(table), -1)
    enough = table["at_least"].to_numpy(float).copy()
    for name, (owners, least) in _LEAST.items():
        mine, frame = np.flatnonzero(kind == name), net.case[owners]
        codes = pd.Index(frame[name])
        cause[mine] = net.lots.of[name][codes.get_indexer(pd.Index(table["if"].iloc[mine]))]
        then[mine] = codes.get_indexer(pd.Index(table["then"].iloc[mine]))
        lot = frame[least].fillna(0.0).to_numpy(float)[then[mine]]
        enough[mine] = np.where(np.isnan(enough[mine]), lot, enough[mine])
    return Conditions(kind, cause, then, enough, (table["per"] == "horizon").to_numpy())


def must_take(net: Network) -> Reals:
    """Return by point the tonnes that conditions may force to be bought or run beyond what is asked for there."""
    tonnes = np.zeros(len(net.points))
    if net.case["conditions"].empty:
        return tonnes
    own = resolve(net)
    asked = own.enough * np.where(own.whole, 1 + int(net.tree.has_tail), len(net.tree))
    for kind, frame in (("offer", net.routes.assign(each=1.0)), ("process", _sides(net))):
        mine = own.kind == kind
        by_code = np.zeros(len(net.case[_LEAST[kind][0]]))
        np.add.at(by_code, own.then[mine], asked[mine])
        per_tonne = by_code[frame["code"].to_numpy()] * frame["each"].to_numpy(float)
        np.add.at(tonnes, frame["point"].to_numpy(), per_tonne)
    return tonnes


def _sides(net: Network) -> pd.DataFrame:
    sides = pd.concat([net.inputs, net.outputs])
    return sides.assign(each=sides["quantity"].abs())
