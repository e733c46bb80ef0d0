"""The planning horizon: its first day, and its periods, of one length or telescoping from short ones to long."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from sourcing.question.closed import Closed
from sourcing.tables.dates import LAST_YEAR, add_months, parse_date

if TYPE_CHECKING:
    from pydantic import ValidationInfo

Within = Literal["nothing", "not_empty", "safety"]
UNITS = {"day": (1, "day"), "week": (7, "day"), "month": (1, "month"), "quarter": (3, "month"), "year": (12, "month")}
"""Lengths of periods that have a name, as (number, "day" or "month")."""
MOST_PERIODS = 10_000
NOTHING: Within = "nothing"
WITHIN: Within = NOTHING
"""What is asked of stock on days within long periods where a question does not say."""


def _known(length: str) -> str:
    if length not in UNITS and not re.fullmatch(r"[1-9]\d{0,4} (day|week|month|year)s?", length):
        raise ValueError(f'"{length}" is no length; write day, week, month, quarter, year, or such as "10 days"')
    return length


def _step(value: object) -> tuple[str, int]:
    """Return one of the ``steps``: a length, and how many periods have it."""
    pair = tuple(value) if isinstance(value, list | tuple) else ()
    if len(pair) != 2 or not isinstance(pair[0], str) or type(pair[1]) is not int:
        raise ValueError('it is not a length and a number of periods; write such as ["month", 6]')
    if not 1 <= pair[1] <= MOST_PERIODS:
        raise ValueError(f"{pair[1]} periods will not do; write a number from 1 to {MOST_PERIODS:,}, or leave it out")
    return _known(pair[0]), pair[1]


Step = Annotated[tuple[str, int], BeforeValidator(_step)]


class Horizon(Closed):
    """The time a plan covers."""

    start: str = Field(description="first day, a month or a day", examples=['"2027-01-15"'])
    steps: list[Step] | None = Field(
        default=None,
        description="or periods of several lengths one after the other, each with how many there are",
        examples=['[["month", 6], ["quarter", 6], ["year", 2]]'],
    )
    periods: int | None = Field(
        default=None,
        ge=1,
        le=MOST_PERIODS,
        validate_default=True,
        description="number of periods",
        examples=["16"],
    )
    length: str | None = Field(
        default=None,
        validate_default=True,
        description='of a period: day, week, month, quarter, year, or such as "10 days" or "2 months"',
        examples=['"quarter"'],
    )

    tail: int | None = Field(
        default=None,
        ge=0,
        le=MOST_PERIODS,
        description="periods after these, each as long as the last, that are planned with them and not reported, so "
        "that the last ones order what comes later; 0 is none. Blank, as many as the longest way from an order to "
        "demand takes and the last period, in whole years; none where every order is there at once",
        examples=["4"],
    )

    within: Within | None = Field(
        default=None,
        description="what is asked of stock on days within periods of more than a month: nothing, that demand finds it "
        "(not_empty), or that it is the safety stock, too, where the period before had to end with it (safety)",
        examples=['"safety"'],
    )

    @field_validator("start")
    @classmethod
    def _start_is_a_date(cls, value: str) -> str:
        if parse_date(value) is None:
            raise ValueError(f'"{value}" is not a date; write it as "2027-01" or "2027-01-15"')
        return value

    @field_validator("steps")
    @classmethod
    def _has_steps(cls, value: list[Step] | None) -> list[Step] | None:
        if value == []:
            raise ValueError('it has no period; write such as [["month", 6], ["quarter", 6]]')
        return value

    @field_validator("periods", "length")
    @classmethod
    def _says_it_once(cls, value: Any, told: ValidationInfo) -> Any:
        steps = told.data.get("steps", [])  # [] if they are there and cannot be read
        if value is None and steps is None:
            raise PydanticCustomError("missing", "Field required")
        if value is not None and steps:
            raise ValueError(
                f"steps say how long all periods are, and so does {told.field_name}; leave one of them out"
            )
        return value

    @field_validator("length")
    @classmethod
    def _length_is_known(cls, value: str | None) -> str | None:
        return None if value is None else _known(value)

    @model_validator(mode="after")
    def _ends_in_time(self) -> Horizon:
        days = 0
        for length, count in self.with_tail:
            number, unit = step_of(length)
            days += count * number * (1 if unit == "day" else 28)
        if days > (LAST_YEAR - self.first.year) * 366 or self.boundaries_with_tail[-1].year > LAST_YEAR:
            raise ValueError(f"it would end after the year {LAST_YEAR}; write fewer or shorter periods")
        if self.count_with_tail > MOST_PERIODS:
            raise ValueError(f"it has {self.count_with_tail:,} periods; write at most {MOST_PERIODS:,}")
        return self

    @property
    def lengths(self) -> tuple[tuple[str, int], ...]:
        """The lengths of the periods in order, each with how many have it."""
        return tuple(self.steps) if self.steps else ((self.length or "", self.periods or 0),)

    @property
    def with_tail(self) -> tuple[tuple[str, int], ...]:
        """The same with the periods of the tail."""
        return (*self.lengths, (self.lengths[-1][0], self.tail)) if self.tail else self.lengths

    @property
    def words(self) -> str:
        """The periods in words: "16 quarters", or "6 months, 6 quarters, 2 years"."""
        return ", ".join(_counted(count, length) for length, count in self.lengths)

    @property
    def count(self) -> int:
        """The number of periods that are reported."""
        return sum(count for _, count in self.lengths)

    @property
    def count_with_tail(self) -> int:
        """The number of periods that are planned."""
        return self.count + (self.tail or 0)

    @property
    def first(self) -> date:
        """First day."""
        day = parse_date(self.start)
        if day is None:
            raise ValueError(self.start)
        return day

    @property
    def end(self) -> date:
        """First day after the last period that is reported."""
        return self.boundaries[-1]

    @property
    def boundaries(self) -> tuple[date, ...]:
        """The first day of every period, then the first day after the last.

        Months, quarters and years are counted from the first day of the first of them, so that a start on the 31st
        falls on the last day of shorter months.
        """
        return _boundaries(self.first, self.lengths)

    @property
    def boundaries_with_tail(self) -> tuple[date, ...]:
        """The same with the periods of the tail."""
        return _boundaries(self.first, self.with_tail)

    def years(self, period: int) -> dict[int, float]:
        """Return the part of a period's days that lies in each calendar year."""
        start, end = self.boundaries[period : period + 2]
        return {year: days / (end - start).days for year, days in _by_year(start, end).items()}

    @property
    def parts_of_years(self) -> dict[int, float]:
        """By calendar year the part of its days that lies in the horizon."""
        return {
            year: days / (date(year + 1, 1, 1) - date(year, 1, 1)).days
            for year, days in _by_year(self.first, self.end).items()
        }

    def boundary(self, period: int) -> date:
        """Return the first day of a period (0 = the first one; ``count``: the first day after the last)."""
        return self.boundaries[period]


def step_of(length: str) -> tuple[int, str]:
    """Return a length as (number, "day" or "month")."""
    if length in UNITS:
        return UNITS[length]
    number, _, word = length.partition(" ")
    count, unit = UNITS[word.removesuffix("s")]
    return int(number) * count, unit


@lru_cache(maxsize=64)
def _boundaries(first: date, lengths: tuple[tuple[str, int], ...]) -> tuple[date, ...]:
    edges, since, months = [first], first, 0
    for length, count in lengths:
        number, unit = step_of(length)
        for _ in range(count):
            if unit == "day":
                since, months = edges[-1] + timedelta(days=number), 0
            else:
                months += number
            edges.append(add_months(since, months))
    return tuple(edges)


def _by_year(start: date, end: date) -> dict[int, int]:
    """Return the days of [start, end) in each calendar year."""
    edges = [start, *(date(year, 1, 1) for year in range(start.year + 1, end.year + 1)), end]
    return {low.year: (high - low).days for low, high in pairwise(edges) if low < high}


def _counted(count: int, length: str) -> str:
    if length in UNITS:
        return f"{count} {length}{'s' if count != 1 else ''}"
    return f"{count} period{'s' if count != 1 else ''} of {length}"
