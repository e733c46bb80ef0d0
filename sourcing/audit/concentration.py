"""The shares and hhi tables: whose the arriving tonnes are, as bought and at each stage a limit names, by year."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.audit import compare
from sourcing.audit.cells import named
from sourcing.audit.used import NOTHING, figures_agree
from sourcing.audit.used_shares import UNSAID
from sourcing.audit.verdict import TRACE, share_slack
from sourcing.replay import origins
from sourcing.replay.limits import at_stage, by_year
from sourcing.replay.look_through import SEEN, ships_elsewhere, stages_seen
from sourcing.replay.words import number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sourcing.audit.cells import Book, Row
    from sourcing.audit.used_shares import Group, OfUse
    from sourcing.replay import Facts, Replay
    from sourcing.replay.origins import Source

    Subject = tuple[str, str, str, str, int]
    Held = Mapping[Subject, Mapping[str, float]]

LENSES = ("country", "owner_country", "owner", "supplier", "recycled")
NAMES = ("counted", "what", "stage", "lens", "year")


def concentration(facts: Facts, plan: Replay, book: Book, used: Mapping[Group, OfUse]) -> Iterator[str]:
    """Yield a finding for each wrong or missing row of the two tables; ``used`` is what limits on use say of shares."""
    own = holdings(facts, plan)
    yield from _shares(own, used, book["shares"])
    yield from _hhi(own, book["hhi"])


def holdings(facts: Facts, plan: Replay) -> Held:
    """Return t by (counted, what, stage, lens, year) and group, open orders included; a blank stage is as bought."""
    arriving = by_year(facts, origins.arriving(facts, plan))
    found: dict[Subject, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    shown = [*LENSES, *(["shipped_from"] if ships_elsewhere(facts.records) else [])]
    asked = {stage: list(shown) for stage in ("", *(limit.stage for limit in facts.records.limits.values()))}
    for stage in stages_seen(facts.records):
        asked.setdefault(stage, []).extend(SEEN)
    for stage, lenses in asked.items():
        for source, years in arriving.items():
            if at_stage(facts, stage, source):
                _hold(facts, found, (stage, source, lenses), years)
    return found


def _hold(
    facts: Facts,
    found: dict[Subject, dict[str, float]],
    at: tuple[str, Source, list[str]],
    years: Mapping[int, float],
) -> None:
    """Add what arrives from one source to every subject that counts it."""
    stage, source, lenses = at
    counted = [("material", source.material, 1.0)]
    counted += [("element", e, part) for (m, e), part in facts.records.contents.items() if m == source.material]
    for lens in lenses:
        for group, part in origins.groups(facts, source, lens, stage):
            for year, amount in years.items():
                for kind, what, content in counted:
                    subject = (kind, what, stage, lens, year)
                    found[subject][group] += amount * part * content


def absent(table: str, keys: Mapping[str, object], amount: float) -> str:
    """Return the finding on a row that is not there."""
    place = ", ".join(f"{name} {value}" for name, value in keys.items())
    return f"{table}, {place}: the plan has no row, the arithmetic says {number(amount)} t"


def _shares(own: Held, used: Mapping[Group, OfUse], rows: list[Row]) -> Iterator[str]:
    """Yield the findings on the shares table."""
    names = (*NAMES, "group")
    listed = {tuple(row[name] for name in names): row for row in rows}
    expected = {(*subject, group): amount for subject, groups in own.items() for group, amount in groups.items()}
    total = {subject: sum(groups.values()) for subject, groups in own.items()}
    for key in sorted(expected.keys() | used.keys()):
        amount, of_all = expected.get(key, 0.0), total.get(key[:-1], 0.0)
        said = used.get(key, UNSAID)
        row = listed.pop(key, None)
        if row is None:
            if amount > TRACE or said.more > 2 * NOTHING:
                yield absent("shares", dict(zip(names, key, strict=True)), amount)
            continue
        if key not in expected and said.more <= NOTHING / 2:
            yield f"{named('shares', row)}: nothing of that kind arrives in the plan, and nothing is used"
        yield from compare.tonnes(named("shares", row), row, {"tonnes": amount}, of_all)
        yield from _figure("shares", row, "share", amount / of_all if of_all > 0 else 0.0, of_all)
        yield from figures_agree("shares", row, {"lots": said.lots, "heap": said.heap}, said.used)
    for row in listed.values():
        yield f"{named('shares', row)}: nothing of that kind arrives in the plan"


def _figure(table: str, row: Row, column: str, value: float, total: float) -> Iterator[str]:
    """Yield a finding if a share or an index is not the recomputed one."""
    if abs(row[column] - value) > share_slack(total):
        yield f"{named(table, row)}: the plan says {column} {number(row[column])}, the arithmetic says {number(value)}"


def _hhi(own: Held, rows: list[Row]) -> Iterator[str]:
    """Yield the findings on the hhi table."""
    listed = {tuple(row[name] for name in NAMES): row for row in rows}
    for subject, groups in sorted(own.items()):
        total = sum(groups.values())
        row = listed.pop(subject, None)
        if row is None:
            if total > TRACE:
                yield absent("hhi", dict(zip(NAMES, subject, strict=True)), total)
            continue
        yield from compare.tonnes(named("hhi", row), row, {"tonnes": total})
        index = sum((amount / total) ** 2 for amount in groups.values()) if total > 0 else 0.0
        yield from _figure("hhi", row, "hhi", index, total)
        surely, at_best = (sum(amount > least for amount in groups.values()) for least in (TRACE, 0.0))
        if not surely <= row["groups"] <= at_best:
            yield f"{named('hhi', row)}: the plan says {row['groups']} groups, the arithmetic says {surely}"
    for row in listed.values():
        yield f"{named('hhi', row)}: nothing of that kind arrives in the plan"
