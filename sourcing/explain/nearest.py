"""How far a cell has to be changed before there is a plan: as little as will do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sourcing.explain.cells import Cell, Value

CLOSE = 0.02
"""Part by which a change may be larger than it has to be."""


class Change(NamedTuple):
    """A cell, what it has to say, and how large a part of the most that it could change that is."""

    cell: Cell
    value: Value
    part: float


def nearest(cells: Sequence[Cell], count: int, enough: Callable[[Mapping[Cell, Value]], bool]) -> list[Change]:
    """Return the smallest changes of single cells that are enough, one of a row, the smallest first, at most ``count``.

    Each of ``cells`` is enough at its loosest. All are halved side by side; one that cannot be among the smallest any
    more is left.
    """
    spans = dict.fromkeys(cells, (0.0, 1.0))
    while True:
        most = _most(spans, count)
        spans = {cell: span for cell, span in spans.items() if span[0] < most or span[1] <= most}
        wide = [cell for cell, (low, high) in spans.items() if high - low > CLOSE]
        if not wide:
            break
        cell = min(wide, key=lambda each: (spans[each][0], spans[each][1]))
        spans[cell] = _halved(cell, spans[cell], enough)
    found = [Change(cell, cell.at(high), high) for cell, (_, high) in spans.items()]
    found.sort(key=lambda change: (change.part, change.cell.table, change.cell.row))
    first = {(change.cell.table, change.cell.row): change for change in reversed(found)}
    return [change for change in found if first[change.cell.table, change.cell.row] is change][:count]


def _most(spans: Mapping[Cell, tuple[float, float]], count: int) -> float:
    """Return how large the last of the smallest changes is at most, one of each row."""
    rows: dict[tuple[str, int], float] = {}
    for cell, (_, high) in spans.items():
        rows[cell.table, cell.row] = min(high, rows.get((cell.table, cell.row), 1.0))
    return sorted(rows.values())[min(count, len(rows)) - 1]


def _halved(
    cell: Cell, span: tuple[float, float], enough: Callable[[Mapping[Cell, Value]], bool]
) -> tuple[float, float]:
    low, high = span
    middle = (low + high) / 2
    return (low, middle) if enough({cell: cell.at(middle)}) else (middle, high)
