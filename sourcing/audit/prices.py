"""The prices of the binding table against the solver's duals: each is its row's dual, and none is left out.

The tables of a plan cannot say what a dual is; ``analyst/duals.csv`` can, and the two have to agree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sourcing.audit.binding import LEAVES_LESS
from sourcing.card import OWN_RULE
from sourcing.families import cards
from sourcing.replay.reading import plain, rows_of
from sourcing.replay.words import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pandas import DataFrame

    from sourcing.audit.cells import Book, Row

RELATIVE = 1e-6  # both are printed in full; the tonnes that a point of share is a part of are added up again
POINT = 0.01
LEAST, NOISE = 1e-6, 1e-9  # at stake (weighted t or USD) up to which a price is noise; the latter as a part of the cost
CLEARLY = 10.0  # so many times that, and a row has to be in the table
LEVELS = ("shortage", "cost")
TIGHT = 1e-6  # relative to the bound, and to a tonne or a dollar

_KEY = ("limit", "member", "site", "window", "node")


class Priced(NamedTuple):
    """A row of the model that is tight and has something at stake."""

    rule: str
    key: str
    level: str
    price: float
    stake: float


def prices(book: Book, duals: DataFrame | None) -> Iterator[str]:
    """Yield a finding for each price that is not its row's dual, and for each priced row that is not in the table.

    Parameters
    ----------
    book : binding and limits of the plan.
    duals : row, lower, activity, upper and dual_<objective>, as in analyst/duals.csv; empty if it cannot be read, None
        if there is none to compare with.
    """
    if duals is None:
        return
    if duals.empty and book["binding"]:
        yield "analyst/duals.csv: cannot be read, and the prices in the binding table come from there"
        return
    priced: dict[tuple[str, str], list[Priced]] = {}
    for each in _priced(duals, _limits(book["limits"])):
        priced.setdefault((each.rule, each.key), []).append(each)
    for row in book["binding"]:
        key = f"{row['key']}|{row['node']}".replace(",", "|")
        found = priced.pop((row["rule"], key), [])
        level = "shortage" if any(words in row["words"] for words in LEAVES_LESS) else "cost"
        own = next((each.price for each in found if each.level == level), None)
        place = f"binding, rule {row['rule']}, key {row['key']}, node {row['node']}"
        if own is None:
            yield f"{place}: the solver's duals give that row no price"
        elif not abs(row["price"] - own) <= RELATIVE * own:
            yield f"{place}: the plan says price {number(row['price'])}, the solver's duals say {number(own)}"
    paid = abs(sum(row["discounted"] for row in book["cost"]))
    clear = {level: CLEARLY * (LEAST + (NOISE * paid if level == "cost" else 0.0)) for level in LEVELS}
    clearly = ((name, each) for name, found in priced.items() for each in found[:1] if each.stake > clear[each.level])
    for (rule, key), first in clearly:
        place = f"binding, rule {rule}, key {key}"
        yield f"{place}: the plan has no row, the solver's duals say price {number(first.price)}"


def _priced(duals: DataFrame, limits: Mapping[str, tuple[float, float]]) -> Iterator[Priced]:
    """Yield the rows that the table may hold, by objective in the order of ``LEVELS``."""
    known = {rule.name: rule for card in cards().values() for rule in card.rules if rule.worth}
    known[OWN_RULE.name] = OWN_RULE
    levels = [level for level in LEVELS if f"dual_{level}" in duals]
    for row in rows_of(duals):
        rule, _, rest = str(row["row"]).partition("[")
        if rule == "balance" or rule not in known:
            continue
        key, ratio = rest.removesuffix("]").replace(",", "|"), known[rule].ratio
        asked, total = limits.get(key, (None, 0.0)) if known[rule].table == "limits" else (None, 0.0)
        upper = plain(row["upper"])
        bound = row["lower"] if upper is None else upper
        if abs(row["activity"] - bound) > TIGHT * max(abs(bound), 1.0):
            continue
        worth = abs(bound if asked is None else asked)
        for level in levels:
            price = max(row[f"dual_{level}"] * (1.0 if upper is None else -1.0), 0.0)
            price *= POINT * total if ratio else 1.0
            stake = price if ratio or worth == 0 else price * POINT * worth
            if stake > LEAST:
                yield Priced(rule, key, level, price, stake)


def _limits(rows: list[Row]) -> dict[str, tuple[float, float]]:
    """Return what is asked and the total (t) of each limit's row, by its key."""
    return {
        "|".join(str(row[part]) for part in _KEY).replace(",", "|"): (row["value"], row["total"] or 0.0) for row in rows
    }
