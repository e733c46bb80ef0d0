"""What keeping the last basis is worth: `sourcing frontier` beside the same search with every run from scratch.

    python benchmarks/frontier.py [QUESTION MATERIAL POINTS MEASURE MEASURE [MEASURE]]

For the measures: the points and the runs of the solver for them; the processor seconds of the search on loaded
programs, with the last basis kept and without (the same program, the same points sought), and of each point's own
question solved from scratch; how far the first measure of the two is apart.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.engine.solve import solve
from sourcing.studies.frontier.evaluate import gauges_of, holds_shortage, searched
from sourcing.studies.frontier.measures import held_at
from sourcing.studies.frontier.request import Trade, trading
from sourcing.studies.frontier.solver import Ground

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from sourcing.engine.solver_result import Outcome

    Reals = NDArray[np.float64]

FRONTIERS = (
    ("diversified", "NdPr oxide", 12, ("cost", "lead-time")),
    ("diversified", "NdPr oxide", 12, ("cost", "hhi")),
    ("diversified", "NdPr oxide", 12, ("cost", "hhi", "lead-time")),
)
_OPTIONS = SolverOptions(interruptible=False, threads=1)


class Cold(Ground):
    """The same, each run from scratch."""

    def _run(self, at: int, costs: Reals, aim: tuple[int, float] | None = None) -> Outcome:
        for program in self._programs:
            program.begin()
        return super()._run(at, costs, aim)


def measure(question: str, material: str, points: int, measures: tuple[str, ...]) -> str:
    """Return a line of figures for one frontier."""
    averages = bool({"hhi", "lead-time"} & set(measures))
    asked = trading(question, Trade(measures, points, material if averages else ""), None)
    one, two = (formulate(asked.network(value)) for value in (1.0, 2.0))
    gauges = gauges_of(asked, one, two)
    seconds, runs = {}, {}
    for way in (Ground, Cold):
        began = time.process_time()
        search = searched(asked, way(one, gauges, _OPTIONS, hold_shortage=holds_shortage(asked)), _OPTIONS)
        seconds[way], runs[way] = time.process_time() - began, search.solves
    scratch, apart = 0.0, 0.0
    for mark in search.marks:
        held = asked.held_values(dict(zip(asked.measures, mark.values, strict=True)))
        program = held_at(one, gauges, held, asked.at(held).network)
        began = time.process_time()
        solution = solve(to_pyomo(program), asked.minimize, _OPTIONS)
        scratch += time.process_time() - began
        apart = max(apart, abs(solution.levels[-1].value / mark.values[0] - 1.0))
    return (
        f"{question} {' '.join(measures)}: {len(search.marks)} points; with the last basis {runs[Ground]} runs in "
        f"{seconds[Ground]:.2f} s, from scratch {runs[Cold]} in {seconds[Cold]:.2f} s; the points' own questions "
        f"{scratch:.2f} s, apart by {apart:.1e} of it at most"
    )


def main() -> None:
    """Print a line for each frontier."""
    own = sys.argv[1:]
    chosen = [(own[0], own[1], int(own[2]), tuple(own[3:]))] if own else FRONTIERS
    for question, material, points, measures in chosen:
        print(measure(question, material, points, measures))  # noqa: T201


if __name__ == "__main__":
    main()
