"""How far a number may be off: by what it is and by its confidence, as data that anybody can edit."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sourcing.errors import Fault, QuestionError, schema_fault
from sourcing.resources import folder, kind_of
from sourcing.tables.problems import listed
from sourcing.tables.toml_file import read_toml

if TYPE_CHECKING:
    from pathlib import Path

KINDS = (
    *("price", "capacity", "ramp", "yield", "lead time", "transit"),
    *("licence", "process time", "freight", "duty", "conversion", "demand"),
)
"""Kinds of numbers that may be off."""
CONFIDENCE = ("cited", "recalled", "estimate", "blank")
"""From the most to the least that a row can be trusted."""
_WIDEST, _LATEST = 10.0, 3_650.0


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Range(_Closed):
    """Low and high of one kind of number by confidence: factors on the value, of a ramp days on its dates."""

    kind: str
    cited: tuple[float, float]
    recalled: tuple[float, float]
    estimate: tuple[float, float]
    blank: tuple[float, float]
    why: str = Field(min_length=1)

    @model_validator(mode="after")
    def _holds_the_value(self) -> Range:
        if self.kind not in KINDS:
            raise ValueError(f"'{self.kind}' is no kind of number; write {listed(KINDS)}")
        stated = 0.0 if self.kind == "ramp" else 1.0
        least, most = (-_LATEST, _LATEST) if self.kind == "ramp" else (1.0 / _WIDEST, _WIDEST)
        for name in CONFIDENCE:
            low, high = getattr(self, name)
            if not (math.isfinite(low) and math.isfinite(high) and least <= low <= stated <= high <= most):
                raise ValueError(
                    f"{name} of {self.kind} does not hold the value as stated; "
                    f"write [low, high] with {least:g} <= low <= {stated:g} <= high <= {most:g}"
                )
            if self.kind == "ramp" and not (low.is_integer() and high.is_integer()):
                raise ValueError(f"{name} of {self.kind} has parts of days; write whole days")
        return self


class Ranges(_Closed):
    """A file such as ``data/confidence.toml``: one range for every kind of number."""

    schema_: Literal[1] = Field(alias="schema")
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    as_of: str
    confidence: Literal["cited", "recalled", "estimate"]
    note: str = ""
    ranges: list[Range]
    name: str = ""

    @model_validator(mode="after")
    def _every_kind_once(self) -> Ranges:
        given = [each.kind for each in self.ranges]
        lacking, twice = (
            [kind for kind in KINDS if kind not in given],
            {kind for kind in given if given.count(kind) > 1},
        )
        if lacking or twice:
            raise ValueError(f"not every kind stands there once; look at {listed([*lacking, *sorted(twice)])}")
        return self

    def of(self, kind: str, confidence: str) -> tuple[float, float]:
        """Return low and high of a kind of number at a confidence, "" being none stated."""
        own = next(each for each in self.ranges if each.kind == kind)
        found: tuple[float, float] = getattr(own, confidence or "blank")
        return found


def load_ranges(path: Path | None = None) -> Ranges:
    """Return the ranges in a TOML file, the ready ones without one.

    Raises
    ------
    QuestionError : QUESTION-221, it cannot be read, or everything that is wrong with it.
    """
    path = folder("data") / "confidence.toml" if path is None else path
    if kind_of(path) != "file":
        repair = "name a TOML file such as data/confidence.toml"
        raise QuestionError([Fault(str(path), "there is no such file of ranges", repair, "QUESTION-221")])
    data = read_toml(path, "QUESTION-221", "ranges").data
    try:
        return Ranges.model_validate({**data, "name": path.name})
    except ValidationError as error:
        raise QuestionError(
            [schema_fault(path.name, detail, "QUESTION-221") for detail in error.errors(include_url=False)]
        ) from error
