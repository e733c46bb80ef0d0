"""Static analysis of a family's code: which of its columns are never named where its rules are built, or checked.

Constants and names of compiled modules are looked at, so nothing is run and a zip serves as well as a folder.
"""

from __future__ import annotations

import csv
import io
from importlib.util import find_spec
from pkgutil import iter_modules
from types import CodeType
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from importlib.machinery import ModuleSpec

CHECKER = ("check", "records")
"""Files of a family that are the auditor's."""
SHOWN = ("data", "screen")
"""Files that say something of a rule and neither build nor check it; all others but the card build it."""
_TEXT = "text"
"""The type of columns that say something to a reader and to no rule."""


class Unread(NamedTuple):
    """A word of a columns.csv, a column or a choice that it adds, and whose code never names it."""

    table: str
    word: str
    side: str


def unread(path: str, text: str, known: Mapping[str, Iterable[str]]) -> Iterator[Unread]:
    """Yield what the columns.csv of a family promises to a buyer and its package does not honour.

    Parameters
    ----------
    path : where the family's package is imported from; its top package is looked through.
    text : its columns.csv.
    known : the columns of each table that others define; a row for one of them adds choices, and these are looked for.
    """
    rows = [row for row in csv.DictReader(io.StringIO(text)) if row["type"] != _TEXT]
    if not rows:
        return
    built, checked = named(path)
    for row in rows:
        adds = row["column"] in known.get(row["table"], ())
        for word in row["choices"].split("|") if adds else [row["column"]]:
            for side, names in (("built", built), ("checked", checked)):
                if word not in names:
                    yield Unread(row["table"], word, side)


def named(path: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the words that a package's formulation names, and those that its checks name."""
    found: dict[bool, set[str]] = {False: set(), True: set()}
    top = find_spec(path.partition(".")[0])
    for spec in _modules(top) if top else ():
        file = spec.name.rpartition(".")[2]
        if spec.name != path and file not in SHOWN:
            found[file in CHECKER].update(_words(_code(spec)))
    return frozenset(found[False]), frozenset(found[True])


def _modules(spec: ModuleSpec) -> Iterator[ModuleSpec]:
    yield spec
    for each in iter_modules(spec.submodule_search_locations or [], f"{spec.name}."):
        below = each.module_finder.find_spec(each.name, None)
        if below is not None:
            yield from _modules(below)


def _code(spec: ModuleSpec) -> CodeType | None:
    get_code = getattr(spec.loader, "get_code", None)
    code: CodeType | None = get_code(spec.name) if get_code is not None else None
    return code


def _words(value: object) -> Iterator[str]:
    """Yield the text constants and names of compiled code, those of its functions included."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple | frozenset):
        for part in value:
            yield from _words(part)
    elif isinstance(value, CodeType):
        yield from value.co_names
        yield from _words(value.co_consts)
