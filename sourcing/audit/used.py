"""The use table: whose what is used is to limits on shares, by lots, as one heap, and as it arrived."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.audit import compare
from sourcing.audit.cells import named
from sourcing.audit.verdict import share_slack, tonnes_slack
from sourcing.measures import measures
from sourcing.replay import Replay
from sourcing.replay.heap import Heaps
from sourcing.replay.limits import counted, tallied, windows
from sourcing.replay.looks import UNTOLD, Looks, counts_use
from sourcing.replay.lots_used import ROUNDING
from sourcing.replay.words import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sourcing.audit.cells import Book, Row
    from sourcing.replay import Facts
    from sourcing.replay.limits import Window
    from sourcing.replay.records import Limit


NOTHING = 1e-6
"""Tonnes of which there is no share; of little more either answer is right."""
Rows = dict[tuple[str, str, str], "Row"]
Figures = dict[str, "float | None"]
Known = dict[tuple[str, str, str], tuple[float, Figures]]
"""By limit, member and window: what is used of all, and the figures of it."""


def recomputed(facts: Facts, plan: Replay, book: Book) -> Known:
    """Return the figures of every member of every limit on shares; none where the plan has no table of them."""
    return dict(_recomputed(facts, plan, _by_name(book["limits"]))) if book["use"] else {}


def use_table(figures: Known, book: Book) -> Iterator[str]:
    """Yield a finding for each figure that is not the recomputed one, and each row that is missing or too much."""
    listed, limited = (_by_name(book[table]) for table in ("use", "limits"))
    if not listed:
        return
    for key, row in listed.items():
        if key in limited and key in figures:
            used, own = figures[key]
            same = {column: limited[key][column] for column in ("site", "node", "sense", "value")}
            yield from compare.said(named("use", row), row, same, "the limits table says")
            of_lots = {"lots": limited[key]["actual"] if own["apart"] else None}
            yield from figures_agree("use", row, {**of_lots, "heap": own["heap"], "arrived": own["arrived"]}, used)
        else:
            yield f"{named('use', row)}: no limit of the question says that"
    for key in (limited.keys() & figures.keys()) - listed.keys():
        yield f"{named('limits', limited[key])}: the use table has no row of it"


def _by_name(rows: list[Row]) -> Rows:
    return {(row["limit"], row["member"], row["window"]): row for row in rows}


def _recomputed(
    facts: Facts, plan: Replay, limited: Iterable[tuple[str, str, str]]
) -> Iterator[tuple[tuple[str, str, str], tuple[float, Figures]]]:
    """Yield the figures of every member of every limit on shares, by window, with what is used of all."""
    asked = [limit for limit in facts.records.limits.values() if measures()[limit.measure].kind == "share"]
    looks, possible = Looks(facts, asked), Replay.everything(facts).once(facts, tallied)
    heaps = [Heaps(facts, plan, looks, at) for at in range(len(looks.all))]
    for limit in asked:
        came = {
            (row.member, row.window.label): row for row in counted(facts, limit, plan.once(facts, tallied), possible)
        }
        untold = {UNTOLD} if limit.sense == "max" else set[str]()
        for window in windows(facts.calendar, limit):
            heap, used = _heaped(facts, plan, (limit, looks, heaps[looks.limits[limit.limit]]), window)
            for name in {name for asked, name, label in limited if (asked, label) == (limit.limit, window.label)}:
                of = facts.records.groups.get(name, frozenset({name})) if limit.member else frozenset({name})
                mixed, here = sum(heap.get(each, 0.0) for each in of | untold), came.get((name, window.label))
                yield (
                    (limit.limit, name, window.label),
                    (
                        used,
                        {
                            "heap": mixed / used if used > NOTHING else None,
                            "arrived": here.counted / here.total if here is not None and here.total > NOTHING else None,
                            "apart": float(counts_use(limit)),
                        },
                    ),
                )


def _heaped(
    facts: Facts, plan: Replay, of: tuple[Limit, Looks, Heaps], window: Window
) -> tuple[dict[str, float], float]:
    """Return what everybody has of what is used in a window, if all is mixed, and all of it."""
    limit, looks, heaps = of
    found: dict[str, float] = {}
    total = 0.0
    for (site, what, n), due in facts.due.items():
        part = window.part(n)
        if not part or not looks.counts(limit, (site, what)):
            continue
        met = due.quantity - plan.short.get((site, what, n), 0.0)
        tonnes = part * looks.worth(limit, what) * (met if met > ROUNDING * due.quantity else 0.0)
        total += tonnes
        for name, share in heaps.known[site, what, n].items():
            found[name] = found.get(name, 0.0) + share * tonnes
    for (code, n), done in plan.make.items():
        site = facts.records.processes[code].site
        for what, quantity in facts.records.intake(code).items() if window.part(n) else ():
            if looks.takes(limit, (site, what)):
                tonnes = window.part(n) * looks.worth(limit, what) * quantity * done
                total += tonnes
                for name, share in heaps.known[site, what, n].items():
                    found[name] = found.get(name, 0.0) + share * tonnes
    return found, total


def figures_agree(table: str, row: Row, own: Figures, used: float) -> Iterator[str]:
    """Yield a finding for each share of what is used, and the t used if the table has them, that is another."""
    place = named(table, row)
    if abs(row.get("used", used) - used) > tonnes_slack(used):
        yield f"{place}: the plan says used {number(row['used'])}, the arithmetic says {number(used)}"
    for column, value in own.items():
        given = row[column]
        agrees = given is value or NOTHING / 2 <= used <= 2 * NOTHING
        if given is not None and value is not None:
            agrees = abs(given - value) <= share_slack(used)
        if not agrees:
            text = ["blank" if figure is None else number(figure) for figure in (given, value)]
            yield f"{place}: the plan says {column} {text[0]}, the arithmetic says {text[1]}"
