"""Cache of what is derived from a case: a variant derives anew only what reads a table that it changes."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    import pandas as pd

    Memory: TypeAlias = "dict[Hashable, tuple[Derived, ...]]"
    """What was derived last, by what it is and all that it depends on besides tables; variants of a case share it."""

KEPT = 2
"""Of each thing so many are kept: what a question does to a case, and what is tried beside it, take turns."""


@dataclass(eq=False)
class Derived:
    """A derivation: who it is made for, the tables it has read, the derived values it has used in order, its value.

    It is ``mixed`` where it has read tables, or used values, of others besides: then it is nobody else's.
    """

    owner: object
    tables: dict[Any, pd.DataFrame] = field(default_factory=dict)
    uses: dict[Any, Any] = field(default_factory=dict)
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


def recalled(memory: Memory, key: Hashable, holds: Callable[[Derived], bool]) -> Derived | None:
    """Return what was derived earlier and still holds, from now on the first to be asked; None if nothing does."""
    known = memory.get(key, ())
    found = next((each for each in known if holds(each)), None)
    if found is not None and found is not known[0]:
        remember(memory, key, found)
    return found


def remember(memory: Memory, key: Hashable, found: Derived) -> None:
    """Keep what was derived, in place of what was not asked for longest."""
    others = [each for each in memory.get(key, ()) if each is not found]
    memory[key] = (found, *others[: KEPT - 1])


def note_table(name: str | tuple[str, ...], frame: pd.DataFrame) -> None:
    """Remember that what is being derived has read a table."""
    if _OPEN.stack:
        under_way = _OPEN.stack[-1]
        under_way.mixed |= under_way.tables.setdefault(name, frame) is not frame


def note_use(owner: object, name: object, value: object) -> None:
    """Remember that what is being derived has used a derived value of ``owner``."""
    if _OPEN.stack:
        under_way = _OPEN.stack[-1]
        under_way.mixed |= under_way.owner is not owner
        under_way.uses.setdefault(name, value)
