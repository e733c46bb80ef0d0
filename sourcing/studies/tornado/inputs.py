"""The numbers that a plan depends on, each with its rows, its range and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from sourcing.studies.tornado.ranges import CONFIDENCE
from sourcing.studies.tornado.words import said
from sourcing.tables.dictionary import column_dictionary

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sourcing.studies.tornado.ranges import Ranges
    from sourcing.tables import Case

NOT_VARIED = {
    "stocks, open orders, awards, last orders": "your own records; look them up",
    "limits, conditions, splits, incumbents, preference": "what is wanted, not what is known: see sourcing target",
    "contents, properties, origins, governance, carbon": "what limits count by, where there are any",
    "minimum lots, fees, fixed and opening costs, tiers, holding and disposal": "terms of a contract or of a plant",
}
"""What stays as stated, and why."""
_RAMPED = {"offers": "offer", "processes": "process", "lines": "line"}
_WHERE = ("origin_country", "destination", "mode")


class Cells(NamedTuple):
    """Cells of one column of a table, by the positions of their rows."""

    table: str
    column: str
    rows: tuple[int, ...]


@dataclass(frozen=True)
class Input:
    """One number that somebody states: its cells move together.

    ``value`` is that of its first row, of a capacity over time the largest, of dates the days since 1970. ``low`` and
    ``high`` are factors on every cell, of a ramp days. ``key`` is what it is called in tables, ``words`` on the screen.
    """

    key: str
    kind: str
    words: str
    cells: tuple[Cells, ...]
    value: float
    unit: str
    low: float
    high: float
    place: str
    confidence: str
    source: str
    as_of: str

    @property
    def ends(self) -> tuple[float, float]:
        """What it is at its low and at its high end."""
        if self.kind == "ramp":
            return self.value + self.low, self.value + self.high
        found = self.value * self.low, self.value * self.high
        return (float(round(found[0])), float(round(found[1]))) if self.unit == "days" else found


class _Fact(NamedTuple):
    """A kind of number: its column, and the columns whose values tell one number of it from another."""

    kind: str
    table: str
    column: str
    by: tuple[str, ...]


_FACTS = (
    _Fact("price", "offers", "price", ("offer",)),
    _Fact("price", "contracts", "price", ("contract",)),
    _Fact("price", "prices", "value", ("index",)),
    _Fact("price", "tiers", "price", ("offer",)),
    _Fact("capacity", "offers", "capacity", ("offer",)),
    _Fact("capacity", "processes", "capacity", ("process",)),
    _Fact("capacity", "lines", "capacity", ("line",)),
    _Fact("capacity", "lanes", "capacity", ("origin", "destination", "material", "mode")),
    _Fact("capacity", "sites", "capacity", ("site",)),
    _Fact("ramp", "ramps", "from", ("offer", "process", "line")),
    _Fact("yield", "recipes", "quantity", ("process",)),
    _Fact("demand", "demand", "quantity", ("site", "material")),
    _Fact("freight", "lanes", "freight", (*_WHERE, "freight", "source")),
    _Fact("conversion", "processes", "cost", ("process",)),
    _Fact("duty", "tariffs", "rate", ("importer", "origin", "tariff_code", "from")),
    _Fact("lead time", "offers", "lead_days", ("offer",)),
    _Fact("process time", "processes", "days", ("process",)),
    _Fact("transit", "lanes", "transit_days", (*_WHERE, "transit_days", "source")),
    _Fact("licence", "licences", "lag_days", ("country", "destination", "lag_days", "source")),
)


def inputs_of(case: Case, ranges: Ranges) -> list[Input]:
    """Return every number of a case that may be off, in the order of the kinds; what is 0 or blank cannot be."""
    tables = {table: case[table].to_dict("records") for table in {fact.table for fact in _FACTS}}
    home = dict(zip(case["sites"]["site"], case["sites"]["country"], strict=True))
    for lane in tables["lanes"]:
        lane["origin_country"] = home[lane["origin"]]
    found = (each for fact in _FACTS for each in _Reading(case, tables, ranges, fact).inputs())
    return [each for each in found if each.value != 0 and any(end != each.value for end in each.ends)]


class _Reading(NamedTuple):
    """The numbers of one kind, read from tables as rows by column."""

    case: Case
    tables: Mapping[str, list[dict[Any, Any]]]
    ranges: Ranges
    fact: _Fact

    def inputs(self) -> Iterator[Input]:
        groups: dict[tuple[str, ...], list[int]] = {}
        for at, row in enumerate(self.tables[self.fact.table]):
            cell = row[self.fact.column]
            if not (pd.isna(cell) or (self.fact.kind == "yield" and cell <= 0)):
                groups.setdefault(tuple(_text(row[name]) for name in self.fact.by), []).append(at)
        for rows in groups.values():
            cells = [Cells(self.fact.table, self.fact.column, tuple(rows)), *self._over_time(rows[0])]
            yield self._input(cells)

    def _over_time(self, at: int) -> Iterator[Cells]:
        """Yield the ramp that a capacity has: the same number in later periods."""
        if self.fact.kind == "capacity" and self.fact.table in _RAMPED:
            owner = _RAMPED[self.fact.table]
            code = self.tables[self.fact.table][at][owner]
            ramp = tuple(row for row, each in enumerate(self.tables["ramps"]) if each[owner] == code)
            if ramp:
                yield Cells("ramps", "capacity", ramp)

    def _input(self, cells: list[Cells]) -> Input:
        fact, case = self.fact, self.case
        members = [(part, self.tables[part.table][at]) for part in cells for at in part.rows]
        labels = [str(row["confidence"] or "blank") for _, row in members]
        weakest = labels.index(max(labels, key=CONFIDENCE.index))
        part, stated = members[weakest]
        first = members[0][1]
        values = [_number(row[each.column]) for each, row in members]
        low, high = self.ranges.of(fact.kind, labels[weakest].replace("blank", ""))
        if fact.kind == "yield":
            high = min(high, self._at_most(str(first["process"])))
        more = f" (and {len(members) - 1} more row{'s' if len(members) > 2 else ''})" if len(members) > 1 else ""
        codes = ",".join(_text(first[name]) for name in column_dictionary().key(fact.table))
        return Input(
            key=f"{fact.table}[{codes}].{fact.column}",
            kind=fact.kind,
            words=said(case, fact.kind, fact.table, first),
            cells=tuple(cells),
            value=max(values) if fact.kind in {"capacity", "demand"} else values[0],
            unit="date" if fact.kind == "ramp" else column_dictionary().columns(fact.table)[fact.column].unit,
            low=low,
            high=high,
            place=case.place(part.table, int(stated["row"]), part.column) + more,
            confidence=labels[weakest].replace("blank", ""),
            source=_text(stated["source"]),
            as_of=_text(stated["as_of"]),
        )

    def _at_most(self, process: str) -> float:
        """Return by how much the outputs of a process may grow until as much comes out as goes in, no less than 1."""
        recipe = [float(row["quantity"]) for row in self.tables["recipes"] if row["process"] == process]
        return max(-sum(min(each, 0.0) for each in recipe) / sum(max(each, 0.0) for each in recipe), 1.0)


def _number(cell: Any) -> float:
    return (
        float(cell.to_datetime64().astype("datetime64[D]").astype(int))
        if isinstance(cell, pd.Timestamp)
        else float(cell)
    )


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell
    return "" if pd.isna(cell) else f"{cell:%Y-%m-%d}" if isinstance(cell, pd.Timestamp) else f"{cell:.12g}"
