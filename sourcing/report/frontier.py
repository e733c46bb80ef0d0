"""A frontier as one screen: what each point has of every measure, what changes there, and where it begins to bend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.text import Text

from sourcing.report.figures import money, percent, tonnes
from sourcing.report.lines import columns, paragraph, wrapped
from sourcing.report.rows import each, records
from sourcing.report.shortage import left_short
from sourcing.report.target import named
from sourcing.targets.frontier.tables import column_of

if TYPE_CHECKING:
    from sourcing.targets.frontier import Frontier

_HEADS = {"cost": "cost", "shortage": "short, weighted", "carbon": "carbon", "lead-time": "lead time", "hhi": "HHI"}
_STEPS = {
    "shortage": ("a tonne short", "short", 1.0),
    "carbon": ("a tonne of CO2e", "carbon", 1.0),
    "lead-time": ("a day", "lead_time", 1.0),
    "hhi": ("a point of HHI (0.01)", "hhi", 0.01),
}
"""What less of a measure is counted by: in words, in which column of the frontier, in which steps."""
_LEAST = {"cost": "cheapest", "shortage": "least short", "carbon": "least carbon", "lead-time": "fastest"}
NOTHING = 1e-6
UNIT = " t CO2e"


def render_frontier(found: Frontier, width: int = 100) -> Text:
    """Return the screen of ``sourcing frontier``, at most ``width`` cells wide."""
    blocks = [
        wrapped(found.manifest["question"], width, style="bold"),
        wrapped(finding(found), width),
        _points(found, width),
        [*_knee(found, width), *_between(found, width), *_held(found, width)],
        _where(found, width),
    ]
    return Text("\n\n").join(Text("\n").join(block) for block in blocks if block)


def frontier_as_json(found: Frontier) -> dict[str, Any]:
    """Return a frontier as plain values."""
    plain = {name: records(table) for name, table in found.tables.items()}
    folder = str(found.folder) if found.folder else None
    return {"frontier": {"folder": folder}, "manifest": found.manifest, "tables": plain}


def finding(found: Frontier) -> str:
    """Return what the frontier comes to in a sentence, every figure from its table."""
    rows, measures = list(each(found.tables["frontier"])), found.measures
    if len(rows) == 1:
        said = " and ".join(f"{called(found, name)} {_of(name, rows[0])}" for name in measures)
        return f"One plan is the best in {_both(found)}: {said}. There is nothing to weigh."
    marked = next((row for row in rows if row.knee), None)
    if len(measures) == 3:
        return _balance(found, rows, rows[-1] if marked is None else marked)
    first, second = measures
    start, last = rows[0], rows[-1]
    from_, to = _told(second, start).removesuffix(UNIT), _told(second, last)
    if marked is None or marked is last:
        whole = f"Bringing {_goal(found, second)} from {from_} to {to}{_less(second, start, last)}"
        return f"{whole} {_takes(first, start, last)}."
    least = "the least found" if found.manifest["whole"] else "the least there is"
    half = f"Bringing {_goal(found, second)} from {from_} to {_told(second, marked)}{_less(second, start, marked)}"
    return f"{half} {_takes(first, start, marked)}; all the way to {to}, {least}, {_takes(first, start, last)}."


def _balance(found: Frontier, rows: list[Any], marked: Any) -> str:
    parts = []
    for name in found.measures:
        least = min(rows, key=lambda row, name=name: _value(name, row))  # type: ignore[misc]
        if name == "cost":
            more, cheapest = _value(name, marked) - _value(name, least), _value(name, least)
            part = f" ({percent(more / cheapest)})" if cheapest else ""
            parts.append(f"it costs {money(more)} more than the cheapest{part}")
        else:
            parts.append(f"{called(found, name)} is {_of(name, marked)} where {_of(name, least)} is the least")
    return f"The most balanced of the points is {marked.point}: {', '.join(parts)}."


def _takes(name: str, start: Any, row: Any) -> str:
    """Return what it takes of the first measure to get from a point to another."""
    before, after = _value(name, start), _value(name, row)
    if name == "cost":
        part = f" ({percent((after - before) / before)})" if before else ""
        return f"costs {money(after - before)} more{part}"
    if name == "shortage":
        return f"leaves {tonnes(row.short)} short where {tonnes(start.short)} are the least"
    return f"takes {_HEADS[name]} from {_of(name, start)} to {_of(name, row)}"


def _less(name: str, start: Any, row: Any) -> str:
    """Return by how much a measure falls, of an index what it is like."""
    before, after = _value(name, start), _value(name, row)
    said = [percent(after / before - 1.0)] if before > 0 and after > 0 else []
    said += [f"as {1.0 / after:.1f} equal sources"] if name == "hhi" and after > 0 else []
    return f" ({', '.join(said)})" if said else ""


def _value(name: str, row: Any) -> float:
    return float(getattr(row, column_of(name)))


def _goal(found: Frontier, name: str) -> str:
    return "the shortage" if name == "shortage" else called(found, name)


def _told(name: str, row: Any) -> str:
    """Return a measure of a point as a sentence has it: what is short in tonnes as they are."""
    return tonnes(row.short if row.short > NOTHING else 0.0) if name == "shortage" else _of(name, row)


def _of(name: str, row: Any) -> str:
    return figure(name, _value(name, row))


def figure(name: str, value: float) -> str:
    """Return a value of a measure as a planner writes it.

    >>> figure("cost", 412.6e6), figure("hhi", 0.30473), figure("carbon", 5120.4), figure("lead-time", 80.96)
    ('USD 412.6 M', '0.305', '5,120 t CO2e', '81.0 days')
    """
    if name == "cost":
        return money(value)
    if name == "carbon":
        return tonnes(value).removesuffix(" t") + UNIT
    if name == "lead-time":
        return f"{value:.1f} days"
    return f"{value:.3f}" if name == "hhi" else f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def called(found: Frontier, name: str) -> str:
    """Return a measure in words: "the HHI of NdPr oxide by country", "carbon"."""
    limit, case = found.manifest["measures"][name]["limit"] or {}, found.plans[0].case
    goods = str(limit.get("element") or "") or (
        case.label("materials", limit["material"]) if limit.get("material") else ""
    )
    stage = f" at the stage {limit['stage']}" if limit.get("stage") else ""
    if name == "hhi":
        return f"the HHI of {goods} by {str(limit['by']).replace('_', ' ')}{stage}"
    if name == "lead-time":
        return f"the average lead time of {goods}" if goods else "the average lead time"
    return {"cost": "cost", "shortage": "the weighted shortage", "carbon": "carbon"}[name]


def _points(found: Frontier, width: int) -> list[Text]:
    """Return the points, a line for each and what changes there below it."""
    table, measures = found.tables["frontier"], found.measures
    extra = [] if "cost" in measures else ["cost"]
    short = bool(table["short"].max() > NOTHING)
    head = [*(_HEADS[name] for name in measures), *extra, *(["short"] if short else [])]
    first = "more" if measures[0] == "cost" else ""
    rows, words = [("", head[0], first, *head[1:], "")], [""]
    least = {name: int(table[column_of(name)].to_numpy().argmin()) for name in measures}
    start = _value(measures[0], table.iloc[0])
    for at, row in enumerate(each(table)):
        above = _value(measures[0], row) - start
        more = percent(above / start) if at and measures[0] == "cost" and start else ""
        cells = [_of(name, row) for name in measures[1:]]
        cells += [money(row.spent) for _ in extra] + ([_told("shortage", row)] if short else [])
        marks = [_LEAST.get(name, f"least {_HEADS[name]}") for name in measures if least[name] == at]
        marks += [_knee_word(found)] if row.knee else []
        rows.append((str(row.point), _of(measures[0], row), more, *cells, ", ".join(marks)))
        words.append(_changes(row) if at else "")
    title = " against ".join(called(found, name) for name in measures)
    lines = wrapped(title[:1].upper() + title[1:], width, style="bold")
    lines += wrapped(f"over the horizon; no plan is better in {_both(found)}", width)
    for line, said in zip(columns(rows, "r" * (len(rows[0]) - 1) + "l", width), words, strict=True):
        lines += [Text(line), *wrapped(said, width, " " * 7, style="dim")]
    return lines


def _both(found: Frontier) -> str:
    return "both" if len(found.measures) == 2 else "all three"


def _knee_word(found: Frontier) -> str:
    return "knee" if len(found.measures) == 2 else "most balanced"


def _changes(row: Any) -> str:
    """Return who enters and leaves beside the row before; if nobody does, who fills up, or sells or makes more."""
    said = [named(row.enters, "enters", "enter")] if row.enters else []
    said += [named(row.leaves, "leaves", "leave")] if row.leaves else []
    if not said and row.fills_up:
        said = [named(row.fills_up, "fills up", "fill up")]
    if not said and row.grows:
        said = [f"more from {named(row.grows, '', '')}"]
    return " · ".join(said)


def _knee(found: Frontier, width: int) -> list[Text]:
    rows = list(each(found.tables["frontier"]))
    at = next((place for place, row in enumerate(rows) if row.knee), None)
    if at is None or len(found.measures) == 3 or at == len(rows) - 1:
        return []
    first, second = found.measures
    unit, column, step = _STEPS[second]

    def rate(start: Any, end: Any) -> str:
        apart = (getattr(start, column) - getattr(end, column)) / step
        return figure(first, (_value(first, end) - _value(first, start)) / apart)

    before, after = rate(rows[0], rows[at]), rate(rows[at], rows[-1])
    what = f"costs {before}" if first == "cost" else f"adds {before} to {called(found, first)}"
    body = f"point {rows[at].point}: up to there {unit} less {what} on average, beyond it {after}"
    return paragraph("KNEE", body, width)


def _between(found: Frontier, width: int) -> list[Text]:
    manifest = found.manifest
    count = f"{manifest['points']} plans solved and audited, found in {manifest['solves']} runs of the solver"
    if manifest["convex"] and manifest["points"] > 1:
        wide = figure(found.measures[0], manifest["widest"] or 0.0)
        near = (
            f"between two points a mixture of their plans is possible, and no plan is more than {wide} better than that"
        )
        return paragraph("BETWEEN", f"{count}; {near}, as proven (band.csv)", width)
    whole = (
        f"with whole numbers, each plan proven to within {100 * manifest['gap']:.2g} % of its cost; "
        if manifest["whole"]
        else ""
    )
    more = f"{whole}between them nothing is claimed"
    return paragraph("BETWEEN", f"{count}; {more}" if manifest["points"] > 1 else count, width)


def _held(found: Frontier, width: int) -> list[Text]:
    """Return what all points have in common."""
    table, lines = found.tables["frontier"], []
    if "shortage" not in found.measures:
        end = "no shortage" if table["short"].max() <= NOTHING else "the least shortage there is"
        lines += paragraph("HELD", left_short(found.plans[0].question, f"every plan here leaves {end}"), width)
    else:
        lines += paragraph("SHORT", "weighted by priority and value of the material, as the question counts it", width)
    weak = ", ".join(f"{one['name']} (priority {one['priority']:g})" for one in found.manifest["given_up"])
    return (
        [*lines, *paragraph("AWAY", f"already give way while nothing is held, and do so here: {weak}", width)]
        if weak
        else lines
    )


def _where(found: Frontier, width: int) -> list[Text]:
    if found.folder is None:
        return []
    table = found.tables["frontier"]
    at = int(table["knee"].to_numpy().argmax()) if table["knee"].any() else len(table) - 1
    chosen, first = found.plans[at].folder, found.plans[0].folder
    steps = f"sourcing explain {chosen}" + (f" · sourcing compare {first} {chosen}" if at else "")
    return wrapped(f"Frontier in {found.folder} · next: {steps}", width)
