"""Ask a question of a case: its edits and limits applied to the tables, and the tables checked again."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from sourcing.errors import Fault, QuestionError
from sourcing.presets import load_preset
from sourcing.presets.limits import closures_of, elements_of, rows_of
from sourcing.question.load import checked
from sourcing.question.where import resolve
from sourcing.tables.case import explicit
from sourcing.tables.cells import read_column, with_default
from sourcing.tables.checks import check
from sourcing.tables.dictionary import REQUIRED_TABLES, Column, column_dictionary
from sourcing.tables.numbers import LARGEST
from sourcing.tables.parse import parse_sheet
from sourcing.tables.problems import Problem, did_you_mean, listed
from sourcing.tables.readers import Sheet
from sourcing.tables.tally import Told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sourcing.question.schema import Edit, Question
    from sourcing.tables.case import Case

PERCENT = re.compile(r"([+-]\d+(?:\.\d+)?)\s*%")
RELATIVE = re.compile(r"([x+-])\s*(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)")

Value = bool | int | float | str


@dataclass
class Draft:
    """The case while it is edited.

    ``added`` holds the places of rows that the question brings, ``touched`` the edit that last changed a row of a file.
    """

    case: Case
    tables: dict[str, pd.DataFrame]
    added: list[str] = field(default_factory=list)
    touched: dict[tuple[str, int], str] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def place(self, problem: Problem) -> str:
        """Return where a reader finds the cause of a problem: the edit or limit if one touched the row."""
        column = f", {problem.column}" if problem.column else ""
        if problem.row < 0:
            return self.added[-problem.row - 1] + column
        edit = self.touched.get((problem.table, problem.row))
        if edit:
            return f"{edit}{column} ({self.case.place(problem.table, problem.row)})"
        return self.case.place(problem.table, problem.row, problem.column)


def apply(question: Question, case: Case) -> Case:
    """Return the case with the question's edits made and its limits added, checked again.

    A limit of the question replaces a limit of the tables with the same name.

    Raises
    ------
    QuestionError : everything the edits and limits break, placed in the question's file.
    """
    question = checked(question, with_case=False)
    draft = Draft(case, dict(case.tables), list(case.added))
    for edit, place in zip(question.edits, _places(question.edit_places, question, "edits"), strict=True):
        _edit(draft, edit, place)
    draft.faults += _preset_limits(draft, question)
    names = [limit.get("limit") for limit in question.limits]
    draft.tables["limits"] = draft.tables["limits"][~draft.tables["limits"]["limit"].isin(names)]
    if question.limits:
        _add(draft, "limits", question.limits, _places(question.limit_places, question, "limits"))
    draft.tables["limits"] = case.known("limits", explicit(draft.tables["limits"]), "asked")
    problems = check(draft.tables, column_dictionary(), Told(), set(), case.memory)
    problems += [
        Problem(name, 0, "", "the edits leave no row in the table", "keep or add a row", "DATA-118")
        for name in REQUIRED_TABLES
        if draft.tables[name].empty
    ]
    if question.objective.shortage == "priced":
        problems += _unpriced(draft.tables)
    draft.faults += _unlimited(draft, question)
    found = [_fault(draft, problem) for problem in problems]
    told = {fault.place for fault in draft.faults}  # a cell that cannot be read is blank from then on
    faults = draft.faults + [each for each in found if not (each.code == "DATA-108" and each.place in told)]
    if faults:
        raise QuestionError(list(dict.fromkeys(faults)))
    changed = {name: frame for name, frame in draft.tables.items() if frame is not case.tables[name]}
    return replace(case.replace(changed), added=tuple(draft.added))


def _preset_limits(draft: Draft, question: Question) -> list[Fault]:
    """Add limits and closures of the question's presets; return a fault for each that the case has nothing for."""
    faults = []
    for name in question.presets:
        preset = load_preset(name)
        rows = rows_of(preset, replace(draft.case, tables=draft.tables))
        closures, closed_at = closures_of(preset)
        if closures:
            _add(draft, "closures", closures, closed_at)
        if preset.requirements and not preset.covered(elements_of(draft.case)):
            fact = f"{preset.name} speaks of {listed(preset.covers)}, and the case holds none of them"
            place = f"{question.name or 'question'}.toml, presets"
            faults.append(Fault(place, fact, "take it out of presets", "QUESTION-217"))
        for table, added in (("groups", rows.groups), ("limits", rows.limits)):
            places = rows.places if table == "limits" else [f"{preset.name}.toml groups"] * len(added)
            if added:
                _add(draft, table, added, places)
    return faults


def _places(places: Sequence[str], question: Question, name: str) -> list[str]:
    """Return the places, made up for a question that was written in Python and not read from a file."""
    count = len(question.edits if name == "edits" else question.limits)
    return list(places) or [f"{question.name or 'question'} {name} #{number + 1}" for number in range(count)]


def _fault(draft: Draft, problem: Problem) -> Fault:
    repair = problem.repair
    if problem.row >= 0 and (problem.table, problem.row) not in draft.touched:
        repair += " (the tables alone are sound: an edit or limit of the question leads to this)"
    return Fault(draft.place(problem), problem.fact, repair, problem.code, problem.count)


def _edit(draft: Draft, edit: Edit, place: str) -> None:
    if edit.add is not None:
        places = [f"{place} row {number}" for number in range(1, len(edit.add) + 1)]
        _add(draft, edit.table, edit.add, places)
        return
    chosen = _chosen(draft, edit, place)
    if chosen is None:
        return
    frame = draft.tables[edit.table]
    if edit.remove:
        draft.tables[edit.table] = frame[~chosen].reset_index(drop=True)
        return
    frame = frame.copy()
    for name, value in (edit.set or {}).items():
        column = column_dictionary().columns(edit.table)[name]
        _set(draft, frame, (column, value), chosen, f"{place}, set.{name}")
    draft.tables[edit.table] = frame
    draft.touched.update({(edit.table, int(row)): place for row in frame.loc[chosen, "row"]})


