"""What the rows of awards may say, each by itself and together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from sourcing.parts import DataCheck
from sourcing.tables.dates import parse_period
from sourcing.tables.problems import Problem, quoted

Tables = Mapping[str, pd.DataFrame]

_CODE = "DATA-170"
_GROUP = ["material", "period", "site"]


def awards(tables: Tables) -> list[Problem]:
    """Refuse awards whose columns contradict each other, or that contradict other awards or their offer."""
    frame = tables["awards"]
    if frame.empty:
        return []
    offers = tables["offers"].drop_duplicates("offer").set_index("offer")
    known = frame.assign(
        material=frame["offer"].map(offers["material"]), delivered=frame["offer"].map(offers["destination"]).fillna("")
    )
    found = [(int(row["row"]), *said) for row in known.to_dict("records") for said in _row(row)]
    found += [*_whole(known), *_within(known)]
    return [Problem("awards", row, column, fact, repair, _CODE) for row, column, fact, repair in found]


def _row(row: Mapping[Any, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield column, fact and repair."""
    if pd.isna(row["share"]) == pd.isna(row["quantity"]):
        fact = "an award of nothing" if pd.isna(row["share"]) else "share and quantity are both filled in"
        yield "quantity", fact, "fill in share or quantity, one of them"
    if row["site"] and row["delivered"] and row["site"] != row["delivered"]:
        fact = f"offer {row['offer']} is delivered to {quoted(row['delivered'])}, not to {quoted(row['site'])}"
        yield "site", fact, f"write {row['delivered']}, or leave it blank"


def _whole(frame: pd.DataFrame) -> Iterator[tuple[int, str, str, str]]:
    """Yield row, column, fact and repair for shares of one thing that are more than all of it."""
    shares = frame[frame["share"] <= 1]
    total = shares.groupby(_GROUP)["share"].transform("sum")
    over = shares.assign(total=total)[total > 1 + 1e-9].sort_values("row").drop_duplicates(_GROUP, keep="last")
    for row, material, period, sum_ in zip(
        *(over[name] for name in ("row", "material", "period", "total")), strict=True
    ):
        fact = f"the shares of {material} awarded for {period} add up to {sum_:g}"
        yield int(row), "share", fact, "lower them: all of it is 1"


def _within(frame: pd.DataFrame) -> Iterator[tuple[int, str, str, str]]:
    """Yield the same for quantities of one offer: a part that is more than the whole it lies in."""
    fixed = frame[frame["quantity"].notna()]
    for _, rows in fixed.groupby("offer"):
        for _, part in rows.iterrows() if len(rows) > 1 else ():
            for _, whole in rows.iterrows():
                if part["quantity"] > whole["quantity"] and _inside(part, whole):
                    fact = f"{part['quantity']:g} t, and {whole['quantity']:g} t in all of it (row {whole['row']})"
                    yield int(part["row"]), "quantity", fact, "lower it, or raise the other"


def _inside(part: pd.Series, whole: pd.Series) -> bool:
    """Say whether one award is of a part of what another is of."""
    inner, outer = (parse_period(str(each["period"])) for each in (part, whole))
    if inner is None or outer is None or whole["site"] not in ("", part["site"]):
        return False
    return outer[0] <= inner[0] and inner[1] <= outer[1]


CHECKS = (DataCheck(("awards", "offers"), awards),)
