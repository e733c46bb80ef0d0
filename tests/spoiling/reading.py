"""A pytest plugin for mutmut: each case is read once, since nobody mutates the reading and most of all time goes there.

mutmut forks a process per mutant from one that has run all tests, so what that one remembers costs a mutant nothing. It
must not remember more than tables: what families derive from them, and wrote of them, is theirs, and mutated.
"""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any

from cases import chain

from sourcing.answer import last_plan
from sourcing.tables import read

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcing.question import Question
    from sourcing.tables import Case
    from sourcing.tables.readers import Delivery

REMEMBERED: dict[Any, Any] = {}
case_of, apply = read.case_of, chain.apply


def read_once(delivery: Delivery, base: Case | None = None, known: Case | None = None) -> Case:
    """Return what ``case_of`` returns, under the name and in the folder of this delivery."""
    if base is not None or known is not None:
        return case_of(delivery, base, known)
    found = _once(("read", *sorted(delivery.files.items())), lambda: case_of(delivery))
    return renamed(found, delivery.name, delivery.folder)


def apply_once(question: Question, case: Case) -> Case:
    """Return what ``apply`` returns, under the name and in the folder of this case."""
    found = _once(("apply", *_asked(question, case)), lambda: apply(question, case))
    return renamed(found, case.name, case.folder)


def _asked(question: Question, case: Case) -> list[Any]:
    """Return what question and case say, apart from where they lie."""
    return [question.model_dump_json(exclude={"path", "case_path"}), *sorted(case.files.items())]


def renamed(case: Case, name: str, folder: Any) -> Case:
    """Return the case under another name, nothing derived from it; its tables are sorted already, which is dear."""
    found = object.__new__(type(case))
    for field in dataclasses.fields(case):
        object.__setattr__(found, field.name, getattr(case, field.name))
    object.__setattr__(found, "name", name)
    object.__setattr__(found, "folder", folder)
    object.__setattr__(found, "memory", {})
    return found


def _once(key: Any, make: Callable[[], Any]) -> Any:
    if key not in REMEMBERED:
        REMEMBERED[key] = make()
    return REMEMBERED[key]


def pytest_configure() -> None:
    """Let the tests read so."""
    read.case_of = read_once
    chain.apply = last_plan.apply = apply_once
