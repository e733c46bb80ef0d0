"""Look for everything wrong with a question and its tables before solving."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.answer.screens.room import unlimited
from sourcing.answer.setting import ask, noted
from sourcing.errors import Fault, FaultyInput
from sourcing.resources import find_case, kind_of
from sourcing.tables import Case, read_case

if TYPE_CHECKING:
    from sourcing.tables import Finding


@dataclass(frozen=True)
class CheckReport:
    """Faults that forbid a plan, findings worth knowing, and how large the case is."""

    faults: list[Fault] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    sizes: dict[str, int] = field(default_factory=dict)


def check(subject: str | Path) -> CheckReport:
    """Read a question (a name or a TOML file) or a case (a name or a folder) and report everything about it."""
    try:
        if _is_case(subject):
            case = read_case(subject)
            return CheckReport(findings=[*noted(case), *unlimited(case)], sizes=_sizes(case))
        setting = ask(subject)
    except FaultyInput as error:
        return CheckReport(faults=error.faults)
    errors = [finding.fault for finding in setting.findings if finding.severity == "error"]
    others = [finding for finding in setting.findings if finding.severity != "error"]
    return CheckReport(errors, [*unlimited(setting.case), *others], _sizes(setting.case))


def _is_case(subject: str | Path) -> bool:
    return kind_of(subject) == "folder" or (Path(subject).suffix != ".toml" and find_case(str(subject)) is not None)


def _sizes(case: Case) -> dict[str, int]:
    return {name: len(frame) for name, frame in case.tables.items() if len(frame)}
