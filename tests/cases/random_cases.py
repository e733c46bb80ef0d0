"""Draw small random cases that exercise every rule: by Hypothesis (they shrink) or from a seed.

One recipe serves both: it asks a `Chooser` for integers, and the lowest integer is the plainest choice.
Quantities are integers or have two decimals, so that no case hangs on the sixteenth digit.
"""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st
from twin.invent.approvals import draw_qualifications
from twin.invent.awards import draw_awards
from twin.invent.closures import draw_closures
from twin.invent.contracts import draw_contracts
from twin.invent.cover import draw_cover
from twin.invent.custody import count_arrivals, draw_custody, draw_furnace, draw_store
from twin.invent.emissions import draw_emissions
from twin.invent.facilities import draw_facilities
from twin.invent.incumbents import draw_incumbents
from twin.invent.indices import draw_indices
from twin.invent.licences import draw_following
from twin.invent.lines import draw_processing_lines
from twin.invent.lots import draw_lots
from twin.invent.market import draw_offers, draw_own_processes, draw_pair, draw_products, draw_sites
from twin.invent.numbers import draw_conditions, draw_numbers
from twin.invent.origins import draw_origins
from twin.invent.plot import Chooser, Drawn, Plot
from twin.invent.rules import draw_limit, draw_objective, draw_open_orders, draw_rules_of_trade, draw_stocks
from twin.invent.service import draw_service
from twin.invent.splits import draw_splits
from twin.invent.stability import draw_last_plan
from twin.invent.tiers import draw_tiers

if TYPE_CHECKING:
    from pathlib import Path

LENGTHS = {"year": 365, "quarter": 91, "month": 30, "week": 7, "day": 1, "10 days": 10, "2 months": 61}
STARTS = ["2027-01", "2027-07", "2027-10-15", "2028-02", "2026-11-10"]


def draw_case(
    choose: Chooser,
    *,
    whole: bool = False,
    awarded: bool = False,
    traced: bool = False,
    mixed: bool = False,
    covered: bool = False,
    apart: bool = False,
    closed: bool = False,
    followed: bool = False,
) -> Drawn:
    """Return one case; a ``whole`` one has lots, conditions, contracts and the like, an ``awarded`` one awards,
    incumbents and splits, a ``traced`` one origins, a ``mixed`` one limits on concentration, a ``covered`` one stocks
    that last for days, one kept ``apart`` limits on what is used, a ``closed`` one closures, a ``followed`` one
    licences that follow goods.
    """
    case = Drawn()
    length = choose.pick(["quarter", "quarter", "month", "month", "year", "week", "day", "10 days", "2 months"])
    periods = choose.pick([1, 2, 3, 3, 4, 4, 5, 6]) if length != "year" else choose.pick([1, 2, 3])
    periods = min(periods, 3) if apart else periods
    text = choose.pick(STARTS)
    start = date.fromisoformat(text if len(text) > 7 else f"{text}-01")
    ends = start + timedelta(days=LENGTHS[length] * periods)
    plot = Plot(case, choose, start, ends, LENGTHS[length], periods, not choose.chance(14), choose.chance(50))
    case.question = {"schema": 1, "question": "A random case", "case": "."}
    case.question["horizon"] = {"start": text, "periods": periods, "length": length, "tail": 0}
    draw_sites(plot)
    draw_products(plot)
    draw_own_processes(plot)
    if apart and choose.chance(50):
        draw_furnace(plot)
    for point in list(plot.need):
        draw_offers(plot, *point)
    draw_processing_lines(plot)
    if followed or (apart and choose.chance(50)):
        draw_store(plot)
    draw_stocks(plot)
    draw_pair(plot)
    draw_open_orders(plot)
    draw_rules_of_trade(plot)
    if closed:
        draw_closures(plot)
    if followed:
        draw_following(plot)
    draw_objective(plot)
    for number in range(choose.pick([0, 1, 2, 3, 3, 4])):
        draw_limit(plot, f"limit_{number + 1}")
    if whole:
        draw_lots(plot)
        draw_qualifications(plot)
        draw_emissions(plot)
        draw_tiers(plot)
        draw_numbers(plot)
        draw_conditions(plot)
        draw_facilities(plot)
        draw_contracts(plot)
        draw_last_plan(plot)
    if awarded:
        draw_awards(plot)
        draw_incumbents(plot)
        draw_splits(plot)
    if traced:
        draw_origins(plot)
    if mixed:
        draw_indices(plot)
    draw_service(plot)
    if covered:
        draw_cover(plot)
    (draw_custody if apart else count_arrivals)(plot)
    return case


def write_case(folder: Path, drawn: Drawn) -> Path:
    """Write the tables as CSV and the question as TOML into one folder; return the question's path."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in drawn.tables.items():
        header = list(dict.fromkeys(name for row in rows for name in row))
        with (folder / f"{table}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    scalars = [f"{key} = {toml(value)}" for key, value in drawn.question.items() if not isinstance(value, dict | list)]
    lines = [*scalars]
    for key, value in drawn.question.items():
        for part in [value] if isinstance(value, dict) else value if isinstance(value, list) else []:
            lines += ["", f"[{key}]" if isinstance(value, dict) else f"[[{key}]]"]
            lines += [f"{name} = {toml(item)}" for name, item in part.items()]
    path = folder / "question.toml"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def toml(value: Any) -> str:
    """Return a value as TOML: text quoted, dates as text, lists of text."""
    if isinstance(value, list):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    return repr(value) if isinstance(value, int | float) else f'"{value}"'


def seeded_cases(count: int, seed: int, **kinds: bool) -> list[Drawn]:
    """Return reproducible cases from a seed, without Hypothesis; ``kinds`` are those of ``draw_case``."""
    choosers = [Chooser(random.Random(f"{seed}-{number}").randint) for number in range(count)]
    return [draw_case(choose, **kinds) for choose in choosers]


@st.composite
def random_cases(draw: st.DrawFn) -> Drawn:
    """Draw a case that Hypothesis can shrink: fewer periods, sites, rows and rounder numbers.

    Hypothesis likes repeats and edges; offsets that follow from a drawn seed and all draws before make its choices even
    and its variations of a case different cases. A seed of 0 has none, so that shrinking ends at plain cases.
    """
    seed = state = draw(st.integers(0, 2**32))

    def integer(low: int, high: int) -> int:
        nonlocal state
        drawn = draw(st.integers(0, high - low))
        state = (6364136223846793005 * (state + drawn) + 1442695040888963407) % 2**64
        return low + (drawn + (state >> 33 if seed else 0)) % (high - low + 1)

    return draw_case(Chooser(integer), traced=True)
