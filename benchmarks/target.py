"""How few solves a curve takes, and whether it holds: `sourcing target` beside dense solves and solves from scratch.

    python benchmarks/target.py [QUESTION LIMIT FROM TO]

For the limit: the solved points and the runs of the solver for them; 200 values between, each solved, with how many of
them lie outside the band; at how many of the 199 steps a price changes (a curve has at least so many bends); and the
processor seconds for all points in one loaded model, beside solving each from scratch with the same engine.
"""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import numpy as np

from sourcing.answer.setting import ask
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.engine.solve import solve
from sourcing.studies.target.band import between, by_group
from sourcing.studies.target.curve import Piece, pieces_of
from sourcing.studies.target.parametric_limit import Dial, dial_of
from sourcing.studies.target.request import TOLERANCE, Dialling, Sweep, dialling
from sourcing.studies.target.swept_model import Dialled

if TYPE_CHECKING:
    from sourcing.studies.target.swept_model import Point

DENSE = 200
CURVES = (
    ("diversified", "ndpr-one-country", 0.9, 0.3),
    ("diversified", "dy-one-country", 0.9, 0.3),
    ("diversified", "tb-one-country", 0.9, 0.3),
)
_OPTIONS = SolverOptions(interruptible=False, threads=1)


def curve(dial: Dial, asked: Dialling, sweep: Sweep) -> tuple[Dialled, list[Piece]]:
    """Return the curve as `sourcing target` finds it."""
    held = Dialled(dial, asked.minimize, _OPTIONS)
    free = held.free()
    assert free is not None
    ends = [held.at(value) for value in (sweep.loose, sweep.tight) if value is not None]
    assert ends[0] is not None
    assert ends[1] is not None
    return held, pieces_of(held, ends[0], ends[1], TOLERANCE)


def outside(dial: Dial, pieces: list[Piece], found: Point) -> float:
    """Return by how much a cost lies outside the band (USD)."""
    piece = next(one for one in pieces if dial.sign * (found.value - one.ends[0].value) >= -1e-12)
    band = between(dial, piece.ends, np.array([found.value]))
    return float(max(band.lower[0] - found.cost, found.cost - band.upper[0], 0.0))


def bends(dial: Dial, dense: list[Point]) -> int:
    """Return at how many steps a price of the limit changes by more than a thousandth: at least so many bends."""
    prices = np.array([by_group(dial, point.price) for point in dense])
    change = np.abs(np.diff(prices, axis=0)).max(axis=1)
    return int((change > 1e-3 * np.maximum(prices.max(axis=1)[1:], 1.0)).sum())


def measure(question: str, limit: str, loose: float, tight: float) -> str:
    """Return a line of figures for one curve."""
    asked = dialling(ask(question), Sweep(limit, loose, tight))
    formulate(asked.network(loose))  # what is loaded and kept once for a process is neither side's
    began = time.process_time()
    dial = dial_of(asked.network, limit)
    built = time.process_time() - began
    held, pieces = curve(dial, asked, Sweep(limit, loose, tight))
    ours = time.process_time() - began
    points = [pieces[0].ends[1], *(piece.ends[0] for piece in pieces)]
    dense_held = Dialled(dial, asked.minimize, _OPTIONS)
    values = np.linspace(points[0].value, points[-1].value, DENSE)
    dense = [found for value in values if (found := dense_held.at(float(value))) is not None]
    worst = max(outside(dial, pieces, found) for found in dense)
    scratch, solving, apart = 0.0, 0.0, 0.0
    for point in points:
        began = time.process_time()
        model = to_pyomo(formulate(asked.network(point.value)))
        middle = time.process_time()
        solution = solve(model, asked.minimize, _OPTIONS)
        scratch += time.process_time() - began
        solving += time.process_time() - middle
        apart = max(apart, abs(solution.level("cost").value - point.cost))
    runs = sum(held.solves.values())
    return (
        f"{question} {limit} {loose:g} to {tight:g}: {len(points)} points, {runs} runs {held.solves}; "
        f"{len(dense)} dense solves, furthest outside the band USD {worst:.2f}, at least {bends(dial, dense)} bends; "
        f"widest band USD {max(piece.widest[0] for piece in pieces):,.0f}; from scratch apart USD {apart:.2f}; "
        f"processor seconds {ours:.2f} ({built:.2f} of it building), from scratch {scratch:.2f} ({solving:.2f} solving)"
    )


def main() -> None:
    """Print a line for each curve."""
    own = sys.argv[1:]
    for question, limit, loose, tight in [(own[0], own[1], float(own[2]), float(own[3]))] if own else CURVES:
        print(measure(question, limit, loose, tight))  # noqa: T201


if __name__ == "__main__":
    main()
