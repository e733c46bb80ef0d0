"""Whose goods are, by the lens of a limit, and what it counts of a tonne of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oracle.network import country, made_in
from oracle.program import add
from oracle.tables import Row, filled, number

if TYPE_CHECKING:
    from oracle.model import Model
    from oracle.program import Terms

UNKNOWN = "unknown"
STAGES = ("feed", "mine", "concentrate", "oxide", "metal", "alloy", "magnet", "product")
Parts = dict[int, float]


@dataclass
class Counted:
    """What a limit counts of one member in a window: terms of columns, and what is given."""

    terms: Terms
    given: float = 0.0

    def and_(self, other: Counted) -> Counted:
        return Counted(add(self.terms, other.terms), self.given + other.given)


def stage(model: Model, material: str) -> int:
    """Return how far along the chain a material is; -1 if it is at no stage."""
    name = model.case.materials[material].get("stage", "")
    return STAGES.index(name) if name else -1


def contained(model: Model, row: Row, material: str) -> float:
    """Return what a limit counts of a tonne of a material."""
    if filled(row, "material") and row["material"] != material:
        return 0.0
    if filled(row, "stage") and stage(model, material) < STAGES.index(row["stage"]):
        return 0.0
    part = held(model, row, material)
    if row.get("counted_in") == "value":
        return number(model.case.materials[material], "value", 1.0) if part else 0.0
    return (1.0 if part else 0.0) if row.get("counted_in") == "tonnes" else part


def held(model: Model, row: Row, material: str) -> float:
    """Return the tonnes of a limit's element in a tonne of a material; without an element a tonne."""
    if not filled(row, "element"):
        return 1.0
    return sum(
        number(content, "share")
        for content in model.case.rows("contents")
        if (content["material"], content["element"]) == (material, row["element"])
    )


def members(model: Model, row: Row, offer: Row | None) -> dict[str, float]:
    """Return whose a tonne of an offer is, by what the limit sorts by."""
    by = row.get("by", "")
    if not by:
        return {"": 1.0}
    if offer is None:
        return {UNKNOWN: 1.0}
    site = model.case.sites[offer["site"]]
    if by == "origin":
        return seen_through(model, offer, row["stage"])
    if by == "recycled":
        part = number(offer, "recycled")
        return {"recycled": part, "primary": 1 - part}
    code = {
        "country": made_in(model.case, offer),
        "shipped_from": country(model.case, offer["site"]),
        "owner": site.get("owner") or UNKNOWN,
        "owner_country": site.get("owner_country") or UNKNOWN,
        "supplier": offer["supplier"],
        "site": offer["site"],
        "source": offer["offer"],
    }[by]
    return {code: 1.0}


def seen_through(model: Model, offer: Row, at: str) -> dict[str, float]:
    """Return the countries in which an offer's material was at a stage, and their shares."""
    rows = [row for row in model.case.rows("origins") if (row["offer"], row["stage"]) == (offer["offer"], at)]
    if not rows:
        own = model.case.materials[offer["material"]]["stage"] == at
        return {made_in(model.case, offer) if own else UNKNOWN: 1.0}
    found: dict[str, float] = {}
    for row in rows:
        found[row["country"]] = found.get(row["country"], 0.0) + number(row, "share")
    rest = 1.0 - sum(found.values())
    return found | ({UNKNOWN: rest} if rest > 1e-9 else {})


def converter(model: Model, row: Row, process: Row) -> str:
    """Return whose an own process is, by what the limit sorts by."""
    site = model.case.sites[process["site"]]
    by = row.get("by", "")
    if by in ("owner", "owner_country"):
        return site.get(by) or UNKNOWN
    if by == "supplier":
        return site.get("owner") or site["site"]
    if by == "recycled":
        return "primary"
    return {"site": process["site"], "source": process["process"]}.get(by, site["country"])


def put(found: dict[str, Counted], code: str, more: Counted) -> None:
    found[code] = found[code].and_(more) if code in found else more
