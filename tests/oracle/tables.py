"""Tables and a question as plain rows: text, numbers, days (as ordinals) and the periods of the horizon."""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import cache, cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

Row = dict[str, str]
INFINITE = float("inf")
BY_USE = ("share", "hhi", "governance_hhi", "suppliers")
"""Measures whose limits count use where they do not say what they count."""
NOT_TOLD = "(not told)"
"""Who made goods of which nobody tells it."""
ALWAYS = (date.min.toordinal(), date.max.toordinal())


def number(row: Row, column: str, blank: float = 0.0) -> float:
    """Return a cell as a number, or what a blank one means."""
    text = row.get(column, "")
    return float(text) if text != "" else blank


def filled(row: Row, column: str) -> bool:
    return row.get(column, "") != ""


def counts_use(row: Row) -> bool:
    """Whether a limit counts what is used: it says so, or says nothing and is on shares, HHI or suppliers."""
    return (row.get("counts") or ("use" if row["measure"] in BY_USE else "")) == "use"


def day(text: str) -> int:
    """Return the ordinal of `2027-03-15`; `2027-03` is its first day."""
    return date.fromisoformat(text if len(text) > 7 else f"{text}-01").toordinal()


def span(row: Row, first: str, end: str) -> tuple[int, int]:
    """Return the days from a column up to, not including, another; blank means always."""
    return (
        day(row[first]) if filled(row, first) else ALWAYS[0],
        day(row[end]) if filled(row, end) else ALWAYS[1],
    )


