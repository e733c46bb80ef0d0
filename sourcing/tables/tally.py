"""Faults of tables as they are found: the first of each kind in words, of all others the number."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.tables.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    Tables = Mapping[str, pd.DataFrame]

MOST = 50
"""Faults of one kind in one column that are listed; who has more of them has seen by then what is wrong."""

Place = tuple[str, str]
"""Table and column."""


class Told:
    """Cells that a fault was told of; ``rows`` are rows of the file."""

    def __init__(self) -> None:
        self._rows: dict[Place, list[NDArray[np.int64]]] = {}
        self._sets: dict[Place, frozenset[int]] = {}

    def add(self, table: str, columns: Iterable[str], rows: Sequence[int] | NDArray[np.int64]) -> None:
        """Note cells: these rows of each of the columns."""
        numbers = np.asarray(rows, dtype=np.int64)
        for column in columns:
            self._rows.setdefault((table, column), []).append(numbers)
            self._sets.pop((table, column), None)

    def update(self, other: Told) -> None:
        """Note the cells of another."""
        for (table, column), parts in other._rows.items():
            self.add(table, [column], np.concatenate(parts))

    def among(self, table: str, column: str, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
        """Return which of some rows were told of in a column."""
        parts = self._rows.get((table, column))
        return np.isin(rows, np.concatenate(parts)) if parts else np.zeros(len(rows), dtype=bool)

    def __contains__(self, problem: Problem) -> bool:
        """Return whether a fault is of a cell that was told of."""
        place = problem.table, problem.column
        if place not in self._rows:
            return False
        if place not in self._sets:
            self._sets[place] = frozenset(np.concatenate(self._rows[place]).tolist())
        return problem.row in self._sets[place]


@dataclass
class Tally:
    """Faults of each kind in each column: the first ``MOST`` of them, and how many there are.

    A column that the dictionary lacks is as good as any other such column: ``known`` has those of each table.
    """

    known: Mapping[str, Iterable[str]] = field(default_factory=dict)
    told: Told = field(default_factory=Told)
    _first: dict[tuple[str, str, str], list[Problem]] = field(default_factory=dict)
    _count: Counter[tuple[str, str, str]] = field(default_factory=Counter)

    def add(self, problem: Problem) -> None:
        """Take in a fault, unless its cell was told of."""
        if problem in self.told:
            return
        kind = self._kind(problem.table, problem.column, problem.code)
        self._count[kind] += problem.count
        first = self._first.setdefault(kind, [])
        if len(first) < MOST:
            first.append(problem)

    def take(self, problems: Iterable[Problem]) -> None:
        """Take in faults."""
        for problem in problems:
            self.add(problem)

    def rows(self, place: Place, rows: pd.Series, code: str, say: Callable[[int], tuple[str, str]]) -> None:
        """Take in a fault of one column in each of some rows; ``say`` returns fact and repair of the row at a place."""
        numbers = rows.to_numpy(dtype=np.int64)
        fresh = np.flatnonzero(~self.told.among(*place, numbers))
        if not len(fresh):
            return
        kind = self._kind(*place, code)
        first = self._first.setdefault(kind, [])
        for at in fresh[: MOST - len(first)].tolist():
            first.append(Problem(place[0], int(numbers[at]), place[1], *say(at), code))
        self._count[kind] += len(fresh)

    def count(self, place: Place, code: str, further: int) -> None:
        """Take in the number of further faults of a kind of which the first are here."""
        self._count[self._kind(*place, code)] += further

    def finds_none(self, look: Callable[[Tables], None], tables: Tables) -> bool:
        """Say whether a look at tables takes in no fault."""
        before = self._count.total()
        look(tables)
        return self._count.total() == before

    def listed(self) -> list[Problem]:
        """Return the first of each kind, and after them how many more there are."""
        found: list[Problem] = []
        for kind, first in self._first.items():
            found += first
            more = self._count[kind] - len(first)
            if more > 0:
                fact, repair = f"and {more:,} more of this kind", "correct those that are listed, and check again"
                last = replace(first[-1], fact=fact, repair=repair, column=kind[1], count=more)
                found.append(replace(last, row=min(last.row, 0)))  # rows of a file need no place of their own
        return found

    def _kind(self, table: str, column: str, code: str) -> tuple[str, str, str]:
        return table, column if column in self.known.get(table, ()) else "", code
