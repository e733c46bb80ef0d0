"""From the bytes of a CSV file to a sheet: what stands between its columns, and its rows."""

from __future__ import annotations

import csv
import io
import re
from typing import NamedTuple

from sourcing.errors import Fault
from sourcing.tables.csv_cells import bare, has_shielded
from sourcing.tables.encoding import SAVE, Refusal, decode
from sourcing.tables.problems import listed
from sourcing.tables.problems import place as placed
from sourcing.tables.readers import Remark, Sheet

SEPARATORS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
"""What may stand between the columns of a file, and its name."""

MOST_ROWS = 1_048_575
"""Rows below the header that a spreadsheet can hold; a longer table is a slip, and more than a plan can be made of."""

_SAID = re.compile(r'"?sep=(?P<separator>.?)"?', re.IGNORECASE)


class Layout(NamedTuple):
    """What stands between the columns, and the text from the header on."""

    separator: str
    text: str


def csv_sheet(table: str, place: str, content: bytes) -> Sheet | Fault:
    """Return the sheet in a CSV file's bytes, or the fault that keeps it from being read.

    Rows are counted as a spreadsheet shows them: a first line such as ``sep=;`` is none.
    """
    found = _sheet(table, place, content)
    if isinstance(found, Sheet):
        return found
    return Fault(placed(place, found.row), found.fact, found.repair, "DATA-119")


def _sheet(table: str, place: str, content: bytes) -> Sheet | Refusal:
    decoded = decode(content)
    if isinstance(decoded, Refusal):
        return decoded
    layout = _layout(decoded.text.replace("\r\n", "\n"))  # within a cell too, it is one break
    if isinstance(layout, Refusal):
        return layout
    rows = _rows(layout)
    if isinstance(rows, Refusal):
        return rows
    remarks = [decoded.remark] if decoded.remark else []
    if layout.separator != ",":
        remarks.append(Remark(f"{SEPARATORS[layout.separator]} between columns"))
    header = rows.pop(1)
    return Sheet(table, place, header, tuple(rows.values()), tuple(rows), layout.separator, tuple(remarks))


def _layout(text: str) -> Layout | Refusal:
    first = _first_line(text)
    said = _SAID.fullmatch(first)
    if said:
        rest = text[len(first) + 1 :]
        return Layout(said["separator"], rest) if said["separator"] in SEPARATORS else _unknown(first)
    names = re.sub(r'"[^"]*"', "", first)
    found = [separator for separator in SEPARATORS if separator in names]
    if len(found) > 1:
        marks = listed(SEPARATORS[separator] for separator in found).replace(" or ", " and ")
        return Refusal(f"its column names have {marks} between them", "use one of them throughout", 1)
    if not found and any(separator in first for separator in SEPARATORS):
        return Refusal("the whole row is one cell in quotes", f"split it into columns, and {SAVE}", 1)
    return Layout(found[0] if found else ",", text)


def _first_line(text: str) -> str:
    found = re.match(r"[^\r\n]*", text)
    return found[0] if found else ""


def _unknown(first: str) -> Refusal:
    return Refusal(f"'{first}' names no separator that is known", "write sep=, or sep=; or remove the line", 1)


def _rows(layout: Layout) -> dict[int, tuple[str, ...]] | Refusal:
    """Return row number -> cells: the header, which is row 1, and every row that is not blank throughout."""
    has_bare = has_shielded(layout.text)
    rows: dict[int, tuple[str, ...]] = {}
    number = 0
    try:
        for record in csv.reader(
            io.StringIO(layout.text.rstrip("\r\n"), newline=""), delimiter=layout.separator, strict=True
        ):
            number += 1
            cells = tuple(map(str.strip, record))
            if has_bare:
                cells = tuple(map(bare, cells))
            if any(cells):
                rows[number] = cells
            elif number == 1:
                break
            if len(rows) > MOST_ROWS + 1:
                return Refusal(f"it has more than {MOST_ROWS:,} rows", "keep the rows a plan is to be made of")
    except csv.Error as error:
        return _broken(number + 1, str(error))
    if 1 not in rows:
        return Refusal("row 1 has no column names", "put the column names into row 1, or remove the file")
    return rows


def _broken(row: int, message: str) -> Refusal:
    repair = "give each double quote its partner (inside a text it is written twice)"
    if "limit" in message:
        repair += ", or shorten the cell"
        return Refusal(f"a cell has more than {csv.field_size_limit():,} characters", repair, row)
    return Refusal("its double quotes do not match from here on", repair, row)
