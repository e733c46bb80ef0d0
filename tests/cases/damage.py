"""Damage sound tables and questions at random, as people, spreadsheets and disks do; and judge what is said about it.

Everything is drawn from one ``random.Random``, so that a number says which input it was.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING

from builders import tiny_tables

from sourcing.errors import Fault, FaultyInput

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

Grid = list[list[str]]

LIMIT = {"limit": "one-country", "measure": "share", "by": "country", "element": "Dy", "value": 0.75, "note": "ours"}
SOUND = tiny_tables(
    contents=[{"material": "oxide", "element": "Dy", "share": 0.87}],
    groups=[{"group": "allied", "member": "AUS"}, {"group": "allied", "member": "USA"}],
    limits=[LIMIT, {"limit": "spent", "measure": "spend", "value": 1e9, "from": "2027-06-01"}],
    ramps=[{"offer": "A", "from": "2027-07-01", "capacity": 80.5, "interpolate": "yes"}],
    tariffs=[{"importer": "USA", "origin": "CHN", "tariff_code": "2846", "rate": 0.25, "basis": "fob"}],
    licences=[{"country": "CHN", "material": "oxide", "destination": "allied", "from": "2027-01-01", "lag_days": 60}],
    processes=[{"process": "M", "site": "PLANT", "capacity": 50, "cost": 12.5, "days": 14}],
    recipes=[{"process": "M", "material": name, "quantity": by} for name, by in (("oxide", -1.25), ("metal", 1))],
    open_orders=[{"order": "7", "site": "PLANT", "material": "oxide", "arrives": "2027-02-15", "quantity": 5}],
    sites={"PLANT": {"name": "Müller, Bremen"}},
)

WEIRD = (
    *("", " ", "0", "-1", "1e300", "1e-300", "1e15", "1e16", "nan", "inf", "-inf", "1,500", "1.500", "1.234,56", "0,5"),
    *(
        "1 500",
        "1'500",
        "0x10",
        "1_000",
        "\u0663",
        "½",
        "35%",
        "12-",
        "(12)",
        "#REF!",
        "#N/A",
        "NA",
        "TRUE",
        "yes",
        "-",
    ),
    *("46023", "46023.5", "99999", "03/04/2027", "31.12.2027", "2027-02-30", "2027-Q5", "2027-Q1", "Q1 2027", "Mrz 27"),
    *("0000-00-00", "9999-12-31", "2200-12-31", "1900-01-01", "24:00", "=1+1", "'", '"', '""', ";", ",", "a\nb", "\t"),
    *("\u202e", "\ufeff", "\u200b", "😀", "ß", "x" * 999, "A", "PLANT", "oxide", "CHN", "unknown", "allied", "min"),
    *("share", "tonnes", "period", "horizon", "site", "supplier", "price", "price [USD/kg]", "capacity [%]", "[", "[]"),
)

_NOT_SAID = re.compile(
    r"Traceback|NoneType|dtype|<class|object at 0x|\w(Error|Exception)\b|numpy|pandas|pydantic|DataFrame|\bnp\.|Errno"
    r"|Timestamp|\b(str|int|dict|bool|tuple|NaT|Ellipsis)\b"
)


def now_and_then(chance: Random, percent: int) -> bool:
    """Return True in so many of a hundred cases."""
    return chance.randrange(100) < percent


def table(rows: list[dict[str, object]]) -> Grid:
    """Return rows as a grid of text with their header."""
    header = list(dict.fromkeys(name for row in rows for name in row))
    return [header, *([str(row.get(name, "")) for name in header] for row in rows)]


def damaged_grid(grid: Grid, chance: Random) -> Grid:
    """Return the grid with up to two things done to its cells, rows and columns; mostly it can be read after one."""
    grid = [list(row) for row in grid]
    for _ in range(chance.choice([0, 0, 1, 1, 2])):
        chance.choice(_GRID_DAMAGE)(grid, chance)
        if not grid or not grid[0]:
            return [[""]]
    return grid


def damaged_bytes(grid: Grid, chance: Random) -> bytes:
    """Return the grid saved in some way, and with some chance broken after that."""
    separator = chance.choice([",", ",", ";", "\t", "|"])
    if separator != "," and now_and_then(chance, 50):
        grid = [[cell.replace(".", ",") if cell[:1].isdigit() else cell for cell in row] for row in grid]
    quoting = csv.QUOTE_ALL if now_and_then(chance, 20) else csv.QUOTE_MINIMAL
    line_end = chance.choice(["\n", "\r\n", "\r"])
    text = io.StringIO()
    csv.writer(text, delimiter=separator, quoting=quoting, lineterminator=line_end).writerows(grid)
    first = chance.choice(["", "", f"sep={separator}\r\n", "\ufeff"])
    if now_and_then(chance, 8):
        first = chance.choice(["sep=;\n", "\n", "Our table\n"])
    encoding = chance.choice(["utf-8", "utf-8", "utf-8-sig", "cp1252", "utf-16"])
    if now_and_then(chance, 8):
        encoding = chance.choice(["utf-16-le", "utf-32", "cp437"])
    content = (first + text.getvalue()).encode(encoding, "replace")
    for _ in range(chance.choice([0] * 8 + [1, 2])):
        content = chance.choice(_BYTE_DAMAGE)(content, chance)
    return content


def _cell(grid: Grid, chance: Random) -> None:
    row = chance.choice(grid)
    if row:
        at = chance.randrange(len(row))
        row[at] = cell_like(row[at], chance) if now_and_then(chance, 60) else chance.choice(WEIRD)


def cell_like(text: str, chance: Random) -> str:
    """Return a cell's text as another program may write it; mostly it means the same."""
    if text.replace(".", "").isdigit():
        return chance.choice(
            [f"+{text}", f"{float(text):.3f}", f"{float(text):e}", f"{text}.0", f"0{text}", f"{text} t"]
        )
    return chance.choice([f" {text} ", f"\u00a0{text}", f"{text}\u200b", text.lower(), f"{text} 00:00:00", f"'{text}"])


