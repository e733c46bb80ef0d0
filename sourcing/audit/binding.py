"""The binding table: each row is a tight row of the rules, asks what the tables ask and says so in its card's words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcing.audit import compare
from sourcing.audit.cells import named
from sourcing.audit.names import dollars, filled, names
from sourcing.audit.promises import slack_of
from sourcing.audit.verdict import CENT
from sourcing.card import OWN_RULE
from sourcing.families import cards
from sourcing.replay import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from sourcing.audit.cells import Book, Row
    from sourcing.card import Rule
    from sourcing.replay import Facts, Residual

    Residuals = Mapping[tuple[str, str, int], Residual]

POINT = 0.01
ROOM = 1e-6  # relative: what is worth as much as its price is the difference of two costs
COUNTED = {2: "two", 3: "three", 4: "four"}
LEAVES_LESS = (" keeps demand short in ", " less short")
LIMIT_ROOM = 1e-9  # relative: a limit's value is copied, so only its printing may differ


def binding_table(facts: Facts, book: Book, promised: Sequence[Residual], more: float = 0.0) -> Iterator[str]:
    """Yield a finding for each row that names nothing known or nothing tight, or says something else than the tables.

    A plan that is smoother than the cheapest costs USD ``more``: a rule that binds in that one has room in this one of
    no more than that at its price.

    A price comes from the solver's duals, which are not in the tables (``audit.prices`` compares them); what is worth
    how much was found by solving again: here it has to be no more than the prices, and what the row's words say.
    """
    named_here = {row["rule"] for row in book["binding"]}
    named_here |= {name.partition("[")[0] for row in book["binding"] for name in row["together"].split("; ")}
    meant_here = [each for each in promised if each.rule in named_here]
    at = {(each.rule, "|".join(map(str, each.key[:-1])), int(str(each.key[-1]))): each for each in meant_here}
    carded = [rule for card in cards().values() for rule in card.rules]
    rules = {rule.name: rule for rule in carded if rule.worth} | {OWN_RULE.name: OWN_RULE}
    ratios = {rule.name for rule in carded if rule.ratio}
    prices = {f"{row['rule']}[{row['key']}|{row['node']}]": row["price"] for row in book["binding"]}
    for row in book["binding"]:
        place = named("binding", row)
        rule, meant = rules.get(row["rule"]), at.get((row["rule"], row["key"], row["node"]))
        if rule is None:
            yield f"{place}: there is no rule of that name"
        elif meant is None:
            yield f"{place}: no row of that rule is about '{row['subject']}' in that period"
        else:
            if abs(meant.residual) > 10 * slack_of(meant) and not _paid_for(row, rule, meant, (book, more)):
                left = words.number(abs(meant.residual))
                yield f"{place}: the plan calls it binding, the arithmetic says {left} are left"
            yield from _claims(facts, place, row, (rule, meant))
            yield from _sentences(facts, place, row, (rule, meant), at)
            yield from _worth(place, row, prices, ratios)


def _paid_for(row: Row, rule: Rule, meant: Residual, of: tuple[Book, float]) -> bool:
    """Say whether the room that a rule has costs no more, at its price, than the plan does."""
    (book, more), unit = of, 1.0
    if rule.ratio:
        key = "|".join(map(str, meant.key[:-1]))
        totals = [each["total"] for each in book["limits"] if _limit_key(each) == key and each["node"] == meant.key[-1]]
        unit = POINT * (totals[0] or 0.0) if totals else 0.0
    return more > 0 and unit > 0 and row["price"] * abs(meant.residual) / unit <= more * (1.0 + ROOM) + CENT


def _limit_key(row: Row) -> str:
    return "|".join(str(row[part]) for part in ("limit", "member", "site", "window"))


def _claims(facts: Facts, place: str, row: Row, about: tuple[Rule, Residual]) -> Iterator[str]:
    """Yield the findings on what a row says of the rule's row that it is about."""
    rule, meant = about
    yield from compare.said(place, row, {"unit": rule.name if rule.ratio else rule.unit}, "the rule says")
    asked = facts.records.limits[str(meant.key[0])].value if rule.table == "limits" else meant.bound
    room = LIMIT_ROOM * abs(asked or 0.0) if rule.table == "limits" else slack_of(meant)
    if asked is not None and abs(row["value"] - asked) > room:
        yield f"{place}: the plan says value {words.number(row['value'])}, the tables say {words.number(asked)}"
    if row["price"] <= 0:
        yield f"{place}: the plan says price {words.number(row['price'])}; what binds has a price above 0"


