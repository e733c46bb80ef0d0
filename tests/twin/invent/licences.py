"""Draw licences that follow goods from where they were made, beside those that hang on where goods leave."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .plot import Plot


def draw_following(plot: Plot) -> None:
    """Let some of the licences drawn follow goods, and one or two more, of countries in which something is made."""
    choose, case = plot.choose, plot.case
    for row in case.tables.get("licences", []):
        if choose.chance(50):
            row["follows"] = "origin"
    country = {site["site"]: site["country"] for site in case.tables["sites"]}
    made = [offer.get("made_in") or country[offer["site"]] for offer in case.tables["offers"]]
    for number in range(choose.pick([1, 2, 2])):
        start = None if choose.chance(60) else plot.day(10 * number, 10 * number + 60)
        case.add(
            "licences",
            country=choose.pick([*made[::-1], *plot.countries]),
            material=choose.pick(["", "", plot.first]),
            destination=choose.pick(["", "home", ""]),
            **{"from": start},
            until=plot.day(60, 120, after=start) if choose.chance(25) else None,
            follows="origin",
            lag_days=1.0 + plot.lead(5),
        )
