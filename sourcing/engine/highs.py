"""HiGHS, wrapped once: hand over arrays in one call, change costs and bounds, solve from the last basis."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import highspy
import numpy as np
from scipy import sparse

from sourcing.engine.background import run_beside
from sourcing.engine.basis import advance, is_large
from sourcing.engine.cores import threads_of
from sourcing.engine.evidence import judged
from sourcing.engine.hand_over import place
from sourcing.engine.mip_gap import Enough
from sourcing.engine.ray import WIDENED, Ruled
from sourcing.engine.scaling import Units, suited, within_sight, without_rounding
from sourcing.engine.search_settings import PLAINLY, STRICT, WAYS
from sourcing.engine.silence import silent
from sourcing.engine.solver_result import NO_ANSWER, Outcome, status_of, status_without_columns
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]


@dataclass(frozen=True)
class SolverOptions:
    """How long and how exactly to solve.

    ``gap`` matters to integer models only, ``deadline`` is a time of ``time.monotonic()``, ``log`` keeps the solver's
    words; ``enough`` is a gap at which a search ends all the same, times how often it has looked into ``enough.NODES``;
    ``stop`` is asked now and then, if the solve is interruptible, whether it should end. ``watch`` hears, while
    whole numbers are searched for, of which objective, the value of the best plan so far (infinity without one) and
    what no plan can be below; it is called from another thread. With ``any_best`` any of the plans that are equally
    good will do: shortage is not shared evenly, ties fall as they fall.
    """

    gap: float = 0.0
    deadline: float = np.inf
    threads: int = 0
    log: Path | None = None
    interruptible: bool = True
    stop: Callable[[], bool] = bool
    watch: Callable[[str, float, float], None] | None = None
    enough: float = 0.0
    any_best: bool = False

    @property
    def seconds(self) -> float:
        """What is left."""
        return 0.0 if self.stop() else max(self.deadline - time.monotonic(), 0.0)


class Highs:
    """One HiGHS instance with one program; runs start from the last basis, the first, if not ``alone``, from Clp's."""

    def __init__(self, options: SolverOptions, *, alone: bool = False) -> None:
        self.options, self._deadline, self._stop = options, options.deadline, options.stop
        with silent():
            self._highs = highspy.Highs()
        self._integers, self.way, self._alone = False, 0, alone
        self.believed = False  # whether the solver's word is enough for "infeasible", as nothing is to rest on it
        self.found: highspy.HighsBasis | None = None  # where the last run ended that began afresh
        self.matrix, self.units = sparse.csr_array((0, 0)), Units(np.empty(0), np.empty(0))
        self.columns = self.rows = (np.empty(0), np.empty(0))
        self._highs.setOptionValue("output_flag", options.log is not None or options.watch is not None)
        self._highs.setOptionValue("log_to_console", False)
        if options.log is not None:
            self._highs.setOptionValue("log_file", os.fsencode(options.log))  # bytes: not every path is letters
        if options.threads:
            self._highs.resetGlobalScheduler(True)  # HiGHS refuses to run on other threads than the first time
            self._highs.setOptionValue("threads", threads_of(options.threads))
        self._highs.setOptionValue("mip_rel_gap", options.gap)
        self._highs.HandleUserInterrupt = options.interruptible
        self._enough = Enough(self._highs, options.enough)
        self._tolerance: float = self._highs.getOptionValue("primal_feasibility_tolerance")[1]

    def load(
        self,
        matrix: sparse.csr_array,
        columns: tuple[Reals, Reals],
        rows: tuple[Reals, Reals],
        integers: NDArray[np.bool_],
        fine: Reals | None = None,
    ) -> None:
        """Hand a program over, with no costs yet; ``integers`` marks whole columns, ``fine`` has units of some.

        Columns, then rows: the one-call form of HiGHS asks for integrality and then warns of a model without.
        """
        handed, self.units = suited(matrix, columns, rows, integers, fine)
        self.matrix = matrix
        self.columns, self.rows = columns, (rows[0].copy(), rows[1].copy())
        count, none, zero = matrix.shape[1], np.empty(0, np.int32), np.zeros(matrix.shape[1])
        bounds, sides = self.units.columns(*columns), self.units.rows(*rows)
        taken = self._highs.addCols(count, zero, *bounds, 0, zero.astype(np.int32), none, none.astype(float))
        placed = place(self._highs, handed, sides, self.units)
        if highspy.HighsStatus.kError in {taken, placed}:
            raise SolverError("HiGHS refuses the model: a bound or a coefficient is not a number it can use")
        if integers.any():
            self.search_whole(integers)
            self._be_strict()

    def _be_strict(self) -> None:
        """Allow no leaks, and no gap but the one that was asked for: HiGHS's own is in money of any size."""
        self._tolerance = STRICT
        self._highs.setOptionValue("mip_feasibility_tolerance", STRICT)
        self._highs.setOptionValue("mip_abs_gap", 0.0)

    def search_whole(self, whole: NDArray[np.bool_]) -> None:
        """Take some columns as whole, also again after ``settle_whole``."""
        places = np.flatnonzero(whole).astype(np.int32)
        kind = np.full(len(places), int(highspy.HighsVarType.kInteger), np.uint8)
        self._highs.changeColsIntegrality(len(places), places, kind)
        self._integers = len(places) > 0

    def search_by(self, way: int, nodes: int = 0) -> None:
        """Search in one of the ``WAYS`` from now on, and for no more than so many nodes, if any are given."""
        self.way = way
        for option, value in WAYS[way].items():
            self._highs.setOptionValue(option, value)
        self._highs.setOptionValue("mip_max_nodes", nodes or highspy.kHighsIInf)

    def end_near(self, gap: float) -> None:
        """Let searches end at a gap from now on, once they have looked into many nodes; at none where it is 0."""
        self.options, self._enough.wanted = replace(self.options, enough=gap), gap

    @property
    def left(self) -> float:
        """Seconds that are left."""
        return 0.0 if self._stop() else max(self._deadline - time.monotonic(), 0.0)

    @property
    def nodes(self) -> int:
        """How many nodes the last search took."""
        return int(self._highs.getInfo().mip_node_count)

    def forget_basis(self) -> None:
        """Start the next run afresh: after a change of objective presolve beats the old basis."""
        self._highs.clearSolver()

    def start_from(self, x: Reals) -> None:
        """Hand a plan over for the next search to improve on; who does so costs again what comes out."""
        solution = highspy.HighsSolution()
        solution.col_value = (x / self.units.column).tolist()
        self._highs.setSolution(solution)

    def tell(self, objective: str, scale: float) -> None:
        """Tell who watches of the next runs as being about an objective, whose costs are handed over ``scale`` fold."""
        self._highs.cbMipLogging.clear()
        watch = self.options.watch
        if watch is not None:
            self._highs.cbMipLogging.subscribe(
                lambda said: watch(
                    objective, said.data_out.mip_primal_bound / scale, said.data_out.mip_dual_bound / scale
                )
            )

    def settle_whole(self) -> None:
        """Treat every column as continuous from now on; their bounds are to hold the whole ones in place."""
        count = self._highs.getNumCol()
        kind = np.full(count, int(highspy.HighsVarType.kContinuous), np.uint8)
        self._highs.changeColsIntegrality(count, np.arange(count, dtype=np.int32), kind)
        self._integers = False

    def allow(self, seconds: float) -> None:
        """Let runs go on for at least so many seconds from now, whatever the deadline and whoever stopped them."""
        self._deadline = max(self._deadline, time.monotonic() + seconds)
        if self._stop():
            self._stop = bool
            self._highs.enableCallbacks()  # HiGHS interrupts every later run until they are set again

    def set_costs(self, costs: Reals) -> None:
        """Replace the objective."""
        self._highs.changeColsCost(len(costs), np.arange(len(costs), dtype=np.int32), costs * self.units.column)

    def set_column_bounds(self, lower: Reals, upper: Reals) -> None:
        """Replace the bounds of all columns."""
        count, self.columns = len(lower), (lower, upper)
        self._highs.changeColsBounds(count, np.arange(count, dtype=np.int32), *self.units.columns(lower, upper))

    def set_row_bounds(self, rows: Ints, lower: Reals, upper: Reals) -> None:
        """Replace the bounds of some rows."""
        self.rows[0][rows], self.rows[1][rows] = lower, upper
        unit = self.units.row[rows]
        self._highs.changeRowsBounds(len(rows), rows.astype(np.int32), lower / unit, upper / unit)

    def add_rows(self, rows: sparse.csr_array, upper: Reals, unit: Reals | float = 1.0) -> None:
        """Hold rows · x <= upper from now on; ``unit`` is what 1 in each of them is worth."""
        none, own = np.full(len(upper), -np.inf), np.array(np.broadcast_to(unit, len(upper)))
        handed = without_rounding(rows, self.units.column)
        own = within_sight(Units(self.units.column, own), handed).row
        place(self._highs, handed, (none, upper / own), Units(self.units.column, own))
        self.matrix = sparse.csr_array(sparse.vstack([self.matrix, rows]))
        self.rows = np.append(self.rows[0], none), np.append(self.rows[1], upper)
        self.units = self.units._replace(row=np.append(self.units.row, own))

    def run(self) -> Outcome:
        """Solve; who asks for an end and the time limit end with the status "stopped".

        Raises
        ------
        KeyboardInterrupt : after the solver has come to rest.
        MemoryError : it ran out of memory.
        """
        free = 0 if self._integers else int((self.columns[0] < self.columns[1]).sum())
        begins = not self._integers and not self._highs.getBasis().valid
        if begins and not self._alone and is_large(free):
            advance(self._highs, lambda: self.left, self._stop)
        self._highs.setOptionValue("time_limit", self.left + self._highs.getRunTime())
        self._solve()
        status = self._status()
        self.found = self._highs.getBasis() if begins and status == "optimal" else self.found
        outcome = self._judged(self._again() if status in NO_ANSWER else status)
        return outcome if self._within(outcome) else self._with_every_bound()

    def _judged(self, status: str) -> Outcome:
        """Return how a run ended; nobody hears "infeasible" without what it rests on.

        HiGHS was seen to call "optimal" what keeps the rows in its own scaling and misses them by more than its
        tolerance as they were handed over: such a program is solved without that scaling, and the plan that keeps the
        rows better is taken.
        """
        outcome = self._outcome(status)
        if status == "infeasible":
            return outcome if self.believed else judged(self, outcome)
        missed = self._missed
        if status != "optimal" or self._integers or missed <= self._tolerance:
            return outcome
        again = self.run_otherwise({"presolve": "off", "simplex_scale_strategy": 0})
        return again if again.status == "optimal" and self._missed < missed else outcome

    @property
    def _missed(self) -> float:
        """By how much the last solve's values miss a row or a bound, in the solver's units."""
        missed: float = self._highs.getInfo().max_primal_infeasibility
        return missed

    def _within(self, outcome: Outcome) -> bool:
        """Whether the bounds that were left out as beyond reach are kept all the same."""
        if outcome.status == "unbounded":
            return bool(np.isinf(self.units.far))
        if outcome.status != "optimal" or np.isinf(self.units.far):
            return True
        kept = ((outcome.x, self.columns, self.units.column), (outcome.row, self.rows, self.units.row))
        return all(
            bool(((value >= lower - unit) & (value <= upper + unit)).all()) for value, (lower, upper), unit in kept
        )

    def _with_every_bound(self) -> Outcome:
        """Hand over the bounds that were left out, and solve again."""
        self.units = self.units._replace(far=np.inf)
        self.set_column_bounds(*self.columns)
        self.set_row_bounds(np.arange(len(self.rows[0])), *self.rows)
        return self.run()

    def run_plainly(self) -> Outcome:
        """Solve from scratch and without presolve: slower, and with less that can go wrong."""
        return self._judged(self._again())

    def run_otherwise(self, setting: Mapping[str, object]) -> Outcome:
        """Solve from scratch with options of HiGHS set otherwise; what it says is not looked into."""
        usual = {name: self._highs.getOptionValue(name)[1] for name in setting}
        self._highs.clearSolver()
        for name, value in setting.items():
            self._highs.setOptionValue(name, value)
        self._solve()
        for name, value in usual.items():
            self._highs.setOptionValue(name, value)
        return self._outcome(self._status())

    def another(self) -> Highs:
        """Return another instance, to be loaded, that solves as long as this one may."""
        return Highs(replace(self.options, deadline=self._deadline, stop=self._stop, log=None, watch=None))

    @property
    def threads(self) -> int:
        """How many threads HiGHS may start, 0 where that is left to it."""
        return int(self._highs.getOptionValue("threads")[1])

    @property
    def searches(self) -> bool:
        """Whether some columns are whole."""
        return self._integers

    def ruled(self) -> Ruled:
        """Return what is asked of the columns just now, in the units of who asks."""
        return Ruled(self.matrix, self.columns, self.rows, self.units)

    def dual_ray(self) -> Reals | None:
        """Return the rows' combination with which the solver explains that there is no plan; None if it has none."""
        _, known, ray = self._highs.getDualRay()
        return np.array(ray) / self.units.row if known else None

    def _status(self) -> str:
        status = self._highs.getModelStatus()
        if status == highspy.HighsModelStatus.kModelEmpty:
            return status_without_columns(self.rows, WIDENED * self.units.row)
        return "optimal" if self._enough.reached else status_of(status)

    def _again(self) -> str:
        """Solve once more from scratch and without presolve, which cannot always tell why there is no answer.

        Without whole numbers also in other ways, until one has an answer.

        Raises
        ------
        SolverError : none has.
        """
        for setting in PLAINLY[: 1 if self._integers else None]:
            status = self.run_otherwise(setting).status
            if status not in NO_ANSWER:
                return status
        words = self._highs.modelStatusToString(self._highs.getModelStatus())
        raise SolverError(f"HiGHS ended without an answer ({words}); the solver's log says where")

    def _solve(self) -> None:
        """Let HiGHS run; a search leaves its own tolerance behind as that of every later solve, which is set right."""
        self._enough.go_on()
        self._highs.setOptionValue("primal_feasibility_tolerance", self._tolerance)
        if self.options.interruptible:
            run_beside(self._highs, self._stop)
        else:
            self._highs.run()

    def _outcome(self, status: str) -> Outcome:
        solution, info, units = self._highs.getSolution(), self._highs.getInfo(), self.units
        found = info.primal_solution_status == int(highspy.SolutionStatus.kSolutionStatusFeasible)
        bound = info.mip_dual_bound if self._integers else info.objective_function_value
        return Outcome(
            status,
            found,
            info.objective_function_value,
            bound if status == "optimal" or self._integers else -np.inf,
            np.array(solution.col_value) * units.column,
            np.array(solution.row_value) * units.row,
            np.array(solution.row_dual) / units.row,
            np.array(solution.col_dual) / units.column,
            within=self._enough.gap,
        )
