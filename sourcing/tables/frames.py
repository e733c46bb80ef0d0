"""A door for tables that somebody made in Python: frames by the name of their table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.errors import DataError, Fault
from sourcing.tables.readers import Delivery, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.tables.case import Frames

_OURS = "row"
"""The column in which a case that was read keeps the rows of its files."""


@dataclass(frozen=True)
class FrameDoor:
    """Frames with the columns of the tables, units in the headers if wanted; rows are counted from 1."""

    frames: Frames
    name: str = "frames"

    def read(self) -> Delivery:
        """Return every frame as text.

        Raises
        ------
        DataError : something among them is no frame.
        """
        wrong = {name: frame for name, frame in self.frames.items() if not isinstance(frame, pd.DataFrame)}
        if wrong:
            repair = "give a pandas.DataFrame for each table"
            facts = {name: f"it is a {type(frame).__name__} and no frame" for name, frame in wrong.items()}
            raise DataError([Fault(str(name), fact, repair, "DATA-119") for name, fact in facts.items()])
        return Delivery(self.name, None, tuple(self._sheets()), {})

    def _sheets(self) -> Iterator[Sheet]:
        for name, frame in self.frames.items():
            own = frame.drop(columns=[_OURS], errors="ignore").astype(object)
            rows = tuple(tuple(map(_text, row)) for row in own.itertuples(index=False, name=None))
            filled = [at for at, row in enumerate(rows) if any(row)]
            header, numbers = tuple(str(column).strip() for column in own), tuple(at + 1 for at in filled)
            yield Sheet(str(name), str(name), header, tuple(rows[at] for at in filled), numbers)


def _text(cell: Any) -> str:
    """Return a cell as a file would have it."""
    if pd.api.types.is_scalar(cell) and pd.isna(cell):
        return ""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(float(cell))
    return str(cell).strip()
