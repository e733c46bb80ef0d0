"""Demand, spread over the periods by days."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.replay.dates import interval, overlap

if TYPE_CHECKING:
    from sourcing.replay.case import Records
    from sourcing.replay.dates import Calendar


@dataclass(frozen=True)
class Due:
    """What a point owes in a period: t, and the quantity-weighted priority and USD/t when short."""

    quantity: float
    priority: float
    shortage_cost: float


def demand(records: Records, calendar: Calendar) -> dict[tuple[str, str, int], Due]:
    """Return what is due at (site, material, node), where more than nothing is."""
    parts: dict[tuple[str, str, int], list[tuple[float, float, float]]] = defaultdict(list)
    for row in records.demand:
        start, end = interval(row.period)
        cost = records.materials[row.material].shortage_cost if row.shortage_cost is None else row.shortage_cost
        for n in calendar.meeting(start, end):
            days = overlap(start, end, calendar.starts[n], calendar.ends[n])
            quantity = row.quantity * days / (end - start).days
            if quantity > 0:
                parts[(row.site, row.material, n)].append((quantity, row.priority, cost or 0.0))
    return {key: _mean(rows) for key, rows in parts.items()}


def _mean(rows: list[tuple[float, float, float]]) -> Due:
    """Return the rows of one point and period as one."""
    quantity = sum(q for q, _, _ in rows)
    return Due(quantity, sum(q * p for q, p, _ in rows) / quantity, sum(q * c for q, _, c in rows) / quantity)
