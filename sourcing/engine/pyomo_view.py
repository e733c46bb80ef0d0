"""Pyomo components over the arrays of a formulation; their members are made when somebody first looks at one.

A question that nobody looks into costs no Python object per column or row; an analyst who looks finds ordinary
variables, rows and an objective, and what is done to them is honoured.
"""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pyomo.environ as pyo
from pyomo.common.autoslots import AutoSlots
from pyomo.common.gc_manager import PauseGC
from pyomo.core.base.constraint import ConstraintData, IndexedConstraint
from pyomo.core.base.objective import ScalarObjective
from pyomo.core.base.var import IndexedVar, VarData
from pyomo.core.expr.numeric_expr import LinearExpression
from pyomo.core.expr.relational_expr import EqualityExpression, InequalityExpression, RangedExpression

from sourcing.errors import SolverError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.protocol import Block

    Reals = NDArray[np.float64]


KEEP_OBJECTIVE = "the objectives are the question's own; leave model.objective as it is"


class _MadeOnSight:
    """Keeps back the members of an indexed component until Pyomo, or somebody, asks for them."""

    _made: dict[Any, Any] | None

    @property
    def _data(self) -> dict[Any, Any]:
        if self._made is None:
            with PauseGC():
                self._made = dict(self._members())
        return self._made

    @_data.setter
    def _data(self, members: dict[Any, Any]) -> None:
        self._made = members

    @property
    def looked_at(self) -> bool:
        """Whether the members have been made, so that somebody may have changed one."""
        return self._made is not None

    @abstractmethod
    def _members(self) -> Iterator[tuple[Any, Any]]:
        """Make every key with its member: columns, rows and the cost each make their own kind."""


class BlockVar(_MadeOnSight, IndexedVar):  # type: ignore[misc]
    """The columns of one set, indexed by (entity, node)."""

    def __init__(self, formulation: Formulation, block: Block) -> None:
        super().__init__(pyo.Any, dense=False)
        self._formulation, self._block, self._made = formulation, block, None

    def _members(self) -> Iterator[tuple[Any, Any]]:
        f, block = self._formulation, self._block
        span = slice(block.start, block.start + len(block))
        lower, upper = f.column_lower[span].tolist(), f.column_upper[span].tolist()
        keys = zip(block.code.tolist(), block.node.tolist(), strict=True)
        domain = pyo.Integers if block.whole else pyo.Reals
        for key, low, high in zip(keys, lower, upper, strict=True):
            variable = VarData(self)
            variable._index, variable._domain = key, domain
            variable._lb, variable._ub = low, None if high == np.inf else high
            yield key, variable

    def bounds(self) -> tuple[Reals, Reals]:
        """Return the bounds as they are now; a fixed variable has its value for both."""
        members = self._data.values()
        lower = np.array([-np.inf if v.lb is None else v.lb for v in members], float)
        upper = np.array([np.inf if v.ub is None else v.ub for v in members], float)
        fixed = [at for at, v in enumerate(members) if v.fixed]
        lower[fixed] = upper[fixed] = [v.value for v in members if v.fixed]
        return lower, upper


class Variables:
    """All variables of a model in the order of the columns."""

    def __init__(self, parts: list[BlockVar]) -> None:
        self.parts = parts
        self._starts = np.array([part._block.start for part in parts], np.int64)

    def __len__(self) -> int:
        """Return the number of columns."""
        return sum(len(part._block) for part in self.parts)

    def __iter__(self) -> Iterator[Any]:
        """Yield every variable."""
        for part in self.parts:
            yield from part.values()

    def at(self, columns: NDArray[np.signedinteger[Any]]) -> list[Any]:
        """Return the variables of some columns."""
        found = []
        for column, place in zip(columns, np.searchsorted(self._starts, columns, side="right") - 1, strict=True):
            part = self.parts[place]
            offset = column - part._block.start
            found.append(part[int(part._block.code[offset]), int(part._block.node[offset])])
        return found

    def find(self, variable: Any) -> int | None:
        """Return the column of a variable; None if it is not one of these."""
        part = variable.parent_component()
        if not any(part is own for own in self.parts):
            return None
        return int(part._block.at(*variable.index()))


