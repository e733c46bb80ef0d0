"""Threads of the solver beyond the cores of the machine: said, since no more are started than there are cores."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.engine.cores import cores, threads_of
from sourcing.tables import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

CODE = "SCREEN-386"


def capped(asked: int | None, place: str) -> Iterator[Finding]:
    """Yield a note where more threads are asked for, at ``place``, than the machine has cores."""
    if asked is None or asked <= cores():
        return
    given = threads_of(asked)
    fact = f"{asked:,} threads are asked for, and {given} started: as many as this machine has cores"
    yield Finding("note", place, fact, f"write {given}, or leave it out", CODE)
