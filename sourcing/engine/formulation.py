"""A question and its case, turned into one linear or mixed-integer program with names for everything in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from sourcing import families
from sourcing.engine.builder import Builder
from sourcing.engine.written import write

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy import sparse

    from sourcing.network import Network
    from sourcing.protocol import Account, Block, Cone

    Reals = NDArray[np.float64]


_KEPT = ("cost.", "weight.", "short", "balance", "entry", "ship.entry", "ordered")


def kept() -> tuple[str, ...]:
    """Return what the names of accounts begin with that a program keeps: for the plan's tables, and for limits."""
    return tuple(dict.fromkeys([*_KEPT, *(name for part in families.measuring() for name in part.ACCOUNTS)]))


@dataclass(frozen=True, eq=False)
class Formulation:
    """The program: minimise costs · x where row_lower <= matrix x <= row_upper, column_lower <= x <= column_upper.

    ``objectives`` are by name ("shortage": weighted tonnes, "cost": discounted USD, "relief"). What is weighed and is
    no money is part of the objective "cost", and stands in "weighed" by itself, if there is any. ``columns`` and
    ``rows`` say what each position stands for; ``accounts`` keep the ledger for the plan's tables. ``cones`` are what
    no row says: squares, which a plan has to keep all the same (``engine.cones``).
    """

    network: Network
    columns: dict[str, Block]
    rows: dict[str, Block]
    matrix: sparse.csr_array
    column_lower: Reals
    column_upper: Reals
    row_lower: Reals
    row_upper: Reals
    objectives: dict[str, Reals]
    accounts: dict[str, Account] = field(repr=False)
    reliefs: dict[str, Block] = field(default_factory=dict)
    cones: tuple[Cone, ...] = ()

    @property
    def shape(self) -> tuple[int, int]:
        """Number of rows and of columns."""
        return len(self.row_lower), len(self.column_lower)

    @property
    def money(self) -> Reals:
        """The discounted USD that somebody pays: the objective "cost" without what is only weighed."""
        cost, weighed = self.objectives["cost"], self.objectives.get("weighed")
        return cost if weighed is None else cost - weighed

    @property
    def whole(self) -> NDArray[np.bool_]:
        """Which columns take whole numbers only."""
        marks = np.zeros(len(self.column_lower), bool)
        for block in self.columns.values():
            if block.whole:
                marks[block.ids] = True
        return marks

    def column_names(self) -> list[str]:
        """Return a name for every column, such as ``buy[LYN-NDPR,BREMEN,sea,0]``."""
        return self._column_names

    def row_names(self) -> list[str]:
        """Return a name for every row, such as ``balance[BREMEN,ndpr_oxide,3]``."""
        return self._row_names

    @cached_property
    def _column_names(self) -> list[str]:
        return [name for block in self.columns.values() for name in _names(block)]

    @cached_property
    def _row_names(self) -> list[str]:
        return [name for block in self.rows.values() for name in _names(block)]


def _names(block: Block) -> list[str]:
    heads = [f"{block.name}["] * len(block.entities)
    for labels in block.labels.values():
        heads = [f"{head}{label}," for head, label in zip(heads, labels, strict=True)]
    return [f"{heads[code]}{node}]" for code, node in zip(block.code.tolist(), block.node.tolist(), strict=True)]


def formulate(network: Network, *, explaining: bool = False) -> Formulation:
    """Let every family write its columns, rows and postings; return the program they form.

    Parameters
    ----------
    explaining : give every rule that can give way a relief, for the explanation of an impossible question.

    Raises
    ------
    FaultyFamily : a family posts to an account that another has read by then, or declares what another has declared.
    """
    builder = Builder(explaining)
    algebras = families.algebras()
    for phase in ("build", "close"):
        for algebra in algebras:
            writes = getattr(algebra, phase, None)
            if writes is not None:
                write(builder, network, (algebra.__name__, writes))
    return _assemble(builder, network)


def _assemble(builder: Builder, network: Network) -> Formulation:
    lower, upper = builder.column_bounds()
    row_lower, row_upper = builder.row_bounds()
    names = [name for prefix in kept() for name in builder.accounts(prefix)]
    accounts = {name: builder.account(name) for name in names}
    objectives = {
        "shortage": _expected(accounts.get("shortage"), network, len(lower), discounted=False),
        "cost": np.zeros(len(lower)),
    }
    for name, account in accounts.items():
        if name.startswith(("cost.", "weight.")):
            amount = _expected(account, network, len(lower), discounted=True)
            objectives["cost"] += amount
            if name.startswith("weight."):
                objectives["weighed"] = objectives.get("weighed", 0.0) + amount
    return Formulation(
        network,
        {block.name: block for block in builder.column_blocks},
        {block.name: block for block in builder.row_blocks},
        builder.matrix(),
        lower,
        upper,
        row_lower,
        row_upper,
        objectives,
        accounts,
        builder.reliefs,
        tuple(builder.cones),
    )


def _expected(account: Account | None, network: Network, count: int, *, discounted: bool) -> Reals:
    """Return the objective that an account of charges stands for: probability-weighted, discounted if asked."""
    if account is None:
        return np.zeros(count)
    tree = network.tree
    weight = tree.probability * (tree.discount if discounted else 1.0)
    value = account.value * weight[account.node]
    charges: Reals = np.zeros(count)
    np.add.at(charges, account.column, value)
    return charges
