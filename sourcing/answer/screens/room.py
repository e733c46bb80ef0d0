"""Storage capacity that nobody states: places where goods may lie in any amount, said once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.network.points import PAIR, build_points
from sourcing.tables import Finding

if TYPE_CHECKING:
    from sourcing.tables import Case

CODE = "SCREEN-390"
SITES = 20
"""Sites that are named; the others are counted."""


def unlimited(case: Case) -> list[Finding]:
    """Return a note on all places that can keep stock and have no row of ``stocks``, or no ``maximum`` there."""
    points, stocks = build_points(case), case["stocks"]
    kept = points.entities[~points.transit]
    stated = pd.MultiIndex.from_frame(stocks.loc[stocks["maximum"].notna(), PAIR])
    open_ = kept[~pd.MultiIndex.from_frame(kept).isin(stated)]
    if open_.empty:
        return []
    listed = open_["site"] + "|" + open_["material"]
    without_row = int((~listed.isin(stocks["site"] + "|" + stocks["material"])).sum())
    places = [f"{site} ({', '.join(rows['material'])})" for site, rows in open_.groupby("site", sort=True)]
    more = [f"{len(places) - SITES} more sites"] if len(places) > SITES else []
    many = f"{len(open_)} places (site and material) have" if len(open_) > 1 else "a place (site and material) has"
    rows = f", {without_row} of them no row of stocks" if 0 < without_row < len(open_) else ""
    rows = ", and no row of stocks" if without_row == len(open_) else rows
    fact = f"{many} no maximum{rows}: any amount may lie at {', '.join([*places[:SITES], *more])}"
    repair = "state a maximum where there is only so much room, 0 where nothing can be kept"
    return [Finding("note", case.places.get("stocks", "stocks.csv"), fact, repair, CODE)]
