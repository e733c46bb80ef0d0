"""The tables a planner fills in: their dictionary, how they are read and checked, and the case they become."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcing.tables.case import Case
    from sourcing.tables.dictionary import Column, Dictionary, column_dictionary
    from sourcing.tables.read import read_case
    from sourcing.tables.screens import Finding, screen
    from sourcing.tables.write import write_case

__all__ = ["Case", "Column", "Dictionary", "Finding", "column_dictionary", "read_case", "screen", "write_case"]

_HOME = {
    "Case": "case",
    "Column": "dictionary",
    "Dictionary": "dictionary",
    "Finding": "screens",
    "column_dictionary": "dictionary",
    "read_case": "read",
    "screen": "screens",
    "write_case": "write",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load a public name when it is first asked for: pandas costs 0.4 s that a question alone need not pay."""
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(f"{__name__}.{_HOME[name]}"), name)
