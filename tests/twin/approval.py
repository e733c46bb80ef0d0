"""When something may be ordered or run: from its approval on, in periods in which it needs one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .facts import Row
    from .network import Network


def asks(network: Network, row: Row, n: int) -> bool:
    """Whether the approval is needed in the period."""
    return row["from"] is None or row["from"] <= network.periods[n].start


def in_time(network: Network, row: Row, m: int, n: int) -> bool:
    """Whether what is started with period m is approved when period n begins."""
    return m <= n and (network.periods[n].start - network.periods[m].start).days >= row["days"]


def can_be_approved(network: Network, kind: str, code: str, n: int) -> bool:
    """Whether everything it needs in the period could be approved by then."""
    rows = [row for row in network.tables["qualifications"] if row[kind] == code and asks(network, row, n)]
    return all(in_time(network, row, 0, n) for row in rows)
