"""From the bytes of a file to its text: which letters it is saved in, and what is no text at all."""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

from sourcing.tables.readers import Remark

SAVE = "save it as 'CSV UTF-8 (comma delimited)'"

_OPEN = "open it in the spreadsheet and save the sheet as 'CSV UTF-8 (comma delimited)'"
_KINDS: tuple[tuple[bytes, str, str], ...] = (
    (b"PK\x03\x04", "an Excel workbook or a zip file", _OPEN),
    (b"\xd0\xcf\x11\xe0", "an Excel workbook", _OPEN),
    (b"%PDF", "a PDF", "put the table itself here, and " + SAVE),
    (b"\x1f\x8b", "a compressed file", "unpack it"),
    (codecs.BOM_UTF32_LE, "saved as UTF-32", SAVE),
    (codecs.BOM_UTF32_BE, "saved as UTF-32", SAVE),
)
"""How files begin that are no text, or text nobody should have to read."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_WIDE = re.compile(rb"([^\x00]\x00){4}|(\x00[^\x00]){4}")
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
"""Characters that steer printers and terminals; in a table they are left-overs of another kind of file."""
_FOREIGN = re.compile(r"[^\W\x00-\x7f]")


class Text(NamedTuple):
    """A file's text, and how it was read where that is not plain UTF-8."""

    text: str
    remark: Remark | None = None


class Refusal(NamedTuple):
    """Why a file cannot be read: what was found and what to do; ``row`` 0 where it is the whole file."""

    fact: str
    repair: str
    row: int = 0


def decode(content: bytes) -> Text | Refusal:
    """Return the text of a file's bytes.

    UTF-8 and UTF-16 with its mark are told by what they are; anything else that could be Windows-1252 is read as
    that, with a remark that shows a word by which a reader sees whether it was right.
    """
    for start, kind, repair in _KINDS:
        if content.startswith(start):
            return Refusal(f"it is {kind}, whatever its name says", repair)
    for mark, name in _MARKS:
        if content.startswith(mark):
            return _marked(content.removeprefix(mark), name)
    if _WIDE.match(content):
        return Refusal("it is saved as UTF-16 without the mark that says so", SAVE)
    try:
        return _text(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        return _old(content, error)


def _marked(content: bytes, name: str) -> Text | Refusal:
    try:
        text = content.decode(name)
    except UnicodeDecodeError:
        return Refusal(f"it begins as {name[:6].upper()} and does not go on as that: it is damaged or cut off", SAVE)
    return _text(text, None if name == "utf-8" else Remark("letters in UTF-16"))


def _old(content: bytes, error: UnicodeDecodeError) -> Text | Refusal:
    """Read what is not UTF-8 as Windows-1252, unless some of its letters are UTF-8 or it has bytes that are neither."""
    row = _row(content[: error.start].decode("utf-8", "replace"))
    if any(letter > "\x7f" and letter != "\ufffd" for letter in content.decode("utf-8", "replace")):
        return Refusal("some of its letters are saved as UTF-8 and others are not", SAVE, row)
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        return Refusal("it has a letter that is neither UTF-8 nor Windows-1252", SAVE, row)
    return _text(text, Remark("letters in Windows-1252", _first_word(text)))


def _first_word(text: str) -> str:
    """Return the first word with a letter outside ASCII and its row, "" if there is none."""
    found = _FOREIGN.search(text)
    if found is None:
        return ""
    at = found.start()
    before, after = re.search(r"\w*$", text[max(at - 20, 0) : at]), re.match(r"\w*", text[at : at + 20])
    return f"'{before[0] if before else ''}{after[0] if after else ''}' in row {_row(text[:at])}"


def _text(text: str, remark: Remark | None = None) -> Text | Refusal:
    text = text.removesuffix("\x1a")  # how files of old systems end
    text = text.replace("\ufeff", "")  # the mark at a file's begin, within one where files were put together
    found = _NO_TEXT.search(text)
    if found is None:
        return Text(text, remark)
    fact = f"it has a character that is no letter (U+{ord(found[0]):04X}): it is damaged, or no text"
    return Refusal(fact, f"remove the character, or {SAVE}", _row(text[: found.start()]))


def _row(before: str) -> int:
    """Return the row that comes after this much text."""
    return before.count("\n") + before.replace("\r\n", "").count("\r") + 1
