"""An analyst's own rules: what they add up to, from the plan's tables, against what they ask."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from sourcing.audit import compare
from sourcing.audit.cells import named
from sourcing.audit.verdict import tonnes_slack
from sourcing.card import OWN_RULE
from sourcing.replay.rows import Residual
from sourcing.replay.words import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sourcing.audit.cells import Book, Row
    from sourcing.replay import Facts

_CELLS = {
    "buy": ("purchases", ("offer", "destination", "mode"), "tonnes"),
    "ship": ("shipments", ("origin", "destination", "material", "mode"), "tonnes"),
    "make": ("conversions", ("process",), "tonnes"),
    "hold": ("stock", ("site", "material"), "end"),
    "short": ("stock", ("site", "material"), "short"),
    "dispose": ("stock", ("site", "material"), "disposed"),
}
"""Columns of the model that a plan table has, by their key; other columns are taken as the plan gives them."""
_NAMED = "model."


def own_rows(facts: Facts, book: Book) -> list[Residual]:
    """Return how far each own rule is kept; each stands at the last node."""
    return [_row(facts, name, terms) for name, terms in _by_rule(book).items()]


def _row(facts: Facts, name: str, terms: Sequence[Row]) -> Residual:
    left = sum(row["coefficient"] * row["value"] for row in terms)
    below, above = terms[0]["at_least"], terms[0]["at_most"]
    bound = above if above is not None else below or 0.0
    scale = sum(abs(row["coefficient"] * row["value"]) for row in terms) + abs(bound)
    kind, residual = ("<=", bound - left) if above is not None else (">=", left - bound)
    return Residual(OWN_RULE.name, (name, facts.calendar.last), kind, residual, scale, f"own rule {name}", bound)


def own_tables(book: Book, manifest: Mapping[str, Any], promised: Sequence[Residual]) -> Iterator[str]:
    """Yield a finding for each figure of own rules that is not that of the plan, its manifest or its limits."""
    yield from _figures(book)
    told = {one["rule"]: one for one in manifest.get("own_rules", {}).get("rules", [])}
    for name, terms in _by_rule(book).items():
        meant = tuple(told.get(name, {}).get(side, "nothing") for side in ("at_least", "at_most"))
        if {(row["at_least"], row["at_most"]) for row in terms} != {meant}:
            yield f"own_rules, rule {name}: the manifest says something else of it"
    listed = {row["limit"]: row for row in book["limits"] if row["measure"] == OWN_RULE.name}
    for row in (row for row in promised if row.rule == OWN_RULE.name):
        said = listed.pop(f"{_NAMED}{row.key[0]}", None)
        if said is None:
            yield f"{row.place}: the limits table has no row"
            continue
        asked = row.bound or 0.0
        left = asked - row.residual if row.kind == "<=" else asked + row.residual
        figures = {"value": asked, "counted": left, "actual": left}
        yield from compare.tonnes(named("limits", said), said, figures, row.scale)
        yield from compare.said(named("limits", said), said, {"sense": "max" if row.kind == "<=" else "min"}, "it says")
    yield from (f"{named('limits', row)}: no rule of an analyst's own says that" for row in listed.values())


def _figures(book: Book) -> Iterator[str]:
    """Yield a finding for each value that the plan's own tables give otherwise."""
    known: dict[str, dict[tuple[str, int], float]] = {}
    for row in book["own_rules"]:
        if row["block"] not in _CELLS:
            continue
        table, key, column = _CELLS[row["block"]]
        if row["block"] not in known:
            known[row["block"]] = {("|".join(one[k] for k in key), one["node"]): one[column] for one in book[table]}
        value = known[row["block"]].get((row["key"], row["node"]), 0.0)
        if abs(row["value"] - value) > tonnes_slack(value):
            yield f"{named('own_rules', row)}: it says {number(row['value'])}, the table {table} {number(value)}"


def _by_rule(book: Book) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in book["own_rules"]:
        found[row["rule"]].append(row)
    return found
