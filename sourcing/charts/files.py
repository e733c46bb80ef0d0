"""Where a picture goes: a file whose name says its kind, all of it or nothing."""

from __future__ import annotations

from importlib.util import find_spec
from typing import TYPE_CHECKING

from sourcing.errors import Fault, QuestionError, SolverError
from sourcing.plan.drafts import claim, unwritable

if TYPE_CHECKING:
    from pathlib import Path

KINDS = (".svg", ".png", ".html")
PACKAGES = ("altair", "vl_convert")
NO_SENSE = "QUESTION-218"
_INSTEAD = "name another file"


def refuse_picture(path: Path) -> None:
    """Refuse a file that no picture can be written to, before anything is solved or drawn for it.

    Raises
    ------
    QuestionError : QUESTION-218, its name ends in none of the kinds, or what draws is not installed.
    SolverError : it is a folder.
    """
    if path.suffix.lower() not in KINDS:
        fact = f"a picture cannot be a {path.suffix} file" if path.suffix else "its name does not say what kind of file"
        repair = f"end it in {', '.join(KINDS[:-1])} or {KINDS[-1]}"
        raise QuestionError([Fault(str(path), fact, repair, NO_SENSE)])
    missing = [name for name in PACKAGES if find_spec(name) is None]
    if missing:
        fact = f"what draws is not installed ({', '.join(missing)})"
        raise QuestionError([Fault(str(path), fact, "install it: pip install 'sourcing[charts]'", NO_SENSE)])
    if path.is_dir():
        raise SolverError(f"{path}: is a folder; {_INSTEAD}")


def put(path: Path, content: bytes) -> None:
    """Write a file, the whole of it or nothing; an older one of that name is replaced.

    Raises
    ------
    SolverError : it cannot be written.
    """
    draft = claim(path, _INSTEAD)
    try:
        half = draft.path / path.name
        half.write_bytes(content)
        half.replace(path)
    except OSError as error:
        raise SolverError(f"{path}: {unwritable(error)}; {_INSTEAD}") from error
    finally:
        draft.drop()
