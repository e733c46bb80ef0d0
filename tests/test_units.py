"""The closed table of units."""

from __future__ import annotations

from fractions import Fraction

import pytest

from sourcing.units import UNITS, allowed, factor, split_header


@pytest.mark.parametrize(
    ("value", "unit", "base", "expected"),
    [
        (35, "%", "share", 0.35),
        (7, "kg", "t", 0.007),
        (3, "kt", "t", 3000),
        (2, "Mt", "t", 2_000_000),
        (1, "lb", "t", 0.00045359237),
        (1, "short ton", "t", 0.90718474),
        (61.5, "USD/kg", "USD/t", 61_500),
        (2, "kUSD/t", "USD/t", 2000),
        (1, "USD/lb", "USD/t", 2204.6226218487757),
        (10, "t/month", "t/year", 120),
        (10, "t/quarter", "t/year", 40),
        (6, "weeks", "days", 42),
        (1.5, "MUSD", "USD", 1_500_000),
        (9, "kg/t", "t/t", 0.009),
    ],
)
def test_values_are_converted_exactly(value: float, unit: str, base: str, expected: float) -> None:
    by = factor(unit, base)
    assert value * by.numerator / by.denominator == pytest.approx(expected, rel=1e-15)


def test_every_unit_used_inside_is_its_own_unit() -> None:
    assert all(factor(base, base) == Fraction(1) for base in UNITS)


def test_a_unit_is_known_only_where_it_makes_sense() -> None:
    assert "months" not in allowed("days")
    assert allowed("") == []
    with pytest.raises(KeyError):
        factor("kg", "USD/t")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("price", ("price", "")),
        (" price [USD/kg] ", ("price", "USD/kg")),
        ("price[ USD/kg ]", ("price", "USD/kg")),
        ("price [USD/kg", ("price [USD/kg", "")),
        ("", ("", "")),
    ],
)
def test_headers_are_split_into_name_and_unit(text: str, expected: tuple[str, str]) -> None:
    assert split_header(text) == expected
