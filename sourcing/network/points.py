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

PAIR = ["site", "material"]


@dataclass(frozen=True)
class Points:
    """All stock points, sorted by site and material; the flags say what may happen there.

    ``wanted``: demand, a process or a stock asks for the material there. ``usable``: that, or lanes take it on to where
    it is wanted. ``source``: material may leave from there although it was not just bought. ``transit``: goods only
    pass through, and leave in the period in which they come. Stock may be kept everywhere else.
    """

    entities: pd.DataFrame
    wanted: Flags
    usable: Flags
    source: Flags
    transit: Flags

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
        """Return whether the material is of use at the site, if only to be sent on."""
        code = self.find(site, material)
        flags: Flags = (code >= 0) & self.usable[code]
        return flags

    def wanted_at(self, site: object, material: object) -> Flags:
        """Return whether something at the site itself asks for the material."""
        code = self.find(site, material)
        flags: Flags = (code >= 0) & self.wanted[code]
        return flags


def recipe_points(case: Case) -> pd.DataFrame:
    """Return the recipes with the site of their process: process, site, material, quantity."""
    sites = case["processes"].set_index("process")["site"]
    recipes = case["recipes"][["process", "material", "quantity"]]
    return recipes.assign(site=recipes["process"].map(sites))


def build_points(case: Case) -> Points:
    """Collect the stock points of a case, transshipment points included: where goods land that a lane takes on."""
    recipes = recipe_points(case)
    taken, made = (recipes.loc[side, PAIR] for side in (recipes["quantity"] < 0, recipes["quantity"] > 0))
    demand, stocks, orders = (case[table][PAIR] for table in ("demand", "stocks", "open_orders"))
    wanted = _distinct(demand, taken, stocks)
    passed = _passed(case, wanted, _distinct(made, stocks, orders))
    entities = _distinct(wanted, made, orders, passed).sort_values(PAIR, ignore_index=True)
    index = pd.MultiIndex.from_frame(entities)

    def among(*frames: pd.DataFrame) -> Flags:
        flags: Flags = index.isin(pd.MultiIndex.from_frame(_distinct(*frames)))
        return flags

    return Points(
        entities,
        wanted=among(wanted),
        usable=among(wanted, passed),
        source=among(made, stocks, passed),
        transit=among(passed) & ~among(wanted, made, orders),
    )


def _passed(case: Case, wanted: pd.DataFrame, there: pd.DataFrame) -> pd.DataFrame:
    """Return the points through which goods can pass: something lands there, and lanes lead on to where it is wanted.

    A supplier's own goods take a lane as they are bought: they land where the lane ends, or at the offer's destination.
    """
    offers = case.only("offers", "site", "material", "destination")
    lanes = case.only("lanes", "origin", "destination", "material")
    lanes = lanes[lanes["origin"] != lanes["destination"]]
    free = offers["destination"] == ""
    delivered = offers.loc[~free, ["destination", "material"]].set_axis(PAIR, axis=1)
    landed = _beyond(offers.loc[free, PAIR], lanes)
    back = lanes.rename(columns={"origin": "destination", "destination": "origin"})
    return _closed(_distinct(there, delivered, landed), lanes).merge(_closed(_beyond(wanted, back), back), on=PAIR)


def _closed(points: pd.DataFrame, lanes: pd.DataFrame) -> pd.DataFrame:
    """Return the points that goods at ``points`` can come to over any number of lanes, ``points`` included."""
    found = new = _distinct(points)
    while len(new):
        both = _distinct(found, _beyond(new, lanes))
        found, new = both, both.iloc[len(found) :]
    return found


def _beyond(points: pd.DataFrame, lanes: pd.DataFrame) -> pd.DataFrame:
    """Return the points one lane further on."""
    pairs = points.merge(lanes.rename(columns={"material": "carries"}), left_on="site", right_on="origin")
    carried = pairs[(pairs["carries"] == "") | (pairs["carries"] == pairs["material"])]
    return _distinct(carried[["destination", "material"]].set_axis(PAIR, axis=1))


def _distinct(*frames: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of several frames, each once, in the order in which they come."""
    return pd.concat(frames, ignore_index=True).astype(object).drop_duplicates(ignore_index=True)
