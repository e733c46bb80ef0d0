"""Identity of goods: by which lens limits on use, or customs, tell them apart, and what an origin is to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.network.limits import groups_of_lens, looks_at, wanted
from sourcing.network.look_through import STAGES, UNKNOWN
from sourcing.network.origins import LENSES, offer_groups, stage_rank

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.tables import Case

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

OTHERS, UNTOLD = "(others)", "(not told)"
"""What stands for everybody whom no limit names, and for what was there before the plan and nobody says whose."""
DIGITS = 9
"""Decimals of a part by which two goods differ."""


@dataclass(frozen=True, eq=False)
class View:
    """A lens at a stage, on the goods that hold an element: ``names`` are those whom a limit, or customs, tell apart.

    ``limits`` are the rows of the table that look through it. ``parts`` (source, name) says whose a tonne of each
    source is: those of ``names``, all others, and what nobody tells, in that order. ``rank`` is the stage's, below all
    where none is named; ``content`` what materials (by stock point) hold, 1 where no element is named.
    """

    title: str
    limits: list[int]
    names: list[str]
    parts: Reals
    rank: float
    element: str
    content: Reals
    counted: Flags
    """By stock point: whether a limit looks at what demand uses there, or customs at what is sent from there."""
    taken: Flags
    """By stock point: whether a limit that names its material looks at what processes take in there."""
    keeps: Ints | None = None
    """By output of a process the input whose class it keeps, -1 for none; where there is none of it, all are mixed."""


def sources_of(net: Network) -> pd.DataFrame:
    """Return one row for each way into the chain: origins (routes, outputs, open orders), then opening stocks."""
    stocks = net.case["stocks"]
    groups = offer_groups(net.case).reindex(stocks["offer"]).reset_index(drop=True)
    groups[LENSES] = groups[LENSES].fillna(UNKNOWN)
    opening = groups.assign(
        kind="opening",
        made=False,
        offer=stocks["offer"].to_numpy(object),
        material=stocks["material"].to_numpy(object),
        site=stocks["site"].to_numpy(object),
        rank=stage_rank(net.case, stocks["material"]).to_numpy(float),
    )
    return pd.concat([net.origins, opening], ignore_index=True)


def build_views(net: Network, which: Flags) -> list[View]:
    """Return the views of some limits (by row of the table), in its order."""
    limits, rows = net.case["limits"], np.flatnonzero(which).tolist()
    alike: dict[tuple[str, str, str], list[int]] = {}
    for row in rows:
        by, stage, element = (str(limits[name].iloc[row]) for name in ("by", "stage", "element"))
        alike.setdefault((by, stage, element), []).append(row)
    sources = sources_of(net) if rows else pd.DataFrame()
    return [_view(net, sources, key, of) for key, of in alike.items()]


def _view(net: Network, sources: pd.DataFrame, key: tuple[str, str, str], rows: list[int]) -> View:
    _, stage, element = key
    limits, points = net.case["limits"].iloc[rows], net.points.entities
    groups, parts = groups_of_lens(net.case, sources, limits.iloc[0])
    told = (sources["offer"] != "") | (sources["kind"] == "buy") | sources["made"]
    names = _told_apart(net.case, limits, groups)
    own = parts[:, [groups.index(name) for name in names]].toarray() if names else np.zeros((len(sources), 0))
    whose = np.column_stack([own, 1.0 - own.sum(axis=1), np.zeros(len(sources))])
    whose[~told.to_numpy(bool)] = [*[0.0] * (len(names) + 1), 1.0]
    contents = net.case["contents"]
    held = contents[contents["element"] == element].set_index("material")["share"]
    content = points["material"].map(held).fillna(0.0).to_numpy(float) if element else np.ones(len(points))
    rank = float(STAGES.index(stage)) if stage else -np.inf
    reached = stage_rank(net.case, points["material"]).to_numpy(float) >= rank
    holds, inputs = (content > 0) & reached, np.zeros(len(points), bool)
    inputs[net.inputs["point"].to_numpy()] = True
    counted = (net.demand.tonnes > 0).any(axis=1) & holds & _looked_at(limits, points)
    taken = inputs & holds & _looked_at(limits[limits["material"] != ""], points)
    about = (" ".join(filter(None, key)), rows, names, np.round(whose, DIGITS))
    return View(*about, rank, element, content, counted, taken)


def _told_apart(case: Case, limits: pd.DataFrame, groups: list[str]) -> list[str]:
    """Return the groups that some limit counts by themselves, or together with others."""
    if (limits["member"] == "").any():
        return groups
    named = set().union(*(wanted(case, str(member)) for member in limits["member"]))
    return [name for name in groups if name in named]


def _looked_at(limits: pd.DataFrame, points: pd.DataFrame) -> Flags:
    """Return the points at which some limit looks."""
    each = [looks_at(limits.iloc[at], points["material"], points["site"]) for at in range(len(limits))]
    found: Flags = np.logical_or.reduce([np.zeros(len(points), bool), *each])
    return found
