"""Perfect mixing: what a limit counts of a plan if all goods that meet at a point are one heap."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from oracle.members import STAGES, converter, held, members, stage
from oracle.network import recipe
from oracle.tables import NOT_TOLD, Row, day, filled, number

if TYPE_CHECKING:
    from oracle.model import Model
    from oracle.network import Point

Mix = dict[str, float]
"""Parts of a heap by member."""
BEFORE = "(before)"
TURNS = 200


@dataclass
class Heaps:
    """What lies in heaps to one limit: what of a plan's columns moves, and the mix of each point in each node."""

    model: Model
    row: Row
    values: dict[int, float]
    mix: dict[tuple[Point, int], Mix]


def mixed(model: Model, row: Row, values: dict[int, float]) -> dict[tuple[Point, int], Mix]:
    """Return the mix of every point in every node to a limit, of a plan's columns (t)."""
    heaps = Heaps(model, row, values, {})
    for n in model.nodes:
        points = sorted({point for point, m in model.hold if m == n})
        for _ in range(TURNS):
            before = {point: heaps.mix.get((point, n), {}) for point in points}
            for point in points:
                heaps.mix[point, n] = heap(heaps, point, n)
            if all(near(before[point], heaps.mix[point, n]) for point in points):
                break
    return heaps.mix


def near(one: Mix, other: Mix) -> bool:
    return all(abs(one.get(code, 0.0) - other.get(code, 0.0)) < 1e-12 for code in {*one, *other})


def heap(heaps: Heaps, point: Point, n: int) -> Mix:
    """Return the mix of what comes to a point in a node and what is left there from the one before."""
    tonnes: Mix = {}
    for part, mix in coming(heaps, point, n):
        for code, share in mix.items():
            tonnes[code] = tonnes.get(code, 0.0) + part * share
    total = sum(tonnes.values())
    return {code: part / total for code, part in tonnes.items()} if total > 0 else {}


def coming(heaps: Heaps, point: Point, n: int) -> list[tuple[float, Mix]]:
    """Return tonnes and their mix of all that comes to a point in a node."""
    model, found = heaps.model, []
    if n:
        left = heaps.values[model.hold[point, n - 1]]
        found.append((left, heaps.mix.get((point, n - 1), {})))
    for row in model.stocks(point) if n == 0 else ():
        found.append((number(row, "opening"), entering(heaps, row.get("offer", ""), point[1])))
    for row in model.case.rows("open_orders"):
        if (row["site"], row["material"]) == point and model.case.node_of(day(row["arrives"])) == n:
            found.append((number(row, "quantity"), entering(heaps, row.get("offer", ""), point[1])))
    for move in model.moves:
        tonnes = heaps.values[move.column] * move.arrives.get(n, 0.0)
        if move.point == point and tonnes:
            if move.offer is not None:
                mix = entering(heaps, move.offer["offer"], point[1])
            else:
                mix = heaps.mix.get(((move.origin, move.material), move.node), {})
            found.append((tonnes, mix))
    for (code, start, material, m), gives in model.brings.items():
        process = model.case.by("processes", "process")[code]
        tonnes = gives * heaps.values[model.make[code, start]]
        if m == n and (process["site"], material) == point and tonnes:
            found.append((tonnes, made(heaps, process, material, start)))
    return found


def early(heaps: Heaps, material: str) -> bool:
    """Whether a material has not come to the limit's stage."""
    return filled(heaps.row, "stage") and stage(heaps.model, material) < STAGES.index(heaps.row["stage"])


def entering(heaps: Heaps, offer: str, material: str) -> Mix:
    """Return whose goods are that come from outside."""
    if early(heaps, material):
        return {BEFORE: 1.0}
    known = heaps.model.case.by("offers", "offer")
    return members(heaps.model, heaps.row, known[offer]) if offer else {NOT_TOLD: 1.0}


def made(heaps: Heaps, process: Row, material: str, n: int) -> Mix:
    """Return whose it is what a process makes of heaps."""
    if early(heaps, material):
        return {BEFORE: 1.0}
    own = converter(heaps.model, heaps.row, process)
    parts: Mix = {}
    for line in recipe(heaps.model.case, process["process"]):
        weight = -number(line, "quantity") * held(heaps.model, heaps.row, line["material"])
        if weight > 0:
            for code, share in heaps.mix.get(((process["site"], line["material"]), n), {}).items():
                name = own if code == BEFORE else code
                parts[name] = parts.get(name, 0.0) + share * weight
    total = sum(parts.values())
    return {code: part / total for code, part in parts.items()} if total > 0 else {own: 1.0}
