"""Where the tonnes come from, year by year: stacked by country, with the limits on them, and what is short on top."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import TYPE_CHECKING, Any

import altair as alt
import pandas as pd

from sourcing.charts.colours import colour_of, told_apart
from sourcing.charts.stacks import NAMES, Stack, stacked
from sourcing.charts.subject import alarm, chosen, country_words, subject_notes, undrawn
from sourcing.charts.theme import Picture, heading
from sourcing.report.figures import lasting, share, tonnes
from sourcing.report.rows import each
from sourcing.report.sources import as_shown, definitions, largest_shares
from sourcing.report.stores import store_of
from sourcing.report.used import used_by_year

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.plan import Plan
    from sourcing.report.sources import Sources

COUNTRIES = 8
"""Countries with a colour of their own in a panel; the smaller ones are one."""

ONE, MANY = (650.0, 360.0), (255.0, 230.0)
"""Width and height of the bars where there is one panel, and where there are two beside each other."""


def mix(plan: Plan, material: str | None = None) -> Picture:
    """Return the mix of a plan, a panel for each element (or bought material), or for one of them."""
    blocks = chosen(plan, material)
    stacks = [stack(plan, block) for block in blocks]
    alone = len(blocks) == 1
    panels = []
    for block, found in zip(blocks, stacks, strict=True):
        drawn = stacked(found, *(ONE if alone else MANY))
        title = block.name if alone else f"{block.name}: {_shortly(block)}"
        words = heading(title, _key(plan, block, found), (ONE if alone else MANY)[0] + NAMES)
        panels.append(drawn.properties(title=words))
    return Picture(
        kind="mix",
        title=finding(blocks[0]),
        drawing=panels[0] if alone else alt.concat(*panels, columns=2, spacing=40),
        table=pd.concat([table(one) for one in stacks], ignore_index=True),
        said=(
            "Tonnes that arrive in each year, by country; below, what is used, left at the end, and how long it lasts",
            *_partly(plan),
        ),
        notes=(
            *subject_notes(plan, material, traced=all(block.shown.lens == "origin" for block in blocks)),
            *undrawn(plan, {name for block in blocks for name in _told(plan, block)}, "share"),
        ),
        alarm=alarm(plan),
    )


def _partly(plan: Plan) -> list[str]:
    """Say how a year is drawn that lies in the horizon with some of its days only."""
    horizon = plan.question.horizon
    years = [str(year) for year, part in horizon.parts_of_years.items() if part < 1]
    if not years:
        return []
    span = f"The plan runs from {horizon.first} to {horizon.end}"
    return [f"{span}: a bar of {' and '.join(years)} is as wide as its days, and as high as the pace in them"]


def finding(block: Sources) -> str:
    """Return "China supplies 93 % of NdPr in 2027 and 35 % in 2030": the largest source, in the first and last year."""
    most, (first, *later) = _largest(block)
    who = country_words(most)
    part, year = first.split(" in ")
    now = f" and {later[-1].removeprefix(part).strip()}" if later else ""
    if block.shown.lens == "origin":
        return f"Of {block.name}, {first}{now} is {_done(block)} in {who}"
    return f"{who} supplies {part} of {block.name} in {year}{now}"


def _shortly(block: Sources) -> str:
    most, parts = _largest(block)
    return f"{country_words(most)} {', '.join(dict.fromkeys((parts[0], parts[-1])))}"


def _done(block: Sources) -> str:
    return block.shown.heading.removeprefix("by where it was ").removesuffix(", whoever ships it")


def _largest(block: Sources) -> tuple[str, list[str]]:
    """Return the group that brings most over all years, and its part in each: "93 % in 2027"."""
    total = block.rows.groupby("group")["tonnes"].sum()
    most = min(map(str, total.index), key=lambda group: (-total[group], group))
    parts = block.rows[block.rows["group"] == most].set_index("year")["share"]
    years = sorted(set(block.rows["year"]))
    said = (share(float(parts.get(year, 0.0))).replace("-", "nothing") for year in years)
    return most, [f"{part} in {year}" for part, year in zip(said, years, strict=True)]


def stack(plan: Plan, block: Sources) -> Stack:
    """Return what one panel shows: every part of every bar (the lowest first), what is short, and the limits' lines."""
    weight = block.rows.groupby("group")["tonnes"].sum()
    ranked = sorted(map(str, weight.index), key=lambda group: (-weight[group], group))
    named = told_apart(ranked, COUNTRIES)
    order = {group: at for at, group in enumerate([*named, "other"])}
    rows = block.rows.assign(group=block.rows["group"].where(block.rows["group"].isin(named), "other"))
    parts = rows.groupby(["year", "group"], as_index=False)[["tonnes", "share"]].sum()
    parts = parts.assign(rank=parts["group"].map(order)).sort_values(["year", "rank"]).reset_index(drop=True)
    part = plan.question.horizon.parts_of_years
    parts = parts.assign(tall=parts["tonnes"] / parts["year"].map(part))
    high = parts.groupby("year")["tall"].cumsum()
    others = f"{len(ranked) - len(named)} others"
    parts = parts.assign(
        low=high - parts["tall"],
        high=high,
        colour=parts["group"].map(colour_of),
        country=[others if group == "other" else country_words(group) for group in parts["group"]],
        held=[block.marked(str(row.group), int(row.year)) for row in each(parts)],
    )
    kept = {year.year: year for year in store_of(plan, block.shown, block.name).years()}
    return Stack(block.name, parts, short_by_year(plan, block), _lines(plan, block), part, kept, _whose(plan, block))


