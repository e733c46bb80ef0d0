"""The ways a run can fail, each with its exit code and a message of place, fact and repair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

LONGEST = 600
"""Characters of a part of a fault; what quotes more than that of an input is cut in its middle."""


@dataclass(frozen=True)
class Fault:
    """One thing wrong with the input: where it is, what was found, what to do about it.

    ``place`` is in the reader's terms ("offers.csv row 17, capacity"), ``code`` is stable and greppable ("DATA-104").
    All are one line of letters that can be shown, whatever they quote. ``count`` is how many faults it stands for: the
    last of a kind may say "and 950 more".
    """

    place: str
    fact: str
    repair: str
    code: str
    count: int = 1

    def __post_init__(self) -> None:
        for name in ("place", "fact", "repair"):
            object.__setattr__(self, name, _readable(getattr(self, name)))

    def __str__(self) -> str:
        """Return the fault as one sentence."""
        return f"{self.place}: {self.fact}; {self.repair}" if self.repair else f"{self.place}: {self.fact}"


def _readable(text: str) -> str:
    """Return the text without line breaks and characters that steer a terminal, and no longer than can be read."""
    if not text.isprintable():
        text = "".join(letter if letter.isprintable() else " " for letter in text)
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]} … {text[-LONGEST // 2 :]}"


def schema_fault(file: str, detail: Mapping[str, Any], code: str) -> Fault:
    """Return what a schema refuses of a file of data, as pydantic tells it, by its key (counted from 1)."""
    keys = ".".join(str(key + 1) if isinstance(key, int) else key for key in detail["loc"])
    place, message = f"{file}, {keys}" if keys else file, str(detail["msg"])
    if detail["type"] == "extra_forbidden":
        return Fault(place, "there is no key of this name", "take it out, or correct its name", code)
    if detail["type"] == "missing":
        return Fault(place, "it is missing", "add it", code)
    if detail["type"] == "value_error":
        fact, _, repair = message.removeprefix("Value error, ").rpartition("; ")
        return Fault(place, fact or repair, repair if fact else "correct it", code)
    wanted = message.replace("Input should be", "write").partition(", unable")[0]
    return Fault(place, f"{detail['input']!r} does not fit", wanted, code)


class SourcingError(Exception):
    """Any failure that is not a bug; ``exit_code`` is what the command line ends with.

    ``log`` is where the solver's log of a run without a plan is kept, if it is.
    """

    exit_code: ClassVar[int] = 1
    log: Path | None = None

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle what it holds as it is: made again from its message alone it would hold that message's letters."""
        return _again, (type(self), self.args), self.__dict__


def _again(kind: type[SourcingError], words: tuple[Any, ...]) -> SourcingError:
    """Return a failure with its message and, as yet, nothing else."""
    return kind.__new__(kind, *words)


class FaultyInput(SourcingError):
    """Input that cannot be used; carries every fault found, not only the first."""

    exit_code: ClassVar[int] = 3

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = faults
        super().__init__("\n".join(str(fault) for fault in faults))


class DataError(FaultyInput):
    """The tables of a case are wrong."""


class QuestionError(FaultyInput):
    """The question is wrong."""


class InfeasiblePlan(SourcingError):
    """No plan meets all rules; ``explanation`` says what has to give (``sourcing.reasons.Explanation``)."""

    exit_code: ClassVar[int] = 4

    def __init__(self, explanation: object) -> None:
        self.explanation = explanation
        super().__init__("no plan meets all rules")


class StoppedEarly(SourcingError):
    """The run was stopped before any plan was finished."""

    exit_code: ClassVar[int] = 5


class AuditFailure(SourcingError):
    """The auditor's arithmetic disagrees with the plan; ``plan`` is that plan where nobody has it otherwise."""

    exit_code: ClassVar[int] = 6

    def __init__(self, findings: list[str], plan: object = None) -> None:
        self.findings, self.plan = findings, plan
        super().__init__("\n".join(findings))


class SolverError(SourcingError):
    """The solver or the file system failed."""

    exit_code: ClassVar[int] = 7


class OutOfMemory(SourcingError):
    """The machine, or what the process may have of it, is too small for the question."""

    exit_code: ClassVar[int] = 7


class FaultyFamily(SourcingError):
    """A family of rules would be ignored, built twice or built in vain: something is missing in its folder."""

    exit_code: ClassVar[int] = 7
