"""The limits table: what each limit counts, and whether it binds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sourcing import families
from sourcing.audit import compare
from sourcing.audit.cells import named
from sourcing.audit.verdict import TRACE, money_slack, share_slack, tonnes_slack
from sourcing.card import OWN_RULE
from sourcing.replay import words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sourcing.audit.cells import Book, Row
    from sourcing.replay import Facts, Replay, Residual
    from sourcing.replay.limits import Counted

DOUBLE = 1e-14  # relative: the rounding of a sum of many numbers in double precision
LOST = 1e-7  # t: a tenth of a gram that a balance loses or gains is nobody's, however small its other quantities are
TIGHT = 1e-6  # relative: as the plan tables define `binds`


def slack_of(row: Residual) -> float:
    """Return the violation of a row that is still noise, in the row's unit.

    A yes or no is kept to a gram, and to what double precision leaves of sums of this size: what an order brings
    without being paid for is no noise beside a capacity of a million tonnes.
    """
    if row.grain is not None:
        return row.grain + DOUBLE * row.scale
    if row.money:
        return money_slack(row.scale)
    return max(tonnes_slack(row.scale), LOST if row.kind == "==" else 0.0)


def limits_table(facts: Facts, plan: Replay, book: Book, promised: Sequence[Residual]) -> Iterator[str]:
    """Yield a finding for each wrong or missing row of the limits table; ``promised`` are the rows checked."""
    measured = {limit.measure for limit in facts.records.limits.values()}
    rules = {row.key for row in promised if row.rule in measured}
    asked = [row for row in book["limits"] if row["measure"] != OWN_RULE.name]
    listed = {(row["limit"], row["member"], row["site"], row["window"], row["node"]): row for row in asked}
    for own in _counted(facts, plan):
        if own.key not in rules:
            continue
        row = listed.pop(own.key, None)
        place = words.limited(facts, own)
        if row is None:
            yield f"{place}: the limits table has no row, the arithmetic counts {words.number(own.counted)}"
            continue
        yield from _words_of(place, row, own)
        yield from _figures(place, row, own)
        yield from _binds(place, row, own)
    for row in listed.values():
        yield f"{named('limits', row)}: no limit of the question says that"


def _counted(facts: Facts, plan: Replay) -> Iterator[Counted]:
    """Yield every row of every limit, with what the plan makes of it."""
    for check in families.checks():
        if hasattr(check, "limits"):
            yield from check.limits(facts, plan)


def _words_of(place: str, row: Row, own: Counted) -> Iterator[str]:
    """Yield the findings on what the row repeats of the limit."""
    limit = own.limit
    said = {"measure": limit.measure, "sense": limit.sense, "by": limit.by, "window": own.window.label}
    yield from compare.said(place, row, said, "the limit says")
    if not math.isclose(row["value"], limit.value, rel_tol=1e-9, abs_tol=1e-12):
        yield f"{place}: the plan says value {words.number(row['value'])}, the limit says {words.number(limit.value)}"


def _figures(place: str, row: Row, own: Counted) -> Iterator[str]:
    """Yield the findings on what is counted; a share (or an average) of nothing may be blank or 0."""
    slack, size = money_slack if own.money else tonnes_slack, _size(own)
    room = slack(max(abs(own.counted) / size, abs(own.total))) + own.rounding
    expected: dict[str, tuple[float | None, float]] = {"counted": (own.counted, room * size)}
    if own.ratio:
        expected["total"] = (own.total, room)
        share = own.counted / own.total if own.total > own.rounding else None
        expected["actual"] = (share, share_slack(own.total) * size)
    else:
        expected["total"] = (None, room)
        expected["actual"] = (own.counted, room)
    for column, (value, allowed) in expected.items():
        given = row[column]
        if value is None:
            agrees = given is None or (column == "actual" and (given == 0 or own.rounding > 0))
        else:
            agrees = given is not None and abs(given - value) <= allowed
        if not agrees:
            text = ("blank" if figure is None else words.number(figure) for figure in (given, value))
            yield f"{place}: the plan says {column} {next(text)}, the arithmetic says {next(text)}"


def _size(own: Counted) -> float:
    """Return what is counted per tonne of the total, in its order: an average may be parts per million, or hundreds."""
    if own.ratio != "average":
        return 1.0
    return max(own.limit.value, abs(own.counted) / own.total if own.total > 0 else 0.0)


def _binds(place: str, row: Row, own: Counted) -> Iterator[str]:
    """Yield a finding if a limit is called binding and is not, or the other way round.

    Between clearly tight and clearly loose either answer is right.
    """
    share = own.ratio == "share"
    slack, scale = abs(own.bound - own.counted), max(abs(own.bound), abs(own.counted))
    tight = slack <= 0.1 * TIGHT * scale
    loose = slack > 10 * TIGHT * max(scale, own.total if share else 0.0) + TRACE
    if own.ratio and own.total <= max(TRACE, own.rounding):
        if row["binds"]:
            yield f"{place}: the plan says it binds, a {own.limit.measure} of nothing never does"
    elif (tight and not row["binds"]) or (loose and row["binds"]):
        answer = "binds" if row["binds"] else "does not bind"
        yield f"{place}: the plan says it {answer}, the arithmetic says {words.number(slack)} are left"