def _column(grid: Grid, chance: Random) -> None:
    at, text = chance.randrange(len(grid[0])), chance.choice(WEIRD)
    for row in grid[1:]:
        row[at : at + 1] = [text]


def _swap_columns(grid: Grid, chance: Random) -> None:
    one, other = (chance.randrange(len(grid[0])) for _ in range(2))
    for row in grid[1:]:
        if max(one, other) < len(row):
            row[one], row[other] = row[other], row[one]


def _rename(grid: Grid, chance: Random) -> None:
    at = chance.randrange(len(grid[0]))
    grid[0][at] = chance.choice([grid[0][at].upper(), grid[0][at] + " [kg]", grid[0][at] + " [%]", "", grid[0][0]])


def _drop_column(grid: Grid, chance: Random) -> None:
    at = chance.randrange(len(grid[0]))
    for row in grid:
        del row[at : at + 1]


def _add_column(grid: Grid, chance: Random) -> None:
    name = chance.choice(
        ["", "note", "stage", "until", "capacity", "destination", "priority", "lead_days [weeks]", "x"]
    )
    for number, row in enumerate(grid):
        row.append(chance.choice(WEIRD) if number else name)


def _repeat(grid: Grid, chance: Random) -> None:
    grid.insert(chance.randint(0, len(grid)), list(chance.choice(grid)))


def _drop_row(grid: Grid, chance: Random) -> None:
    del grid[chance.randrange(len(grid))]


def _ragged(grid: Grid, chance: Random) -> None:
    row = chance.choice(grid)
    row[:] = row[: chance.randint(0, len(row))] if now_and_then(chance, 50) else [*row, chance.choice(WEIRD)]


def _blank_row(grid: Grid, chance: Random) -> None:
    grid.insert(chance.randint(0, len(grid)), [""] * chance.randint(0, len(grid[0]) + 2))


_GRID_DAMAGE: tuple[Callable[[Grid, Random], None], ...] = (
    *(_cell, _cell, _cell, _cell, _column, _swap_columns, _rename, _drop_column),
    *(_add_column, _repeat, _drop_row, _ragged, _blank_row),
)


def _cut_off(content: bytes, chance: Random) -> bytes:
    return content[: chance.randint(0, len(content))]


def _flip(content: bytes, chance: Random) -> bytes:
    at = chance.randint(0, len(content))
    return content[:at] + bytes([chance.randrange(256)]) + content[at + 1 :]


def _insert(content: bytes, chance: Random) -> bytes:
    at = chance.randint(0, len(content))
    return (
        content[:at] + chance.choice([b"\x00", b'"', b"\xff\xfe", b"\xef\xbb\xbf", b"\x1b[2J", b"\n\n"]) + content[at:]
    )


def _double(content: bytes, chance: Random) -> bytes:
    return content + content[chance.randint(0, len(content)) :]


_BYTE_DAMAGE: tuple[Callable[[bytes, Random], bytes], ...] = (_cut_off, _flip, _insert, _double)


def read_or_refused(read: Callable[[], object]) -> bool:
    """Return whether something can be read; a refusal has to be in sentences, anything else is raised."""
    faults: list[Fault] | None = None
    try:
        read()
    except FaultyInput as refusal:
        faults = refusal.faults
    for fault in faults or []:
        assert_sentence(fault)
    assert faults != []
    return faults is None


def assert_sentence(fault: Fault) -> None:
    """Refuse a fault without place, fact or repair, of more than one line, or in a programmer's words."""
    assert fault.place.strip(), fault
    assert fault.fact.strip(), fault
    assert fault.repair.strip(), fault
    assert re.fullmatch(r"(DATA|QUESTION|SCREEN)-\d{3}", fault.code), fault
    assert str(fault).isprintable(), fault
    assert not _NOT_SAID.search(str(fault)), fault
