"""From a raw sheet to a typed table: header, units, cells, defaults."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from sourcing.tables.cells import blank_column, read_column, with_default
from sourcing.tables.csv_sheet import SEPARATORS
from sourcing.tables.dates import parse_dotted
from sourcing.tables.numbers import decimal_mark
from sourcing.tables.problems import Problem, Suggestions, listed
from sourcing.tables.readers import Remark, Sheet
from sourcing.tables.tally import MOST, Tally, Told
from sourcing.units import UNITS, factor, split_header

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sourcing.tables.dictionary import Column, Dictionary


@dataclass
class Parsed:
    """A typed table, what is wrong with it, and the cells nothing more should be said about.

    ``remarks`` is what had to be found out to read it, ``mark`` what stands before the decimals of its numbers.
    ``is_broken``: a key or required column is missing or given twice, so what depends on the table cannot be judged.
    """

    table: str
    frame: pd.DataFrame
    problems: Tally = field(default_factory=Tally)
    bad: Told = field(default_factory=Told)
    is_broken: bool = False
    remarks: list[Remark] = field(default_factory=list)
    mark: str = "."


def empty_table(table: str, dictionary: Dictionary) -> pd.DataFrame:
    """Return the table with all its columns, typed, and no rows."""
    return _frame({name: blank_column(column, 0) for name, column in dictionary.columns(table).items()}, ())


def _frame(series: Mapping[str, pd.Series], numbers: Sequence[int]) -> pd.DataFrame:
    """Return the columns beside one another, and the row of the file that each row comes from."""
    frame = pd.DataFrame(series, index=pd.RangeIndex(len(numbers)))
    frame["row"] = pd.Series(numbers, dtype="int64")
    return frame


def parse_sheet(sheet: Sheet, dictionary: Dictionary) -> Parsed:
    """Return the typed table of a sheet: all columns of the dictionary, defaults filled in, and ``row``."""
    tally = Tally({sheet.table: dictionary.columns(sheet.table)})
    parsed = Parsed(sheet.table, pd.DataFrame(), tally, remarks=list(sheet.remarks))
    sheet = _below_header(_once(sheet, parsed), dictionary, parsed)
    at, units = _header(sheet, dictionary, parsed)
    _lengths(sheet, parsed, tuple(at))
    width = len(sheet.header)
    cells = _by_column(sheet.rows, width)
    numbers = [position for name, position in at.items() if dictionary.columns(sheet.table)[name].is_number]
    parsed.mark = _mark(sheet, cells, numbers, parsed)
    series = {}
    for name, column in dictionary.columns(sheet.table).items():
        series[name] = (
            _column(column, cells[at[name]], units.get(name, ""), sheet, parsed)
            if name in at
            else blank_column(column, len(sheet.rows))
        )
    _convert_by_row(series, units, dictionary.columns(sheet.table), sheet, parsed)
    parsed.frame = _frame(series, sheet.numbers)
    return parsed


def _once(sheet: Sheet, parsed: Parsed) -> Sheet:
    """Return the sheet without the rows that repeat its header, each of them a fault."""
    if sheet.header not in sheet.rows:
        return sheet
    kept = [at for at, row in enumerate(sheet.rows) if row != sheet.header]
    for row, number in zip(sheet.rows, sheet.numbers, strict=True):
        if row == sheet.header:
            repair = "remove the row; if files were put together, look for rows that are there twice"
            _say(parsed, number, "", "the row repeats the column names", repair, "DATA-122")
    rows, numbers = tuple(sheet.rows[at] for at in kept), tuple(sheet.numbers[at] for at in kept)
    return replace(sheet, rows=rows, numbers=numbers)


def _below_header(sheet: Sheet, dictionary: Dictionary, parsed: Parsed) -> Sheet:
    """Return the sheet with the dictionary's spelling in its header; without one, the fault and an empty sheet."""
    columns = dictionary.columns(sheet.table)
    header = tuple(_spelt(text, columns) for text in sheet.header)
    if not sheet.place or any(split_header(text)[0] in columns for text in header):
        return replace(sheet, header=header)
    rows = zip(sheet.rows, sheet.numbers, strict=True)
    lower = next((row for cells, row in rows if sum(_spelt(text, columns) in columns for text in cells) > 1), 0)
    required = ", ".join(name for name, column in columns.items() if column.required)
    repair = f"they are in row {lower}: remove the rows above it" if lower else f"write them there: {required}"
    _say(parsed, 1, "", "none of the table's column names is in row 1", repair, "DATA-105")
    parsed.is_broken = True
    return replace(sheet, header=tuple(columns), rows=(), numbers=())


