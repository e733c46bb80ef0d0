"""Measures of a plan that are weighed against each other: each an amount over a total, both linear in the columns."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.card import Weighed
from sourcing.engine.rounds import scale_of
from sourcing.measures import measures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from sourcing.card import Measure
    from sourcing.engine.formulation import Formulation
    from sourcing.network import Network

    Reals = NDArray[np.float64]

COST, SHORTAGE = "cost", "shortage"
"""The measures that are objectives of a question."""
_COST = Weighed(COST, "USD", "cost", "cost", "a dollar", "cheapest")
_KINDS = ("amount", "average", "index")


def limited() -> dict[str, Measure]:
    """Return by name what a limit on each measure is on; the cost is never held by one."""
    found = [measure for measure in measures().values() if measure.weighed]
    found.sort(key=lambda measure: (measure.name != SHORTAGE, _KINDS.index(measure.kind)))
    return {measure.weighed.name: measure for measure in found if measure.weighed}


def weighed() -> dict[str, Weighed]:
    """Return the measures there are; the first of those that are asked for is minimised, the others are held."""
    return {COST: _COST, **{name: measure.weighed for name, measure in limited().items() if measure.weighed}}


def any_estimated(names: Sequence[str]) -> bool:
    """Say whether the data of any of these measures are estimates mostly."""
    return any(limited()[name].estimated for name in names if name != COST)


def kind_of(name: str) -> str:
    """Return the kind of a measure: "amount", also of the cost, "average" or "index"."""
    return "amount" if name == COST else limited()[name].kind


_NOTHING = 1e-9


@dataclass(frozen=True, eq=False)
class Gauge:
    """A measure of a plan x: (amount x + amount_at) / (total x + total_at), one coefficient per column.

    The total of cost, shortage and carbon is 1. ``row`` is the row of the limit on it in the formulation, -1 of an
    objective, ``size`` what that row is divided by (of the average lead time its value too). ``scale`` brings its
    coefficients near 1.
    """

    name: str
    amount: Reals
    amount_at: float
    total: Reals
    total_at: float
    row: int
    size: float = 1.0

    @property
    def straight(self) -> bool:
        """Whether it is linear itself: an amount, no average."""
        return not self.total.any()

    @property
    def scale(self) -> float:
        """What to multiply its coefficients by, so that the solver's tolerances mean something."""
        return scale_of(self.amount)

    def of(self, x: Reals) -> float:
        """Return what it is of a plan; NaN of an average of nothing."""
        total = float(self.total @ x) + self.total_at
        return (float(self.amount @ x) + self.amount_at) / total if total > _NOTHING else np.nan

    def beyond(self, value: float) -> Reals:
        """Return the coefficients of amount - value x total."""
        return self.amount - value * self.total


def objective_gauge(name: str, formulation: Formulation) -> Gauge:
    """Return an objective of the question as a measure."""
    costs = formulation.objectives[name]
    return Gauge(name, costs, 0.0, np.zeros(len(costs)), 1.0, -1)


def limit_gauge(name: str, limit: str, one: Formulation, two: Formulation) -> Gauge | None:
    """Return what a limit holds as a measure, read off the models with value 1 and 2; None if nothing is counted.

    The row is amount - value total, of the average lead time divided by the value, of an amount by its size.
    """
    block = one.rows.get(limited()[name].name)
    if block is None:
        return None
    rows = block.ids[(block.entities["limit"] == limit).to_numpy()[block.code]]
    if not len(rows):
        return None
    row = int(rows[0])
    first, second = (model.matrix[[row]].toarray()[0] for model in (one, two))
    sides = float(one.row_upper[row]), float(two.row_upper[row])
    total = first - (2.0 * second if kind_of(name) == "average" else second)
    total_at = sides[1] - sides[0]
    size = 1.0 if total.any() else 1.0 / total_at
    return Gauge(name, size * (first + total), size * (total_at - sides[0]), total, size * total_at, row, size)


def held_at(
    formulation: Formulation, gauges: Sequence[Gauge], values: Mapping[str, float], network: Network
) -> Formulation:
    """Return the model with value 1 as the one in which measures are held at values, by name.

    ``network`` is the one with these values in its tables.
    """
    upper, cones = formulation.row_upper.copy(), formulation.cones
    rows, changes = [], []
    for gauge in (gauge for gauge in gauges if gauge.row >= 0):
        value = values[gauge.name]
        size = value if kind_of(gauge.name) == "average" else gauge.size
        rows.append(gauge.row)
        changes.append(sparse.csr_array(gauge.beyond(value)[None, :] / size) - formulation.matrix[[gauge.row]])
        upper[gauge.row] = (value * gauge.total_at - gauge.amount_at) / size
        cones = tuple(replace(cone, value=np.where(cone.row == gauge.row, value, cone.value)) for cone in cones)
    if not rows:
        return replace(formulation, network=network)
    change = sparse.coo_array(sparse.vstack(changes))
    moved = sparse.csr_array((change.data, (np.array(rows)[change.row], change.col)), shape=formulation.shape)
    matrix = sparse.csr_array(formulation.matrix + moved)
    matrix.eliminate_zeros()
    return replace(formulation, network=network, matrix=matrix, row_upper=upper, cones=cones)
