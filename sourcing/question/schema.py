"""The closed schema of a question: every key it may have, and what may stand there."""

from __future__ import annotations

import os
from datetime import date, timedelta
from itertools import chain
from pathlib import Path  # noqa: TC003 - pydantic reads the annotation when the class is made
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field, PlainValidator, field_serializer, field_validator, model_validator

from sourcing.question.closed import Closed
from sourcing.question.horizon import Horizon  # noqa: TC001 - pydantic reads the annotation when the class is made
from sourcing.tables.dates import parse_date

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def _cell(value: object) -> bool | int | float | str:
    if isinstance(value, bool | int | float | str):
        return value
    raise ValueError(f"{value!r} is no cell of a table; write a number, text, true or false")


def _cells(value: object) -> list[bool | int | float | str]:
    return [_cell(one) for one in (value if isinstance(value, list) else [value])]


Cell = Annotated[bool | int | float | str, PlainValidator(_cell)]
Cells = Annotated[bool | int | float | str | list[bool | int | float | str], PlainValidator(_cells)]
"""One value or several; read, it is a list."""


SMOOTH = 1e-4
"""The part of the least cost that smooth orders may cost where a question does not say."""


class Objective(Closed):
    """What is made as small as possible.

    ``minimize`` left out is shortage, then cost; where shortage is priced, limited or none, it is cost alone.
    Limited means that only what limits on shortage allow may stay short.
    """

    shortage: Literal["least", "priced", "limited", "none"] = Field(
        default="least",
        description="what may stay short: as little as can be, what its price allows, what limits allow, or nothing",
        examples=['"least"'],
    )
    minimize: list[Literal["shortage", "cost"]] = Field(
        default_factory=list,
        description="what comes first, then next; left out: shortage, then cost (cost alone unless shortage is least)",
        examples=['["shortage", "cost"]'],
    )
    discount_rate: float = Field(
        default=0.0, ge=0, le=1, description="real, per year, as a share: 0.08 is 8 %", examples=["0.08"]
    )
    smooth: float = Field(
        default=SMOOTH,
        ge=0,
        le=0.01,
        description="part of the least cost that a plan may cost more where its orders then move less from period to "
        "period; 0 keeps to the least cost",
        examples=["0.0001"],
    )

    @model_validator(mode="before")
    @classmethod
    def _default_order(cls, data: object) -> object:
        if isinstance(data, dict) and "minimize" not in data:
            priced = data.get("shortage") in ("priced", "limited", "none")
            return {**data, "minimize": ["cost"] if priced else ["shortage", "cost"]}
        return data

    @model_validator(mode="after")
    def _order_makes_sense(self) -> Objective:
        if self.minimize not in (["shortage", "cost"], ["cost"]):
            raise ValueError(f'minimize is {self.minimize}; write ["shortage", "cost"] or ["cost"]')
        if self.minimize == ["cost"] and self.shortage == "least":
            raise ValueError(
                'cost alone would buy nothing; put shortage first, or write shortage = "priced", "limited" or "none"'
            )
        return self


class Solver(Closed):
    """How long and how exactly to solve."""

    gap: float | None = Field(
        default=None,
        ge=0,
        le=1,
        description="largest proven distance to the optimum, as a share of it, 0 to prove to the end; for questions "
        "with whole numbers. Blank is 0 for a search of up to 2,000 nodes, and 0.0001 for every 2,000, up to 0.001",
        examples=["0.001"],
    )
    time_limit: float | None = Field(
        default=None, gt=0, description="seconds after which the best plan found so far is kept", examples=["600"]
    )
    threads: int | None = Field(default=None, ge=1, description="threads of the solver", examples=["2"])


class Stability(Closed):
    """How far the last plan binds this one; it becomes rows of the tables last_orders and change_terms."""

    last: str | None = Field(
        default=None,
        description="folder of the last plan, relative to this file or to where you are",
        examples=['"../runs/2027-01-04-diversified"'],
    )
    frozen_until: str | None = Field(
        default=None, description="first day on which its orders do not stand any more", examples=['"2027-04-15"']
    )
    frozen_days: int | None = Field(
        default=None, ge=0, le=100_000, description="or for how many days from the start they stand", examples=["90"]
    )
    change_cost: float | None = Field(
        default=None, ge=0, description="USD for each tonne ordered more or less after that", examples=["50"]
    )

    @field_validator("frozen_until")
    @classmethod
    def _until_is_a_date(cls, value: str | None) -> str | None:
        if value is not None and parse_date(value) is None:
            raise ValueError(f'"{value}" is not a date; write it as "2027-04" or "2027-04-15"')
        return value

    @model_validator(mode="after")
    def _says_one_thing(self) -> Stability:
        if self.frozen_until is not None and self.frozen_days is not None:
            raise ValueError("frozen_until and frozen_days both say how long; write one of the two")
        if not self.model_fields_set:
            raise ValueError('it says nothing; write last = "folder of the last plan", frozen_until or change_cost')
        return self

    def frozen(self, start: date) -> date | None:
        """Return the first day that is not frozen any more, for a horizon that begins on ``start``."""
        if self.frozen_days is not None:
            return start + timedelta(days=self.frozen_days)
        return parse_date(self.frozen_until) if self.frozen_until is not None else None


