"""What a stored plan has to be: the shape of its manifest, and the columns that earlier versions did not write."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
"""Of a table: a file of the folder itself."""
Table = Annotated[list[Name], Field(max_length=100)]


class Open(BaseModel):
    """Keys that must be what they are; others are nobody's business."""

    model_config = ConfigDict(extra="allow", strict=True, allow_inf_nan=False, populate_by_name=True)


class Days(Open):
    """The verdict on stock day by day."""

    words: str = ""


class Audited(Open):
    """The verdict as stored."""

    clean: bool
    findings: list[str]
    days: Days = Days()


class OwnRule(Open):
    """A rule of an analyst's own."""

    rule: str


class OwnRules(Open):
    """What an analyst added to a model."""

    rules: list[OwnRule] = []
    changed: list[str] = []


class GivenUp(Open):
    """A rule that gives way."""

    table: Literal["limits", "conditions"]
    name: str
    priority: float | None = None
    short: float | None = None


class Claim(Open):
    """A statement and what it rests on: sums without rounding, a second solve, or the solver's word."""

    of: str
    claim: Literal["claimed", "re-solved", "proven"]
    value: float | None = None
    bound: float | None = None


class Smooth(Open):
    """How far a plan is above the least cost, because its orders move less."""

    sliver: float
    least: float
    more: float
    moved: float
    starts: int
    cheapest_moved: float
    cheapest_starts: int


class Options(Open):
    """How it was solved."""

    gap: float | None = None
    time_limit: float | None = None
    threads: int | None = None


class Headed(Open):
    """What every manifest has."""

    schema_: Literal[1] = Field(alias="schema")
    question: str
    case: str
    tables: Table
    name: str = ""
    versions: dict[str, str] = {}
    inputs: dict[str, str] = {}
    given_up: list[GivenUp] = []
    notes: list[str] = []
    seconds: dict[str, float] = {}


class Manifest(Headed):
    """The manifest of a plan, of this version or an earlier one."""

    kind: None = None
    created: str
    status: Literal["optimal", "stopped"]
    shortage: str | None = None
    objective: dict[str, float]
    bound: float | None = None
    gap: float | None = None
    sizes: dict[str, int] = {}
    whole: bool = False
    options: Options = Options()
    families: list[str] = []
    without: list[str] = []
    edits: list[dict[str, Any]] = []
    cheapest_cost: float | None = None
    cheapest_shortage: float | None = None
    cheapest_gap: float = 0.0
    audit: Audited
    own_rules: OwnRules = OwnRules()
    alternative: dict[str, Any] = {}
    smooth: Smooth | None = None
    claims: list[Claim] = []


class Asked(Open):
    """The limit of a curve."""

    limit: str
    value: float


class Free(Open):
    """What it costs without the limit."""

    cost: float


class Steep(Open):
    """Where a curve goes all but straight up."""

    words: str
    elsewhere: float


class Curve(Headed):
    """The manifest of a curve."""

    kind: Literal["target"]
    limit: Asked
    free: Free
    widest: float
    steep: Steep | None
    findings: list[str]


Weight = Literal["cost", "shortage", "carbon", "lead-time", "hhi"]


class Measure(Open):
    """One of the measures that are weighed."""

    limit: dict[str, Any] | None = None


class Weighed(Headed):
    """The manifest of a frontier."""

    kind: Literal["frontier"]
    measures: Annotated[
        dict[Literal["cost", "shortage", "carbon", "lead-time", "hhi"], Measure], Field(min_length=2, max_length=3)
    ]
    folders: Annotated[list[str], Field(min_length=1, max_length=10_000)]
    findings: list[str]
    widest: float | None
    gap: float
    whole: bool


class Places(RootModel[dict[str, list[str]]]):
    """Where the rows of each table first came from."""

    model_config = ConfigDict(strict=True)


LATER: dict[str, dict[str, Any]] = {
    "binding": {"together": "", "worth": math.nan},
    "shares": {"lots": math.nan, "heap": math.nan},
}
"""Columns that plans of earlier versions have not, and what stands there instead."""
MEANT: dict[str, dict[str, str]] = {
    "limits": {"counts": "arrivals"},
    "offers": {"lot_of": "period"},
}
"""Columns that the inputs of such plans have not, and what a row meant that could not say it."""
