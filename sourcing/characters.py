"""Characters: which of them a text of the tables or of a question may have, and what a screen shows in their place."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SPANS = (
    *((0x00, 0x1F), (0x7F, 0x9F)),  # controls: they steer printers and terminals; next line is one of them
    *((0x061C, 0x061C), (0x200E, 0x200F), (0x202A, 0x202E), (0x2066, 0x2069)),  # they turn the direction of writing
    (0x2028, 0x2029),  # ends of lines and paragraphs, to some readers of text and not to others
    *((0xAD, 0xAD), (0x180E, 0x180E), (0x200B, 0x200B), (0x2060, 0x2065), (0x206A, 0x206F), (0xFEFF, 0xFEFF)),
    *((0xFFF9, 0xFFFB), (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE007F)),  # as those above: never seen
    (0xD800, 0xDFFF),  # halves of characters: bytes that are no letter
    *((0xFDD0, 0xFDEF), *((plane + 0xFFFE, plane + 0xFFFF) for plane in range(0, 0x110000, 0x10000))),  # none at all
)
"""First and last of the characters that no text has; joiners are not among them: Persian and Hindi need them."""


def _class(*kept: str) -> re.Pattern[str]:
    spans = "".join(f"{re.escape(chr(first))}-{re.escape(chr(last))}" for first, last in _SPANS)
    ahead = f"(?![{''.join(map(re.escape, kept))}])" if kept else ""
    return re.compile(f"{ahead}[{spans}]")


_UNFIT = _class()
_UNFIT_IN_LINES = _class("\t", "\n")
_NO_LINE = _class("\n")
_CALLED = {
    **{"\0": "null", "\t": "tab", "\n": "line break", "\r": "carriage return"},
    **{"\x1b": "escape", "\x7f": "delete", "\x85": "next line"},
}

IN_LINES = ("note", "source")
"""Columns whose text may have line breaks: remarks of a reader's own; every other text is a name, and one line."""

SHOWN = "\ufffd"
"""What a screen shows in the place of a character that no text has."""


def unfit(text: str, *, lines: bool = False) -> str:
    """Return the first character that no text has, "" if there is none; with ``lines`` it may have breaks and tabs."""
    if text.isascii() and text.isprintable():
        return ""
    found = (_UNFIT_IN_LINES if lines else _UNFIT).search(text)
    return found[0] if found else ""


def any_unfit(texts: Iterable[str], *, lines: bool = False) -> bool:
    """Return whether some text has such a character: of a long column each distinct character is looked at once."""
    joined = "".join(texts)
    if joined.isascii() and joined.isprintable():
        return False
    return unfit("".join(set(joined)), lines=lines) != ""


def fact(character: str) -> str:
    """Return in words that a text has such a character: "it has a character that is no letter (U+001B, escape)"."""
    name = _CALLED.get(character) or unicodedata.name(character, "").lower()
    return f"it has a character that is no letter (U+{ord(character):04X}{f', {name}' if name else ''})"


def texts_in(value: Any, keys: tuple[int | str, ...] = ()) -> Iterator[tuple[tuple[int | str, ...], str]]:
    """Yield every text in lists and tables of keys, the keys themselves too, with the keys that lead to it."""
    if isinstance(value, str):
        yield keys, value
    elif isinstance(value, dict):
        for key, one in value.items():
            if isinstance(key, str):
                yield (*keys, key), key
            yield from texts_in(one, (*keys, key))
    elif isinstance(value, list | tuple):
        for at, one in enumerate(value):
            yield from texts_in(one, (*keys, at))


def showable(text: str) -> str:
    """Return a text as a screen may have it: lines of letters; it stays as long as it is."""
    if "\n" not in text and text.isascii() and text.isprintable():
        return text
    return _NO_LINE.sub(lambda found: " " if found[0] == "\t" else SHOWN, text)


def one_line(text: str) -> str:
    """Return a text as a screen may have it within a line: a name with a line break cannot begin one of its own."""
    return showable(text).replace("\n", " ")
