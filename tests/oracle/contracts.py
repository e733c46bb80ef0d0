"""Contracts beside spot: called off at their own price, with a minimum and a maximum by windows of days."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from oracle.program import add, times
from oracle.tables import Row, day, filled, number, span
from oracle.whole import enough

if TYPE_CHECKING:
    from oracle.model import Model
    from oracle.program import Terms

Days = tuple[int, int]


def contracts(model: Model) -> None:
    """Add every contract: what is called off by route and node, what is signed or left, and what is paid for it."""
    called: dict[int, Terms] = {}
    for row in model.case.rows("contracts"):
        calls = calls_of(model, row, called)
        stands = signed(model, row)
        for window in windows(model, row):
            promised(model, row, window, calls, stands)
        prepaid(model, row, calls)
        late = -number(row, "payment_days") / 365
        worth = (1 + float(model.case.question["objective"].get("discount_rate", 0.0))) ** late
        for n, terms in calls.items():
            offer = model.case.by("offers", "offer")[row["offer"]]
            for column in terms:
                own = price(model, row, n)
                model.charge(column, own - number(offer, "price") + (worth - 1) * own, n)
    for bought, terms in called.items():
        model.program.row("called", add(terms, {bought: -1.0}), most=0.0)


def term(model: Model, row: Row) -> Days:
    """Return the days of a contract; blank is the first and the last of the horizon."""
    first, last = model.case.nodes[0][0], model.case.nodes[-1][1]
    return day(row["from"]) if filled(row, "from") else first, day(row["until"]) if filled(row, "until") else last


def overlap(*spans: Days) -> Days:
    first, end = max(s[0] for s in spans), min(s[1] for s in spans)
    return first, max(first, end)


def open_days(model: Model, row: Row, n: int) -> Days:
    """Return the days of a node on which a contract and its offer are open."""
    offer = model.case.by("offers", "offer")[row["offer"]]
    return overlap(model.case.nodes[n], term(model, row), span(offer, "start", "end"))


def calls_of(model: Model, row: Row, called: dict[int, Terms]) -> dict[int, Terms]:
    """Add what is called off by route and node, each a part of what is ordered."""
    calls: dict[int, Terms] = {}
    for move in model.buys():
        first, end = open_days(model, row, move.node)
        if move.offer and move.offer["offer"] == row["offer"] and end > first:
            column = model.program.column(f"call {row['contract']} {move.destination}@{move.node}")
            calls.setdefault(move.node, {})[column] = 1.0
            called.setdefault(move.column, {})[column] = 1.0
    return calls


def signed(model: Model, row: Row) -> tuple[Terms, float]:
    """Return whether a contract stands, as terms and a constant: signed on the first day, or before and kept."""
    if row.get("signed") == "yes":
        if not filled(row, "exit_cost"):
            return {}, 1.0
        leave = model.program.flag(f"leave {row['contract']}")
        model.charge(leave, number(row, "exit_cost"), 0)
        return {leave: -1.0}, 1.0
    sign = model.program.flag(f"sign {row['contract']}")
    model.charge(sign, number(row, "fee") + number(row, "prepayment"), 0)
    return {sign: 1.0}, 0.0


def windows(model: Model, row: Row) -> list[tuple[Days, float]]:
    """Return the days of each window, and the part of it that lies in the contract's days and in the horizon."""
    days, horizon = term(model, row), (model.case.nodes[0][0], model.case.nodes[-1][1])
    if (row.get("per") or "contract") == "contract":
        spans = [days]
    else:
        inside = overlap(days, horizon)
        names = range(date.fromordinal(inside[0]).year, date.fromordinal(max(inside[0], inside[1] - 1)).year + 1)
        spans = [(date(year, 1, 1).toordinal(), date(year + 1, 1, 1).toordinal()) for year in names]
    found = []
    for window in spans:
        first, end = overlap(window, days, horizon)
        if end > first:
            found.append((window, (end - first) / (window[1] - window[0])))
    return found


def promised(
    model: Model, row: Row, window: tuple[Days, float], calls: dict[int, Terms], stands: tuple[Terms, float]
) -> None:
    """Hold what is called off in a window between minimum and maximum, or have the rest paid for."""
    taken: Terms = {}
    for n, terms in calls.items():
        first, end = open_days(model, row, n)
        inside = overlap((first, end), window[0])
        taken = add(taken, times(terms, (inside[1] - inside[0]) / (end - first)))
    least, most = number(row, "minimum") * window[1], number(row, "maximum", enough(model)) * window[1]
    model.program.row("contract maximum", add(taken, times(stands[0], -most)), most=most * stands[1])
    if filled(row, "take_or_pay"):
        shared = {n: overlap(model.case.nodes[n], window[0], term(model, row)) for n in model.nodes}
        last = max(n for n, (first, end) in shared.items() if end > first)
        untaken = model.program.column(f"untaken {row['contract']}@{last}")
        model.charge(untaken, number(row, "take_or_pay") * price(model, row, last), last)
        taken = add(taken, {untaken: 1.0})
    model.program.row("contract minimum", add(taken, times(stands[0], -least)), least=least * stands[1])


def price(model: Model, row: Row, n: int) -> float:
    """Return the price of a contract in a node: its own, or floor or index times multiple, whichever is more."""
    if filled(row, "price"):
        return number(row, "price")
    steps = sorted(
        (day(r["from"]), number(r, "value")) for r in model.case.rows("prices") if r["index"] == row["index"]
    )
    value = steps[0][1]
    for since, later in steps:
        value = later if since <= model.case.nodes[n][0] else value
    return max(number(row, "floor_price"), value * number(row, "multiple", 1.0))


def prepaid(model: Model, row: Row, calls: dict[int, Terms]) -> None:
    """Return a prepayment as the price of what is called off."""
    if not number(row, "prepayment"):
        return
    returned: Terms = {}
    late = -number(row, "payment_days") / 365
    worth = (1 + float(model.case.question["objective"].get("discount_rate", 0.0))) ** late
    for n, terms in calls.items():
        column = model.program.column(f"prepaid {row['contract']}@{n}")
        own = price(model, row, n)
        returned[column] = own
        model.charge(column, -own - (worth - 1) * own, n)
        model.program.row("credited", add({column: 1.0}, times(terms, -1.0)), most=0.0)
    model.program.row("prepayment", returned, most=number(row, "prepayment"))
