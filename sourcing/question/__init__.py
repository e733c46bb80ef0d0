"""A question: a small TOML file that says which case, which horizon, which objective, which limits and what-ifs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.question.horizon import Horizon
from sourcing.question.load import checked, load_question
from sourcing.question.schema import Edit, Objective, Question, Solver

if TYPE_CHECKING:
    from sourcing.question.edits import apply

__all__ = ["Edit", "Horizon", "Objective", "Question", "Solver", "apply", "checked", "load_question"]

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load ``apply`` when it is first asked for: it needs pandas, reading a question does not."""
        if name != "apply":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from sourcing.question.edits import apply

        return apply
