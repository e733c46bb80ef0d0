"""How a failure is told: in words on stderr, or as JSON on stdout, and by an exit code."""

from __future__ import annotations

import traceback
from dataclasses import asdict
from typing import Any

import typer

from sourcing.characters import one_line
from sourcing.errors import (
    AuditFailure,
    DataError,
    Fault,
    FaultyFamily,
    FaultyInput,
    InfeasiblePlan,
    OutOfMemory,
    QuestionError,
    SolverError,
    SourcingError,
    StoppedEarly,
)
from sourcing.terminal.output import print_json, screen_width, tell

SHOWN = 20
"""Findings spelled out on the screen; ``--json`` gives all of them."""

_OPENING = {
    DataError: "The tables cannot be used",
    QuestionError: "The question cannot be used",
    InfeasiblePlan: "No plan meets all rules",
    StoppedEarly: "Stopped before any plan was finished",
    AuditFailure: "The audit does not agree with the plan",
    SolverError: "The solver or the file system failed",
    OutOfMemory: "There is not enough memory for this",
    FaultyFamily: "A family of rules cannot be used",
}

_OF_PLANS = "The plan cannot be used for this"
"""In the place of the question's opening where every fault is of a folder that was named."""

_SMALLER = (
    "make the question smaller (fewer or longer periods, fewer materials, the rows of the largest tables that "
    "matter), or give the process more memory"
)
_STARVED = ("failed to map segment", "annot allocate memory", "can't start new thread")
"""What the system says where there is no room for a library or a thread."""


def tell_failure(failure: Exception, *, as_json: bool, debug: bool) -> int:
    """Say what went wrong and return the exit code that says it too."""
    failure = _out_of_memory(failure) or failure
    code = exit_code(failure)
    if as_json:
        print_json({"error": _as_json(failure, code)})
    if code == 1 or debug:
        _tell_bug(failure, debug=debug)
    elif not as_json:
        tell(*_words(failure), *_log_of(failure))
    return code


def tell_interrupt(*, as_json: bool) -> int:
    """Say that Ctrl-C ended the command before there was anything to keep; return the exit code."""
    return tell_failure(StoppedEarly("interrupted; nothing was written"), as_json=as_json, debug=False)


def _log_of(failure: Exception) -> list[str]:
    """Return where the solver's log is of a run that has no plan to keep it with."""
    kept = failure.log if isinstance(failure, SourcingError) else None
    return [f"The solver's log is kept: {one_line(str(kept))}"] if kept else []


def _out_of_memory(failure: Exception) -> OutOfMemory | None:
    """Return the failure in words if memory ran out, None for any other; what it held is let go of first."""
    starved = isinstance(failure, ImportError | RuntimeError | OSError) and any(
        words in str(failure) for words in _STARVED
    )
    if not starved and not isinstance(failure, MemoryError):
        return None
    held: BaseException | None = failure
    while held is not None:
        traceback.clear_frames(held.__traceback__)
        held = held.__cause__ or held.__context__
    return OutOfMemory(_SMALLER).with_traceback(failure.__traceback__)


def exit_code(failure: Exception) -> int:
    """Return the exit code of a failure: 1 is a bug, 2 usage, the others hang on the exception."""
    if isinstance(failure, (SourcingError, typer.TyperException)):
        return failure.exit_code
    return SolverError.exit_code if isinstance(failure, OSError) else 1


def _words(failure: Exception) -> list[str]:
    if isinstance(failure, typer.TyperException):
        context = getattr(failure, "ctx", None)
        place = context.command_path if context else "sourcing"
        return [failure.format_message(), f"Try: {place} --help"]
    if isinstance(failure, OSError):
        return [f"{_OPENING[SolverError]}: {_os_words(failure)}"]
    return _own_words(failure, next((text for kind, text in _OPENING.items() if isinstance(failure, kind)), ""))


def _own_words(failure: Exception, opening: str) -> list[str]:
    if isinstance(failure, FaultyInput):
        return _faults(opening, failure.faults)
    if isinstance(failure, AuditFailure):
        return _listed(opening, failure.findings, "finding")
    if isinstance(failure, InfeasiblePlan):
        return _explained(failure, opening)
    said = str(failure)
    if said.lower().startswith(opening.lower()):
        return [said[:1].upper() + said[1:]]
    return [f"{opening}: {said}"]


def _explained(failure: InfeasiblePlan, opening: str) -> list[str]:
    """Return what has to give, as ``sourcing explain`` would say it."""
    from sourcing.report.explanation import render_explanation

    explanation: Any = failure.explanation  # the base of the package does not know what it looks like
    said = render_explanation(explanation, screen_width()).plain
    return [*([] if said.startswith(opening) else [f"{opening}."]), *said.split("\n")]


def _faults(opening: str, faults: list[Fault]) -> list[str]:
    from sourcing.report.kinds import counted, fault_lines

    if all(fault.code.startswith("PLAN-") for fault in faults):
        opening = _OF_PLANS
    count = counted(faults)
    return [f"{opening}: {count:,} fault{'s' if count != 1 else ''}", *fault_lines(faults)]


def _listed(opening: str, entries: list[str], noun: str) -> list[str]:
    """Return a count and at most SHOWN entries, one a line."""
    lines = [f"{opening}: {len(entries)} {noun}{'s' if len(entries) != 1 else ''}"]
    lines += [f"  {entry}" for entry in entries[:SHOWN]]
    if len(entries) > SHOWN:
        lines.append(f"  … {len(entries) - SHOWN} more; the same command with --json lists all of them")
    return lines


def _as_json(failure: Exception, code: int) -> dict[str, Any]:
    said: dict[str, Any] = {
        "kind": "UsageError" if code == 2 else type(failure).__name__,
        "exit_code": code,
        "message": _os_words(failure) if isinstance(failure, OSError) else str(failure),
        "faults": [asdict(fault) for fault in failure.faults] if isinstance(failure, FaultyInput) else [],
    }
    if isinstance(failure, SourcingError) and failure.log:
        said["log"] = str(failure.log)
    if isinstance(failure, AuditFailure):
        said["findings"] = failure.findings
    if isinstance(failure, InfeasiblePlan):
        from sourcing.report.explanation import explanation_as_json

        explanation: Any = failure.explanation
        said |= explanation_as_json(explanation)
    return said


def _os_words(failure: OSError) -> str:
    return f"{failure.filename}: {failure.strerror}" if failure.filename else str(failure)


def _tell_bug(failure: Exception, *, debug: bool) -> None:
    if debug:
        tell(*"".join(traceback.format_exception(failure)).rstrip().split("\n"))
        return
    tell(f"This is a bug in sourcing, not in your data: {type(failure).__name__}: {failure}")
    tell("Run the command again with --debug and report what it prints.")
