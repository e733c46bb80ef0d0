"""Where the tonnes come from, by country and year, with the limits that stop them."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from rich.text import Text

from sourcing.report.figures import bar, share, tonnes
from sourcing.report.lines import cut, heading, wrapped
from sourcing.report.look_through import DONE
from sourcing.report.names import country, named
from sourcing.report.rows import each

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from sourcing.plan import Plan

BLOCKS = 4
"""Elements or materials shown; those a limit is about come first, then those with the most tonnes."""

COUNTRIES = 7
"""Countries shown by name in a block; the smaller ones share a line."""

MARK = "■"
_LENSES = ("country", "origin")
_LABEL = 18


class Shown(NamedTuple):
    """What a block shows: an element or a material, counted at a stage (blank = as bought), by country or origin."""

    counted: str
    what: str
    stage: str
    lens: str

    @property
    def heading(self) -> str:
        """Return how it is counted, blank where it is as bought."""
        if self.lens == "origin":
            return f"by where it was {DONE.get(self.stage, 'made')}, whoever ships it"
        return f"counted where it becomes {self.stage}, or is bought at a later stage" if self.stage else ""


def supply(plan: Plan, width: int) -> list[Text]:
    """Return one block per element (or bought material) with every country's share of each year's arrivals."""
    shares = plan.tables["shares"]
    shares = shares[shares["lens"].isin(_LENSES)]
    counted = "element" if (shares["counted"] == "element").any() else "material"
    shares = shares[shares["counted"] == counted]
    if shares.empty:
        return []
    defined = _definitions(plan)
    bought = shares[shares["stage"] == ""]
    ranked = _ranked(bought, {name for row in defined.values() for name in (row["element"], row["material"])})
    lines: list[Text] = []
    names = named(plan.case["materials"], "material") if counted == "material" else {}
    for what in ranked[:BLOCKS]:
        lines += [Text("")] if lines else []
        shown = _shown(defined, counted, what)
        marks = _marks(plan, defined, shown)
        rows = shares[(shares["what"] == what) & (shares["stage"] == shown.stage) & (shares["lens"] == shown.lens)]
        lines += _block((names.get(what, what), shown.heading), rows, marks, width)
        lines += _held_elsewhere(_binding(plan, defined, shown), shown, width)
    if len(ranked) > BLOCKS:
        lines += wrapped(f"Also in shares.csv: {', '.join(ranked[BLOCKS:])}", width, "  ")
    return lines


def _definitions(plan: Plan) -> dict[str, dict[str, str]]:
    """Return the rows of the table of limits, by name; the limits of the question are in it too."""
    table = plan.case["limits"]
    return {str(row["limit"]): {str(key): str(value) for key, value in row.items()} for row in table.to_dict("records")}


def _ranked(shares: pd.DataFrame, limited: set[str]) -> list[str]:
    total = shares.groupby("what")["tonnes"].sum()
    return sorted(map(str, total.index), key=lambda what: (what not in limited, -total[what], what))


def _shown(defined: dict[str, dict[str, str]], counted: str, what: str) -> Shown:
    """Return how a block is counted: as the first limit on it by country or origin is, else as bought (blank)."""
    held = [row for row in defined.values() if row[counted] == what and row["measure"] == "share"]
    if not held:
        return Shown(counted, what, "", "country")
    seen = [row for row in held if row.get("by") == "origin"]
    first = seen[0] if seen and held[0].get("by") != "country" else held[0]
    return Shown(counted, what, first["stage"], "origin" if first in seen else "country")


def _marks(plan: Plan, defined: dict[str, dict[str, str]], shown: Shown) -> set[tuple[str, str]]:
    """Return (country or group, year) where a largest share is used up, of limits that count what the block shows."""
    return {
        (str(row.member), _year(str(row.window)))
        for row, about in _binding(plan, defined, shown)
        if _as_shown(row, about, shown)
    }


def _binding(plan: Plan, defined: dict[str, dict[str, str]], shown: Shown) -> Iterator[tuple[Any, dict[str, str]]]:
    """Return the largest shares of one country that are used up, by the block's lens, each with its definition."""
    limits = plan.tables["limits"]
    held = limits[limits["binds"].astype(bool) & (limits["measure"] == "share") & (limits["sense"] == "max")]
    for row in each(held[held["by"] == shown.lens]):
        about = defined.get(str(row.limit), {})
        if about.get(shown.counted) == shown.what:
            yield row, about


