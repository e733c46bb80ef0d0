"""Draw origins of offers, the offers that opening stock came from, and limits that look through them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from twin.facts import STAGES

if TYPE_CHECKING:
    from .plot import Plot


def draw_origins(plot: Plot) -> None:
    """State origins of most offers at some stages, wholly or in part, and limit what is seen through them."""
    choose, tables = plot.choose, plot.case.tables
    reached = {row["material"]: row.get("stage", "") for row in tables["materials"]}
    for offer in tables["offers"]:
        stage = reached[offer["material"]]
        for seen in STAGES[1 : STAGES.index(stage) + 1] if stage else ():
            if choose.chance(60):
                _state(plot, offer["offer"], seen)
    for stock in tables.get("stocks", []):
        same = [row["offer"] for row in tables["offers"] if row["material"] == stock["material"]]
        if same and choose.chance(60):
            stock["offer"] = choose.pick(same)
    staged = [row for row in tables["offers"] if reached[row["material"]]]
    for number in range(choose.pick([1, 2, 3]) if staged else 0):
        plot.case.add("limits", **_limit(plot, f"seen_{number + 1}", choose.pick(staged)))


def _state(plot: Plot, offer: str, stage: str) -> None:
    """State one or two countries, of which the second may be the same with another owner, and maybe a rest."""
    choose, left = plot.choose, 100
    first = choose.pick(plot.countries)
    for country, owner in ((first, choose.pick(["", first])), (choose.pick(plot.countries), "DEU"))[
        : choose.pick([1, 2])
    ]:
        share = left if choose.chance(40) else choose.pick([20, 35, 50])
        left -= share
        row = {"offer": offer, "stage": stage, "country": country, "owner_country": owner, "share": share / 100}
        plot.case.add("origins", **row)
        if left <= 0:
            return


def _limit(plot: Plot, name: str, offer: dict[str, Any]) -> dict[str, Any]:
    choose, material = plot.choose, offer["material"]
    own = next(row["stage"] for row in plot.case.tables["materials"] if row["material"] == material)
    measure = choose.pick(["share", "share", "tonnes", "tonnes", "spend", "lead_days", "suppliers"])
    row: dict[str, Any] = {"limit": name, "measure": measure, "per": choose.pick(["horizon", "year", "period"])}
    row["by"] = choose.pick(["origin", "origin", "origin_owner", "shipped_from"])
    if row["by"] != "shipped_from" or (measure != "spend" and choose.chance(40)):
        row["stage"] = choose.pick([own, "mine", "oxide"])
    row["material"] = material if choose.chance(80) else ""
    if choose.chance(75) and measure != "suppliers":
        row["member"] = choose.pick([*plot.countries, "bloc", "unknown"])
    tonnes = sum(need for (_, wanted), need in plot.need.items() if wanted == material) / plot.periods
    row["value"] = {
        "share": choose.pick([45, 60, 80, 90]) / 100,
        "tonnes": round(tonnes * choose.pick([2, 5, 10]) / 10, 2),
        "spend": round(tonnes * plot.price[material] * choose.pick([3, 6]) / 10),
        "lead_days": max(plot.step * choose.pick([1, 2]), 1),
        "suppliers": choose.pick([1, 2]),
    }[measure]
    if measure == "suppliers":
        much = plot.yearly(50 * sum(plot.need.values()) + 50)
        for each in (each for table in ("offers", "processes") for each in plot.case.tables.get(table, [])):
            each.setdefault("capacity", much)
        if choose.chance(50):
            row |= {"sense": "min", "value": 1, "at_least": max(round(tonnes * choose.pick([1, 3]) / 10, 3), 0.01)}
    return row
