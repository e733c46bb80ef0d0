"""Parametric program of a tornado: each number of a question at hand to be moved, as changes of one program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.answer.priorities import still_asked
from sourcing.answer.setting import network_of
from sourcing.engine.attribute_changes import apart, in_proportion
from sourcing.engine.common_index import Space
from sourcing.engine.formulation import formulate
from sourcing.studies.tornado.inputs import inputs_of
from sourcing.studies.tornado.moved import moved
from sourcing.studies.tornado.ranges import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sourcing.engine.common_index import Cells, Change
    from sourcing.engine.formulation import Formulation
    from sourcing.plan import Plan
    from sourcing.studies.tornado.inputs import Input
    from sourcing.studies.tornado.ranges import Ranges
    from sourcing.tables import Case

    Moves = Sequence[tuple[Input, float]]


class _Group(NamedTuple):
    """Kinds of numbers that seldom meet in one cell of the program.

    ``linear`` says that cells mostly follow in proportion, ``alone`` that they meet all the same.
    """

    kinds: tuple[str, ...]
    linear: bool = False
    alone: bool = False


_GROUPS = (
    _Group(("price", "capacity"), linear=True),
    _Group(("freight", "conversion"), linear=True),
    _Group(("duty",), linear=True),
    _Group(("demand",), linear=True, alone=True),
    _Group(("yield",), linear=True, alone=True),
    _Group(("licence",)),
    _Group(("lead time", "process time")),
    _Group(("transit",)),
    _Group(("ramp",)),
)


@dataclass(frozen=True, eq=False)
class Doubting:
    """The plan, its tables without rules that were given up, its inputs, and its program in a space for all of them."""

    plan: Plan
    case: Case
    inputs: list[Input]
    form: Formulation
    space: Space
    cells: Cells

    @property
    def minimize(self) -> tuple[str, ...]:
        """What the question minimises, in order."""
        return tuple(self.plan.question.objective.minimize)

    def tables_with(self, moves: Moves) -> Case:
        """Return the tables with inputs moved."""
        return moved(self.case, moves)

    def form_with(self, moves: Moves) -> Formulation:
        """Return the program with inputs moved, formulated anew."""
        return formulate(network_of(self.plan.question, self.tables_with(moves)))

    def changes(self, go_on: Callable[[], None]) -> Iterator[tuple[Input, str, Change | None]]:
        """Yield what each input changes at each end; None where that leads out of the space.

        ``go_on`` is called before each piece of work, and may raise.
        """
        for group in _GROUPS:
            inputs = [each for each in self.inputs if each.kind in group.kinds]
            if inputs:
                yield from self._of_group(group, inputs, go_on)

    def _of_group(
        self, group: _Group, inputs: list[Input], go_on: Callable[[], None]
    ) -> Iterator[tuple[Input, str, Change | None]]:
        def together(by: list[float]) -> Callable[[list[int]], Cells | None]:
            def of(at: list[int]) -> Cells | None:
                go_on()
                return self.space.cells(self.form_with([(inputs[one], by[one]) for one in at]))

            return of

        far = [_far(each) for each in inputs]
        by = {True: [getattr(each, end) for each, end in zip(inputs, far, strict=True)]}
        by[False] = [getattr(each, _other(end)) for each, end in zip(inputs, far, strict=True)]
        found = {True: apart(self.cells, len(inputs), together(by[True]), alone=group.alone)}
        if group.linear:
            known = [at for at, change in enumerate(found[True]) if change is not None]
            ratios = (np.array(by[False]) - 1.0) / (np.array(by[True]) - 1.0)
            found[False] = in_proportion(self.cells, found[True], ratios, together(by[False])(known))
        else:
            found[False] = apart(self.cells, len(inputs), together(by[False]))
        for at, each in enumerate(inputs):
            for is_far, end in ((True, far[at]), (False, _other(far[at]))):
                change = found[is_far][at]
                if change is None:
                    cells = together(by[is_far])([at])
                    change = None if cells is None else self.cells.change_to(cells)
                yield each, end, change


def doubting(plan: Plan, ranges: Ranges, kinds: Sequence[str] = KINDS) -> Doubting:
    """Return a plan's question with its numbers of some kinds at hand."""
    case = still_asked(plan)
    inputs = [each for each in inputs_of(case, ranges) if each.kind in kinds]
    form = formulate(network_of(plan.question, case))
    ends = [[(each, getattr(each, end)) for each in inputs] for end in ("low", "high")]
    space = Space([form, *(formulate(network_of(plan.question, moved(case, moves))) for moves in ends)])
    cells = space.cells(form)
    assert cells is not None  # the space was made of it
    return Doubting(plan, case, inputs, form, space, cells)


def _far(each: Input) -> str:
    stated = 0.0 if each.kind == "ramp" else 1.0
    return "low" if abs(each.low - stated) > abs(each.high - stated) else "high"


def _other(end: str) -> str:
    return "low" if end == "high" else "high"
