"""What is derived from a case, kept with it: a variant derives anew only what reads a table that it changes."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Hashable

    import pandas as pd

    Memory: TypeAlias = "dict[Hashable, Derived]"
    """What was derived last, by what it is and all that it depends on besides tables; variants of a case share it."""


@dataclass(eq=False)
class Derived:
    """A derivation: who it is made for, the tables it has read, the derived values it has used in order, its value.

    It is ``mixed`` where it has read tables, or used values, of others besides: then it is nobody else's.
    """

    owner: object
    tables: dict[str, pd.DataFrame] = field(default_factory=dict)
    uses: dict[str, Any] = field(default_factory=dict)
    mixed: bool = False
    value: Any = None

    def __enter__(self) -> Derived:
        _OPEN.stack.append(self)
        return self

    def __exit__(self, *_: object) -> None:
        _OPEN.stack.pop()


class _Open(threading.local):
    """The derivations under way in this thread, the innermost last."""

    def __init__(self) -> None:
        self.stack: list[Derived] = []


_OPEN = _Open()


def note_table(name: str, frame: pd.DataFrame) -> None:
    """Remember that what is being derived has read a table."""
    if _OPEN.stack:
        under_way = _OPEN.stack[-1]
        under_way.mixed |= under_way.tables.setdefault(name, frame) is not frame


def note_use(owner: object, name: str, value: object) -> None:
    """Remember that what is being derived has used a derived value of ``owner``."""
    if _OPEN.stack:
        under_way = _OPEN.stack[-1]
        under_way.mixed |= under_way.owner is not owner
        under_way.uses.setdefault(name, value)
