"""Put a finished plan, or a model, where it was asked for: complete or not at all."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.engine.writing import write as write_program
from sourcing.errors import InfeasiblePlan, SolverError, StoppedEarly
from sourcing.plan.drafts import claim, new_folder, unwritable, writing
from sourcing.plan.result import write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import Highs
    from sourcing.interrupts import Interrupts
    from sourcing.outcome import Values
    from sourcing.plan import Plan
    from sourcing.plan.drafts import Draft

    Writer = Callable[[Highs, Formulation], None]


def log_in(draft: Draft) -> Path:
    """Return where the solver's log of a plan goes."""
    return draft.path / "analyst" / "solver.log"


@contextmanager
def log_kept(draft: Draft, heard: Interrupts) -> Iterator[Path]:
    """Give where the solver's log goes; of a run that ends without a plan it is kept under a name that says so.

    The failure has its place. Who interrupts a run is told that nothing was written, and nothing is.

    Raises
    ------
    SolverError : there is no room for it.
    """
    log = log_in(draft)
    with writing(draft.target):
        log.parent.mkdir()
    try:
        yield log
    except (InfeasiblePlan, StoppedEarly, SolverError) as failure:
        if not heard.came and _read(log):
            draft.rename("no-plan")
            with suppress(OSError):
                draft.keep()
                failure.log = draft.target / log.relative_to(draft.path)
        raise


def keep(plan: Plan, values: Values, draft: Draft, heard: Interrupts, wrote: Callable[[], None]) -> None:
    """Write everything into the draft and give it its name; a plan the audit refuses gets one that says so.

    ``wrote`` is called when all but the manifest is written.

    Raises
    ------
    SolverError : it cannot be written there; the message says where it is kept instead. Or it would not be read as it
        is, and is not kept at all.
    """
    if not plan.manifest["audit"]["clean"]:
        draft.rename("audit-failed")
    try:
        _fill(plan, values, draft, heard, wrote)
    except OSError as error:
        words = f"{draft.target}: {unwritable(error)}"
        log = _read(log_in(draft))
        draft.drop()
        raise SolverError(f"{words}; {_elsewhere(plan, values, draft.target.name, log, heard)}") from error


def _fill(plan: Plan, values: Values, draft: Draft, heard: Interrupts, wrote: Callable[[], None]) -> None:
    write_whole(plan, values, draft.path, wrote)
    heard.finish()
    try:
        draft.keep()
    except OSError:
        heard.hold()
        raise


def _elsewhere(plan: Plan, values: Values, name: str, log: bytes, heard: Interrupts) -> str:
    """Keep a plan in the system's temporary folder, for its owner alone; return what became of it."""
    place = None
    try:
        place = Path(tempfile.mkdtemp(prefix="sourcing-"))
        with new_folder(place / name) as draft:
            log_in(draft).parent.mkdir()
            log_in(draft).write_bytes(log)
            _fill(plan, values, draft, heard, lambda: None)
            return f"the plan is kept in {draft.target}: move it to where there is room"
    except (OSError, SolverError):
        if place is not None:
            shutil.rmtree(place, ignore_errors=True)
        return (
            f"nor can {place or 'a temporary folder'}, and the plan that was found is lost: "
            "make room, or choose another folder with --out, and run it again"
        )


def _read(log: Path) -> bytes:
    with suppress(OSError):
        return log.read_bytes()
    return b""


@contextmanager
def model_file(path: Path | None) -> Iterator[Writer | None]:
    """Give what writes a model to a file, the whole of it or nothing; None if none is asked for.

    Raises
    ------
    SolverError : the file cannot be written; before anything is solved if that can be seen.
    """
    if path is None:
        yield None
        return
    refusal = "name another file with --write-model"
    if path.is_dir():
        raise SolverError(f"{path}: is a folder; {refusal}")
    draft = claim(path, refusal)

    def write(highs: Highs, formulation: Formulation) -> None:
        try:
            half = draft.path / path.name
            write_program(highs, half, (formulation.column_names, formulation.row_names))
            half.replace(path)
        except OSError as error:
            raise SolverError(f"{path}: {unwritable(error)}; {refusal}") from error

    try:
        yield write
    finally:
        draft.drop()
