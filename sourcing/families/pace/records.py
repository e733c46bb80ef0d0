"""Records of pace: offers of which orders may only rise and fall so fast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcing.replay import Facts


@dataclass(frozen=True)
class Paced:
    """A row of `offers`: the part of its capacity by which orders may change in a year."""

    offer: str
    change_maximum: float | None = None


def paced(facts: Facts) -> dict[str, float]:
    """Return the share per year by offer that states one."""
    rows = facts.records.table("offers", Paced)
    return {row.offer: row.change_maximum for row in rows if row.change_maximum is not None}
