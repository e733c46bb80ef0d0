"""What a tonne costs from mine to plant, in a planner's words; every number is taken from a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.outcome.names import dollars
from sourcing.reasons.sentences import SHOWN, amount

if TYPE_CHECKING:
    import pandas as pd

CONVENTION = (
    "Money follows the tonnes as paid: what is at a site in a period costs the average of what was there and what came "
    "in, and a process's cost is shared over its products by their value, or by tonnes where one has none."
)


def build_up_words(name: str, used: str, build_up: pd.DataFrame, tonnes: float) -> list[str]:
    """Say what tonnes cost together and each, by head."""
    total = build_up["amount"].sum()
    words = f"{name}: {amount(tonnes)} t {used}, {dollars(total)} or {dollars(build_up['per_tonne'].sum())} a tonne"
    parts = " · ".join(f"{row['head']} {dollars(row['per_tonne'])}" for row in build_up.to_dict("records"))
    return [f"{words}{': ' if parts else ''}{parts}.", CONVENTION]


def source_words(sources: pd.DataFrame) -> list[str]:
    """Say what a tonne was bought as: more than a tonne where processes lose some."""
    if sources.empty:
        return []
    rows = sources.head(SHOWN).to_dict("records")
    parts = ", ".join(f"{row['per_tonne']:.3g} t {row['source']}" for row in rows)
    more = f", … {len(sources) - SHOWN} more" if len(sources) > SHOWN else ""
    whole = sources["per_tonne"].sum()
    lost = " (processes keep a part of it)" if whole > 1 + 1e-6 else ""
    return [f"For each tonne {whole:.4g} t were bought or there before{lost}: {parts}{more}."]


def carbon_words(per_tonne: float, trust: str) -> list[str]:
    """Say what a tonne emitted, by the tables, and on what that rests."""
    shared = "shared out like its money; stock of the first day counts as 0"
    return [f"A tonne emitted {per_tonne:.3g} t CO2e, {shared}. {trust}."]


def apart_words(apart: pd.DataFrame, also: str = "") -> list[str]:
    """Say how much of what the plan costs is in what it delivers, and where the rest is.

    Parameters
    ----------
    also : what is said behind the sum, of a plan with a tail that it holds that.
    """
    columns = [column for column in apart.columns if column not in {"head", "paid"}]
    sums = {column: float(apart[column].sum()) for column in columns}
    parts = " · ".join(f"{column} {dollars(value)}" for column, value in sums.items() if abs(value) >= 0.5)
    return [f"The whole plan costs {dollars(apart['paid'].sum())} as paid{also}: {parts}."] if parts else []
