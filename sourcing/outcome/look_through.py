"""The plan table of origins: where what is bought was mined, refined and melted, beside where it ships from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.network.look_through import SEEN, STAGES, UNKNOWN, seen_stages, seen_through
from sourcing.network.origins import offer_groups, stage_rank

if TYPE_CHECKING:
    from sourcing.network import Network
    from sourcing.outcome.values import Values

KEY = ["kind", "counted", "what", "year", "shipped_from", "made_in", "stage", "origin"]
_KINDS = {"buy": "bought", "order": "open order"}


def seen_shares(net: Network, arriving: pd.DataFrame) -> list[pd.DataFrame]:
    """Return what arrives at each stage that is seen through to, by lens and group.

    Parameters
    ----------
    arriving : tonnes at any stage, which a column names, by source (row of ``net.origins``, in column origin).
    """
    parts = []
    for stage in seen_stages(net.case):
        here = arriving[arriving["stage"] == stage]
        for lens in SEEN:
            parts.append(_split(here, _groups(net, net.origins, stage, lens)).assign(lens=lens))
    return parts


def look_through(values: Values, arriving: pd.DataFrame) -> pd.DataFrame:
    """Return tonnes bought, ordered before and in opening stock, at their own stage and at each seen through to.

    Every stage adds up to the same tonnes; of an opening stock the year is the first.
    """
    net = values.network
    bought = arriving.loc[arriving["kind"] != "make", ["origin", "year", "tonnes"]].rename(columns={"origin": "source"})
    sources = net.origins[["offer", "made", "kind", "material", "rank", "country", "shipped_from", "owner_country"]]
    opening = _opening(net)
    first = int(net.tree.start[0].astype("datetime64[Y]").astype(int)) + 1970
    stock = pd.DataFrame({"source": len(sources) + np.arange(len(opening)), "year": first, "tonnes": opening["tonnes"]})
    everything = pd.concat([sources, opening.drop(columns="tonnes")], ignore_index=True)
    moved = pd.concat([bought, stock], ignore_index=True)
    names = ["kind", "material", "shipped_from", "country", "rank"]
    told = moved.join(everything[names], on="source").rename(columns={"country": "made_in", "source": "origin"})
    told["kind"] = told["kind"].replace(_KINDS)
    split = [
        _split(told[reached].assign(stage=stage), _groups(net, everything, stage, "origin"))
        for stage, reached in _reached(net, told["rank"])
    ]
    unstaged = told[told["rank"] < 0]
    split.append(unstaged.assign(stage="", group=unstaged["made_in"]))
    return _summed(net, pd.concat(split, ignore_index=True))


def _reached(net: Network, rank: pd.Series[float]) -> list[tuple[str, pd.Series[bool]]]:
    """Return each stage at which anything is told, and which rows are: at their own stage, or seen through."""
    seen = seen_stages(net.case)
    return [
        (stage, (rank >= at) if stage in seen else (rank == at))
        for at, stage in enumerate(STAGES)
        if stage in seen or (rank == at).any()
    ]


def _opening(net: Network) -> pd.DataFrame:
    """Return the opening stocks as sources: by the offer they came from, else unknown."""
    stocks = net.case["stocks"]
    stocks = stocks[stocks["opening"] > 0]
    lenses = ["country", "shipped_from", "owner_country"]
    groups = offer_groups(net.case).reindex(stocks["offer"])[lenses].fillna(UNKNOWN).reset_index(drop=True)
    material = stocks["material"].reset_index(drop=True)
    return groups.assign(
        offer=stocks["offer"].to_numpy(object),
        made=False,
        kind="opening stock",
        material=material,
        rank=stage_rank(net.case, material),
        tonnes=stocks["opening"].to_numpy(float),
    )


def _groups(net: Network, sources: pd.DataFrame, stage: str, lens: str) -> pd.DataFrame:
    """Return source (in column origin), group and part of every source at a stage."""
    names, parts = seen_through(net.case, sources, stage, lens)
    held = parts.tocoo()
    return pd.DataFrame({"origin": held.row, "group": np.array(names, object)[held.col], "part": held.data})


def _split(tonnes: pd.DataFrame, groups: pd.DataFrame) -> pd.DataFrame:
    found = tonnes.merge(groups, on="origin")
    return found.assign(tonnes=found["tonnes"] * found["part"])


def _summed(net: Network, told: pd.DataFrame) -> pd.DataFrame:
    """Return the table: elements by their contents first, then materials as they are."""
    elements = told.merge(net.case["contents"][["material", "element", "share"]], on="material")
    elements = elements.assign(
        counted="element", what=elements["element"], tonnes=elements["tonnes"] * elements["share"]
    )
    both = pd.concat([elements, told.assign(counted="material", what=told["material"])]).drop(columns="origin")
    summed = both.rename(columns={"group": "origin"}).groupby(KEY, as_index=False)["tonnes"].sum()
    met: pd.DataFrame = summed[summed["tonnes"] > 0].reset_index(drop=True)
    return met
