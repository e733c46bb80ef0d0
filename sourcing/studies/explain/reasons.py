"""The reasons behind a plan: what binds, what is short, what a full delivery would ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.answer.infeasibility import giving, unhurried
from sourcing.answer.priorities import still_asked
from sourcing.answer.setting import Setting
from sourcing.answer.solved_again import beside_cheapest
from sourcing.plan.own_rules import own_words
from sourcing.reasons import Explanation
from sourcing.reasons.sentences import binding_words, short_words
from sourcing.report.used import held_of_use, use_words

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.plan import Plan


def explain_plan(plan: Plan) -> Explanation:
    """Say what holds the cost up, and what a full delivery would ask for if something is short."""
    words = binding_words(plan.tables["binding"])
    if "alternative" in plan.manifest:
        words = [f"{beside_cheapest(plan)}; prices are those among plans as different as it is.", *words]
    tables = {"binding": plan.tables["binding"]}
    if len(plan.tables["shortage"]):
        full, found = _full(plan)
        words = [*short_words(plan.tables["shortage"], plan.case), *full, *words]
        tables = found | tables
    use = held_of_use(plan)
    return Explanation([*words, *use_words(plan)], tables | ({"use": use} if len(use) else {}))


def _full(plan: Plan) -> tuple[list[str], dict[str, pd.DataFrame]]:
    """Say what a full delivery would ask for; of a plan with rules that nobody can ask again, that it is not known."""
    own = own_words(plan)
    if own:
        return [f"The plan keeps an analyst's own rules ({own}); what a full delivery asks for was not searched."], {}
    return giving(Setting(plan.question, still_asked(plan), []), "none", unhurried())
