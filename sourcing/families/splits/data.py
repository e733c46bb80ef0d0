"""What the rows of a split may say together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import DataCheck, Screen
from sourcing.tables.problems import Problem
from sourcing.tables.screens.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from sourcing.network import Network
    from sourcing.question import Question


def splits(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Refuse a split of one site, of several materials, with weights for some sites, or of nothing required."""
    frame = tables["splits"]
    if frame.empty:
        return []
    wanted = set(zip(tables["demand"]["site"], tables["demand"]["material"], strict=True))
    said = [each for name, rows in frame.groupby("split") for each in _split(str(name), rows, wanted)]
    return [Problem("splits", row, column, fact, repair, "DATA-173") for row, column, fact, repair in said]


def _split(name: str, rows: pd.DataFrame, wanted: set[tuple[str, str]]) -> Iterator[tuple[int, str, str, str]]:
    """Yield row, column, fact and repair."""
    first = rows.iloc[0]
    if len(rows) == 1:
        yield int(first["row"]), "site", f"split {name} is of one site", "add the other sites, or remove the row"
    for _, row in rows.iterrows():
        if row["material"] and first["material"] and row["material"] != first["material"]:
            fact = f"{row['material']}, and row {first['row']} of split {name} has {first['material']}"
            yield int(row["row"]), "material", fact, "write one material for all rows, or give it a split of its own"
    blank = rows["weight"].isna()
    if blank.any() and not blank.all():
        fact = f"some sites of split {name} have a weight, and this one has none"
        yield int(rows.loc[blank, "row"].iloc[0]), "weight", fact, "fill it in for all of them, or for none"
        return
    for row, site, material in zip(rows["row"], rows["site"], rows["material"], strict=True):
        if blank.all() and site and material and (site, material) not in wanted:
            fact = f"{site} has no demand for {material} that its part could follow"
            yield int(row), "weight", fact, "fill in weights for all sites of the split"


def left_out(net: Network, _: Question) -> Iterator[Finding]:
    """Yield a warning for each supplier who reaches some sites of a split, and not all: it may get nothing at any."""
    splits, offers = net.case["splits"], net.case["offers"]
    if splits.empty:
        return
    routes = net.routes[["destination", "material"]].assign(
        supplier=offers["supplier"].to_numpy(object)[net.routes["code"].to_numpy()]
    )
    reached = splits.merge(routes, left_on=["site", "material"], right_on=["destination", "material"])
    for (split, supplier), rows in reached.groupby(["split", "supplier"]):
        sites = splits[splits["split"] == split]
        missing = sites[~sites["site"].isin(rows["site"])]
        if len(missing) and (sites["within"] == 0).any():
            fact = (
                f"{supplier} does not reach {', '.join(missing['site'])}, so split {split} leaves it out at every site"
            )
            place = net.case.place("splits", int(missing["row"].iloc[0]), "site")
            repair = "add a lane or an offer, or fill in within for all its sites"
            yield Finding("warning", place, fact, repair, "SCREEN-352")


CODES = {
    "DATA-173": "split that contradicts itself",
    "SCREEN-352": "supplier that reaches only some sites of a split",
}
CHECKS = (DataCheck(("splits", "demand"), splits),)
SCREENS = (Screen(left_out, 50),)