def _as_shown(row: Any, about: dict[str, str], shown: Shown) -> bool:
    """Return whether a limit counts what the block shows: at its stage, everywhere."""
    same = about.get("stage", "") == shown.stage
    return same and not row.site and (shown.counted == "element" or not about.get("element"))


def _held_elsewhere(held: Iterator[tuple[Any, dict[str, str]]], shown: Shown, width: int) -> list[Text]:
    """Say which limits bind that count something else than the block shows, so that its figures do not mislead."""
    windows: dict[str, list[str]] = {}
    for row, about in held:
        if not _as_shown(row, about, shown):
            stage = f"counted from stage {about['stage']} on" if about.get("stage") else "counted in part"
            place = f" at {row.site}" if row.site else ""
            text = f"{MARK} {country(str(row.member))}{place} at the {share(row.value)} of {row.limit}, {stage}: "
            windows.setdefault(text, []).append(str(row.window))
    return [line for text, when in windows.items() for line in wrapped(text + ", ".join(when), width, "  ", "  ")]


def _year(window: str) -> str:
    return window if window == "horizon" else window[:4]


def _block(title: tuple[str, str], rows: pd.DataFrame, marks: set[tuple[str, str]], width: int) -> list[Text]:
    part, weight = defaultdict[tuple[str, int], float](float), defaultdict[str, float](float)
    whole = defaultdict[int, float](float)
    for row in each(rows):
        group, year = str(row.group), int(row.year)
        part[group, year] += float(row.share)
        weight[group] += row.tonnes
        whole[year] += row.tonnes
    years, cell, drawn = _fit(sorted(whole), width)
    groups = sorted(weight, key=lambda group: (-weight[group], group))
    shown = COUNTRIES if len(groups) > COUNTRIES + 1 else len(groups)  # a line for one "other" may as well name it
    named_groups, rest = groups[:shown], groups[shown:]
    name, how = title
    lines = [
        heading(cut(f"SUPPLY OF {name}", _LABEL + 2).ljust(_LABEL + 2) + "".join(str(y).rjust(cell) for y in years)),
        *([Text(f"  {how}", style="dim")] if how else []),
        Text("  all sources".ljust(_LABEL + 2) + "".join(tonnes(whole[year]).rjust(cell) for year in years)),
    ]
    for group in named_groups:
        cells = [(part[group, year], _marked(group, year, marks)) for year in years]
        lines.append(_line(country(group), cells, drawn, cell))
    if rest:
        others = [(sum(part[group, year] for group in rest), False) for year in years]
        lines.append(_line(f"{len(rest)} others", others, drawn, cell))
    if len(years) < len(whole):
        lines.append(Text("  other years in shares.csv"))
    if any(_marked(group, year, marks) for group in groups for year in years):
        lines.append(Text(f"  {MARK} at its limit", style="dim"))
    return lines


def _marked(group: str, year: int, marks: set[tuple[str, str]]) -> bool:
    return (group, str(year)) in marks or (group, "horizon") in marks


def _fit(years: list[int], width: int) -> tuple[list[int], int, int]:
    """Return the years there is room for, the width of a year's cell, and of the bar in it."""
    room = width - _LABEL - 2
    for drawn in (8, 6, 4, 0):
        cell = drawn + 9
        if cell * len(years) <= room:
            return years, cell, drawn
    count = max(room // 9, 1)
    return (years if count >= len(years) else [*years[: count - 1], years[-1]]), 9, 0


def _line(name: str, cells: list[tuple[float, bool]], drawn: int, cell: int) -> Text:
    line = Text("  " + cut(name, _LABEL).ljust(_LABEL))
    for value, held in cells:
        figure = share(value).rjust(6)
        line.append(" " * (cell - drawn - 7))
        line.append(bar(value, drawn), style="cyan")
        line.append(figure)
        line.append(MARK if held else " ", style="bold red")
    line.rstrip()
    return line
