"""Find which of many changes matter, by asking of whole groups of them whether they are enough."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

T = TypeVar("T")


def enough_alone(items: Sequence[T], enough: Callable[[Sequence[T]], bool]) -> list[T]:
    """Return every item that is enough by itself.

    ``enough`` is asked of groups, and has to hold of a group if it holds of a part of it; a group that is not enough
    holds no such item, so that few of many are found by halving (group testing; Dorfman 1943).

    >>> enough_alone(range(100), lambda group: bool({17, 60} & set(group)))
    [17, 60]
    """
    if not items or not enough(items):
        return []
    return _halved(items, enough)


def _halved(items: Sequence[T], enough: Callable[[Sequence[T]], bool]) -> list[T]:
    if len(items) == 1:
        return list(items)
    middle = len(items) // 2
    return [one for half in (items[:middle], items[middle:]) for one in enough_alone(half, enough)]


def enough_together(items: Sequence[T], enough: Callable[[Sequence[T]], bool]) -> list[T]:
    """Return items that are enough together, none of which could be left out; those that come first are preferred.

    ``enough`` is as for ``enough_alone``. Found by halving too (QuickXplain; Junker 2004). None if all are not enough.

    >>> enough_together(range(100), lambda group: {17, 60} <= set(group) or {20, 90} <= set(group))
    [17, 60]
    """
    return _needed(list(items), [], enough) if enough(items) else []


def _needed(items: list[T], beside: list[T], enough: Callable[[Sequence[T]], bool]) -> list[T]:
    """Return which of the items are needed, all of them together with those beside them being enough."""
    if len(items) <= 1:
        return items
    first, rest = items[: len(items) // 2], items[len(items) // 2 :]
    if enough([*beside, *first]):
        return _needed(first, beside, enough)
    later = _needed(rest, [*beside, *first], enough)
    earlier = [] if enough([*beside, *later]) else _needed(first, [*beside, *later], enough)
    return [*earlier, *later]
