"""The door for a folder of CSV files."""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.errors import Fault
from sourcing.tables.doors import Delivery, Sheet

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class CsvFolder:
    """A folder with one CSV file per table: UTF-8, commas, header in row 1. Other files are left alone."""

    folder: Path

    def read(self) -> Delivery:
        """Return the sheets of all CSV files, in the order of their names."""
        sheets: list[Sheet] = []
        prints: dict[str, str] = {}
        faults: list[Fault] = []
        unreadable: set[str] = set()
        for file in sorted(self.folder.iterdir()):
            if file.suffix.lower() != ".csv" or file.name.startswith((".", "~")) or not file.is_file():
                continue
            content = file.read_bytes()
            prints[file.name] = hashlib.sha256(content).hexdigest()
            sheet = csv_sheet(file.stem, file.name, content)
            if any(file.stem == known.table for known in sheets):
                sheet = _unreadable(file.name, f"there is another file for {file.stem}", "remove one of the two")
            if isinstance(sheet, Sheet):
                sheets.append(sheet)
            else:
                faults.append(sheet)
                unreadable.add(file.stem)
        name = self.folder.resolve().name
        return Delivery(name, self.folder, tuple(sheets), prints, tuple(faults), frozenset(unreadable))


def csv_sheet(table: str, place: str, content: bytes) -> Sheet | Fault:
    """Return the sheet in a CSV file's bytes, or the fault that keeps it from being read."""
    text = _decoded(place, content)
    if isinstance(text, Fault):
        return text
    first = text.lstrip("\r\n").split("\n", 1)[0]
    other = next((name for mark, name in ((";", "semicolons"), ("\t", "tabs")) if mark in first), "")
    if other and "," not in first:
        return _unreadable(place, f"its columns are separated by {other}", "save it as CSV with commas")
    try:
        records = [
            [cell.strip() for cell in record] for record in csv.reader(io.StringIO(text, newline=""), strict=True)
        ]
    except csv.Error as error:
        return _unreadable(place, f"its quotes do not match ({error})", "save it again as CSV with commas")
    return _sheet(table, place, records)


def _sheet(table: str, place: str, records: list[list[str]]) -> Sheet | Fault:
    if not records or not any(records[0]):
        return _unreadable(place, "row 1 has no column names", "put the column names into row 1, or remove the file")
    header = records[0]
    filled = [(number, record) for number, record in enumerate(records[1:], start=2) if any(record)]
    rows = tuple(tuple(record) for _, record in filled)
    return Sheet(table, place, tuple(header), rows, tuple(number for number, _ in filled))


def _decoded(place: str, content: bytes) -> str | Fault:
    save = "save it as 'CSV UTF-8 (comma delimited)'"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in content:
        return _unreadable(place, "it is saved as UTF-16 or is no text file", save)
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        return _unreadable(f"{place} row {row}", "it has a letter that is not saved as UTF-8", save)


def _unreadable(place: str, fact: str, repair: str) -> Fault:
    return Fault(place, fact, repair, "DATA-119")
