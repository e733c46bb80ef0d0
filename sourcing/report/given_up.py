"""Which rules the plan gives up, what it does instead, and what keeping them would take."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from sourcing.measures import measures
from sourcing.report.figures import money, share, tonnes
from sourcing.report.lines import heading, paragraph, wrapped
from sourcing.report.names import country
from sourcing.tables.values import COUNTRY_LENSES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sourcing.plan import Plan

SHOWN = 8
"""Rules of the block; the rest is counted."""

_FIGURES = {"share": share, "USD": money, "t": tonnes, "t CO2e": tonnes}
"""How a value is written, by the unit of its measure."""


def given_up(plan: Plan, width: int) -> list[Text]:
    """Return a line for each rule that gives way, the strongest first; [] where none does."""
    rules = plan.manifest.get("given_up", [])
    if not rules:
        return []
    lines = [heading("GIVEN UP", "because it would keep demand from being met; what has no priority is kept")]
    for rule in rules[:SHOWN]:
        said = f"{rule['name']} (priority {rule['priority']:g}){_instead(plan, rule)}; {_kept(rule)}"
        lines += wrapped(said, width, "  ", "  ", style="bold")
    return lines + ([Text(f"  … {len(rules) - SHOWN} more in manifest.json")] if len(rules) > SHOWN else [])


def away(rules: Sequence[Mapping[str, Any]], says: str, width: int) -> list[Text]:
    """Return which rules many plans go without, as one paragraph; [] where there are none."""
    names = ", ".join(f"{rule['name']} (priority {rule['priority']:g})" for rule in rules)
    return paragraph("AWAY", f"{says}: {names}", width) if names else []


def _kept(rule: Mapping[str, Any]) -> str:
    if rule["short"] is None:
        return "with it there is no plan"
    return f"with it {tonnes(rule['short'])} more would be short"


def _instead(plan: Plan, rule: Mapping[str, Any]) -> str:
    """Return what a limit asks for and what the plan does where that is worst; "" for other rules."""
    table = plan.tables["limits"]
    rows = table[(table["limit"] == rule["name"]) & table["actual"].notna()]
    if rule["table"] != "limits" or rows.empty:
        return ""
    most = rows["sense"].iloc[0] == "max"
    worst = rows.loc[rows["actual"].idxmax() if most else rows["actual"].idxmin()]
    figure = _FIGURES.get(measures()[str(worst["measure"])].unit, "{:,.4g}".format)
    asked = f"{'at most' if most else 'at least'} {figure(worst['value'])} asked for"
    return f": {asked}, {figure(worst['actual'])} in the plan ({_where(worst)})"


def _where(row: pd.Series[Any]) -> str:
    member = str(row["member"])
    member = country(member) if row["by"] in COUNTRY_LENSES else member
    return ", ".join(each for each in (member, str(row["site"]), str(row["window"])) if each)
