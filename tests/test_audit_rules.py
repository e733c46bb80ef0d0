"""Each rule broken once in the pencil plan: the audit says where, which rule, and by how much."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from test_audit_tiny import TERMS, frame, tiny_manifest, tiny_plan, tiny_tables

from sourcing.audit import audit

Frames = dict[str, pd.DataFrame]
FURNACE = frame("line name capacity", ("furnace", "Furnace", 100.0))


def changed(frames: Frames, table: str, row: int, **cells: Any) -> Frames:
    """Return the frames with cells of one row changed; a column that is not there is blank in the other rows."""
    rows = frames[table].astype(object).to_dict("records")
    rows[row] |= cells
    return frames | {table: pd.DataFrame(rows)}


def broken(tables: Frames, plan: Frames) -> list[str]:
    """Return the sentences on rules that are broken."""
    found = audit(tables, TERMS, plan, tiny_manifest()).findings
    return [sentence for sentence in found if ": rule " in sentence]


# table, row, cells that are stricter than in the pencil case, and what the pencil finds (Q1 has 90 of 365 days, Q2 91)
STRICTER = [
    ("offers", 0, {"capacity": 100.0},  # 40 - 100 x 90/365
     ["Lynas NdPr oxide (offer L1), 2027-Q1: rule offer: the plan is 15.342466 t above what is allowed"]),
    ("lanes", 0, {"capacity": 100.0},
     ["any material from Kuantan to Bremen by sea, 2027-Q1: rule lane: the plan is 15.342466 t above what is allowed"]),
    ("processes", 0, {"capacity": 100.0},  # 56 - 100 x 91/365
     ["process reduce at Bremen, 2027-Q1: rule process: the plan is 15.342466 t above what is allowed",
      "process reduce at Bremen, 2027-Q2: rule process: the plan is 31.068493 t above what is allowed"]),
    ("processes", 0, {"line": "furnace"},
     ["line furnace at Bremen, 2027-Q1: rule line: the plan is 15.342466 t above what is allowed",
      "line furnace at Bremen, 2027-Q2: rule line: the plan is 31.068493 t above what is allowed"]),
    ("stocks", 0, {"safety": 30.0},  # nothing can arrive before Q2
     ["NdPr oxide at Bremen, 2027-Q2: rule safety: the plan is 26.4 t below what is asked"]),
    ("stocks", 0, {"closing": 10.0},
     ["NdPr oxide at Bremen, 2027-Q2: rule closing: the plan is 6.4 t below what is asked"]),
    ("stocks", 0, {"maximum": 30.0},
     ["NdPr oxide at Bremen, 2027-Q1: rule maximum: the plan is 10 t above what is allowed"]),
    ("limits", 0, {"value": 0.3},  # 14.16 and 27 - 0.3 x 41.16
     ["limit one-country, CHN, horizon: rule share: the plan is 1.812 t above what is allowed",
      "limit one-country, MYS, horizon: rule share: the plan is 14.652 t above what is allowed"]),
    ("limits", 0, {"value": 0.5, "sense": "min"},
     ["limit one-country, CHN, horizon: rule share: the plan is 6.42 t below what is asked"]),
    ("limits", 1, {"value": 22.0}, ["limit lynas, Lynas, 2027-Q1: rule tonnes: the plan is 3 t above what is allowed"]),
    ("limits", 1, {"value": 22.0, "sense": "min"},
     ["limit lynas, Lynas, 2027-Q2: rule tonnes: the plan is 2 t below what is asked"]),
    ("limits", 2, {"value": 1e6}, ["limit budget, 2027: rule spend: the plan is 2,164,000 USD above what is allowed"]),
    ("limits", 2, {"value": 4e6, "sense": "min"},
     ["limit budget, 2027: rule spend: the plan is 836,000 USD below what is asked"]),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "cells", "sentences"), STRICTER)
def test_rule_when_the_tables_are_stricter_than_the_plan_then_says_where_and_by_how_much(
    table: str, row: int, cells: dict[str, Any], sentences: list[str]
) -> None:
    tables = tiny_tables() | {"lines": FURNACE}
    assert broken(changed(tables, table, row, **cells), tiny_plan()) == sentences


STOCK_ROW = [
    ({"row": 0, "end": 61.0}, "NdPr metal at Bremen, 2027-Q1", "use", "1 t above what is allowed"),  # 60 t are used
    ({"row": 5, "disposed": 3.0}, "NdPr oxide at Rotterdam, 2027-Q2", "dispose", "1.005479 t above what is allowed"),
    ({"row": 1, "short": 61.0}, "NdPr metal at Bremen, 2027-Q2", "short", "1 t above what is allowed"),
    ({"row": 0, "short": -1.0}, "NdPr metal at Bremen, 2027-Q1", "short_sign", "1 t below what is asked"),
    ({"row": 5, "end": 1.0}, "NdPr oxide at Rotterdam, 2027-Q2", "balance", "1 t out of balance"),
]


@pytest.mark.parametrize(("cells", "place", "rule", "by"), STOCK_ROW)
def test_rule_when_a_stock_row_breaks_it_then_says_where_and_by_how_much(
    cells: dict[str, Any], place: str, rule: str, by: str
) -> None:
    disposal = changed(tiny_tables(), "stocks", 1, disposal_cost=5.0, disposal_maximum=8.0)  # 8 x 91/365 in Q2
    found = broken(disposal, changed(tiny_plan(), "stock", **cells))
    assert f"{place}: rule {rule}: the plan is {by}" in found
    assert {sentence.partition(": rule ")[2].partition(":")[0] for sentence in found} <= {rule, "balance"}
