"""The model under construction: blocks of columns and rows, their matrix, and the ledger of postings."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from sourcing.errors import FaultyFamily
from sourcing.protocol import OWN, Account, Block, Bounds, Cone, Index

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.signedinteger[Any]]
    Reals = NDArray[np.float64]

_POSITION = np.int32
"""Positions of rows, columns and codes: HiGHS counts in 32 bits too."""
_SIDES = ("code", "node", "column", "value")
_LATE = (
    "{writer} posts to the account {account!r} after {reader} has read it: what it posts would be lost; "
    "let it post in build, or let its card say before = (...)"
)


@dataclass
class Piece:
    """What one family writes in one phase, and the accounts that it reads for that.

    ``start`` is the number of rows and of columns that are there before.
    """

    start: tuple[int, int]
    columns: list[tuple[Block, tuple[Reals, Reals]]] = field(default_factory=list)
    rows: list[tuple[Block, tuple[Reals, Reals]]] = field(default_factory=list)
    entries: list[tuple[Ints, Ints, Reals]] = field(default_factory=list)
    postings: list[tuple[str, Account]] = field(default_factory=list)
    cones: list[Cone] = field(default_factory=list)
    reads: dict[str, Account] = field(default_factory=dict)

    @property
    def size(self) -> int:
        """Number of coefficients and postings."""
        return sum(len(row) for row, *_ in self.entries) + sum(len(each.code) for _, each in self.postings)


@dataclass
class Builder:
    """Collects what families declare; implements the ``Model`` protocol.

    With ``explaining`` every row that names a relief gets a relief column for each side on which it can give way.
    ``writer`` is whose algebra writes at the moment.
    """

    explaining: bool = False
    writer: str = ""
    column_blocks: list[Block] = field(default_factory=list)
    row_blocks: list[Block] = field(default_factory=list)
    reliefs: dict[str, Block] = field(default_factory=dict)
    cones: list[Cone] = field(default_factory=list)
    _column_bounds: list[tuple[Reals, Reals]] = field(default_factory=list)
    _row_bounds: list[tuple[Reals, Reals]] = field(default_factory=list)
    _entries: list[tuple[Ints, Ints, Reals]] = field(default_factory=list)
    _ledger: dict[str, list[Account]] = field(default_factory=dict)
    _readers: dict[str, str] = field(default_factory=dict)
    _column_count: int = 0
    _row_count: int = 0
    _piece: Piece = field(default_factory=lambda: Piece((0, 0)))

    def begin(self, writer: str) -> Piece:
        """Let a family write; return what will hold all that it writes."""
        self.writer, self._piece = writer, Piece(self.shape)
        return self._piece

    def take(self, piece: Piece) -> None:
        """Take in what the same family wrote in another program, where it would write the same here."""
        for block, bounds in piece.columns:
            self._take_columns(block, bounds)
        for block, bounds in piece.rows:
            self._take_rows(block, bounds)
        for name, posted in piece.postings:
            self._refuse_late(name)
            self._ledger.setdefault(name, []).append(posted)
        self._entries += piece.entries
        self.cones += piece.cones
        for name in piece.reads:
            self._readers.setdefault(name, self.writer)

    def columns(self, name: str, index: Index, bounds: Bounds, unit: str = "t", *, whole: bool = False) -> Block:
        """Declare one column per member of ``index``; ``whole`` ones take whole numbers only."""
        block = replace(block_of(name, index, unit, self._column_count), whole=whole)
        self._take_columns(block, _arrays(bounds, len(block)))
        return block

    def _take_columns(self, block: Block, bounds: tuple[Reals, Reals]) -> None:
        _refuse_twice(block.name, self.column_blocks)
        self._refuse_late(OWN + block.name)
        self._column_count += len(block)
        self.column_blocks.append(block)
        self._column_bounds.append(bounds)
        self._piece.columns.append((block, bounds))

    def rows(self, name: str, index: Index, bounds: Bounds, relief: str = "") -> Block:
        """Declare one row per member of ``index``; see ``Model.rows``."""
        block = block_of(name, index, relief, self._row_count)
        self._take_rows(block, _arrays(bounds, len(block)))
        if self.explaining and relief:
            self._relieve(block, index, *self._row_bounds[-1])
        return block

    def _take_rows(self, block: Block, bounds: tuple[Reals, Reals]) -> None:
        _refuse_twice(block.name, self.row_blocks)
        self._row_count += len(block)
        self.row_blocks.append(block)
        self._row_bounds.append(bounds)
        self._piece.rows.append((block, bounds))

    def _relieve(self, rows: Block, index: Index, lower: Reals, upper: Reals) -> None:
        relief = self.relief(rows.name, index, rows.unit)
        if relief is None:
            return
        sign = np.where(np.isfinite(upper), -1.0, 1.0)
        self.add(rows.ids, relief.ids, sign)

    def relief(self, rule: str, index: Index, unit: str) -> Block | None:
        """Declare relief columns for a rule in the explaining build; None in every other build."""
        if not self.explaining:
            return None
        self.reliefs[rule] = self.columns(f"relief_{rule}", index, Bounds(0.0), unit)
        return self.reliefs[rule]

    def add(self, row: Ints, column: Ints, value: Reals | float) -> None:
        """Add ``value`` x ``column`` to ``row``; repeated pairs add up."""
        amount = np.broadcast_to(np.asarray(value, float), row.shape)
        self._entries.append((row.astype(_POSITION), column.astype(_POSITION), amount))
        self._piece.entries.append(self._entries[-1])

    def post(self, account: str, at: tuple[Ints, Ints], column: Ints, value: Reals | float) -> None:
        """Post ``value`` x ``column`` to ``account`` at (code, node); see ``Model.post``."""
        self._refuse_late(account)
        code, node, columns = (side.astype(_POSITION) for side in (*at, np.asarray(column)))
        amount = np.broadcast_to(np.asarray(value, float), code.shape)
        posted = Account(code, node, np.broadcast_to(columns, code.shape), amount)
        self._ledger.setdefault(account, []).append(posted)
        self._piece.postings.append((account, posted))

    def _refuse_late(self, account: str) -> None:
        if account in self._readers:
            raise FaultyFamily(_LATE.format(writer=self.writer, account=account, reader=self._readers[account]))

    def curve(self, cone: Cone) -> None:
        """Ask for squares; see ``Model.curve``."""
        self.cones.append(cone)
        self._piece.cones.append(cone)

    def account(self, name: str) -> Account:
        """Return everything that was posted to an account, and seal it; see ``Model.account``."""
        self._readers.setdefault(name, self.writer)
        found = self.standing(name)
        self._piece.reads.setdefault(name, found)
        return found

    def standing(self, name: str) -> Account:
        """Return what was posted to an account so far; more can be."""
        if name.startswith(OWN):
            return own_account(name.removeprefix(OWN), self.column_blocks)
        parts = self._ledger.get(name, [])
        if not parts:
            return Account.empty()
        if len(parts) > 1:
            sides = (np.concatenate([getattr(part, side) for part in parts]) for side in _SIDES)
            parts[:] = [Account(*sides)]
        return parts[0]

    def accounts(self, prefix: str) -> list[str]:
        """Return the names of all accounts that begin with ``prefix``."""
        return sorted(name for name in self._ledger if name.startswith(prefix))

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and of columns."""
        return self._row_count, self._column_count

    def matrix(self) -> sparse.csr_array:
        """Return the coefficients, one row per row of the model."""
        if not self._entries:
            return sparse.csr_array(self.shape)
        sides = list(zip(*self._entries, strict=True))
        self._entries.clear()  # at most one side is there twice
        row, column, value = (np.concatenate(sides.pop(0)) for _ in range(3))
        self._entries.append((row, column, value))
        matrix = sparse.csr_array((value, (row, column)), shape=self.shape)
        matrix.eliminate_zeros()
        return matrix

    def column_bounds(self) -> tuple[Reals, Reals]:
        """Return lower and upper bounds of all columns."""
        return _joined(self._column_bounds)

    def row_bounds(self) -> tuple[Reals, Reals]:
        """Return lower and upper bounds of all rows."""
        return _joined(self._row_bounds)


