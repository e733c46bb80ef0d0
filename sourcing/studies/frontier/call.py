"""Two or three measures against each other: points that no plan beats in all of them, each with a plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.answer.manifest import about, findings_of, study_manifest
from sourcing.answer.optimize import Clock, Watch, refuse, solver_options
from sourcing.answer.options import RunOptions
from sourcing.answer.priorities import ranked, weakest
from sourcing.answer.setting import refuse_contradictions
from sourcing.engine.formulation import formulate
from sourcing.engine.program import ArrayModel
from sourcing.engine.solve import solve
from sourcing.engine.solve_linear import no_plan
from sourcing.interrupts import interrupts_passed_on
from sourcing.studies.frontier.band import band_table
from sourcing.studies.frontier.best import unbeaten
from sourcing.studies.frontier.evaluate import Model, Search, figures_of, gauges_of, holds_shortage, planned, searched
from sourcing.studies.frontier.found import Frontier, point_folder
from sourcing.studies.frontier.measures import weighed
from sourcing.studies.frontier.request import Trade, Trading, trading
from sourcing.studies.frontier.solver import Ground, Mark
from sourcing.studies.frontier.tables import frontier_table

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.answer.optimize import Progress
    from sourcing.engine.highs import SolverOptions
    from sourcing.plan import Plan
    from sourcing.plan.drafts import Places
    from sourcing.question import Question
    from sourcing.tables.case import Source


def frontier(
    question: str | Path | Question,
    trade: Trade,
    *,
    case: Source | None = None,
    out: Places | None = None,
    options: RunOptions | None = None,
    progress: Progress | None = None,
) -> Frontier:
    """Find points at which no plan is better in every measure; write the tables, and the plan at each, to a folder.

    Parameters
    ----------
    trade : the measures, and how many points at most.
    question, case, out : as of ``optimize``.

    Raises
    ------
    FaultyInput, InfeasiblePlan (none while nothing is held), StoppedEarly, AuditFailure, SolverError.
    """
    options, clock = options or RunOptions(), Clock(progress)
    with interrupts_passed_on() as heard:
        asked = trading(question, trade, case)
        refuse_contradictions(asked.base)
        clock.end("read", asked.base.case.name)
        solver = replace(solver_options(asked.base.question, options, Watch(clock, heard)), watch=None)
        found = _found(asked, solver, clock, options)
        return found.agreed() if out is None else found.save(out, heard)


def _found(asked: Trading, solver: SolverOptions, clock: Clock, options: RunOptions) -> Frontier:
    given_up = _given_up(asked, solver)
    if given_up:
        asked = asked.giving_up(pd.DataFrame(given_up))
    one, two = (formulate(asked.network(value)) for value in (1.0, 2.0))
    gauges = gauges_of(asked, one, two)
    ground = Ground(one, gauges, solver, hold_shortage=holds_shortage(asked))
    clock.end("build")
    if ground.status != "optimal":
        refuse(asked.base, no_plan(ground.status, ground.proof), solver)
    search = searched(asked, ground, solver)
    clock.end("solve")
    found = [planned(asked, Model(one, gauges), mark, solver, options) for mark in search.marks]
    clock.end("tables")
    figures = np.array([figures_of(asked, plan) for plan, _ in found])
    kept = unbeaten(figures, search.spans)
    plans = tuple(_numbered(found[at][0], number) for number, at in enumerate(kept, 1))
    values = tuple(found[at][1] for at in kept)
    tables = {"frontier": frontier_table(asked.measures, figures[kept], plans)}
    if search.convex:
        lines = [line for mark in search.marks for line in mark.supports]
        tables["band"] = band_table([Mark(tuple(row)) for row in figures[kept].tolist()], lines)
    manifest = _manifest(asked, search, plans, tables) | {"given_up": given_up, "seconds": clock.seconds}
    manifest["whole"] = bool(one.whole.any())
    return Frontier(measures=asked.measures, tables=tables, manifest=manifest, plans=plans, values=values)


def _numbered(plan: Plan, number: int) -> Plan:
    return replace(plan, manifest={**plan.manifest, "frontier": {**plan.manifest["frontier"], "point": number}})


def _given_up(asked: Trading, solver: SolverOptions) -> list[dict[str, Any]]:
    """Return which rules with a priority give way already while nothing is held; they stay away at every point."""
    formulation = formulate(asked.base.network)
    if ranked(formulation).empty:
        return []
    minimize = tuple(asked.base.question.objective.minimize)
    solution = solve(ArrayModel(formulation), minimize, solver)
    return weakest(formulation, solution, minimize, solver)


def _manifest(
    asked: Trading, search: Search, plans: tuple[Plan, ...], tables: dict[str, pd.DataFrame]
) -> dict[str, Any]:
    question = asked.base.question
    band = tables.get("band")
    widest = None if band is None or band.empty else float((band["upper"] - band["lower"]).max())
    own = {
        "asked": list(asked.trade.measures),
        "measures": {name: {"unit": weighed()[name].unit, "limit": asked.limits.get(name)} for name in asked.measures},
        "points": len(plans),
        "wanted": asked.trade.points,
        "solves": search.solves,
        "convex": search.convex,
        "widest": widest,
        "gap": max((plan.manifest["gap"] or 0.0 for plan in plans), default=0.0),
        "folders": [point_folder(plan) for plan in plans],
        "tables": list(tables),
    }
    return study_manifest("frontier", about(question, asked.base.case), own) | {
        "inputs": {**question.files, **asked.base.case.files},
        "notes": [str(finding) for finding in asked.base.findings],
        "findings": findings_of(plans),
    }
