"""How much, and which part, can come from each supplier and country in any plan that is near enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.studies.alternatives.found import FREE, MUST, NEVER, OPEN

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sourcing.studies.alternatives.bounded_cost import Near
    from sourcing.studies.alternatives.known_plans import Seen

    Reals = NDArray[np.float64]

SAME = 1e-9
"""Part of a sum, or of a share, up to which two are the same."""
_ROUNDS = 50


class Ends(NamedTuple):
    """The least and the most of each sum (t): in plans that were found, and what was proven of all plans."""

    least: Reals
    most: Reals
    lower: Reals
    upper: Reals


def ends_of(near: Near, seen: Seen) -> Ends:
    """Return how little and how much of each sum can arrive.

    No solve is needed where a plan that was seen attains what the bounds of the columns allow.
    """
    counted = near.asked.counted
    floor, ceiling = (counted.tonnes(side) for side in near.columns)
    lower, upper = floor.copy(), ceiling.copy()
    for at in range(len(counted)):
        if seen.most[at] < ceiling[at] * (1.0 - SAME):
            found = near.least(near.layout.costs(near.layout.sums[at], -1.0), -seen.most[at])
            seen.add(found.x)
            upper[at] = -found.bound
    for at in range(len(counted)):
        if seen.least[at] - floor[at] > SAME * seen.most[at]:
            found = near.least(near.layout.costs(near.layout.sums[at], 1.0), seen.least[at])
            seen.add(found.x)
            lower[at] = found.bound
    return Ends(seen.least, seen.most, np.minimum(lower, seen.least), np.maximum(upper, seen.most))


def shares_of(near: Near, seen: Seen, ends: Ends) -> tuple[Reals, Reals]:
    """Return the least and the most share of each row of the table in what arrives of its material.

    NaN where none can arrive.
    """
    table = near.asked.counted.table
    seen.share()
    pairs = zip(table["at"].tolist(), table["of"].tolist(), strict=True)
    for row, (at, of) in enumerate(pairs):
        if at == of or ends.upper[of] <= 0 or ends.upper[at] <= seen.dust[row]:
            continue
        if not seen.most_share[row] >= 1.0 - SAME:
            _push(near, seen, (row, at, of), 1.0)
        if not seen.least_share[row] <= SAME:
            _push(near, seen, (row, at, of), -1.0)
    return seen.least_share, seen.most_share


def _push(near: Near, seen: Seen, place: tuple[int, int, int], sign: float) -> None:
    """Find the most (sign 1) or the least (-1) share of a row by Dinkelbach's iteration.

    At the best share seen so far, the plan with the most of the group beyond that share of all; none has any beyond at
    the best share of all. A plan in which nothing arrives is never beyond.
    """
    row, at, of = place
    sums = near.layout.sums[[at, of]]
    for _ in range(_ROUNDS):
        best = float((seen.most_share if sign > 0 else seen.least_share)[row])
        best = best if np.isfinite(best) else (0.0 if sign > 0 else 1.0)
        found = near.least(near.layout.costs(sums, np.array([-sign, sign * best])), 0.0)
        if -found.value <= SAME * seen.most[of]:
            return
        seen.add(found.x)
        now = float((seen.most_share if sign > 0 else seen.least_share)[row])
        if sign * (now - best) <= SAME:
            return


def verdicts(table: pd.DataFrame, ends: Ends, already: Reals, dust: Reals) -> list[str]:
    """Return for each row of the table whether every plan, some plans or none orders from it.

    Parameters
    ----------
    already : tonnes of each sum that are on order before the first day: they are no longer to be decided.
    dust : tonnes of each row below which nothing arrives.
    """
    at = table["at"].to_numpy(np.int64)
    least, most, lower, upper = (side[at] - already[at] for side in ends)
    found = [(lower > dust, MUST), (upper <= dust, NEVER), ((least <= dust) & (most > dust), FREE)]
    return list(np.select([where for where, _ in found], [word for _, word in found], OPEN))
