"""An exact search for whole numbers: what it finds is settled with them held, and has to cost what was proven.

A solver keeps rows and bounds within tolerances, and its presolve was seen to prove bounds that are none. So

- a plan is what a linear program makes of the whole numbers that were found, with bounds where rows leave no room;
- where that costs more than was proven, the search goes on in the parts in which the tolerance is not spent;
- a search that was quick is asked again without presolve, and a decision that costs something is tried without;
- what costs less than was proven, or cannot be proven at all, is searched again by another way, and never called best.
"""

from __future__ import annotations

import heapq
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.engine.forcing_rows import no_room
from sourcing.engine.search_settings import WAYS
from sourcing.engine.solver_result import SEARCHES, Proof
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from sourcing.engine.highs import Highs
    from sourcing.engine.solver_result import Outcome, Relaxed

    Reals = NDArray[np.float64]
    Flags = NDArray[np.bool_]
    Bounds = tuple[Reals, Reals]

NEAR = 1e-7
"""Part of a cost by which a plan may be off its bound without being looked into: what tolerances alone explain."""
CLOSE = 1e-6
"""Part of it by which it may be off where every way of searching has been tried."""
LEAST = 1e-8
"""Differences up to this are none, where the typical cost of a unit is 1."""
MOST = 200
"""Searches of one objective after which what is open stays open."""
QUICK, AGAIN = 200, 10
"""Nodes up to which a search is asked again without presolve, and how many times as many that may take."""
LEAKS = 1e-9
"""Part of what meets in a row by which rounding may break it."""
SMALL = 20_000
"""Coefficients up to which a program is small enough for that."""
UNPROVEN = (
    "the solver contradicts itself: however it searches, what it finds does not cost what it proves; "
    "allow a gap with --gap, or look for numbers that are very large or very small beside each other"
)
TRIED, EFFORT = 60, 2_000_000
"""How many decisions are tried without, at most, and for how many coefficients of the program in all."""


@dataclass(frozen=True, eq=False)
class Searching:
    """A loaded program and one objective, and how to solve it: ``run`` with its whole numbers, ``settle`` without.

    ``costs`` are as handed over, with the typical cost of a unit near 1. Both solve what the solver holds by then;
    ``run`` is told within which bounds of the columns. ``slack`` is how far plan and bound may be apart besides the
    gap; what is asked ``once`` takes too long to be asked again without presolve.
    """

    highs: Highs
    whole: Flags
    costs: Reals
    bounds: Bounds
    run: Callable[[Bounds], Outcome]
    settle: Callable[[], Outcome]
    slack: float = LEAST
    once: bool = False

    def settled(self, box: Bounds, x: Reals) -> Outcome | None:
        """Return the best plan in a box with the whole numbers of another; None where there is none."""
        lower, upper = box[0].copy(), box[1].copy()
        lower[self.whole] = upper[self.whole] = np.clip(np.round(x), *box)[self.whole]
        held = no_room(self.highs.matrix, self.highs.rows, (lower, upper))
        if held is None:
            return None
        self.highs.settle_whole()
        self.highs.set_column_bounds(*held)
        with suppress(SolverError):
            outcome = self.settle()
            return outcome if outcome.status == "optimal" else None
        return None

    def searched(self, box: Bounds, way: int, nodes: int = 0) -> Outcome:
        """Search a box in one of the ways that there are."""
        self.highs.search_whole(self.whole)
        self.highs.search_by(way, nodes)
        self.highs.set_column_bounds(*box)
        self.highs.forget_basis()
        return self.run(box)

    def opinions(self, box: Bounds, way: int) -> Iterator[Outcome]:
        """Search a box, and where that was quick once more without presolve."""
        first = self.searched(box, way)
        yield first
        quick = not self.once and self.highs.nodes <= QUICK and self.highs.matrix.nnz <= SMALL
        if way == 0 and quick and first.status == "optimal":
            with suppress(SolverError):
                yield self.searched(box, 1, AGAIN * QUICK)