def months_on(ordinal: int, months: int) -> int:
    """Return the same day of the month so many months later, or earlier; of a month that is shorter its last."""
    start = date.fromordinal(ordinal)
    index = start.year * 12 + start.month - 1 + months
    year, month = index // 12, index % 12 + 1
    last = (date(year + month // 12, month % 12 + 1, 1) - date(year, month, 1)).days
    return date(year, month, min(start.day, last)).toordinal()


def calendar_span(period: str) -> tuple[int, int]:
    """Return first day and the day after the last of `2027`, `2027-Q3`, `2027-03` or `2027-03-15`."""
    year = int(period[:4])
    if len(period) == 4:
        return date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()
    if period[5] == "Q":
        first = date(year, 3 * int(period[6]) - 2, 1).toordinal()
        return first, months_on(first, 3)
    if len(period) == 7:
        return day(period), months_on(day(period), 1)
    return day(period), day(period) + 1


@cache
def year_part(ordinal: int) -> float:
    """Return what a day is of its own calendar year."""
    year = date.fromordinal(ordinal).year
    return 1 / (date(year + 1, 1, 1).toordinal() - date(year, 1, 1).toordinal())


def years(first: int, end: int) -> float:
    """Return Y(a, b): years from a to b, each day a part of its own calendar year."""
    return sum(year_part(ordinal) for ordinal in range(first, end))


def periods(horizon: dict[str, Any]) -> list[tuple[int, int]]:
    """Return the first day, and the day after the last, of each period of the horizon, then of its tail."""
    edges = [day(str(horizon["start"]))]
    since, months = edges[0], 0
    steps = list(horizon.get("steps") or [(horizon["length"], horizon["periods"])])
    for length, times in [*steps, (steps[-1][0], horizon["tail"])]:
        known = re.fullmatch(r"(?:(\d+) )?(day|week|month|quarter|year)s?", length)
        if known is None:
            raise ValueError(length)
        count, unit = known.groups()
        size = int(count or 1) * {"day": 1, "week": 7, "month": 1, "quarter": 3, "year": 12}[unit]
        for _ in range(times):
            since, months = (edges[-1] + size, 0) if unit in ("day", "week") else (since, months + size)
            edges.append(months_on(since, months) if months else since)
    return list(pairwise(edges))


class Due(NamedTuple):
    """A row of demand, or its repetition in the tail: its days, and the tonnes due on them, evenly."""

    row: Row
    first: int
    end: int
    tonnes: float

    def within(self, first: int, end: int) -> Due:
        """Return the part of it that lies between two days."""
        low, high = max(first, self.first), min(end, self.end)
        return self._replace(first=low, end=high, tonnes=self.tonnes * (high - low) / (self.end - self.first))

    def later(self, years: int, days: int) -> Due:
        """Return as many tonnes so many years, or days, later."""
        if days:
            return self._replace(first=self.first + days, end=self.end + days)
        return self._replace(first=months_on(self.first, 12 * years), end=months_on(self.end - 1, 12 * years) + 1)


@dataclass
class Case:
    """One question with its tables.

    Attributes
    ----------
    tables : rows by table; a table that is not there has none.
    question : the parsed question file.
    nodes : first day, and the day after the last, of each period, those of the tail included.
    reported : how many of these are not the tail's.
    give : the part of a limit by which an index of concentration may lie above it.
    """

    tables: dict[str, list[Row]]
    question: dict[str, Any]
    nodes: list[tuple[int, int]] = field(init=False)
    reported: int = field(init=False)
    give: float = 0.0

    def __post_init__(self) -> None:
        self.nodes = periods(self.question["horizon"])
        self.reported = len(self.nodes) - int(self.question["horizon"]["tail"])

    def rows(self, table: str) -> list[Row]:
        return self.tables.get(table, [])

    def by(self, table: str, column: str) -> dict[str, Row]:
        return {row[column]: row for row in self.rows(table)}

    @cached_property
    def materials(self) -> dict[str, Row]:
        return self.by("materials", "material")

    @cached_property
    def sites(self) -> dict[str, Row]:
        return self.by("sites", "site")

    @cached_property
    def groups(self) -> dict[str, set[str]]:
        groups: dict[str, set[str]] = {}
        for row in self.rows("groups"):
            groups.setdefault(row["group"], set()).add(row["member"])
        return groups

    @cached_property
    def present_value(self) -> list[float]:
        """What a dollar paid in the middle of each node is worth on the first day."""
        rate = float(self.question.get("objective", {}).get("discount_rate", 0.0))
        start = self.nodes[0][0]
        return [(1 + rate) ** -(years(start, first) + years(first, end) / 2) for first, end in self.nodes]

    @property
    def shortage(self) -> str:
        return str(self.question.get("objective", {}).get("shortage", "least"))

    def names(self, code: str, member: str) -> bool:
        """Whether a cell that may name a member or a group (blank = any) means this one."""
        return code in ("", member) or member in self.groups.get(code, ())

    def node_of(self, ordinal: int) -> int | None:
        """Return the node whose days hold this one; None outside the horizon."""
        return next((n for n, (first, end) in enumerate(self.nodes) if first <= ordinal < end), None)

    @cached_property
    def due(self) -> list[Due]:
        """Demand as the table has it, then as it is due again in the tail."""
        rows = [Due(row, *calendar_span(row["period"]), number(row, "quantity")) for row in self.rows("demand")]
        points = {(row["site"], row["material"]) for row in self.rows("demand")}
        return rows + [each for point in sorted(points) for each in self._again(rows, point)]

    def _again(self, rows: list[Due], point: tuple[str, str]) -> Iterator[Due]:
        """Yield what is due again at a point: the last twelve months before the end, or before the table's last day."""
        start, end = self.nodes[0][0], self.nodes[self.reported - 1][1]
        own = [each for each in rows if (each.row["site"], each.row["material"]) == point]
        last = max([end, *(each.end for each in own)])
        first = max(start, months_on(last, -12))
        length = 0 if first == months_on(last, -12) else last - first
        kept = [each.within(first, last) for each in own if each.first < last and each.end > first]
        for turn in range(1, 1 + (self.nodes[-1][1] - last) // (length or 365) + 1):
            yield from (each.later(turn, turn * length) for each in kept)

    def spread(self, due: Due) -> list[float]:
        """Return what of a demand falls into each node."""
        days = due.end - due.first
        return [due.tonnes * max(0, min(due.end, e) - max(due.first, s)) / days for s, e in self.nodes]


def read(path: Path) -> Case:
    """Read a question and its tables."""
    folder, question = path.parent, tomllib.loads(path.read_text(encoding="utf-8"))
    if "tail" not in question["horizon"]:
        raise ValueError(f"{path}: this program looks for no length of a tail; write one, 0 for none")
    tables = {}
    for path in sorted((folder / question["case"]).glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            tables[path.stem] = [dict(row) for row in csv.DictReader(file)]
    tables["limits"] = tables.get("limits", []) + [
        {key: str(value) for key, value in row.items()} for row in question.get("limits", [])
    ]
    return Case(tables, question)
