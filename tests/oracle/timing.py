"""Days within a period: what is decided in it serves the demand from its first landing on, and none before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle import closed
from oracle.network import recipe
from oracle.program import add, times
from oracle.safety import due_by

if TYPE_CHECKING:
    from oracle.model import Model
    from oracle.network import Point
    from oracle.program import Terms


def timing(model: Model) -> None:
    for point in model.demand:
        for n in model.nodes:
            early(model, point, n)


def early(model: Model, point: Point, n: int) -> None:
    """Add a row for each day of a node on which something first lands and before which something is due."""
    first, end = model.case.nodes[n]
    landing = landings(model, point, n)
    for since in {when for when, _ in landing if first < when < end}:
        before, by_end = due_by(model, point, since) - due_by(model, point, first), due_by(model, point, end)
        if before <= 0:
            continue
        landed: Terms = add(*(terms for when, terms in landing if when >= since))
        kept = {model.hold[point, n]: 1.0}
        if (point, n) in model.dispose:
            kept[model.dispose[point, n]] = 1.0
        goes = add(kept, model.takes.get((point, n), {}))
        later = by_end - due_by(model, point, since)
        model.program.row(f"early {point} {n} {since}", add(landed, times(goes, -1.0)), most=later)


def landings(model: Model, point: Point, n: int) -> list[tuple[float, Terms]]:
    """Return what is decided in a node and lands at a point in it: the day of the first landing, and the tonnes."""
    found: list[tuple[float, Terms]] = [
        (move.lands, {move.column: move.arrives[n]})
        for move in model.moves
        if move.point == point and move.node == n and n in move.arrives
    ]
    end = model.case.nodes[n][1]
    for process in model.case.rows("processes"):
        code = process["process"]
        days = model.running.get((code, n), [])
        through = [ordinal + closed.takes(model.case, process, ordinal) for ordinal in days]
        after = sum(max(0.0, min(1.0, end - when)) for when in through)
        for row in recipe(model.case, code):
            gives = float(row["quantity"])
            if days and gives > 0 and (process["site"], row["material"]) == point and after > 0:
                found.append((model.lands[code, n], {model.make[code, n]: gives * after / len(days)}))
    return found
