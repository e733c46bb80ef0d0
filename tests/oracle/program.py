"""A linear or mixed-integer program as plain columns and rows, with its two objectives."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

INFINITE = float("inf")
Terms = dict[int, float]


@dataclass
class Program:
    """Columns with bounds, rows with sides, and what is minimised: weighted shortage first, then cost.

    Attributes
    ----------
    columns : name, least, most, and whether it is a whole number; at least 0 unless said.
    rows : name, coefficients by column, least and most.
    shortage, cost : coefficients by column; ``charged`` is what costs whatever is decided.
    squares : columns z, q, Q with z at least q times q over Q.
    tonnes : what is due in all.
    """

    columns: list[tuple[str, float, float, bool]] = field(default_factory=list)
    rows: list[tuple[str, Terms, float, float]] = field(default_factory=list)
    shortage: Terms = field(default_factory=dict)
    cost: Terms = field(default_factory=dict)
    charged: float = 0.0
    squares: list[tuple[int, int, int]] = field(default_factory=list)
    impossible: bool = False
    tonnes: float = 0.0

    @property
    def worth(self) -> float:
        """What is due in all at the price of the dearest tonne of anything [USD]."""
        each = (abs(value) for column, value in self.cost.items() if not self.columns[column][3])
        return self.tonnes * max(each, default=0.0)

    def column(self, name: str, most: float = INFINITE, *, least: float = 0.0, whole: bool = False) -> int:
        """Add a column and return its number."""
        self.columns.append((name, least, most, whole))
        return len(self.columns) - 1

    def flag(self, name: str) -> int:
        """Add a column that is 0 or 1."""
        return self.column(name, 1.0, whole=True)

    def most(self, column: int, bound: float) -> None:
        """Lower the upper bound of a column."""
        name, least, most, whole = self.columns[column]
        self.columns[column] = (name, least, min(most, bound), whole)

    def row(self, name: str, terms: Terms, least: float = -INFINITE, most: float = INFINITE) -> None:
        """Add a row; one without columns is judged at once."""
        terms = {column: value for column, value in terms.items() if value != 0.0}
        if terms:
            self.rows.append((name, terms, least, most))
        elif least > 1e-9 * max(1.0, abs(least)) or most < -1e-9 * max(1.0, abs(most)):
            self.impossible = True

    def charge(self, column: int, dollars: float) -> None:
        """Add to what a unit of a column costs at present value."""
        self.cost[column] = self.cost.get(column, 0.0) + dollars


def add(*parts: Terms) -> Terms:
    """Return the sum of terms."""
    total: Terms = {}
    for part in parts:
        for column, value in part.items():
            total[column] = total.get(column, 0.0) + value
    return total


def times(terms: Terms, factor: float) -> Terms:
    """Return terms times a number."""
    return {column: value * factor for column, value in terms.items()}


def total(parts: Iterable[Terms]) -> Terms:
    """Return the sum of any number of terms."""
    return add(*parts)
