"""A plant in Germany by which all goods come to one in America: from China, or dearer from Australia."""

from __future__ import annotations

from typing import Any

Row = dict[str, Any]


def lane(start: str, end: str, days: int = 0) -> Row:
    """Return a lane by sea at USD 1/t."""
    return {"mode": "sea", "freight": 1, "transit_days": days, "origin": start, "destination": end}


SITES: list[Row] = [
    {"site": "US", "country": "USA", "kind": "plant"},
    {"site": "EU", "country": "DEU", "kind": "plant"},
    {"site": "A", "country": "CHN", "kind": "supplier"},
    {"site": "B", "country": "AUS", "kind": "supplier"},
]
MATERIALS: list[Row] = [{"material": "ox", "stage": "oxide", "tariff_code": "2846.90"}]
CHINESE: Row = {"offer": "A", "supplier": "A", "site": "A", "material": "ox", "price": 10}
AUSTRALIAN: Row = {"offer": "B", "supplier": "B", "site": "B", "material": "ox", "price": 14}
