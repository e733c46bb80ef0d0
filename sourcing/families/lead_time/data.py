"""Modes of lanes that would be taken for those of goods that wait for a licence of the country where they were made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import DataCheck
from sourcing.tables.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_TAKEN = "DATA-182"
WORDS = "made in "


def modes(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Refuse modes with the words that stand for where goods were made, where a licence follows goods."""
    if not (tables["licences"]["follows"] == "origin").any():
        return []
    lanes = tables["lanes"]
    fact = f"'{WORDS.strip()}' in a mode stands for goods that wait for a licence which follows them"
    rows = lanes.loc[lanes["mode"].str.contains(WORDS, regex=False), "row"]
    return [Problem("lanes", int(row), "mode", fact, "call the mode otherwise", _TAKEN) for row in rows]


CODES = {_TAKEN: "mode of a lane that says where goods were made"}
CHECKS = (DataCheck(("lanes", "licences"), modes),)
