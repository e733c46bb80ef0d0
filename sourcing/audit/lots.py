"""The lots table: every figure recomputed from what the plan decides of each lot."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.audit import compare
from sourcing.audit.cells import named
from sourcing.audit.verdict import TONNES_RELATIVE, TRACE
from sourcing.replay.custody import custody
from sourcing.replay.lot_flows import flows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.audit.cells import Book
    from sourcing.replay import Facts, Replay

LEAST = 0.1
"""Tonnes beside which any lot is judged: a tenth of a gram of a lot is nobody's."""
BESIDE = 1e-3
"""Part of the largest lot at a point by which the figures of a small one are judged at least: what rounding moves."""
_OF = {"used": "use_of", "disposed": "dispose_of", "end": "hold_of"}


def lots_table(facts: Facts, plan: Replay, book: Book) -> Iterator[str]:
    """Yield a finding for each figure that is not the recomputed one, and each row that is missing or too much."""
    listed = {(row["site"], row["material"], row["lot"], row["node"]): row for row in book["lots"]}
    recomputed, most = list(_recomputed(facts, plan)), defaultdict[tuple[str, str], float](float)
    for key, own in recomputed:
        most[key[:2]] = max(most[key[:2]], *map(abs, own.values()))
    for key, own in recomputed:
        row, size = listed.pop(key, None), max(map(abs, own.values()))
        beside = max(BESIDE * most[key[:2]], LEAST)
        if row is not None:
            yield from compare.tonnes(named("lots", row), row, own, max(size, beside))
        elif size > max(TRACE, TONNES_RELATIVE * beside):
            yield f"lots.csv: it has no row of {key[2]}, {key[1]} at {key[0]}, {facts.calendar.label(key[3])}"
    for row in listed.values():
        yield f"{named('lots', row)}: nothing of that lot is kept apart there"


def _recomputed(facts: Facts, plan: Replay) -> Iterator[tuple[tuple[str, str, str, int], dict[str, float]]]:
    known, moved = facts.once(custody), plan.once(facts, flows)
    for (site, what), lots in known.lots.items():
        for lot in lots if len(lots) > 1 else ():
            stock = facts.records.stocks.get((site, what))
            there = stock is not None and known.words(known.before(stock.offer, (site, what))) == lot
            start = stock.opening if stock is not None and there else 0.0
            for n in facts.calendar.nodes:
                key = (site, what, lot, n)
                own = {figure: plan.decision(name, *key) for figure, name in _OF.items()}
                gone = moved.going.get(key, 0.0) - sum(own.values())
                came = moved.coming.get(key, 0.0) - start
                yield key, {**own, "start": start, "came": came, "sent": gone}
                start = own["end"]
