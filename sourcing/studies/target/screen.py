"""A curve as one screen: what the limit costs at each value, where it bends, how far it can go and by when."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd
from rich.text import Text

from sourcing.outcome.carbon import trust_words
from sourcing.report.after_horizon import of_the_whole
from sourcing.report.figures import day, money, percent
from sourcing.report.given_up import away
from sourcing.report.lines import columns, heading, paragraph, wrapped
from sourcing.report.names import country, first_names
from sourcing.report.rows import each, records
from sourcing.report.shortage import held
from sourcing.studies.target.request import value_words as value_in
from sourcing.studies.target.tables import step_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.studies.target.found import Target

_NONE = 1e-9


def render_target(target: Target, width: int = 100) -> Text:
    """Return the screen of ``sourcing target``, at most ``width`` cells wide."""
    blocks = [
        wrapped(target.manifest["question"], width, style="bold"),
        _curve(target, width),
        [*_knee(target, width), *_between(target, width), *_limits_of_it(target, width), *_carbon(target, width)],
        _reach(target, width),
        _where(target, width),
    ]
    return Text("\n\n").join(Text("\n").join(block) for block in blocks if block)


def target_as_json(target: Target) -> dict[str, Any]:
    """Return a curve as plain values."""
    plain = {name: records(table) for name, table in target.tables.items()}
    folder = str(target.folder) if target.folder else None
    return {"target": {"folder": folder}, "manifest": target.manifest, "tables": plain}


def counted(target: Target) -> str:
    """Return what the limit counts: "Dy from one country", "magnet blocks from China", "spend"."""
    limit, case = target.limit, target.plans[0].case
    goods = str(limit["element"] or (case.label("materials", limit["material"]) if limit["material"] else ""))
    lead = target.measure.goods
    what = f"{lead} {goods}".strip() if goods else lead.rpartition(" ")[0] or "everything"
    by, member = str(limit["by"]), str(limit["member"])
    if by == "recycled":
        return f"{member or 'one kind'} {what}"
    who = country(member) if member else f"one {by.replace('owner_country', 'owner country')}" if by else ""
    into = f" to {case.label('sites', limit['site'])}" if limit["site"] else ""
    return f"{what} from {who}{into}" if who else f"{what}{into}"


class At(NamedTuple):
    """A point of a curve in words: its value with the sign of the limit, what it is, and what happens there."""

    value: str
    mark: str
    words: str


def at_points(target: Target) -> list[At]:
    """Return every solved point in words, the loosest first."""
    table = target.tables["curve"]
    found = []
    for at, row in enumerate(each(table)):
        last = at == len(table) - 1 and not _asked_for(target)
        mark = "knee" if row.knee else f"{_most(target)} possible" if last else ""
        words = _first(target) if at == 0 else _changes(row)
        found.append(At(f"{_side(target)} {value_words(target, row.value)}", mark, words))
    return found


def _curve(target: Target, width: int) -> list[Text]:
    """Return the curve: a line for each point, and below it what changes there, where the one before did not say so."""
    said = at_points(target)
    rows = [("", "cost", "more than without it", "", f"each {unit(target)} {tighter(target)} from here", "")]
    for row, point in zip(each(target.tables["curve"]), said, strict=True):
        step = "" if pd.isna(row.next) else "-" if row.next < 1 else money(row.next)
        more = ("-", "") if row.more < 1 else (money(row.more), percent(row.more / target.manifest["free"]["cost"]))
        rows.append((point.value, money(row.cost), *more, step, point.mark))
    title = f"{counted(target)[:1].upper()}{counted(target)[1:]}"
    lines = [heading(title, when(target))]
    words = ["", *(point.words for point in said)]
    for at, line in enumerate(columns(rows, "rrrrrl", width)):
        again = at > 0 and words[at] == words[at - 1]
        lines += [Text(line), *([] if again else wrapped(words[at], width, " " * 12, style="dim"))]
    return lines


def _side(target: Target) -> str:
    return "≤" if target.limit["sense"] == "max" else "≥"


def _most(target: Target) -> str:
    return "least" if target.limit["sense"] == "max" else "most"


def unit(target: Target) -> str:
    """Return what a step of the limit is called."""
    return target.measure.step


def tighter(target: Target) -> str:
    """Return which way a step goes."""
    return "less" if target.limit["sense"] == "max" else "more"


def value_words(target: Target, value: float) -> str:
    """Return a value of the limit as a planner writes it."""
    return f"{value_in(target.measure.unit, value)} {target.measure.behind}".strip()


def _asked_for(target: Target) -> bool:
    return bool(target.manifest["possible"]) and target.manifest["wanted"] is not None


def when(target: Target) -> str:
    """Return the limit's name and when it holds."""
    limit = target.limit
    per = {"year": "each year", "period": "each period", "horizon": "over the horizon"}[str(limit["per"])]
    since = "" if pd.isna(limit["from"]) else f" from {day(limit['from'])}"
    return f"{limit['limit']}, {per}{since}"


def _first(target: Target) -> str:
    """Return what is to be said of the loosest point."""
    free, first = target.manifest["free"], target.tables["curve"].iloc[0]
    if first["more"] < 1:
        return f"the cheapest without this limit, at {value_words(target, free['value'])}"
    return f"without this limit: {money(free['cost'])}, at {value_words(target, free['value'])}"