def _spelt(text: str, columns: Mapping[str, Column]) -> str:
    """Return a column's name as the dictionary writes it, whatever its capitals and blanks: "Lead days [weeks]"."""
    name, unit = split_header(text)
    known = "_".join(re.findall(r"[^\W_]+", name)).lower()
    if name in columns or known not in columns:
        return text
    return f"{known} [{unit}]" if unit else known


def _by_column(rows: tuple[tuple[str, ...], ...], width: int) -> list[tuple[str, ...]]:
    """Return the cells column by column, cells that a row lacks as blank ones."""
    if not rows:
        return [()] * width
    if set(map(len, rows)) != {width}:
        rows = tuple((*row[:width], *("",) * (width - len(row))) for row in rows)
    return list(zip(*rows, strict=True))


def _mark(sheet: Sheet, cells: list[tuple[str, ...]], numbers: list[int], parsed: Parsed) -> str:
    """Return what stands before the decimals, and remark upon a comma."""
    mark = decimal_mark((text for at in numbers for text in cells[at]), sheet.separator)
    if mark == ",":
        at, text = min((at, text) for n in numbers for at, text in enumerate(cells[n]) if "," in text)
        parsed.remarks.append(Remark("decimal commas", f"'{text}' in row {sheet.numbers[at]}"))
    return mark


def _header(sheet: Sheet, dictionary: Dictionary, parsed: Parsed) -> tuple[dict[str, int], dict[str, str]]:
    columns = dictionary.columns(sheet.table)
    at: dict[str, int] = {}
    units: dict[str, str] = {}
    names = [split_header(text) for text in sheet.header]
    twice = {name for name, count in Counter(name for name, _ in names).items() if count > 1 and name}
    near = Suggestions(columns)
    for position, (name, unit) in enumerate(names):
        if not name:
            _nameless(sheet, position, parsed)
        elif name not in columns:
            repair = near.repair(name, "remove the column, or put what it says into note")
            _say(parsed, 1, name, "no rule honours this column", repair, "DATA-103")
        elif name not in at:
            at[name] = position
            units.update(_unit(columns[name], unit, parsed))
    for name in sorted(twice & set(columns)):
        parsed.is_broken = True
        _say(parsed, 1, name, "the column is given twice", "keep one of the two", "DATA-106")
    for name, column in columns.items():
        if column.required and name not in at:
            parsed.is_broken = True
            _say(parsed, 1, name, "the column is missing", f"add a column {name}: {column.meaning}", "DATA-105")
    return at, units


def _unit(column: Column, unit: str, parsed: Parsed) -> dict[str, str]:
    """Return {column: unit} if the header carries a unit that is known for the column."""
    if not unit:
        return {}
    bases = list(UNITS) if column.unit.startswith("by ") else [column.unit]
    allowed = [name for base in bases for name in UNITS.get(base, {})]
    if unit in allowed:
        return {column.name: unit}
    fact = f"[{unit}] is no unit for this column"
    repair = f"write {listed(allowed)}" if allowed else "remove the unit: this column has none"
    _say(parsed, 1, column.name, fact, repair, "DATA-116")
    return {}


def _nameless(sheet: Sheet, position: int, parsed: Parsed) -> None:
    cells = zip(sheet.rows, sheet.numbers, strict=True)
    filled = [number for row, number in cells if any(row[position : position + 1])]
    if filled:
        fact = f"column {position + 1} has no name but is filled in"
        _say(parsed, filled[0], "", fact, "name the column in row 1, or empty it", "DATA-120")


