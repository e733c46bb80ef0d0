"""The characters of a question: its texts, and the names of its files, held to the rule for those of the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.characters import IN_LINES, fact, texts_in, unfit
from sourcing.errors import Fault

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.question.chain import Merged

CODE = "QUESTION-223"
_PATHS = (("case",), ("extends",), ("stability", "last"))
"""Keys that name a file: one that is there is judged by its own name, and one that is not is no file."""


def unfit_texts(merged: Merged) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Yield the keys of each text with a character that no text has, and that in words.

    Remarks and the question itself may have line breaks.
    """
    for keys, text in texts_in(merged.data):
        if keys in _PATHS or keys[0] == "presets":
            continue
        found = unfit(text, lines=keys[-1] in IN_LINES or keys == ("question",))
        if found:
            yield keys, fact(found)


def misnamed(name: str) -> list[Fault]:
    """Refuse a name of a question that no plan could be told by."""
    found = unfit(name)
    return [Fault(name, fact(found), "give the file another name", CODE)] if found else []
