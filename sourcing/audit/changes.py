"""The changes table: every order that differs from the last plan's is there, by how much, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.audit import compare
from sourcing.audit.causes import Causes
from sourcing.audit.cells import named
from sourcing.audit.verdict import tonnes_slack
from sourcing.replay.stability import last_orders, stability
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
    for row in book["changes"]:
        place, key = named("changes", row), (row["offer"], row["destination"], row["mode"], row["node"])
        was, now = before.pop(key, 0.0), plan.buy.get(key, 0.0)
        yield from compare.tonnes(place, row, {"last": was, "now": now, "change": now - was}, was + now)
        if abs(now - was) <= tonnes_slack(was + now) / 10:
            yield f"{place}: nothing changed"
        supplier, material = known.get(row["offer"], ("", ""))
        said = {"supplier": supplier, "material": material, "why": _why(facts, book, causes, row, material)}
        yield from compare.said(place, row, said, "the tables say")
    told = {(row["offer"], row["destination"], row["mode"], row["node"]) for row in book["changes"]}
    for key in sorted((before.keys() | plan.buy.keys()) - told):
        was, now = before.get(key, 0.0), plan.buy.get(key, 0.0)
        if abs(now - was) > 10 * tonnes_slack(was + now) + _LEAST:
            place = f"changes, offer {key[0]}, destination {key[1]}, node {key[3]}"
            yield f"{place}: the plan has no row, the arithmetic says {number(now - was)} t"


def _why(facts: Facts, book: Book, causes: Causes, row: Row, material: str) -> str:
    """Return the reasons as the plan should tell them."""
    if not causes.found:
        bound = (str(each["words"]) for each in book["binding"] if row["offer"] in each["key"].split("|"))
        return f"no input is known to have changed: {next(bound, 'no rule with a price names the offer')}"
    can = causes.of(row, material)
    if told := [each.words for each in can if _is_near(facts, each, row, material)]:
        return _told(told)
    if not can:
        return "no change of the inputs explains this by itself"
    ranked = sorted(can, key=lambda each: _RANKS.get(each.table, 1 if each.material == material else 2))
    near = any(_is_near(facts, each, row, material) for each in causes.found)
    return f"no input of its own {'explains it' if near else 'changed'}: {_told([each.words for each in ranked])}"


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
