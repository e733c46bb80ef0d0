"""Infeasibility of a question: which cells, rules or deliveries would have to give before there is a plan."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from sourcing.answer.audit import verdict_on
from sourcing.answer.manifest import manifest_of
from sourcing.answer.options import RunOptions
from sourcing.answer.setting import Setting, network_of
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.program import ArrayModel
from sourcing.engine.solve import solve
from sourcing.engine.solver_result import SEARCHES
from sourcing.errors import StoppedEarly
from sourcing.interrupts import on_main_thread
from sourcing.outcome import Values, plan_tables
from sourcing.outcome.levels import shortage, stock
from sourcing.plan import Plan
from sourcing.reasons import Explanation
from sourcing.reasons.relief import least_relief
from sourcing.reasons.repair_words import repair_words, together_words, undecided_words
from sourcing.reasons.repairs import Trials, repairs, repairs_together
from sourcing.reasons.sentences import least_words, relief_words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.solve_linear import Solution
    from sourcing.network import Network
    from sourcing.tables import Case


_STOPPED = "The search for what has to give was stopped; give it more time: sourcing explain with the same question."
_FULL, _ANY = "to deliver everything", "to have a plan"


def explain_none(
    setting: Setting, options: SolverOptions | None = None, evidence: Mapping[str, Any] | None = None
) -> Explanation:
    """Say what has to give before there is a plan: cells, rules, or deliveries where the question forbids shortage.

    If ``options`` stop the search for it, say so. ``evidence`` is what it rests on that there is no plan; where that is
    no proof, it is said.
    """
    options, shortage_is = options or unhurried(), setting.question.objective.shortage
    words = ["No plan meets all rules."]
    evidence = evidence or {}
    if evidence.get("kind") == SEARCHES:
        words.append(evidence["words"])
    try:
        given, tables = giving(setting, shortage_is, options)
        short = _least_shortage(setting, options) if shortage_is == "none" else None
    except StoppedEarly:
        return Explanation([*words, _STOPPED], evidence=evidence)
    if options.seconds <= 0:
        return Explanation([*words, _STOPPED], evidence=evidence)
    words += given
    if short is not None:
        words, tables = [*words, *least_words(short, setting.case)], tables | {"or deliver less": short}
    words += [f"Seen before solving: {finding}" for finding in setting.findings]
    return Explanation(words, tables, evidence)


def giving(setting: Setting, shortage_is: str, options: SolverOptions) -> tuple[list[str], dict[str, pd.DataFrame]]:
    """Say which cells could give way, one by one or else together, and which rules, with the tables behind it."""

    def network(case: Case) -> Network:
        return replace(network_of(setting.question, case), shortage=shortage_is)

    aim = _FULL if shortage_is == "none" else _ANY
    relief = least_relief(network(setting.case), options)
    minimize = ("cost",) if shortage_is == "none" else tuple(setting.question.objective.minimize)
    trials = Trials(setting.case, network, minimize, options, partial(_sound, setting, shortage_is))
    single = repairs(trials)
    words, found = repair_words(single, setting.case, aim, trials.asked), {"repairs": single}
    if single.empty:
        together = repairs_together(trials, [] if relief is None else list(relief["place"]))
        words, found = [*words, *together_words(together, setting.case, aim)], {"repairs together": together}
    words += undecided_words(trials.asked)
    tables = {name: table.drop(columns=["part"]) for name, table in found.items()} | {aim: relief}
    kept = {name: table for name, table in tables.items() if table is not None and len(table)}
    return [*words, *relief_words(relief, aim)], kept


def _sound(setting: Setting, shortage_is: str, case: Case, formulation: Formulation, solution: Solution) -> bool:
    """Whether the audit agrees with a plan of a changed case, where shortage is to be as said."""
    objective = setting.question.objective.model_copy(update={"shortage": shortage_is})
    question = setting.question.model_copy(update={"objective": objective})
    values = Values(formulation, solution)
    manifest = manifest_of(Setting(question, case, []), values, RunOptions())
    return verdict_on(Plan(plan_tables(values), manifest, case, question)).is_clean


def unhurried() -> SolverOptions:
    """Return options without an end: the search takes as long as it takes."""
    return SolverOptions(interruptible=on_main_thread())


def _least_shortage(setting: Setting, options: SolverOptions) -> pd.DataFrame | None:
    """Return the shortage table of the plan that leaves least short, None if even that does not exist."""
    network = replace(network_of(setting.question, setting.case), shortage="least")
    model = ArrayModel(formulate(network))
    solution = solve(model, ("shortage", "cost"), options)
    if solution.status != "optimal":
        return None
    return shortage(stock(Values(model.formulation, solution)))
