"""Decide-by dates as one screen: what has to be decided first, and what missing it costs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.text import Text

from sourcing.daily.options import CONTRACT, LICENCE, QUOTATION
from sourcing.report.after_horizon import of_the_whole
from sourcing.report.figures import day, money, tonnes
from sourcing.report.given_up import away
from sourcing.report.lines import columns, cut, heading, paragraph, wrapped
from sourcing.report.rows import each, records
from sourcing.studies.decide.found import NO_PLAN, SOLVED, UNTRIED

if TYPE_CHECKING:
    from sourcing.studies.decide.found import Decisions

SHOWN = 20
"""Options that are shown; the table has all of them."""
NOTHING, UNFORESEEN = "nothing", "unforeseen_"


def render_decisions(found: Decisions, width: int = 100) -> Text:
    """Return the screen of ``sourcing decide``, at most ``width`` cells wide."""
    table = found.tables["decide"]
    blocks = [
        wrapped(str(found.manifest["question"]), width, style="bold"),
        _first(table, width),
        _list(table, width),
        [*_together(found, width), *_said(found, width)],
        _next(found, width),
    ]
    return Text("\n\n").join(Text("\n").join(block) for block in blocks if block)


def decisions_as_json(found: Decisions) -> dict[str, Any]:
    """Return the answer as plain values."""
    plain = {name: records(table) for name, table in found.tables.items()}
    folder = str(found.folder) if found.folder else None
    return {"decide": {"folder": folder}, "manifest": found.manifest, "tables": plain}


def _first(table: pd.DataFrame, width: int) -> list[Text]:
    """Say what has to be decided first of what costs something to miss."""
    if table.empty:
        return wrapped(
            "Nothing has to be decided but the orders themselves: the plan takes up no approval, contract, export "
            "licence, quotation or facility.",
            width,
        )
    costs = table[table["useful_until"].notna()]
    if costs.empty and (table["never_status"] == UNTRIED).any():
        return wrapped("There was no time for every option; allow more with --time-limit.", width)
    if costs.empty:
        return wrapped("No option of this plan costs anything to miss: something else is as good.", width)
    row = next(each(costs))
    never = said(row.never_status, row.never_short, row.never_more)
    return wrapped(f"First to decide: {row.words}, by {day(row.decide_by)}; without it: {never}.", width)


def _list(table: pd.DataFrame, width: int) -> list[Text]:
    """Return two lines for each option, the first to be decided first."""
    if table.empty:
        return []
    lines = [heading("DECIDE BY", "and what it costs never to: beside the best plan, all else planned anew")]
    rows = list(each(table.head(SHOWN)))
    cells = [[day(row.decide_by), row.words, said(row.never_status, row.never_short, row.never_more)] for row in rows]
    for text, row in zip(columns(cells, "llr", width), rows, strict=True):
        lines += [Text(text), *wrapped(_terms(row), width, "    ", style="dim")]
    if len(table) > SHOWN:
        lines.append(Text(f"  … {len(table) - SHOWN} more in decide.csv"))
    return lines


def said(status: str, short: float, more: float) -> str:
    """Return what missing an option costs, shortage first: "3 t short, USD 1.2 M", "nothing" or "no plan"."""
    if status != SOLVED:
        return status
    parts = [
        f"{tonnes(abs(short))} {'short' if short > 0 else 'less short'}" if short else "",
        money(more) if more else "",
    ]
    return ", ".join(part for part in parts if part) or NOTHING


def _terms(row: Any) -> str:
    """Return for what it is needed, what a period later costs, and until when it is of any use."""
    amount, first = f"for {tonnes(row.tonnes)}" if row.tonnes > 0 else "", day(row.needed_on)
    ordered = f"{amount} ordered from {first} on"
    needs = {LICENCE: ordered, QUOTATION: ordered, CONTRACT: f"{amount} called off"}
    parts = [needs.get(row.kind, f"needed on {first} {amount}").strip()]
    parts.append(f"{money(row.cost)} to take up" if row.cost else "")
    if pd.notna(row.useful_until):
        is_of_use = pd.notna(row.later) and row.useful_until > row.decide_by
        cost = said(row.later_status, row.later_short, row.later_more)
        instead = (
            f"nothing ordered before {day(row.later)}"
            if row.kind in {LICENCE, QUOTATION}
            else f"by {day(row.later)} instead"
        )
        parts.append(f"{instead}: {cost}" if is_of_use else "of no use later")
        parts.append(_unforeseen(row))
        parts.append(f"of no use after {day(row.useful_until)}" if is_of_use and row.ends else "")
    return "; ".join(part for part in parts if part)


def _unforeseen(row: Any) -> str:
    """Return what it costs whoever finds out on the day; "" where that is the same."""
    later, never = (_said_of(row, f"{UNFORESEEN}{when}") for when in ("later", "never"))
    if (later, never) == tuple(_said_of(row, when) for when in ("later", "never")):
        return ""
    return f"found out on the day: {never if later == never else f'{later}, never {never}'}"


def _said_of(row: Any, when: str) -> str:
    return said(*(getattr(row, f"{when}_{name}") for name in ("status", "short", "more")))


def _together(found: Decisions, width: int) -> list[Text]:
    together = found.manifest["together"]
    if together is None:
        return []
    words = said(together["status"], together["short"], together["more"])
    apart = found.tables["decide"]["never_more"].sum()
    more = together["status"] != NO_PLAN and together["more"] > apart * (1 + 1e-6)
    rest = ": more than one by one, because they stand in for one another" if more else ""
    return paragraph("ALL", f"without any of these: {words}{rest}", width)


def _said(found: Decisions, width: int) -> list[Text]:
    manifest, question = found.manifest, found.plan.question
    solves = manifest["solves"]
    if not solves:
        return []
    tried = (
        f"{solves} plans solved and audited: one option missed at a time, all else planned anew from the first day; "
        "found out on the day: the orders of the periods before it stand"
    )
    lines = paragraph("TRIED", tried, width)
    lines += paragraph("WHOLE", whole, width) if (whole := of_the_whole(question)) else []
    if (found.tables["misses"]["status"] == NO_PLAN).any():
        why = ": it allows no shortage" if question.objective.shortage == "none" else ""
        lines += paragraph("NO PLAN", f"none keeps all rules of the question without that option{why}", width)
    lines += away(manifest["given_up"], "given up by the plan, and here", width)
    return lines + (paragraph("NOTE", manifest["not_best"], width) if manifest["not_best"] else [])


def _next(found: Decisions, width: int) -> list[Text]:
    place = f"Tables in {found.folder} · " if found.folder else ""
    of = str(found.manifest["plan"] or found.manifest["name"])
    return wrapped(f"{place}next: sourcing explain {cut(of, 60)}", width)
