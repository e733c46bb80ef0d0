"""Epsilon-constraint method: any measure is minimised while others are held, each from its last basis."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from sourcing.engine.cones import broken
from sourcing.engine.exact import proven
from sourcing.engine.mixed_integer import SAME
from sourcing.engine.outer_approximation import with_squares
from sourcing.engine.rounds import scale_of
from sourcing.errors import SolverError, StoppedEarly
from sourcing.studies.frontier.measures import kind_of
from sourcing.studies.frontier.program import Measured

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.solver_result import Outcome, Proof
    from sourcing.protocol import Cone
    from sourcing.studies.frontier.measures import Gauge

    Reals = NDArray[np.float64]
    Aim = tuple[int, float]
    Line = tuple[float, float, float]

STOPPED = "stopped before the frontier was finished; nothing was written; allow more with --time-limit"
REACHED = 1e-8
"""The least of an average is known to this part of it."""
HELD = (1e-7, 1e-6, 1e-5)
"""The part of its least by which a measure may be above it while the next is minimised: a limit has seven digits. More
where the solver finds nothing in so narrow a space."""
_OPEN = 1e-6
"""How far a measure may be from its bound, where a unit of it counts about 1."""
_ROUNDS, _TANGENTS = 50, 100


@dataclass(frozen=True, eq=False)
class Mark:
    """A point that no plan beats: the value of each measure, in the order of the gauges; 0 of an average of nothing.

    ``supports`` are lines below which no plan is, of two linear measures: (value of the second, of the first, slope).
    """

    values: tuple[float, ...]
    supports: tuple[Line, ...] = ()


class Ground:
    """A model loaded once for each measure, to be minimised with others held; with whole numbers once for all.

    ``status`` is how the last search ended, that for the least shortage at first ("optimal" if it was not asked for);
    with ``hold_shortage`` only plans with the least are looked at. ``proof`` is what it rests on that there is no plan.
    ``solves`` counts the runs of the solver.
    """

    def __init__(
        self, formulation: Formulation, gauges: Sequence[Gauge], options: SolverOptions, *, hold_shortage: bool
    ) -> None:
        self.gauges, self.status, self.solves = tuple(gauges), "optimal", 0
        self.proof: Proof | None = None
        self._formulation, self._whole = formulation, formulation.whole
        self._held: dict[int, float] = {}
        self._x = np.empty(0)
        count = 1 if self._whole.any() else len(gauges)
        self._programs = [Measured(formulation, gauges, options) for _ in range(count)]
        if hold_shortage and formulation.objectives["shortage"].any():
            costs = formulation.objectives["shortage"]
            outcome = self._run(0, costs * scale_of(costs))
            self.status, self.proof = outcome.status, outcome.proof
            if self.status == "optimal":
                for program in self._programs:
                    program.keep_shortage(costs, outcome.x, curved=bool(formulation.cones))

    def find(self, order: Sequence[int], held: Mapping[int, float]) -> Mark | None:
        """Minimise measures in order, each held at its least for the next, while others are held; None if none can be.

        Parameters
        ----------
        order : every measure, by position.
        held : the most that measures may be, by position.

        Raises
        ------
        StoppedEarly : the time is up, or somebody asked for an end.
        """
        for at in range(len(self.gauges)):
            self._hold(at, held.get(at))
        reached: dict[int, float] = {}
        supports: list[Line] = []
        for at in order:
            found = self._next(at, reached) if reached else self._first(at, held)
            if found is None:
                return None
            reached[at], outcome = found
            supports += self._support(at, reached[at], outcome)
        return Mark(tuple(float(np.nan_to_num(gauge.of(self._x))) for gauge in self.gauges), tuple(supports))

    def _first(self, at: int, held: Mapping[int, float]) -> tuple[float, Outcome] | None:
        """Return the least of a measure under what is held; None where there is no plan."""
        try:
            return self._least(at)
        except SolverError:
            if self._impossible(held):
                return None
            raise

    def _next(self, at: int, reached: Mapping[int, float]) -> tuple[float, Outcome]:
        """Return the least of a measure while others stay at what they have reached, or hardly above it.

        Raises
        ------
        SolverError : the solver finds no plan although it found one.
        """
        for part in HELD:
            for other, value in reached.items():
                self._hold(other, value + part * abs(value))
            with suppress(SolverError):
                found = self._least(at)
                if found is not None:
                    return found
        raise SolverError("the solver finds no plan at the value of one that it found")

    def _impossible(self, held: Mapping[int, float]) -> bool:
        """Whether no plan keeps what is held, where the solver cannot say: the last can be no less under the others."""
        if not held:
            return False
        *others, last = held
        for at in range(len(self.gauges)):
            self._hold(at, held[at] if at in others else None)
        found = self._least(last)
        return found is None or found[0] > held[last] + REACHED * abs(held[last])

    def _hold(self, at: int, value: float | None) -> None:
        """Hold a measure at a value in every program; None lifts it."""
        self._held.pop(at, None)
        if value is not None:
            self._held[at] = value
        for program in self._programs:
            program.hold(at, value)

    def _least(self, at: int) -> tuple[float, Outcome] | None:
        """Return the least of a measure under what is held, and the last run; None where there is no plan.

        Of an average by Dinkelbach's iteration: at the value of the last plan, the plan that stays furthest within it.
        """
        gauge, value = self.gauges[at], 0.0
        if not gauge.straight and len(self._x):
            value = float(np.nan_to_num(gauge.of(self._x)))
        best = np.inf
        for _ in range(_ROUNDS):
            outcome = self._run(at, gauge.beyond(value) * gauge.scale, (at, value))
            self.status, self.proof = outcome.status, outcome.proof
            if outcome.status != "optimal":
                return None
            x = with_squares(self._formulation, outcome.x)
            now = gauge.of(x)
            if np.isinf(best) or now < best:
                self._x = x
            if gauge.straight or np.isnan(now) or now >= best - REACHED * abs(best):
                break
            best = value = now
        return float(np.nan_to_num(gauge.of(self._x))), outcome

    def _support(self, at: int, value: float, outcome: Outcome) -> list[Line]:
        """Return the line below which no plan is, as the duals of a run prove it; none but of two linear measures."""
        if len(self.gauges) != 2 or self._whole.any() or not all(gauge.straight for gauge in self.gauges):
            return []
        other = 1 - at
        scale = self.gauges[other].scale / self.gauges[at].scale
        price = -min(float(outcome.row_dual[self._programs[at].gauge_rows[other]]) * scale, 0.0)
        if at == 0:
            return [(self._held.get(1, 0.0), value, -price)]
        return [(value, self._held[0], -1.0 / price)] if price > 0 and 0 in self._held else []

    def _run(self, at: int, costs: Reals, aim: Aim | None = None) -> Outcome:
        """Minimise costs, with tangents until the plan keeps every square; ``aim`` is the measure and its value."""
        program = self._programs[at % len(self._programs)]
        sharpened = partial(self._sharpened, program, costs, aim)
        if not self._whole.any():
            return program.least(costs, sharpened)
        highs = program.highs
        if self._formulation.cones:
            highs.set_costs(costs)
            highs.settle_whole()
            sharpened(highs.run)
        sharp = partial(sharpened, highs.run)
        return proven(highs, program.search(costs, sharp, sharp, _OPEN))

    def _sharpened(self, program: Measured, costs: Reals, aim: Aim | None, run: Callable[[], Outcome]) -> Outcome:
        for _ in range(_TANGENTS):
            outcome = run()
            self.solves += 1
            if outcome.status == "stopped":
                raise StoppedEarly(STOPPED)
            if outcome.status != "optimal":
                return outcome
            if abs(outcome.objective - costs @ outcome.x) > SAME * (1.0 + abs(outcome.objective)):
                raise SolverError("the solver's plan does not cost what the solver says")
            cones, upper = self._curved(outcome.x, aim)
            model = replace(self._formulation, cones=cones)
            tangents = broken(model, outcome.x, upper)
            if not len(tangents.share):
                return outcome
            for each in self._programs:
                each.touch(model, tangents)
        raise SolverError(f"after {_TANGENTS} rounds of tangents the plan is still above a limit on concentration")

    def _curved(self, x: Reals, aim: Aim | None) -> tuple[tuple[Cone, ...], Reals]:
        """Return the cones, and the bounds of the model's rows, at what is held and minimised just now."""
        cones, upper = self._formulation.cones, self._programs[0].model_upper.copy()
        for at, gauge in enumerate(self.gauges):
            aimed = aim is not None and aim[0] == at
            value = aim[1] if aim is not None and aimed else self._held.get(at)
            if kind_of(gauge.name) != "index" or value is None:
                continue
            total, amount = float(gauge.total @ x), float(gauge.amount @ x)
            upper[gauge.row] = amount - total if aimed else (value - 1.0) * total
            cones = tuple(
                replace(cone, value=np.where(cone.row == gauge.row, max(value, REACHED), cone.value)) for cone in cones
            )
        return cones, upper
