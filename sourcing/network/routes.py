"""Ways for material to move: an offer's routes to where it is wanted, and lanes for goods already in the chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from sourcing.network.points import Points
    from sourcing.tables import Case

ROUTE = ["offer", "destination", "mode"]
SHIP = ["origin", "destination", "material", "mode"]


def _along_lanes(goods: pd.DataFrame, case: Case) -> pd.DataFrame:
    """Pair goods (site, material, …) with the lanes that leave their site and carry their material.

    A lane that names the material takes the place of a lane for any material between the same sites by the same mode.
    """
    lanes = case["lanes"][["origin", "destination", "material", "mode", "freight", "transit_days"]]
    lanes = lanes.rename(columns={"material": "carries"}).assign(lane=np.arange(len(lanes)))
    pairs = goods.merge(lanes, left_on="site", right_on="origin")
    pairs = pairs[(pairs["carries"] == "") | (pairs["carries"] == pairs["material"])]
    pairs = pairs[pairs["destination"] != pairs["site"]]
    key = [*goods.columns, "destination", "mode"]
    return pairs.sort_values("carries", ascending=False, kind="stable").drop_duplicates(key)


def build_routes(case: Case, points: Points) -> pd.DataFrame:
    """Return the routes of all offers, sorted by their key.

    Columns: offer, destination, mode (the key), code (row of offers), point (where it arrives), lane (row of lanes, -1
    without), site (where it leaves), material, freight [USD/t], transit_days, lead_days (up to departure).
    """
    offers = case.only("offers", "offer", "site", "material", "destination", "lead_days")
    offers = offers.assign(code=np.arange(len(offers)))
    delivered = offers[offers["destination"] != ""]
    free = offers[offers["destination"] == ""].drop(columns="destination")
    own = free.assign(destination=free["site"])[points.wanted_at(free["site"], free["material"])]
    straight = pd.concat([delivered, own]).assign(mode="", lane=-1, freight=0.0, transit_days=0.0)
    columns = [*ROUTE, "code", "lane", "site", "material", "freight", "transit_days", "lead_days"]
    routes = pd.concat([straight[columns], _along_lanes(free, case)[columns]])
    routes = routes[points.usable_at(routes["destination"], routes["material"])]
    routes = routes.sort_values(ROUTE, ignore_index=True)
    return routes.assign(point=points.find(routes["destination"], routes["material"]))


def build_ships(case: Case, points: Points) -> pd.DataFrame:
    """Return the lanes for goods already in the chain, one row per lane and material, sorted by key.

    Columns: origin, destination, material, mode (the key), from_point, point (where it arrives), lane, freight [USD/t],
    transit_days.
    """
    goods = points.entities[points.source]
    ships = _along_lanes(goods, case)
    ships = ships[points.usable_at(ships["destination"], ships["material"])].sort_values(SHIP, ignore_index=True)
    return ships[[*SHIP, "lane", "freight", "transit_days"]].assign(
        from_point=points.find(ships["origin"], ships["material"]),
        point=points.find(ships["destination"], ships["material"]),
    )
