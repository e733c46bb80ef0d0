"""How concentrated supply is: the countries' shares at each stage and year, largest first, against their limits."""

from __future__ import annotations

from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from sourcing.charts.colours import colour_of, told_apart
from sourcing.charts.ranks import Mixed, Ranks, ranked
from sourcing.charts.subject import alarm, chosen, country_words, subject_notes, undrawn
from sourcing.charts.theme import Picture, heading
from sourcing.report.figures import share
from sourcing.report.names import DONE
from sourcing.report.rows import each
from sourcing.report.sources import Shown, arriving, as_shown, definitions, largest_shares
from sourcing.report.used import used_by_year

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.plan import Plan
    from sourcing.report.sources import Sources

COUNTRIES = 8
YEARS = 6
"""Years drawn of each stage; of more the first, the last, and some between."""

_HELP = "HHI: n equal sources have 1/n; of markets, not of plans, more than 0.18 is called highly concentrated (US)."


def concentration(plan: Plan, material: str | None = None) -> Picture:
    """Return the countries' shares of each element (or bought material) at each stage, year by year."""
    blocks = chosen(plan, material)
    every = [ranks(plan, block) for block in blocks]
    panels = []
    for at, one in enumerate(every):
        words = heading(one.name, [finding(one)] if at else [])
        panels.append(ranked(one).properties(title=words) if len(every) > 1 else ranked(one))
    left_out = any(one.years_left for one in every)
    notes = subject_notes(plan, material, traced=any(one.traced for one in every))
    return Picture(
        kind="concentration",
        title=finding(every[0]),
        drawing=panels[0] if len(panels) == 1 else alt.vconcat(*panels, spacing=26),
        table=pd.concat([_table(one) for one in every], ignore_index=True),
        said=("Share of each country, the largest first", *_key(every)),
        notes=(
            *notes,
            *undrawn(plan, {name for one in every for name in one.named}, "share", "hhi"),
            _HELP,
            *(("Other years are in shares.csv.",) if left_out else ()),
        ),
        alarm=alarm(plan),
    )


def _key(every: list[Ranks]) -> list[str]:
    """Return what lines and marks mean, as far as there are any."""
    members = sorted({country_words(str(member)) if member else "" for one in every for member in one.limits["member"]})
    whom = " or ".join(member or "one country" for member in members)
    said = [f"black line: the limit on {whom}"] if members else []
    told = [line for one in every for limits in one.used.values() for lines in limits.values() for line in lines]
    at_limit = any(one.parts["held"].any() for one in every) or any("■" in line for line in told)
    said += ["■ at its limit"] if at_limit else []
    return [" · ".join(said)] if said else []


def finding(found: Ranks) -> str:
    """Return "The largest source of NdPr as oxide is China with 93 % in 2027 and 35 % in 2030"."""
    stage = found.main
    rows = found.parts[(found.parts["stage"] == stage) & (found.parts["place"] == 0)].sort_values("year")
    first, last = rows.iloc[0], rows.iloc[-1]
    what = f"{found.name}{found.words[stage]}"
    opening = f"The largest source of {what} is {first['country']} with {share(first['share'])} in {first['year']}"
    if len(rows) == 1:
        return opening
    other = "" if last["group"] == first["group"] else f"{last['country']} with "
    now = f"{other}{share(last['share'])}" if other or share(last["share"]) != share(first["share"]) else ""
    return f"{opening}{',' if other else ' and'} {now} in {last['year']}".replace("  ", " ")


def ranks(plan: Plan, block: Sources) -> Ranks:
    """Return the rows of one panel: every stage at which a thing is counted, by origin where that is known."""
    shares = arriving(plan)
    shares = shares[(shares["counted"] == block.shown.counted) & (shares["what"] == block.shown.what)]
    stages = list(_stages(shares))
    years = _some(sorted(set(block.rows["year"])))
    picked = [shares[(shares["stage"] == one.stage) & (shares["lens"] == one.lens)] for one in stages]
    rows = pd.concat(picked, ignore_index=True)
    left = len(set(rows["year"])) - len(years)
    rows = rows[rows["year"].isin(years)]
    weight = rows.groupby("group")["tonnes"].sum()
    named = told_apart(sorted(map(str, weight.index), key=lambda group: (-weight[group], group)), COUNTRIES)
    limits = _limits(plan, stages)
    held = {(str(row.stage), int(row.year), str(row.group)) for row in each(limits[limits["binds"]])}
    parts = [_ordered(some, named, held) for _, some in rows.groupby(["stage", "year"], sort=False)]
    return Ranks(
        name=block.name,
        parts=pd.concat(parts, ignore_index=True),
        words={one.stage: _words(one) for one in stages},
        main=block.shown.stage,
        limits=limits,
        indices=_indices(plan, block, stages),
        traced=any(one.lens == "origin" for one in stages),
        years_left=max(left, 0),
        used={one.stage: _used(plan, one) for one in stages},
    )


