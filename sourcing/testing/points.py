"""Residuals and charges at random points: what the algebra and the checkers say of any plan, good or bad."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from sourcing import families
from sourcing.replay import Replay

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.protocol import Block
    from sourcing.replay import Facts, Residual

    Reals = NDArray[np.float64]
    Name = tuple[str, tuple[Any, ...]]

FIELD = {"buy": "buy", "ship": "ship", "make": "make", "hold": "hold", "short": "short", "dispose": "disposed"}
BOUND = {"hold": "use", "short": "short", "dispose": "dispose"}  # rules of the checkers that are bounds of columns
DEFINITIONS = {"total", "arrived", "arrived_of", "tangent"}  # rows that only say what a column means


@dataclass(frozen=True)
class Said:
    """A row at a point: how far it is kept, and the size of what meets in it."""

    residual: float
    scale: float


def keys_of(block: Block) -> list[tuple[Any, ...]]:
    """Return the key of every member, the node last."""
    return [tuple(row) for row in block.keys().itertuples(index=False, name=None)]


def random_point(form: Formulation, seed: int, at_least: float = 0.2) -> Reals:
    """Return column values within their bounds, what limits count following from the rest.

    ``at_least`` is the part of them that is at its lower bound; of the others an eighth is at the upper one.
    """
    draw = np.random.default_rng(seed)
    lower = form.column_lower
    upper = np.where(np.isfinite(form.column_upper), form.column_upper, lower + 100.0)
    part = np.clip(draw.uniform(-1.2 * at_least / (1 - at_least), 1.2, len(lower)), 0.0, 1.0)
    x = lower + part * (upper - lower)
    for rule, columns in (("total", "counted"), ("arrived", "arriving"), ("arrived_of", "arriving_of")):
        if rule in form.rows:
            rows, counted = form.rows[rule].ids, form.columns[columns].ids
            x[counted] = 0.0
            x[counted] = form.matrix[rows] @ x - form.row_upper[rows]
    for cone in form.cones:
        total = np.where(x[cone.total] > 0, x[cone.total], 1.0)
        x[cone.square.ids] = x[cone.part] ** 2 / total
    return x


def replay_of(form: Formulation, x: Reals) -> Replay:
    """Return column values as the checkers read a plan."""
    found = {
        field: dict(zip(keys_of(form.columns[name]), x[form.columns[name].ids].tolist(), strict=True))
        for name, field in FIELD.items()
        if name in form.columns
    }
    own = [each.name for card in families.cards().values() for each in card.columns if each.words]
    decided = {
        name: dict(zip(keys_of(form.columns[name]), x[form.columns[name].ids].tolist(), strict=True))
        for name in own
        if name in form.columns
    }
    return Replay(**found, decided=decided)


def rows_of_algebra(form: Formulation, x: Reals) -> dict[tuple[str, tuple[Any, ...]], Said]:
    """Return every row of the model, and every finite bound of a column, as (rule, key)."""
    activity, size = form.matrix @ x, abs(form.matrix) @ np.abs(x)
    found = {}
    for name, block in form.rows.items():
        for key, row in zip(keys_of(block), block.ids.tolist(), strict=True):
            low, high = form.row_lower[row], form.row_upper[row]
            residual = activity[row] - low if np.isfinite(low) else high - activity[row]
            bound = low if np.isfinite(low) else high
            found[name, key] = Said(float(residual), float(size[row] + abs(bound)))
    for name, rule in BOUND.items():
        bounded = form.columns.get(name)
        for key, column in zip(keys_of(bounded), bounded.ids.tolist(), strict=True) if bounded else ():
            if np.isfinite(form.column_upper[column]):
                room = float(form.column_upper[column] - x[column])
                found[rule, key] = Said(room, abs(x[column]) + abs(room))
    return found


def rows_of_checks(facts: Facts, plan: Replay) -> dict[tuple[str, tuple[Any, ...]], Residual]:
    """Return every row the checkers look at, as (rule, key)."""
    rows = [row for check in families.checks() for row in check.residuals(facts, plan)]
    return {(row.rule, tuple(row.key)): row for row in rows if row.rule != "short_sign"}


def charges_of_algebra(form: Formulation, x: Reals) -> dict[tuple[str, int], float]:
    """Return what the accounts of cost and weights hold, USD by (head, node), not discounted."""
    found: dict[tuple[str, int], float] = defaultdict(float)
    for name, account in form.accounts.items():
        if name.startswith(("cost.", "weight.")):
            for node, amount in zip(account.node.tolist(), (account.value * x[account.column]).tolist(), strict=True):
                found[name.partition(".")[2], node] += amount
    return found


def charges_of_checks(facts: Facts, plan: Replay) -> dict[tuple[str, int], float]:
    """Return what the checkers charge and weigh, USD by (head, node), not discounted."""
    found: dict[tuple[str, int], float] = defaultdict(float)
    asked = [
        getattr(check, what) for check in families.checks() for what in ("charges", "weights") if hasattr(check, what)
    ]
    for charge in (each for ask in asked for each in ask(facts, plan)):
        found[charge.head, charge.node] += charge.amount
    return found


def disagreements(facts: Facts, form: Formulation, seed: int) -> list[str]:
    """Return every row and every charge on which algebra and checkers differ at a random point of the model."""
    x = random_point(form, seed)
    plan = replay_of(form, x)
    rows = _rows_that_differ(rows_of_algebra(form, x), rows_of_checks(facts, plan), rows_of_checks(facts, Replay()))
    charged, due = charges_of_algebra(form, x), charges_of_checks(facts, plan)
    found = list(rows)
    for head in sorted(charged.keys() | due.keys()):
        ours, theirs = charged.get(head, 0.0), due.get(head, 0.0)
        if not abs(ours - theirs) <= 1e-9 * (1.0 + abs(ours) + abs(theirs)):
            found.append(f"{head}: the algebra charges {ours}, the checker {theirs}")
    return found


def _rows_that_differ(
    own: Mapping[Name, Said], other: Mapping[Name, Residual], nothing: Mapping[Name, Residual]
) -> Iterator[str]:
    """Yield the rows that only one of both has, or that both keep by different amounts."""
    for name, said in own.items():
        if name[0] in DEFINITIONS:
            continue
        if name not in other:
            yield f"{name}: no checker knows this row"
        elif not abs(said.residual - other[name].residual) <= 1e-9 * (1.0 + said.scale + other[name].scale):
            yield f"{name}: the algebra says {said.residual}, the checker {other[name].residual}"
    for name in other.keys() - own.keys():
        at_rest = nothing[name].residual if name in nothing else 0.0
        moves = abs(other[name].residual - at_rest) > 1e-9 * (1.0 + other[name].scale)
        if moves or at_rest < -1e-9 * (1.0 + other[name].scale):
            yield f"{name}: can be broken, and the model has no such row"
