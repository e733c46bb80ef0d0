"""Reference pages of the question file and of error codes, written from the schema and the lists of codes.

``python -m sourcing.report.reference question > docs/question.md``, and ``codes`` for docs/codes.md.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any, Literal, Optional, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from sourcing import errors, families
from sourcing.plan.store import CODES as PLAN_CODES
from sourcing.question.chain import CODES as QUESTION_CODES
from sourcing.question.horizon import Horizon
from sourcing.question.schema import Edit, Objective, QuestionFile, Solver, Stability
from sourcing.tables.problems import CODES as DATA_CODES
from sourcing.tables.screens.finding import CODES as SCREEN_CODES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic.fields import FieldInfo

_PARTS: tuple[tuple[str, type[BaseModel], str], ...] = (
    ("The file", QuestionFile, ""),
    ("[horizon]", Horizon, "`start`, and either `steps` or both `periods` and `length`."),
    ("[objective]", Objective, ""),
    ("[[edits]]", Edit, "Each does one thing: it sets cells, adds rows or removes them."),
    ("[stability]", Stability, "At least one key; `frozen_until` or `frozen_days`, not both."),
    ("[solver]", Solver, ""),
)
_EXAMPLE = """\
schema = 1
question = "What does at most 35 % of NdPr from one country cost, if Lynas is 10 % dearer?"
case = "magnet-maker"

[horizon]
start = "2027-01"
periods = 16
length = "quarter"

[objective]
discount_rate = 0.08

[[limits]]
limit = "ndpr-one-country"
measure = "share"
by = "country"
element = "NdPr"
value = 0.35
from = 2029-01-01

[[edits]]
table = "offers"
where = { supplier = "Lynas" }
set = { price = "x1.1" }
"""
_EXITS = (
    (0, "proven and audited, or what was asked for is done"),
    (1, "a bug in sourcing"),
    (2, "usage: a word or an option that the command does not know"),
)
_KINDS = (
    (errors.FaultyInput, "tables or question cannot be used; every fault is listed with its code"),
    (errors.InfeasiblePlan, "no plan meets all rules: the answer says what has to give"),
    (errors.StoppedEarly, "stopped before proof; the best plan so far is kept, if there is one"),
    (errors.AuditFailure, "the audit does not agree with the plan"),
    (errors.SolverError, "the solver could not decide, the file system failed, or memory ran out"),
)
_EITHER = {get_origin(int | None), get_origin(Optional[int])}  # noqa: UP045 - Python before 3.14 tells the two apart
_WORDS: dict[object, str] = {str: "text", int: "whole number", float: "number", bool: "true or false"}


def question_page() -> str:
    """Return the page of the question file: every key with what may stand there, its default and an example."""
    text = [
        "# The question file\n\n"
        "A question is a TOML file. This page is written from its schema: what is not here is refused.\n"
        "Columns of `limits`, and of the tables that edits change, are in `sourcing docs tables`.\n"
    ]
    for title, model, words in _PARTS:
        text.append(f"## {title}\n")
        text += [f"{words}\n"] if words else []
        text += ["| key | what may stand there | if left out | meaning | example |", "|---|---|---|---|---|"]
        text += [_key(field.alias or name, field) for name, field in model.model_fields.items()]
        text.append("")
    names = ", ".join(f"`{card.name}`" for card in families.cards().values() if card.optional or card.blanked)
    text.append(f"`without` takes families of rules: {names}.\n")
    text.append(f"## An example\n\n```toml\n{_EXAMPLE}```\n")
    return "\n".join(text)


def _key(name: str, field: FieldInfo) -> str:
    assert field.examples, name
    default = "**required**" if field.is_required() else _default(field)
    meaning = (field.description or "").replace("|", "\\|")
    return f"| `{name}` | {_allowed(field)} | {default} | {meaning} | `{name} = {field.examples[0]}` |"


def _default(field: FieldInfo) -> str:
    value: Any = field.default
    if value is PydanticUndefined:
        made: Callable[[], Any] | None = field.default_factory  # type: ignore[assignment]
        return "none" if made is None or made() == [] else "its keys' own"
    if isinstance(value, str):
        return f'"{value}"'
    return "none" if value is None else str(value).lower()


def _allowed(field: FieldInfo) -> str:
    bounds = {
        name: getattr(each, name) for each in field.metadata for name in ("ge", "gt", "le") if hasattr(each, name)
    }
    words = [
        f"{sign} {bounds[name]:,}" for name, sign in (("ge", "from"), ("gt", "above"), ("le", "to")) if name in bounds
    ]
    return " ".join([_kind(field.annotation), *words])


def _kind(annotation: Any) -> str:
    """Return a type in a planner's words."""
    origin, within = get_origin(annotation), [one for one in get_args(annotation) if one is not type(None)]
    if origin is Literal:
        return " or ".join(f'"{value}"' if isinstance(value, str) else str(value) for value in within)
    if origin is Annotated or (origin in _EITHER and len(within) == 1):
        return _kind(within[0])
    if origin is tuple:
        return f"[{', '.join(map(_kind, within))}]"
    if origin is list:
        named = within[0] in _WORDS or get_origin(within[0]) in {Literal, Annotated}
        return f"list of {_kind(within[0])}" if named else "list of tables"
    if origin is dict or (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return "table of keys"
    return _WORDS[annotation]


def codes_page() -> str:
    """Return the page of exit codes and of every code of a fault or a finding."""
    text = ["# Codes\n\n## Exit codes\n", "| code | means |", "|---|---|"]
    exits = [*_EXITS, *((kind.exit_code, words) for kind, words in _KINDS)]
    text += [f"| {code} | {words} |" for code, words in sorted(exits)]
    text.append(
        "\n## Faults and findings\n\n"
        "A message ends with its code. Codes never change their meaning; `--json` gives them as `code`.\n"
        "Faults of DATA and QUESTION end a command with exit code 3; SCREEN findings are errors, warnings or notes.\n"
    )
    own = {code: what for code, what in families.codes().items() if not code.startswith("SCREEN")}
    screened = {code: what for code, what in families.codes().items() if code not in own}
    for codes in (DATA_CODES | own, QUESTION_CODES, SCREEN_CODES | screened, PLAN_CODES):
        text += ["| code | what |", "|---|---|", *(f"| {code} | {what} |" for code, what in sorted(codes.items())), ""]
    return "\n".join(text)


PAGES: Mapping[str, Callable[[], str]] = {"question": question_page, "codes": codes_page}
"""Every page by its name in docs/."""

if __name__ == "__main__":
    sys.stdout.write(PAGES[sys.argv[1]]())
