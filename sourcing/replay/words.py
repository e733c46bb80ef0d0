"""Places in a planner's words: names where the tables have them, codes where not."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcing.replay.facts import Facts
    from sourcing.replay.limits import Counted


def material(facts: Facts, code: str) -> str:
    """Return the name of a material."""
    row = facts.records.materials.get(code)
    return row.name if row is not None and row.name else code


def site(facts: Facts, code: str) -> str:
    """Return the name of a site."""
    row = facts.records.sites.get(code)
    return row.name if row is not None and row.name else code


def at_point(facts: Facts, where: str, what: str, n: int) -> str:
    """Return "Dy oxide at Bremen, 2027-Q1"."""
    return f"{material(facts, what)} at {site(facts, where)}, {facts.calendar.label(n)}"


def offered(facts: Facts, code: str) -> str:
    """Return "Lynas NdPr (offer lyn-1)"."""
    row = facts.records.offers[code]
    return f"{row.supplier} {material(facts, row.material)} (offer {code})"


def purchase(facts: Facts, route: tuple[str, str, str], n: int) -> str:
    """Return "Lynas NdPr (offer lyn-1) to Bremen by sea, 2027-Q1"."""
    return f"{routed(facts, route)}, {facts.calendar.label(n)}"


def routed(facts: Facts, route: tuple[str, str, str]) -> str:
    """Return "Lynas NdPr (offer lyn-1) to Bremen by sea"."""
    offer, destination, mode = route
    by = f" by {mode}" if mode else ""
    return f"{offered(facts, offer)} to {site(facts, destination)}{by}"


def shipment(facts: Facts, ship: tuple[str, str, str, str], n: int) -> str:
    """Return "NdPr from Kuantan to Bremen by sea, 2027-Q1"."""
    return f"{along(facts, ship)}, {facts.calendar.label(n)}"


def along(facts: Facts, ship: tuple[str, str, str, str]) -> str:
    """Return "NdPr from Kuantan to Bremen by sea"."""
    origin, destination, what, mode = ship
    by = f" by {mode}" if mode else ""
    return f"{material(facts, what) or 'any material'} from {site(facts, origin)} to {site(facts, destination)}{by}"


def conversion(facts: Facts, process: str, n: int) -> str:
    """Return "process sx-1 at Kuantan, 2027-Q1"."""
    return f"process {process} at {site(facts, facts.records.processes[process].site)}, {facts.calendar.label(n)}"


def line(facts: Facts, code: str, n: int) -> str:
    """Return "line sx-1 at Kuantan, 2027-Q1"."""
    where = (facts.records.processes[process].site for process in facts.records.on_line(code))
    at = "".join(f" at {site(facts, found)}" for found in sorted(set(where))[:1])
    return f"line {code}{at}, {facts.calendar.label(n)}"


def user(facts: Facts, owner: tuple[str, str]) -> str:
    """Return what is used in lots: an offer, a delivery, a process, a line, a lane or a service."""
    kind, code = owner
    if kind == "offer":
        return offered(facts, code)
    if kind == "delivery":
        offer, destination, mode = code.split(">")
        return routed(facts, (offer, destination, mode))
    if kind == "site":
        return site(facts, code)
    if kind == "process":
        return f"process {code} at {site(facts, facts.records.processes[code].site)}"
    if kind == "lane":
        origin, destination, what, mode = code.split(">")
        goods = f" for {material(facts, what)}" if what else ""
        return f"{mode} lane {site(facts, origin)} - {site(facts, destination)}{goods}".strip()
    return f"{kind} {code}"


def limited(facts: Facts, row: Counted) -> str:
    """Return "limit dy-one-country, CHN, at Bremen, 2029"."""
    where = f", at {site(facts, row.site)}" if row.site else ""
    who = f", {row.member}" if row.member else ""
    return f"limit {row.limit.limit}{who}{where}, {row.window.label}"


def number(value: float) -> str:
    """Return a number as a planner writes it: 77,500 or 0.25."""
    text = f"{value:,.6f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text
