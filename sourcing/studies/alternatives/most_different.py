"""Modelling to generate alternatives: each plan takes as much as possible away from where the others buy.

A plan differs from another by what the other buys and it does not: Σ worth · (tonnes of the other - its own, where that
is more than 0), over suppliers and materials. What it buys beyond counts for nothing, or a full store would be a
difference. Each plan is to have the largest least difference from those before it. That is no linear aim: of each sum
it matters whether it is below the other's. Two linear ones enclose it:

- from above: between its least and its most, a difference is no more than on the straight line between its ends;
- from below: some sums of each of the others are taken to be below it, and count as they are. The plan that is best
  then differs by no less, and leads on to a better one, until nothing gets better; then one sum is taken otherwise.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.solve_linear import Solution
    from sourcing.studies.alternatives.bounded_cost import Near
    from sourcing.studies.alternatives.known_plans import Seen
    from sourcing.studies.alternatives.ranges import Ends

    Flags = NDArray[np.bool_]
    Reals = NDArray[np.float64]

LEAST = 1.0
"""Thousandths of what the plan is worth by which a plan differs at least, or it is none of its own."""
STARTS = 6
"""Plans that were seen from which a better one is sought."""
TURNS = 50
"""How often one sum is taken otherwise, in all and for the sums that are worth most."""
_STEPS = 30
_BETTER = 1e-4
"""Part by which a step has to be better to go on."""
_SLACK = 1e-7
"""Part of the difference that the cheapest plan may give back."""


@dataclass(frozen=True, eq=False)
class Different:
    """A plan, by how much it differs at least from those before it, and by how much none differs more.

    In thousandths of what the plan that was asked about is worth.
    """

    solution: Solution
    differs: float
    possible: float


class Found(NamedTuple):
    """A plan by the way: its least difference from the others, the sums that tell it from them, and its columns."""

    differs: float
    tonnes: Reals
    x: Reals


_NONE = Found(-1.0, np.empty(0), np.empty(0))


def different_plans(near: Near, seen: Seen, ends: Ends, plan: Reals) -> list[Different]:
    """Return up to ``plans`` plans, each as different as could be found from a plan and those before it.

    Parameters
    ----------
    plan : what arrives in the plan that was asked about: tonnes of each sum.
    """
    told, found = near.layout.told, list[Different]()
    others = [plan[told]]
    while len(found) < near.asked.plans and len(told):
        near.reserve(0.0, np.inf)
        following = _next(near, seen, ends, others)
        if following is None:
            break
        found.append(following)
        others.append(near.asked.counted.tonnes(following.solution.x)[told])
    return found


def differences(weight: Reals, others: list[Reals], tonnes: Reals) -> Reals:
    """Return by how much a plan differs from each of others, from what arrives in them and what that is worth."""
    return np.array([float(weight @ np.maximum(other - tonnes, 0.0)) for other in others])


def _next(near: Near, seen: Seen, ends: Ends, others: list[Reals]) -> Different | None:
    told, weight = near.layout.told, near.asked.weight[near.layout.told]
    possible, start = _from_above(near, ends, others)
    plans = np.array(seen.plans)[:, told]
    least = np.array([differences(weight, others, tonnes).min() for tonnes in plans])
    starts = [start, *plans[np.argsort(-least, kind="stable")[:STARTS]]]
    best = max((_climb(near.relaxed, others, _below(others, each)) for each in starts), key=lambda each: each.differs)
    best = _turned(near.relaxed, ends, others, best)
    if near.relaxed is not near:
        best = _climb(near, others, _below(others, best.tonnes))
    if best.differs < LEAST:
        return None
    _aim(near, others, _below(others, best.tonnes))
    near.reserve(best.differs * (1.0 - _SLACK), np.inf)
    solution = near.cheapest(best.x)
    differs = differences(weight, others, near.asked.counted.tonnes(solution.x)[told]).min()
    return Different(solution, float(differs), max(possible, float(differs)))


def _from_above(near: Near, ends: Ends, others: list[Reals]) -> tuple[float, Reals]:
    """Return what no plan's least difference is above, and the sums of the plan that has most by that measure."""
    told = near.layout.told
    weight, lower, upper = near.asked.weight[told], ends.lower[told], ends.upper[told]
    for row, other in enumerate(others):
        high, low = np.maximum(other - lower, 0.0), np.maximum(other - upper, 0.0)
        slope = np.divide(high - low, upper - lower, where=upper > lower, out=np.zeros(len(told)))
        near.tell(row, weight * slope, float(weight @ (high + slope * lower)))
    found = near.relaxed.least(near.layout.costs(near.layout.reserve, -1.0))
    return -found.bound, near.asked.counted.tonnes(found.x)[told]


def _turned(near: Near, ends: Ends, others: list[Reals], best: Found) -> Found:
    """Take one sum otherwise than in the best plan, and go on from there if that is better, until nothing is."""
    told = near.layout.told
    stake = near.asked.weight[told] * np.maximum(np.array(others) - ends.lower[told], 0.0)
    order = np.argsort(-stake, axis=None, kind="stable")
    turns = [divmod(int(at), len(told)) for at in order if stake.flat[at] > LEAST]
    left, before = TURNS, -1.0
    while best.differs > before * (1.0 + _BETTER) and left > 0:
        before = best.differs
        for row, at in turns[:left]:
            counts = _below(others, best.tonnes)
            counts[row, at] = ~counts[row, at]
            best = _climb(near, others, counts, best)
        left -= len(turns)
    return best


def _climb(near: Near, others: list[Reals], counts: Flags, best: Found = _NONE) -> Found:
    """Return the best plan on the way up from where some sums count for each of the others.

    Return ``best`` as it is if the first plan on the way is no better.
    """
    for _ in range(_STEPS):
        _aim(near, others, counts)
        x = near.least(near.layout.costs(near.layout.reserve, -1.0)).x
        tonnes = near.asked.counted.tonnes(x)[near.layout.told]
        differs = float(differences(near.asked.weight[near.layout.told], others, tonnes).min())
        if differs <= best.differs * (1.0 + _BETTER):
            break
        best, counts = Found(differs, tonnes, x), _below(others, tonnes)
    return best


def _below(others: list[Reals], tonnes: Reals) -> Flags:
    """Return for each of the others of which sums a plan has less."""
    return np.array([tonnes < other for other in others])


def _aim(near: Near, others: list[Reals], counts: Flags) -> None:
    """Count some sums of each of the others, as far as a plan has less of them."""
    weight = near.asked.weight[near.layout.told]
    for row, (other, own) in enumerate(zip(others, counts, strict=True)):
        a = np.where(own, weight, 0.0)
        near.tell(row, a, float(a @ other))