class MatrixRow(ConstraintData):  # type: ignore[misc]
    """One row of the matrix, seen as an ordinary Pyomo constraint."""

    __slots__ = ("_position",)
    __autoslot_mappers__: ClassVar = {"_expr": AutoSlots.encode_as_none}  # a clone expands rows of its own

    @property
    def _expr(self) -> Any:
        """The row as an expression, built anew each time it is looked at."""
        component = self.parent_component()
        lower, upper = component.bounds_of(self._position)
        body = component.body_of(self._position)
        if lower == upper:
            return EqualityExpression((body, upper))
        if lower == -np.inf:
            return InequalityExpression((body, upper), strict=False)
        if upper == np.inf:
            return InequalityExpression((lower, body), strict=False)
        return RangedExpression((lower, body, upper), strict=False)

    @_expr.setter
    def _expr(self, value: object) -> None:
        if value is not None:
            message = (
                f"{self.name} is a row of a matrix and cannot be rewritten; deactivate it and add a rule of your own"
            )
            raise SolverError(message)


class MatrixConstraint(_MadeOnSight, IndexedConstraint):  # type: ignore[misc]
    """The rows of one rule, indexed by (entity, node)."""

    def __init__(self, formulation: Formulation, block: Block, variables: Variables) -> None:
        super().__init__(pyo.Any)
        self._formulation, self._variables, self._block, self._made = formulation, variables, block, None

    def construct(self, data: object = None) -> None:
        """Take part in the model; no row is made yet."""
        self._constructed = True

    def _members(self) -> Iterator[tuple[Any, Any]]:
        keys = zip(self._block.code.tolist(), self._block.node.tolist(), strict=True)
        for position, key in enumerate(keys, self._block.start):
            row = MatrixRow(component=self)
            row._index, row._position = key, position
            yield key, row

    def switched_off(self) -> list[int]:
        """Return the positions, in the whole model, of the rows that somebody deactivated."""
        return [row._position for row in self._data.values() if not row.active] if self.looked_at else []

    def bounds_of(self, position: int) -> tuple[float, float]:
        """Return the bounds of a row of the whole model."""
        f = self._formulation
        return float(f.row_lower[position]), float(f.row_upper[position])

    def body_of(self, position: int) -> LinearExpression:
        """Return the left-hand side of a row of the whole model."""
        matrix = self._formulation.matrix
        span = slice(matrix.indptr[position], matrix.indptr[position + 1])
        columns = self._variables.at(matrix.indices[span])
        return LinearExpression(constant=0, linear_coefs=matrix.data[span].tolist(), linear_vars=columns)


class CostObjective(ScalarObjective):  # type: ignore[misc]
    """An objective over all columns, written out when somebody looks."""

    __autoslot_mappers__: ClassVar = {"_args_": AutoSlots.encode_as_none}

    def __init__(self, costs: Reals, variables: Variables) -> None:
        self._costs, self._variables = costs, variables
        self._written: tuple[Any, ...] | None = None
        super().__init__()

    def construct(self, data: object = None) -> None:
        """Take part in the model; nothing is written out yet."""
        self._constructed, self._data[None] = True, self

    @property
    def _args_(self) -> tuple[Any, ...]:
        if self._written is None:
            chosen = np.flatnonzero(self._costs)
            coefficients, columns = self._costs[chosen].tolist(), self._variables.at(chosen)
            self._written = (LinearExpression(constant=0, linear_coefs=coefficients, linear_vars=columns),)
        return self._written

    @_args_.setter
    def _args_(self, value: tuple[Any, ...] | None) -> None:
        if value is not None and value[0] is not None:
            raise SolverError(KEEP_OBJECTIVE)
