"""Draw limits on concentration that a mix of the offers can keep."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .plot import Plot


def draw_indices(plot: Plot) -> None:
    """Draw one or two limits on concentration, most of them by country or supplier."""
    for number in range(plot.choose.pick([1, 1, 2])):
        _draw(plot, f"mixed_{number + 1}")
    _draw_governed(plot)


def _draw_governed(plot: Plot) -> None:
    """Draw how countries are governed, and now and then a limit by that or on supply risk."""
    choose, case = plot.choose, plot.case
    offers = case.tables["offers"]
    for country in named_countries(case.tables):
        case.add("governance", country=country, value=choose.pick([2, 4.5, 6, 1]), trade=choose.pick([None, 0.8, 1.1]))
    offer = choose.pick(offers)
    about = {"by": choose.pick(["country", "owner_country"]), "per": choose.pick(["horizon", "year", "period"])}
    if choose.chance(60):
        case.add("limits", limit="governed", measure="governance_hhi", value=choose.pick([2, 1.5, 2.5, 3]), **about)
    if choose.chance(60):
        terms = {"global_hhi": 3, "import_reliance": choose.pick([0.6, 1, 0]), "eol_rir": 0.1, "substitution": 0.9}
        case.add("supply_risk", material=offer["material"], **terms)
        risky = {"measure": "supply_risk", "material": offer["material"], "value": choose.pick([2, 1.7, 2.5])}
        case.add("limits", limit="risky", **risky, **about)


def named_countries(tables: dict[str, list[dict[str, Any]]]) -> list[str]:
    """Return the countries of sites, of their owners and of what is offered."""
    named = {str(row.get(name) or "") for row in tables["sites"] for name in ("country", "owner_country")}
    return sorted((named | {str(row.get("made_in") or "") for row in tables["offers"]}) - {""})


def _draw(plot: Plot, name: str) -> None:
    choose = plot.choose
    offer = choose.pick(plot.case.tables["offers"])
    material = offer["material"]
    row: dict[str, Any] = {"limit": name, "measure": "hhi"}
    row["by"] = choose.pick(["supplier", "country", "source", "site", "owner", "owner_country", "recycled"])
    row["value"] = choose.pick([45, 40, 35, 55, 60, 75]) / 100
    row["material"] = material if choose.chance(60) else ""
    row["site"] = offer.get("destination", "") if choose.chance(25) else ""
    row["per"] = choose.pick(["horizon", "year", "period"])
    held = [one["element"] for one in plot.case.tables["contents"] if one["material"] == material]
    row["element"] = choose.pick(held) if held and choose.chance(40) else ""
    stages = {one["material"]: one.get("stage") or "mine" for one in plot.case.tables["materials"]}
    row["stage"] = choose.pick(["mine", stages[material]]) if choose.chance(25) else ""
    row["from"] = plot.day(20, 50) if choose.chance(30) else None
    plot.case.add("limits", **{key: value for key, value in row.items() if value not in (None, "")})
