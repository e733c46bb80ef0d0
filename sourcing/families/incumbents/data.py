"""What the rows of incumbents may say, each by itself and together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from sourcing.parts import DataCheck
from sourcing.tables.problems import Problem

Tables = Mapping[str, pd.DataFrame]

_CODE = "DATA-171"
_LIMIT = ("may_move", "may_move_share")


def incumbents(tables: Tables) -> list[Problem]:
    """Refuse incumbents whose columns contradict each other, and limits on a move of nothing."""
    frame, materials = tables["incumbents"], tables["materials"]
    sold = tables["offers"].drop_duplicates("offer").set_index("offer")["material"]
    known = frame.assign(material=frame["offer"].map(sold))
    found = [("incumbents", *said) for said in (*_today(known), *_twice(known), *_whole(known))]
    found += [("materials", *said) for said in (*_twice(materials), *_nothing(materials, set(known["material"])))]
    return [Problem(table, row, column, fact, repair, _CODE) for table, row, column, fact, repair in found]


def _today(frame: pd.DataFrame) -> Iterator[tuple[int, str, str, str]]:
    """Yield row, column, fact and repair."""
    for row, share, quantity in zip(frame["row"], frame["share"], frame["quantity"], strict=True):
        if pd.isna(share) == pd.isna(quantity):
            fact = "nothing says what is bought of it today" if pd.isna(share) else "quantity and share are filled in"
            yield int(row), "quantity", fact, "fill in quantity or share, one of them"


def _twice(frame: pd.DataFrame) -> Iterator[tuple[int, str, str, str]]:
    if not set(_LIMIT) <= set(frame):
        return
    both = frame[frame["may_move"].notna() & frame["may_move_share"].notna()]
    for row in both["row"]:
        yield int(row), "may_move", "may_move and may_move_share are filled in", "fill in one of them"


def _whole(frame: pd.DataFrame) -> Iterator[tuple[int, str, str, str]]:
    shares = frame[frame["share"] <= 1]
    total = shares.groupby("material")["share"].transform("sum")
    over = shares.assign(total=total)[total > 1 + 1e-9].sort_values("row").drop_duplicates("material", keep="last")
    for row, material, sum_ in zip(over["row"], over["material"], over["total"], strict=True):
        yield int(row), "share", f"today's shares of {material} add up to {sum_:g}", "lower them: all of it is 1"


def _nothing(materials: pd.DataFrame, today: set[str]) -> Iterator[tuple[int, str, str, str]]:
    for column in [name for name in _LIMIT if name in materials]:
        idle = materials[materials[column].notna() & ~materials["material"].isin(today)]
        for row, material in zip(idle["row"], idle["material"], strict=True):
            fact = f"no row of incumbents.csv says what is bought of {material} today"
            yield int(row), column, fact, "add its incumbents, or leave it blank"


CODES = {
    "DATA-171": "incumbents that contradict each other",
}
CHECKS = (DataCheck(("incumbents", "offers", "materials"), incumbents),)
