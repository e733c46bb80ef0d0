"""The binding table: each row is a tight row of the rules, asks what the tables ask and says so in its card's words."""

from __future__ import annotations

from string import Formatter
from typing import TYPE_CHECKING

from sourcing.audit import compare
from sourcing.audit.cells import named
from sourcing.audit.promises import slack_of
from sourcing.families import cards
from sourcing.replay import words
from sourcing.tables.dictionary import countries

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

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
    names = _names(facts, rule, meant)
    subject = _filled(rule.subject, names)
    yield from compare.said(place, row, {"subject": subject}, "the tables say")
    sentence = _filled(rule.worth, {**names, "price": dollars(row["price"])})
    known = (sentence[:1].upper() + sentence[1:], f"{subject} keeps demand short in {names['period']}")
    if row["words"] not in known:
        yield f"{place}: the plan says '{row['words']}', its own figures say '{known[0]}'"


def _filled(template: str, names: Mapping[str, str]) -> str:
    """Return a card's sentence about one row."""
    return template.format(**{field: names[field] for _, field, _, _ in Formatter().parse(template) if field})


def _names(facts: Facts, rule: Rule, meant: Residual) -> dict[str, str]:
    """Return what a card's sentences call the parts of a row's key."""
    key = {name: str(part) for name, part in zip(rule.key, meant.key, strict=True)}
    found = {**key, "period": facts.calendar.label(int(key["node"]))}
    found |= {part: words.site(facts, key[part]) for part in ("site", "origin", "destination") if part in key}
    if "material" in key:
        found["material"] = words.material(facts, key["material"])
    if "offer" in key:
        offer = facts.records.offers[key["offer"]]
        found["offer"] = f"{offer.supplier} {words.material(facts, offer.material)} ({offer.offer})"
    if "process" in key:
        found["process"] = f"{words.site(facts, facts.records.processes[key['process']].site)} ({key['process']})"
    if "line" in key:
        found["line"] = _line(facts, key["line"])
    if "origin" in key:
        goods = f" for {found['material']}" if key["material"] else ""
        found["lane"] = f"{key['mode']} lane {found['origin']} - {found['destination']}{goods}".strip()
    return found | (_limited(facts, key) if "limit" in key else {})


def _line(facts: Facts, code: str) -> str:
    """Return "Separation (sx-1)", or "Kuantan line sx-1" of a line without a name."""
    name = facts.records.lines[code].name
    sites = [facts.records.processes[process].site for process in facts.records.on_line(code)]
    return f"{name} ({code})" if name else f"{words.site(facts, sites[0]) if sites else ''} line {code}".strip()


def _limited(facts: Facts, key: Mapping[str, str]) -> dict[str, str]:
    """Return what sentences call the member, the site and the window of a limit's row."""
    limit, node = facts.records.limits[key["limit"]], int(key["node"])
    country = countries().get(key["member"], "")
    names = {"period": facts.calendar.label(node), "year": str(facts.calendar.starts[node].year), "horizon": "horizon"}
    return {
        "member": f"{country} ({key['member']})" if country else key["member"] or "all together",
        "at": f" at {words.site(facts, key['site'])}" if key["site"] else "",
        "period": names[limit.per],
        "graded": limit.property or limit.element,
        "looser": "lower" if limit.sense == "min" else "higher",
    }


def dollars(amount: float) -> str:
    """Return money as the sentences write it: USD 14,300 or USD 0.9 M."""
    if abs(amount) >= 1e6:
        return f"USD {amount / 1e6:,.1f} M"
    return f"USD {amount:,.0f}" if abs(amount) >= 10 else f"USD {amount:,.2f}"
