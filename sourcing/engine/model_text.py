"""A model as a file of text: names that every format takes, and whether the file is all there."""

from __future__ import annotations

import os
import re
from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def plain(names: list[str]) -> list[str]:
    """Return names that every file format takes: letters, digits and underscores, made unique where they clash."""
    plain = [re.sub(r"\W+", "_", name, flags=re.ASCII).strip("_") for name in names]
    seen: Counter[str] = Counter()
    unique = []
    for name in plain:
        seen[name] += 1
        unique.append(name if seen[name] == 1 else f"{name}__{seen[name]}")
    return unique


def is_whole(path: Path) -> bool:
    """Return whether a model file has its last line: HiGHS does not notice a full disk."""
    with path.open("rb") as file:
        file.seek(-min(path.stat().st_size, 16), os.SEEK_END)
        return file.read().strip().lower().endswith((b"end", b"endata"))
