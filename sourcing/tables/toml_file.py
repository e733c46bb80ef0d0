"""A TOML file that somebody wrote: a question, a preset, ranges; bounded in size and depth, refused in a sentence."""

from __future__ import annotations

import codecs
import re
import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

from sourcing.errors import Fault, QuestionError
from sourcing.files import Unread, content_of

if TYPE_CHECKING:
    from pathlib import Path

LARGEST = 1_000_000
"""Bytes of a TOML file; a larger one holds no question and no rules."""

LARGEST_NUMBER = 10**18
"""No whole number in a question is larger: tables stop well below."""

MOST_PARTS = 100
"""Parts of a dotted key; TOML is read in a time that grows with their square."""

_NO_KEYS = re.compile(
    r'"""[\s\S]*?"""|"(?:[^"\\\n]|\\.)*"' + r"|'''[\s\S]*?'''|'[^'\n]*'|#[^\n]*",
)
"""Texts in quotes, and comments."""
_AT = re.compile(r"\(at [^()]*\)$")
_BETWEEN = re.compile(r"[,=\[\]{}\n]")


class TomlFile(NamedTuple):
    """The bytes of a file, their text, and what it says."""

    content: bytes
    text: str
    data: dict[str, Any]


class _TooManyParts(ValueError):
    """A key with more dots than anybody writes."""


def read_toml(path: Path, code: str, kind: str, *, foreign: bool = False) -> TomlFile:
    """Return what the TOML file of a ``kind`` ("question") says.

    A ``foreign`` one is named by another file, and may be anything: where it is no TOML no word of it is said.

    Raises
    ------
    QuestionError : with ``code``; it cannot be read, is too large or nested too deeply, or is no TOML.
    """
    try:
        content = content_of(path, LARGEST)
        text = content.decode("utf-8-sig")
        return TomlFile(content, text, _parsed(text))
    except Unread as unread:
        fact = f"it has more than {LARGEST // 1_000_000} MB" if unread.kind == "large" else unread.fact
        repair = "check its name and rights" if unread.kind == "denied" else f"name the TOML file of {kind}"
        raise QuestionError([Fault(path.name, fact, repair, code)]) from unread
    except (ValueError, RecursionError) as error:
        raise QuestionError([Fault(path.name, *unreadable(error, foreign=foreign), code)]) from error


def unreadable(error: Exception, *, foreign: bool = False) -> tuple[str, str]:
    """Return fact and repair for a file that cannot be read as TOML."""
    if isinstance(error, UnicodeDecodeError):
        wide = error.object.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        return f"it is {'saved as UTF-16' if wide else 'not saved as UTF-8'}", "save it as UTF-8"
    if isinstance(error, RecursionError):
        return "its brackets are nested too deeply", "close each bracket"
    if isinstance(error, _TooManyParts):
        return f"a key in it has more than {MOST_PARTS} parts", "write the keys of each table below its name in [ ]"
    if isinstance(error, tomllib.TOMLDecodeError):
        path = "escape" in str(error).lower()
        repair = "write paths with / (C:/data), or in single quotes" if path else "correct it there"
        at = _AT.search(str(error))
        said = f": {error}" if not foreign else f" {at[0]}" if at else ""
        return f"it is not TOML{said}", repair
    return "a number in it has too many digits", f"write numbers up to {LARGEST_NUMBER:.0e}"


def _parsed(text: str) -> dict[str, Any]:
    """Return what TOML says, unless what stands between two of its commas and brackets has too many dots."""
    if any(piece.count(".") >= MOST_PARTS for piece in _BETWEEN.split(_NO_KEYS.sub("x", text))):
        raise _TooManyParts
    return tomllib.loads(text)
