"""Orders of the last plan: some stand for a while, and what is ordered more or less later costs something."""

from __future__ import annotations

from typing import TYPE_CHECKING

from oracle.program import add
from oracle.tables import Row, day, filled, number

if TYPE_CHECKING:
    from oracle.model import Model
    from oracle.network import Move


def stability(model: Model) -> None:
    """Hold each order to the last plan's in the frozen window, and charge how far it is from that later."""
    if not model.case.rows("last_orders") and not model.case.rows("change_terms"):
        return
    for move in model.buys():
        terms = terms_of(model, move)
        first, end = model.case.nodes[move.node]
        until = day(terms["frozen_until"]) if filled(terms, "frozen_until") else first
        last, stands = ordered(model, move, first, end), frozen(model, move)
        if stands:
            model.program.row("stands", {move.column: 1.0}, least=stands)
        if end <= until:
            model.program.row("frozen", {move.column: 1.0}, most=last)
            continue
        more = model.program.column(f"more {'/'.join(move.way)}@{move.node}")
        less = model.program.column(f"less {'/'.join(move.way)}@{move.node}")
        model.charge(more, number(terms, "cost_more"), move.node)
        model.charge(less, number(terms, "cost_less"), move.node)
        model.program.row("changed", add({move.column: 1.0, less: 1.0}, {more: -1.0}), last, last)


def frozen(model: Model, move: Move) -> float:
    """Return what the last plan ordered by a route in a node and what stands of it."""
    terms, (first, end) = terms_of(model, move), model.case.nodes[move.node]
    until = day(terms["frozen_until"]) if filled(terms, "frozen_until") else first
    return ordered(model, move, first, min(end, until))


def terms_of(model: Model, move: Move) -> Row:
    """Return the terms of an offer, its own or those of every offer without any."""
    rows = {row.get("offer", ""): row for row in model.case.rows("change_terms")}
    code = move.offer["offer"] if move.offer else ""
    return rows.get(code, rows.get("", {}))


def ordered(model: Model, move: Move, first: int, end: int) -> float:
    """Return what the last plan ordered by a route on some days, each order spread evenly over its own days."""
    total = 0.0
    for row in model.case.rows("last_orders"):
        route = row["offer"], row["destination"], row.get("mode", "")
        if move.offer and route == (move.offer["offer"], move.destination, move.mode):
            since, until = day(row["from"]), day(row["until"])
            total += number(row, "tonnes") * max(0, min(end, until) - max(first, since)) / (until - since)
    return total
