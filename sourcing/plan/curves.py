"""Folders of curves read back: what is drawn of a curve later is what was found then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.audit.shape import misshapen, wrong_columns
from sourcing.errors import Fault, QuestionError
from sourcing.plan.folder import MANIFEST, Kept
from sourcing.plan.store import read_plan, stored_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from sourcing.plan import Plan

    Columns = Mapping[str, Mapping[str, str]]

NO_CURVE = "PLAN-007"


def opened_curve(folder: Path, kinds: Sequence[str]) -> tuple[Kept, str]:
    """Return the folder of a curve and which of ``kinds`` its manifest says it is.

    Raises
    ------
    QuestionError : PLAN-007, it is of none of them, or its manifest is missing or cannot be read.
    """
    kept = Kept(folder, "the curve", NO_CURVE, "make it again: sourcing target, or sourcing frontier")
    manifest = kept.values(MANIFEST)
    kind = manifest.get("kind") if isinstance(manifest, dict) else None
    if not isinstance(kind, str) or kind not in kinds:
        fact = f"this is {'a plan' if kind is None else 'of another kind'}, and holds no curve"
        repair = "name a folder that sourcing target or sourcing frontier wrote"
        raise QuestionError([Fault(str(folder), fact, repair, NO_CURVE)])
    return kept, kind


def curve_tables(
    kept: Kept, manifest: Mapping[str, Any], columns: Columns, needed: Sequence[str]
) -> dict[str, pd.DataFrame]:
    """Return the tables that a curve's manifest lists.

    ``columns`` says of those that are drawn what their cells are; ``needed`` are those that have to be there, of which
    the first has to have rows.

    Raises
    ------
    QuestionError : PLAN-007, a table is missing or cannot be drawn.
    """
    tables = {name: stored_table(kept, name) for name in manifest["tables"]}
    wrong = next(_misshapen(tables, columns, needed), None)
    if wrong is not None:
        raise kept.refused(wrong)
    return tables


def curve_plan(kept: Kept, *names: str) -> Plan:
    """Return a plan of a curve: it knows what things are called, and that is all that a picture asks of it.

    Raises
    ------
    QuestionError : it cannot be read, or its tables are not those of a plan of its inputs.
    """
    plan = read_plan(kept.folder(*names))
    wrong = next(misshapen(plan.tables, plan.case.tables, plan.question.horizon.count_with_tail), None)
    if wrong is not None:
        raise kept.refused(f"{'/'.join(names)}: {wrong}")
    return plan


def _misshapen(tables: Mapping[str, pd.DataFrame], columns: Columns, needed: Sequence[str]) -> Iterator[str]:
    """Yield what keeps a table of a curve from being drawn."""
    for table, asked in columns.items():
        if table not in tables and table in needed:
            yield f"{table}.csv: {MANIFEST} does not list it among its tables"
        elif table in tables:
            wrong = wrong_columns(tables[table], asked)
            yield from (f"{table}.csv: {fact}" for fact in ([wrong] if wrong else []))
    if needed[0] in tables and tables[needed[0]].empty:
        yield f"{needed[0]}.csv: it has no rows"