def _changes(row: Any) -> str:
    """Return who enters and who fills up; if nobody does, who sells or makes more."""
    said = [first_names(row.enters, "enters", "enter")] if row.enters else []
    said += [first_names(row.fills_up, "fills up", "fill up")] if row.fills_up else []
    if not said and row.grows:
        said = [f"more from {first_names(row.grows, '', '')}"]
    return " · ".join(said)


def _knee(target: Target, width: int) -> list[Text]:
    table = target.tables["curve"]
    if not table["knee"].any():
        return []
    at = int(table["knee"].to_numpy().argmax())
    before, after = average(target, table.iloc[: at + 1]), average(target, table.iloc[at:])
    value, step = value_words(target, float(table["value"].iloc[at])), unit(target)
    body = f"{value}: up to there a {step} {tighter(target)} costs {money(before)} on average, beyond it {money(after)}"
    return paragraph("KNEE", body, width)


def average(target: Target, part: pd.DataFrame) -> float:
    """Return the cost of one step on average over a part of the curve."""
    apart = abs(float(part["value"].iloc[-1] - part["value"].iloc[0])) / step_of(target.measure)
    return float(part["cost"].iloc[-1] - part["cost"].iloc[0]) / apart


def _between(target: Target, width: int) -> list[Text]:
    manifest, solves = target.manifest, target.manifest["solves"]
    count = f"{manifest['points']} plans solved and audited, in {sum(solves.values())} runs of the solver"
    near = f"between them the cost is within ±{_part(target)} ({within(manifest['widest'])}), as proven"
    return paragraph("BAND", f"{count}; {near} (band.csv){steep_words(manifest['steep'])}", width)


def steep_words(steep: Mapping[str, Any] | None) -> str:
    """Say how near the cost is known where the curve does not go straight up, if it does anywhere."""
    if not steep:
        return ""
    return f"; but for {steep['words']}, where it goes all but straight up, within ±{within(steep['elsewhere'])}"


def within(width: float) -> str:
    """Return half of a band's width as money that is not less."""
    return money(_upwards(width / 2.0))


def _part(target: Target) -> str:
    """Return half of the widest band as a part of the cost that is not less."""
    part = target.manifest["widest"] / 2.0 / max(abs(target.manifest["free"]["cost"]), 1.0)
    return f"{100.0 * _upwards(part):.2g} %"


def _upwards(value: float) -> float:
    """Return a number with two digits, rounded up."""
    if value <= 0:
        return 0.0
    step = 10.0 ** (math.floor(math.log10(value)) - 1)
    return math.ceil(value / step - 1e-9) * step


def _limits_of_it(target: Target, width: int) -> list[Text]:
    """Say why the curve ends where it does, and what it holds."""
    manifest, question = target.manifest, target.plans[0].question
    words = held(question, manifest["shortage"], "the plan without this limit")
    lines = paragraph("HELD", words, width)
    lines += paragraph("WHOLE", whole, width) if (whole := of_the_whole(question)) else []
    lines += away(manifest["given_up"], "without this limit already give way, and do so here", width)
    if _asked_for(target):
        return lines
    least = value_words(target, manifest["to"])
    asked = f", not {value_words(target, manifest['wanted'])}" if manifest["wanted"] is not None else ""
    beyond = "more goes short" if "shortage" in question.objective.minimize else "there is no plan"
    why = f": beyond it {beyond}" if _has_beyond(target) else ", and there is nothing beyond it"
    return [*lines, *paragraph("END", f"{least} is as far as it can go{asked}{why}", width)]


def _has_beyond(target: Target) -> bool:
    """Whether a value could be tighter than the last: below nothing, and above all, there is none."""
    last = float(target.manifest["to"])
    if target.limit["sense"] == "max":
        return last > _NONE
    return target.measure.kind != "share" or last < 1.0 - _NONE


def _carbon(target: Target, width: int) -> list[Text]:
    """Say what a limit on carbon rests on."""
    words = trust_words(target.plans[0].case) if target.measure.estimated else ""
    return paragraph("CARBON", words.removeprefix("Carbon "), width) if words else []


def _reach(target: Target, width: int) -> list[Text]:
    """Return by when the limit can go how far, and what would make it go further sooner."""
    table = target.tables["reach"]
    if table.empty:
        return []
    wanted = value_words(target, float(table["wanted"].iloc[0]))
    lines = [heading("BY WHEN", f"if the limit began on another day, is {wanted} possible?")]
    rows, blocked = [], []
    for row in each(table):
        since = f"from {day(row[0])}"
        far = f"no, {value_words(target, row.least)} at the {_most(target)}"
        rows.append((since, "yes" if row.possible else far))
        blocked += [] if row.possible else [(since, row.stops)]
    lines += map(Text, columns(rows, "ll", width))
    for since, stops in blocked:
        lines += wrapped(f"{wanted} {since} would take {_readable(stops)}", width, "  ", "  ")
    return lines


def _readable(stops: str) -> str:
    return stops or "more than any capacity, stock or approval that could give way"


def _where(target: Target, width: int) -> list[Text]:
    if target.folder is None:
        return []
    first = target.plans[-1].folder
    return wrapped(f"Curve in {target.folder} · next: sourcing explain {first}", width)
