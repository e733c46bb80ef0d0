"""Qualifications that take longer than the horizon: what waits for them is never ordered or run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.tables.screens.finding import Finding

if TYPE_CHECKING:
    from sourcing.tables.screens.supply import Supply


def never_approved(supply: Supply) -> list[Finding]:
    """Return what cannot be approved before the last period begins, even if started on the first day."""
    frame = supply.case["qualifications"]
    last = supply.bounds[-2]
    since = (frame["from"] - supply.origin).dt.days.fillna(0)
    late = frame[(frame["days"] > last) & (since <= last)]
    findings = []
    for row in late.to_dict("records"):
        who = row["offer"] or row["process"]
        fact = (
            f"{who} takes {row['days']:g} days to qualify, and the last period begins {last:g} days after the start, "
            f"on {supply.day(last)}: it is never approved"
        )
        repair = "lengthen the horizon, correct the days, or remove the row if it is qualified already"
        place = supply.case.place("qualifications", int(row["row"]), "days")
        findings.append(Finding("warning", place, fact, repair, "SCREEN-316"))
    return findings
