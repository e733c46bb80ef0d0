"""How far cells have to be changed before there is a plan: as little as will do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sourcing.reasons.search import enough_by_level

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

    from sourcing.reasons.cells import Cell, Value
    from sourcing.reasons.equivalent_repairs import Ways

    Enough = Callable[[Mapping[Cell, Value]], bool]
    Span = tuple[float, float]
    Spans = dict[Cell, Span]

CLOSE = 0.02
"""Part by which a change may be larger than it has to be while changes are compared."""
FINE = 5e-4
"""Part between two values of a cell that are not told apart."""
PARTS = (0.0625, 0.125, 0.25, 0.5, 0.75, 1.0)
"""How large changes are looked for at once, the smallest first."""
WILD = 0.75
"""How large a change is not worth saying beside a smaller one of the same way out."""


class Change(NamedTuple):
    """A cell, what it has to say, and how large a part of the most that it could change that is."""

    cell: Cell
    value: Value
    part: float


def nearest(
    cells: Sequence[Cell], ways: Ways, count: int, enough: Enough, looked: Enough | None = None
) -> list[list[Change]]:
    """Return the smallest changes of single cells that are enough, by way out, the smallest first.

    What stands out in its column comes before all others. ``count`` is how many ways are returned at most, and how many
    changes of each: the smallest of each row, or, where the way is one row, of each of its columns. ``looked`` is asked
    in the place of ``enough`` for which cells are enough at all; it may say no of more.
    """
    spans = _spans(cells, ways, count, looked or enough)
    found = _narrowed(ways.among(list(spans)), spans, count, enough)
    for cell in (cell for way in found for cell in way):
        spans[cell] = _finest(cell, spans[cell], enough)
    changes = [
        sorted((Change(cell, cell.at(spans[cell][1]), spans[cell][1]) for cell in way), key=_order) for way in found
    ]
    return sorted((_once(way)[:count] for way in changes), key=lambda way: _order(way[0]))[:count]


def _spans(cells: Sequence[Cell], ways: Ways, count: int, enough: Enough) -> Spans:
    """Return cells that are enough by themselves, and between which parts the smallest change lies that is.

    Small changes of all cells are tried before large ones. What cannot be among the first is not looked for.
    """
    by_itself = {cell for cell in cells if cell.alone or cell.others}
    spans: Spans = {cell: (0.0, 1.0) for cell in cells if cell in by_itself and enough({cell: cell.loosest})}
    sought = _Sought(ways, spans, count)
    groups = _groups((cell for cell in cells if cell not in by_itself), ways)
    found = enough_by_level(
        groups, len(PARTS), lambda some, level: enough({cell: cell.at(PARTS[level]) for cell in some}), sought.wanted
    )
    for cell, level in found:
        spans[cell] = ((0.0, *PARTS)[level], PARTS[level])
    return spans


class _Sought:
    """What is still looked for: other rows of a source; once there are enough ways, of these only, and nothing wild."""

    def __init__(self, ways: Ways, spans: Spans, count: int) -> None:
        self._ways, self._spans, self._count = ways, spans, count
        self._level = -1
        self._known: set[tuple[str, int]] = set()
        self._whose: set[str] | None = None

    def wanted(self, cell: Cell, level: int) -> bool:
        """Return whether a cell is looked for at a level; all that are enough at a lower one are known."""
        if level > self._level:
            self._level = level
            self._look_at(PARTS[level - 1] if level else 0.0)
        if cell.place in self._known:
            return False
        return self._whose is None or (PARTS[level] <= WILD and bool(self._ways.sources(cell) & self._whose))

    def _look_at(self, part: float) -> None:
        self._known = {cell.place for cell in self._spans if self._ways.sources(cell)}
        among = self._ways.among(list(self._spans))
        at = [_span(way, self._spans) for way in among]
        if self._whose is None and sum(high <= part for _, high in at) >= self._count:
            first = [among[place] for place in _first(at, self._count)]
            self._whose = {source for way in first for source in self._ways.sources(way[0])}


def _groups(cells: Iterable[Cell], ways: Ways) -> list[list[Cell]]:
    """Return groups in which one cell at its looser does not stand in the way of another.

    What comes in sooner may need the room that a rule would have given, a better yield leaves no use for what a
    contract brings in anyway, and no cell gives way upwards and downwards.
    """
    groups: list[tuple[tuple[bool, bool], dict[Hashable, Cell]]] = []
    for cell in cells:
        key, kind = (cell.place, cell.column), (bool(ways.sources(cell)), cell.is_yield)
        free = next((group for other, group in groups if other == kind and key not in group), None)
        if free is None:
            groups.append((kind, {key: cell}))
        else:
            free[key] = cell
    return [list(group.values()) for _, group in groups]


def _narrowed(ways: list[list[Cell]], spans: Spans, count: int, enough: Enough) -> list[list[Cell]]:
    """Halve the spans side by side, and leave what cannot be among the first ways, or first in its way, any more."""
    while True:
        ways = [ways[place] for place in _first([_span(way, spans) for way in ways], count)]
        ways = [_first_in(way, spans, count) for way in ways]
        wide = [cell for way in ways for cell in way if spans[cell][1] - spans[cell][0] > CLOSE]
        if not wide:
            return ways
        cell = min(wide, key=lambda each: spans[each])
        low, high = spans[cell]
        middle = (low + high) / 2
        spans[cell] = (low, middle) if enough({cell: cell.at(middle)}) else (middle, high)


def _finest(cell: Cell, span: Span, enough: Enough) -> Span:
    """Halve a span on until the cell, as it is rounded, could say nothing between its ends."""
    low, high = span
    while high - low > FINE:
        middle = (low + high) / 2
        becomes = cell.at(middle)
        if becomes == cell.at(high) or ((low == 0 or becomes != cell.at(low)) and enough({cell: becomes})):
            high = middle
        else:
            low = middle
    return low, high


def _first_in(way: list[Cell], spans: Spans, count: int) -> list[Cell]:
    """Return the cells of a way that may be shown: the smallest of each row; in one row the smallest of each column."""
    rows: dict[Hashable, list[Cell]] = {}
    for cell in way:
        rows.setdefault(cell.place, []).append(cell)
    if len(rows) == 1:
        rows = {cell: [cell] for cell in way}
    smallest = [[row[place] for place in _first([_span([cell], spans) for cell in row], 1)] for row in rows.values()]
    kept = _first([_span(row, spans) for row in smallest], count)
    return [cell for place in kept for cell in smallest[place]]


def _span(cells: Sequence[Cell], spans: Spans) -> Span:
    """Return between which parts the smallest change of some cells lies; what stands out is below all others."""
    low, high = zip(
        *((low - bool(cell.others), high - bool(cell.others)) for cell in cells for low, high in [spans[cell]]),
        strict=True,
    )
    return min(low), min(high)


def _first(spans: Sequence[Span], count: int) -> list[int]:
    """Return the places of those that may be among the smallest."""
    most = sorted(high for _, high in spans)[min(count, len(spans)) - 1] if spans else 0.0
    return [place for place, (low, high) in enumerate(spans) if low < most or high <= most]


def _once(way: Sequence[Change]) -> list[Change]:
    """Return the first change of each row, or, in one row, of each column."""
    one = len({change.cell.place for change in way}) == 1
    first: dict[Hashable, Change] = {}
    for change in way:
        first.setdefault((change.cell.place, change.cell.column if one else ""), change)
    return list(first.values())


def _order(change: Change) -> tuple[bool, float, str, int, str]:
    return not change.cell.others, change.part, *change.cell.place, change.cell.column


def together(cells: Sequence[Cell], enough: Enough) -> list[Change]:
    """Return changes of cells that are enough together: the largest as small as it can be, then each by itself.

    All of ``cells`` at their loosest are enough.
    """
    if not cells:
        return []
    parts = dict.fromkeys(cells, _smallest(lambda part: enough({cell: cell.at(part) for cell in cells}), 1.0))
    for cell in cells:
        others = {each: each.at(part) for each, part in parts.items() if each != cell}
        asked = lambda part, cell=cell, others=others: enough({**others, cell: cell.at(part)})  # noqa: E731
        parts[cell] = _smallest(asked, parts[cell])
    return sorted((Change(cell, cell.at(part), part) for cell, part in parts.items()), key=_order)


def _smallest(enough: Callable[[float], bool], high: float) -> float:
    """Return the smallest part that is enough, where ``high`` is."""
    low = 0.0
    while high - low > CLOSE:
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return high
