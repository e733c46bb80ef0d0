"""A plan that keeps rules of an analyst's own, which its question cannot repeat: who asks that anew is told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.errors import Fault, QuestionError

if TYPE_CHECKING:
    from sourcing.plan import Plan


def own_words(plan: Plan) -> str:
    """Return what an analyst added to the model of a plan, or changed in it, "" for any other plan."""
    own = plan.manifest.get("own_rules", {})
    return ", ".join([*(str(one["rule"]) for one in own.get("rules", [])), *own.get("changed", [])])


def refuse_own_rules(plan: Plan, what: str) -> None:
    """Refuse to solve a plan's question anew where that would be without rules that the plan keeps.

    Raises
    ------
    QuestionError : QUESTION-222, with the names of the rules.
    """
    own = own_words(plan)
    if own:
        fact = f"the plan keeps an analyst's own rules ({own}), which only Python knows; {what} would be without them"
        repair = "write them as limits or edits of the question, or answer it without rules"
        raise QuestionError([Fault(str(plan.folder or "plan"), fact, repair, "QUESTION-222")])