def _sentences(facts: Facts, place: str, row: Row, about: tuple[Rule, Residual], at: Residuals) -> Iterator[str]:
    """Yield the findings on the words of a row: those of its card, with the figures of the row."""
    rule, meant = about
    called = names(facts, rule.key, meant.key)
    subject = filled(rule.subject, called)
    yield from compare.said(place, row, {"subject": subject}, "the tables say")
    if row["together"]:
        others = [_other(facts, name, at) for name in row["together"].split("; ")]
        more = [_more(rule, called), *(other for other in others if other is not None)]
        if None in others:
            yield f"{place}: the plan says together with '{row['together']}', of which not all can be found"
            return
        known = list(_together(more, row["worth"]))
    else:
        known = list(_alone(rule, called, subject, row))
    if row["words"] not in known:
        yield f"{place}: the plan says '{row['words']}', its own figures say '{known[0]}'"


def _worth(place: str, row: Row, prices: Mapping[str, float], ratios: AbstractSet[str]) -> Iterator[str]:
    """Yield a finding if more room is worth more than its price says: a price is the most that it can be worth.

    A ratio's row is another when a point is added, so that a price only is about what the first part of it is worth:
    what binds together with one has no such bound.
    """
    names = [name for name in row["together"].split("; ") if name]
    worth, others = row["worth"], [prices.get(name) for name in names]
    if worth is None or ratios & {row["rule"], *(name.partition("[")[0] for name in names)}:
        return
    if worth < 0 or (row["together"] and worth == 0):
        yield f"{place}: the plan says worth {words.number(worth)}; what is worth nothing is blank or 0"
    most = row["price"] + sum(price or 0.0 for price in others)
    if None not in others and worth > most * (1 + ROOM):
        yield f"{place}: the plan says worth {words.number(worth)}, the prices say at most {words.number(most)}"


def _alone(rule: Rule, called: Mapping[str, str], subject: str, row: Row) -> Iterator[str]:
    """Yield what a card's sentence on a row may be: what it is worth, or what at most, or nothing."""
    worth, most = row["worth"], f"at most {dollars(row['price'])}"
    if worth == 0:
        yield _sentence(f"{_more(rule, called)} alone is worth nothing: other rules bind with it")
        yield _sentence(f"{_more(rule, called)} alone leaves no less short: other rules bind with it")
        return
    yield _sentence(filled(rule.worth, {**called, "price": most if worth is None else dollars(worth)}))
    yield f"{subject} keeps demand short in {called['period']}"


def _together(more: Sequence[str], worth: float | None) -> Iterator[str]:
    """Yield what may be said of rules that bind together."""
    room = f"{', '.join(more[:-1])} and {more[-1]}"
    for use in (f"are worth {dollars(worth or 0.0)} together", "would leave less short together"):
        for one in ("one alone nothing", "the first alone nothing"):
            yield _sentence(f"{COUNTED.get(len(more), len(more))} rules bind together: {room} {use}, {one}")


def _other(facts: Facts, name: str, at: Residuals) -> str | None:
    """Return what more room is of a row that is named by its codes: "lane[A|P||sea|2]"; None if there is none."""
    ruled, _, rest = name.removesuffix("]").partition("[")
    key, _, node = rest.rpartition("|")
    rule = next((rule for card in cards().values() for rule in card.rules if rule.name == ruled and rule.worth), None)
    meant = at.get((ruled, key, int(node))) if node.isdecimal() else None
    return None if rule is None or meant is None else _more(rule, names(facts, rule.key, meant.key))


def _more(rule: Rule, called: Mapping[str, str]) -> str:
    """Return what more room is of a rule, as its card says before the price."""
    before = re.split(" would save | is worth ", rule.worth)[0]
    return filled(before, called)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
