"""Read a question: follow ``extends``, check every key, say everything that is wrong at once."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from sourcing.errors import Fault, QuestionError
from sourcing.presets import load_preset
from sourcing.question.chain import (
    LISTS,
    Merged,
    find_question,
    merge,
    path_repair,
    read_chain,
    read_from,
    with_either_slash,
)
from sourcing.question.characters import CODE, misnamed, unfit_texts
from sourcing.question.made import as_merged
from sourcing.question.schema import Edit, Question, QuestionFile
from sourcing.question.where import unclear_words
from sourcing.resources import case_names, find_case, kind_of
from sourcing.tables.dictionary import column_dictionary
from sourcing.tables.folders import family_names
from sourcing.tables.problems import LONGEST_WORD, did_you_mean, listed, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.tables.dictionary import Dictionary


def load_question(name_or_path: str | Path) -> Question:
    """Return the question in a TOML file, or the ready question of that name.

    Raises
    ------
    QuestionError : everything that is wrong with it, each fault with its file and key.
    """
    layers = read_chain(find_question(name_or_path))
    merged = merge(layers)
    presets, paths = _presets(merged), {"case_path": _case_path(merged), "last_path": _last_path(merged)}
    further = [fault for layer in layers for fault in misnamed(layer.path.name)]
    further += [each for each in presets if isinstance(each, Fault)]
    _parsed(merged, [*further, *_nowhere(merged, paths)])
    return Question.model_validate(merged.data | read_from(layers, merged) | paths | {"presets": presets})


def checked(question: Question, *, with_case: bool = True) -> Question:
    """Return a question that was made or changed in Python as a file that says the same would be read.

    ``with_case`` looks for its case and for the last plan too.

    Raises
    ------
    QuestionError : everything that is wrong with it, each fault with its key.
    """
    merged = as_merged(question)
    presets = _presets(merged)
    paths = {"case_path": question.case_path, "last_path": question.last_path}
    if with_case:
        paths = {"case_path": paths["case_path"] or _case_path(merged)} | {
            "last_path": paths["last_path"] or _last_path(merged)
        }
    faults = [*misnamed(question.name), *(each for each in presets if isinstance(each, Fault))]
    parsed = _parsed(merged, [*faults, *(_nowhere(merged, paths) if with_case else [])])
    own = {name: getattr(parsed, name) for name in QuestionFile.model_fields}
    places = {"limit_places": merged.places["limits"], "edit_places": merged.places["edits"]}
    return question.model_copy(update=own | places | paths | {"presets": presets})


def _parsed(merged: Merged, further: list[Fault]) -> QuestionFile:
    """Return what a question says.

    Raises
    ------
    QuestionError : everything that is wrong with it, what was found ``further`` included.
    """
    faults, parsed = list(merged.faults), None
    try:
        parsed = QuestionFile.model_validate(merged.data)
    except ValidationError as error:
        faults += [_fault(detail, merged) for detail in error.errors(include_url=False)]
    repair = "take it out, or write it anew"
    faults += [Fault(_place(merged, keys), said, repair, CODE) for keys, said in unfit_texts(merged)]
    faults += [*_table_faults(merged, column_dictionary()), *_family_faults(merged), *further]
    if faults or parsed is None:
        raise QuestionError(list(dict.fromkeys(faults)))
    return parsed


def _nowhere(merged: Merged, paths: Mapping[str, Path | None]) -> list[Fault]:
    """Return a fault for a case and for a last plan that is not there."""
    named = isinstance(merged.data.get("case"), str)
    faults = [_no_case(merged)] if paths["case_path"] is None and named else []
    return [*faults, *([_no_last(merged)] if paths["last_path"] is None and _last(merged) else [])]


def _case_path(merged: Merged) -> Path | None:
    case = merged.data.get("case")
    if not isinstance(case, str) or not case:
        return None
    for beside in with_either_slash(merged.file("case").parent, case):
        if kind_of(beside):
            return beside.resolve()
    return find_case(case.rstrip("/\\"))


def _no_case(merged: Merged) -> Fault:
    case, names = merged.data["case"], case_names()
    otherwise = f"write a path relative to the file, or one of {listed(names)}" if names else "write a path of a folder"
    repair = path_repair(case) or did_you_mean(case, names, otherwise)
    return Fault(_place(merged, ("case",)), f"there is no case {quoted(case)}", repair, "QUESTION-207")


def _presets(merged: Merged) -> list[str | Fault]:
    """Return the presets, a file beside the question by its whole path; a fault for each that is none."""
    named = merged.data.get("presets")
    found: list[str | Fault] = []
    for name in named if isinstance(named, list) and all(isinstance(each, str) for each in named) else []:
        folder = merged.file("presets").parent
        beside = [place for place in with_either_slash(folder, name) if kind_of(place) == "file"]
        wanted = str(beside[0].resolve()) if beside else name
        try:
            load_preset(wanted)
        except QuestionError as error:
            found += [replace(fault, place=f"{_place(merged, ('presets',))}: {fault.place}") for fault in error.faults]
        else:
            found.append(wanted)
    return found


def _last(merged: Merged) -> str:
    """Return what [stability] says of the last plan, "" if nothing."""
    section = merged.data.get("stability")
    last = section.get("last") if isinstance(section, dict) else None
    return last if isinstance(last, str) else ""


def _last_path(merged: Merged) -> Path | None:
    """Return the folder of the last plan: beside the file that names it, or seen from where the command is run."""
    last = _last(merged)
    folders = (merged.file("stability", "last").parent, Path()) if last else ()
    found = (place for folder in folders for place in with_either_slash(folder, last))
    return next((place.resolve() for place in found if kind_of(place / "manifest.json") == "file"), None)


def _no_last(merged: Merged) -> Fault:
    last = _last(merged)
    repair = path_repair(last) or "write the folder that sourcing optimize made, such as ../runs/2027-01-04-diversified"
    return Fault(_place(merged, ("stability", "last")), f"there is no plan {quoted(last)}", repair, "QUESTION-214")


def _place(merged: Merged, keys: tuple[int | str, ...]) -> str:
    if len(keys) > 1 and keys[0] in LISTS and isinstance(keys[1], int):
        place = merged.places[str(keys[0])][keys[1]]
        rest = ".".join(str(key) for key in keys[2:4] if not isinstance(key, int))
        return f"{place}, {rest}" if rest else place
    words = tuple(str(key) for key in keys)
    file = merged.file(*words).name
    shown = ".".join(str(key) for key in keys if not isinstance(key, int))
    counted = "".join(f" #{key + 1}" for key in keys if isinstance(key, int))
    return f"{file}, {shown}{counted}" if words else file


def _fault(detail: Any, merged: Merged) -> Fault:
    keys: tuple[int | str, ...] = detail["loc"]
    place, kind, value = _place(merged, keys), detail["type"], detail["input"]
    if kind == "extra_forbidden":
        known = [field.alias or name for name, field in _model(keys[:-1]).model_fields.items()]
        repair = did_you_mean(str(keys[-1]), known, f"write {listed(known)}")
        return Fault(place, f"there is no key {quoted(str(keys[-1]))}", repair, "QUESTION-203")
    if kind == "missing":
        return Fault(place, "the key is missing", f"add {_example(keys)}", "QUESTION-204")
    message = str(detail["msg"])
    if kind == "value_error":
        fact, _, repair = message.removeprefix("Value error, ").rpartition("; ")
        return Fault(place, fact, repair, "QUESTION-205")
    wanted = _WANTED.get(kind) or message.replace("Input should be", "write")
    wanted = re.sub("^write (?=less|greater)", "write a number ", wanted)
    return Fault(place, f"{_shown(value)} will not do", wanted, "QUESTION-205")


_WANTED = {
    "string_type": "write text in quotes",
    "bool_type": "write true or false",
    "float_type": "write a number",
    "list_type": "write a list in [ ]",
    **dict.fromkeys(("int_type", "int_from_float"), "write a whole number"),
    **dict.fromkeys(("dict_type", "model_type", "model_attributes_type"), "write a table of keys: { key = value }"),
}
"""What to write instead, by the kind of fault that pydantic finds."""


def _shown(value: object) -> str:
    """Return a value as it stands in the file, a list or table by that word."""
    if isinstance(value, str):
        return f'"{value[:LONGEST_WORD]}"'
    if isinstance(value, list | dict):
        return "a list" if isinstance(value, list) else "a table"
    return str(value).lower()


def _model(keys: tuple[int | str, ...]) -> type[BaseModel]:
    if keys and keys[0] == "edits":
        return Edit
    field = QuestionFile.model_fields.get(str(keys[0])) if keys else None
    meant = (field.annotation, *get_args(field.annotation)) if field else ()
    return next((one for one in meant if isinstance(one, type) and issubclass(one, BaseModel)), QuestionFile)


def _example(keys: tuple[int | str, ...]) -> str:
    """Return a line of TOML that gives a key a value, and what the key means: 'schema = 1 (...)'."""
    fields = _model(keys[:-1]).model_fields
    found = next((field for name, field in fields.items() if (field.alias or name) == keys[-1]), None)
    if found is None or not found.examples:
        return str(keys[-1])
    return f"{keys[-1]} = {found.examples[0]} ({found.description})"


def _table_faults(merged: Merged, dictionary: Dictionary) -> list[Fault]:
    """Return what limits and edits say about tables and columns that do not exist."""
    faults: list[Fault] = []
    for number, limit in enumerate(_entries(merged, "limits")):
        place = merged.places["limits"][number]
        faults += _columns(place, "limits", limit, dictionary)
        if not limit.get("limit"):
            faults.append(Fault(f"{place}, limit", "the limit has no name", 'add limit = "a-name"', "QUESTION-204"))
    for number, edit in enumerate(_entries(merged, "edits")):
        place, table = merged.places["edits"][number], edit.get("table")
        if not isinstance(table, str):
            continue
        if table not in dictionary.tables:
            repair = did_you_mean(table, dictionary.tables, f"write {listed(dictionary.tables)}")
            faults.append(Fault(f"{place}, table", f"there is no table {quoted(table)}", repair, "QUESTION-209"))
            continue
        faults += _columns(f"{place}, set", table, edit.get("set"), dictionary)
        for row in edit["add"] if isinstance(edit.get("add"), list) else []:
            faults += _columns(f"{place}, add", table, row, dictionary)
        faults += _where(f"{place}, where", table, edit.get("where"), dictionary)
    return faults


def _entries(merged: Merged, name: str) -> list[dict[str, Any]]:
    entries = merged.data.get(name)
    return [entry if isinstance(entry, dict) else {} for entry in entries] if isinstance(entries, list) else []


def _columns(place: str, table: str, row: object, dictionary: Dictionary) -> list[Fault]:
    columns = dictionary.columns(table)
    return [
        Fault(
            place,
            f"{table} has no column {quoted(name)}",
            did_you_mean(name, columns, f"write {listed(columns)}"),
            "QUESTION-209",
        )
        for name in (row if isinstance(row, dict) else {})
        if name not in columns
    ]


def _where(place: str, table: str, where: object, dictionary: Dictionary) -> list[Fault]:
    words = [unclear_words(table, key, dictionary) for key in (where if isinstance(where, dict) else {})]
    return [Fault(place, *said, "QUESTION-209") for said in words if said]


def _family_faults(merged: Merged) -> list[Fault]:
    without, known = merged.data.get("without"), family_names()
    return [
        Fault(
            _place(merged, ("without",)),
            f"there is no family of rules {quoted(name)}",
            did_you_mean(name, known, f"write {listed(known)}"),
            "QUESTION-211",
        )
        for name in (without if isinstance(without, list) else [])
        if isinstance(name, str) and name not in known
    ]
