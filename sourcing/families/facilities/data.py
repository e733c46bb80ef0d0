"""Facilities without a bound, and sites with a capacity that nothing takes up."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.parts import Screen
from sourcing.tables.screens.finding import OR_LESS, Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.network import Network
    from sourcing.question import Question
    from sourcing.tables.screens.supply import Supply


def endless(net: Network, _: Question) -> Iterator[Finding]:
    """Yield an error for each facility of what could be any amount."""
    from sourcing.families.facilities.arrays import TABLES, endless_arrivals, facilities, runs, sales, sends
    from sourcing.network.useful import boundless

    if not len(facilities(net)) or not boundless(net):
        return
    sites = net.case["sites"].set_index("site")["capacity"]
    free = np.zeros(len(facilities(net)) + 1, bool)
    for bounded in (runs(net)[0], sends(net)[0], *sales(net)):
        free[bounded.facility[np.isinf(bounded.most).any(axis=1)]] = True
    arriving = endless_arrivals(net)
    free[arriving] |= np.append(facilities(net).terms["at"].map(sites).isna().to_numpy(), values=False)[arriving]
    for kind, code in facilities(net).terms.loc[free[:-1], ["kind", "code"]].itertuples(index=False, name=None):
        table = TABLES[kind]
        row = net.case[table].set_index(kind).loc[code, "row"]
        fact = "it is opened or closed, and nothing says how much could arrive, leave or run there at most"
        repair = "fill in its capacity" + (", those of its lanes" if kind == "site" else "")
        place = net.case.place(table, int(row))
        yield Finding("error", place, fact, f"{repair}, {OR_LESS}", "SCREEN-370")


def idle(supply: Supply) -> list[Finding]:
    """Return sites with a capacity that no lane, offer or open order brings anything to."""
    case = supply.case
    offers, sites = case["offers"], case["sites"]
    brought = {*case["lanes"]["destination"], *offers["destination"], *case["open_orders"]["site"]}
    brought |= set(offers.loc[offers["destination"] == "", "site"]) & {
        *case["demand"]["site"],
        *case["processes"]["site"],
        *case["stocks"]["site"],
    }
    silent = sites[sites["capacity"].notna() & ~sites["site"].isin(brought)]
    fact = "nothing arrives at {}, and its capacity is one for what arrives"
    repair = "what a supplier can give is the capacity of its offers"
    return [
        Finding("warning", case.place("sites", int(row), "capacity"), fact.format(site), repair, "SCREEN-373")
        for row, site in zip(silent["row"], silent["site"], strict=True)
    ]


CODES = {
    "SCREEN-370": "facility without an end",
    "SCREEN-373": "capacity of a site at which nothing arrives",
}
SCREENS = (Screen(endless, 14), Screen(idle, of="supply"))
