"""A question as a Pyomo model, for an analyst."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.engine.formulation import formulate
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.run.setting import ask

if TYPE_CHECKING:
    from pathlib import Path

    import pyomo.environ as pyo

    from sourcing.question import Question
    from sourcing.tables.case import Source


def model_of(question: str | Path | Question, case: Source | None = None) -> pyo.ConcreteModel:
    """Return a question as a Pyomo model, to look at or to add rules to; ``model.formulation`` holds the labels."""
    return to_pyomo(formulate(ask(question, case).network))
