"""Inventory projection: stock over time at each place, between safety stock and maximum, with what comes and goes."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

import altair as alt
import pandas as pd

from sourcing.charts.levels import Level, drawn
from sourcing.charts.subject import NO_SENSE, about, alarm, nothing_to_draw
from sourcing.charts.theme import Picture, heading
from sourcing.errors import Fault, QuestionError
from sourcing.report.figures import day, lasting, tonnes
from sourcing.report.stores import asked_for, places, wanted

if TYPE_CHECKING:
    from sourcing.plan import Plan

PANELS = 6
"""Places drawn where nothing is named, as on the screen: those that come closest to empty."""
MOST = 12
"""Places drawn of what is named."""

ONE, MANY = 760.0, 340.0
"""Width of the drawing where there is one panel, and where there are two beside each other."""

_BETWEEN = "Between two ends of periods stock is drawn as a straight line; how low it gets there is in days.csv."


def stock(plan: Plan, material: str | None = None) -> Picture:
    """Return the stock of every place with a demand of its own, or of all that keep one element or material.

    Raises
    ------
    QuestionError : PLAN-006, nothing is ever in stock; QUESTION-218, the plan counts no such material.
    """
    levels, left = _chosen(plan, material)
    alone = len(levels) == 1
    panels = [
        drawn(level, ONE if alone else MANY).properties(title=heading(level.store.name, _key(level), MANY))
        for level in levels
    ]
    return Picture(
        kind="stock",
        title=finding(levels),
        drawing=panels[0] if alone else alt.concat(*panels, columns=2, spacing=30),
        table=pd.concat([_table(plan, level) for level in levels], ignore_index=True),
        said=(
            "Area: stock, in tonnes · dashed: safety stock or cover · black line: maximum",
            "Bars: what arrives (up) and what is used or sent on (down), in tonnes a month",
        ),
        notes=(
            *about(plan),
            _BETWEEN,
            *((f"Not drawn: {'; '.join(left)}. --material NAME draws one.",) if left else ()),
        ),
        alarm=alarm(plan),
    )


def finding(levels: list[Level]) -> str:
    """Return "Closest to empty: NdPr oxide, Bremen, with 20 days of use on 31 Dec 2030"; of needs, if any."""
    asked = [level for level in levels if level.has_demand] or levels
    days, period, name = min((*level.store.least(), level.store.name) for level in asked)
    store = next(level.store for level in levels if level.store.name == name)
    if not (store.used > 0).any():
        return f"Nobody uses {store.name}: up to {tonnes(float(store.held.max()))} lie there"
    return f"Closest to empty: {name}, with {lasting(days)} of use on {day(store.last_day(period))}"


def _chosen(plan: Plan, material: str | None) -> tuple[list[Level], list[str]]:
    """Return what is drawn, what comes closest to empty first, and the names of what is left out."""
    every = places(plan)
    ranked = [store for store in wanted(plan, every) if not store.is_empty]
    others = [store for store in every.values() if not store.is_empty and store not in ranked]
    if not ranked and not others:
        raise nothing_to_draw(plan, "nothing is in stock at the end of any period of this plan")
    if material is None:
        shown, left = (ranked or others)[:PANELS], [store.name for store in (ranked or others)[PANELS:]]
    else:
        held = _materials(plan, material)
        found = [store for store in [*ranked, *others] if store.place[1] in held]
        if not found:
            raise nothing_to_draw(plan, f"no {material} is in stock at the end of any period of this plan")
        shown, left = found[:MOST], [store.name for store in found[MOST:]]
    return [Level.of(plan, store, asked_for(plan, store.place)) for store in shown], left


def _materials(plan: Plan, named: str) -> set[str]:
    """Return the materials of a name or a code, or those that contain the element of that name."""
    materials, contents = plan.case["materials"], plan.case["contents"]
    called = {str(row.material).casefold(): str(row.material) for row in materials.itertuples()}
    called |= {str(row.name).casefold(): str(row.material) for row in materials.itertuples() if row.name}
    if named.casefold() in called:
        return {called[named.casefold()]}
    held = contents.loc[contents["element"].str.casefold() == named.casefold(), "material"]
    if len(held):
        return set(held)
    there = [*materials["material"], *contents["element"].unique()]
    near = get_close_matches(named, there, 1)
    repair = f"did you mean {near[0]}?" if near else f"there are: {', '.join(there)}"
    raise QuestionError([Fault(f"--material {named}", "no material or element is called that", repair, NO_SENSE)])


def _key(level: Level) -> list[str]:
    """Return how low stock gets, and what is asked of it."""
    days, period = level.store.least()
    held = [f"least: {lasting(days)} of use, {day(level.store.last_day(period))}"]
    low, high = float(level.asked.min()), float(level.asked.max())
    span = tonnes(high) if tonnes(low) == tonnes(high) else f"{tonnes(low)} to {tonnes(high)}"
    asked = [f"safety {span}"] if high > 0 else []
    asked += ["no maximum"] if level.maximum is None else [f"maximum {tonnes(level.maximum)}"]
    return [*held, " · ".join(asked)]


def _table(plan: Plan, level: Level) -> pd.DataFrame:
    periods = plan.tables["stock"].drop_duplicates("node").sort_values("node")["period"]
    rows = [
        (level.store.name, str(period), tonnes(held), lasting(level.store.lasts(at)[0]), tonnes(came), tonnes(used))
        for at, (period, held, came, used) in enumerate(
            zip(periods, level.store.held, level.came, level.store.used, strict=True)
        )
    ]
    return pd.DataFrame(rows, columns=["Of", "Period", "Left at its end", "Which lasts", "Arrived", "Used or sent on"])
