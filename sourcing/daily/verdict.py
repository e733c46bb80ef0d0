"""Stock-out verdict: in a buyer's words, whether anything is ever empty, and how near it comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sourcing.replay import words

if TYPE_CHECKING:
    from datetime import date

    from sourcing.replay import Facts
    from sourcing.replay.records import Point

_MONTH = 31
_COUNTED = ("", "a", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


@dataclass(frozen=True)
class Lowest:
    """The point that comes nearest to being empty: days of use that are left there on a day."""

    point: Point
    days_of_use: float
    on: date


@dataclass(frozen=True)
class Said:
    """What is said: days on which demand finds nothing somewhere, the first of them and where; else the lowest point.

    ``not_done`` is t of own runs and shipments that still wait at the end.
    """

    words: str
    days_empty: int = 0
    first_empty: date | None = None
    not_done: float = 0.0

    def as_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        first = None if self.first_empty is None else self.first_empty.isoformat()
        return {
            "words": self.words,
            "days_empty": self.days_empty,
            "first_empty": first,
            "not_done": self.not_done,
        }


def never_empty(facts: Facts, lowest: Lowest, *, is_short: bool) -> str:
    """Return "never empty; lowest: Dy oxide at Greenville, 8 days of use on 6 May 2027"."""
    days = f"{int(lowest.days_of_use):,} days of use"
    if lowest.days_of_use < 1:
        days = "less than a day of use"
    elif lowest.days_of_use < 2:
        days = "1 day of use"
    beyond = " beyond what is short" if is_short else ""
    return f"never empty{beyond}; lowest: {_at(facts, lowest.point)}, {days} on {day_words(lowest.on)}"


def empty(facts: Facts, days: int, first: tuple[date, Point]) -> str:
    """Return "empty on 133 days, first 14 July 2027 (NdPr oxide at Sumter): periods of six months are too long …"."""
    when, point = first
    n = facts.calendar.holding(when) or 0
    if facts.calendar.days(n) > _MONTH:
        why = f"periods of {length_words(facts.calendar.starts[n], facts.calendar.ends[n])} are too long for this case"
    else:
        why = "the stock there does not last from one delivery to the next"
    count = f"{days:,} day{'s' if days != 1 else ''}"
    return f"empty on {count}, first {day_words(when)} ({_at(facts, point)}): {why}"


def length_words(start: date, end: date) -> str:
    """Return how long a period [start, end) is: "a year", "six months", "90 days"."""
    months = (end.year - start.year) * 12 + end.month - start.month
    if start.day != end.day or not months:
        return f"{(end - start).days} days"
    if months % 12 == 0:
        return "a year" if months == 12 else f"{_number(months // 12)} years"
    return "a month" if months == 1 else f"{_number(months)} months"


def day_words(day: date) -> str:
    """Return "6 May 2027"."""
    return f"{day.day} {day:%B} {day.year}"


def _number(count: int) -> str:
    return _COUNTED[count] if count < len(_COUNTED) else str(count)


def _at(facts: Facts, point: Point) -> str:
    site, material = point
    return f"{words.material(facts, material)} at {words.site(facts, site)}"