def _whose(plan: Plan, block: Sources) -> dict[str, dict[int, str]]:
    """Return whose the used is that limits on use hold: a row for lots and one for the heap of each member, by year."""
    found: dict[str, dict[int, str]] = {}
    for lines in used_by_year(plan, block.shown).values():
        for name, years in lines.items():
            said = {int(year): share(part) + (" ■" if held else "") for year, (part, held) in years.items()}
            found[name.replace("  ", ": ")] = said
    return found


def short_by_year(plan: Plan, block: Sources) -> Mapping[int, float]:
    """Return how many tonnes of what a block counts are short, by year; of an element, what short material contains."""
    short = plan.tables["shortage"]
    if block.shown.counted == "element":
        contents = plan.case["contents"]
        held = contents[contents["element"] == block.shown.what].set_index("material")["share"]
        amount = short["short"] * short["material"].map(held).fillna(0.0).astype(float)
    else:
        amount = short["short"].where(short["material"] == block.shown.what, 0.0)
    found: dict[int, float] = defaultdict(float)
    for node, tonnes_short in zip(short["node"], amount, strict=True):
        for year, part in plan.question.horizon.years(int(node)).items():
            found[year] += part * float(tonnes_short)
    return {year: found[year] for year in sorted(found) if found[year] > 0}


def _lines(plan: Plan, block: Sources) -> dict[int, float]:
    """Return the largest share that the lowest part of each bar may have, by year."""
    found: dict[int, float] = {}
    lowest, _ = _largest(block)
    for row in _yearly(plan, block):
        if row.member == lowest:
            year = int(str(row.window)[:4])
            found[year] = min(float(row.value), found.get(year, 1.0))
    return found


def _yearly(plan: Plan, block: Sources) -> list[Any]:
    """Return the rows of largest shares that count what a panel shows, within a year."""
    rows = largest_shares(plan, definitions(plan), block.shown)
    return [row for row, about in rows if as_shown(row, about, block.shown) and row.window != "horizon"]


def _told(plan: Plan, block: Sources) -> set[str]:
    """Return the limits that a panel has a line for, those on whoever brings most, or figures of."""
    most, _ = _largest(block)
    return {*used_by_year(plan, block.shown), *(str(row.limit) for row in _yearly(plan, block) if row.member == most)}


def _key(plan: Plan, block: Sources, found: Stack) -> list[str]:
    """Return how a panel counts, and what its lines and marks mean."""
    said = []
    if values := sorted(set(found.lines.values())):
        held = [
            (row, about) for row, about in largest_shares(plan, definitions(plan), block.shown) if row.value in values
        ]
        anybody = any(not about["member"] for _, about in held)
        who = "one country" if anybody else country_words(str(held[0][0].member))
        said.append(f"black line: at most {' or '.join(map(share, values))} from {who}")
    said += ["used: lots kept apart, or one heap"] if found.whose else []
    at_limit = any(text.endswith("■") for years in found.whose.values() for text in years.values())
    said += ["■ at its limit"] if found.parts["held"].any() or at_limit else []
    return [*([block.shown.heading] if block.shown.heading else []), *([" · ".join(said)] if said else [])]


def table(found: Stack) -> pd.DataFrame:
    """Return what a panel shows as rows to read: what, year, country, tonnes, share."""
    rows = [
        (found.name, str(row.year), row.country, tonnes(row.tonnes), share(row.share) + (" ■" if row.held else ""))
        for row in each(found.parts)
    ]
    rows += [(found.name, str(year), "short", tonnes(short), "") for year, short in found.short.items()]
    for year in found.kept.values():
        rows.append((found.name, str(year.year), "used", tonnes(year.used), ""))
        rows += [
            (found.name, str(year.year), f"used, {name}", "", years[year.year])
            for name, years in found.whose.items()
            if year.year in years
        ]
        if not math.isnan(year.held):
            rows.append((found.name, str(year.year), f"left, lasts {lasting(year.lasts)}", tonnes(year.held), ""))
    return pd.DataFrame(rows, columns=["Of", "Year", "Country", "Tonnes", "Share"])
