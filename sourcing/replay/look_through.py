"""Whose material a source brings at a stage: what is said of its offer, and what nobody says."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcing.replay.case import Records

UNKNOWN = "unknown"
SEEN = ("origin", "origin_owner")
ORDER = ("feed", "mine", "concentrate", "oxide", "metal", "alloy", "magnet", "product")
UNSAID = 1e-9  # of a tonne: what shares written in decimals leave over


def stages_seen(records: Records) -> list[str]:
    """Return the stages that anybody states an origin for, or a limit sorts by."""
    asked = {limit.stage for limit in records.limits.values() if limit.by in SEEN}
    return sorted({stage for _, stage in records.origins} | asked, key=ORDER.index)


def ships_elsewhere(records: Records) -> bool:
    """Say whether an offer is made in one country and shipped from another."""
    offers = records.offers.values()
    return any(offer.made_in not in ("", records.sites[offer.site].country) for offer in offers)


def seen(
    records: Records, source: tuple[str | None, str], material: str, stage: str, lens: str
) -> list[tuple[str, float]]:
    """Return whose country (or owner's country) material is of at a stage, with weights of 1 in all.

    ``source`` is its offer (blank if nobody says, none if an own process makes it) and the site it comes to.
    """
    offer, site = source
    if offer is None:
        row = records.sites[site]
        return [((row.country if lens == "origin" else row.owner_country) or UNKNOWN, 1.0)]
    return _of_offer(records, offer, material, stage, lens)


def _of_offer(records: Records, offer: str, material: str, stage: str, lens: str) -> list[tuple[str, float]]:
    """Return whose the material of an offer is: what is stated, and as unknown what that leaves."""
    stated = records.origins.get((offer, stage), ())
    if not stated:
        return [(_implied(records, offer, material, stage, lens), 1.0)]
    parts: dict[str, float] = {}
    for row in stated:
        name = (row.country if lens == "origin" else row.owner_country) or UNKNOWN
        parts[name] = parts.get(name, 0.0) + row.share
    unsaid = 1.0 - sum(row.share for row in stated)
    if unsaid > UNSAID:
        parts[UNKNOWN] = parts.get(UNKNOWN, 0.0) + unsaid
    return list(parts.items())


def _implied(records: Records, offer: str, material: str, stage: str, lens: str) -> str:
    """Return whose the material is where nothing is stated: known only at the stage it is sold at."""
    if not offer or records.materials[material].stage != stage:
        return UNKNOWN
    row = records.offers[offer]
    seller = records.sites[row.site]
    if lens == "origin":
        return row.made_in or seller.country or UNKNOWN
    made_there = row.made_in in ("", seller.country)
    return (seller.owner_country if made_there else "") or UNKNOWN
