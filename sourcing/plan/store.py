"""Write a plan into a folder, all of it or nothing, and read it back."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TextIO

import numpy as np
import pandas as pd

from sourcing.errors import Fault, QuestionError
from sourcing.plan import SCHEMA, Plan
from sourcing.plan.carried import HERE, carried, question_carried
from sourcing.plan.certificate import write_certificate
from sourcing.plan.folder import MANIFEST, Kept, Misread, table_text
from sourcing.plan.shape import LATER, MEANT, Manifest, Places
from sourcing.question import Question
from sourcing.question.horizon import NOTHING
from sourcing.tables import read_case, write_case
from sourcing.tables.csv_cells import bared, write_csv

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping
    from pathlib import Path

    from sourcing.tables import Case

CODES: dict[str, str] = {
    "PLAN-001": "no plan yet",
    "PLAN-002": "no plan of this name",
    "PLAN-003": "folder that is no plan, or cannot be read",
    "PLAN-004": "no such offer in the plan",
    "PLAN-005": "no such material, site or period in the plan, or nothing of it there then",
    "PLAN-006": "plan that has nothing to draw",
    "PLAN-007": "no curve yet",
}
"""Every code of a fault in what is asked of a plan; a code never changes its meaning."""
_OTHERS = {
    "target": ("this is a curve, with a plan at each of its points", "one of those in {folder}/points"),
    "frontier": ("this is a frontier, with a plan at each of its points", "one of those in {folder}"),
    "alternatives": ("these are ranges, with different plans beside them", "one of those in {folder}"),
    "tornado": ("this is a tornado, and holds no plan", "the plan that it is about: {plan}"),
    "decide": ("these are decide-by dates, and no plan", "the plan that they are about: {plan}"),
}
"""Folders that are no plans, by the kind in their manifest: what they are, and which plan to name instead."""
_DATES = ("_from", "_until")
_DAYS = (
    *("order_on", "apply_by", "ship_on", "arrive_on", "last_safe_date"),
    *("on", "first_empty", "first_below", "first_wait"),
    *("decide_by", "needed_on"),
)
"""Columns of dates: by how their names end, and by name."""
_TEXT = (
    *("offer", "supplier", "site", "country", "material", "origin", "destination", "mode", "period", "process", "head"),
    *("what", "stage", "lens", "group", "limit", "measure", "sense", "by", "member", "window"),
    *("rule", "block", "key", "subject", "unit", "together", "words", "decision", "why", "kind", "lot"),
    *("shipped_from", "made_in", "enters", "fills_up", "grows", "leaves", "contract", "option"),
)


def write_plan(plan: Plan, folder: Path) -> None:
    """Write the tables as CSV, everything as plan.json, the audit, and the inputs after edits; no manifest yet."""
    for name, table in plan.tables.items():
        write_csv(table, folder / f"{name}.csv")
    write_case(plan.case, folder / "inputs")
    (folder / "inputs" / "question.json").write_text(question_carried(plan.question), "utf-8")
    (folder / "inputs" / "places.json").write_text(json.dumps(_places(plan.case), indent=1), "utf-8")
    (folder / "audit.json").write_text(json.dumps(plan.manifest["audit"], allow_nan=False, indent=1), "utf-8")
    if plan.certificate is not None:
        write_certificate(plan.certificate, folder)
    content = {"schema": SCHEMA, "manifest": carried(plan.manifest), "tables": records(plan.tables)}
    (folder / "plan.json").write_text(json.dumps(content, allow_nan=False, default=str), "utf-8")


def write_manifest(manifest: Mapping[str, Any], folder: Path) -> None:
    """Write the manifest, last of all, when the seconds of writing are known too."""
    (folder / MANIFEST).write_text(json.dumps(carried(manifest), allow_nan=False, indent=1, default=str), "utf-8")


def records(tables: Mapping[str, pd.DataFrame]) -> dict[str, list[dict[Hashable, Any]]]:
    """Return tables as plain values: dates as text, blanks as None."""
    plain = {}
    for name, table in tables.items():
        dated = [str(name) for name in table if pd.api.types.is_datetime64_any_dtype(table[name])]
        texts = {name: table[name].dt.strftime("%Y-%m-%d") for name in dated}
        frame = table.assign(**texts).astype(object)
        plain[name] = frame.where(frame.notna(), None).to_dict("records")
    return plain


def read_plan(folder: Path, known: Case | None = None) -> Plan:
    """Return a stored plan; columns that earlier versions did not write are blank.

    Tables of its inputs that read as those of a ``known`` case were checked there.

    Raises
    ------
    QuestionError : PLAN-003 if it is no plan, or a file is missing, lies elsewhere or is not what it should be.
    DataError : what is wrong with its inputs.
    """
    kept = Kept(folder)
    given = kept.values(MANIFEST)
    _refuse_others(given, folder)
    kept.shaped(MANIFEST, Manifest)
    tables = {name: stored_table(kept, name) for name in given["tables"]}
    question = kept.shaped("inputs/question.json", Question)
    places = kept.shaped("inputs/places.json", Places).root
    case = _placed(_meant(read_case(kept.folder("inputs"), known), kept), given["case"], places)
    told = {"tail": question.horizon.tail or 0, "within": question.horizon.within or NOTHING}  # blank: older than these
    horizon = question.horizon.model_copy(update=told)
    return Plan(tables, given, case, question.model_copy(update={**dict.fromkeys(HERE), "horizon": horizon}), folder)


def stored_table(kept: Kept, name: str) -> pd.DataFrame:
    """Return one table of a stored plan or curve.

    Raises
    ------
    QuestionError : it cannot be read.
    """
    file = f"{name}.csv"
    content = kept.content(file)
    try:
        table = read_table(io.StringIO(table_text(content)))
    except Misread as error:
        raise kept.refused(f"{file}: {error}") from error
    return table.assign(**{column: blank for column, blank in LATER.get(name, {}).items() if column not in table})


def _refuse_others(manifest: Any, folder: Path) -> None:
    kind = manifest.get("kind") if isinstance(manifest, dict) else None
    if isinstance(kind, str) and kind in _OTHERS:
        fact, plans = _OTHERS[kind]
        repair = f"name {plans.format(folder=folder, plan=manifest.get('plan'))}"
        raise QuestionError([Fault(str(folder), fact, repair, "PLAN-003")])


def _places(case: Case) -> dict[str, list[str]]:
    """Return for every row of every table, in order, where it came from: a file's row or a line of the question."""
    return {name: [case.place(name, int(row)) for row in frame["row"]] for name, frame in case.tables.items()}


