"""Facilities without a bound: whether anything runs, leaves or arrives needs the most that it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.parts import Screen
from sourcing.tables.screens.finding import OR_LESS, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.network import Network
    from sourcing.question import Question


def endless(net: Network, _: Question) -> Iterator[Finding]:
    """Yield an error for each facility of what could be any amount."""
    from sourcing.network.facilities import TABLES, endless_arrivals, runs, sales, sends
    from sourcing.network.useful import boundless

    if not len(net.facilities) or not boundless(net):
        return
    sites = net.case["sites"].set_index("site")["capacity"]
    free = np.zeros(len(net.facilities) + 1, bool)
    for bounded in (runs(net)[0], sends(net)[0], *sales(net)):
        free[bounded.facility[np.isinf(bounded.most).any(axis=1)]] = True
    arriving = endless_arrivals(net)
    free[arriving] |= np.append(net.facilities.terms["at"].map(sites).isna().to_numpy(), values=False)[arriving]
    for kind, code in net.facilities.terms.loc[free[:-1], ["kind", "code"]].itertuples(index=False, name=None):
        table = TABLES[kind]
        row = net.case[table].set_index(kind).loc[code, "row"]
        fact = "it is opened or closed, and nothing says how much could arrive, leave or run there at most"
        repair = "fill in its capacity" + (", those of its lanes" if kind == "site" else "")
        place = net.case.place(table, int(row))
        yield Finding("error", place, fact, f"{repair}, {OR_LESS}", "SCREEN-370")


CODES = {
    "SCREEN-370": "facility without an end",
}
SCREENS = (Screen(endless, 14),)
