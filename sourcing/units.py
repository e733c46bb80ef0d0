"""The closed table of units a header may carry, and their exact conversion to the units used inside."""

from __future__ import annotations

from fractions import Fraction

POUND = Fraction("0.00045359237")
SHORT_TON = Fraction("0.90718474")

UNITS: dict[str, dict[str, Fraction]] = {
    "t": {
        "t": Fraction(1),
        "kg": Fraction(1, 1000),
        "g": Fraction(1, 1_000_000),
        "kt": Fraction(1000),
        "Mt": Fraction(1_000_000),
        "lb": POUND,
        "short ton": SHORT_TON,
    },
    "USD/t": {"USD/t": Fraction(1), "USD/kg": Fraction(1000), "USD/lb": 1 / POUND, "kUSD/t": Fraction(1000)},
    "t/year": {
        "t/year": Fraction(1),
        "kt/year": Fraction(1000),
        "kg/year": Fraction(1, 1000),
        "t/month": Fraction(12),
        "t/quarter": Fraction(4),
    },
    "USD/t/year": {"USD/t/year": Fraction(1), "USD/kg/year": Fraction(1000)},
    "USD/year": {"USD/year": Fraction(1), "kUSD/year": Fraction(1000), "MUSD/year": Fraction(1_000_000)},
    "days": {"days": Fraction(1), "weeks": Fraction(7)},
    "share": {"share": Fraction(1), "%": Fraction(1, 100)},
    "share/year": {"share/year": Fraction(1), "%/year": Fraction(1, 100)},
    "t/t": {"t/t": Fraction(1), "kg/t": Fraction(1, 1000), "%": Fraction(1, 100)},
    "USD": {"USD": Fraction(1), "kUSD": Fraction(1000), "MUSD": Fraction(1_000_000)},
}
"""Unit used inside -> the units a header may carry instead -> how many of the first one of the second is."""


def split_header(text: str) -> tuple[str, str]:
    """Return the column's name and its unit ("" if there is none).

    >>> split_header("price [USD/kg]")
    ('price', 'USD/kg')
    >>> split_header("price")
    ('price', '')
    """
    text = text.strip()
    name, bracket, unit = text.partition("[")
    if not bracket or not unit.endswith("]") or text.count("[") + text.count("]") != 2:
        return text, ""
    return name.rstrip(), unit[:-1].strip()


def allowed(base: str) -> list[str]:
    """Return the units a header may carry where ``base`` is used inside (none for a plain number)."""
    return list(UNITS.get(base, {}))


def factor(unit: str, base: str) -> Fraction:
    """Return how many ``base`` one ``unit`` is.

    Raises
    ------
    KeyError : the unit is not in the closed table for ``base``.

    >>> factor("USD/kg", "USD/t")
    Fraction(1000, 1)
    """
    return UNITS[base][unit]
