"""Stock points: the (site, material) pairs at which material can be used, made, held or is already on its way."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.tables import Case

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Points:
    """All stock points, sorted by site and material; the flags say what may happen there.

    ``usable``: something wants the material there (demand, a process, a stock). ``source``: material may leave from
    there although it was not just bought. Stock may be kept at all of them.
    """

    entities: pd.DataFrame
    usable: Flags
    source: Flags

    def __len__(self) -> int:
        """Return the number of stock points."""
        return len(self.entities)

    @cached_property
    def _index(self) -> pd.MultiIndex:
        return pd.MultiIndex.from_frame(self.entities)

    def find(self, site: object, material: object) -> Ints:
        """Return the code of each (site, material), -1 where there is no such point."""
        wanted = pd.MultiIndex.from_arrays([pd.Index(site), pd.Index(material)])  # type: ignore[call-overload]
        found: Ints = self._index.get_indexer(wanted).astype(np.int64)
        return found

    def usable_at(self, site: object, material: object) -> Flags:
        """Return whether something wants the material at the site."""
        code = self.find(site, material)
        flags: Flags = (code >= 0) & self.usable[code]
        return flags


def recipe_points(case: Case) -> pd.DataFrame:
    """Return the recipes with the site of their process: process, site, material, quantity."""
    sites = case["processes"].set_index("process")["site"]
    recipes = case["recipes"][["process", "material", "quantity"]]
    return recipes.assign(site=recipes["process"].map(sites))


def build_points(case: Case) -> Points:
    """Collect the stock points of a case."""
    pair = ["site", "material"]
    recipes = recipe_points(case)
    taken, made = (recipes.loc[side, pair] for side in (recipes["quantity"] < 0, recipes["quantity"] > 0))
    demand, stocks, orders = (case[table][pair] for table in ("demand", "stocks", "open_orders"))
    everything = pd.concat([demand, taken, stocks, made, orders], ignore_index=True).astype(object)
    entities = everything.drop_duplicates().sort_values(pair, ignore_index=True)
    index = pd.MultiIndex.from_frame(entities)

    def among(*frames: pd.DataFrame) -> Flags:
        flags: Flags = index.isin(pd.MultiIndex.from_frame(pd.concat(frames).astype(object)))
        return flags

    return Points(
        entities,
        usable=among(demand, taken, stocks),
        source=among(made, stocks),
    )
