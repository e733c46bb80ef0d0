"""Orders that somebody has promised, whenever they land: awards, contracts, and what the last plan has frozen."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcing.tables import Case


def promised_offers(case: Case) -> set[str]:
    """Return the offers of which orders are promised by their date: nobody may drop those that land too late."""
    names = [case["awards"]["offer"], case["contracts"]["offer"]]
    if len(case["change_terms"]):
        names.append(case["last_orders"]["offer"])
    return {str(offer) for column in names for offer in column}
