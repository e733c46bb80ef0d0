"""Find which of many changes matter, by asking of whole groups of them whether they are enough."""

from __future__ import annotations

from heapq import heappop, heappush
from itertools import count
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

T = TypeVar("T")


def enough_by_level(
    groups: Sequence[Sequence[T]],
    levels: int,
    enough: Callable[[Sequence[T], int], bool],
    wanted: Callable[[T, int], bool],
) -> Iterator[tuple[T, int]]:
    """Yield every item that is enough by itself with the lowest level at which it is, the lowest levels first.

    A group that is not enough holds no such item, so that few of many are found by halving (group testing; Dorfman
    1943). It is asked at the highest level before the next, so that most are asked no more than twice.

    Parameters
    ----------
    levels : how many there are; a group that is enough at one is at the next.
    enough : of a group at a level; has to hold of a group if it holds of a part of it.
    wanted : whether an item is still looked for at a level; asked when the search comes to it.
    """
    order = count()
    waiting = [(0, next(order), list(group), False) for group in groups]
    while waiting:
        level, _, group, at_last = heappop(waiting)
        group = [item for item in group if wanted(item, level)]
        if not group:
            continue
        if enough(group, level):
            if len(group) == 1:
                yield group[0], level
                continue
            for half in (group[: len(group) // 2], group[len(group) // 2 :]):
                heappush(waiting, (level, next(order), half, False))
        elif level + 1 < levels and (at_last or enough(group, levels - 1)):
            heappush(waiting, (level + 1, next(order), group, True))


def enough_together(items: Sequence[T], enough: Callable[[Sequence[T]], bool]) -> list[T]:
    """Return items that are enough together, none of which could be left out; those that come first are preferred.

    ``enough`` has to hold of a group if it holds of a part of it. Found by halving (QuickXplain; Junker 2004). None if
    all are not enough.

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