class Edit(Closed):
    """A what-if: rows of a table set, added or removed."""

    table: str = Field(description="the table to change", examples=['"offers"'])
    where: dict[str, Cells] | None = Field(
        default=None,
        description="which rows: column = value, or a list of values; {} means every row",
        examples=['{ material = "dy_oxide", offer = ["LYN-DY", "ILU-DY"] }'],
    )
    set: dict[str, Cell] | None = Field(
        default=None,
        description='cells of those rows: column = value; of numbers also "x1.4", "+3" and "-3"; "" is blank',
        examples=['{ price = "x1.1" }'],
    )
    add: list[dict[str, Cell]] | None = Field(
        default=None,
        description="rows to add, without where",
        examples=['[{ site = "EU-PLANT", material = "dy_oxide", period = "2028", quantity = 5 }]'],
    )
    remove: bool = Field(default=False, description="true removes the rows", examples=["true"])

    @property
    def conditions(self) -> dict[str, list[bool | int | float | str]]:
        """The values that each column of ``where`` may have."""
        return {name: values if isinstance(values, list) else [values] for name, values in (self.where or {}).items()}

    @model_validator(mode="after")
    def _does_one_thing(self) -> Edit:
        if [self.set is not None, self.add is not None, self.remove].count(True) != 1:
            raise ValueError("an edit sets, adds or removes; write exactly one of set, add and remove = true")
        if self.add is None and self.where is None:
            raise ValueError("it does not say which rows; add where = { column = value } ({} means every row)")
        if self.add is not None and self.where is not None:
            raise ValueError("rows that are added are not looked for; remove where")
        return self


class QuestionFile(Closed):
    """What may stand in the TOML file."""

    schema_: Literal[1] = Field(alias="schema", description="the version of this format", examples=["1"])
    question: str = Field(
        description="the question in a sentence; the screen begins with it",
        examples=['"What does 35 % from one country cost?"'],
    )
    case: str = Field(
        description="name of a ready case, or a folder of tables, relative to this file", examples=['"magnet-maker"']
    )
    extends: str | None = Field(
        default=None, description="path of the question this one builds on", examples=['"cheapest.toml"']
    )
    horizon: Horizon = Field(
        description="the time a plan covers", examples=['{ start = "2027-01", periods = 16, length = "quarter" }']
    )
    objective: Objective = Field(
        default_factory=lambda: Objective.model_validate({}),
        description="what is made as small as possible",
        examples=['{ shortage = "least", discount_rate = 0.08 }'],
    )
    limits: list[dict[str, Cell]] = Field(
        default_factory=list,
        description="rows of the table limits, beside those of the case; one of the same name takes its place",
        examples=['[{ limit = "one-country", measure = "share", by = "country", element = "NdPr", value = 0.35 }]'],
    )
    presets: list[str] = Field(
        default_factory=list,
        description="rules of law to keep, or days off: names, or files relative to this one",
        examples=['["eu-crma-2030"]'],
    )
    edits: list[Edit] = Field(
        default_factory=list,
        description="what-ifs, in order",
        examples=['[{ table = "offers", where = { offer = "LYN-DY" }, set = { price = "x1.1" } }]'],
    )
    stability: Stability | None = Field(
        default=None, description="how far the last plan binds this one", examples=["{ frozen_days = 90 }"]
    )
    without: list[str] = Field(
        default_factory=list, description="families of rules to leave out", examples=['["stability"]']
    )
    solver: Solver = Field(
        default_factory=lambda: Solver.model_validate({}),
        description="how long and how exactly to solve",
        examples=["{ gap = 0.001 }"],
    )


class Question(QuestionFile):
    """A question as read, ``extends`` followed, and where its parts come from.

    ``name`` is the file's without ``.toml``; ``case_path`` where its case lies, ``last_path`` where the last plan does;
    ``files`` the sha256 of every file of the chain, ``text`` the text of the last. ``limit_places`` and ``edit_places``
    say where each limit and edit stands ("diversified.toml limits #2").
    """

    name: str = ""
    path: Path | None = None
    case_path: Path | None = None
    last_path: Path | None = None
    text: str = ""
    files: dict[str, str] = Field(default_factory=dict)
    limit_places: list[str] = Field(default_factory=list)
    edit_places: list[str] = Field(default_factory=list)

    @field_serializer("path", "case_path", "last_path", when_used="json")
    def _as_letters(self, path: Path | None) -> str | None:
        """Return a path as text that JSON can hold: a byte that is no letter in UTF-8 becomes a question mark."""
        return None if path is None else os.fsencode(path).decode("utf-8", "replace")

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Return a copy with changes; where a changed part comes from changes with it.

        Nothing is checked before the copy is asked: then as a file is, an edit or a horizon written as a dict included.
        """
        more = dict(update or {})
        for name, places in (("limits", "limit_places"), ("edits", "edit_places")):
            if isinstance(more.get(name), list | tuple):
                more.setdefault(places, self._places(name, more[name]))
        for name, place in (("case", "case_path"), ("stability", "last_path")):
            if name in more:
                more.setdefault(place, None)
        return super().model_copy(update=more, deep=deep)

    def _places(self, name: str, entries: Sequence[Any]) -> list[str]:
        """Return where entries stand: those that were there before where they did, others in this question."""
        known = {"limits": self.limit_places, "edits": self.edit_places}[name]
        before = list(zip(getattr(self, name), known, strict=False))
        own = (f"{self.name or 'question'} {name} #{number + 1}" for number in range(len(entries)))
        return [
            next((at for was, at in chain(before[number : number + 1], before) if was is entry or was == entry), place)
            for number, (entry, place) in enumerate(zip(entries, own, strict=True))
        ]
