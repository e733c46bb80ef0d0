"""A question as a Pyomo model, for an analyst."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.answer.pyomo_stages import add_stages
from sourcing.answer.setting import ask
from sourcing.engine.formulation import formulate
from sourcing.engine.pyomo_model import to_pyomo

if TYPE_CHECKING:
    from pathlib import Path

    import pyomo.environ as pyo

    from sourcing.question import Question
    from sourcing.tables.case import Source


def model_of(question: str | Path | Question, case: Source | None = None) -> pyo.ConcreteModel:
    """Return a question as a Pyomo model, to look at, to add rules to, or to solve with any solver.

    A model has one active objective, and a question may have two: it is that of the first stage (``model.doc`` says
    so), and ``model.stages`` holds all of them in order. ``solve_in_stages`` answers the question; to solve the model
    once is to answer its first stage alone. Limits on concentration are no rows of it, and no rule gives way.
    ``model.formulation`` holds the labels.
    """
    setting = ask(question, case)
    return add_stages(to_pyomo(formulate(setting.network)), setting.question.objective.minimize)
