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
    *("useful_until", "ends", "unforeseen_later_status", "unforeseen_later_short", "unforeseen_later_more"),
    *("unforeseen_never_status", "unforeseen_never_short", "unforeseen_never_more"),
]
MISSES = ["kind", "option", "taken_up_by", "periods_kept", "status", "short", "more"]
_DATES = ("decide_by", "needed_on", "later", "useful_until", "taken_up_by")


class More(NamedTuple):
    """What missing an option costs: t short and USD beyond the best plan; NaN where there is no plan then."""

    status: str
    short: float
    more: float


class Missed(NamedTuple):
    """An option, the last day on which it is of any use (None: missing it costs nothing), and what was tried.

    ``tried`` is by the later period from which on it could be taken up; None for never. ``unforeseen`` is the same with
    the orders of the periods before kept; empty where there are none.
    """

    way: Way
    useful_until: date | None
    tried: Mapping[Later | None, More]
    unforeseen: Mapping[Later | None, More]


def more(trial: Trial, answer: Answer, kept: int = 0) -> More:
    """Return what an answer has beyond the best plan that keeps as many periods' orders; 0 below what is proven."""
    best = trial.best_keeping(kept)
    if answer.status != SOLVED:
        return More(answer.status, np.nan, np.nan)
    if best.status != SOLVED or not trial.is_better(best, answer):
        return More(SOLVED, 0.0, 0.0)
    return More(SOLVED, trial.tonnes(answer.short - best.short), answer.cost - best.cost)


def decide_table(missed: Sequence[Missed]) -> pd.DataFrame:
    """Return the options in order of their dates; of one date what costs most to miss comes first."""
    return _table([_row(each) for each in sorted(missed, key=_first)], DECIDE)


def _first(missed: Missed) -> tuple[date, float, float]:
    never = missed.tried[None]
    costs = (np.inf, np.inf) if never.status != SOLVED else (never.short, never.more)
    return (missed.way.option.decide_by, -costs[0], -costs[1])


def misses_table(missed: Sequence[Missed]) -> pd.DataFrame:
    """Return every plan in which an option is missed; ``taken_up_by`` is blank where it never is."""
    rows = [
        (each.way.option.kind, each.way.option.option, None if since is None else since.day, kept, *found)
        for each in missed
        for kept, answers in ((0, each.tried), (each.way.before, each.unforeseen))
        for since, found in sorted(answers.items(), key=lambda pair: (pair[0] is None, pair[0] or ()))
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
    known = {"later": later, "never": never}
    known["unforeseen_never"] = missed.unforeseen.get(None, never)
    known["unforeseen_later"] = missed.unforeseen.get(first, known["unforeseen_never"] if first is None else later)
    for when, each in known.items():
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