def proven(highs: Highs, outcome: Outcome) -> Outcome:
    """Return how an exact search ended, for who can do nothing with what is not proven.

    Raises
    ------
    SolverError : it has a plan and time, and no proof.
    """
    if outcome.status == "stopped" and highs.left > 0:
        raise SolverError(UNPROVEN)
    return outcome


def search_exactly(searching: Searching) -> Outcome:
    """Search until the plan found, settled with its whole numbers held, costs what is proven.

    Return how that ended, with the plan in ``x``, what it costs and what is proven. "stopped" too where no way of
    searching proves what was asked for; then ``bound`` is what was proven all the same.
    """
    try:
        return _Search(searching).result()
    finally:
        searching.highs.search_by(0)
        searching.highs.set_column_bounds(*searching.bounds)


class _Search:
    """The boxes that are still open, the best plan so far, and what was proven of the boxes that are done."""

    def __init__(self, searching: Searching) -> None:
        self._of, self._gap = searching, searching.highs.options.gap
        start = no_room(searching.highs.matrix, searching.highs.rows, searching.bounds) or searching.bounds
        self._open: list[tuple[float, int, Bounds]] = [(-np.inf, 0, start)]
        self._best: Outcome | None = None
        self._first: Outcome | None = None
        self._proven, self._count, self._way = np.inf, 0, 0
        self._status = "optimal"

    def result(self) -> Outcome:
        """Search box by box, the one with the least bound first."""
        while self._open and self._status == "optimal":
            bound, _, box = self._open[0]
            if self._near(bound) or self._count >= MOST:
                break
            heapq.heappop(self._open)
            self._look_into(box, bound)
        bound = min([self._proven, *(node[0] for node in self._open)])
        assert self._first is not None
        if self._status != "optimal" or self._best is None:
            return self._without_proof(bound)
        status = "optimal" if self._near(bound, CLOSE) and not self._beaten(bound) else "stopped"
        return self._told(self._best, status, bound)

    def _told(self, best: Outcome, status: str, bound: float) -> Outcome:
        """Return the best plan with what was proven.

        It is a plan, even where the solver calls it none for a row that it misses by less than its own tolerance.
        """
        relaxed = None if self._first is None else self._first.relaxed
        return replace(best, status=status, found=True, bound=min(bound, best.objective), relaxed=relaxed)

    def _without_proof(self, bound: float) -> Outcome:
        """Return the end of a search that has no plan, or was stopped on the way."""
        first, best = self._first, self._best
        assert first is not None
        if self._status == "optimal":
            none = self._proven == np.inf and not self._open
            proof = (first.proof or Proof(SEARCHES)) if none else None
            return replace(first, status="infeasible" if none else "stopped", found=False, proof=proof)
        if best is None:
            return replace(first, status=self._status)
        return self._told(best, self._status, bound)

    @property
    def _value(self) -> float:
        return np.inf if self._best is None else self._best.objective

    def _near(self, bound: float, part: float = NEAR) -> bool:
        """Whether the best plan costs no more than a bound, but for the gap that was asked for."""
        return (
            self._best is not None and self._value - bound <= max(self._gap, part) * abs(self._value) + self._of.slack
        )

    def _beaten(self, bound: float, part: float = CLOSE) -> bool:
        """Whether the best plan costs less than what was said to be proven."""
        return self._best is not None and self._value < bound - part * abs(bound) - self._of.slack

    def _add(self, bound: float, box: Bounds) -> None:
        self._count += 1
        heapq.heappush(self._open, (bound, self._count, box))

    def _look_into(self, box: Bounds, before: float) -> None:
        """Search a box; put back what of it is still open."""
        opinions = list(self._of.opinions(box, self._way))
        self._first = self._first or opinions[0]
        self._gap = max(self._gap, *(outcome.within for outcome in opinions))
        found = [outcome for outcome in opinions if outcome.found]
        ended = opinions[0].status in {"optimal", "infeasible"}
        for outcome in found:
            self._settle(box, outcome)
        if not ended or self._of.highs.left <= 0:
            self._status = "stopped" if ended else opinions[0].status
            self._add(max(before, opinions[0].bound), box)
        elif found:
            if not self._is_least(opinions[0].relaxed):
                self._take_without_one(box)
            self._close(box, before, found)

    def _close(self, box: Bounds, before: float, found: list[Outcome]) -> None:
        """Leave a box whose plan costs what is proven; part it, or search it by another way, where it does not."""
        finished = [outcome for outcome in found if outcome.status == "optimal"]
        bound = max(before, min(outcome.bound for outcome in finished or found))
        if self._beaten(bound, NEAR) and self._another_way():
            self._add(-np.inf, box)
        elif self._near(bound):
            self._proven = min(self._proven, bound)
        elif parts := _parted(self._of, box, min(found, key=lambda outcome: outcome.objective).x):
            for part in parts:
                self._add(bound, part)
        elif self._another_way():
            self._add(before, box)
        else:
            self._proven = min(self._proven, bound)

    def _another_way(self) -> bool:
        """Search by another way from now on, if there is one."""
        if self._way + 1 == len(WAYS):
            return False
        self._way += 1
        return True

    def _settle(self, box: Bounds, outcome: Outcome) -> None:
        """Take what a search has found, settled; as it is where there is no time left to settle it."""
        settled = self._of.settled(box, outcome.x)
        over = settled is None and self._best is None and self._of.highs.left <= 0
        self._take(outcome if over else settled)

    def _is_least(self, relaxed: Relaxed | None) -> bool:
        """Whether the program without whole numbers, of which no search is a part, proves that no plan costs less."""
        return relaxed is not None and self._near(relaxed.bound)

    def _take(self, plan: Outcome | None) -> None:
        if plan is not None and plan.objective < self._value:
            self._best = plan

    def _take_without_one(self, box: Bounds) -> None:
        """Try the best plan without each decision that costs something: what is cheaper then was overlooked."""
        best, highs = self._best, self._of.highs
        if best is None:
            return
        paid = self._of.whole & (self._of.costs > 0) & (np.round(best.x) == 1) & (box[0] < 1)
        for column in np.flatnonzero(paid)[: min(TRIED, EFFORT // max(highs.matrix.nnz, 1))].tolist():
            other = best.x.copy()
            other[column] = 0.0
            self._take(self._of.settled(box, other))


def _parted(searching: Searching, box: Bounds, x: Reals) -> list[Bounds]:
    """Return a box without the plans that spend the solver's tolerance where a plan spends most of it.

    That is at the whole number whose rounding breaks a row most: below where it rounds to, there, and above.
    """
    highs = searching.highs
    rounded = np.where(searching.whole, np.round(x), x)
    activity, size = highs.matrix @ rounded, abs(highs.matrix) @ np.abs(x)
    over = np.maximum(activity - highs.rows[1], highs.rows[0] - activity)
    broken = np.where(over > LEAKS * size, over / highs.units.row, 0.0)
    entries, score = highs.matrix.tocoo(), np.zeros(len(x))
    np.maximum.at(score, entries.col, broken[entries.row])
    score[~searching.whole | (box[0] >= box[1])] = 0.0
    worst = int(np.argmax(score))
    if not score[worst] > 0:
        return []
    at = float(np.clip(rounded[worst], box[0][worst], box[1][worst]))
    spans = ((box[0][worst], at - 1.0), (at, at), (at + 1.0, box[1][worst]))
    found = (_within(searching, box, worst, span) for span in spans if span[0] <= span[1])
    return [part for part in found if part is not None]


def _within(searching: Searching, box: Bounds, column: int, span: tuple[float, float]) -> Bounds | None:
    lower, upper = box[0].copy(), box[1].copy()
    lower[column], upper[column] = span
    return no_room(searching.highs.matrix, searching.highs.rows, (lower, upper))
