"""The one reader of folders that commands wrote: whoever sent one may have put anything into it."""

from __future__ import annotations

import csv
import io
import json
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ValidationError

from sourcing.errors import Fault, QuestionError, schema_fault
from sourcing.files import Unread, content_of, inside

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

LARGEST = 256_000_000
"""Bytes of a file of a plan: some two million rows of stock.csv."""
MANIFEST = "manifest.json"
DEEPEST = 60
"""Brackets within brackets; a plan has six."""
_COLUMNS, _HEADER = 60, 1_000_000
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.+-]{0,99}")
_HALF_LETTER = re.compile(rb"\\u[dD][89a-fA-F]")

Shape = TypeVar("Shape", bound=BaseModel)


class Misread(ValueError):
    """Content that is not what it should be; the message says what is wrong, and never what it holds."""


@dataclass(frozen=True)
class Kept:
    """A folder of a plan, a curve or the like; what cannot be read of it is a fault with its code and repair."""

    path: Path
    called: str = "the plan"
    code: str = "PLAN-003"
    repair: str = "make it again: sourcing optimize"

    def refused(self, fact: str) -> QuestionError:
        """Return the fault of the whole folder."""
        return QuestionError([Fault(str(self.path), f"{self.called} cannot be read ({fact})", self.repair, self.code)])

    def content(self, name: str) -> bytes:
        """Return the bytes of a file in the folder.

        Raises
        ------
        QuestionError : it is no ordinary file of this folder, or too large.
        """
        try:
            return content_of(self.path / name, LARGEST, self.path)
        except Unread as unread:
            raise self.refused(f"{name}: {unread.fact}") from unread

    def values(self, name: str) -> Any:
        """Return what a JSON file holds, as plain values.

        Raises
        ------
        QuestionError : as of ``content``; or it is no JSON.
        """
        content = self.content(name)
        try:
            found = plain_json(content)
        except Misread as error:
            raise self.refused(f"{name}: {error}") from error
        if _depth(found) > DEEPEST:
            raise self.refused(f"{name}: its brackets are nested too deeply")
        return found

    def shaped(self, name: str, shape: type[Shape]) -> Shape:
        """Return what a JSON file holds, which has to have a shape.

        Raises
        ------
        QuestionError : as of ``values``; or it has another shape.
        """
        try:
            return shape.model_validate_json(json.dumps(self.values(name)))
        except ValidationError as error:
            fault = schema_fault(name, error.errors(include_url=False)[0], self.code)
            raise self.refused(f"{fault.place}: {fault.fact}") from error

    def folder(self, *names: str) -> Path:
        """Return a folder within this one.

        Raises
        ------
        QuestionError : a name is none, or leads out of it.
        """
        place = "/".join(names)
        if not all(map(is_name, names)):
            raise self.refused(f"{MANIFEST}: {place!r} is no name of a folder")
        try:
            return inside(self.path.joinpath(*names), self.path) and self.path.joinpath(*names)
        except (Unread, OSError) as error:
            fact = error.fact if isinstance(error, Unread) else "it is not there"
            raise self.refused(f"{place}: {fact}") from error


def is_name(name: str) -> bool:
    """Say whether a text names something in a folder itself, and nothing above, below or beside it."""
    return _NAME.fullmatch(name) is not None and ".." not in name


def plain_json(content: bytes) -> Any:
    """Return the plain values that JSON stands for.

    Raises
    ------
    Misread : it is no JSON, or has a number or a letter that is none.
    """
    try:
        found = json.loads(content.decode("utf-8"), parse_constant=_refuse_constant)
        if _HALF_LETTER.search(content):
            json.dumps(found, ensure_ascii=False).encode()
    except UnicodeDecodeError:
        raise Misread("it is not saved as UTF-8") from None
    except UnicodeEncodeError:
        raise Misread("it has half of a letter") from None
    except RecursionError:
        raise Misread("its brackets are nested too deeply") from None
    except json.JSONDecodeError as error:
        raise Misread(f"it is no JSON (line {error.lineno})") from None
    except Misread:
        raise
    except ValueError:
        raise Misread("a number in it has too many digits") from None
    return found


def _refuse_constant(word: str) -> None:
    raise Misread(f"{word} is no number")


def _depth(value: Any) -> int:
    """Return how many brackets stand within brackets, and no more than one above what there may be."""
    level, depth = [value], 0
    while level and depth <= DEEPEST:
        level = [inner for one in level for inner in _within(one)]
        depth += 1
    return depth


def _within(value: Any) -> Iterable[Any]:
    return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()


def table_text(content: bytes) -> str:
    """Return the text of a table in CSV whose header and first row have been looked at.

    Raises
    ------
    Misread : it is no text, has no header, or its first row is not as long as the header.
    """
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        raise Misread("it is not saved as UTF-8") from None
    if "\0" in text:
        raise Misread("it has a character that is no letter (U+0000): it is damaged, or no table")
    try:
        rows = [row for row in islice(csv.reader(io.StringIO(text[:_HEADER], newline="")), 2) if row]
    except csv.Error:
        raise Misread("row 1 cannot be read") from None
    if not rows or len(set(rows[0])) != len(rows[0]) or len(rows[0]) > _COLUMNS:
        raise Misread("row 1 has no column names" if not rows else "row 1 names a column twice, or too many")
    if len(rows) > 1 and len(rows[1]) != len(rows[0]):
        raise Misread("row 2 has not as many cells as there are columns")
    return text
