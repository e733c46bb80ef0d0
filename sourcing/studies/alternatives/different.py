"""The most different plans on a screen: what each costs more, who sells less in it and who more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.report.figures import money, percent, tonnes
from sourcing.report.lines import heading, wrapped
from sourcing.report.names import named
from sourcing.report.rows import each

if TYPE_CHECKING:
    import pandas as pd
    from rich.text import Text

    from sourcing.studies.alternatives.found import Alternatives

SAID = 3
"""Names on each side of a plan; the table has all of them."""


def different(found: Alternatives, width: int) -> list[Text]:
    """Return a few lines for each plan, or say that there is none."""
    table, wanted = found.tables["alternatives"], found.manifest["wanted"]
    near = f"within {100 * found.manifest['within']:.3g} %"
    if table.empty:
        return [heading("DIFFERENT PLANS", f"none {near}"), *wrapped(f"{_alike(found)}.", width, "  ", "  ")]
    lines = [heading("DIFFERENT PLANS", f"{near}, each as different from this plan and those above it as was found")]
    for row in each(table):
        dearer = f"{money(row.more)} more ({percent(row.more / abs(found.manifest['cost']))})" if row.more >= 1 else ""
        part = f"{100 * row.away_worth / row.of_worth:.0f} % of its worth"
        moved = f"{tonnes(row.away)} of {tonnes(row.of)} come from elsewhere ({money(row.away_worth)}, {part})"
        lines += wrapped(f"{row.alternative}  {dearer or 'as cheap'}: {moved}", width, "  ", "   ")
        lines += wrapped(_who(found, int(row.alternative)), width, "     ", style="dim")
    if len(table) < wanted:
        lines += wrapped("There is no further one that differs by a thousandth of the worth or more.", width, "  ")
    return lines


def _alike(found: Alternatives) -> str:
    """Say why there is no different plan."""
    ranges = found.tables["ranges"]
    own = ranges[(ranges["lens"] == "supplier") & (ranges["tonnes"] > 0)]
    if len(own) and not own["material"].map(asked_for(found)).gt(0).any():
        return "Nothing that this plan buys has a price, so that there is nothing to tell plans apart by"
    return "No plan takes a thousandth of the worth of what this one buys away from where it buys it"


def asked_for(found: Alternatives) -> pd.Series[float]:
    """Return what is asked for a tonne of each material on average."""
    return found.plan.case["offers"].groupby("material")["price"].mean()


def _who(found: Alternatives, number: int) -> str:
    """Return who sells less and who more than in the plan that was asked about."""
    own = found.tables["differences"]
    own = own[own["alternative"] == number]
    sides = [("less from", own[own["change"] < 0]), ("more from", own[own["change"] > 0])]
    return " · ".join(f"{word} {_names(found, side)}" for word, side in sides if len(side))


def _names(found: Alternatives, side: pd.DataFrame) -> str:
    materials = named(found.plan.case["materials"], "material")
    worth = (side["change"].abs() * side["material"].map(asked_for(found)).fillna(0.0)).sort_values(
        ascending=False, kind="stable"
    )
    first = side.loc[worth.index[:SAID]]
    names = [
        f"{row.supplier} ({materials.get(row.material, row.material)}, {tonnes(abs(row.change))})"
        for row in each(first)
    ]
    return ", ".join([*names, *([f"{len(side) - SAID} more"] if len(side) > SAID else [])])
