"""A question that was made in Python, as what a file that says the same would hold."""

from __future__ import annotations

from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import BaseModel

from sourcing.question.chain import LISTS, Merged

if TYPE_CHECKING:
    from sourcing.question.schema import Question

_REMEMBERED = ("name", "path", "case_path", "last_path", "text", "files", "limit_places", "edit_places")
"""What a question knows of the files it was read from."""


def as_merged(question: Question) -> Merged:
    """Return a question as the data of a file, with what ``model_copy`` put into it unseen."""
    data = {name: value for name, value in _plain(question).items() if name not in _REMEMBERED}
    merged = Merged(data, {(): question.path or Path(question.name or "question")})
    for name, known in zip(LISTS, (question.limit_places, question.edit_places), strict=True):
        entries = data.get(name)
        count = len(entries) if isinstance(entries, list) else 0
        own = [f"{question.name or 'question'} {name} #{number + 1}" for number in range(count)]
        merged.places[name] = list(known) if len(known) == count else own
    return merged


def _plain(value: Any) -> Any:
    """Return models as tables of their keys, what is blank left out; dates and NumPy's numbers as a file has them."""
    if isinstance(value, BaseModel):
        fields = type(value).model_fields
        named = {(fields[name].alias or name) if name in fields else name: one for name, one in vars(value).items()}
        return {name: _plain(one) for name, one in named.items() if one is not None}
    if isinstance(value, dict):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, np.generic):
        return value.item()
    return value.isoformat() if isinstance(value, date | datetime | time) else value
