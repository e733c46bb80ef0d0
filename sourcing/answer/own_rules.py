"""Rules of an analyst's own: put into the program, told where they cannot be met, and remembered with the plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sourcing.answer.infeasibility import explain_none
from sourcing.engine.own import OWN, RELIEF, adopted, giving_way, missed
from sourcing.engine.program import ArrayModel
from sourcing.engine.solve import solve
from sourcing.reasons import Explanation

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyomo.environ as pyo

    from sourcing.answer.setting import Setting
    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions

    Rules = Callable[[pyo.ConcreteModel], None]

_NONE = "No plan meets all rules."


def with_rules(formulation: Formulation, rules: Rules | None) -> tuple[Formulation, list[str]]:
    """Return the program with an analyst's own rules among its rows, and what else they changed in the model.

    Raises
    ------
    SolverError : they ask for something that the solver would not hear of.
    """
    if rules is None:
        return formulation, []
    from sourcing.engine.pyomo_model import to_pyomo

    model = to_pyomo(formulation)
    rules(model)
    return adopted(model)


def own_told(formulation: Formulation, changed: list[str]) -> dict[str, Any]:
    """Return what a manifest says of own rules: each with its sides, and what else was changed; {} without any."""
    block = formulation.rows.get(OWN)
    names = [] if block is None else block.entities["rule"].tolist()
    ids = np.empty(0, np.int64) if block is None else block.ids
    sides = (formulation.row_lower[ids].tolist(), formulation.row_upper[ids].tolist())
    rules = [
        {"rule": name, "at_least": _finite(low), "at_most": _finite(high)}
        for name, low, high in zip(names, *sides, strict=True)
    ]
    return {"own_rules": {"rules": rules, "changed": changed}} if rules or changed else {}


def none_with_rules(
    setting: Setting, formulation: Formulation, changed: list[str], options: SolverOptions
) -> Explanation:
    """Say why there is no plan for a question with own rules: which of them cannot be met, or what was wrong before."""
    if OWN not in formulation.rows:
        words = f"{_NONE} What was changed in the model leaves none: {'; '.join(changed)}."
        return Explanation([words]) if changed else explain_none(setting, options)
    relaxed = giving_way(formulation)
    solution = solve(ArrayModel(relaxed), (RELIEF,), options)
    if solution.status == "infeasible":
        none = explain_none(setting, options)
        names = ", ".join(formulation.rows[OWN].entities["rule"])
        more = [f"There is none either without the rules of an analyst's own ({names}).", *_besides(changed)]
        return Explanation([*none.words, *more], none.tables)
    if solution.status != "optimal":
        return Explanation([_NONE, "The search for which rule of an analyst's own cannot be met was stopped."])
    table = missed(formulation, relaxed, solution.x)
    return Explanation([_NONE, *(_words(row) for row in table.itertuples()), *_besides(changed)], {"own rules": table})


def _besides(changed: list[str]) -> list[str]:
    return [f"Besides, the model was changed: {'; '.join(changed)}."] if changed else []


def _words(row: Any) -> str:
    way = "at most" if row.at_most else "at least"
    return (
        f"Rule {row.rule}, an analyst's own, asks for {way} {row.asked:,.6g}; all other rules together leave nothing "
        f"{'below' if row.at_most else 'above'} {row.possible:,.6g}. Write {row.possible:,.6g} there, or take it out."
    )


def _finite(side: float) -> float | None:
    return side if np.isfinite(side) else None
