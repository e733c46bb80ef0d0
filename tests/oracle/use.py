"""What is still of use: the most that may lie at a point at the end of a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle.network import Point, recipe
from oracle.safety import closing
from oracle.tables import INFINITE, Case, filled, number

if TYPE_CHECKING:
    from oracle.model import Model

Factors = dict[tuple[Point, Point], float]


def asked(model: Model, found: list[Point]) -> Factors:
    """Return F: the most tonnes at one point that a tonne at another can ask for, along lanes and processes.

    A loop that asks for more each time round has no most.
    """
    edges: dict[tuple[Point, Point], float] = {}
    for move in model.ships():
        edges[(move.origin, move.material), move.point] = 1.0
    for process in model.case.rows("processes"):
        rows = recipe(model.case, process["process"])
        for taken in rows:
            for made in rows:
                need, gives = -number(taken, "quantity"), number(made, "quantity")
                if need > 0 and gives > 0:
                    pair = ((process["site"], taken["material"]), (process["site"], made["material"]))
                    edges[pair] = max(edges.get(pair, 0.0), need / gives)
    factors = {(p, p): 1.0 for p in found}
    for turn in range(len(found) + 1):
        longer = {}
        for (p, q), factor in edges.items():
            for r in found:
                if (q, r) in factors and factor * factors[q, r] > factors.get((p, r), 0.0) * (1 + 1e-12):
                    longer[p, r] = max(longer.get((p, r), 0.0), factor * factors[q, r])
        factors.update(longer)
        if not longer:
            break
        if turn == len(found):
            factors.update(dict.fromkeys(longer, INFINITE))
    return factors


def lots(case: Case, model: Model, point: Point) -> float:
    """Return one lot of each owner that brings material to a point."""
    owners: dict[tuple[str, str], float] = {}
    for move in model.moves:
        if move.point != point:
            continue
        if move.offer is not None:
            lot = max(number(move.offer, "min_lot"), number(move.offer, "lot_multiple"))
            owners["offer", move.offer["offer"]] = lot
        if move.lane is not None:
            owners["lane", repr(sorted(move.lane.items()))] = number(move.lane, "min_lot")
            service = case.by("services", "service").get(move.lane.get("service", ""))
            if service:
                owners["service", service["service"]] = number(service, "min_lot")
    for process in case.rows("processes"):
        gives = sum(
            number(row, "quantity")
            for row in recipe(case, process["process"])
            if (process["site"], row["material"]) == point and number(row, "quantity") > 0
        )
        if gives:
            owners["process", process["process"]] = gives * number(process, "min_run")
            line = case.by("lines", "line").get(process.get("line", ""))
            if line:
                key = ("line", line["line"])
                owners[key] = max(owners.get(key, 0.0), gives * number(line, "min_run"))
    return sum(owners.values())


def bounds(model: Model, found: list[Point]) -> dict[Point, list[float]]:
    """Return the most stock of each point at the end of each node."""
    factors = asked(model, found)
    result = {}
    for p in found:
        open_orders = [row for row in model.case.rows("open_orders") if (row["site"], row["material"]) == p]
        there = model.opening(p) + sum(number(row, "quantity") for row in open_orders)
        own = max(there, keep(model, p))
        room = lots(model.case, model, p) + extra(model, p)
        result[p] = [max(own, later(model, factors, p, n)) + room for n in model.nodes]
    return result


def keep(model: Model, point: Point) -> float:
    """Return the most that has to lie at a point: safety or closing stock."""
    return max((max(number(row, "safety"), closing(model, row)) for row in model.stocks(point)), default=0.0)


def later(model: Model, factors: Factors, p: Point, n: int) -> float:
    """Return what all points can ask for of a point after a node."""
    total = 0.0
    for (start, q), factor in factors.items():
        need = sum(model.demand.get(q, [])[n + 1 :]) + keep(model, q)
        if start == p and need > 0:
            total += factor * need
    return total


def extra(model: Model, point: Point) -> float:
    """Return what rules may force beyond use: hard minima of contracts, quantities awarded, numbers of suppliers."""
    case = model.case
    if any(
        row["measure"] in ("suppliers", "destinations") and row.get("sense") == "min" for row in case.rows("limits")
    ):
        return INFINITE
    forced = 0.0
    for table, column in (("awards", "quantity"), ("contracts", "minimum")):
        for row in case.rows(table):
            brings = any(m.point == point and m.offer and m.offer["offer"] == row["offer"] for m in model.moves)
            hard = table == "awards" or not filled(row, "take_or_pay")
            forced += number(row, column) * (brings and hard) * (len(model.nodes) if table == "contracts" else 1)
    return forced
