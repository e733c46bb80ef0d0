"""What moved against the last plan, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from sourcing.parts import Block
from sourcing.report.figures import money, tonnes
from sourcing.report.lines import columns, heading, paragraph, wrapped
from sourcing.report.names import named
from sourcing.report.rows import each

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.plan import Plan

SHOWN = 6
"""Offers and destinations that are shown; the rest is counted and the file named."""


def what_moved(plan: Plan, width: int) -> list[Text]:
    """Return what is ordered more or less than in the last plan, by offer and destination, most first, and why.

    [] if there is no last plan.
    """
    moved = plan.tables.get("changes")
    if moved is None or (plan.case["last_orders"].empty and plan.case["change_terms"].empty):
        return []
    if moved.empty:
        return paragraph("MOVED", "nothing: every order is that of the last plan", width)
    lines, told = [heading("WHAT MOVED", _sum(plan, moved))], ""
    most = _by_way(moved)
    shown = list(each(most.head(SHOWN)))
    for text, row in zip(columns([_cells(row, plan) for row in shown], "llllrr", width), shown, strict=True):
        lines += [Text(text), *(wrapped(row.why, width, "    ", style="dim") if row.why != told else [])]
        told = row.why
    if len(most) > SHOWN:
        rest = most.iloc[SHOWN:]
        lines.append(Text(f"  … {rest['orders'].sum()} more in changes.csv ({tonnes(rest['size'].sum())})"))
    return lines


def _by_way(moved: pd.DataFrame) -> pd.DataFrame:
    """Return offer and destination with what is more and what is less in all periods, most first.

    The reason is that of the first order of those that are more if more is more than less, else of those that are less.
    """
    change, way = moved["change"], ["offer", "destination"]
    frame = moved.assign(more=change.clip(lower=0.0), less=-change.clip(upper=0.0), size=change.abs())
    sides = frame.groupby(way)[["more", "less"]].transform("sum")
    frame["why"] = frame["why"].where((change > 0) == (sides["more"] > sides["less"]))
    ways = frame.sort_values("node", kind="stable").groupby(way, as_index=False)
    found = ways.agg(
        **{name: (name, "first") for name in ("supplier", "material", "why")},
        **{name: (name, "sum") for name in ("more", "less", "size")},
        first=("period", "first"),
        last=("period", "last"),
        orders=("period", "size"),
    )
    return found.sort_values(["size", "offer", "destination"], ascending=[False, True, True])


def _sum(plan: Plan, moved: pd.DataFrame) -> str:
    change, cost = moved["change"], plan.tables["cost"]
    more, less = float(change[change > 0].sum()), float(-change[change < 0].sum())
    paid = float(cost.loc[cost["head"] == "changes", "amount"].sum())
    price = f", {money(paid)} for changes" if paid > 0 else ""
    orders = "1 order" if len(moved) == 1 else f"{len(moved)} orders"
    return f"against the last plan: {tonnes(more)} more and {tonnes(less)} less, in {orders}{price}"


def _cells(row: Any, plan: Plan) -> list[str]:
    materials, sites = named(plan.case["materials"], "material"), named(plan.case["sites"], "site")
    what, goes = materials.get(row.material, row.material), sites.get(row.destination, row.destination)
    span = row.first if row.orders == 1 else f"{row.first} to {row.last}"
    sides = [f"{sign}{tonnes(amount)}" if amount > 0 else "" for sign, amount in (("+", row.more), ("-", row.less))]
    return [row.supplier or row.offer, what, f"to {goes}", span, *sides]


BLOCK = Block(what_moved, 40, when_short=15)
