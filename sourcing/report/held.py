"""Stock cover: what lies at each place at a year's end, and for how many days of the use that follows."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from rich.text import Text

from sourcing.report.figures import day, lasting, tonnes
from sourcing.report.lines import cut, heading, wrapped
from sourcing.report.sources import sources
from sourcing.report.stores import heaps, places, wanted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sourcing.plan import Plan
    from sourcing.report.stores import Year

PLACES = 6
"""Places shown: those whose stock lasts for the fewest days at the end of any period."""
HEAPS = 3
"""Places without a maximum shown with what lies there."""

_LABEL, _BOTH, _DAYS = 26, 17, 9


def held(plan: Plan, width: int) -> list[Text]:
    """Return what every place with a demand of its own has left at each year's end, the shortest first.

    Where each thing that the screen shows lies at one place only, its own block has said it: how days are counted is
    what is left to say.
    """
    found = places(plan)
    stores = wanted(plan, found)
    if not stores:
        return _unbounded(plan, width)
    years, cell = _fit([year.year for year in stores[0].years()], width)
    lines = []
    if not _said_above(plan, len(stores)):
        title = "STOCK AT YEAR'S END" if cell == _BOTH else "DAYS OF STOCK AT YEAR'S END"
        lines.append(heading(title.ljust(_LABEL + 2) + "".join(str(year).rjust(cell) for year in years)))
        for store in stores[:PLACES]:
            cells = "".join(_cell(year, cell) for year in store.years() if year.year in years)
            lines.append(Text(f"  {cut(store.name, _LABEL).ljust(_LABEL)}{cells}"))
    if lines and len(stores) > PLACES:
        lines.append(Text(f"  … {len(stores) - PLACES} more that last longer, in stock.csv"))
    every = [year for store in stores for year in store.years()]
    return [*lines, *wrapped(_counting(every), width, "  ", style="dim"), *_unbounded(plan, width)]


def _said_above(plan: Plan, stores: int) -> bool:
    blocks = sources(plan)
    return stores <= len(blocks) and all(block.shown.counted == "material" for block in blocks)


def _fit(years: list[int], width: int) -> tuple[list[int], int]:
    """Return the years there is room for, and the width of a year's cell: tonnes and days, or days only."""
    room = width - _LABEL - 2
    if _BOTH * len(years) <= room:
        return years, _BOTH
    count = max(room // _DAYS, 1)
    return (years if count >= len(years) else [*years[: count - 1], years[-1]]), _DAYS


def _cell(year: Year, cell: int) -> str:
    if math.isnan(year.held):
        return "-".rjust(cell)
    days = lasting(year.lasts)
    return f"{tonnes(year.held).rjust(cell - _DAYS)}{days.rjust(_DAYS)}" if cell == _BOTH else days.rjust(cell)


def _counting(years: Sequence[Year]) -> str:
    """Say what the days are days of, and which stocks are not of a year's end."""
    after = sorted({year.year for year in years if year.beyond})
    from_on = f"in {after[0]}" if len(after) == 1 else f"from {min(after, default=0)} on"
    said = "Stock lasts for so many days of the use that follows it"
    said += f"; {from_on}, where the plan ends first, of its last year's use." if after else "."
    odd = {year.year: year.on for year in years if not math.isnan(year.held) and not year.at_new_year}
    dates = ", ".join(f"{day(on, year=False)} in {year}" for year, on in sorted(odd.items()))
    return said + (f" No period ends at New Year: it is what is left on {dates}." if odd else "")


def _unbounded(plan: Plan, width: int) -> list[Text]:
    """Return a line for each place without a maximum where much lies, the largest part of a year's use first."""
    found = heaps(plan)
    lines = []
    for heap in found[:HEAPS]:
        said = (
            f"{tonnes(heap.most)} of {heap.material} lie at {heap.site} on {day(heap.on)}, where no maximum is stated"
        )
        lines += wrapped(said, width, "  ", "  ")
    if len(found) > HEAPS:
        rest = len(found) - HEAPS
        lines.append(Text(f"  … {rest} more place{'s' if rest > 1 else ''} without a maximum where much lies"))
    return lines
