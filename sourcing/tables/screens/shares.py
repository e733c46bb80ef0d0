"""Limits on shares and on concentration that too few sources leave unmet."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from sourcing.tables.screens.finding import SLACK, Finding
from sourcing.tables.screens.seen import COLUMN, stated, unstated
from sourcing.tables.values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Set

    from sourcing.tables.screens.supply import Supply

RANK = {"feed": 0, "mine": 1, "concentrate": 2, "oxide": 3, "metal": 4, "alloy": 5, "magnet": 6, "product": 7}


def few_sources(supply: Supply, measures: set[str]) -> list[Finding]:
    """Return the limits on a largest share, or on concentration, that fewer than 1/value sources leave unmet.

    Such a limit still holds where nothing it counts is bought, so it is an error only where something has to be.
    """
    findings = []
    frame = supply.case["limits"]
    for record in frame[frame["measure"].isin(measures) & (frame["sense"] == "max")].to_dict("records"):
        limit = {str(name): value for name, value in record.items()}
        if not windows(supply, limit):
            continue
        groups = groups_counted(supply, limit)
        fact = _fact(supply, limit, groups)
        if groups and fact:
            is_error = supply.must_meet and _has_to_buy(supply, limit)
            place = supply.case.place("limits", int(limit["row"]), "value")
            repair = "add offers from elsewhere, or raise the limit"
            findings.append(Finding("error" if is_error else "warning", place, fact, repair, "SCREEN-304"))
    return findings


def _fact(supply: Supply, limit: dict[str, Any], groups: Set[str]) -> str:
    value, by, name = float(limit["value"]), str(limit["by"]).replace("_", " "), limit["limit"]
    so = "so nothing it counts may be bought"
    if limit["member"]:
        inside = members_of(supply, limit["member"])
        only = value < 1 and groups <= inside
        return (
            f"{name} allows {value:.4g} from {limit['member']}, and all there is comes from there: {so}" if only else ""
        )
    needed = math.ceil(1 / value - SLACK) if value > 0 else math.inf
    if len(groups) >= needed:
        return ""
    asks = f"at least {needed} sources" if value > 0 else "no source at all"
    allowed = f"{value:.4g} for each {by}" if limit["measure"] == "share" else f"an HHI of {value:.4g} by {by}"
    return f"{name} allows {allowed}, which takes {asks}, and there are {len(groups)}: {so}"


def members_of(supply: Supply, member: str) -> set[str]:
    """Return the members of a group, or the one member itself."""
    frame = supply.case["groups"]
    return set(frame.loc[frame["group"] == member, "member"]) or {member}


def windows(supply: Supply, limit: dict[str, Any]) -> list[float]:
    """Return the first days of the periods of which the limit holds for any day."""
    first, until = _time(supply, limit)
    return [start for start, end in pairwise(supply.bounds) if max(first, start) < min(until, end)]


def _time(supply: Supply, limit: dict[str, Any]) -> tuple[float, float]:
    """Return the days from which and up to which a limit holds."""
    first = -math.inf if limit["from"] != limit["from"] else float((limit["from"] - supply.origin).days)
    until = math.inf if limit["until"] != limit["until"] else float((limit["until"] - supply.origin).days)
    return first, until


def _counts(supply: Supply, limit: dict[str, Any]) -> set[str]:
    """Return the materials a limit counts."""
    frame = supply.case["materials"]
    counted = set(frame["material"])
    if limit["material"]:
        counted &= {limit["material"]}
    if limit["element"]:
        contents = supply.case["contents"]
        counted &= set(contents.loc[contents["element"] == limit["element"], "material"])
    if limit["stage"]:
        stages = dict(zip(frame["material"], frame["stage"], strict=True))
        counted = {one for one in counted if RANK.get(stages[one], -1) >= RANK[limit["stage"]]}
    return counted


def groups_counted(supply: Supply, limit: dict[str, Any]) -> frozenset[str]:
    """Return the groups of everything the limit could count; rather too many than too few.

    Limits that count the same share them: a thousand limits may count ten things.
    """
    alike = tuple(str(limit[name]) for name in ("by", "material", "element", "stage"))
    if alike not in supply.counted:
        supply.counted[alike] = frozenset(_groups(supply, limit))
    return supply.counted[alike]


def _groups(supply: Supply, limit: dict[str, Any]) -> Iterator[str]:
    case, counted, by = supply.case, _counts(supply, limit), str(limit["by"])
    sites = supply.sites
    known = stated(supply, limit) if by in COLUMN else {}
    at_stage = set(case["materials"].loc[case["materials"]["stage"] == limit["stage"], "material"])
    lenses: dict[str, set[str]] = {}
    offers = case["offers"]
    asked = offers["material"].isin(counted) | offers["offer"].isin(case["open_orders"]["offer"])
    for record in offers[asked].to_dict("records"):
        offer = {str(name): value for name, value in record.items()}
        site, own_stage = sites[offer["site"]], offer["material"] in at_stage
        lenses[offer["offer"]] = known.get(offer["offer"]) or _lens(by, offer, site, own_stage=own_stage)
        if offer["material"] in counted and supply.offers[offer["offer"]].first(supply.end) is not None:
            yield from lenses[offer["offer"]]
    for code, material in zip(case["open_orders"]["offer"], case["open_orders"]["material"], strict=True):
        if material in counted:
            yield from lenses.get(code, {UNKNOWN})
    yield from _made(supply, by, counted, sites) if limit["stage"] else ()


def _made(supply: Supply, by: str, counted: set[str], sites: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    """Yield the groups of own processes that make what is counted."""
    recycled = supply.case["processes"].set_index("process")["recycled"]
    for code, process in supply.processes.items():
        if set(process.outputs) & counted:
            site = sites[process.site]
            maker = {"supplier": site["owner"] or process.site, "site": process.site, "made_in": "", "offer": code}
            yield from _lens(by, {**maker, "recycled": recycled[code]}, site, own_stage=True)


def _lens(by: str, source: dict[str, Any], site: dict[str, Any], *, own_stage: bool) -> set[str]:
    if by in COLUMN:
        return unstated(by, source, site, own_stage=own_stage)
    if by == "recycled":
        share = float(source["recycled"])
        return ({"recycled"} if share > 0 else set()) | ({"primary"} if share < 1 else set())
    if by in {"country", "shipped_from"}:
        return {(source["made_in"] if by == "country" else "") or site["country"]}
    if by in {"owner", "owner_country"}:
        return {site[by] or UNKNOWN}
    return {source["offer" if by == "source" else by]}


def _has_to_buy(supply: Supply, limit: dict[str, Any]) -> bool:
    """Whether demand cannot be met without buying something the limit counts, in whatever period it arrives."""
    first, until = _time(supply, limit)
    if limit["stage"] or limit["element"] or limit["site"] or first > 0 or until < supply.end:
        return False
    made = {material for process in supply.processes.values() for material in process.outputs}
    ordered = {material for _, material in supply.open_orders}
    for material in _counts(supply, limit) - made - ordered:
        asked = sum(row.within(0, supply.end) for (_, of), rows in supply.due.items() if of == material for row in rows)
        stock = sum(tonnes for (_, of), tonnes in supply.opening.items() if of == material)
        if asked > stock + SLACK * (1 + asked):
            return True
    return False
