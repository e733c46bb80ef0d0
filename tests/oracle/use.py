"""What is still of use: the most that may lie at a point at the end of a node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle.border import apart
from oracle.forced import may_bring
from oracle.network import Point, recipe, years_in
from oracle.safety import closing, in_days
from oracle.tables import INFINITE, counts_use, filled, number

if TYPE_CHECKING:
    from oracle.model import Model
    from oracle.program import Terms

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
        longer: Factors = {}
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


def bounds(model: Model, found: list[Point]) -> dict[Point, list[float]]:
    """Return B: the stock of each point after each node that can still be used, or is there anyway."""
    factors = asked(model, found)
    forced = {q: may_bring(model, q) for q in found}
    result: dict[Point, list[float]] = {}
    for p in found:
        open_orders = [row for row in model.case.rows("open_orders") if (row["site"], row["material"]) == p]
        there = model.opening(p) + sum(number(row, "quantity") for row in open_orders)
        own, beside = keep(model, p), there if by_use(model) else 0.0
        room = 0.0 if disposable(model, p) else forced[p]
        later = [used(model, factors, p, range(n + 1, len(model.nodes))) for n in model.nodes]
        for n in model.nodes:
            asks = {q: keep(model, q) + sold_later(model, q, n + 1) + forced[q] * (q != p) for q in found}
            rest = sum(f * asks[q] for (start, q), f in factors.items() if start == p and asks[q] > 0)
            result.setdefault(p, []).append(max(own, there - beside, later[n] + rest) + beside + room)
    return result


def by_use(model: Model) -> bool:
    """Whether a limit counts use, or goods owe duty by lots: what is there, or comes later, may be left unused."""
    return any(map(counts_use, model.case.rows("limits"))) or apart(model)


def disposable(model: Model, point: Point) -> bool:
    """Whether any amount can be disposed of at a point."""
    return any(filled(row, "disposal_cost") and not filled(row, "disposal_maximum") for row in model.stocks(point))


def sold_later(model: Model, point: Point, n: int) -> float:
    """Return the most that may be disposed of at a point from a node on."""
    length = sum(years_in(model.case, m) for m in range(n, len(model.nodes)))
    priced = [row for row in model.stocks(point) if filled(row, "disposal_cost")] if length else []
    return sum(number(row, "disposal_maximum", INFINITE) * length for row in priced)


def used(model: Model, factors: Factors, p: Point, nodes: range) -> float:
    """Return what goes through a point may be used for in some nodes: the demand of all others, as each asks for it."""
    total = 0.0
    for (start, q), factor in factors.items():
        need = sum(model.demand.get(q, [0.0] * len(model.nodes))[m] for m in nodes)
        if start == p and need > 0:
            total += factor * need
    return total


def too_much(model: Model, found: list[Point]) -> dict[tuple[Point, int], Terms]:
    """Return what a tonne of each order, shipment or run has to bring too much to a point by the end of a node."""
    factors = asked(model, found)
    result: dict[tuple[Point, int], Terms] = {}
    for p in found:
        coming = brings(model, p)
        kept = sum(f * keep(model, q) for (start, q), f in factors.items() if start == p and keep(model, q) > 0)
        for t in model.nodes:
            both = [parts for parts in coming.values() if min(parts) <= t < max(parts)]
            if not both:
                continue
            first = min(min(parts) for parts in both)
            before = used(model, factors, p, range(first, t + 1)) + kept
            after = 0.0 if by_use(model) else used(model, factors, p, range(t + 1, len(model.nodes)))
            for column, parts in coming.items():
                if before > 0 and before < INFINITE and min(parts) <= t < max(parts):
                    spare = sum(part for m, part in parts.items() if m <= t) * after / before
                    for n in range(t + 1, len(model.nodes)):
                        over = sum(part for m, part in parts.items() if t < m <= n) - spare
                        terms = result.setdefault((p, n), {})
                        terms[column] = max(terms.get(column, 0.0), over)
    return result


def brings(model: Model, point: Point) -> dict[int, dict[int, float]]:
    """Return what comes to a point in each node of a tonne of every order, shipment and run."""
    found: dict[int, dict[int, float]] = {}
    stocks = {column for (p, _), column in model.hold.items() if p == point}
    for (p, n), terms in model.balance.items():
        for column, tonnes in terms.items():
            if p == point and tonnes > 0 and column not in stocks:
                found.setdefault(column, {})[n] = tonnes
    return found


def keep(model: Model, point: Point) -> float:
    """Return the most that has to lie at a point: safety stock, closing stock, and days of safety at the end."""
    end = model.case.nodes[-1][1]
    kept = [(number(row, "safety"), closing(model, row), in_days(model, row, end)) for row in model.stocks(point)]
    return max(map(max, kept), default=0.0)
