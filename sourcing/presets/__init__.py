"""Rule presets: what a law or a policy asks of origins, and days off: dated and cited data that anybody can edit."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from sourcing.characters import fact, texts_in, unfit
from sourcing.errors import Fault, QuestionError, schema_fault
from sourcing.resources import find_preset, kind_of, preset_names
from sourcing.tables.dates import parse_date
from sourcing.tables.problems import did_you_mean, listed
from sourcing.tables.toml_file import read_toml

if TYPE_CHECKING:
    from collections.abc import Iterator

Stage = Literal["feed", "mine", "concentrate", "oxide", "metal", "alloy", "magnet", "product"]


class _Closed(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class Requirement(_Closed):
    """One thing that is asked: of each stage and element, and of each calendar year from ``since`` on.

    ``counts`` says whether it is asked of what is used, or of what comes in. ``limits`` says whether a question that
    takes the preset is held to it, or is only told how it stands. ``owned`` is the part of a source from which on all
    of it counts as the member's.
    """

    name: str = Field(min_length=1)
    says: str = Field(min_length=1)
    stages: list[Stage] = Field(min_length=1)
    by: Literal["origin", "origin_owner", "shipped_from", "country", "owner_country", "recycled"]
    member: str = ""
    each_but: str = ""
    owned: float | None = Field(None, gt=0, le=1)
    counted_in: Literal["element", "tonnes", "value"] = "element"
    counts: Literal["use", "arrivals"] = "arrivals"
    sense: Literal["max", "min"]
    value: float = Field(ge=0, le=1)
    since: str = Field(alias="from")
    limits: bool
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _names_somebody(self) -> Requirement:
        if bool(self.member) == bool(self.each_but):
            raise ValueError(
                "it names nobody: write member (a group or one member), or each_but (one by one, but those)"
            )
        if self.each_but and self.sense == "min":
            raise ValueError("a least share of each one by one cannot be met: write member")
        if self.owned is not None and (self.by != "origin_owner" or self.value > 0 or self.sense == "min"):
            raise ValueError('owned shuts sources out: it needs by = "origin_owner", sense = "max" and value = 0.0')
        if parse_date(self.since) is None:
            raise ValueError(f'"{self.since}" is not a date; write it as "2030-01-01"')
        return self


class Closing(_Closed):
    """Days, ``since`` to the one before ``until``, on which all of what ``stops`` is closed in a country."""

    name: str = Field(min_length=1)
    country: str = Field(min_length=1)
    stops: list[Literal["orders", "loading", "customs", "receipt"]] = Field(min_length=1)
    since: str = Field(alias="from")
    until: str
    confidence: Literal["cited", "recalled", "estimate"]
    source: str = Field(min_length=1)

    @model_validator(mode="after")
    def _has_days(self) -> Closing:
        first, after = parse_date(self.since), parse_date(self.until)
        if first is None or after is None or after <= first:
            raise ValueError(f'"{self.since}" to "{self.until}" are no days; until is the first open day after')
        return self


class Preset(_Closed):
    """A file of ``data/presets``, or one like it; ``covers`` are the elements it speaks of, [] = all.

    It has requirements, closures or both.
    """

    schema_: Literal[1] = Field(alias="schema")
    title: str = Field(min_length=1)
    source: str = Field(min_length=1)
    as_of: str
    confidence: Literal["cited", "recalled", "estimate"]
    covers: list[str]
    note: str = ""
    groups: dict[str, list[str]] = Field(default_factory=dict)
    requirements: list[Requirement] = Field(default_factory=list)
    closures: list[Closing] = Field(default_factory=list)
    name: str = ""

    @model_validator(mode="after")
    def _says_something(self) -> Preset:
        if not self.requirements and not self.closures:
            raise ValueError("it asks for nothing: add [[requirements]] or [[closures]]")
        return self

    @model_validator(mode="after")
    def _groups_are_known(self) -> Preset:
        unknown = [each.each_but for each in self.requirements if each.each_but and each.each_but not in self.groups]
        if unknown:
            raise ValueError(f"each_but names {listed(unknown)}, and there is no such group; add it under [groups]")
        return self

    def members(self, requirement: Requirement) -> frozenset[str]:
        """Return whom a requirement is about: the members of its group, or the one member; of each_but the others."""
        named = requirement.member or requirement.each_but
        return frozenset(self.groups.get(named, [named]))

    def covered(self, elements: list[str]) -> list[str]:
        """Return those of some elements that it speaks of."""
        return [element for element in elements if not self.covers or element in self.covers]


_KEYS = set(Preset.model_fields) - {"title", "source", "name", "note", "schema_"}
"""Keys of a preset that other files have not."""


def load_preset(name_or_path: str | Path) -> Preset:
    """Return the preset in a TOML file, or the ready one of that name.

    Raises
    ------
    QuestionError : QUESTION-217, there is none, or everything that is wrong with it.
    """
    path = Path(name_or_path) if kind_of(name_or_path) == "file" else find_preset(str(name_or_path))
    if path is None:
        names = preset_names()
        repair = did_you_mean(str(name_or_path), names, f"name a TOML file, or one of {listed(names)}")
        raise QuestionError([Fault(str(name_or_path), "there is no such preset", repair, "QUESTION-217")])
    data = read_toml(path, "QUESTION-217", "a preset", foreign=True).data
    if not _KEYS & set(data):
        fact = "it is no preset: its keys are those of something else"
        raise QuestionError([Fault(path.name, fact, "name the TOML file of a preset", "QUESTION-217")])
    try:
        preset = Preset.model_validate({**data, "name": path.stem})
    except ValidationError as error:
        faults = [schema_fault(path.name, detail, "QUESTION-217") for detail in error.errors(include_url=False)]
        raise QuestionError(faults) from error
    faults = list(_unfit(data | {"file": path.name}, path.name))
    if faults:
        raise QuestionError(faults)
    return preset


def _unfit(data: dict[str, Any], file: str) -> Iterator[Fault]:
    """Yield a fault for each text of a preset, its file's name among them, with a character that no text has."""
    for keys, text in texts_in(data):
        found = unfit(text, lines=keys[-1] in {"note", "says"})
        if found:
            place = ".".join(str(key + 1) if isinstance(key, int) else key for key in keys)
            yield Fault(f"{file}, {place}", fact(found), "take it out, or write it anew", "QUESTION-217")
