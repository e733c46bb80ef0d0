"""A question that goes without a family: its rows leave the case, and everybody works with what is left."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sourcing import families
from sourcing.errors import Fault, QuestionError

if TYPE_CHECKING:
    import pandas as pd

    from sourcing.question import Question
    from sourcing.tables import Case


def leave_out(question: Question, case: Case) -> Case:
    """Return the case without the rows of the families that the question goes without.

    Raises
    ------
    QuestionError : QUESTION-213 if no question can do without one of them.
    """
    cards = families.cards()
    can_go = [name for name, card in cards.items() if card.optional or card.blanked]
    refused = [name for name in question.without if name not in can_go]
    if refused:
        others = ", ".join(can_go)
        place, repair = f"{question.name}.toml, without", f"leave it in; these can go: {others}"
        faults = [Fault(place, f"no question can do without {name}", repair, "QUESTION-213") for name in refused]
        raise QuestionError(faults)
    for name in question.without:
        for table, column, values in cards[name].optional:
            case = case.replace({table: _kept(case[table], column, values)})
        for table, column in cards[name].blanked:
            case = case.replace({table: case[table].assign(**{column: math.nan})})
    return case


def _kept(frame: pd.DataFrame, column: str, values: tuple[str, ...]) -> pd.DataFrame:
    if not column:
        return frame.iloc[:0]
    gone = frame[column].isin(values) if values else frame[column] != ""
    return frame[~gone].reset_index(drop=True)
