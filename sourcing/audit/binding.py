"""The binding table: each row is a tight row of the rules, asks what the tables ask and says so in its card's words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.audit import compare
from sourcing.audit.cells import named
from sourcing.audit.names import dollars, filled, names
from sourcing.audit.promises import slack_of
from sourcing.families import cards
from sourcing.replay import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sourcing.audit.cells import Book, Row
    from sourcing.card import Rule
    from sourcing.replay import Facts, Residual

LIMIT_ROOM = 1e-9  # relative: a limit's value is copied, so only its printing may differ


def binding_table(facts: Facts, book: Book, promised: Sequence[Residual]) -> Iterator[str]:
    """Yield a finding for each row that names nothing known or nothing tight, or says something else than the tables.

    A price comes from the solver's duals, which are not in the tables: it only has to be the one in the row's words.
    """
    at = {(each.rule, "|".join(map(str, each.key[:-1])), int(str(each.key[-1]))): each for each in promised}
    rules = {rule.name: rule for card in cards().values() for rule in card.rules if rule.worth}
    for row in book["binding"]:
        place = named("binding", row)
        rule, meant = rules.get(row["rule"]), at.get((row["rule"], row["key"], row["node"]))
        if rule is None:
            yield f"{place}: there is no rule of that name"
        elif meant is None:
            yield f"{place}: no row of that rule is about '{row['subject']}' in that period"
        else:
            if abs(meant.residual) > 10 * slack_of(meant):
                left = words.number(abs(meant.residual))
                yield f"{place}: the plan calls it binding, the arithmetic says {left} are left"
            yield from _claims(facts, place, row, (rule, meant))


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
    called = names(facts, rule.key, meant.key)
    subject = filled(rule.subject, called)
    yield from compare.said(place, row, {"subject": subject}, "the tables say")
    sentence = filled(rule.worth, {**called, "price": dollars(row["price"])})
    known = (sentence[:1].upper() + sentence[1:], f"{subject} keeps demand short in {called['period']}")
    if row["words"] not in known:
        yield f"{place}: the plan says '{row['words']}', its own figures say '{known[0]}'"
