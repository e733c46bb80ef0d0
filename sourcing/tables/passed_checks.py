"""Cache of checks that found nothing, kept with a case: what was looked at need not be looked at again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from sourcing.tables.memory import Derived, note_table, recalled, remember

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Set

    import pandas as pd

    from sourcing.tables.memory import Memory

_SOUND = "sound"
_LIMITS = "limits"
"""The table in which a case fills in what a row leaves open, so that it is another table to a check."""


class Noted(Mapping[str, "pd.DataFrame"]):
    """Tables of which it is noted which of them a check reads."""

    def __init__(self, tables: Mapping[str, pd.DataFrame]) -> None:
        self._tables = tables

    def __getitem__(self, name: str) -> pd.DataFrame:
        frame = self._tables[name]
        note_table(name, frame)
        return frame

    def __iter__(self) -> Iterator[str]:
        return iter(self._tables)

    def __len__(self) -> int:
        return len(self._tables)


def unless_sound(
    memory: Memory | None,
    look: tuple[Hashable, object],
    tables: Mapping[str, pd.DataFrame],
    at: Callable[[Noted], bool],
) -> None:
    """Look at tables, unless the same look found nothing in these very frames.

    Parameters
    ----------
    look : which it is, and the dictionary that it goes by.
    at : looks, and says whether it found nothing; what it reads of the tables it is given is what it depends on.
    """
    key, by = (_SOUND, look[0]), look[1]
    if memory is not None and recalled(memory, key, lambda kept: kept.value is by and _are(kept.tables, tables)):
        return
    with Derived(None, value=by) as looked:
        sound = at(Noted(tables))
    if sound and memory is not None:
        remember(memory, key, looked)


def _are(seen: Mapping[str, pd.DataFrame], tables: Mapping[str, pd.DataFrame]) -> bool:
    return all(tables.get(name) is frame for name, frame in seen.items())


def settled_alike(memory: Memory, tables: Mapping[str, pd.DataFrame], anew: Set[str]) -> None:
    """Let what was found of tables hold of the same rows in the order that a case has them in.

    ``anew`` are the tables that came in; ``tables`` are those of the case.
    """
    for key in [key for key in memory if isinstance(key, tuple) and key[0] == _SOUND]:
        looked = memory[key][0]
        if _LIMITS in anew and _LIMITS in looked.tables:
            del memory[key]
        else:
            remember(memory, key, replace(looked, tables={name: tables[name] for name in looked.tables}))
