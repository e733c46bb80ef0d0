"""A folder under construction: hidden and held by its process until it is complete, gone if that never happens."""

from __future__ import annotations

import os
import re
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from sourcing.errors import SolverError
from sourcing.plan.holds import clear, make_held

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Places = str | Path | Iterable[str | Path]
    """A folder that does not exist yet, or several, of which the first free one is meant."""

ENDING = ".sourcing-draft"
"""Of the hidden name ``.<target>.sourcing-draft``; what carries it may be thrown away once nobody holds it."""

ELSEWHERE = "choose another folder with --out"


@dataclass
class Draft:
    """A folder to write into; ``target`` is what it will be called, and may still be changed."""

    path: Path
    target: Path
    held: int | None = None
    kept: bool = False

    def drop(self) -> None:
        """Throw the folder away unless it was kept, and let go of it."""
        if not self.kept:
            shutil.rmtree(self.path, ignore_errors=True)
        if self.held is not None:
            os.close(self.held)
            self.held = None

    def rename(self, ending: str) -> None:
        """Give the folder another name: the target's with an ending."""
        self.target = self.target.with_name(f"{self.target.name}-{ending}")

    def keep(self) -> None:
        """Give the folder its name; if that has been taken meanwhile, the next free number is added.

        Raises
        ------
        OSError : the folder cannot be renamed.
        """
        for path in numbered(self.target):
            try:
                self.path.rename(path)
            except OSError:
                if not os.path.lexists(path):
                    raise
            else:
                self.target, self.kept = path, True
                return


def numbered(path: Path) -> Iterator[Path]:
    """Yield a path, then the same with -2, with -3 and so on."""
    return chain([path], (path.with_name(f"{path.name}-{number}") for number in count(2)))


@contextmanager
def new_folder(targets: Places) -> Iterator[Draft]:
    """Give a folder to write into that is gone at the end unless it was kept.

    The name (of several, the first one free) is taken from the start, so that two runs never meet at the end.

    Raises
    ------
    SolverError : the place cannot be written to, the target is there already, or another run is writing it.
    """
    draft = _first_free(Path(one) for one in ([targets] if isinstance(targets, str | PurePath) else targets))
    try:
        yield draft
    finally:
        draft.drop()


def _first_free(targets: Iterable[Path]) -> Draft:
    refusal: Taken | None = None
    for target in targets:
        try:
            refuse_place(target)
            draft = claim(target)
        except Taken as taken:
            refusal = taken
            continue
        if not os.path.lexists(target):
            return draft
        draft.drop()  # another run finished there after the first look
        refusal = Taken(_there(target))
    raise refusal or SolverError("no name for a folder was given")


class Taken(SolverError):
    """A name is another plan's, or another run's."""


def refuse_place(target: Path, what: str = "folder") -> None:
    """Refuse a name for a folder, or ``what``, that something has already, or that lies inside a plan.

    Raises
    ------
    Taken : in words.
    """
    if os.path.lexists(target):
        raise Taken(_there(target, what))
    around = next((folder for folder in target.absolute().parents if _is_plan(folder)), None)
    if around is not None:
        raise SolverError(f"{target}: lies inside the plan {around}; name a {what} beside it")


def _is_plan(folder: Path) -> bool:
    return all(os.path.isfile(folder / name) for name in ("manifest.json", "plan.json"))


def _there(target: Path, what: str = "folder") -> str:
    return f"{target}: is there already; name another {what} or remove it"


def claim(target: Path, instead: str = ELSEWHERE) -> Draft:
    """Make a hidden folder beside the target and hold it; throw away what killed runs have left there.

    Raises
    ------
    SolverError : the place cannot be written to, or another run holds the same.
    """
    with writing(target, instead):
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = Draft(target.with_name(f".{target.name}{ENDING}"), target)
        draft.held = _made(draft, instead)
        for left in target.parent.glob(f".*{ENDING}"):
            clear(left)
    return draft


def _made(draft: Draft, instead: str) -> int | None:
    try:
        return make_held(draft.path)
    except BlockingIOError:
        raise Taken(f"{draft.target}: another run is writing there; wait for it, or {instead}") from None


def write_new(path: Path, text: str) -> None:
    """Write a file that is not there yet, the whole of it or nothing; no link is followed and no file replaced.

    Raises
    ------
    SolverError : something has the name, or it cannot be written.
    """
    instead = "name another file"
    draft = claim(path, instead)
    try:
        half = draft.path / path.name
        with writing(path, instead):
            half.write_text(text, "utf-8")
            is_free = _take(half, path)
        if not is_free:
            raise Taken(_there(path, "file"))
    finally:
        draft.drop()


def _take(half: Path, path: Path) -> bool:
    """Give a file its name unless something has it; return whether it was free."""
    try:
        os.link(half, path)
    except FileExistsError:
        return False
    except OSError:  # a file system without links
        if os.path.lexists(path):
            return False
        half.rename(path)
    return True


@contextmanager
def writing(place: Path, instead: str = ELSEWHERE) -> Iterator[None]:
    """Turn what the file system refuses into words.

    Raises
    ------
    SolverError : a file cannot be written.
    """
    try:
        yield
    except OSError as error:
        raise SolverError(f"{place}: {unwritable(error)}; {instead}") from error


def unwritable(error: OSError) -> str:
    """Return what the file system says: "cannot be written (No space left on device)"."""
    if isinstance(error, shutil.Error):  # of many files; it holds triples of source, copy and reason
        reason = re.sub(r"^\[Errno \d+\] ", "", str(error.args[0][0][2]))
    elif isinstance(error, FileExistsError):
        reason = f"{error.filename} is no folder"
    else:
        reason = error.strerror or str(error)
    return f"cannot be written ({reason})"
