"""The changes table: every order that differs from the last plan's is there, by how much, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from math import fsum
from typing import TYPE_CHECKING

from sourcing.audit import compare
from sourcing.audit.causes import Causes, comes_to_all, figure
from sourcing.audit.cells import named
from sourcing.audit.verdict import tonnes_slack
from sourcing.families.stability.records import last_orders, stability
from sourcing.replay.words import number

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.audit.cells import Book, Row
    from sourcing.replay import Facts, Replay

_LEAST = 1e-8  # t, and ten times the part that the plan calls nothing: less than that need not be listed
_TOLD = 2
_RANKS = {"limits": 0, "groups": 0, "question": 0}


@dataclass(frozen=True)
class Difference:
    """A row of `input_changes`."""

    table: str
    record: str = ""
    column: str = ""
    before: str = ""
    after: str = ""
    offer: str = ""
    site: str = ""
    material: str = ""
    size: float = 0.0
    words: str = ""
    amount: float | None = None


def changes_table(facts: Facts, plan: Replay, book: Book) -> Iterator[str]:
    """Yield a finding for each row that tells a change wrongly, and for each change that no row tells."""
    last = stability(facts)
    if not last.tonnes and not last.terms:
        yield from (f"{named('changes', row)}: there is no last plan to compare with" for row in book["changes"])
        return
    before = {(*way, n): tonnes for (way, n), tonnes in last.tonnes.items()}
    known = {row.offer: (row.supplier, row.material) for row in last_orders(facts)[::-1]}
    known |= {code: (row.supplier, row.material) for code, row in facts.records.offers.items()}
    causes = Causes(facts, facts.records.table("input_changes", Difference))
    moved = _moved(book)
    for row in book["changes"]:
        place, key = named("changes", row), (row["offer"], row["destination"], row["mode"], row["node"])
        was, now = before.pop(key, 0.0), plan.buy.get(key, 0.0)
        yield from compare.tonnes(place, row, {"last": was, "now": now, "change": now - was}, was + now)
        if abs(now - was) <= tonnes_slack(was + now) / 10:
            yield f"{place}: nothing changed"
        supplier, material = known.get(row["offer"], ("", ""))
        why = _why(facts, book, causes, row, material, _of_its_side(row, *moved[row["offer"], row["destination"]]))
        said = {"supplier": supplier, "material": material, "why": why}
        yield from compare.said(place, row, said, "the tables say")
    told = {(row["offer"], row["destination"], row["mode"], row["node"]) for row in book["changes"]}
    for key in sorted((before.keys() | plan.buy.keys()) - told):
        was, now = before.get(key, 0.0), plan.buy.get(key, 0.0)
        if abs(now - was) > 10 * tonnes_slack(was + now) + _LEAST:
            place = f"changes, offer {key[0]}, destination {key[1]}, node {key[3]}"
            yield f"{place}: the plan has no row, the arithmetic says {number(now - was)} t"


def _moved(book: Book) -> dict[tuple[str, str], tuple[float, float]]:
    """Return the t more, and the t less, from each offer to each destination: in all periods, by all modes."""
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for row in book["changes"]:
        found[row["offer"], row["destination"]].append(row["change"])
    return {
        way: (fsum(each for each in changes if each > 0), -fsum(each for each in changes if each < 0))
        for way, changes in found.items()
    }


def _of_its_side(row: Row, more: float, less: float) -> float:
    """Return the t that a cause has to explain: the net of the way, or what only went to other periods if that is more.

    An order against the net is part of what only went to other periods.
    """
    return max(more - less if row["change"] > 0 else less - more, min(more, less))


def _why(facts: Facts, book: Book, causes: Causes, row: Row, material: str, moved: float) -> str:
    """Return the reasons as the plan should tell them, of an order whose way is ``moved`` t more, or less."""
    if not causes.found:
        bound = (str(each["words"]) for each in book["binding"] if row["offer"] in each["key"].split("|"))
        return f"no input is known to have changed: {next(bound, 'no rule with a price names the offer')}"
    can = causes.of(row, material, moved)
    if not can:
        return "no change of the inputs explains this by itself"
    own = [each for each in can if _is_near(facts, each.first, row, material)]
    others = sorted(
        (each for each in can if each not in own),
        key=lambda each: _RANKS.get(each.first.table, 1 if each.first.material == material else 2),
    )
    told = own if comes_to_all(own, moved) else [*own, *others]
    words = _told([each.words(moved) for each in told])
    if not told[0].explains(moved):
        words = f"{words}, where {figure(moved)} t moved"
    if own:
        return words
    near = any(_is_near(facts, each, row, material) for each in causes.found)
    return f"no input of its own {'explains it' if near else 'changed'}: {words}"


def _is_near(facts: Facts, each: Difference, row: Row, material: str) -> bool:
    """Say whether a difference is about an order's offer, its lane, or its material where it goes."""
    if each.offer == row["offer"]:
        return True
    if each.table == "lanes":
        offer = facts.records.offers.get(row["offer"])
        return each.record.split("|")[:2] == ["" if offer is None else offer.site, row["destination"]]
    return not each.offer and each.site == row["destination"] and each.material in (material, "")


def _told(words: list[str]) -> str:
    more = len(words) - _TOLD
    return "; ".join(words[:_TOLD]) + (f" (and {more} more)" if more > 0 else "")
