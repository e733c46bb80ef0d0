"""Readers of a case: each turns what it reads into raw sheets of text, row numbers kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from sourcing.errors import Fault


class Remark(NamedTuple):
    """How a file was read where that had to be found out: "semicolons between columns", and by what one sees it."""

    what: str
    example: str = ""


@dataclass(frozen=True)
class Sheet:
    """One table as text: ``place`` is how a reader finds it ("offers.csv"); ``numbers`` the row of each of ``rows``.

    Cells are text without blanks around it; a cell left empty is "". Rows that are blank throughout are left out.
    ``separator`` is what stands between the columns of the file, ``remarks`` what had to be found out to read it.
    """

    table: str
    place: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numbers: tuple[int, ...]
    separator: str = ","
    remarks: tuple[Remark, ...] = ()


@dataclass(frozen=True)
class Delivery:
    """All that came in by a door: sheets, the fingerprint (sha256) of every file read, and what could not be read.

    ``unreadable`` holds the tables whose file is there but could not be read; ``others`` files of another kind that
    may hold a table, by the table's name.
    """

    name: str
    folder: Path | None
    sheets: tuple[Sheet, ...]
    files: Mapping[str, str]
    faults: tuple[Fault, ...] = ()
    unreadable: frozenset[str] = field(default_factory=frozenset)
    others: Mapping[str, str] = field(default_factory=dict)


class Door(Protocol):
    """A way in for a case: a folder of CSV files today; a workbook or a database would be another."""

    def read(self) -> Delivery:
        """Return everything behind the door."""
        ...
