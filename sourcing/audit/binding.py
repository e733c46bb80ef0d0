"""The binding table: what is called binding is a row of the rules, and tight."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sourcing.audit.cells import named
from sourcing.audit.promises import slack_of
from sourcing.replay import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sourcing.audit.cells import Book
    from sourcing.replay import Facts, Residual


def binding_table(facts: Facts, book: Book, promised: Sequence[Residual]) -> Iterator[str]:
    """Yield a finding for each row that names nothing known, or something that is not tight.

    Words, values and prices come from the solver's duals, which are not in the tables, so they cannot be recomputed.
    """
    at = {(each.rule, "|".join(map(str, each.key[:-1])), int(str(each.key[-1]))): each for each in promised}
    known = {rule for rule, _, _ in at}
    for row in book["binding"]:
        place = named("binding", row)
        meant = at.get((row["rule"], row["key"], row["node"]))
        if row["rule"] not in known:
            yield f"{place}: there is no rule of that name"
        elif meant is None or not _meant(facts, meant, row["subject"]):
            yield f"{place}: no row of that rule is about '{row['subject']}' in that period"
        elif abs(meant.residual) > 10 * slack_of(meant):
            left = words.number(abs(meant.residual))
            yield f"{place}: the plan calls it binding, the arithmetic says {left} are left"


def _meant(facts: Facts, row: Residual, subject: str) -> bool:
    """Say whether a subject in a planner's words is about a row: it names each part by its code or its name."""
    return all(
        any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", subject, re.IGNORECASE) for name in _names(facts, row, part))
        for part in row.key[:-1]
        if part != ""
    )


def _names(facts: Facts, row: Residual, key_part: object) -> list[str]:
    """Return what a planner may call one part of a row's key."""
    rule, part = row.rule, str(key_part)
    found = [part, words.material(facts, part), words.site(facts, part)]
    if rule == "offer":
        found.append(facts.records.offers[part].supplier)
    if rule == "process":
        found.append(words.site(facts, facts.records.processes[part].site))
    return found
