"""What hot starts save: the near-optimal ranges of `sourcing alternatives` beside solving each end from scratch.

    python benchmarks/alternatives.py [QUESTION SHARE]

Processor seconds for the least and the most tonnes of every supplier and country, by material: in one loaded program,
as the command finds them (its own build and solve included), and each end by itself with the same engine: built,
handed over, shortage and cost minimised as `sourcing optimize` does, then the end. A third figure leaves out of "from
scratch" what could be done once: the build, and finding the least shortage and cost. Both must agree to 1e-6.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from sourcing.answer.setting import ask
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.engine.rounds import FEASIBILITY, scale_of, settle
from sourcing.engine.solve import solve
from sourcing.engine.solve_linear import load
from sourcing.studies.alternatives.asked import Asked
from sourcing.studies.alternatives.counted import counted
from sourcing.studies.alternatives.known_plans import Seen
from sourcing.studies.alternatives.most_different import different_plans
from sourcing.studies.alternatives.ranges import ends_of, shares_of
from sourcing.studies.alternatives.with_integers import near

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.answer.setting import Setting
    from sourcing.studies.alternatives.counted import Counted
    from sourcing.studies.alternatives.ranges import Ends

    Reals = NDArray[np.float64]

_OPTIONS = SolverOptions(interruptible=False, threads=1)
SAME = 1e-6


def loaded(setting: Setting, within: float) -> tuple[Counted, Ends, dict[str, float], dict[str, int]]:
    """Find ranges, shares and three different plans in one loaded program; return seconds and runs of the solver."""
    seconds: dict[str, float] = {}
    runs: dict[str, int] = {}
    last = time.process_time()

    def end(stage: str, solves: int) -> None:
        nonlocal last
        seconds[stage], runs[stage] = time.process_time() - last, solves - sum(runs.values())
        last = time.process_time()

    minimize = tuple(setting.question.objective.minimize)
    model = to_pyomo(formulate(setting.network))
    solution = solve(model, minimize, _OPTIONS)
    counts, least = counted(model.formulation), solution.level("cost").value
    own = counts.tonnes(solution.x)
    weight = np.zeros(len(counts))
    weight[counts.suppliers["at"]] = 1e3 / own[counts.suppliers["at"]].sum()
    asked = Asked(model.formulation, minimize, solution, counts, least + within * abs(least), weight, 3)
    held = near(asked, _OPTIONS)
    seen = Seen(counts, solution.x, held.unit)
    end("cheapest plan", held.solves)
    ends = ends_of(held, seen)
    end("tonnes", held.solves)
    shares_of(held, seen, ends)
    end("shares", held.solves)
    different_plans(held, seen, ends, own)
    end("different plans", held.solves)
    return counts, ends, seconds, runs


def from_scratch(setting: Setting, costs: Reals, within: float) -> tuple[float, float, float]:
    """Return the least of some costs, the processor seconds for it, and those of the last solve alone."""
    began = time.process_time()
    model = to_pyomo(formulate(setting.network))
    highs, program = load(model, _OPTIONS)
    bounds = program.columns
    form = model.formulation
    for name in setting.question.objective.minimize:
        before = bounds, (highs.rows[0].copy(), highs.rows[1].copy())
        highs.forget_basis()
        outcome, bounds = settle(highs, form.objectives[name], bounds)
    least, (bounds, sides) = outcome.objective, before
    began_last = time.process_time()
    highs.set_column_bounds(*bounds)
    highs.set_row_bounds(np.arange(len(sides[0])), *sides)
    size = scale_of(form.objectives["cost"])
    most = (least + within * abs(least)) * size + FEASIBILITY
    highs.add_rows(sparse.csr_array(form.objectives["cost"][None, :] * size), np.array([most]))
    highs.forget_basis()
    highs.set_costs(costs)
    found = highs.run()
    now = time.process_time()
    return float(costs @ found.x), now - began, now - began_last


def measure(question: str, within: float) -> list[str]:
    """Return lines of figures for one question."""
    setting = ask(question)
    counts, ends, seconds, runs = loaded(setting, within)
    scratch, last, apart = 0.0, 0.0, 0.0
    for at in range(len(counts)):
        costs = counts.matrix[[at]].toarray().ravel()
        for sign, own in ((1.0, ends.least[at]), (-1.0, ends.most[at])):
            value, whole, part = from_scratch(setting, sign * costs, within)
            scratch, last = scratch + whole, last + part
            apart = max(apart, abs(sign * value + counts.already[at] - own) / max(own, 1.0))
    ours = seconds["cheapest plan"] + seconds["tonnes"]
    lines = [f"{question}, within {within:.1%}: {len(counts)} sums, {2 * len(counts)} ends"]
    lines += [f"  {stage}: {seconds[stage]:.2f} s, {runs[stage]} runs of the solver" for stage in seconds]
    lines += [
        f"  each end from scratch: {scratch:.1f} s, {scratch / ours:.1f} times the cheapest plan and tonnes above",
        f"  the last solve of each alone, in a fresh solver: {last:.1f} s, {last / seconds['tonnes']:.1f} times tonnes",
        f"  largest difference of an end: {apart:.1e} ({'the same' if apart <= SAME else 'NOT the same'})",
    ]
    return lines


def main() -> None:
    """Print the figures of the question asked for, or of the ready one."""
    own = sys.argv[1:]
    print("\n".join(measure(own[0] if own else "diversified", float(own[1]) if own[1:] else 0.01)))  # noqa: T201


if __name__ == "__main__":
    main()
