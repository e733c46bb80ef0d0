"""Draw limits on numbers (how many suppliers bring anything, to how many sites), and conditions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .plot import Plot


def draw_numbers(plot: Plot) -> None:
    """Draw up to two limits on numbers around offers of the case, and a capacity for all that a maximum counts."""
    choose, count = plot.choose, plot.choose.pick([0, 1, 1, 2])
    for number in range(count):
        plot.case.add("limits", **_limit(plot, f"number_{number + 1}", least=choose.chance(35)))
    much = plot.yearly(50 * sum(plot.need.values()) + 50)
    for table in ("offers", "processes") if count else ():
        for row in plot.case.tables.get(table, []):
            row.setdefault("capacity", much)


def _limit(plot: Plot, name: str, *, least: bool) -> dict[str, Any]:
    choose, offer = plot.choose, plot.choose.pick(plot.case.tables["offers"])
    need = max(plot.need.get((offer.get("destination", ""), offer["material"]), 1.0) / plot.periods, 0.01)
    by = choose.pick(["supplier", "country", "source", "site", "owner", "recycled"])
    measure = choose.pick(["suppliers", "destinations"])
    row: dict[str, Any] = {"limit": name, "measure": measure, "by": by}
    row["per"] = choose.pick(["horizon", "year", "period"])
    if choose.chance(60):
        row["material"] = offer["material"]
    if choose.chance(30):
        row["stage"] = choose.pick(["mine", "oxide", "metal"])
    if choose.chance(30) and measure == "suppliers":
        row["site"] = offer.get("destination", "")
    if least:
        row |= {"sense": "min", "value": 1, "at_least": round(need * choose.pick([1, 3, 6]) / 10, 3)}
        if measure == "destinations":
            row |= {"by": "supplier", "member": offer["supplier"]}
        return row
    row["value"] = choose.pick([1, 1, 2])
    if choose.chance(40):
        row["at_least"] = round(need * choose.pick([1, 3]) / 10, 3)
    if choose.chance(20):
        row |= {"by": "country", "member": "bloc"}
    return row


def draw_conditions(plot: Plot) -> None:
    """Draw a condition between two offers or two processes, and a capacity for the first."""
    choose, much = plot.choose, plot.yearly(50 * sum(plot.need.values()) + 50)
    for kind, table in (("offer", "offers"), ("process", "processes")):
        rows = plot.case.tables.get(table, [])
        if len(rows) < 2 or choose.chance(40):
            continue
        first = choose.integer(0, len(rows) - 1)
        second = (first + choose.integer(1, len(rows) - 1)) % len(rows)
        rows[first].setdefault("capacity", much)
        row = {"condition": f"if_{kind}", "kind": kind, "if": rows[first][kind], "then": rows[second][kind]}
        enough = round(max(sum(plot.need.values()) / plot.periods, 0.05) * choose.pick([1, 3]) / 20, 3)
        plot.case.add("conditions", **row, per=choose.pick(["period", "horizon"]), at_least=max(enough, 0.001))
