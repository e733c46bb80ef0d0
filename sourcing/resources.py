"""Finds the questions, cases, rule presets and documents that come along, in a checkout, a wheel or a zip."""

from __future__ import annotations

import atexit
import shutil
import tempfile
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from importlib.resources.abc import Traversable


@cache
def folder(name: str) -> Path:
    """Return the folder ``models``, ``data`` or ``docs``.

    A wheel carries them in ``sourcing/_bundled``, a checkout beside the package. Out of a zip they are copied to a
    temporary folder that is removed at exit.

    Raises
    ------
    FileNotFoundError : it is in neither place.
    """
    bundled = files("sourcing").joinpath("_bundled", name)
    if bundled.is_dir():
        return bundled if isinstance(bundled, Path) else _copied(bundled)
    checkout = Path(__file__).resolve().parent.parent
    if (checkout / "pyproject.toml").is_file() and (checkout / name).is_dir():
        return checkout / name
    raise FileNotFoundError(f"the package was installed without its folder {name!r}")


def model_names() -> list[str]:
    """Return the names of the ready questions."""
    return _names(lambda: [file.stem for file in folder("models").glob("*.toml")])


def case_names() -> list[str]:
    """Return the names of the ready cases."""
    return _names(lambda: [path.name for path in (folder("data") / "cases").iterdir() if path.is_dir()])


def find_model(name: str) -> Path | None:
    """Return the TOML file of a ready question, None if there is none of this name."""
    return folder("models") / f"{name}.toml" if name in model_names() else None


def find_case(name: str) -> Path | None:
    """Return the folder of a ready case, None if there is none of this name."""
    return folder("data") / "cases" / name if name in case_names() else None


def is_ready(path: Path) -> bool:
    """Return whether a folder is one that comes along: an installer may have put links there."""
    try:
        return path.is_relative_to(folder("data"))
    except FileNotFoundError:
        return False


def preset_names() -> list[str]:
    """Return the names of the ready rule presets."""
    return _names(lambda: [file.stem for file in (folder("data") / "presets").glob("*.toml")])


def find_preset(name: str) -> Path | None:
    """Return the TOML file of a ready preset, None if there is none of this name."""
    return folder("data") / "presets" / f"{name}.toml" if name in preset_names() else None


def kind_of(path: str | Path) -> str:
    """Return whether a path is a "file", a "folder" or "" for neither; so is a name that the system cannot have."""
    try:
        return "folder" if Path(path).is_dir() else "file" if Path(path).is_file() else ""
    except (OSError, ValueError):
        return ""


def _names(listing: Callable[[], list[str]]) -> list[str]:
    try:
        return sorted(listing())
    except FileNotFoundError:
        return []


def _copied(source: Traversable) -> Path:
    target = Path(tempfile.mkdtemp(prefix="sourcing-"))
    atexit.register(shutil.rmtree, target, ignore_errors=True)
    _copy(source, target)
    return target


def _copy(source: Traversable, target: Path) -> None:
    target.mkdir(exist_ok=True)
    for entry in source.iterdir():
        if entry.is_dir():
            _copy(entry, target / entry.name)
        else:
            (target / entry.name).write_bytes(entry.read_bytes())
