"""What each number swings and what it regrets, as rows of a table, and in which order they are worth a look."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.studies.tornado.found import NO_PLAN, OK, UNKEPT

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sourcing.studies.tornado.cold_solve import Answer
    from sourcing.studies.tornado.inputs import Input

ENDS = ("low", "high")
_PART = 1e-9
"""Part of the cost that is nothing."""
_TONNE = 1e-6


class Pair(NamedTuple):
    """The best plan with a number at one end, the best that keeps the orders before the day, tonnes short of both."""

    free: Answer
    kept: Answer
    short: tuple[float, float]


class Stated(NamedTuple):
    """The plan as stated: cost, what no plan costs less than, tonnes short and weighted shortage."""

    cost: float
    bound: float
    tonnes: float
    weighted: float
    money: float


def swing_table(
    inputs: list[Input], found: Mapping[tuple[str, str], Pair], stated: Stated, how: Mapping[str, str], *, least: bool
) -> pd.DataFrame:
    """Return a row per input (docs/plan.md, tornado.csv), in the order of what to check first.

    Parameters
    ----------
    found : by key of the input and end; ``how`` says by key of the input how it was found.
    least : shortage comes before cost, as the question weighs it.
    """
    table = pd.DataFrame([_row(each, found, stated, how[each.key]) for each in inputs], columns=_COLUMNS)
    order = ["regret_weighted", "regret"] if least else ["regret"]
    swing = ["swing_weighted", "swing"] if least else ["swing"]
    for name, by in (("swing_rank", swing), ("check_rank", order)):
        ranked = table.sort_values(
            [*by, "input"], ascending=[False] * len(by) + [True], kind="stable", na_position="first"
        )
        table.loc[ranked.index, name] = np.arange(1, len(table) + 1)
    return table.astype({"swing_rank": int, "check_rank": int}).sort_values("check_rank", ignore_index=True)


_STATED = ("input", "kind", "words", "place", "value", "unit", "confidence", "source", "as_of", "low", "high")
_BY_END = ("status", "cost", "short", "regret", "regret_short", "dropped")
_COLUMNS = [
    *_STATED,
    *(f"{name}_{end}" for end in ENDS for name in _BY_END),
    *("swing", "swing_short", "swing_weighted", "regret", "regret_short", "regret_weighted", "within_gap", "how"),
]


def _row(each: Input, found: Mapping[tuple[str, str], Pair], stated: Stated, how: str) -> dict[str, object]:
    row: dict[str, object] = {name: getattr(each, {"input": "key"}.get(name, name)) for name in _STATED[:-2]}
    row |= dict(zip(("low", "high"), each.ends, strict=True))
    ends = [found[each.key, end] for end in ENDS]
    noise = [_noise(pair, stated) for pair in ends]
    for end, pair, quiet in zip(ENDS, ends, noise, strict=True):
        cells = {
            "status": NO_PLAN if pair.free.x is None else OK if pair.kept.x is not None else UNKEPT,
            "cost": 0.0 if _same(pair, stated) else _plain(pair.free.cost - stated.cost, stated.cost),
            "short": _tonnes(pair.short[0] - stated.tonnes),
            "regret": 0.0 if quiet or pair.free.x is None else _plain(pair.kept.cost - pair.free.cost, stated.cost),
            "regret_short": 0.0 if quiet or pair.free.x is None else _tonnes(_short(pair)),
            "dropped": _tonnes(pair.kept.dropped),
        }
        row |= {f"{name}_{end}": value for name, value in cells.items()}
    weighted = [
        0.0 if quiet or pair.free.x is None else _tonnes(pair.kept.shortage - pair.free.shortage)
        for pair, quiet in zip(ends, noise, strict=True)
    ]
    sides = {name: [row[f"{name}_{end}"] for end in ENDS] for name in ("cost", "short", "regret", "regret_short")}
    return row | {
        "swing": _largest(sides["cost"]),
        "swing_short": _largest(sides["short"]),
        "swing_weighted": _largest([_tonnes(pair.free.shortage - stated.weighted) for pair in ends]),
        "regret": _mean(sides["regret"]),
        "regret_short": _mean(sides["regret_short"]),
        "regret_weighted": _mean(weighted),
        "within_gap": any(noise) or any(_same(pair, stated) for pair in ends),
        "how": how,
    }


def _short(pair: Pair) -> float:
    """Return tonnes that keeping the orders leaves more short; NaN where no plan keeps them."""
    return float("nan") if pair.kept.x is None else pair.short[1] - pair.short[0]


def _noise(pair: Pair, stated: Stated) -> bool:
    """Say whether what keeping the orders costs may be nothing: a search for whole numbers is known to a gap only."""
    if pair.free.x is None or pair.kept.x is None or pair.free.bound >= pair.free.cost:
        return False
    more = pair.kept.shortage - pair.free.shortage
    return more <= _PART * max(abs(pair.free.shortage), 1.0) and pair.kept.bound <= pair.free.cost


def _same(pair: Pair, stated: Stated) -> bool:
    """Say whether the cost may be what it is as stated, as far as a search for whole numbers has proven."""
    searched = pair.free.bound < pair.free.cost or stated.bound < stated.cost
    return searched and pair.free.bound <= stated.cost and stated.bound <= pair.free.cost


def _plain(cost: float, of: float) -> float:
    return 0.0 if abs(cost) <= _PART * max(abs(of), 1.0) else float(cost)


def _tonnes(amount: float) -> float:
    return 0.0 if abs(amount) <= _TONNE else float(amount)


def _largest(sides: Sequence[object]) -> float:
    found = np.abs(np.array(sides, float))
    return float("nan") if np.isnan(found).any() else float(found.max())


def _mean(sides: Sequence[object]) -> float:
    found = np.array(sides, float)
    return float(found.mean())
