"""Explanations in a planner's words, every number taken from a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from sourcing.tables import Case, Finding

SHOWN = 8


def amount(value: float) -> str:
    """Return a number as a planner reads it: 1,240, 36.1 or 0.44."""
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.1f}" if abs(value) >= 1 else f"{value:.2g}"


def relief_words(relief: pd.DataFrame, findings: Sequence[Finding]) -> list[str]:
    """Say what has to give before there is a plan, largest part first, then what the screens saw."""
    if relief.empty:
        words = ["No plan meets all rules, and no rule that can give way would make one possible."]
    else:
        words = [
            "No plan meets all rules. The least that has to give:",
            *map(_gives, relief.head(SHOWN).to_dict("records")),
        ]
        words += [f"… and {len(relief) - SHOWN} more"] if len(relief) > SHOWN else []
    return words + [f"Seen before solving: {finding}" for finding in findings]


def _gives(row: dict[str, object]) -> str:
    span = str(row["from"]) if row["from"] == row["until"] else f"{row['from']} to {row['until']}"
    gap, asked = amount(float(str(row["gap"]))), amount(float(str(row["asked"])))
    place = f" ({row['place']})" if row["place"] else ""
    return f"{row['subject']}, {span}: {gap} {row['unit']}, of {asked} asked for{place}"


def shortage_words(shortage: pd.DataFrame, case: Case, relief: pd.DataFrame) -> list[str]:
    """Say what is short, and what would have to give to deliver everything."""
    groups = shortage.groupby(["material", "site"])
    words = []
    for (material, site), rows in groups:
        name = f"{case.label('materials', str(material))} at {case.label('sites', str(site))}"
        span = f"{rows['period'].iloc[0]} to {rows['period'].iloc[-1]}" if len(rows) > 1 else rows["period"].iloc[0]
        words.append(f"Short: {amount(rows['short'].sum())} t of {name}, {span}.")
    if len(relief):
        words.append("To deliver everything, this would have to give:")
        words += [_gives(row) for row in relief.head(SHOWN).to_dict("records")]
    return words


def binding_words(binding: pd.DataFrame) -> list[str]:
    """Say what binds and what a little more room would be worth, those with most at stake first."""
    if binding.empty:
        return ["No rule with a price binds: the plan would not change if any one of them were a little looser."]
    return ["What binds, most at stake first:", *(str(words) for words in binding["words"].head(SHOWN))]
