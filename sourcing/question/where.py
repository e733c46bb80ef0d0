"""Which column an edit's ``where`` means: one of the table, or one of a table it refers to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.tables.problems import did_you_mean, listed

if TYPE_CHECKING:
    from sourcing.tables.dictionary import Column, Dictionary


def resolve(table: str, key: str, dictionary: Dictionary) -> list[tuple[str, ...]]:
    """Return the readings of ``key``: ("price",) for an own column, ("site", "country") for one looked up.

    "site.country" names the way; a bare "country" is looked up through the columns every row must fill in. One
    reading is a clear one.
    """
    columns = dictionary.columns(table)
    if key in columns:
        return [(key,)]
    via, dot, name = key.partition(".")
    ways = [via] if dot else [column.name for column in columns.values() if column.required]
    name = name if dot else key
    return [(way, name) for way in ways if way in columns and name in _target(columns[way], dictionary)]


def unclear_words(table: str, key: str, dictionary: Dictionary) -> tuple[str, str] | None:
    """Return fact and repair for a key that has no reading or several, None for a clear one."""
    readings = resolve(table, key, dictionary)
    if len(readings) == 1:
        return None
    if readings:
        ways = listed(".".join(reading) for reading in readings)
        return f"'{key}' could be of several columns of {table}", f"write {ways}"
    return f"{table} has no column '{key}'", did_you_mean(
        key, dictionary.columns(table), f"write {listed(dictionary.columns(table))}"
    )


def _target(column: Column, dictionary: Dictionary) -> dict[str, Column]:
    if column.type != "reference" or len(column.refers_to) != 1 or column.refers_to[0] not in dictionary.tables:
        return {}
    return dict(dictionary.columns(column.refers_to[0]))
