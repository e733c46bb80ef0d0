"""The reasons behind a plan, or behind there being none: what binds, what is short, what would have to give."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sourcing.engine.answer import solve
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.explain import Explanation
from sourcing.explain.relief import least_relief
from sourcing.explain.sentences import binding_words, full_delivery_words, none_words, short_words
from sourcing.outcome import Values
from sourcing.outcome.levels import shortage, stock
from sourcing.run.interrupts import on_main_thread
from sourcing.run.setting import Setting, network_of

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.plan import Plan


def explain_plan(plan: Plan) -> Explanation:
    """Say what holds the cost up, and what a full delivery would ask for if something is short."""
    words = binding_words(plan.tables["binding"])
    tables = {"binding": plan.tables["binding"]}
    if len(plan.tables["shortage"]):
        relief = _relief(Setting(plan.question, plan.case, []))
        words = [*short_words(plan.tables["shortage"], plan.case), *full_delivery_words(relief), *words]
        tables = {"to deliver everything": relief, **tables}
    return Explanation(words, tables)


def explain_none(setting: Setting) -> Explanation:
    """Say what has to give before there is a plan: rules, or deliveries where the question forbids shortage."""
    relief = _relief(setting)
    short = _least_shortage(setting) if setting.question.objective.shortage == "none" else None
    words = none_words(relief, short, setting.case, setting.findings)
    tables = {"to deliver everything": relief} | ({} if short is None else {"or deliver less": short})
    return Explanation(words, tables)


def _least_shortage(setting: Setting) -> pd.DataFrame | None:
    """Return the shortage table of the plan that leaves least short, None if even that does not exist."""
    network = replace(network_of(setting.question, setting.case), shortage="least")
    model = to_pyomo(formulate(network))
    solution = solve(model, ("shortage", "cost"), SolverOptions(interruptible=on_main_thread()))
    if solution.status != "optimal":
        return None
    return shortage(stock(Values(model.formulation, solution)))


def _relief(setting: Setting) -> pd.DataFrame:
    network = replace(network_of(setting.question, setting.case), shortage="none")
    return least_relief(network, SolverOptions(interruptible=on_main_thread()))