def own_account(name: str, blocks: list[Block]) -> Account:
    """Return the account of a set of columns: each of them once, at its own entity and node."""
    found = [Account(block.code, block.node, block.ids, np.ones(len(block))) for block in blocks if block.name == name]
    return found[0] if found else Account.empty()


def _refuse_twice(name: str, blocks: list[Block]) -> None:
    if any(block.name == name for block in blocks):
        raise FaultyFamily(f"two families declare {name!r}; a name belongs to one set of columns or rows")


def block_of(name: str, index: Index, unit: str, start: int) -> Block:
    """Return a set of columns or rows that begins at ``start``."""
    grid = np.full((len(index.entities), index.nodes), -1, _POSITION)
    grid[index.code, index.node] = np.arange(len(index.code))
    return Block(name, unit, index.entities, index.code, index.node, start, grid)


def _arrays(bounds: Bounds, count: int) -> tuple[Reals, Reals]:
    lower, upper = (np.array(np.broadcast_to(side, count), float) for side in (bounds.lower, bounds.upper))
    return lower, upper


def _joined(parts: list[tuple[Reals, Reals]]) -> tuple[Reals, Reals]:
    if not parts:
        return np.empty(0), np.empty(0)
    lower, upper = (np.concatenate(side) for side in zip(*parts, strict=True))
    return lower, upper
