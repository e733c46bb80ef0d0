"""Qualifications: what nobody orders or runs before its approval, and when it could be approved."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.replay.lead import DUST, whole_days

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from sourcing.replay.facts import Facts

Gate = tuple[str, str, str]  # kind, code, and the first day on which it is needed ("" = the start)


@dataclass(frozen=True)
class Qualification:
    """A row of `qualifications`; a blank date is the start of the horizon."""

    days: float
    offer: str = ""
    process: str = ""
    since: date | None = None
    cost: float = 0.0

    @property
    def key(self) -> Gate:
        """The qualification as the key of a row."""
        since = "" if self.since is None else self.since.isoformat()
        return ("offer", self.offer, since) if self.offer else ("process", self.process, since)

    def is_needed(self, facts: Facts, n: int) -> bool:
        """Say whether period n begins when the approval is needed."""
        return self.since is None or facts.calendar.starts[n] >= self.since

    def starts(self, facts: Facts, n: int) -> list[int]:
        """Return the periods in which it can be started so that it is approved when period n begins."""
        first = facts.calendar.starts
        return [m for m in range(n + 1) if (first[n] - first[m]).days >= self.days - DUST]

    def approved(self, facts: Facts, m: int) -> date:
        """Return the day of the approval if it is started on the first day of period m."""
        return facts.calendar.starts[m] + whole_days(self.days)


def qualifications(facts: Facts) -> dict[Gate, Qualification]:
    """Return what has to be qualified, by its key."""
    return {row.key: row for row in facts.records.table("qualifications", Qualification)}


def begins(facts: Facts) -> Iterator[tuple[Gate, int]]:
    """Yield every qualification with each period in which starting it would serve a later one."""
    for key, row in qualifications(facts).items():
        served = {m for n in facts.calendar.nodes if row.is_needed(facts, n) for m in row.starts(facts, n)}
        yield from ((key, m) for m in sorted(served))


def could_be_approved(facts: Facts, kind: str, code: str, day: date) -> bool:
    """Say whether all that an "offer" or a "process" needs in the period of a day could be approved by then."""
    n = facts.calendar.holding(day)
    rows = facts.once(_by_owner).get((kind, code), ())
    return n is not None and all(row.starts(facts, n) for row in rows if row.is_needed(facts, n))


def _by_owner(facts: Facts) -> dict[tuple[str, str], list[Qualification]]:
    """Return what has to be qualified of each "offer" and "process"."""
    found: dict[tuple[str, str], list[Qualification]] = defaultdict(list)
    for row in qualifications(facts).values():
        for kind, code in (("offer", row.offer), ("process", row.process)):
            found[kind, code].append(row)
    return found
