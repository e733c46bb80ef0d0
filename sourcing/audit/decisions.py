"""The decisions table: only what may be decided, whole where that is asked for, said in the card's words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.audit import compare
from sourcing.audit.cells import named
from sourcing.audit.names import filled, names
from sourcing.audit.verdict import TRACE
from sourcing.families import cards
from sourcing.replay.words import number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sourcing.audit.cells import Book, Row
    from sourcing.card import ColumnSet
    from sourcing.replay import Facts


def readable(book: Book) -> Book:
    """Return the rows without decisions whose key has not the labels of their kind: no rule could read them."""
    sizes = {each.name: len(each.key) - 1 for card in cards().values() for each in card.columns}
    kept = [row for row in book["decisions"] if len(row["key"].split("|")) == sizes.get(row["decision"])]
    return {**book, "decisions": kept}


def decisions_table(facts: Facts, book: Book, checks: Iterable[Any]) -> Iterator[str]:
    """Yield a finding for each row that decides what cannot be decided, or says something else than its figures."""
    rows = book["decisions"]
    if not rows:
        return
    sets = {each.name: each for card in cards().values() for each in card.columns if each.words}
    possible = {(name, "|".join(map(str, key))): most for name, key, most in _decides(facts, checks)}
    for row in rows:
        place, most = named("decisions", row), possible.get((row["decision"], f"{row['key']}|{row['node']}"))
        if most is None:
            yield f"{place}: the tables leave nothing of that kind to be decided"
            continue
        yield from _value(place, row, sets[row["decision"]], most)
        yield from _words(facts, place, row, sets[row["decision"]])


def _decides(facts: Facts, checks: Iterable[Any]) -> Iterator[tuple[str, tuple[object, ...], float]]:
    for check in checks:
        if hasattr(check, "decides"):
            yield from check.decides(facts)


def _value(place: str, row: Row, columns: ColumnSet, most: float) -> Iterator[str]:
    value = row["value"]
    if columns.whole and value != round(value):
        yield f"{place}: the plan says {number(value)}, which is no whole number"
    if value > most + TRACE:
        yield f"{place}: the plan says {number(value)}, the most possible is {number(most)}"
    if value == 0:
        yield f"{place}: the row decides nothing"


def _words(facts: Facts, place: str, row: Row, columns: ColumnSet) -> Iterator[str]:
    called = names(facts, columns.key, [*row["key"].split("|"), row["node"]])
    called["value"] = f"{row['value']:,.6f}".rstrip("0").rstrip(".")
    sentence = filled(columns.words, called)
    own = {"unit": columns.unit, "words": sentence[:1].upper() + sentence[1:]}
    yield from compare.said(place, row, own, "the tables say")
