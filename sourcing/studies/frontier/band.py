"""Between the points of two linear measures: what no plan is below, and what a mixture of two plans is.

The best of the first measure is a convex function of the second. A mixture of two plans is a plan, so the best lies on
or below the straight line between two points; and on or above the lines that the duals of each solve prove.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.studies.frontier.explore import Cell, Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sourcing.studies.frontier.best import Spans
    from sourcing.studies.frontier.explore import Gap
    from sourcing.studies.frontier.solver import Line, Mark

    Reals = NDArray[np.float64]

TOLERANCE = 1e-4
"""How far apart the bounds may be, as a part of the first measure's span, before a point is added between them."""
_STEPS = 16


class Band(NamedTuple):
    """The first measure at some values of the second: at least ``lower``, at most ``upper``."""

    value: Reals
    lower: Reals
    upper: Reals


def between(tight: Mark, loose: Mark, lines: Sequence[Line], values: Reals) -> Band:
    """Return the bounds between two points at some values of the second measure."""
    ends = sorted([tight.values, loose.values], key=lambda point: point[1])
    upper = np.interp(values, [point[1] for point in ends], [point[0] for point in ends])
    at, first, slope = (np.array(side)[:, None] for side in zip(*lines, strict=True))
    return Band(values, np.minimum((first + slope * (values - at)).max(axis=0), upper), upper)


def by_band(spans: Spans) -> Gap:
    """Return how far apart the bounds are in a cell; it is divided where they are furthest."""

    def gap(cell: Cell, marks: Sequence[Mark]) -> Place:
        if cell.tight is None or spans.length[0] <= 0:
            return Place(0.0)
        lines = [line for mark in marks for line in mark.supports]
        band = between(cell.tight, cell.loose, lines, _bends(cell, lines))
        wide = band.upper - band.lower
        at = int(wide.argmax())
        part = float(wide[at]) / float(spans.length[0])
        return Place(part if part > TOLERANCE else 0.0, 0, float(band.value[at]))

    return gap


def _bends(cell: Cell, lines: Sequence[Line]) -> Reals:
    """Return where the lines cross within a cell, and its ends."""
    assert cell.tight is not None
    first, last = cell.tight.values[1], cell.loose.values[1]
    at, value, slope = (np.array(side) for side in zip(*lines, strict=True))
    apart = slope[:, None] - slope[None, :]
    here = value - slope * at
    crossing = np.divide(here[None, :] - here[:, None], apart, where=apart != 0, out=np.full(apart.shape, first))
    return np.unique(np.clip(np.append(crossing.ravel(), [first, last]), first, last))


def band_table(marks: Sequence[Mark], lines: Sequence[Line]) -> pd.DataFrame:
    """Return the bounds between neighbouring points: value of the second measure, lower and upper of the first."""
    ordered = sorted(marks, key=lambda mark: mark.values[1])
    frames = [pd.DataFrame(columns=list(Band._fields))] if len(ordered) < 2 else []
    for tight, loose in pairwise(ordered):
        values = np.linspace(tight.values[1], loose.values[1], _STEPS + 1)
        frames.append(pd.DataFrame(between(tight, loose, lines, values)._asdict()))
    return pd.concat(frames, ignore_index=True).drop_duplicates("value", ignore_index=True)
