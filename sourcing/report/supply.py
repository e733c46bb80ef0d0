"""Where the tonnes come from, by country and year, with the limits that stop them."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from rich.text import Text

from sourcing.report.figures import bar, lasting, share, tonnes
from sourcing.report.lines import cut, heading, wrapped
from sourcing.report.names import country
from sourcing.report.rows import each
from sourcing.report.sources import as_shown, counts_stock, counts_use, definitions, largest_shares, sources
from sourcing.report.stores import store_of
from sourcing.report.used import OF_USE, used

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sourcing.plan import Plan
    from sourcing.report.sources import Shown, Sources
    from sourcing.report.stores import Year
    from sourcing.report.used import Whose

BLOCKS = 4
"""Elements or materials shown; those a limit is about come first, then those with the most tonnes."""

COUNTRIES = 7
"""Countries shown by name in a block; the smaller ones share a line."""

MARK = "■"
_LABEL = 18


def supply(plan: Plan, width: int) -> list[Text]:
    """Return one block per element (or bought material) with every country's share of each year's arrivals."""
    ranked = sources(plan)
    defined = definitions(plan)
    lines: list[Text] = []
    for block in ranked[:BLOCKS]:
        lines += [Text("")] if lines else []
        stored = {year.year: year for year in store_of(plan, block.shown, block.name).years()}
        lines += _block(block, width, stored, used(plan, defined, block.shown))
        lines += _held_elsewhere(largest_shares(plan, defined, block.shown), block.shown, width)
    if len(ranked) > BLOCKS:
        rest = ", ".join(block.shown.what for block in ranked[BLOCKS:])
        lines += wrapped(f"Also in shares.csv: {rest}", width, "  ")
    return lines


def _held_elsewhere(held: Iterator[tuple[Any, dict[str, str]]], shown: Shown, width: int) -> list[Text]:
    """Say which limits bind that count something else than the block shows, so that its figures do not mislead."""
    windows: dict[str, list[str]] = {}
    for row, about in held:
        if row.binds and not as_shown(row, about, shown) and not counts_use(about):
            stage = f"counted from stage {about['stage']} on" if about.get("stage") else "counted in part"
            stage = "what lay there at the start counted as theirs" if counts_stock(about) else stage
            place = f" at {row.site}" if row.site else ""
            text = f"{MARK} {country(str(row.member))}{place} at the {share(row.value)} of {row.limit}, {stage}: "
            windows.setdefault(text, []).append(str(row.window))
    return [line for text, when in windows.items() for line in wrapped(text + ", ".join(when), width, "  ", "  ")]


def _block(block: Sources, width: int, stored: Mapping[int, Year], whose: Whose) -> list[Text]:
    part, weight = defaultdict[tuple[str, int], float](float), defaultdict[str, float](float)
    whole = defaultdict[int, float](float)
    for row in each(block.rows):
        group, year = str(row.group), int(row.year)
        part[group, year] += float(row.share)
        weight[group] += row.tonnes
        whole[year] += row.tonnes
    years, cell, drawn = _fit(sorted({*whole, *stored}), width)
    groups = sorted(weight, key=lambda group: (-weight[group], group))
    shown = COUNTRIES if len(groups) > COUNTRIES + 1 else len(groups)  # a line for one "other" may as well name it
    named_groups, rest = groups[:shown], groups[shown:]
    how = block.shown.heading
    lines = [
        heading(
            cut(f"SUPPLY OF {block.name}", _LABEL + 2).ljust(_LABEL + 2) + "".join(str(y).rjust(cell) for y in years)
        ),
        *([Text(f"  {how}", style="dim")] if how else []),
        _figures("all sources", [tonnes(whole[year]) for year in years], cell),
    ]
    for group in named_groups:
        cells = [(part[group, year], block.marked(group, year)) for year in years]
        lines.append(_line(country(group), cells, drawn, cell))
    if rest:
        others = [(sum(part[group, year] for group in rest), False) for year in years]
        lines.append(_line(f"{len(rest)} others", others, drawn, cell))
    if whose:
        lines.append(Text(f"  {OF_USE}", style="dim"))
        lines += [_line(name, [held.get(str(year)) for year in years], drawn, cell) for name, held in whose.items()]
    lines += _kept([stored.get(year) for year in years], cell)
    if len(years) < len(whole):
        lines.append(Text("  other years in shares.csv"))
    at_limit = [block.marked(group, year) for group in groups for year in years]
    if any([*at_limit, *(marked for held in whose.values() for _, marked in held.values())]):
        lines.append(Text(f"  {MARK} at its limit", style="dim"))
    return lines


def _figures(name: str, cells: Sequence[str], cell: int) -> Text:
    return Text(f"  {name}".ljust(_LABEL + 2) + "".join(text.rjust(cell) for text in cells))


def _kept(years: Sequence[Year | None], cell: int) -> list[Text]:
    """Return what is used of what a block counts, what is left of it at each year's end, and how long that lasts."""
    left = "left at year's end" if all(year.at_new_year for year in years if year) else "left at its end"
    return [
        _figures("used", [tonnes(year.used) if year else "-" for year in years], cell),
        _figures(left, ["-" if year is None or math.isnan(year.held) else tonnes(year.held) for year in years], cell),
        _figures("which lasts", [lasting(year.lasts) if year else "-" for year in years], cell),
    ]


def _fit(years: list[int], width: int) -> tuple[list[int], int, int]:
    """Return the years there is room for, the width of a year's cell, and of the bar in it."""
    room = width - _LABEL - 2
    for drawn in (8, 6, 4, 0):
        cell = drawn + 9
        if cell * len(years) <= room:
            return years, cell, drawn
    count = max(room // 9, 1)
    return (years if count >= len(years) else [*years[: count - 1], years[-1]]), 9, 0


def _line(name: str, cells: Sequence[tuple[float, bool] | None], drawn: int, cell: int) -> Text:
    """Return a line of shares and whether each is at its limit; a cell that does not say anything is left free."""
    line = Text("  " + cut(name, _LABEL).ljust(_LABEL))
    for each_cell in cells:
        if each_cell is None:
            line.append(" " * cell)
            continue
        value, held = each_cell
        figure = share(value).rjust(6)
        line.append(" " * (cell - drawn - 7))
        line.append(bar(value, drawn), style="cyan")
        line.append(figure)
        line.append(MARK if held else " ", style="bold red")
    line.rstrip()
    return line
