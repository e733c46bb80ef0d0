"""Rules of an analyst's own, as rows of the program like any other: with names, duals, and a way to give way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from sourcing.card import OWN_RULE
from sourcing.engine.builder import block_of
from sourcing.protocol import Index

if TYPE_CHECKING:
    import pyomo.environ as pyo
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.program import Program

    Reals = NDArray[np.float64]

OWN = OWN_RULE.name
"""The rows of an analyst's own rules; their key is the name that the rule has in the Pyomo model."""
RELIEF = "relief"
_NOISE = 1e-6
_ABOVE, _BELOW = "own_above", "own_below"


def adopted(model: pyo.ConcreteModel) -> tuple[Formulation, list[str]]:
    """Return the program that a model stands for, own rules among its rows, and what else was changed in it, in words.

    Raises
    ------
    SolverError : something that the solver would not hear of; see ``program_of``.
    """
    from sourcing.engine.pyomo_model import own_rules, program_of

    formulation, program = model.formulation, program_of(model)
    changed = [*_moved(formulation, program.columns), *_off(formulation, program.rows)]
    lower, upper = program.columns
    own = replace(formulation, column_lower=lower, column_upper=upper)
    count = formulation.shape[0]
    own = replace(own, row_lower=program.rows[0][:count], row_upper=program.rows[1][:count])
    names = [rule.name for rule in own_rules(model)]
    return (_with_rows(own, names, program) if names else own), changed


def _with_rows(formulation: Formulation, names: list[str], program: Program) -> Formulation:
    """Return the program with own rules behind its rows: one row for each side, over the whole horizon.

    They stand at the last node. A rule with two sides is two rows, of which the second says so in its name.
    """
    count, last = formulation.shape[0], len(formulation.network.tree) - 1
    low, high = (side[count:] for side in program.rows)
    upper, lower = np.flatnonzero(np.isfinite(high)), np.flatnonzero(np.isfinite(low))
    both = set(upper.tolist()) & set(lower.tolist())
    called = [names[at] for at in upper.tolist()]
    called += [f"{names[at]} (at least)" if at in both else names[at] for at in lower.tolist()]
    index = Index(pd.DataFrame({"rule": called}), np.arange(len(called)), np.full(len(called), last), last + 1)
    place = count + np.concatenate([upper, lower])
    return replace(
        formulation,
        rows=formulation.rows | {OWN: block_of(OWN, index, "", count)},
        matrix=sparse.csr_array(sparse.vstack([formulation.matrix, program.matrix[place]])),
        row_lower=np.concatenate([formulation.row_lower, np.full(len(upper), -np.inf), low[lower]]),
        row_upper=np.concatenate([formulation.row_upper, high[upper], np.full(len(lower), np.inf)]),
    )


def _moved(formulation: Formulation, columns: tuple[Reals, Reals]) -> list[str]:
    lower, upper = columns
    moved = np.flatnonzero((lower != formulation.column_lower) | (upper != formulation.column_upper)).tolist()
    names = formulation.column_names() if moved else []
    return [f"{names[at]} is between {lower[at]:.6g} and {upper[at]:.6g}" for at in moved]


def _off(formulation: Formulation, rows: tuple[Reals, Reals]) -> list[str]:
    held = np.isfinite(formulation.row_lower) | np.isfinite(formulation.row_upper)
    count = formulation.shape[0]
    off = np.flatnonzero(held & np.isinf(rows[0][:count]) & np.isinf(rows[1][:count])).tolist()
    names = formulation.row_names() if off else []
    return [f"{names[at]} is switched off" for at in off]


def giving_way(formulation: Formulation) -> Formulation:
    """Return a program whose own rules may be missed by any amount, which its objective "relief" keeps small."""
    own = formulation.rows[OWN]
    count, before = len(own), formulation.shape[1]
    ids = np.concatenate([own.ids, own.ids])
    signs = np.repeat([-1.0, 1.0], count)
    room = sparse.csr_array((signs, (ids, np.arange(2 * count))), shape=(formulation.shape[0], 2 * count))
    index = Index(own.entities, own.code, own.node, int(own.node.max()) + 1)
    blocks = {name: block_of(name, index, "", before + at * count) for at, name in enumerate((_ABOVE, _BELOW))}
    asked = np.maximum(
        *(np.where(np.isfinite(side[own.ids]), np.abs(side[own.ids]), 1.0) for side in _sides(formulation))
    )
    weights = np.tile(1.0 / np.maximum(asked, 1.0), 2)
    nothing = np.zeros(2 * count)
    objectives = {name: np.concatenate([costs, nothing]) for name, costs in formulation.objectives.items()}
    return replace(
        formulation,
        columns=formulation.columns | blocks,
        matrix=sparse.csr_array(sparse.hstack([formulation.matrix, room])),
        column_lower=np.concatenate([formulation.column_lower, nothing]),
        column_upper=np.concatenate([formulation.column_upper, np.full(2 * count, np.inf)]),
        objectives=objectives | {RELIEF: np.concatenate([np.zeros(before), weights])},
    )


def missed(formulation: Formulation, relaxed: Formulation, x: Reals) -> pd.DataFrame:
    """Return the own rules that a plan of ``giving_way`` misses: rule, asked, possible."""
    own = formulation.rows[OWN]
    above, below = (x[relaxed.columns[name].ids] for name in (_ABOVE, _BELOW))
    lower, upper = (side[own.ids] for side in _sides(formulation))
    asked = np.where(above > below, upper, lower)
    table = pd.DataFrame({"rule": own.entities["rule"], "asked": asked, "possible": asked + above - below})
    table["at_most"] = above > below
    return table[np.maximum(above, below) > _NOISE * np.maximum(np.abs(asked), 1.0)].reset_index(drop=True)


def _sides(formulation: Formulation) -> tuple[Reals, Reals]:
    return formulation.row_lower, formulation.row_upper
