"""A frontier as one screen: what each point has of every measure, what changes there, and where it begins to bend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from rich.text import Text

from sourcing.outcome.carbon import trust_words
from sourcing.report.after_horizon import of_the_whole
from sourcing.report.figures import money, percent
from sourcing.report.given_up import away
from sourcing.report.lines import columns, paragraph, wrapped
from sourcing.report.names import first_names
from sourcing.report.rows import each, records
from sourcing.report.shortage import NOTHING, left_short
from sourcing.studies.frontier.frontier_words import both, called, figure, finding, of, told, value
from sourcing.studies.frontier.measures import COST, SHORTAGE, any_estimated, weighed
from sourcing.studies.frontier.tables import column_of

if TYPE_CHECKING:
    from sourcing.studies.frontier.found import Frontier


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


class At(NamedTuple):
    """A point in words: its number, what it is the best in or is called, and what its plan does otherwise."""

    number: str
    mark: str
    words: str


def at_points(found: Frontier) -> list[At]:
    """Return every point in words, the best of the first measure first."""
    table, points = found.tables["frontier"], []
    least = {name: int(table[column_of(name)].to_numpy().argmin()) for name in found.measures}
    for at, row in enumerate(each(table)):
        named = (weighed()[name] for name in found.measures if least[name] == at)
        marks = [each.least or f"least {each.head}" for each in named]
        marks += [_knee_word(found)] if row.knee else []
        points.append(At(str(row.point), ", ".join(marks), _changes(row) if at else ""))
    return points


def _points(found: Frontier, width: int) -> list[Text]:
    """Return the points, a line for each and what changes there below it."""
    table, measures, said = found.tables["frontier"], found.measures, at_points(found)
    extra = [] if COST in measures else [COST]
    short = bool(table["short"].max() > NOTHING)
    head = [*(weighed()[name].head for name in measures), *extra, *(["short"] if short else [])]
    first = "more" if measures[0] == COST else ""
    rows = [("", head[0], first, *head[1:], "")]
    for row, point in zip(each(table), said, strict=True):
        cells = [of(name, row) for name in measures[1:]]
        cells += [money(row.spent) for _ in extra] + ([told(SHORTAGE, row)] if short else [])
        rows.append((point.number, of(measures[0], row), more_words(found, row), *cells, point.mark))
    title = " against ".join(called(found, name) for name in measures)
    lines = wrapped(title[:1].upper() + title[1:], width, style="bold")
    lines += wrapped(f"over the horizon; no plan is better in {both(found)}", width)
    words = ["", *(point.words for point in said)]
    for line, below in zip(columns(rows, "r" * (len(rows[0]) - 1) + "l", width), words, strict=True):
        lines += [Text(line), *wrapped(below, width, " " * 7, style="dim")]
    return lines


def more_words(found: Frontier, row: Any) -> str:
    """Return by how much a point costs more than the cheapest: "+2.9 %"; blank of the first, and without cost."""
    name, start = found.measures[0], value(found.measures[0], next(each(found.tables["frontier"])))
    above = value(name, row) - start
    return percent(above / start) if name == COST and start and row.point > 1 else ""


def _knee_word(found: Frontier) -> str:
    return "knee" if len(found.measures) == 2 else "middle way"


def _changes(row: Any) -> str:
    """Return who enters and leaves beside the row before; if nobody does, who fills up, or sells or makes more."""
    said = [first_names(row.enters, "enters", "enter")] if row.enters else []
    said += [first_names(row.leaves, "leaves", "leave")] if row.leaves else []
    if not said and row.fills_up:
        said = [first_names(row.fills_up, "fills up", "fill up")]
    if not said and row.grows:
        said = [f"more from {first_names(row.grows, '', '')}"]
    return " · ".join(said)


def _knee(found: Frontier, width: int) -> list[Text]:
    rows = list(each(found.tables["frontier"]))
    at = next((place for place, row in enumerate(rows) if row.knee), None)
    if at is None or len(found.measures) == 3 or at == len(rows) - 1:
        return []
    first, second = found.measures
    less, column = weighed()[second], "short" if second == SHORTAGE else column_of(second)

    def rate(start: Any, end: Any) -> str:
        apart = (getattr(start, column) - getattr(end, column)) / less.size
        return figure(first, (value(first, end) - value(first, start)) / apart)

    before, after = rate(rows[0], rows[at]), rate(rows[at], rows[-1])
    what = f"costs {before}" if first == COST else f"adds {before} to {called(found, first)}"
    body = f"point {rows[at].point}: up to there {less.step} less {what} on average, beyond it {after}"
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
    if SHORTAGE not in found.measures:
        end = "no shortage" if table["short"].max() <= NOTHING else "the least shortage there is"
        lines += paragraph("HELD", left_short(found.plans[0].question, f"every plan here leaves {end}"), width)
    else:
        lines += paragraph("SHORT", "weighted by priority and value of the material, as the question counts it", width)
    lines += paragraph("WHOLE", whole, width) if (whole := of_the_whole(found.plans[0].question)) else []
    if any_estimated(found.measures):
        lines += paragraph("CARBON", trust_words(found.plans[0].case).removeprefix("Carbon "), width)
    return lines + away(found.manifest["given_up"], "already give way while nothing is held, and do so here", width)


def _where(found: Frontier, width: int) -> list[Text]:
    if found.folder is None:
        return []
    table = found.tables["frontier"]
    at = int(table["knee"].to_numpy().argmax()) if table["knee"].any() else len(table) - 1
    chosen, first = found.plans[at].folder, found.plans[0].folder
    steps = f"sourcing explain {chosen}" + (f" · sourcing compare {first} {chosen}" if at else "")
    return wrapped(f"Frontier in {found.folder} · next: {steps}", width)
