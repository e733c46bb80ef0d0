"""Read a case: everything behind a door, checked, with all faults at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.characters import fact, unfit
from sourcing.errors import DataError, Fault
from sourcing.resources import find_case, kind_of
from sourcing.tables.case import Case
from sourcing.tables.checks import check
from sourcing.tables.csv_folder import CsvFolder
from sourcing.tables.dictionary import REQUIRED_TABLES, Dictionary, column_dictionary
from sourcing.tables.frames import FrameDoor
from sourcing.tables.notes import reading_notes, unread_notes
from sourcing.tables.parse import Parsed, empty_table, parse_sheet
from sourcing.tables.passed_checks import settled_alike
from sourcing.tables.problems import Problem, did_you_mean, place
from sourcing.tables.tally import Told

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.tables.case import Frames
    from sourcing.tables.readers import Delivery, Door


def read_case(source: str | Path | Frames, known: Case | None = None) -> Case:
    """Return the case in a folder of CSV files, or the ready case of that name, or the case that frames make.

    A table that reads as that of a ``known`` case is what was checked there.

    Raises
    ------
    DataError : everything that is wrong with it, each fault with its place and repair.
    """
    return case_of((FrameDoor(source) if isinstance(source, Mapping) else door(source)).read(), known=known)


def door(source: str | Path) -> Door:
    """Return the door that opens ``source``: a folder of CSV files, or the name of a ready case."""
    path = Path(source)
    if not kind_of(path) and isinstance(source, str):
        path = find_case(source) or path
    kind = kind_of(path)
    if kind == "folder":
        return CsvFolder(path)
    fact = "it is not a folder of CSV files" if kind else "there is no such folder"
    raise DataError([Fault(str(source), fact, "name a folder with materials.csv, sites.csv and so on", "DATA-100")])


def case_of(delivery: Delivery, base: Case | None = None, known: Case | None = None) -> Case:
    """Return the case of what came in by a door, the tables that did not being those of ``base`` if there is one.

    What comes in just as a ``known`` case has it was checked there.

    Raises
    ------
    DataError : everything that is wrong with it.
    """
    dictionary = column_dictionary()
    problems = _unknown_tables(delivery, dictionary)
    sheets = [sheet for sheet in delivery.sheets if sheet.table in dictionary.tables]
    parsed = {sheet.table: parse_sheet(sheet, dictionary) for sheet in sheets}
    problems += [problem for table in parsed.values() for problem in table.problems.listed()]
    problems += _required_tables(delivery, parsed, base)
    broken = {table.table for table in parsed.values() if table.is_broken} | set(delivery.unreadable)
    tables = _beside(base, parsed)
    broken |= {name for name in REQUIRED_TABLES if tables[name].empty}
    bad = Told()
    for table in parsed.values():
        bad.update(table.bad)
    memory = {} if base is None else base.memory
    if known is not None:
        tables, memory = _as_known(tables, known), {**known.memory}
    problems += check(tables, dictionary, bad, broken, None if problems or broken else memory)
    places = {**({} if base is None else base.places), **{sheet.table: sheet.place for sheet in delivery.sheets}}
    faults = [*_misnamed(delivery), *delivery.faults, *in_order(problems, places, dictionary)]
    if faults:
        raise DataError(faults)
    if base is not None:
        read_anew = {base.places.get(name) for name in parsed}
        files = {name: content for name, content in base.files.items() if name not in read_anew}
        own = base.replace({name: table.frame for name, table in parsed.items()})
        case = replace(own, folder=None, files=files, places=places)
    else:
        notes = _notes(delivery, parsed)
        case = Case(delivery.name, delivery.folder, tables, delivery.files, places, notes=notes, memory=memory)
    settled_alike(memory, case.tables, parsed.keys())
    return case


def _beside(base: Case | None, parsed: dict[str, Parsed]) -> dict[str, pd.DataFrame]:
    """Return all tables: those that came in, and for the others those of the case they come to, or empty ones."""
    others = _empty if base is None else base.tables.__getitem__
    return {name: parsed[name].frame if name in parsed else others(name) for name in column_dictionary().tables}


def _as_known(tables: Mapping[str, pd.DataFrame], known: Case) -> dict[str, pd.DataFrame]:
    """Return tables, those of a known case where every cell is the same; which row of which file it was is not."""
    return {
        name: known.tables[name] if frame.drop(columns="row").equals(known.tables[name].drop(columns="row")) else frame
        for name, frame in tables.items()
    }


def _misnamed(delivery: Delivery) -> list[Fault]:
    """Refuse a name that no plan made of the case could be told by."""
    found = unfit(delivery.name)
    return [Fault(delivery.name, fact(found), "give the folder another name", "DATA-125")] if found else []


@cache
def _empty(table: str) -> pd.DataFrame:
    return empty_table(table, column_dictionary())


def _notes(delivery: Delivery, parsed: dict[str, Parsed]) -> tuple[Fault, ...]:
    remarks = {sheet.place: parsed[sheet.table].remarks for sheet in delivery.sheets if sheet.table in parsed}
    absent = set(column_dictionary().tables) - set(parsed)
    unread = {table: file for table, file in delivery.others.items() if table in absent}
    return (*reading_notes(remarks), *unread_notes(unread))


def in_order(problems: list[Problem], places: dict[str, str], dictionary: Dictionary) -> list[Fault]:
    """Return the problems as faults, by table, row and column."""
    rank = {name: at for at, name in enumerate(dictionary.tables)}

    def order(problem: Problem) -> tuple[int, bool, int, int, str]:
        columns = list(dictionary.tables.get(problem.table, ()))
        column = columns.index(problem.column) if problem.column in columns else -1
        return rank.get(problem.table, len(rank)), problem.count > 1, problem.row, column, problem.code

    return [
        Fault(
            place(places.get(problem.table, f"{problem.table}.csv"), problem.row, problem.column),
            problem.fact,
            problem.repair,
            problem.code,
            problem.count,
        )
        for problem in sorted(problems, key=order)
    ]


def _unknown_tables(delivery: Delivery, dictionary: Dictionary) -> list[Problem]:
    return [
        Problem(
            sheet.table,
            0,
            "",
            "no rule honours a table of this name",
            did_you_mean(sheet.table, dictionary.tables, "remove the file, or rename it to one of the known tables"),
            "DATA-102",
        )
        for sheet in delivery.sheets
        if sheet.table not in dictionary.tables
    ]


def _required_tables(delivery: Delivery, parsed: dict[str, Parsed], base: Case | None) -> list[Problem]:
    problems = []
    for name in REQUIRED_TABLES:
        if name in parsed and parsed[name].frame.empty and not parsed[name].is_broken:
            problems.append(Problem(name, 0, "", "the table has no rows", f"fill in {name}", "DATA-118"))
        if base is None and name not in parsed and name not in delivery.unreadable:
            other = delivery.others.get(name)
            repair = f"save {other} as {name}.csv" if other else f"add a table {name}"
            problems.append(Problem(name, 0, "", "the table is missing", repair, "DATA-101"))
    return problems
