"""Cache of what families wrote into the last programs of a case: another program takes what would be written again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.network.derived import holds, same
from sourcing.tables.memory import Derived, recalled, remember

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcing.engine.builder import Builder, Piece
    from sourcing.network import Network

LARGE = 200_000
"""Coefficients and postings of a family from which on they are not kept: there memory is scarcer than time."""


def write(builder: Builder, network: Network, algebra: tuple[str, Callable[[Any, Any], None]]) -> None:
    """Let a family write, or take what it wrote for tables, derived values and accounts that are the same here.

    ``algebra`` is the family's module by name, and its ``build`` or ``close``. An explaining build is written each
    time.
    """
    name, phase = algebra
    piece = builder.begin(name)
    if builder.explaining:
        phase(builder, network)
        return
    memory, key = network.case.memory, ("written", phase, network.shortage, network.tree.key)
    kept = recalled(memory, key, lambda each: holds(each, network) and _reads_the_same(each.value, piece, builder))
    if kept is not None:
        builder.take(kept.value)
        return
    with Derived(network) as written:
        phase(builder, network)
    if piece.size <= LARGE:
        written.value, written.owner = piece, None
        remember(memory, key, written)


def _reads_the_same(kept: Piece, begun: Piece, builder: Builder) -> bool:
    """Whether a piece begins at the same place, and the accounts that it reads hold the same."""
    return kept.start == begun.start and all(same(builder.standing(name), read) for name, read in kept.reads.items())
