"""What a frontier comes to, in sentences: every figure is one of its table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.report.figures import money, percent, tonnes
from sourcing.report.rows import each
from sourcing.report.shortage import NOTHING
from sourcing.studies.frontier.measures import COST, SHORTAGE, kind_of, weighed
from sourcing.studies.frontier.tables import column_of

if TYPE_CHECKING:
    from sourcing.studies.frontier.found import Frontier

_UNIT = " t CO2e"


def finding(found: Frontier) -> str:
    """Return what the frontier comes to in a sentence, every figure from its table."""
    rows, measures = list(each(found.tables["frontier"])), found.measures
    if len(rows) == 1:
        said = " and ".join(f"{called(found, name)} {of(name, rows[0])}" for name in measures)
        return f"One plan is the best in {both(found)}: {said}. There is nothing to weigh."
    marked = next((row for row in rows if row.knee), None)
    if len(measures) == 3:
        return _middle(found, rows, marked)
    first, second = measures
    start, last = rows[0], rows[-1]
    from_, to = told(second, start).removesuffix(_UNIT), told(second, last)
    if marked is None or marked is last:
        whole = f"Bringing {_goal(found, second)} from {from_} to {to}{_less(second, start, last)}"
        return f"{whole} {_takes(first, start, last)}."
    least = "the least found" if found.manifest["whole"] else "the least there is"
    half = f"Bringing {_goal(found, second)} from {from_} to {told(second, marked)}{_less(second, start, marked)}"
    return f"{half} {_takes(first, start, marked)}; all the way to {to}, {least}, {_takes(first, start, last)}."


def _middle(found: Frontier, rows: list[Any], marked: Any) -> str:
    """Return what the middle way gives up in each of three measures, or that no point is one."""
    if marked is None:
        apart = "every one gives up more than half of what there is to gain in one of them"
        return f"No point is in the better half of all three measures: {apart}. More points may find one (--points)."
    parts = []
    for name in found.measures:
        least = min(rows, key=lambda row, name=name: value(name, row))  # type: ignore[misc]
        if name == COST:
            more, cheapest = value(name, marked) - value(name, least), value(name, least)
            part = f" ({percent(more / cheapest)})" if cheapest else ""
            parts.append(f"it costs {money(more)} more than the cheapest{part}")
        else:
            parts.append(f"{called(found, name)} is {of(name, marked)} where {of(name, least)} is the least")
    return f"Point {marked.point} is a middle way, in the better half of all three measures: {', '.join(parts)}."


def _takes(name: str, start: Any, row: Any) -> str:
    """Return what it takes of the first measure to get from a point to another."""
    before, after = value(name, start), value(name, row)
    if name == COST:
        part = f" ({percent((after - before) / before)})" if before else ""
        return f"costs {money(after - before)} more{part}"
    if name == SHORTAGE:
        return f"leaves {tonnes(row.short)} short where {tonnes(start.short)} are the least"
    return f"takes {weighed()[name].head} from {of(name, start)} to {of(name, row)}"


def _less(name: str, start: Any, row: Any) -> str:
    """Return by how much a measure falls, of an index what it is like."""
    before, after = value(name, start), value(name, row)
    said = [percent(after / before - 1.0)] if before > 0 and after > 0 else []
    said += [f"as {1.0 / after:.1f} equal sources"] if kind_of(name) == "index" and after > 0 else []
    return f" ({', '.join(said)})" if said else ""


def value(name: str, row: Any) -> float:
    """Return a measure of a row of the table."""
    return float(getattr(row, column_of(name)))


def told(name: str, row: Any) -> str:
    """Return a measure of a row as a sentence has it: what is short in tonnes as they are."""
    return tonnes(row.short if row.short > NOTHING else 0.0) if name == SHORTAGE else of(name, row)


def _goal(found: Frontier, name: str) -> str:
    return "the shortage" if name == SHORTAGE else called(found, name)


def of(name: str, row: Any) -> str:
    """Return a measure of a row of the table as a planner writes it."""
    return figure(name, value(name, row))


def figure(name: str, value: float) -> str:
    """Return a value of a measure as a planner writes it.

    >>> figure("cost", 412.6e6), figure("hhi", 0.30473), figure("carbon", 5120.4), figure("lead-time", 80.96)
    ('USD 412.6 M', '0.305', '5,120 t CO2e', '81.0 days')
    """
    unit = weighed()[name].unit
    if unit == "USD":
        return money(value)
    if unit == "t CO2e":
        return tonnes(value).removesuffix(" t") + _UNIT
    if unit == "days":
        return f"{value:.1f} days"
    return f"{value:.3f}" if kind_of(name) == "index" else f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def called(found: Frontier, name: str) -> str:
    """Return a measure in words: "the HHI of NdPr oxide by country", "carbon"."""
    limit, case = found.manifest["measures"][name]["limit"] or {}, found.plans[0].case
    goods = str(limit.get("element") or "") or (
        case.label("materials", limit["material"]) if limit.get("material") else ""
    )
    of_goods = f" of {goods}" if goods else ""
    by = f" by {str(limit['by']).replace('_', ' ')}" if limit.get("by") else ""
    stage = f" at the stage {limit['stage']}" if limit.get("stage") else ""
    return f"{weighed()[name].said}{of_goods}{by}{stage}"


def both(found: Frontier) -> str:
    """Return "both" or "all three" measures."""
    return "both" if len(found.measures) == 2 else "all three"
