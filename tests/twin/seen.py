"""Whose material is, seen through to a stage: from the table `origins`, or from who makes it."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .facts import Row
    from .network import Network

BY = {"origin": "country", "origin_owner": "owner_country"}


def seen_of_offer(network: Network, limit: Row, offer: Row, material: str) -> list[tuple[str, float]]:
    """Return countries, or owners' countries, of an offer's material at the stage, with weights that add to one."""
    column = BY[limit["by"]]
    rows = [
        row for row in network.tables["origins"] if row["offer"] == offer["offer"] and row["stage"] == limit["stage"]
    ]
    if rows:
        parts: dict[str, float] = defaultdict(float)
        for row in rows:
            parts[row[column] or "unknown"] += row["share"]
        rest = 1 - sum(row["share"] for row in rows)
        if rest > 1e-9:
            parts["unknown"] += rest
        return list(parts.items())
    home = network.sites[offer["site"]]
    if network.materials[material]["stage"] != limit["stage"]:
        return [("unknown", 1.0)]
    if limit["by"] == "origin":
        return [(offer["made_in"] or home["country"], 1.0)]
    elsewhere = offer["made_in"] not in ("", home["country"])
    return [("unknown" if elsewhere or not home["owner_country"] else home["owner_country"], 1.0)]
