"""What the parts of the recipe share: the source of choices, the case drawn so far, and its plot."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")
KEYS = {
    "tariffs": ["importer", "origin", "tariff_code", "from"],
    "licences": ["country", "material", "destination", "from"],
    "closures": ["stops", "country", "site", "supplier", "destination", "mode", "from"],
    "stocks": ["site", "material"],
    "lanes": ["origin", "destination", "material", "mode"],
    "ramps": ["offer", "process", "line", "from"],
}  # of the tables whose rows are drawn without looking at those drawn before


class Chooser:
    """Answer the recipe's questions from one source of integers."""

    def __init__(self, integer: Callable[[int, int], int]) -> None:
        self.integer = integer

    def pick(self, options: Sequence[T]) -> T:
        return options[self.integer(0, len(options) - 1)]

    def chance(self, percent: int) -> bool:
        return self.integer(0, 99) >= 100 - percent


@dataclass
class Drawn:
    """A case: rows by table, and the question as nested dictionaries."""

    tables: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    question: dict[str, Any] = field(default_factory=dict)

    def add(self, table: str, **row: Any) -> None:
        """Add a row, blanks left out; one whose key is there already is dropped."""
        rows = self.tables.setdefault(table, [])
        key = [row.get(name) or "" for name in KEYS.get(table, [])]
        if not key or all([other.get(name) or "" for name in KEYS[table]] != key for other in rows):
            rows.append({name: value for name, value in row.items() if value is not None})


@dataclass
class Plot:
    """What later parts of the recipe need to know about earlier ones."""

    case: Drawn
    choose: Chooser
    start: date
    ends: date
    step: int  # days of a typical period
    periods: int
    easy: bool  # a dear offer without limits backs up every need
    valued: bool  # all materials have a value or none: 1 beside 50,000 would leave level 2 play on the cheap one
    countries: list[str] = field(default_factory=list)
    suppliers: list[str] = field(default_factory=list)
    plants: list[str] = field(default_factory=list)
    products: dict[str, str] = field(default_factory=dict)  # material: element
    need: dict[tuple[str, str], float] = field(default_factory=dict)  # t over the horizon, by point
    price: dict[str, int] = field(default_factory=dict)
    lanes: set[tuple[str, str, str, str]] = field(default_factory=set)

    @property
    def days(self) -> int:
        return (self.ends - self.start).days

    @property
    def first(self) -> str:
        return next(iter(self.products))

    def total(self) -> float:
        """Return the tonnes of products wanted over the horizon."""
        return sum(need for (_, material), need in self.need.items() if material in self.products)

    def yearly(self, tonnes: float) -> float:
        """Return a tonnage of the horizon as t/year."""
        return round(tonnes * 365 / self.days, 2)

    def day(self, first: int, last: int, after: date | None = None) -> date:
        """Return the day that lies so many percent into the horizon, and after another if one is given."""
        day = self.start + timedelta(days=self.days * self.choose.integer(first, last) // 100)
        return day if after is None else max(day, after + timedelta(days=1))

    def lead(self, most: int) -> float:
        """Return up to `most` tenths of a period, in halves of a day."""
        return round(self.step * self.choose.pick([0, 0, 3, 5, 10, 15, 20][: most + 1]) / 10 * 2) / 2
