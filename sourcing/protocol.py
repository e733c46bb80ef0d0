"""What a family may ask of the model it is written into: columns, rows, and postings to named accounts.

Everything is indexed by *(entity, node)*: an entity is one row of a small frame of labels (a route, a stock point, an
offer …), a node is one period of the tree of time. Families hand over integer codes, never labels, so nothing here
loops over cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    Ints = NDArray[np.signedinteger[Any]]
    Reals = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Block:
    """A named set of columns or rows, one per (entity, node).

    ``entities`` holds the labels (its columns are the key), ``code`` the entity and ``node`` the node of each member,
    ``start`` the position of the first member in the model, ``grid`` the member at each (entity, node), -1 where none;
    ``whole`` says of columns that they are whole numbers.
    """

    name: str
    unit: str
    entities: pd.DataFrame
    code: Ints
    node: Ints
    start: int
    grid: Ints
    whole: bool = False

    def __len__(self) -> int:
        """Return the number of members."""
        return len(self.code)

    @property
    def ids(self) -> Ints:
        """Return the positions of the members in the whole model."""
        return np.arange(self.start, self.start + len(self.code), dtype=np.int64)

    @cached_property
    def labels(self) -> dict[str, list[Any]]:
        """The labels of the entities by the name of their column: a frame is slow to ask for a single one."""
        return {str(name): labels.tolist() for name, labels in self.entities.items()}

    def at(self, code: Ints, node: Ints) -> Ints:
        """Return the positions in the model of the members at (entity, node); -1 where there is none."""
        found = self.grid[code, node]
        return np.where(found < 0, np.int64(-1), found + np.int64(self.start))

    def keys(self) -> pd.DataFrame:
        """Return the labels and the node of every member, one row each."""
        frame = self.entities.iloc[self.code].reset_index(drop=True)
        return frame.assign(node=self.node)


@dataclass(frozen=True)
class Account:
    """All postings to one account: ``value`` x ``column`` at (``code``, ``node``); column -1 is a constant."""

    code: Ints
    node: Ints
    column: Ints
    value: Reals

    @classmethod
    def empty(cls) -> Account:
        """Return an account that nothing was posted to."""
        nowhere = np.empty(0, np.int64)
        return cls(nowhere, nowhere, nowhere, np.empty(0))


@dataclass(frozen=True)
class Bounds:
    """Lower and upper bound of columns or rows; an array or one number for all."""

    lower: Reals | float = -np.inf
    upper: Reals | float = np.inf


@dataclass(frozen=True)
class Index:
    """Which (entity, node) pairs a block is made for."""

    entities: pd.DataFrame
    code: Ints
    node: Ints
    nodes: int
    """Number of nodes of the tree."""


@dataclass(frozen=True, eq=False)
class Cone:
    """Squares over totals: each member of ``square`` is to be no less than its part² / its total.

    ``part``, ``total`` and ``row`` are positions in the model, for each member of ``square``: the columns that it is
    made of, and the row that holds such squares, each times its ``weight``, together against ``value`` x total.
    ``scope`` says which totals are comparable, ``size`` about how large the total gets.
    """

    square: Block
    part: Ints
    total: Ints
    row: Ints
    weight: Reals
    value: Reals
    scope: Ints
    size: Reals


class Model(Protocol):
    """The model under construction, as a family sees it; positions are those of the whole model."""

    @property
    def explaining(self) -> bool:
        """Whether this is the explaining build, in which even closed sources are there, to be opened by relief."""

    def columns(self, name: str, index: Index, bounds: Bounds, unit: str = "t", *, whole: bool = False) -> Block:
        """Declare one column per member of ``index``; ``whole`` ones take whole numbers only."""

    def rows(self, name: str, index: Index, bounds: Bounds, relief: str = "") -> Block:
        """Declare one row per member of ``index``.

        ``relief`` names the unit in which the row may give way in the explaining build ("t above the capacity"); blank
        means that it never gives way.
        """

    def relief(self, rule: str, index: Index, unit: str) -> Block | None:
        """Declare columns by which a rule may give way in the explaining build; None in every other build."""

    def add(self, row: Ints, column: Ints, value: Reals | float) -> None:
        """Add ``value`` x ``column`` to ``row``; repeated pairs add up."""

    def post(self, account: str, at: tuple[Ints, Ints], column: Ints, value: Reals | float) -> None:
        """Post ``value`` x ``column`` to ``account`` at (code, node); column -1 posts a constant.

        Raises
        ------
        FaultyFamily : the account was read by then: the posting would be lost.
        """

    def curve(self, cone: Cone) -> None:
        """Ask for squares: tangents are added, where a plan needs them, until it keeps them."""

    def account(self, name: str) -> Account:
        """Return everything that was posted to an account; from then on nothing more can be.

        Every set of columns is an account of its own, named after it: "column.hold" has each member of ``hold`` once,
        at its entity and node. A set that this question has no use for is empty.
        """


CONSTANT = np.int64(-1)
"""The column of a constant posting."""
OWN = "column."
"""What the name of an account begins with that is a set of columns."""
