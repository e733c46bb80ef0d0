"""A question that builds on the last plan: its orders and terms become tables, what its inputs said is compared."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.answer.audit import load_plan
from sourcing.errors import Fault, QuestionError
from sourcing.plan.changed_inputs import differences
from sourcing.plan.folder import Kept
from sourcing.question.edits import apply
from sourcing.question.schema import Edit

if TYPE_CHECKING:
    from sourcing.plan import Plan
    from sourcing.question import Question
    from sourcing.question.schema import Stability
    from sourcing.tables import Case


def beside_last(question: Question, case: Case) -> Case:
    """Return the case with the question's edits and limits, and with what [stability] says in tables of its own.

    Raises
    ------
    QuestionError : everything the edits and limits break; a last plan that cannot be read, or of another case.
    """
    asked = question.stability
    if asked is None:
        return apply(question, case)
    last = None if asked.last is None else load_plan(question.last_path or Path(asked.last))
    place = f"{question.name or 'question'}.toml, stability"
    rows = {"change_terms": _terms(question, asked), "last_orders": [] if last is None else _orders(question, last)}
    kept = {"change_terms": case["change_terms"][case["change_terms"]["offer"] != ""]} if rows["change_terms"] else {}
    if last is not None:
        _refuse_foreign(last, case, place)
        kept["last_orders"] = case["last_orders"].iloc[:0]
    more = [Edit.model_validate({"table": name, "add": found}) for name, found in rows.items() if found]
    places = list(question.edit_places) or [f"{question.name} edits #{at + 1}" for at in range(len(question.edits))]
    wider = {"edits": [*question.edits, *more], "edit_places": [*places, *[place] * len(more)]}
    edited = apply(question.model_copy(update=wider), case.replace(kept))
    return edited if last is None else _compared(_hashed(edited, last), differences(last, question, edited), place)


def _hashed(case: Case, last: Plan) -> Case:
    """Return the case with the last plan's orders among the files that it was read from."""
    folder = last.folder or Path()
    content = Kept(folder).content("purchases.csv")
    return replace(case, files={**case.files, f"{folder.name}/purchases.csv": hashlib.sha256(content).hexdigest()})


def _terms(question: Question, asked: Stability) -> list[dict[str, Any]]:
    frozen = asked.frozen(question.horizon.first)
    cost = {} if asked.change_cost is None else {"cost_more": asked.change_cost, "cost_less": asked.change_cost}
    until = {} if frozen is None else {"frozen_until": frozen.isoformat()}
    return [{"offer": "", **until, **cost}] if until or cost else []


def _orders(question: Question, last: Plan) -> list[dict[str, Any]]:
    """Return what the last plan ordered on days of this horizon, as rows of last_orders."""
    first, last_day = (pd.Timestamp(day) for day in (question.horizon.first, question.horizon.end))
    bought = last.tables["purchases"]
    until = bought["order_until"] + pd.Timedelta(days=1)
    within = (until > first) & (bought["order_from"] < last_day)
    days = {"from": bought["order_from"], "until": until}
    rows = bought.assign(**{name: day.dt.strftime("%Y-%m-%d") for name, day in days.items()})
    names = ["offer", "destination", "mode", *days, "tonnes", "supplier", "material"]
    return [{str(name): value for name, value in row.items()} for row in rows.loc[within, names].to_dict("records")]


def _refuse_foreign(last: Plan, case: Case, place: str) -> None:
    ordered = set(last.tables["purchases"]["offer"])
    if ordered and not ordered & set(case["offers"]["offer"]):
        fact = f"the plan in {last.folder} is of another case ({last.manifest['case']}): its offers are not in this one"
        raise QuestionError([Fault(f"{place}.last", fact, "name a plan of this case", "QUESTION-214")])


def _compared(case: Case, found: pd.DataFrame, place: str) -> Case:
    """Return the case with what its inputs say otherwise than the last plan's."""
    if found.empty:
        return case
    numbered = found.assign(row=-1 - len(case.added) - np.arange(len(found)))
    added = (*case.added, *(f"{place}.last: {words}" for words in found["words"]))
    return replace(case.replace({"input_changes": numbered.astype({"row": "int64"})}), added=added)
