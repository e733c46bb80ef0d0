"""Sentences about numbers that may be off: what they are, what not knowing them costs, which of them can wait."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sourcing.report.figures import day, money, tonnes
from sourcing.report.rows import each
from sourcing.studies.tornado.found import UNKEPT, worse_end, worth_checking

if TYPE_CHECKING:
    from sourcing.studies.tornado.found import Tornado

SMALL = 0.02
"""Part of what a number swings up to which not knowing it is small beside that."""
_WAITING = 2
_LONGEST = 70


def finding(found: Tornado) -> str:
    """Return the answer in a sentence: the number to check first and why, or that none has to be checked."""
    own, before = found.manifest["own_regret"], _before(found)
    rows = worth_checking(found.tables["tornado"], own)
    if rows.empty and own:
        return (
            f"No number has to be checked first: the orders you place before {before} cost {money(own)} more than the "
            "best ones would as stated, and no number makes that more on average"
        )
    if rows.empty:
        return (
            f"No number has to be checked first: whichever of them is off, the orders you place before {before} are as "
            "good as any"
        )
    first = next(each(rows))
    end = worse(first, found)
    check = (
        f"Check the {first.words} first: at {_amount(first, getattr(first, end))} instead of "
        f"{_amount(first, first.value)}"
    )
    if _unkept(first, end):
        return f"{check} no plan keeps the orders you place before {before}"
    return (
        f"{check} the orders you place before {before} {dearer(first, f'_{end}', verbs=True)} than the best ones would"
    )


def worse(row: Any, found: Tornado) -> str:
    """Return the end at which keeping the orders costs more: shortage first, where the question says so."""
    return worse_end(row, least=found.manifest["minimize"][0] == "shortage")


def _unkept(row: Any, end: str) -> bool:
    """Say whether there are plans at an end, but none that keeps the orders."""
    return bool(getattr(row, f"status_{end}") == UNKEPT)


def costs(row: Any) -> str:
    """Return what not knowing a number costs, as the mean of both ends, or that the orders cannot be kept then."""
    lost = [end for end in ("low", "high") if _unkept(row, end)]
    if lost:
        return f"at {'either' if len(lost) > 1 else 'one'} end no plan keeps today's orders"
    return f"on average {dearer(row, '')}"


def dearer(row: Any, end: str, *, verbs: bool = False) -> str:
    """Return "leave 1.2 t more short and cost USD 0.5 M more", or "1.2 t more short, USD 0.5 M more" without verbs."""
    short, cost = getattr(row, f"regret_short{end}"), getattr(row, f"regret{end}")
    bill = f"{'cost ' if verbs else ''}{money(abs(cost))} {'more' if cost >= 0 else 'less'}"
    if not short:
        return bill
    gap = f"{'leave ' if verbs else ''}{tonnes(abs(short))} {'more' if short > 0 else 'less'} short"
    return f"{gap}{' and ' if verbs else ', '}{bill}" if cost >= 0 else f"{gap} (and so {bill})"


def end_words(row: Any, found: Tornado) -> str:
    """Return what not knowing costs at the worse end, and what of the orders cannot be kept then."""
    end = worse(row, found)
    if _unkept(row, end):
        return f"at {_amount(row, getattr(row, end))}: no plan keeps today's orders"
    dropped = getattr(row, f"dropped_{end}")
    cut = f" ({tonnes(dropped)} of them cannot be had)" if dropped else ""
    return f"at {_amount(row, getattr(row, end))}: today's orders{cut} {dearer(row, f'_{end}', verbs=True)}"


def from_to(row: Any) -> str:
    """Return the value and its range: "75 days, may be 45 to 150 days"."""
    return f"{_amount(row, row.value)}, may be {_amount(row, row.low)} to {_amount(row, row.high)}"


def stated(row: Any) -> str:
    """Return how far a row can be trusted, and of when it is."""
    return f"{row.confidence or 'no confidence stated'}{f', {row.as_of}' if row.as_of else ''}"


def short_source(source: str) -> str:
    """Return a source in one line."""
    if not source:
        return "no source stated"
    return source if len(source) <= _LONGEST else f"{source[: _LONGEST - 1]}…"


def waits(found: Tornado) -> str:
    """Return which numbers swing the cost most, and yet change hardly an order now."""
    table = found.tables["tornado"]
    table = table[(table["swing"] > 0) & (table["regret_weighted"] <= 0)].sort_values("swing_rank")
    most = table[["regret_low", "regret_high"]].max(axis=1)
    rows = table[most <= SMALL * table["swing"]].head(_WAITING)
    said = []
    for row in each(rows):
        regret = max(row.regret_low, row.regret_high)
        orders = (
            "changes no order that you place now" if not regret else f"not knowing it costs {money(regret)} at most"
        )
        short = f"what goes short by {tonnes(row.swing_short)} and " if row.swing_short else ""
        said.append(f"the {row.words} swings {short}the cost by {money(row.swing)}, and {orders}")
    if not said:
        return ""
    words = "; ".join(said)
    return f"{words}: {'they are' if len(said) > 1 else 'it is'} not what to check first"


def _before(found: Tornado) -> str:
    return day(date.fromisoformat(found.manifest["change_by"]))


def _amount(row: Any, value: float) -> str:
    """Return a value in its unit, as a planner writes it."""
    if row.unit == "date":
        return day(date(1970, 1, 1) + timedelta(days=value))
    if row.unit == "days":
        return f"{value:g} days"
    if row.unit == "USD/t":
        return f"{money(value)}/t"
    if row.unit == "share":
        return f"{100 * value:.3g} %"
    if row.unit in {"t/year", "t"}:
        return f"{tonnes(value)}{' a year' if row.unit == 't/year' else ''}"
    return f"{value:.4g}"
