"""Who goes short, when, and of how much."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from sourcing.report.after_horizon import short_after
from sourcing.report.figures import share, tonnes
from sourcing.report.lines import MARGIN, paragraph, wrapped
from sourcing.report.names import named
from sourcing.report.rows import each

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.plan import Plan
    from sourcing.question import Question

SHOWN = 6
NOTHING = 1e-6
"""Weighted tonnes short that are none."""
_POINT = ["site", "material"]


def shortage(plan: Plan, width: int) -> list[Text]:
    """Return every shortage, or one line per site and material where there are many, or "none"."""
    short = plan.tables["shortage"]
    if short.empty:
        return [*paragraph("SHORT", _nobody(plan), width), *_after(plan, width)]
    lines = paragraph("SHORT", opening(plan), width, style="bold red")
    says = _each(short) if len(short) <= SHOWN else _by_point(short, plan.tables["stock"])
    names, places = named(plan.case["materials"], "material"), named(plan.case["sites"], "site")
    for (site, material), text in says[:SHOWN]:
        lines += wrapped(f"{names.get(material, material)}, {places.get(site, site)}, {text}", width, "  ", "    ")
    if len(says) > SHOWN:
        lines.append(Text(f"  … {len(says) - SHOWN} more in shortage.csv"))
    return [*lines, *_after(plan, width)]


def _after(plan: Plan, width: int) -> list[Text]:
    """Return what is short after the horizon."""
    said = short_after(plan)
    return wrapped(said, width, " " * MARGIN) if said else []


def held(question: Question, short: float, like: str) -> str:
    """Return what each of many plans leaves short: as much as the one it is ``like``, ``short`` weighted tonnes."""
    end = "no" if short < NOTHING else "the same"
    return left_short(question, f"every plan here leaves {end} shortage, as {like} does")


def left_short(question: Question, least: str) -> str:
    """Say what plans of a question may leave short; ``least`` says it where each leaves the least."""
    if "shortage" in question.objective.minimize:
        return least
    return {
        "priced": "shortage has a price in this question: a plan here may leave more short, and pay for it",
        "limited": "a plan here may leave short what the limits on shortage allow, and no more",
        "none": "no plan here leaves any shortage: the question forbids it",
    }[question.objective.shortage]


def opening(plan: Plan) -> str:
    """Return how many needs are not met in full, or cannot be, of a plan that leaves something short."""
    short, stock = plan.tables["shortage"], plan.tables["stock"]
    needs, materials = int((stock["demand"] > 0).sum()), short["material"].nunique()
    amount = f": {tonnes(short['short'].sum())} in all" if materials == 1 else ""
    least = plan.manifest.get("shortage") == "least" and plan.manifest.get("status") == "optimal"
    better = f"; no plan under these rules does better{_left_over(plan)}" if least else ""
    chosen = plan.manifest.get("shortage") in {"priced", "limited"}  # meeting them may only cost more
    end = "are not met" if chosen else "cannot be met"
    return f"{len(short)} of {needs} needs (site, material, period) {end} in full{amount}{better}"


def _left_over(plan: Plan) -> str:
    """Return that more could be met if more might be left over than somebody can use, where that rule is a cause."""
    binding = plan.tables["binding"]
    cause = binding[(binding["rule"] == "use") & binding["words"].str.contains("keeps demand short", regex=False)]
    if cause.empty:
        return ""
    subjects = cause["subject"].unique().tolist()
    more = f" and {len(subjects) - 1} more" if len(subjects) > 1 else ""
    return f", one of which is that nothing is bought that nobody can use ({subjects[0]}{more})"


def _nobody(plan: Plan) -> str:
    if plan.manifest.get("shortage") == "none":
        return "none: the question allows no shortage"
    return "none: every need is met in full and in time"


def _each(short: pd.DataFrame) -> list[tuple[tuple[str, str], str]]:
    ranked = short.sort_values(["short", "site", "material", "period"], ascending=[False, True, True, True])
    return [
        ((row.site, row.material), f"{row.period}: {tonnes(row.short)} of {tonnes(row.demand)}") for row in each(ranked)
    ]


def _by_point(short: pd.DataFrame, stock: pd.DataFrame) -> list[tuple[tuple[str, str], str]]:
    """Return one line per stock point: how much of the horizon's demand, in which periods, and the worst of them."""
    demand = stock.groupby(_POINT)["demand"].sum()
    says = []
    for point, rows in short.sort_values("node").groupby(_POINT):
        site, material = map(str, point)
        missing, worst = float(rows["short"].sum()), rows.sort_values("short").iloc[-1]
        first, last = rows["period"].iloc[0], rows["period"].iloc[-1]
        when = first if len(rows) == 1 else f"{first} to {last}, {len(rows)} periods"
        text = (
            f"{when}: {tonnes(missing)}, {share(missing / demand[site, material])} of its demand"
            f" (worst {worst['period']}: {tonnes(worst['short'])} of {tonnes(worst['demand'])})"
        )
        says.append((missing, ((site, material), text)))
    return [said for _, said in sorted(says, key=lambda pair: -pair[0])]
