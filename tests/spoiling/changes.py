"""Every way to spoil a plan table: cells, pairs of cells, rows, all rows. Seeded; a few of each kind per column."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from spoiling.sheet import CLAIM, DATE, MAYBE_DATE, NUMBERS, TEXT, WHOLE, Rows, Sheet, last_digit, visible

if TYPE_CHECKING:
    import random
    from collections.abc import Callable, Iterator

    Edit = Callable[[Sheet, str, str, random.Random], str | None]

ONE_PERCENT, TENFOLD = 0.01, 10.0


@dataclass(frozen=True)
class Change:
    """One thing wrong with one file of a plan; ``row`` counts as in the file (the header is row 1), 0 for all rows."""

    kind: str
    table: str
    row: int
    column: str
    old: str
    new: str
    rows: Rows

    def __str__(self) -> str:
        place = ", ".join(filter(None, (f"{self.table}.csv", f"row {self.row}" if self.row else "", self.column)))
        told = f": '{self.old}' became '{self.new}'" if self.column else ""
        return f"{self.kind}: {place}{told}"


def changes(sheet: Sheet, rng: random.Random, each: int) -> Iterator[Change]:
    """Yield up to ``each`` changes of every kind for every column of a table, and for the table as a whole."""
    for column in sheet.header:
        for kind, edit in EDITS[sheet.kind(column)].items():
            yield from _cells(sheet, column, kind, edit, rng, each)
        yield from _exchanged(sheet, column, rng, each)
    yield from _crossed(sheet, rng, each)
    yield from _rows(sheet, rng, each)


def more(sheet: Sheet, column: str, old: str, _: random.Random) -> str | None:
    """1 %, or one unit in the last printed digit if that is more; a whole number by 1."""
    return _number(sheet, column, old, lambda v, step: v + step)


def less(sheet: Sheet, column: str, old: str, _: random.Random) -> str | None:
    return _number(sheet, column, old, lambda v, step: v - step)


def negated(sheet: Sheet, column: str, old: str, _: random.Random) -> str | None:
    return _number(sheet, column, old, lambda v, _: -v)


def zeroed(sheet: Sheet, column: str, old: str, _: random.Random) -> str | None:
    return _number(sheet, column, old, lambda _v, _step: 0.0)


def tenfold(sheet: Sheet, column: str, old: str, _: random.Random) -> str | None:
    return _number(sheet, column, old, lambda v, _: v * TENFOLD)


def filled(_s: Sheet, _c: str, old: str, _: random.Random) -> str | None:
    return "1.0" if old == "" else None


def emptied(_s: Sheet, _c: str, old: str, _: random.Random) -> str | None:
    return None if old == "" else ""


def later(_s: Sheet, _c: str, old: str, _: random.Random) -> str | None:
    return str(date.fromisoformat(old) + timedelta(days=1)) if old else None


def earlier(_s: Sheet, _c: str, old: str, _: random.Random) -> str | None:
    return str(date.fromisoformat(old) - timedelta(days=1)) if old else None


def dated(_s: Sheet, _c: str, old: str, _: random.Random) -> str | None:
    """A date where there is none."""
    return None if old else "2027-06-15"


def another(sheet: Sheet, column: str, old: str, rng: random.Random) -> str | None:
    """Another value that the column has elsewhere."""
    others = sorted(set(sheet.column(column)) - {old, ""})
    return rng.choice(others) if others else None


def unheard_of(_s: Sheet, _c: str, old: str, _: random.Random) -> str:
    """A label that nothing has."""
    return f"{old}x"


def turned(_s: Sheet, _c: str, old: str, _: random.Random) -> str:
    return {"True": "False", "False": "True"}[old]


def _number(sheet: Sheet, column: str, old: str, change: Callable[[float, float], float]) -> str | None:
    """Return a number that differs visibly, or None if the change cannot be seen."""
    if old == "":
        return None
    value, whole = float(old), sheet.kind(column) == WHOLE
    new = change(value, 1.0 if whole else max(ONE_PERCENT * abs(value), last_digit(old), visible(column)))
    if abs(new - value) < visible(column):
        return None
    return str(int(new)) if whole else repr(new)


MOVED = {"1 % more": more, "1 % less": less, "sign turned": negated, "set to 0": zeroed, "ten times": tenfold}
NUMBER_EDITS: dict[str, Edit] = {**MOVED, "emptied": emptied, "filled in": filled}
DATE_EDITS: dict[str, Edit] = {
    **{"a day later": later, "a day earlier": earlier},
    **{"another date": another, "emptied": emptied},
}
EDITS: dict[str, dict[str, Edit]] = {
    **dict.fromkeys(NUMBERS, NUMBER_EDITS),
    DATE: DATE_EDITS,
    MAYBE_DATE: {**DATE_EDITS, "a date where none is": dated},
    TEXT: {"another label": another, "a label that nothing has": unheard_of, "emptied": emptied},
    CLAIM: {"turned round": turned, "emptied": emptied},
}
EXCHANGE = {
    DATE: "dates exchanged",
    MAYBE_DATE: "dates exchanged",
    TEXT: "labels exchanged",
    CLAIM: "answers exchanged",
}


def _cells(sheet: Sheet, column: str, kind: str, edit: Edit, rng: random.Random, each: int) -> Iterator[Change]:
    """Yield changes of single cells."""
    at, made = sheet.header.index(column), 0
    for i in rng.sample(range(len(sheet.rows)), len(sheet.rows)):
        if made == each:
            return
        old = sheet.rows[i][at]
        new = edit(sheet, column, old, rng)
        if new is not None:
            made += 1
            yield Change(kind, sheet.table, i + 2, column, old, new, _with(sheet.rows, {i: {at: new}}))


def _exchanged(sheet: Sheet, column: str, rng: random.Random, each: int) -> Iterator[Change]:
    """Yield exchanges of a cell between two rows that differ in it."""
    at, kind, values = sheet.header.index(column), sheet.kind(column), sheet.column(column)
    if len(set(values)) < 2:
        return
    for _ in range(each):
        i = rng.randrange(len(values))
        j = rng.choice([k for k, value in enumerate(values) if value != values[i]])
        rows = _with(sheet.rows, {i: {at: values[j]}, j: {at: values[i]}})
        name = EXCHANGE.get(kind, "numbers exchanged")
        yield Change(name, sheet.table, i + 2, column, values[i], f"{values[j]}, exchanged with row {j + 2}", rows)


def _crossed(sheet: Sheet, rng: random.Random, each: int) -> Iterator[Change]:
    """Yield exchanges of two cells of one row that are of one kind and differ: who sends and who receives."""
    for at, column in enumerate(sheet.header):
        alike = [k for k in range(at) if sheet.kind(sheet.header[k]) == sheet.kind(column)]
        pairs = [(i, k) for i, row in enumerate(sheet.rows) for k in alike if _differ(sheet, row, at, k)]
        for i, k in rng.sample(pairs, min(each, len(pairs))):
            old, new = sheet.rows[i][at], sheet.rows[i][k]
            rows = _with(sheet.rows, {i: {at: new, k: old}})
            told = f"{new}, exchanged with {sheet.header[k]}"
            yield Change("cells of a row exchanged", sheet.table, i + 2, column, old, told, rows)


def _differ(sheet: Sheet, row: list[str], at: int, other: int) -> bool:
    """Say whether two cells of a row differ so that a reader sees it."""
    one, two = row[at], row[other]
    if sheet.kind(sheet.header[at]) not in NUMBERS or "" in (one, two):
        return one != two
    return abs(float(one) - float(two)) >= max(visible(sheet.header[at]), visible(sheet.header[other]))


def _rows(sheet: Sheet, rng: random.Random, each: int) -> Iterator[Change]:
    """Yield rows and whole files taken out and doubled."""
    some = rng.sample(range(len(sheet.rows)), min(each * 3, len(sheet.rows)))
    for i in some:
        without, twice = sheet.rows[:i] + sheet.rows[i + 1 :], sheet.rows[: i + 1] + sheet.rows[i:]
        yield Change("row removed", sheet.table, i + 2, "", "", "", without)
        yield Change("row doubled", sheet.table, i + 2, "", "", "", twice)
    if sheet.rows:
        yield Change("all rows removed", sheet.table, 0, "", "", "", [])
        yield Change("all rows doubled", sheet.table, 0, "", "", "", sheet.rows * 2)


def _with(rows: Rows, cells: dict[int, dict[int, str]]) -> Rows:
    """Return rows with some cells changed."""
    found = list(rows)
    for i, by_column in cells.items():
        found[i] = [by_column.get(at, cell) for at, cell in enumerate(rows[i])]
    return found
