"""Whose what is used is, where a share is told: with lots kept apart, if all is one heap, and as it arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.report.figures import share
from sourcing.report.names import country, named
from sourcing.report.rows import each
from sourcing.report.sources import LENSES, counts_use, definitions

if TYPE_CHECKING:
    from typing import Any

    from sourcing.plan import Plan
    from sourcing.report.sources import Definitions, Shown

Whose = dict[str, dict[str, tuple[float, bool]]]
"""By line: its share in each year, and whether that is at the limit."""
OF_USE = "of what is used: lots kept apart, or all in one heap"
NEAR = 1e-6
SHOWN = 6
"""Sentences on what is used of limits that hold a plan; the rest is counted."""


def used(plan: Plan, defined: Definitions, shown: Shown) -> Whose:
    """Return a line for lots and one for the heap of every member whose share is at its limit, or over it as a heap."""
    table = plan.tables.get("use")
    if table is None:
        return {}
    about = {name: row for name, row in defined.items() if row[shown.counted] == shown.what and row["by"] in LENSES}
    rows = table[table["limit"].isin(list(about)) & (table["site"] == "") & table["heap"].notna()]
    lines: Whose = {}
    for (_, member), own in rows.groupby(["limit", "member"], sort=False):
        if any(map(_matters, each(own))):
            name = country(str(member)) if member else "all"
            lines |= _lines(name, own)
    return lines


def used_by_year(plan: Plan, shown: Shown) -> dict[str, Whose]:
    """Return by limit on use the lines of those of its members who matter, of limits that count what is shown."""
    of_use = {name: row for name, row in definitions(plan).items() if counts_use(row) and row["per"] == "year"}
    alike = {name: row for name, row in of_use.items() if (row["by"], row["stage"]) == (shown.lens, shown.stage)}
    found = {name: used(plan, {name: row}, shown) for name, row in alike.items()}
    return {name: lines for name, lines in found.items() if lines}


def held_of_use(plan: Plan) -> pd.DataFrame:
    """Return the rows of use.csv of limits on use that hold somebody, or would if all were one heap."""
    table = plan.tables.get("use")
    if table is None or table.empty:
        return pd.DataFrame(columns=["limit", "member", "window"])
    of_use = [name for name, row in definitions(plan).items() if counts_use(row)]
    rows = table[table["limit"].isin(of_use) & table["heap"].notna() & table["lots"].notna()]
    found: pd.DataFrame = rows[pd.Series([_matters(row) for row in each(rows)], rows.index, bool)]
    return found.reset_index(drop=True)


def use_words(plan: Plan) -> list[str]:
    """Say three figures of each of them: lots kept apart, one heap, arrived."""
    defined, materials = definitions(plan), named(plan.case["materials"], "material")
    rows = held_of_use(plan)
    words = [_sentence(row, defined[str(row.limit)], materials) for row in each(rows.head(SHOWN))]
    return words + ([f"… {len(rows) - SHOWN} more in use.csv"] if len(rows) > SHOWN else [])


def _sentence(row: Any, about: dict[str, str], materials: dict[str, str]) -> str:
    """Return "Of the NdPr used in 2029, 35 % is from China if lots are kept apart (limit 35 %), 45 % if …; 41 % …"."""
    what = about["element"] or materials.get(about["material"], about["material"])
    place = f" at {row.site}" if row.site else ""
    when = "over the horizon" if row.window == "horizon" else f"in {row.window}"
    who = country(str(row.member)) if row.member else "those counted"
    bound = f"at {'most' if row.sense == 'max' else 'least'} {share(row.value)} by {row.limit}"
    used = f"Of {f'the {what}' if what else 'what is'} used{place} {when}"
    came = "nothing arrives" if row.arrived != row.arrived else f"{share(row.arrived)} of what arrives"
    return (
        f"{used}, {share(row.lots)} is from {who} if lots are kept apart ({bound}), "
        f"{share(row.heap)} if all is mixed in one heap; {came}"
    )


def _lines(name: str, rows: pd.DataFrame) -> Whose:
    lots = {str(row.window)[:4]: (float(row.lots), _held(row, row.lots)) for row in each(rows) if row.lots == row.lots}
    heap = {str(row.window)[:4]: (float(row.heap), False) for row in each(rows)}
    return ({f"lots  {name}": lots} if lots else {}) | {f"heap  {name}": heap}


def _matters(row: Any) -> bool:
    """Return whether a limit holds a member in a window, or would if all were one heap."""
    beyond = row.heap - row.value if row.sense == "max" else row.value - row.heap
    return beyond > NEAR or _held(row, row.lots) or _held(row, row.arrived)


def _held(row: Any, share: float) -> bool:
    return bool(abs(share - row.value) <= NEAR)
