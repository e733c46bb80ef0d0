"""Concentration on the screen: how mixed what arrives is, where the question limits that, and how to read it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.measures import measures, measures_that
from sourcing.parts import Block
from sourcing.report.lines import heading, wrapped
from sourcing.report.rows import each

if TYPE_CHECKING:
    import pandas as pd
    from rich.text import Text

    from sourcing.plan import Plan

WINDOWS = 6
"""Windows of a limit that are shown; those with the highest index if there are more."""
MARK = "■"
HELP = (
    "To read an HHI: n equal sources have 1/n. For markets, not for plans, competition authorities speak of high "
    "concentration above 0.18 and of a moderate one from 0.10 (United States), and see no concern below 0.10 and, "
    "where a merger adds little, below 0.20 (European Union)."
)
"""U.S. Department of Justice and Federal Trade Commission, Merger Guidelines (2023), guideline 1, and the department's
page on the index; European Commission, Guidelines on the assessment of horizontal mergers, OJ C 31, 5.2.2004, 19-20."""


def concentration(plan: Plan, width: int) -> list[Text]:
    """Return a line or two for each limit on concentration; [] where there is none."""
    table = plan.tables["limits"]
    table = table[table["measure"].isin(measures_that(lambda measure: measure.kind == "index"))]
    if table.empty:
        return []
    lines = [heading("CONCENTRATION")]
    for name, rows in table.groupby("limit", sort=True):
        lines += wrapped(_said(str(name), rows), width, "  ", "    ")
    if (table["measure"] == "hhi").any():
        lines += wrapped(HELP, width, "  ", "  ", style="dim")
    return lines


def _said(name: str, rows: pd.DataFrame) -> str:
    """Return "one-mix: HHI by country at most 0.3; 2029 0.30 ■, as 3.3 equal sources; 2030 …"."""
    first = rows.iloc[0]
    by = str(first["by"]).replace("_", " ")
    head = f"{name}: {measures()[str(first['measure'])].words} by {by} at most {first['value']:.3g}"
    filled = rows[rows["actual"].notna()]
    if filled.empty:
        return f"{head}; nothing that it counts arrives"
    shown = filled if len(filled) <= WINDOWS else filled.nlargest(WINDOWS, "actual")
    parts = [_window(row) for row in each(shown.sort_values("node"))]
    rest = len(filled) - len(shown)
    return "; ".join([head, *parts, *([f"{rest} lower ones in limits.csv"] if rest else [])])


def _window(row: Any) -> str:
    held = f" {MARK}" if row.binds else ""
    alike = f", as {1 / row.actual:.1f} equal sources" if row.measure == "hhi" and row.actual > 0 else ""
    return f"{row.window} {row.actual:.3f}{held}{alike}"


BLOCK = Block(concentration, 52, by_country=True)
