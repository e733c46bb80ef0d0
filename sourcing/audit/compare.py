"""One cell of the plan against the arithmetic, said in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.audit.verdict import money_slack, tonnes_slack
from sourcing.replay.words import number

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from sourcing.audit.cells import Row

    Origin = str | Callable[[], str]
    Place = str | Callable[[], str]


def said(place: Place, row: Row, own: Mapping[str, Any], by: str) -> Iterator[str]:
    """Yield a finding for each text, date or whole number that is not what ``by`` (the tables …) say."""
    for column, value in own.items():
        if row[column] != value:
            yield f"{_told(place)}: the plan says {column} '{row[column]}', {by} '{value}'"


def tonnes(place: Place, row: Row, own: Mapping[str, float], scale: float = 0.0) -> Iterator[str]:
    """Yield a finding for each quantity that is not the recomputed one; ``scale`` is the size of what it adds up."""
    for column, value in own.items():
        if abs(row[column] - value) > tonnes_slack(max(abs(value), scale)):
            figures = f"{number(row[column])} t, the arithmetic says {number(value)}"
            yield f"{_told(place)}: the plan says {column} {figures}"


def money(place: Place, row: Row, own: Mapping[str, tuple[float, Origin]], scale: float = 0.0) -> Iterator[str]:
    """Yield a finding for each charge that is not the recomputed one, with where the recomputed one comes from.

    Where it comes from may be a text, or what makes one if it is needed; so may the place.
    """
    for column, (value, origin) in own.items():
        if abs(row[column] - value) > money_slack(max(abs(value), scale)):
            charged = f"USD {number(row[column])} {column}, {_told(origin)} {number(value)}"
            yield f"{_told(place)}: the plan charges {charged}"


def _told(what: Origin) -> str:
    return what if isinstance(what, str) else what()


def rate(amount: float, price: float) -> Callable[[], str]:
    """Return what says "310 t at 250 USD/t make"."""
    return lambda: f"{number(amount)} t at {number(price)} USD/t make"


def tariffs(amount: float) -> Callable[[], str]:
    """Return what says "the tariffs on 310 t make"."""
    return lambda: f"the tariffs on {number(amount)} t make"
