"""Shares of use beside those of arrivals: what limits on use say of whole years, in the plan table of shares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.measures import measures_that
from sourcing.network.limits import calendar_years, counts_use, windows
from sourcing.network.look_through import UNKNOWN

if TYPE_CHECKING:
    from sourcing.calendar import TimeTree

KEY = ["counted", "what", "stage", "lens", "year", "group"]
SAID = ["lots", "heap"]
NOTHING = 1e-6
"""Share of use, above what nobody tells, from which on somebody of whom nothing arrives has a row."""


def with_use(shares: pd.DataFrame, use: pd.DataFrame | None, limits: pd.DataFrame, tree: TimeTree) -> pd.DataFrame:
    """Return the shares with two columns more: of what is used, by lots kept apart, and as one heap.

    They are blank where no limit on use counts the same in all days of the year that the plan reports. Whoever has a
    part of what is used has a row, with nothing that arrives if need be.

    Parameters
    ----------
    use : the plan's table of that name, if it has one.
    """
    told = None if use is None or use.empty else _told(use, limits, tree)
    if told is None or told.empty:
        return shares.assign(lots=np.nan, heap=np.nan)
    arrives = pd.MultiIndex.from_frame(told[KEY]).isin(pd.MultiIndex.from_frame(shares[KEY]))
    told = told[arrives | told["some"]].drop(columns="some")
    table = shares.merge(told, on=KEY, how="outer").sort_values(KEY, ignore_index=True)
    return table.fillna({"tonnes": 0.0, "share": 0.0})


def _told(use: pd.DataFrame, limits: pd.DataFrame, tree: TimeTree) -> pd.DataFrame:
    """Return the key of a share, lots and heap, and whether that is more than what nobody tells; maxima go first."""
    asked = limits[counts_use(limits) & limits["measure"].isin(measures_that(lambda one: one.kind == "share"))]
    of_all, of_one = asked["site"] == "", (asked["element"] == "") != (asked["material"] == "")
    by_content = (asked["element"] == "") | asked["counted_in"].isin(["", "element"])
    asked = asked[(asked["per"] == "year") & of_all & of_one & by_content]
    frames = [_rows(limit, use[use["limit"] == limit["limit"]], tree) for _, limit in asked.iterrows()]
    if not frames:
        return pd.DataFrame(columns=[*KEY, *SAID, "some"])
    found = pd.concat(frames, ignore_index=True).sort_values(["sense", "limit"], kind="stable")
    return found.drop_duplicates(KEY)[[*KEY, *SAID, "some"]]


def _rows(limit: pd.Series[Any], use: pd.DataFrame, tree: TimeTree) -> pd.DataFrame:
    """Return the rows of use of one limit, in windows that are years, under the key of a share."""
    spans = windows(limit, tree)
    days = np.bincount(spans.window, tree.days[spans.node] * spans.part, len(spans))
    years = calendar_years(tree)
    years = years[tree.reported[years["node"]]]
    whole = (years["part"] * tree.days[years["node"]]).groupby(years["year"]).sum()
    own = {str(year): float(all_days) for year, all_days in whole.items()}
    met = [label for label, some in zip(spans.label, days, strict=True) if abs(own.get(label, -1.0) - some) < 0.5]
    rows = use[use["window"].isin(met)]
    untold = rows[rows["member"] == UNKNOWN].set_index("window")[SAID] if limit["member"] == "" else rows.iloc[:0]
    rest = untold.reindex(rows["window"])[SAID].fillna(0.0).to_numpy(float)
    rest[(rows["member"] == UNKNOWN).to_numpy()] = 0.0
    more = np.asarray((rows[SAID].fillna(0.0).to_numpy(float) > rest + NOTHING).any(axis=1))
    counted = "element" if limit["element"] else "material"
    return rows.assign(
        counted=counted,
        what=limit[counted],
        stage=limit["stage"],
        lens=limit["by"],
        year=rows["window"].astype(int),
        group=rows["member"],
        some=more,
    )
