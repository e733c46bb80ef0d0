"""How far a limit can go by when, and what stands in the way."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.reasons.relief import COLUMNS, least_relief
from sourcing.reasons.sentences import gives
from sourcing.studies.target.parametric_limit import Dial, dial_of
from sourcing.studies.target.swept_model import Dialled

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from sourcing.engine.highs import SolverOptions
    from sourcing.network import Network

SAID = 3
"""Rules that the sentence of a year names; the table has all of them."""


class Asked(NamedTuple):
    """A limit to be dialled: its name, what is minimised, and the network with it at a value from a day on."""

    limit: str
    minimize: tuple[str, ...]
    network: Callable[[float, pd.Timestamp], Network]


def reach(
    asked: Asked, dials: Sequence[tuple[pd.Timestamp, Dial]], wanted: float, options: SolverOptions
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return for each day on which the limit could begin how far it can go, and what stops it short of ``wanted``.

    The first table has ``from``, ``least`` (the tightest value without more shortage than without the limit),
    ``wanted``, ``possible`` and ``stops`` (a sentence). The second has the rules that would have to give, as in an
    explanation, with the day they belong to.
    """
    rows, stops = [], [pd.DataFrame(columns=["begins", *COLUMNS])]
    for day, dial in dials:
        least = Dialled(dial, asked.minimize, options).least(wanted, wanted)
        if least is None:
            continue
        possible = dial.sign * (least - wanted) <= 0
        said = ""
        if not possible:
            network = replace(asked.network(wanted, day), shortage="none")
            relief = least_relief(network, options, firm=asked.limit)
            if relief is not None:
                stops.append(relief.assign(begins=day))
                said = "; ".join(gives(row) for row in relief.head(SAID).to_dict("records"))
        rows.append((day, least, wanted, possible, said))
    table = pd.DataFrame(rows, columns=["from", "least", "wanted", "possible", "stops"])
    return table, pd.concat(stops, ignore_index=True)


def dials(asked: Asked, own: Dial, own_day: pd.Timestamp, horizon: pd.Timestamp) -> list[tuple[pd.Timestamp, Dial]]:
    """Return the limit as a dial for every year in which it could begin, and for its own day."""
    wide = dial_of(lambda value: asked.network(value, horizon), asked.limit)
    tree = wide.formulation.network.tree
    found = {horizon: wide, own_day: own}
    last = pd.Timestamp(tree.start[int(wide.ends.max(initial=0))])
    for day in first_days(tree.start[tree.reported]):
        if horizon < day <= last and day not in found:
            found[day] = _since(asked, wide, day)
    return sorted(found.items())


def _since(asked: Asked, wide: Dial, day: pd.Timestamp) -> Dial:
    """Return the limit from a day on: the same rows but fewer, unless one window spans the days."""
    tree = wide.formulation.network.tree
    node = int(np.searchsorted(tree.start, day.to_datetime64()))
    if ((wide.begins < node) & (wide.ends >= node)).any():
        return dial_of(lambda value: asked.network(value, day), asked.limit)
    return wide.since(node)


def first_days(starts: NDArray[np.datetime64]) -> list[pd.Timestamp]:
    """Return the first day of a period in each calendar year."""
    _, first = np.unique(starts.astype("datetime64[Y]"), return_index=True)
    return [pd.Timestamp(start) for start in starts[first]]
