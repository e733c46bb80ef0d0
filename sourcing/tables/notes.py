"""What a planner should know about how files were read, though nothing is wrong with them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.errors import Fault
from sourcing.tables.encoding import SAVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from sourcing.tables.readers import Remark

NAMED = 3
"""Files that a note names one by one; of more it says how many."""


def reading_notes(remarks: Mapping[str, Sequence[Remark]]) -> list[Fault]:
    """Return a note per way of reading: its files, what was found, and what to do if that is wrong.

    Parameters
    ----------
    remarks : place of a file ("offers.csv") -> what had to be found out to read it.
    """
    alike: dict[tuple[str, ...], list[str]] = {}
    for place, found in remarks.items():
        if found:
            alike.setdefault(tuple(remark.what for remark in found), []).append(place)
    notes = []
    for whats, places in alike.items():
        examples = [remark.example for remark in remarks[places[0]] if remark.example]
        of = f" of {places[0]}" if len(places) > 1 else ""
        shown = f" (such as {_joined(examples)}{of})" if examples else ""
        repair = f"if a name or number looks wrong, {SAVE}"
        notes.append(Fault(_files(places), f"read with {_joined(whats)}{shown}", repair, "DATA-124"))
    return notes


def unread_notes(others: Mapping[str, str]) -> list[Fault]:
    """Return a note per file of another kind that bears a table's name and is not read (table -> file)."""
    repair = "save its table as {}.csv, or ignore this if the plan is to go without"
    return [Fault(file, "it is not read", repair.format(table), "DATA-124") for table, file in others.items()]


def _files(places: list[str]) -> str:
    if len(places) <= NAMED:
        return _joined(places)
    return f"{', '.join(places[: NAMED - 1])} and {len(places) - NAMED + 1} more"


def _joined(words: Iterable[str]) -> str:
    *first, last = words
    return f"{', '.join(first)} and {last}" if first else last
