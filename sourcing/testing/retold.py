"""The same question in other words: other units, another order of rows, other names.

What none of these may change is the answer: what goes short, and the cost. Each change takes what is asked and returns
it changed.
"""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.tables.dictionary import countries
from sourcing.testing.asked import Asked, columns_of
from sourcing.units import UNITS, factor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sourcing.question.schema import Edit
    from sourcing.tables.dictionary import Column
    from sourcing.testing.asked import Row


def in_another_order(asked: Asked) -> Asked:
    """Shuffle the rows and columns of every table, and the limits of the question."""
    draw = random.Random(7)
    tables = {
        name: frame.iloc[draw.sample(range(len(frame)), len(frame)), draw.sample(range(frame.shape[1]), frame.shape[1])]
        for name, frame in asked.tables.items()
    }
    limits = draw.sample(asked.question.limits, len(asked.question.limits))
    return replace(asked, tables=tables, question=asked.question.model_copy(update={"limits": limits}))


def in_units(**units: str) -> Callable[[Asked], Asked | None]:
    """Return a change of units: of every number whose unit inside is a key (``t_year`` is t/year), to another."""
    other = {name.replace("_", "/"): unit for name, unit in units.items()}
    assert other.keys() <= UNITS.keys()

    def change(asked: Asked) -> Asked:
        return replace(asked, tables={name: _converted(name, frame, other) for name, frame in asked.tables.items()})

    return change


def _converted(table: str, frame: pd.DataFrame, other: Mapping[str, str]) -> pd.DataFrame:
    changed = {}
    for name in map(str, frame):
        base = columns_of(table)[name].unit
        unit = other.get(base, base) if columns_of(table)[name].is_number else base
        by = factor(unit, base) if unit != base else 1
        changed[name if unit == base else f"{name} [{unit}]"] = frame[name] / float(by) if unit != base else frame[name]
    return pd.DataFrame(changed)


def under_other_names(asked: Asked) -> Asked:
    """Give every code that a case makes up another one, in all tables and in the question; countries stay."""
    found = {
        str(code)
        for table, frame in asked.tables.items()
        for name in map(str, frame)
        if _is_code(columns_of(table)[name])
        for code in frame[name]
    }
    found |= {str(limit["limit"]) for limit in asked.question.limits}
    codes = sorted(found - {""} - countries().keys())
    numbers = random.Random(11).sample(range(len(codes)), len(codes))
    new = {code: f"n{number:04d}" for code, number in zip(codes, numbers, strict=True)}
    tables = {
        name: frame.assign(
            **{column: _renamed(columns_of(name)[column], frame[column], new) for column in map(str, frame)}
        )
        for name, frame in asked.tables.items()
    }
    limits = [_row_renamed("limits", limit, new) for limit in asked.question.limits]
    edits = [_edit_renamed(edit, new) for edit in asked.question.edits]
    question = asked.question.model_copy(update={"limits": limits, "edits": edits})
    return Asked(question, tables, {there: here for here, there in new.items()})


_FREE = {
    ("offers", "supplier"),
    ("sites", "owner"),
    ("contents", "element"),
    ("properties", "property"),
    ("lanes", "mode"),
}
_SPOKEN = {
    ("limits", "member"),
    ("groups", "member"),
    ("conditions", "if"),
    ("conditions", "then"),
    ("last_orders", "offer"),
    ("last_orders", "destination"),
    ("last_orders", "mode"),
}


def _is_code(column: Column) -> bool:
    """Whether cells of a column are codes that the case makes up."""
    own = column.type == "text" and column.key == 1 and (column.table, column.name) not in _SPOKEN
    return own or (column.table, column.name) in _FREE


def _renamed(column: Column, cells: pd.Series, new: Mapping[str, str]) -> pd.Series:
    if not (_is_code(column) or column.type == "reference" or (column.table, column.name) in _SPOKEN):
        return cells
    return cells.map(lambda cell: new.get(cell, cell))


def _under(table: str, frame: pd.DataFrame, new: Mapping[str, str]) -> pd.DataFrame:
    known = columns_of(table)
    return frame.assign(**{name: _renamed(known[name], frame[name], new) for name in map(str, frame)})


def _row_renamed(table: str, row: Mapping[str, Any], new: Mapping[str, str]) -> Row:
    known = columns_of(table)
    return {name: _renamed(known[name], pd.Series([cell], dtype=object), new).iloc[0] for name, cell in row.items()}


def _edit_renamed(edit: Edit, new: Mapping[str, str]) -> Row:
    """Return an edit with other codes in its rows; ``where`` may look a column up in another table."""
    table, said = edit.table, edit.model_dump(exclude_defaults=True)
    if "where" in said:
        said["where"] = {name: [new.get(str(cell), cell) for cell in cells] for name, cells in edit.conditions.items()}
    if "set" in said:
        said["set"] = _row_renamed(table, said["set"], new)
    if "add" in said:
        said["add"] = [_row_renamed(table, row, new) for row in said["add"]]
    return said


SAID: dict[str, Callable[[Asked], Asked | None]] = {
    "pounds, months and weeks": in_units(t="lb", USD_t="USD/lb", t_year="t/month", days="weeks", share="%", USD="kUSD"),
    "kilograms": in_units(
        t="kg", USD_t="USD/kg", t_year="kg/year", USD_t_year="USD/kg/year", t_t="kg/t", USD_year="kUSD/year"
    ),
    "kilotonnes": in_units(t="kt", USD_t="kUSD/t", t_year="kt/year", t_t="%", USD="MUSD", USD_year="MUSD/year"),
    "another order": in_another_order,
    "other names": under_other_names,
}
"""The same data in other words."""
