"""Common index of rows and columns of like programs, so that one may be turned into another cell by cell."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy import sparse

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.protocol import Block

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

_SIDES = ("cost", "shortage", "column_lower", "column_upper")


class Change(NamedTuple):
    """Cells of a program (see ``Cells``) and what they are instead."""

    cell: Ints
    value: Reals

    def __bool__(self) -> bool:
        """Say whether anything changes."""
        return len(self.cell) > 0


@dataclass(frozen=True, eq=False)
class Cells:
    """A program as one long vector: costs, shortage, bounds of columns, bounds of rows, then the matrix.

    ``vector`` holds what is dense (4 per column, 2 per row); the coefficient of row i and column j is cell
    ``len(vector) + i * columns + j``, and only those in ``keys`` (sorted) are not 0.
    """

    columns: int
    rows: int
    vector: Reals
    keys: Ints
    data: Reals

    def part(self, name: str) -> Reals:
        """Return one of cost, shortage, column_lower, column_upper, row_lower, row_upper."""
        if name in _SIDES:
            start = _SIDES.index(name) * self.columns
            return self.vector[start : start + self.columns]
        start = 4 * self.columns + (self.rows if name == "row_upper" else 0)
        return self.vector[start : start + self.rows]

    @property
    def matrix(self) -> sparse.csr_array:
        """The coefficients."""
        row, column = np.divmod(self.keys, self.columns)
        return sparse.csr_array((self.data, (row, column)), shape=(self.rows, self.columns))

    def at(self, cell: Ints) -> Reals:
        """Return what some cells are."""
        dense = cell < len(self.vector)
        found = np.empty(len(cell))
        found[dense] = self.vector[cell[dense]]
        found[~dense] = _values_at(self, cell[~dense] - len(self.vector))
        return found

    def change_to(self, other: Cells) -> Change:
        """Return the cells in which another program differs, to the last bit."""
        dense = np.flatnonzero(self.vector != other.vector)
        mine = _values_at(self, other.keys)
        put = other.keys[mine != other.data]
        gone = self.keys[~_found(other.keys, self.keys)]
        keys = np.sort(np.concatenate([put, gone]))
        values = np.concatenate([other.vector[dense], _values_at(other, keys)])
        return Change(np.concatenate([dense, keys + len(self.vector)]), values)

    def with_change(self, change: Change) -> Cells:
        """Return the program with cells replaced."""
        dense = change.cell < len(self.vector)
        vector = self.vector.copy()
        vector[change.cell[dense]] = change.value[dense]
        if dense.all():
            return replace(self, vector=vector)
        put = change.cell[~dense] - len(self.vector)
        kept = ~_found(put, self.keys)
        keys = np.concatenate([self.keys[kept], put])
        order = np.argsort(keys)
        data = np.concatenate([self.data[kept], change.value[~dense]])
        return replace(self, vector=vector, keys=keys[order], data=data[order])

    def entries(self, change: Change) -> tuple[Ints, Ints, Reals]:
        """Return row, column and new value of the coefficients that a change replaces."""
        in_matrix = change.cell >= len(self.vector)
        row, column = np.divmod(change.cell[in_matrix] - len(self.vector), self.columns)
        return row, column, change.value[in_matrix]


def _found(sorted_keys: Ints, keys: Ints) -> NDArray[np.bool_]:
    if not len(sorted_keys):
        return np.zeros(len(keys), bool)
    at = np.minimum(np.searchsorted(sorted_keys, keys), len(sorted_keys) - 1)
    found: NDArray[np.bool_] = sorted_keys[at] == keys
    return found


def _values_at(cells: Cells, keys: Ints) -> Reals:
    if not len(cells.keys):
        return np.zeros(len(keys))
    at = np.minimum(np.searchsorted(cells.keys, keys), len(cells.keys) - 1)
    return np.where(cells.keys[at] == keys, cells.data[at], 0.0)


class _Known:
    """The members of a block so far: their labels, and where each (entity, node) stands."""

    def __init__(self, nodes: int) -> None:
        self.codes: dict[tuple[object, ...], int] = {}
        self.places = np.full((0, nodes), -1, np.int64)
        self._seen: tuple[pd.DataFrame, Ints] | None = None

    def code(self, block: Block, *, new: bool) -> Ints | None:
        """Return the entity here of each entity of a block, adding ``new`` ones; None if one is unknown."""
        if block.grid.shape[1] != self.places.shape[1]:
            return None
        if self._seen is not None and (self._seen[0] is block.entities or self._seen[0].equals(block.entities)):
            return self._seen[1]
        labels = list(block.entities.itertuples(index=False, name=None))
        if new:
            for label in labels:
                self.codes.setdefault(label, len(self.codes))
            more = len(self.codes) - len(self.places)
            self.places = np.pad(self.places, ((0, more), (0, 0)), constant_values=-1)
        found = np.array([self.codes.get(label, -1) for label in labels], np.int64)
        if (found < 0).any():
            return None
        self._seen = (block.entities, found)
        return found


class Space:
    """The columns and rows of several formulations together; those of the first have the places that they have there.

    What a formulation lacks has no room to be anything but 0, and what rows it lacks ask for nothing.
    """

    def __init__(self, formulations: Sequence[Formulation]) -> None:
        self._known: dict[tuple[str, str], _Known] = {}
        self._sizes = {"columns": 0, "rows": 0}
        for formulation in formulations:
            for side, name, block in _blocks(formulation):
                self._settle(side, name, block)
        self.columns, self.rows = self._sizes["columns"], self._sizes["rows"]

    def _settle(self, side: str, name: str, block: Block) -> None:
        """Give every member of a block a place, new ones behind all that have one."""
        known = self._known.setdefault((side, name), _Known(block.grid.shape[1]))
        codes = known.code(block, new=True)
        if codes is None:
            return
        own = known.places[codes[block.code], block.node]
        new = own < 0
        own[new] = self._sizes[side] + np.arange(int(new.sum()))
        known.places[codes[block.code], block.node] = own
        self._sizes[side] += int(new.sum())

    def cells(self, formulation: Formulation) -> Cells | None:
        """Return a formulation in this space; None if it has columns or rows that are not of it."""
        where = self.places(formulation)
        return None if where is None else self._laid_out(formulation, where)

    def places(self, formulation: Formulation) -> dict[str, Ints] | None:
        """Return where the columns and the rows of a formulation stand; None if some stand nowhere."""
        where = {"columns": np.full(formulation.shape[1], -1), "rows": np.full(formulation.shape[0], -1)}
        for side, name, block in _blocks(formulation):
            known = self._known.get((side, name))
            codes = None if known is None else known.code(block, new=False)
            if known is None or codes is None:
                return None
            where[side][block.ids] = known.places[codes[block.code], block.node]
        return None if any((place < 0).any() for place in where.values()) else where

    def _laid_out(self, formulation: Formulation, where: Mapping[str, Ints]) -> Cells:
        columns, rows = where["columns"], where["rows"]
        dense = np.zeros((4, self.columns))
        sides = (formulation.objectives["cost"], formulation.objectives["shortage"])
        for at, side in enumerate((*sides, formulation.column_lower, formulation.column_upper)):
            dense[at, columns] = side
        beside = np.stack([np.full(self.rows, -np.inf), np.full(self.rows, np.inf)])
        beside[0, rows], beside[1, rows] = formulation.row_lower, formulation.row_upper
        entries = formulation.matrix.tocoo()
        keys = rows[entries.row].astype(np.int64) * self.columns + columns[entries.col]
        order = np.argsort(keys)
        vector = np.concatenate([dense.ravel(), beside.ravel()])
        return Cells(self.columns, self.rows, vector, keys[order], entries.data[order])


def _blocks(formulation: Formulation) -> list[tuple[str, str, Block]]:
    columns = [("columns", name, block) for name, block in formulation.columns.items()]
    return columns + [("rows", name, block) for name, block in formulation.rows.items()]
