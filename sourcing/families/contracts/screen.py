"""What to do about contracts on the first day, and what the plan takes under each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.text import Text

from sourcing.parts import Block
from sourcing.report.figures import day, money, tonnes
from sourcing.report.lines import columns, heading, wrapped
from sourcing.report.names import named
from sourcing.report.rows import each

if TYPE_CHECKING:
    from sourcing.plan import Plan

SHOWN = 8
"""Contracts of the block; the rest is counted."""

_ORDER = ["sign", "leave", "signed", "not signed"]


def contracts(plan: Plan, width: int) -> list[Text]:
    """Return what is signed, left and taken, what is to be signed first; [] without contracts."""
    rows = plan.case["contracts"]
    if rows.empty:
        return []
    rows = _with_outcome(plan, rows)
    start = plan.question.horizon.first
    lines = [heading("CONTRACTS", f"signed or left on {day(start)}; tonnes within the horizon")]
    table = rows[rows["does"] != "not signed"]
    lines += [Text(text) for text in columns([_cells(plan, row) for row in each(table.head(SHOWN))], "lllrrr", width)]
    if len(table) > SHOWN:
        lines.append(Text(f"  … {len(table) - SHOWN} more in decisions.csv"))
    if others := ", ".join(rows.loc[rows["does"] == "not signed", "contract"]):
        lines += wrapped(f"not worth signing: {others}", width, "  ", "  ", style="dim")
    return lines


def _with_outcome(plan: Plan, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the contracts with ``since``, ``does``, ``called`` and ``unused`` (t), what is urgent first."""
    decided = plan.tables["decisions"]
    code = decided["key"].astype(str).str.split("|").str[0]
    by_name = decided["value"].groupby([decided["decision"], code]).sum()

    def amount(name: str) -> pd.Series[float]:
        found = by_name[by_name.index.get_level_values(0) == name].droplevel(0)
        return rows["contract"].map(found).fillna(0.0).astype(float)

    does = pd.Series("not signed", rows.index).mask(rows["signed"].astype(bool), "signed")
    does = does.mask(amount("sign") > 0.5, "sign").mask(amount("leave") > 0.5, "leave")
    since = rows["from"].fillna(pd.Timestamp(plan.question.horizon.first))
    found = rows.assign(since=since, does=does, called=amount("call"), unused=amount("untaken"))
    return found.sort_values("does", key=lambda column: column.map(_ORDER.index), kind="stable")


def _cells(plan: Plan, row: Any) -> list[str]:
    offers = plan.case["offers"]
    supplier, what = offers.loc[offers["offer"] == row.offer, ["supplier", "material"]].astype(str).iloc[0]
    name = f"{row.contract}: {supplier}, {named(plan.case['materials'], 'material').get(what, what)}"
    due = {"sign": row.fee + row.prepayment, "leave": row.exit_cost}.get(row.does, 0.0)
    said = {"sign": "to sign", "leave": "to leave"}.get(row.does, "")
    untaken = f"{tonnes(row.unused)} untaken" if row.unused > 0 else ""
    taken = f"{tonnes(row.called)} taken" if row.does != "leave" else ""
    return [row.does, name, f"from {day(row.since.date())}", taken, untaken, f"{money(due)} {said}" if due else ""]


BLOCK = Block(contracts, 24)
