"""Studies: what is asked of a question or a plan beyond the plan itself, one folder each, found by their files.

What others ask of a study they find by the name of its module: ``command`` is its part of the command line, ``stored``
and ``chart`` read back and draw what it wrote. No study knows another.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from types import ModuleType


def having(part: str) -> list[str]:
    """Return the names of the studies that have a module of this name; nothing of them is loaded."""
    return sorted(file.parent.name for place in __path__ for file in Path(place).glob(f"*/{part}.py"))


def part_of(study: str, part: str) -> Any:
    """Return a module of a study."""
    found: ModuleType = import_module(f"{__name__}.{study}.{part}")
    return found
