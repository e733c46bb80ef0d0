"""The cost table and the objective: recomputed from the decisions, head by head."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sourcing.audit.verdict import TONNES_RELATIVE, TRACE, money_slack
from sourcing.families import cards
from sourcing.replay.dates import discount
from sourcing.replay.words import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from sourcing.audit.cells import Book
    from sourcing.replay import Charge, Facts, Replay


ByHead = dict[tuple[str, int], tuple[float, float]]


def by_head_and_node(charges: Iterable[Charge]) -> ByHead:
    """Return USD by head and node, and the sum of the sizes of what was added up."""
    amounts: dict[tuple[str, int], float] = defaultdict(float)
    sizes: dict[tuple[str, int], float] = defaultdict(float)
    for head, node, amount, _ in charges:
        key = (head, node)
        amounts[key] += amount
        sizes[key] += abs(amount)
    return {key: (amount, sizes[key]) for key, amount in amounts.items()}


def cost_table(facts: Facts, book: Book, own: Mapping[tuple[str, int], tuple[float, float]]) -> Iterator[str]:
    """Yield a finding for each wrong, missing or unheard-of row of the cost table."""
    yield from _heads(facts, "cost", book, own)


def weighed_table(facts: Facts, book: Book, own: Mapping[tuple[str, int], tuple[float, float]]) -> Iterator[str]:
    """Yield the same for the table of what counts and is nobody's money."""
    yield from _heads(facts, "weighed", book, own)


def _heads(facts: Facts, table: str, book: Book, own: Mapping[tuple[str, int], tuple[float, float]]) -> Iterator[str]:
    rows = {(row["head"], row["node"]): row for row in book[table]}
    listed = [card.heads if table == "cost" else card.weights for card in cards().values()]
    known = {name for heads in listed for name, _ in heads} | {name for name, _ in own}
    for key in sorted({*rows, *own}):
        head, n = key
        place = f"{'cost of ' if table == 'cost' else ''}{head}, {facts.calendar.label(n)}"
        amount, size = own.get(key, (0.0, 0.0))
        if key not in rows:
            if abs(amount) > money_slack(size):
                yield f"{place}: the {table} table has no row, the arithmetic says USD {number(amount)}"
            continue
        if head not in known:
            yield f"{place}: nothing in the plan is charged under that head"
            continue
        weight = discount(facts.calendar, n, facts.discount_rate)
        for column, value in (("amount", amount), ("discounted", amount * weight)):
            if abs(rows[key][column] - value) > money_slack(size):
                yield f"{place}: the plan says {column} USD {number(rows[key][column])}, the arithmetic {number(value)}"


_NO_CASH = ("shortage", "payment")


def totals(
    facts: Facts,
    own: Mapping[tuple[str, int], tuple[float, float]],
    liked: Mapping[tuple[str, int], tuple[float, float]],
) -> dict[str, Any]:
    """Return the totals of a verdict, by their names there, from what is charged and what is only weighed."""
    cost, priced = discounted(facts, own)[0], {key: sums for key, sums in own.items() if key[0] == "shortage"}
    return {
        "paid": sum(amount for (head, _), (amount, _) in own.items() if head not in _NO_CASH),
        "today": cost - discounted(facts, priced)[0],
        "minimised": cost + discounted(facts, liked)[0],
        "discounted": cost,
    }


def discounted(facts: Facts, own: Mapping[tuple[str, int], tuple[float, float]]) -> tuple[float, float]:
    """Return the discounted cost, and the sum of the sizes of what was added up."""
    weights = {n: discount(facts.calendar, n, facts.discount_rate) for n in facts.calendar.nodes}
    return (
        sum(amount * weights[n] for (_, n), (amount, _) in own.items()),
        sum(size * weights[n] for (_, n), (_, size) in own.items()),
    )


def weighted_shortage(facts: Facts, plan: Replay) -> tuple[float, float]:
    """Return the sum of priority * value * t short, and the difference in it that is still noise."""
    total, heaviest = 0.0, 0.0
    for key, short in plan.short.items():
        due = facts.due.get(key)
        if due is not None:
            weight = due.priority * facts.records.materials[key[1]].value
            total += weight * short
            heaviest = max(heaviest, weight)
    return total, TRACE * heaviest + TONNES_RELATIVE * total


def objective(
    manifest: Mapping[str, Any], cost: tuple[float, float], short: tuple[float, float], weighed: tuple[float, float]
) -> Iterator[str]:
    """Yield a finding if the manifest's objective is not the recomputed one; blank shortage and weights count as 0."""
    said = manifest.get("objective") or {}
    for name, own, slack in (
        ("cost", cost[0], money_slack(cost[1])),
        ("shortage", short[0], max(short[1], TRACE)),
        ("weighed", weighed[0], money_slack(weighed[1])),
    ):
        given = said.get(name)
        if given is None and name != "cost" and abs(own) <= slack:
            continue
        if not isinstance(given, int | float) or not abs(given - own) <= slack:
            figure = number(given) if isinstance(given, int | float) else repr(given)
            yield f"manifest: the plan says objective {name} {figure}, the arithmetic says {number(own)}"
