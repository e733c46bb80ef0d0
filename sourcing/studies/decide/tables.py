"""Tables of decide-by dates: a row per option, and a row per plan in which one is missed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sourcing.studies.decide.found import SOLVED

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from sourcing.studies.decide.missing import Answer, Trial
    from sourcing.studies.decide.taken_up import Later, Way

DECIDE = [
    *("kind", "option", "words", "supplier", "material", "destination", "decide_by", "needed_on", "tonnes", "cost"),
    *("later", "later_status", "later_short", "later_more", "never_status", "never_short", "never_more"),
    *("useful_until", "ends"),
]
MISSES = ["kind", "option", "taken_up_by", "status", "short", "more"]
_DATES = ("decide_by", "needed_on", "later", "useful_until", "taken_up_by")


class More(NamedTuple):
    """What missing an option costs: t short and USD beyond the best plan; NaN where there is no plan then."""

    status: str
    short: float
    more: float


class Missed(NamedTuple):
    """An option, the last day on which it is of any use (None: missing it costs nothing), and what was tried.

    ``tried`` is by the later period from which on it could be taken up; None for never.
    """

    way: Way
    useful_until: date | None
    tried: Mapping[Later | None, More]


def more(trial: Trial, answer: Answer) -> More:
    """Return what an answer has beyond the best plan; nothing where nobody knows that it is worse."""
    if answer.status != SOLVED:
        return More(answer.status, np.nan, np.nan)
    if not trial.is_better(trial.best, answer):
        return More(SOLVED, 0.0, 0.0)
    return More(SOLVED, trial.tonnes(answer.short - trial.best.short), answer.cost - trial.best.cost)


def decide_table(missed: Sequence[Missed]) -> pd.DataFrame:
    """Return the options in order of their dates."""
    return _table([_row(each) for each in missed], DECIDE)


def misses_table(missed: Sequence[Missed]) -> pd.DataFrame:
    """Return every plan in which an option is missed; ``taken_up_by`` is blank where it never is."""
    rows = [
        (each.way.option.kind, each.way.option.option, None if since is None else since.day, *found)
        for each in missed
        for since, found in sorted(each.tried.items(), key=lambda pair: (pair[0] is None, pair[0] or ()))
    ]
    return _table([dict(zip(MISSES, row, strict=True)) for row in rows], MISSES)


def _row(missed: Missed) -> dict[str, Any]:
    option, never = missed.way.option, missed.tried[None]
    first = missed.way.later[0] if missed.way.later else None
    later = missed.tried.get(first, never) if first is not None else never
    found = {name: value for name, value in option._asdict().items() if name in DECIDE}
    last = missed.way.later[-1].day if missed.way.later else None
    found |= {"later": None if first is None else first.day, "useful_until": missed.useful_until}
    found |= {"ends": missed.useful_until is not None and missed.useful_until != last}
    for when, each in (("later", later), ("never", never)):
        found |= {f"{when}_{name}": value for name, value in each._asdict().items()}
    return found


def _table(rows: Sequence[Mapping[str, Any]], columns: list[str]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows), columns=columns)
    for name in columns:
        if name in _DATES:
            table[name] = pd.to_datetime(table[name]).astype("datetime64[ns]")
        elif name in {"tonnes", "cost", "short", "more"} or name.endswith(("_short", "_more")):
            table[name] = table[name].astype(float)
    return table
