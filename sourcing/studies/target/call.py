"""What a limit costs at every value from one to another, how far it can go, and by when."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from sourcing.answer.manifest import about, audited, findings_of, study_manifest
from sourcing.answer.optimize import Clock, Watch, refuse, solver_options
from sourcing.answer.options import RunOptions
from sourcing.answer.priorities import ranked, weakest
from sourcing.answer.setting import ask, refuse_contradictions
from sourcing.engine.solve_linear import no_plan
from sourcing.errors import QuestionError, StoppedEarly
from sourcing.interrupts import interrupts_passed_on
from sourcing.outcome import Values
from sourcing.studies.target.curve import finest, pieces_of
from sourcing.studies.target.found import Target
from sourcing.studies.target.parametric_limit import dial_of
from sourcing.studies.target.reach import dials, reach
from sourcing.studies.target.request import Dialling, Sweep, dialling
from sourcing.studies.target.swept_model import Dialled
from sourcing.studies.target.tables import band_table, curve_table, step_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sourcing.answer.optimize import Progress
    from sourcing.engine.highs import SolverOptions
    from sourcing.plan import Plan
    from sourcing.plan.drafts import Places
    from sourcing.question import Question
    from sourcing.studies.target.curve import Piece
    from sourcing.studies.target.parametric_limit import Dial
    from sourcing.studies.target.swept_model import Point
    from sourcing.tables.case import Source

_STOPPED = "stopped before the curve was finished; nothing was written; allow more with --time-limit"


class Curve(NamedTuple):
    """The plan without the limit, the pieces between the solved points, and how far the limit can go."""

    free: Point
    pieces: list[Piece]
    least: float

    @property
    def points(self) -> list[Point]:
        """The solved points, the loosest first."""
        return [self.pieces[0].ends[1], *(piece.ends[0] for piece in self.pieces)] if self.pieces else [self.free]


def target(
    question: str | Path | Question,
    sweep: Sweep,
    *,
    case: Source | None = None,
    out: Places | None = None,
    options: RunOptions | None = None,
    progress: Progress | None = None,
) -> Target:
    """Find what a limit costs from one value to another; write the tables, and the plan at each point, to a folder.

    Parameters
    ----------
    sweep : the limit, and from which value to which.
    question, case, out : as of ``optimize``.

    Raises
    ------
    FaultyInput, InfeasiblePlan (none without the limit either), StoppedEarly, AuditFailure, SolverError.
    """
    options, clock = options or RunOptions(), Clock(progress)
    with interrupts_passed_on() as heard:
        setting = ask(question, case)
        refuse_contradictions(setting)
        asked = dialling(setting, sweep)
        clock.end("read", setting.case.name)
        solver = replace(solver_options(setting.question, options, Watch(clock, heard)), watch=None)
        found = _found(asked, sweep, solver, clock)
        return found.agreed() if out is None else found.save(out, heard)


def _found(asked: Dialling, sweep: Sweep, solver: SolverOptions, clock: Clock) -> Target:
    dial = _dial(asked)
    given_up = _given_up(asked, dial, solver)
    if given_up:
        asked = asked.giving_up(pd.DataFrame(given_up))
        dial = _dial(asked)
    dialled = Dialled(dial, asked.minimize, solver)
    clock.end("build")
    curve = _curve(asked, dialled, sweep, solver)
    clock.end("solve")
    values = tuple(Values(dial.at(point.value, asked.network(point.value)), point.solution) for point in curve.points)
    plans = tuple(_plans(asked, curve.points, values, solver))
    clock.end("tables")
    reached, stops = reach(asked.asked, dials(asked.asked, dial, asked.day, asked.first), _wanted(sweep, curve), solver)
    _go_on(solver)
    clock.end("reach")
    tables = {
        "curve": curve_table(dial, curve.points, curve.free, plans, step_of(asked.measure)),
        "band": band_table(curve.pieces),
        "reach": reached,
        "stops": stops,
    }
    manifest = _manifest(asked, curve, dialled, sweep) | {"given_up": given_up, "tables": list(tables)}
    manifest["seconds"] = clock.seconds
    manifest["findings"] = findings_of(plans)
    return Target(limit=asked.limit, tables=tables, manifest=manifest, plans=plans, values=values)


def _dial(asked: Dialling) -> Dial:
    dial = dial_of(asked.network, asked.name)
    if not len(dial.rows):
        raise QuestionError([asked.nothing_counted()])
    return dial


def _given_up(asked: Dialling, dial: Dial, solver: SolverOptions) -> list[dict[str, Any]]:
    """Return which rules with a priority give way already without the limit; they stay away along the whole curve."""
    if ranked(dial.formulation).empty:
        return []
    first = Dialled(dial, asked.minimize, solver)
    free = first.free() if first.status == "optimal" else None
    solution = no_plan(first.status, first.proof) if free is None else free.solution
    return weakest(dial.lifted, solution, asked.minimize, solver)


def _curve(asked: Dialling, dialled: Dialled, sweep: Sweep, solver: SolverOptions) -> Curve:
    """Solve without the limit, find how far it can go, then what it costs from one value to the other."""
    dial = dialled.dial
    free = dialled.free() if dialled.status == "optimal" else None
    if free is None:
        _go_on(solver)
        refuse(asked.without, no_plan(dialled.status, dialled.proof), solver)
        raise StoppedEarly(_STOPPED)
    loose = free.reached if sweep.loose is None else sweep.loose
    if not math.isfinite(free.reached):
        raise QuestionError([asked.nothing_counted()])
    last = None if sweep.tight is None else dialled.at(sweep.tight)
    least = dialled.least(free.reached, sweep.tight) if last is None else last.value
    if least is None:
        raise StoppedEarly(_STOPPED)
    if dial.sign * (loose - least) <= 0:
        raise QuestionError([asked.no_room(free.reached, least, sweep)])
    beyond = dial.sign * (loose - free.reached) >= 0
    ends = [replace(free, value=loose) if beyond else dialled.at(loose), last or dialled.edge(least)]
    _go_on(solver)
    if ends[0] is None or ends[1] is None:
        raise StoppedEarly(_STOPPED)
    pieces = pieces_of(dialled, ends[0], ends[1], sweep.tolerance)
    _go_on(solver)
    return Curve(free, pieces, least)


def _go_on(solver: SolverOptions) -> None:
    """Raise if the time is up or somebody has asked for an end."""
    if solver.seconds <= 0:
        raise StoppedEarly("interrupted; nothing was written" if solver.stop() else _STOPPED)


def _wanted(sweep: Sweep, curve: Curve) -> float:
    return curve.least if sweep.tight is None else sweep.tight


def _plans(asked: Dialling, points: Iterable[Point], values: Iterable[Values], solver: SolverOptions) -> Iterator[Plan]:
    for point, each in zip(points, values, strict=True):
        _go_on(solver)
        yield _plan(asked, point, each)


def _plan(asked: Dialling, point: Point, values: Values) -> Plan:
    """Turn a point into a plan like any other, and have it audited."""
    further = {"seconds": {}, "target": {"limit": asked.name, "value": point.value}}
    return audited(asked.at(point.value), values, RunOptions(), further)


def _manifest(asked: Dialling, curve: Curve, dialled: Dialled, sweep: Sweep) -> dict[str, Any]:
    points, question = curve.points, asked.setting.question
    steep = [
        piece
        for piece in curve.pieces
        if 0 < piece.open <= finest(dialled.dial) * abs(points[0].value - points[-1].value)
    ]
    elsewhere = max((piece.widest[0] for piece in curve.pieces if piece not in steep), default=0.0)
    own = {
        "limit": {name: asked.limit[name] for name in ("limit", "measure", "sense", "by", "member", "value")},
        "from": points[0].value,
        "to": points[-1].value,
        "wanted": sweep.tight,
        "possible": sweep.tight is None or curve.least == sweep.tight,
        "tolerance": sweep.tolerance,
        "widest": max((piece.widest[0] for piece in curve.pieces), default=0.0),
        "steep": _steep(asked, max(steep, key=lambda piece: piece.widest[0], default=None), elsewhere),
        "shortage": curve.free.shortage,
        "free": {"cost": curve.free.cost, "value": curve.free.reached},
        "solves": dialled.solves,
        "points": len(points),
        "sizes": dict(zip(("rows", "columns"), dialled.dial.formulation.shape, strict=True)),
    }
    return study_manifest("target", about(question, asked.setting.case), own) | {
        "inputs": {**question.files, **asked.setting.case.files},
        "notes": [str(finding) for finding in asked.setting.findings],
    }


def _steep(asked: Dialling, piece: Piece | None, elsewhere: float) -> dict[str, Any] | None:
    """Return where the curve was not divided any more although its bounds are further apart than elsewhere."""
    if piece is None or piece.widest[0] <= elsewhere:
        return None
    first, last = piece.ends[1].value, piece.ends[0].value
    words = f"near {asked.words(last)}"
    return {"from": first, "to": last, "words": words, "width": piece.widest[0], "elsewhere": elsewhere}
