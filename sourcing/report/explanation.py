"""Why a plan is as it is: sentences first, then the tables behind them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
from rich.text import Text

from sourcing.report.lines import columns, heading, wrapped
from sourcing.report.rows import records

if TYPE_CHECKING:
    from sourcing.reasons import Explanation

SHOWN = 12


def render_explanation(explanation: Explanation, width: int) -> Text:
    """Return the sentences of an explanation, then the first rows of each of its tables."""
    blocks = [[line for word in explanation.words for line in wrapped(word, width, "", "  ")]]
    blocks += [_table(name, table, width) for name, table in explanation.tables.items() if len(table)]
    return Text("\n\n").join(Text("\n").join(block) for block in blocks if block)


def explanation_as_json(explanation: Explanation) -> dict[str, Any]:
    """Return an explanation as plain values."""
    tables = {name: records(table) for name, table in explanation.tables.items()}
    said = {"words": list(explanation.words), "tables": tables}
    return {"explanation": said | ({"evidence": dict(explanation.evidence)} if explanation.evidence else {})}


def _table(name: str, table: pd.DataFrame, width: int) -> list[Text]:
    """Return a table under its name; a column of sentences is left to the words above, one of blanks is left out."""
    shown = table.drop(columns=[column for column in ("words", "node") if column in table]).head(SHOWN)
    shown = shown.dropna(axis="columns", how="all")
    align = "".join("r" if pd.api.types.is_numeric_dtype(shown[column]) else "l" for column in shown)
    rows = [[str(column).replace("_", " ") for column in shown]]
    rows += [[_cell(value) for value in row] for row in shown.itertuples(index=False)]
    lines = [heading(name.replace("_", " ").upper()), *map(Text, columns(rows, align, width))]
    if len(table) > SHOWN:
        lines.append(Text(f"  … {len(table) - SHOWN} more rows with --json"))
    return lines


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return "" if pd.isna(value) else f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return "" if value is None or value is pd.NaT else str(value)
