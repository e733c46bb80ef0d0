"""The second engine for large linear programs: said where it is not installed and would save most of the solving."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.engine.basis import WORTH, has_second_engine
from sourcing.tables import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.engine.formulation import Formulation

CODE = "SCREEN-387"


def unhelped(formulation: Formulation, place: str) -> Iterator[Finding]:
    """Yield a note where Clp would find the basis of a large linear program, and is not there."""
    columns = formulation.shape[1]
    if columns < WORTH or formulation.whole.any() or has_second_engine():
        return
    fact = f"HiGHS alone solves {columns:,} columns; where Clp finds the basis it takes half of that time or less"
    yield Finding("note", place, fact, "pip install 'sourcing[fast]'", CODE)
