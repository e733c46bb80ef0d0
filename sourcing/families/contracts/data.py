"""What the columns of a contract may say beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import DataCheck
from sourcing.tables.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

_CODE = "DATA-139"


def contracts(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Refuse a contract whose minimum is above its maximum, that has no end to be bought, or pays for no minimum."""
    problems = []
    for record in tables["contracts"].to_dict("records"):
        row = {str(name): value for name, value in record.items()}
        problems += [Problem("contracts", int(record["row"]), *said, _CODE) for said in _columns(row)]
    return problems


def _columns(row: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """Return column, fact and repair of what contradicts in a row."""
    least, most, share = (row.get(name) for name in ("minimum", "maximum", "take_or_pay"))
    said = []
    if isinstance(least, float) and isinstance(most, float) and least > most:
        fact = f"{least:g} t is above the maximum of {most:g} t"
        said.append(("minimum", fact, "write a minimum that the maximum allows"))
    if row.get("signed") is not True and not _filled(most):
        fact = "nothing says how much a contract that is still to be signed could bring"
        said.append(("maximum", fact, "fill in maximum, or write yes in signed"))
    if _filled(row.get("exit_cost")):
        said += _left(row)
    if _filled(share) and not _filled(least):
        said.append(("take_or_pay", "no minimum could stay untaken", "fill in minimum, or leave it blank"))
    return said + _priced(row)


def _left(row: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """Return what contradicts in a row that says what leaving costs."""
    if row.get("signed") is not True:
        fact = "a contract that is still to be signed cannot be left"
        return [("exit_cost", fact, "leave it blank, or write yes in signed")]
    if not _filled(row.get("maximum")):
        fact = "nothing says how much a contract that may be left could bring"
        return [("maximum", fact, "fill in maximum, or leave exit_cost blank")]
    return []


def _priced(row: Mapping[str, object]) -> list[tuple[str, str, str]]:
    """Return what contradicts in how a row says its price."""
    fixed, index = _filled(row.get("price")), row.get("index")
    if fixed and index:
        return [("index", "the price is fixed and follows an index", "fill in price or index, one of them")]
    if not fixed and not index:
        return [("price", "nothing says what a tonne costs", "fill in price, or index to follow one")]
    if _filled(row.get("floor_price")) and not index:
        return [("floor_price", "a fixed price has no floor", "leave it blank, or fill in index instead of price")]
    return []


def _filled(value: object) -> bool:
    return isinstance(value, float) and value == value  # noqa: PLR0124 - only NaN differs from itself


CHECKS = (DataCheck(("contracts",), contracts),)
