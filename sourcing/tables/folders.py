"""Where the families' folders are, found without importing their Python."""

from __future__ import annotations

import os
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import ModuleType

GROUP = "sourcing.families"
"""Entry-point group of families from outside: name = the module that is the family's package."""


def registry() -> ModuleType:
    """Return the registry of families. It reads the dictionary of tables, so it is imported when it is asked."""
    return import_module("sourcing.families")


def own_families() -> list[str]:
    """Return the names of the families that come with the package."""
    folder = files("sourcing").joinpath("families")
    if not folder.is_dir():
        return []
    inside = os.scandir(folder) if isinstance(folder, Path) else folder.iterdir()  # which asks of each what it is
    return sorted(entry.name for entry in inside if entry.is_dir() and not entry.name.startswith(("_", ".")))


def family_names() -> list[str]:
    """Return the names of all families, own ones first."""
    return own_families() + sorted(entry.name for entry in entry_points(group=GROUP))


def dictionary_texts() -> Iterator[tuple[str, str]]:
    """Yield (family, text of its columns.csv); the core dictionary comes first, under the family name ""."""
    package = files("sourcing")
    yield "", package.joinpath("tables", "columns.csv").read_text("utf-8")
    for name in own_families():
        file = package.joinpath("families", name, "columns.csv")
        if file.is_file():
            yield name, file.read_text("utf-8")
    for entry in sorted(entry_points(group=GROUP), key=lambda entry: entry.name):
        text = outside_text(entry)
        if text:
            yield entry.name, text


def outside_text(entry: EntryPoint) -> str:
    """Return the columns.csv beside an outside family's package ("" if it brings none), folder or zip alike."""
    top, *inner = entry.module.split(".")
    spec = find_spec(top)
    for location in (spec.submodule_search_locations or []) if spec else []:
        path = os.path.join(location, *inner, "columns.csv")
        text = _data(spec.loader if spec else None, path)
        if text is not None:
            return text
    return ""


def _data(loader: object, path: str) -> str | None:
    get_data = getattr(loader, "get_data", None)
    try:
        if get_data is not None:
            return str(get_data(path), "utf-8")
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return None
