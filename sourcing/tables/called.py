"""Name resolution: codes of offers, sites and materials by what a screen calls them."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING

from sourcing.errors import Fault, QuestionError
from sourcing.tables.elements import same_words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.tables.case import Case

KEYS = {"offers": "offer", "sites": "site", "materials": "material"}
NAMED = 6
"""Codes that a fault lists where a name means several."""


def short(name: str) -> str:
    """Return a name up to its first comma or bracket, as screens show it.

    >>> short("Northern Rare Earth (Baotou), Inner Mongolia"), short("Bremen")
    ('Northern Rare Earth', 'Bremen')
    """
    return re.split(r", | \(", name, maxsplit=1)[0]


def code_called(case: Case, table: str, word: str, code: str) -> str:
    """Return the code of the one row of a table that is called ``word``: its code, its name, or what screens say.

    Parameters
    ----------
    table : "offers", "sites" or "materials".
    code : that of the fault, if there is no such row or more than one.

    Raises
    ------
    QuestionError : nothing is called so, or several things are.
    """
    key, names = KEYS[table], dict(_names(case, table))
    if word in names:
        return word
    wanted = _folded(word)
    found = [each for each, called in names.items() if wanted in called]
    if not found and table == "materials":
        found = [each for each, called in names.items() if same_words(word) in set(map(same_words, called))]
    if len(found) == 1:
        return found[0]
    if found:
        shown = ", ".join(found[:NAMED]) + (f" and {len(found) - NAMED} more" if len(found) > NAMED else "")
        raise QuestionError([Fault(word, f"several {table} are called so", f"name one by its code: {shown}", code)])
    near = get_close_matches(word, names, 1) or get_close_matches(word.upper(), names, 1)
    repair = f"did you mean {near[0]}?" if near else f"the {table} are in inputs/{table}.csv of the plan"
    raise QuestionError([Fault(word, f"no {key} of this name in the plan's tables", repair, code)])


def _names(case: Case, table: str) -> Iterator[tuple[str, set[str]]]:
    """Yield each code with all that its row is called, capitals aside."""
    frame = case[table]
    for row in frame.to_dict("records"):
        code = str(row[KEYS[table]])
        if table != "offers":
            name = case.label(table, code)
            yield code, {_folded(each) for each in (code, name, short(name))}
            continue
        seller, material = str(row["supplier"]), case.label("materials", str(row["material"]))
        site = case.label("sites", str(row["site"]))
        called = {code, seller, *(f"{seller}, {each}" for each in (site, short(site)))}
        called |= {f"{each} {material}" for each in called - {code}}
        yield code, {_folded(each) for each in called | {f"{each} ({code})" for each in called}}


def _folded(words: str) -> str:
    return " ".join(words.casefold().split())