def _lengths(sheet: Sheet, parsed: Parsed, columns: tuple[str, ...]) -> None:
    """Refuse rows that are longer or shorter than the header: an unquoted 1,500 or a cut-off line shifts cells."""
    width = len(sheet.header)
    named = max((at + 1 for at, name in enumerate(sheet.header) if name), default=0)
    if set(map(len, sheet.rows)) <= {width}:
        return
    wrong = [at for at, row in enumerate(sheet.rows) if not named <= len(row) <= width]
    for at in wrong[:MOST]:
        row = sheet.rows[at]
        fact = f"the row has {len(row)} cells, the header {width}"
        repair = _length_repair(SEPARATORS[sheet.separator], len(row) - width, blank=not any(row[width:]))
        _say(parsed, sheet.numbers[at], "", fact, repair, "DATA-117")
    parsed.problems.count((sheet.table, ""), "DATA-117", len(wrong[MOST:]))
    parsed.bad.add(sheet.table, columns, [sheet.numbers[at] for at in wrong])


def _length_repair(marks: str, more: int, *, blank: bool) -> str:
    if more < 0:
        return f"add the missing {marks}; a spreadsheet writes all of them if the last column is filled in"
    if blank:
        return f"remove the {marks} at its end, or those inside a number or text"
    return f"put text with {marks} into double quotes, and write numbers without {marks}"


def _column(column: Column, texts: tuple[str, ...], unit: str, sheet: Sheet, parsed: Parsed) -> pd.Series:
    series, bad = read_column(column, texts, parsed.mark)
    if column.type == "date":
        _dotted(texts, sheet, parsed)
    for cell in bad[:MOST]:
        _say(parsed, sheet.numbers[cell.position], column.name, cell.fact, cell.repair, cell.code)
    if len(bad) > MOST:
        parsed.problems.count((sheet.table, column.name), bad[0].code, len(bad) - MOST)
    parsed.bad.add(sheet.table, [column.name], [sheet.numbers[at] for at in bad.positions])
    if unit and not column.unit.startswith("by "):
        by = factor(unit, column.unit)
        series = series * float(by.numerator) / float(by.denominator)
    return with_default(column, series, texts)


def _dotted(texts: tuple[str, ...], sheet: Sheet, parsed: Parsed) -> None:
    dotted = {text for text in set(texts) if "." in text and parse_dotted(text)}
    found = next((at for at, text in enumerate(texts) if text in dotted), None) if dotted else None
    what = "days as day.month.year"
    if found is not None and all(remark.what != what for remark in parsed.remarks):
        parsed.remarks.append(Remark(what, f"'{texts[found]}' in row {sheet.numbers[found]}"))


def _convert_by_row(
    series: dict[str, pd.Series],
    units: Mapping[str, str],
    columns: Mapping[str, Column],
    sheet: Sheet,
    parsed: Parsed,
) -> None:
    """Convert columns whose unit depends on another cell of the row (limits: the value's, on the measure)."""
    for name, unit in units.items():
        if not columns[name].unit.startswith("by "):
            continue
        other = columns[columns[name].unit.removeprefix("by ")]
        values = series[name].to_numpy(copy=True)
        for position, choice in enumerate(series[other.name]):
            base = other.choice_units.get(choice, "")
            if unit in UNITS.get(base, {}):
                by = factor(unit, base)
                values[position] = values[position] * by.numerator / by.denominator
            elif choice:
                fact = f"{choice} is not measured in [{unit}]"
                repair = "leave the unit out of the header, and write shares from 0 to 1, t and USD"
                _say(parsed, sheet.numbers[position], name, fact, repair, "DATA-116")
                parsed.bad.add(sheet.table, [name], [sheet.numbers[position]])
        series[name] = pd.Series(values, dtype="float64")


def _say(parsed: Parsed, row: int, column: str, fact: str, repair: str, code: str) -> None:
    parsed.problems.add(Problem(parsed.table, row, column, fact, repair, code))
