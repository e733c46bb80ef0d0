"""The orders to place in the first period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.text import Text

from sourcing.report.figures import day, money, tonnes, window
from sourcing.report.lines import columns, heading, paragraph, wrapped
from sourcing.report.names import named
from sourcing.report.rows import each

if TYPE_CHECKING:
    from sourcing.plan import Plan

SHOWN = 8
"""Rows of a block; the rest is counted and its file named."""
KILOGRAM = 0.001
"""Tonnes of a kilogram."""


def order_now(plan: Plan, width: int) -> list[Text]:
    """Return the purchases of the first period, most tonnes first."""
    bought = plan.tables["purchases"]
    now = bought[bought["node"] == 0].sort_values(["tonnes", "offer"], ascending=[False, True], kind="stable")
    if now.empty:
        return [*paragraph("ORDER NOW", " nothing: the first period needs no order.", width)]
    first, last = now["order_from"].min(), now["order_until"].max()
    since = "" if first == last else f"{day(first, year=first.year != last.year)} to "
    dated = "; by date in orders.csv" if "orders" in plan.tables else ""
    lines = [heading("ORDER NOW", f"{since}{day(last)}, at the supplier's price{dated}")]
    shown = now.head(SHOWN)
    table = columns(_cells(shown, plan), "lllrlr", width)
    for text, note in zip(table, _notes(shown, plan), strict=True):
        lines += [Text(text), *wrapped(note, width, "    ", style="dim")]
    if len(now) > SHOWN:
        rest = now.iloc[SHOWN:]
        lines.append(
            Text(f"  … {len(rest)} more in purchases.csv ({tonnes(rest.tonnes.sum())}, {money(rest.purchase.sum())})")
        )
    return lines


def small_orders(plan: Plan) -> str:
    """Say which orders are of less than is sensible for their material, and what rules them out; "" if none is."""
    table = plan.tables["orders"] if "orders" in plan.tables else plan.tables["purchases"]
    least = plan.case["materials"].set_index("material")["least_sensible"]
    table = table.assign(least=table["material"].map(least).to_numpy(float))
    if (small := table[(table["tonnes"] > 0) & (table["tonnes"] < table["least"])]).empty:
        return ""
    first = next(each(small.assign(part=small["tonnes"] / small["least"]).sort_values("part", kind="stable")))
    materials, sites = named(plan.case["materials"], "material"), named(plan.case["sites"], "site")
    what, goes = materials.get(first.material, first.material), sites.get(first.destination, first.destination)
    count = "1 order is" if len(small) == 1 else f"{len(small)} orders are"
    most = _weight(first.least) if small["least"].nunique() == 1 else "makes sense of their materials"
    return (
        f"{count} of less than {most}, the smallest {_weight(float(first.tonnes))} of {what} from {first.supplier} to "
        f"{goes}: nobody sends that. min_lot in offers.csv rules such orders out."
    )


def _weight(amount: float) -> str:
    """Return t as people call small weights: "a kilogram", "391 g", "20 kg", "1.5 t"."""
    if amount == KILOGRAM:
        return "a kilogram"
    if amount < KILOGRAM:
        return f"{1e6 * amount:,.0f} g" if amount >= 1e-6 else f"{1e6 * amount:.2g} g"
    value, unit = (1e3 * amount, "kg") if amount < 1 else (amount, "t")
    return f"{value:,.1f}".removesuffix(".0") + f" {unit}"


def _cells(rows: pd.DataFrame, plan: Plan) -> list[list[str]]:
    materials, sites = named(plan.case["materials"], "material"), named(plan.case["sites"], "site")
    places = rows.groupby("supplier")["site"].nunique()
    several = plan.tables["purchases"]["destination"].nunique() > 1
    cells = []
    for row in each(rows):
        seller = row.supplier if places[row.supplier] == 1 else f"{row.supplier}, {sites.get(row.site, row.site)}"
        what = materials.get(row.material, row.material)
        goes = f"to {sites.get(row.destination, row.destination)}" if several else ""
        arrives = window(row.arrives_from, row.arrives_until)
        cells.append([seller, what, goes, tonnes(row.tonnes), f"arrives {arrives}", money(row.purchase)])
    return cells


def _notes(rows: pd.DataFrame, plan: Plan) -> list[str]:
    """Say what holds each order up, an export licence or an arrival after the horizon, and what a contract prices."""
    lead, calls = plan.case["offers"].set_index("offer")["lead_days"], _called_off(plan)
    notes = []
    for row in each(rows):
        total = (row.arrives_from - row.order_from).days
        waits = total - lead.get(row.offer, 0.0) - _transit(row, plan.case["lanes"])
        said = []
        if waits >= 1:
            first, there = day(row.order_from, year=False), day(row.arrives_from)
            said.append(
                f"{_waited_for(row, plan)} {waits:.0f} of {total} days: ordered on {first} it arrives on {there}"
            )
        if row.late_tonnes > 0:
            said.append(f"{tonnes(row.late_tonnes)} arrive after the horizon")
        called = calls[(calls["offer"] == row.offer) & (calls["to"] == f"{row.destination}|{row.mode}")]
        said += [f"{tonnes(call.tonnes)} of it under {call.contract}, at its price" for call in each(called)]
        notes.append("; ".join(said))
    return notes


def _waited_for(row: Any, plan: Plan) -> str:
    """Return what keeps the first of an order: an export licence, closed days, weekends, or several of them."""
    closures, offers, orders = plan.case["closures"], plan.case["offers"], plan.tables.get("orders")
    rests = (offers.loc[offers["offer"] == row.offer, "days"] == "working").any()
    if (closures.empty and not rests) or orders is None:
        return "export licence"
    closed = ((closures["from"] < row.arrives_from) & (closures["until"] > row.order_from)).any()
    mine = orders[(orders["offer"] == row.offer) & (orders["destination"] == row.destination)]
    reasons = (("export licence", mine["apply_by"].notna().any()), ("closed days", closed), ("weekends", rests))
    return " and ".join(words for words, holds in reasons if holds) or "waiting"


def _called_off(plan: Plan) -> pd.DataFrame:
    """Return what is called off in the first period: contract, offer, to (destination|mode), tonnes."""
    if plan.case["contracts"].empty:
        return pd.DataFrame(columns=["contract", "offer", "to", "tonnes"])
    decided = plan.tables["decisions"]
    calls = decided[(decided["decision"] == "call") & (decided["node"] == 0) & (decided["value"] > 0)]
    parts = calls["key"].astype(str).str.split("|", n=1)
    contract, agreed = parts.str[0], plan.case["contracts"].set_index("contract")["offer"]
    return pd.DataFrame(
        {"contract": contract, "offer": contract.map(agreed), "to": parts.str[1], "tonnes": calls["value"]}
    )


def _transit(row: Any, lanes: pd.DataFrame) -> float:
    """Return the days under way; the lane of the material itself goes before the lane for any material."""
    here = lanes[
        (lanes["origin"] == row.site)
        & (lanes["destination"] == row.destination)
        & (lanes["mode"] == row.mode)
        & lanes["material"].isin([row.material, ""])
    ]
    return float(here.sort_values("material")["transit_days"].iloc[-1]) if len(here) else 0.0
