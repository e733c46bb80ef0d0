"""Explanations in a planner's words, every number taken from a table."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from sourcing.calendar import AFTER
from sourcing.measures import measures

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping

    import pandas as pd

    from sourcing.tables import Case

SHOWN = 8
OF_TAIL = (
    "All of that is after the horizon, in the years behind it that are planned as well; tail = 0 in [horizon] plans "
    "without them."
)


def amount(value: float) -> str:
    """Return a number as a planner reads it: 1,240, 36.1 or 0.44."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 1 else f"{value:.2g}"


def _count(value: float) -> str:
    """Return a number of things, which in part may be missing, as 3 or 2.5."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.3g}"


def _one(unit: str) -> str:
    """Return what one of several things is: facility for facilities."""
    return unit.replace("ies ", "y ", 1).replace("s ", " ", 1)


def least_words(short: pd.DataFrame, case: Case) -> list[str]:
    """Say what stays short at least where everything else is kept."""
    return ["If less may be delivered, this is the least that stays short:", *short_words(short, case)]


def relief_words(relief: pd.DataFrame | None, aim: str) -> list[str]:
    """Say what would have to give together for ``aim``, the largest part first; None: no giving way would do.

    ``aim`` is such as "to deliver everything".
    """
    if relief is None:
        return [f"No giving way of rules would make it possible {aim}."]
    if relief.empty:
        return []
    together = " together" if len(relief) > 1 else ""
    words = [f"{aim[:1].upper()}{aim[1:]}, at least this would have to give{together}:"]
    words += [gives(row) for row in relief.head(SHOWN).to_dict("records")]
    words += [f"… and {len(relief) - SHOWN} more"] if len(relief) > SHOWN else []
    return words + ([OF_TAIL] if relief["from"].astype(str).str.endswith(AFTER).all() else [])


def gives(row: Mapping[Hashable, Any]) -> str:
    """Say what has to give of one rule: "Lynas Dy oxide (LYN-DY) capacity, 2027-Q3: 3.7 t above the capacity of 0"."""
    span = str(row["from"]) if row["from"] == row["until"] else f"{row['from']} to {row['until']}"
    gap, unit = float(row["gap"]), str(row["unit"])
    number = amount if unit.startswith(("t ", "USD ")) else _count
    given = number(gap)
    given += f" {_one(unit) if given == '1' else unit}"
    worst = "" if row["from"] == row["until"] else "at worst "
    measure = measures().get(str(row["rule"]))
    if measure is not None and measure.unit == "share":
        asked = f": {worst}{100 * row['possible']:.0f} % instead of {100 * row['asked']:.0f} %"
    elif measure is not None and not measure.is_sum:
        asked = f": {worst}{row['possible']:.3g} instead of {row['asked']:.3g}"
    else:
        asked = "" if math.isnan(row["asked"]) else f" of {number(float(row['asked']))}"
        given = f"{worst if row['worst'] else ''}{given}"
    place = f" ({row['place']})" if row["place"] else ""
    return f"{row['subject']}, {span}: {given}{asked}{place}"


def short_words(shortage: pd.DataFrame, case: Case) -> list[str]:
    """Say how much of what is short where and when, most first."""
    pair = ["material", "site"]
    totals = shortage.groupby(pair, sort=False, as_index=False).agg(
        short=("short", "sum"), first=("period", "first"), last=("period", "last")
    )
    words = []
    for row in totals.sort_values("short", ascending=False).to_dict("records"):
        name = f"{case.label('materials', row['material'])} at {case.label('sites', row['site'])}"
        span = row["first"] if row["first"] == row["last"] else f"{row['first']} to {row['last']}"
        words.append(f"Short: {amount(row['short'])} t of {name}, {span}.")
    return words


def binding_words(binding: pd.DataFrame) -> list[str]:
    """Say what binds and what a little more room would be worth, those with most at stake first."""
    if binding.empty:
        return ["No rule with a price binds: the plan would not change if any one of them were a little looser."]
    return ["What binds, most at stake first:", *(str(words) for words in binding["words"].head(SHOWN))]
