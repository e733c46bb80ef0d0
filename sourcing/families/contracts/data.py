"""What the columns of a contract may say beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.parts import DataCheck, Screen
from sourcing.tables.problems import Problem
from sourcing.tables.screens.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from sourcing.network import Network
    from sourcing.question import Question

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


def beyond_offer(net: Network, _: Question) -> Iterator[Finding]:
    """Yield for each contract the first window whose minimum is more than its offer can give in it.

    An error where the contract is signed, cannot be left, and the minimum is hard: then there is no plan.
    """
    from sourcing.families.contracts.arrays import calls
    from sourcing.families.contracts.arrays import contracts as laid

    own = laid(net)
    if not len(own):
        return
    pairs = own.ends.merge(own.slices, on=["window", "node"])
    code, node = pairs["code"].to_numpy(), pairs["node"].to_numpy()
    reachable = np.isin(np.arange(len(own)), calls(net)["code"].to_numpy())
    called = pairs["called"].to_numpy(float)
    given = np.multiply(net.offer_capacity[own.offer[code], node], called, where=called > 0, out=np.zeros(len(called)))
    least = own.per_window("minimum")
    room = np.zeros(least.shape)
    np.add.at(room, (pairs["window"].to_numpy(), pairs["end"].to_numpy()), np.where(reachable[code], given, 0.0))
    over = least > room * (1 + 1e-9) + 1e-6
    beyond = np.flatnonzero(over.any(axis=1))
    for row, place in zip(*np.unique(own.owner[beyond], return_index=True), strict=True):
        window, last = beyond[place], int(over[beyond[place]].argmax())
        terms = own.table.iloc[int(row)]
        hard = bool(own.hard[row] and own.signed[row] and not own.leavable[row])
        place = net.case.place("contracts", int(terms["row"]), "minimum")
        given = f"{least[window, last]:,.6g} t are asked for up to {net.tree.labels[last]}"
        fact = f"{given}, and offer {terms['offer']} can give {room[window, last]:,.6g} t in that window"
        repair = "lower the minimum, raise the offer's capacity, or fill in take_or_pay"
        yield Finding("error" if hard else "warning", place, fact, repair, "SCREEN-340")


CODES = {
    "DATA-139": "contract whose terms contradict each other",
    "SCREEN-340": "minimum of a contract beyond its offer",
}
CHECKS = (DataCheck(("contracts",), contracts),)
SCREENS = (Screen(beyond_offer, 20, ("SCREEN-340",)),)