def _meant(case: Case, kept: Kept) -> Case:
    """Return the inputs of a plan, with what they meant in columns that an earlier version had not."""
    tables: dict[str, pd.DataFrame] = {}
    for name, columns in MEANT.items():
        if len(case.tables[name]):
            header = kept.content(f"inputs/{name}.csv").decode("utf-8", "replace").partition("\n")[0].strip().split(",")
            unsaid = {column: meant for column, meant in columns.items() if column not in header}
            tables |= {name: case.tables[name].assign(**unsaid)} if unsaid else {}
    return case.replace(tables) if tables else case


def _placed(case: Case, name: str, places: Mapping[str, list[str]]) -> Case:
    """Return a stored case with its own name, whose rows know the places they first came from."""
    first = {table: sum(map(len, list(places.values())[:at])) for at, table in enumerate(places)}
    tables = {
        table: frame.assign(row=-1 - first[table] - np.arange(len(frame)))
        for table, frame in case.tables.items()
        if table in places and len(frame) == len(places[table])
    }
    added = tuple(place for rows in places.values() for place in rows)
    return replace(case.replace(tables), name=name, added=added)


def read_table(source: Path | TextIO) -> pd.DataFrame:
    """Return one plan table from its file or its text.

    Raises
    ------
    Misread : it is no table of a plan.
    """
    try:
        table = pd.read_csv(source, keep_default_na=False, na_values=[""], dtype=dict.fromkeys(_TEXT, "str"))
    except (ValueError, OverflowError) as error:
        raise Misread("its rows are not as long as its header, or its double quotes do not match") from error
    if not isinstance(table.index, pd.RangeIndex):
        raise Misread("its rows are longer than its header")
    for column in table:
        if (str(column).endswith(_DATES) or column in _DAYS) and column not in _TEXT:
            try:
                table[column] = pd.to_datetime(table[column], format="%Y-%m-%d")
            except (ValueError, TypeError, OverflowError) as error:
                raise Misread(f"{column} holds what is no date") from error
        elif table[column].dtype.kind not in "biufM":
            table[column] = bared(table[column])
        if str(column) in _TEXT:
            table[column] = table[column].fillna("")
    return table
