"""Right-hand sides and entries of limits at other values: only the families that own these rows write again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from scipy import sparse

from sourcing import families
from sourcing.engine.builder import own_account
from sourcing.engine.formulation import kept
from sourcing.protocol import OWN, Account

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd
    from numpy.typing import NDArray

    from sourcing.card import Card
    from sourcing.engine.formulation import Formulation
    from sourcing.protocol import Block, Bounds, Cone, Index

    Ints = NDArray[np.signedinteger[Any]]
    Reals = NDArray[np.float64]


class Rewritten(NamedTuple):
    """Coefficients and bounds of the rows that were written again, at their places in the program; others are empty."""

    matrix: sparse.csr_array
    row_lower: Reals
    row_upper: Reals


class _Other(Exception):
    """A family declares other columns or rows than it did, or reads an account that was not kept."""


class _Pen:
    """What families write with a second time: their columns and rows stand already; it implements ``Model``."""

    explaining = False

    def __init__(self, form: Formulation) -> None:
        self._form = form
        self._bounds = np.full(form.shape[0], -np.inf), np.full(form.shape[0], np.inf)
        self._entries: list[tuple[Ints, Ints, Reals]] = []

    def columns(self, name: str, index: Index, bounds: Bounds, unit: str = "t", *, whole: bool = False) -> Block:
        """Return the columns as they stand."""
        del bounds, unit, whole
        return _same(self._form.columns, name, index)

    def rows(self, name: str, index: Index, bounds: Bounds, relief: str = "") -> Block:
        """Return the rows as they stand, and note what they ask for."""
        del relief
        block = _same(self._form.rows, name, index)
        self._bounds[0][block.ids], self._bounds[1][block.ids] = bounds.lower, bounds.upper
        return block

    def relief(self, rule: str, index: Index, unit: str) -> None:
        """Declare nothing: no rule gives way."""

    def add(self, row: Ints, column: Ints, value: Reals | float) -> None:
        """Note a coefficient."""
        self._entries.append((row, column, np.broadcast_to(np.asarray(value, float), row.shape)))

    def post(self, account: str, at: tuple[Ints, Ints], column: Ints, value: Reals | float) -> None:
        """Post nothing: it is in the program's accounts."""

    def curve(self, cone: Cone) -> None:
        """Ask for no squares: tangents stand in the program."""

    def account(self, name: str) -> Account:
        """Return what was posted to an account, as far as the program has kept that."""
        if name.startswith(OWN):
            return own_account(name.removeprefix(OWN), list(self._form.columns.values()))
        if not name.startswith(kept()):
            raise _Other
        return self._form.accounts.get(name, Account.empty())

    def written(self) -> Rewritten:
        """Return what was written."""
        none: tuple[list[Any], ...] = ([np.empty(0, np.int64)], [np.empty(0, np.int64)], [np.empty(0)])
        row, column, value = map(np.concatenate, zip(*self._entries, strict=True) if self._entries else none)
        matrix = sparse.csr_array((value, (row, column)), shape=self._form.shape)
        matrix.eliminate_zeros()
        return Rewritten(matrix, *self._bounds)


def rewritten(form: Formulation, limits: pd.DataFrame, rules: frozenset[str]) -> Rewritten | None:
    """Return the rows of some rules as other limits ask for them; None where there would be other rows.

    Parameters
    ----------
    limits : the case's limits, row by row, with other values.
    rules : names of rules on the cards; the families that have one of them write again.
    """
    net = replace(form.network, case=form.network.case.replace({"limits": limits}))
    paths, pen = families.packages(), _Pen(form)
    owners = {f"{paths[name]}.algebra" for name, card in families.cards().items() if _has(card, rules)}
    writers = [algebra for algebra in families.algebras() if algebra.__name__ in owners]
    try:
        for phase in ("build", "close"):
            for write in (getattr(algebra, phase, None) for algebra in writers):
                if write is not None:
                    write(pen, net)
    except _Other:
        return None
    return pen.written()


def _has(card: Card, rules: frozenset[str]) -> bool:
    return any(rule.name in rules for rule in card.rules)


def _same(blocks: Mapping[str, Block], name: str, index: Index) -> Block:
    block = blocks.get(name)
    if block is None or not (np.array_equal(block.code, index.code) and np.array_equal(block.node, index.node)):
        raise _Other
    return block
