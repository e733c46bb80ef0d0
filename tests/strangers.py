"""Packages of strangers: the files of a page in docs, and a family from outside put where an import finds it."""

from __future__ import annotations

import re
import sys
import tomllib
from contextlib import contextmanager
from importlib import invalidate_caches
from pathlib import Path
from typing import TYPE_CHECKING

from sourcing import families, measures
from sourcing.tables.dictionary import column_dictionary

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCS = Path(__file__).parents[1] / "docs"
_FILE = re.compile(r"^```(?:csv|toml|python) (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def block_of_files(page: str, folder: Path, until: str = "") -> None:
    """Write the files of a page into a folder, those before some words or all."""
    text = (DOCS / page).read_text("utf-8")
    for name, content in _FILE.findall(text.partition(until)[0] if until else text):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, "utf-8")


@contextmanager
def installed(folder: Path, package: str) -> Iterator[None]:
    """Install the package of a folder as pip would, by what its pyproject.toml says, and take it out again."""
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    entries = project["entry-points"]["sourcing.families"].items()
    info = folder / f"{project['name']}-{project['version']}.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n", "utf-8")
    lines = ["[sourcing.families]", *(f"{name} = {value}" for name, value in entries)]
    (info / "entry_points.txt").write_text("\n".join(lines) + "\n", "utf-8")
    sys.path.insert(0, str(folder))
    packages = {package, *(value for _, value in entries)}
    _forget(packages)
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        _forget(packages)


def _forget(packages: set[str]) -> None:
    """Let everybody look again for what is installed."""
    invalidate_caches()
    families._outside.cache_clear()
    column_dictionary.cache_clear()
    measures._of.cache_clear()
    for name in [name for name in sys.modules if name.partition(".")[0] in packages]:
        del sys.modules[name]
