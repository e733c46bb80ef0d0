"""What limits on use count: which lots, for which member, in which windows."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.measures import measures
from sourcing.network.limits import Scope, counts_use, looks_at, scopes, those_met, wanted, windows
from sourcing.network.look_through import UNKNOWN
from sourcing.protocol import Account

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.custody import Custody

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

GOODS = ("entry", "used.lots", "taken.lots")
"""Accounts of what limits on goods count: what arrives, by origin, and what demand and processes use, by lot."""


def goods(net: Network, accounts: Mapping[str, Account]) -> Account:
    """Return what arrives and is used as one account: first the origins, then lots delivered, then lots taken in."""
    every = [accounts.get(name, Account.empty()) for name in GOODS]
    if not any(len(used.code) for used in every[1:]):
        return every[0]
    sides = {name: np.concatenate([getattr(one, name) for one in every]) for name in ("node", "column", "value")}
    before = (0, len(net.origins), len(net.origins) + len(net.custody))
    code = np.concatenate([one.code + first for one, first in zip(every, before, strict=True)])
    return Account(code=code, **sides)


def goods_scopes(net: Network, on: tuple[str, ...]) -> list[Scope]:
    """Resolve the limits on one of some measures against origins, or lots where they count use (see ``goods``)."""
    return in_goods(net, scopes(net.case, net.origins, net.tree, on), used_scopes(net, on))


def in_goods(net: Network, arriving: list[Scope], use: list[Scope]) -> list[Scope]:
    """Return scopes of origins and scopes of lots as scopes of both (see ``goods``), in the order of the table."""
    if not use:
        return arriving
    lots = 2 * len(net.custody)
    found = [padded(scope, 0, lots) for scope in arriving]
    found += [padded(scope, len(net.origins), 0) for scope in use]
    return sorted(found, key=lambda scope: scope.row)


def materials(net: Network) -> NDArray[np.object_]:
    """Return the material of each thing that ``goods`` may count."""
    own = net.origins["material"].to_numpy(object)
    return np.append(own, np.tile(net.custody.lots["material"].to_numpy(object), 2)) if len(net.custody) else own


def used_scopes(net: Network, on: tuple[str, ...], *, each: bool = False) -> list[Scope]:
    """Resolve the limits that count what is used against lots; ``each`` splits a group into its members."""
    limits = net.case["limits"]
    asked = limits["measure"].isin(list(on)).to_numpy() & counts_use(limits)
    return [_scope(net, net.custody, row, each=each) for row in np.flatnonzero(asked).tolist()]


def follow_from_demand(net: Network, row: int) -> bool:
    """Say whether what a limit counts in all follows from demand alone where nothing stays short.

    So it is under a limit on use if a tonne that a point delivers counts alike, whatever lot it is of, and what
    processes take in does not count.
    """
    if not counts_use(net.case["limits"])[row]:
        return False
    delivered, taken = np.split(_scope(net, net.custody, row, each=False).weight, 2)
    by_point = net.custody.lots.assign(weight=delivered).groupby("point")["weight"]
    return not taken.any() and bool((by_point.max() == by_point.min()).all())


def padded(scope: Scope, before: int, after: int) -> Scope:
    """Return a scope among more things that may be counted, so many before its own and after."""
    members = scope.share.shape[1]
    sides = (sparse.csc_array((before, members)), scope.share, sparse.csc_array((after, members)))
    share = sparse.csc_array(sparse.vstack([side for side in sides if side.shape[0]]))
    return replace(scope, weight=np.pad(scope.weight, (before, after)), share=share)


def _scope(net: Network, custody: Custody, row: int, *, each: bool) -> Scope:
    """Resolve one limit: what a tonne of each lot counts for, delivered and taken in, and whose it is."""
    limit, lots = net.case["limits"].iloc[row], custody.lots
    at = next(at for at, view in enumerate(custody.views) if row in view.limits)
    view, kind, point = custody.views[at], custody.kinds[:, at], lots["point"].to_numpy()
    here = looks_at(limit, lots["material"], lots["site"]) & (kind >= 0)
    counts = np.append(here & view.counted[point], here & view.taken[point] & (limit["material"] != ""))
    weight = np.where(counts, np.tile(counted_in(net, limit, lots["material"], view.content[point]), 2), 0.0)
    names = [*view.names, UNKNOWN] if UNKNOWN not in view.names else view.names
    parts = np.zeros((len(lots), len(names)))
    whose = custody.wholes[at][kind] if len(custody.wholes[at]) else np.zeros((len(lots), len(view.names) + 2))
    parts[:, : len(view.names)] = whose[:, :-2]
    untold = np.where(kind >= 0, whose[:, -1], 0.0)
    twice = np.tile(parts, (2, 1)), np.tile(untold, 2)
    members, share = _members(net, limit, (names, twice[0]), (weight, twice[1]), each=each)
    met = (members, sparse.csc_array(share))
    if not limit["member"] or each:
        met = those_met(weight, met)
    return Scope(row, str(limit["site"]), weight, *met, windows(limit, net.tree))


def _members(
    net: Network, limit: pd.Series[str], groups: tuple[list[str], Reals], lots: tuple[Reals, Reals], *, each: bool
) -> tuple[list[str], Reals]:
    """Return the members of a limit and the part of each lot that is theirs.

    What nobody tells is of every member under a maximum on shares, and of the unknown if there is no other; of nobody
    under a minimum; and of the unknown where members are counted, or their squares added up.
    """
    names, parts = groups
    weight, untold = lots
    share = measures()[str(limit["measure"])].kind == "share"
    if not share and limit["sense"] == "max":
        parts[:, names.index(UNKNOWN)] += untold
    inside = wanted(net.case, str(limit["member"])) if limit["member"] else set(names)
    own = [at for at, name in enumerate(names) if name in inside]
    if limit["member"] and not each:
        found = parts[:, own].sum(axis=1)[:, None]
        return [str(limit["member"])], found + untold[:, None] if share and limit["sense"] == "max" else found
    found = parts[:, own]
    if share and limit["sense"] == "max":
        unknown = np.array([names[at] == UNKNOWN for at in own], bool)
        found = np.where((weight @ found > 0) | unknown, found + untold[:, None], 0.0)
    return [names[at] for at in own], found


def counted_in(net: Network, limit: pd.Series[str], material: pd.Series[str], content: Reals) -> Reals:
    """Return the tonnes (or USD) that a tonne of each lot counts for."""
    held = content if limit["counted_in"] == "element" or not limit["element"] else (content > 0).astype(float)
    if limit["counted_in"] == "value":
        return np.asarray(material.map(net.case["materials"].set_index("material")["value"]).fillna(1.0), float)
    return held