def _used(plan: Plan, shown: Shown) -> dict[str, list[str]]:
    """Return by limit on use "used, lots kept apart: China 35 % ■ in 2029, 35 % in 2030; one heap: …" per member."""
    found: dict[str, list[str]] = {}
    for name, lines in used_by_year(plan, shown).items():
        found[name] = []
        for line, years in lines.items():
            how, who = line.split("  ", 1)
            kept = {"lots": "lots kept apart", "heap": "all in one heap"}[how]
            said = [f"{share(part)}{' ■' if held else ''} in {year}" for year, (part, held) in years.items()]
            found[name].append(f"of what is used, {kept}: {who} {', '.join(said)}")
    return found


def _stages(shares: pd.DataFrame) -> Iterator[Shown]:
    """Yield every stage that is told, from the mine on, by origin where that is told; as bought comes last."""
    told = shares[shares["lens"].isin(["country", "origin"])]
    order = {stage: at for at, stage in enumerate(DONE)}
    for stage in sorted(set(told["stage"]), key=lambda one: (one == "", order.get(one, len(order)), one)):
        traced = bool(((told["stage"] == stage) & (told["lens"] == "origin")).any())
        first = told.iloc[0]
        yield Shown(str(first["counted"]), str(first["what"]), str(stage), "origin" if traced else "country")


def _words(shown: Shown) -> str:
    if not shown.stage:
        return " as bought"
    return f" by where it was {DONE.get(shown.stage, 'made')}" if shown.lens == "origin" else f" as {shown.stage}"


def _some(years: list[int]) -> list[int]:
    if len(years) <= YEARS:
        return years
    return sorted({years[round(at * (len(years) - 1) / (YEARS - 1))] for at in range(YEARS)})


def _ordered(rows: pd.DataFrame, named: list[str], held: set[tuple[str, int, str]]) -> pd.DataFrame:
    """Return one bar's parts, the largest first and the others last: place, low, high, country, colour, held."""
    several = ~rows["group"].isin(named)
    rows = rows.assign(lone=rows["group"], group=rows["group"].mask(several, "other"))
    summed = rows.groupby(["stage", "lens", "year", "group"], as_index=False)["share"].sum()
    last = summed["group"] == "other"
    summed = summed.assign(last=last).sort_values(["last", "share", "group"], ascending=[True, False, True])
    high = summed["share"].cumsum()
    others = country_words(str(rows.loc[several, "lone"].iloc[0])) if several.sum() == 1 else f"{several.sum()} others"
    done: pd.DataFrame = summed.assign(
        place=range(len(summed)),
        low=high - summed["share"],
        high=high,
        country=[others if group == "other" else country_words(group) for group in summed["group"]],
        colour=summed["group"].map(colour_of),
        held=[(str(row.stage), int(row.year), str(row.group)) in held for row in each(summed)],
    )
    return done


def _limits(plan: Plan, stages: list[Shown]) -> pd.DataFrame:
    """Return the largest shares asked: limit, stage, year, group (a country), member (blank = any), value, binds."""
    rows = []
    defined = definitions(plan)
    for shown in stages:
        for row, about in largest_shares(plan, defined, shown):
            if row.window != "horizon" and as_shown(row, about, shown):
                year = int(str(row.window)[:4])
                which = (str(row.limit), shown.stage, year, str(row.member), about["member"])
                rows.append((*which, float(row.value), bool(row.binds)))
    names = ["limit", "stage", "year", "group", "member", "value", "binds"]
    return pd.DataFrame(rows, columns=names).astype({"binds": bool})


def _indices(plan: Plan, block: Sources, stages: list[Shown]) -> dict[tuple[str, int], Mixed]:
    """Return the Herfindahl-Hirschman index by stage and year, with the least that a limit asks of it."""
    table, limits, defined = plan.tables["hhi"], plan.tables["limits"], definitions(plan)
    table = table[(table["counted"] == block.shown.counted) & (table["what"] == block.shown.what)]
    lens = {one.stage: one for one in stages}
    asked: dict[tuple[str, int], tuple[float, bool, str]] = {}
    for row in each(limits[(limits["measure"] == "hhi") & (limits["window"] != "horizon")]):
        about = defined.get(str(row.limit), {})
        shown = lens.get(about.get("stage", ""))
        if shown and row.by == shown.lens and about.get(shown.counted) == shown.what and as_shown(row, about, shown):
            asked[shown.stage, int(str(row.window)[:4])] = (float(row.value), bool(row.binds), str(row.limit))
    keys = {(str(row.stage), int(row.year)): row for row in each(table) if row.lens == lens[str(row.stage)].lens}
    return {key: Mixed(float(row.hhi), *asked.get(key, ())) for key, row in keys.items()}


def _table(found: Ranks) -> pd.DataFrame:
    asked = {(row.stage, row.year, row.group): share(row.value) for row in each(found.limits)}
    rows = []
    for row in each(found.parts):
        said = share(row.share) + (" ■" if row.held else "")
        index = found.indices.get((row.stage, int(row.year)))
        limit = asked.get((row.stage, int(row.year), row.group), "")
        mixed = f"{index.value:.2f}" if index else ""
        rows.append((f"{found.name}{found.words[row.stage]}", str(row.year), row.country, said, limit, mixed))
    for stage, lines in found.used.items():
        told = [line for some in lines.values() for line in some]
        rows += [(f"{found.name}{found.words[stage]}", "", line, "", "", "") for line in told]
    return pd.DataFrame(rows, columns=["Of", "Year", "Country", "Share", "Limit", "HHI of the year"])
