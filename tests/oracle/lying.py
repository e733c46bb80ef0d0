"""What is there when a window begins: in stock, or on its way between own sites or through a process."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle.members import STAGES, Counted, contained, stage
from oracle.network import recipe
from oracle.tables import Row, filled, number

if TYPE_CHECKING:
    from oracle.members import Parts
    from oracle.model import Model
    from oracle.program import Terms


def lying(model: Model, row: Row, nodes: Parts) -> Counted:
    """Return the tonnes that a limit counts of it: terms, and what is given."""
    first, terms, given = min(nodes), dict[int, float](), 0.0
    for (point, n), column in model.hold.items():
        if n == first - 1:
            put(terms, column, contained(model, row, point[1]))
        if n == first == 0:
            given += model.opening(point) * contained(model, row, point[1])
    for move in model.ships():
        if move.node < first:
            came = sum(part for n, part in move.arrives.items() if n in nodes)
            put(terms, move.column, came * contained(model, row, move.material))
    for (code, start, material, n), tonnes in model.brings.items():
        if start < first and n in nodes and not lifts(model, row, code):
            put(terms, model.make[code, start], tonnes * contained(model, row, material))
    return Counted(terms, given)


def put(terms: Terms, column: int, tonnes: float) -> None:
    if tonnes:
        terms[column] = terms.get(column, 0.0) + tonnes


def lifts(model: Model, row: Row, code: str) -> bool:
    """Whether a process brings goods to the limit's stage: what comes out counts as having come in."""
    taken = [line["material"] for line in recipe(model.case, code) if number(line, "quantity") < 0]
    return filled(row, "stage") and all(stage(model, name) < STAGES.index(row["stage"]) for name in taken)
