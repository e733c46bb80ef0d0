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
from sourcing.interrupts import on_main_thread
from sourcing.outcome import Values
from sourcing.outcome.levels import shortage, stock
from sourcing.run.giving_way import still_asked
from sourcing.run.setting import Setting, network_of

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.plan import Plan


_STOPPED = "The search for what has to give was stopped; give it more time: sourcing explain with the same question."


def explain_plan(plan: Plan) -> Explanation:
    """Say what holds the cost up, and what a full delivery would ask for if something is short."""
    words = binding_words(plan.tables["binding"])
    tables = {"binding": plan.tables["binding"]}
    if len(plan.tables["shortage"]):
        relief = _relief(Setting(plan.question, still_asked(plan), []), _unhurried())
        words = [*short_words(plan.tables["shortage"], plan.case), *full_delivery_words(relief), *words]
        tables = {"to deliver everything": relief, **tables}
    return Explanation(words, tables)


def explain_none(setting: Setting, options: SolverOptions | None = None) -> Explanation:
    """Say what has to give before there is a plan: rules, or deliveries where the question forbids shortage.

    If ``options`` stop the search for it, say so.
    """
    options = options or _unhurried()
    relief = _relief(setting, options)
    short = _least_shortage(setting, options) if setting.question.objective.shortage == "none" else None
    if options.seconds <= 0:
        return Explanation([*none_words(relief, short, setting.case, setting.findings)[:1], _STOPPED])
    words = none_words(relief, short, setting.case, setting.findings)
    tables = {"to deliver everything": relief} | ({} if short is None else {"or deliver less": short})
    return Explanation(words, tables)


def _unhurried() -> SolverOptions:
    return SolverOptions(interruptible=on_main_thread())


def _least_shortage(setting: Setting, options: SolverOptions) -> pd.DataFrame | None:
    """Return the shortage table of the plan that leaves least short, None if even that does not exist."""
    network = replace(network_of(setting.question, setting.case), shortage="least")
    model = to_pyomo(formulate(network))
    solution = solve(model, ("shortage", "cost"), options)
    if solution.status != "optimal":
        return None
    return shortage(stock(Values(model.formulation, solution)))


def _relief(setting: Setting, options: SolverOptions) -> pd.DataFrame:
    network = replace(network_of(setting.question, setting.case), shortage="none")
    return least_relief(network, options)