def _add(draft: Draft, table: str, rows: Sequence[Mapping[str, Value]], places: list[str]) -> None:
    header = tuple(dict.fromkeys(name for row in rows for name in row))
    cells = tuple(tuple(as_text(row.get(name, "")) for name in header) for row in rows)
    numbers = tuple(-number - 1 for number in range(len(draft.added), len(draft.added) + len(rows)))
    draft.added += places
    parsed = parse_sheet(Sheet(table, places[0] if places else "", header, cells, numbers), column_dictionary())
    draft.faults += [_fault(draft, problem) for problem in parsed.problems.listed() if problem.row < 0]
    both = [frame for frame in (draft.tables[table], parsed.frame) if len(frame)]
    draft.tables[table] = pd.concat(both, ignore_index=True) if both else parsed.frame


def _chosen(draft: Draft, edit: Edit, place: str) -> pd.Series | None:
    """Return which rows an edit is about, None (and a fault) if there are none."""
    frame = draft.tables[edit.table]
    chosen = pd.Series(True, index=frame.index)
    for key, values in edit.conditions.items():
        reading = resolve(edit.table, key, column_dictionary())[0]
        column, series = _looked_up(draft, edit.table, reading)
        wanted, bad = read_column(column, [as_text(value) for value in values])
        if bad:
            draft.faults += [Fault(f"{place}, where.{key}", cell.fact, cell.repair, cell.code) for cell in bad]
            return None
        hit = series.isin(wanted.dropna()) | (series.isna() & bool(wanted.isna().any()))
        if not hit.any():
            shown = " or ".join(f"'{as_text(value)}'" for value in values)
            otherwise = f"see the {key} of {edit.table}"
            repair = did_you_mean(as_text(values[0]), {str(one) for one in series}, otherwise) if values else otherwise
            fact = f"no row of {edit.table} has {key} {shown}"
            draft.faults.append(Fault(f"{place}, where", fact, repair, "QUESTION-210"))
            return None
        chosen &= hit
    if chosen.any():
        return chosen
    fact = f"no row of {edit.table} matches all of it"
    draft.faults.append(Fault(f"{place}, where", fact, "leave out a condition", "QUESTION-210"))
    return None


def _looked_up(draft: Draft, table: str, reading: tuple[str, ...]) -> tuple[Column, pd.Series]:
    dictionary = column_dictionary()
    frame, own = draft.tables[table], dictionary.columns(table)[reading[0]]
    if len(reading) == 1:
        return own, frame[own.name]
    target = own.refers_to[0]
    values = draft.tables[target].drop_duplicates(dictionary.key(target)[0]).set_index(dictionary.key(target)[0])
    return dictionary.columns(target)[reading[1]], frame[own.name].map(values[reading[1]])


def _set(draft: Draft, frame: pd.DataFrame, change: tuple[Column, Value], chosen: pd.Series, place: str) -> None:
    column, value = change
    relative = RELATIVE.fullmatch(value) if column.is_number and isinstance(value, str) else None
    if relative:
        old = frame.loc[chosen, column.name]
        if old.isna().any():
            row = int(frame.loc[old.index[old.isna()][0], "row"])
            fact = f"{column.name} is blank in {draft.case.place(column.table, row)}, so there is nothing to change"
            draft.faults.append(Fault(place, fact, "narrow where, or set a number", "QUESTION-212"))
        by = float(relative[2])
        new = old * by if relative[1] == "x" else old + by if relative[1] == "+" else old - by
        if by > LARGEST or (new.abs() > LARGEST).any():
            fact = f"it makes {column.name} larger than anything that can be bought"
            draft.faults.append(Fault(place, fact, "write a smaller change", "DATA-110"))
            return
        frame.loc[chosen, column.name] = new
        return
    text = as_text(value)
    series, bad = read_column(column, [text])
    if bad:
        part = PERCENT.fullmatch(text) if column.is_number else None
        repair = f'write "x{1 + float(part[1]) / 100:g}" for {text}' if part else ""
        draft.faults += [Fault(place, cell.fact, repair or cell.repair, cell.code) for cell in bad]
        return
    frame.loc[chosen, column.name] = with_default(column, series, [text]).iloc[0]


def _unpriced(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    priced = tables["materials"].set_index("material")["shortage_cost"]
    demand = tables["demand"]
    blank = demand[demand["shortage_cost"].isna() & demand["material"].map(priced).isna() & (demand["quantity"] > 0)]
    fact = "shortage is priced, but neither this row nor its material has a shortage_cost"
    repair = 'fill in shortage_cost in demand.csv or materials.csv, or write shortage = "least"'
    return [Problem("demand", int(row), "shortage_cost", fact, repair, "DATA-136") for row in blank["row"]]


def _unlimited(draft: Draft, question: Question) -> list[Fault]:
    """Return a fault where only what limits on shortage allow may stay short, and there is no such limit."""
    if question.objective.shortage != "limited" or (draft.tables["limits"]["measure"] == "shortage").any():
        return []
    place = f"{question.name or 'question'}.toml, objective.shortage"
    repair = 'add a limit with measure = "shortage", or write shortage = "none"'
    return [Fault(place, "shortage is limited, and no limit says to what", repair, "QUESTION-205")]


def as_text(value: Value) -> str:
    """Return a TOML value as the text a table would hold."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return repr(value) if isinstance(value, float) else str(value).strip()
