"""Whose material is inside, seen through transshipment and tolling: countries and owners of a stage, in shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

if TYPE_CHECKING:
    from sourcing.tables import Case

    Parts = sparse.csc_array

STAGES = ["feed", "mine", "concentrate", "oxide", "metal", "alloy", "magnet", "product"]
UNKNOWN = "unknown"
SEEN = {"origin": "country", "origin_owner": "owner_country"}
"""Lenses on a stage, and the column of origins, and of the source's own site, that each is about."""
TRACE = 1e-9
"""The part of a tonne below which nobody misses what shares leave unsaid: they are written in decimals."""


def seen_stages(case: Case) -> list[str]:
    """Return the stages that origins are stated for, or that a limit looks at, along the chain."""
    limits = case["limits"]
    named = {*case["origins"]["stage"], *limits.loc[limits["by"].isin(list(SEEN)), "stage"]}
    return [stage for stage in STAGES if stage in named]


def differs_in_shipping(case: Case) -> bool:
    """Say whether any offer is made in another country than it is shipped from."""
    offers = case.only("offers", "site", "made_in")
    home = offers["site"].map(case["sites"].set_index("site")["country"])
    return bool(((offers["made_in"] != "") & (offers["made_in"] != home)).any())


def looks_through(case: Case) -> bool:
    """Say whether anything is known of origins beyond the country that ships."""
    return bool(seen_stages(case)) or differs_in_shipping(case)


def seen_through(case: Case, sources: pd.DataFrame, stage: str, by: str) -> tuple[list[str], Parts]:
    """Return the groups of a lens at a stage, and (source, group): the part of each source that is the group's.

    Stated shares count as they are, the rest of them is unknown. Where nothing is stated, material at its own stage is
    of the country it is made in, at an earlier one unknown; what an own process makes is of its site.

    Parameters
    ----------
    sources : columns offer (blank = none is known), made (whether an own process makes it), rank, and the country,
        owner_country and shipped_from of what is sold or made.
    """
    place, group, part = (np.concatenate(side) for side in zip(*_entries(case, sources, stage, by), strict=True))
    names, code = np.unique(group.astype(object), return_inverse=True)
    return [str(name) for name in names], sparse.csc_array((part, (place, code)), (len(sources), len(names)))


def _entries(case: Case, sources: pd.DataFrame, stage: str, by: str) -> list[tuple[np.ndarray, ...]]:
    """Return source, group and part of what is stated, of what that leaves unsaid, and of what nobody states."""
    stated = case["origins"]
    stated = stated[stated["stage"] == stage]
    named = stated.assign(group=stated[SEEN[by]].replace("", UNKNOWN))[["offer", "group", "share"]]
    left = 1.0 - named.groupby("offer")["share"].sum()
    rest = left[left > TRACE].rename("share").reset_index().assign(group=UNKNOWN)
    asked = pd.DataFrame({"offer": sources["offer"].to_numpy(object), "source": np.arange(len(sources))})
    found = asked.merge(pd.concat([named, rest]), on="offer")
    silent = ~asked["offer"].isin(left.index).to_numpy()
    own = _own_group(sources, STAGES.index(stage), by)[silent]
    return [
        (found["source"].to_numpy(int), found["group"].to_numpy(object), found["share"].to_numpy(float)),
        (np.flatnonzero(silent), own, np.ones(len(own))),
    ]


def _own_group(sources: pd.DataFrame, rank: int, by: str) -> np.ndarray:
    """Return whose each source is where its offer states nothing; the owner is who owns the site where it is made."""
    made, own = sources["made"].to_numpy(bool), sources[SEEN[by]].to_numpy(object)
    told = made | (sources["rank"].to_numpy(float) == rank)
    if by == "origin_owner":
        told &= (sources["country"] == sources["shipped_from"]).to_numpy()
    return np.where(told, own, UNKNOWN)
