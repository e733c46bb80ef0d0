"""The door for a folder of CSV files."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.errors import Fault
from sourcing.files import Unread, content_of
from sourcing.resources import is_ready
from sourcing.tables.csv_sheet import csv_sheet
from sourcing.tables.dictionary import column_dictionary
from sourcing.tables.readers import Delivery, Sheet

if TYPE_CHECKING:
    from pathlib import Path

LARGEST_FILE = 64_000_000
"""Bytes of a CSV file: some 600,000 rows. A larger one is a slip, and would take more memory than it is worth."""

_REPAIRS = {
    "absent": "put the table itself here",
    "folder": "rename the folder, or put the table itself here",
    "large": "keep the rows a plan is to be made of, and drop the columns it needs not",
    "denied": "close it elsewhere, and check its rights",
}

OTHER_KINDS = (".xlsx", ".xlsm", ".xls", ".ods", ".numbers", ".txt", ".tsv", ".tab", ".parquet")
"""Endings of files that may hold a table and are not read."""


@dataclass(frozen=True)
class CsvFolder:
    """A folder with one CSV file per table, header in row 1; capitals in a file's name do not matter.

    Other files are left alone. A link that leads out of the folder is refused, but in the cases that come along.
    """

    folder: Path

    def read(self) -> Delivery:
        """Return the sheets of all CSV files, in the order of their names; empty ones for tables nobody knows."""
        known = column_dictionary().tables
        found: dict[str, Sheet | Fault] = {}
        prints: dict[str, str] = {}
        doubles: list[Fault] = []
        others: dict[str, str] = {}
        for file in sorted(self.folder.iterdir()):
            if file.suffix.lower() in OTHER_KINDS:
                others.setdefault(file.name.partition(".")[0].strip().lower(), file.name)
            if file.suffix.lower() != ".csv" or file.name.startswith((".", "~")):
                continue
            table = file.stem.strip().lower()
            if table in found:
                doubles.append(_unreadable(file, f"there is another file for {table}", "remove one of the two"))
                continue
            if table not in known:
                found[table] = Sheet(table, file.name, (), (), ())
                continue
            content = _content(file, None if is_ready(self.folder) else self.folder)
            if isinstance(content, bytes):
                prints[file.name] = hashlib.sha256(content).hexdigest()
            found[table] = csv_sheet(table, file.name, content) if isinstance(content, bytes) else content
        sheets = tuple(one for one in found.values() if isinstance(one, Sheet))
        faults = {table: one for table, one in found.items() if isinstance(one, Fault)}
        name = self.folder.resolve().name
        return Delivery(name, self.folder, sheets, prints, (*faults.values(), *doubles), frozenset(faults), others)


def _content(file: Path, within: Path | None) -> bytes | Fault:
    try:
        return content_of(file, LARGEST_FILE, within)
    except Unread as unread:
        return _unreadable(file, unread.fact, _REPAIRS[unread.kind])


def _unreadable(file: Path, fact: str, repair: str) -> Fault:
    return Fault(file.name, fact, repair, "DATA-119")
