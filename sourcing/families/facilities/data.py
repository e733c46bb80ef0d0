"""Facilities without a bound, and sites with a capacity that nothing takes up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sourcing.parts import DataCheck, Screen
from sourcing.tables.limits import CONTRADICTS, OUTSIDE, each_limit
from sourcing.tables.numbers import has_a_part
from sourcing.tables.screens.finding import OR_LESS, Finding
from sourcing.tables.screens.shares import windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.network import Network
    from sourcing.question import Question
    from sourcing.tables import Case
    from sourcing.tables.limits import Limit, Said
    from sourcing.tables.screens.supply import Supply


_UNKNOWN = "unknown"


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


def miscounted(supply: Supply) -> list[Finding]:
    """Return limits on facilities that cannot be met or count nothing."""
    frame, findings = supply.case["limits"], list[Finding]()
    for record in frame[frame["measure"] == "facilities"].to_dict("records"):
        limit = {str(name): value for name, value in record.items()}
        if windows(supply, limit):
            findings += _counted(supply.case, limit)
    return findings


def _counted(case: Case, limit: dict[str, Any]) -> list[Finding]:
    there = sum(name in _members(case, limit["member"]) or not limit["member"] for name in _groups(case, limit["by"]))
    place = case.place("limits", int(limit["row"]), "value")
    repair = "fill in opening_cost or fixed_cost in processes.csv or sites.csv"
    if limit["sense"] == "min" and there < limit["value"]:
        asked = f"{limit['value']:g} open {'facility' if limit['value'] == 1 else 'facilities'}"
        fact = f"{limit['limit']} asks for {asked} or more, and there are {there}"
        return [Finding("error", place, fact, f"lower the limit, or {repair}", "SCREEN-371")]
    if not there:
        return [Finding("warning", place, f"{limit['limit']} counts nothing", repair, "SCREEN-372")]
    return []


def _groups(case: Case, by: str) -> list[str]:
    """Return what each facility counts as."""
    sites = case["sites"].set_index("site", drop=False)
    at = [
        site
        for table in ("processes", "sites")
        for site in case[table].loc[case[table][["opening_cost", "fixed_cost"]].notna().any(axis=1), "site"]
    ]
    return [str(sites.loc[site, by] or _UNKNOWN) if by else "" for site in at]


def _members(case: Case, member: str) -> set[str]:
    groups = case["groups"]
    return set(groups.loc[groups["group"] == member, "member"]) or {member}


_OF_GOODS = ("site", "stage", "material", "element", "counted_in", "property", "line")
_LENSES = ("", "site", "country", "owner", "owner_country")


def facility_columns(limit: Limit) -> Said:
    """Return what contradicts in a limit on facilities; of others nothing."""
    if limit["measure"] != "facilities":
        return []
    said: Said = [
        (name, f"facilities are counted, and {name} is for goods", "leave it blank; name sites as member", CONTRADICTS)
        for name in _OF_GOODS
        if limit.get(name)
    ]
    by, member, value = limit["by"], limit["member"], limit["value"]
    if by not in _LENSES:
        said.append(("by", f"a facility has no {by}", "write site, country, owner or owner_country", CONTRADICTS))
    if member and not by:
        said.append(("by", "member is filled in but by is blank", "fill in by, such as site", CONTRADICTS))
    if limit["sense"] == "min" and by and not member:
        said.append(("member", "a least number needs a member", f"say which {by} it is for", CONTRADICTS))
    if limit["per"] not in ("", "period"):
        fact = "what is open is counted at every time, not over a window"
        said.append(("per", fact, "write period, or leave it blank", CONTRADICTS))
    if has_a_part(value):
        said.append(("value", f"{value:g} is no number of facilities", "write a whole number, such as 4", OUTSIDE))
    return said


CHECKS = (DataCheck(("limits",), each_limit(facility_columns)),)
CODES = {
    "SCREEN-370": "facility without an end",
    "SCREEN-371": "number of facilities above those there are",
    "SCREEN-372": "limit on facilities where there are none",
    "SCREEN-373": "capacity of a site at which nothing arrives",
}
SCREENS = (Screen(endless, 14, ("SCREEN-370",)), Screen(idle, of="supply"), Screen(miscounted, of="supply"))
