"""The customs table: what own shipments paid by where they were made, recomputed from the plan's lots."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.audit import compare
from sourcing.audit.cells import named
from sourcing.audit.verdict import TONNES_RELATIVE, money_slack
from sourcing.replay.customs import customs_values
from sourcing.replay.own_duties import own_duties
from sourcing.replay.words import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.audit.cells import Book
    from sourcing.replay import Facts, Replay

NOBODYS = TONNES_RELATIVE * 0.1
"""Tonnes: a tenth of a gram is nobody's."""
Key = tuple[str, str, str, str, str, int]


def customs_table(facts: Facts, plan: Replay, book: Book) -> Iterator[str]:
    """Yield a finding for each figure that is not the recomputed one, and each row that is missing or too much."""
    if not facts.duty_follows:
        return
    listed = {
        (row["origin"], row["destination"], row["material"], row["mode"], row["made_in"], row["node"]): row
        for row in book["customs"]
    }
    values = facts.records.once(customs_values)
    for key, (tonnes, due) in _recomputed(facts, plan).items():
        row = listed.pop(key, None)
        if row is not None:
            place = named("customs", row)
            yield from compare.tonnes(place, row, {"tonnes": tonnes}, tonnes)
            for column, own in (("value", values[key[2]]), ("duty", due)):
                if abs(row[column] - own) > money_slack(own):
                    yield f"{place}: the plan says {column} USD {number(row[column])}, the arithmetic {number(own)}"
        elif tonnes > NOBODYS and (key[4] or due > money_slack(due)):
            yield f"customs.csv: it has no row of {key[2]} made in {key[4] or 'any country'}, {key[0]} to {key[1]}"
    for row in listed.values():
        yield f"{named('customs', row)}: the plan sends nothing of that kind there"


def _recomputed(facts: Facts, plan: Replay) -> dict[Key, tuple[float, float]]:
    found: dict[Key, tuple[float, float]] = {}
    for paid in own_duties(facts, plan):
        key: Key = (*paid.ship, paid.made_in, paid.m)
        tonnes, due = found.get(key, (0.0, 0.0))
        found[key] = tonnes + paid.tonnes, due + sum(paid.due.values())
    return found
