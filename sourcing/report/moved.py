"""What moved against the last plan, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from sourcing.report.figures import money, tonnes
from sourcing.report.lines import columns, heading, paragraph, wrapped
from sourcing.report.names import named
from sourcing.report.rows import each

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.plan import Plan

SHOWN = 6
"""Orders that are shown; the rest is counted and its file named."""


def what_moved(plan: Plan, width: int) -> list[Text]:
    """Return the orders that differ most from the last plan's, with the reason of each; [] if there is no last plan."""
    moved = plan.tables.get("changes")
    if moved is None or (plan.case["last_orders"].empty and plan.case["change_terms"].empty):
        return []
    if moved.empty:
        return paragraph("MOVED", "nothing: every order is that of the last plan", width)
    lines, told = [heading("WHAT MOVED", _sum(plan, moved))], ""
    by = {"size": False, "offer": True, "destination": True, "mode": True, "node": True}
    most = moved.assign(size=moved["change"].abs()).sort_values(list(by), ascending=list(by.values()))
    shown = list(each(most.head(SHOWN)))
    for text, row in zip(columns([_cells(row, plan) for row in shown], "llllrr", width), shown, strict=True):
        lines += [Text(text), *(wrapped(row.why, width, "    ", style="dim") if row.why != told else [])]
        told = row.why
    if len(most) > SHOWN:
        rest = most.iloc[SHOWN:]
        lines.append(Text(f"  … {len(rest)} more in changes.csv ({tonnes(rest['size'].sum())})"))
    return lines


def _sum(plan: Plan, moved: pd.DataFrame) -> str:
    change = moved["change"]
    more, less = float(change[change > 0].sum()), float(-change[change < 0].sum())
    cost = plan.tables["cost"]
    paid = float(cost.loc[cost["head"] == "changes", "amount"].sum())
    price = f", {money(paid)} for changes" if paid > 0 else ""
    orders = "1 order" if len(moved) == 1 else f"{len(moved)} orders"
    return f"against the last plan: {tonnes(more)} more and {tonnes(less)} less, in {orders}{price}"


def _cells(row: Any, plan: Plan) -> list[str]:
    materials, sites = named(plan.case["materials"], "material"), named(plan.case["sites"], "site")
    what, goes = materials.get(row.material, row.material), sites.get(row.destination, row.destination)
    change = f"{'+' if row.change > 0 else '-'}{tonnes(abs(row.change))}"
    ordered = f"{tonnes(row.last)} to {tonnes(row.now)}"
    return [row.supplier or row.offer, what, f"to {goes}", row.period, ordered, change]
