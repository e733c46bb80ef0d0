"""The dated tables of a plan against its orders, dated anew: orders, days, waits; and its options, counted again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.audit import layout
from sourcing.audit.cells import named
from sourcing.audit.options import options_again
from sourcing.audit.verdict import money_slack, tonnes_slack
from sourcing.replay.words import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pandas import DataFrame

    from sourcing.audit.cells import Book, Row
    from sourcing.daily import DayByDay
    from sourcing.replay import Facts

_MONEY, _STOCK = ("price", "amount", "cost"), ("lowest", "end")
_REREAD = 1e-4
"""Of the noise of a point: what reading the plan from its files may add to sums of its days."""
_DAYS_OF_USE = 1e-6
"""Days, and part of them: what days of use may differ by."""


def dated_tables(facts: Facts, daily: DayByDay, book: Book, plan_tables: Mapping[str, DataFrame]) -> Iterator[str]:
    """Yield a finding for each row that does not follow from the plan; nothing of a plan that has no such table."""
    there = [table for table in layout.DATED if table in plan_tables]
    for table in layout.DATED if there else ():
        if table not in there:
            yield f"table {table}: the whole table cannot be found in the plan"
            continue
        own: dict[tuple[Any, ...], Row] = {_key(table, row): row for row in _meant(facts, table, daily, book)}
        for row in book[table]:
            meant = own.pop(_key(table, row), None)
            if meant is None:
                yield f"{named(table, row)}: nothing of the kind follows from the plan's other tables"
            else:
                yield from _cells(table, row, meant, daily)
        yield from (f"{named(table, row)}: the plan has no such row, and it follows from it" for row in own.values())


def _meant(facts: Facts, table: str, daily: DayByDay, book: Book) -> Iterable[Row]:
    """Return the rows that a table has to have."""
    if table == "options":
        return options_again(facts, book, [each._asdict() for each in daily.later])
    return [each._asdict() for each in daily.rows[table]]


def _key(table: str, row: Row) -> tuple[Any, ...]:
    return tuple(row[column] for column in layout.KEYS[table])


def _cells(table: str, row: Row, meant: Row, daily: DayByDay) -> Iterator[str]:
    """Yield a finding for each cell of a row that is not what it is meant to be."""
    for column in layout.COLUMNS[table]:
        said, own = row[column], meant[column]
        if isinstance(said, float) and isinstance(own, float):
            same = abs(said - own) <= _slack(column, meant, daily)
            said, own = number(said), number(own)
        else:
            same = said == own
        if not same:
            yield f"{named(table, row)}: the plan says {column} {_told(said)}, its orders day by day {_told(own)}"


def _slack(column: str, meant: Row, daily: DayByDay) -> float:
    """Return by how much a number may differ."""
    own: float = meant[column]
    if column in _MONEY:
        return money_slack(own)
    if column == "days_of_use":
        return _DAYS_OF_USE * (1 + abs(own))
    noise = daily.noise[meant["site"], meant["material"]] if column in _STOCK else 0.0
    return _REREAD * noise + tonnes_slack(meant.get("planned", own))


def _told(value: object) -> str:
    return "nothing" if value is None or value == "" else str(value)
