"""Real options as columns of a program: which of them take an option up, and from which period on they may."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing.daily.options import APPROVAL, CONTRACT, FACILITY, LEAVING, LICENCE, QUOTATION, quoted_until
from sourcing.outcome.names import key_text
from sourcing.replay.lead import whole_days
from sourcing.replay.licence import licence_lag
from sourcing.replay.qualification import qualifications

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date

    from numpy.typing import NDArray

    from sourcing.answer.placed_orders import Placed
    from sourcing.daily.options import Option
    from sourcing.engine.formulation import Formulation
    from sourcing.protocol import Block
    from sourcing.replay import Facts
    from sourcing.replay.points import RouteKey

    Ints = NDArray[np.int64]

NEVER = None
"""The period from which on an option that is never taken up may be."""
_GRAM = 1e-6
_NAMES = {APPROVAL: "qualify", CONTRACT: "sign", LEAVING: "leave", FACILITY: "opened"}
"""Columns that take an option up, by its kind; those of a licence or a quotation are orders."""


class Later(NamedTuple):
    """A period from which on an option could still be taken up, and the last day that comes to the same."""

    node: int
    day: date


class Way(NamedTuple):
    """An option, the columns that take it up and their periods, and the later periods in which it still could be.

    ``before`` is how many periods are over when that in which it has to be decided begins.
    """

    option: Option
    column: Ints
    node: Ints
    later: tuple[Later, ...]
    before: int


def ways(facts: Facts, form: Formulation, options: Sequence[Option]) -> list[Way]:
    """Return the options of a plan as columns of the program of its question."""
    return [_way(facts, form, each) for each in options]


def without(form: Formulation, missed: Sequence[Way], since: int | None = NEVER) -> Formulation:
    """Return a program in which options are not taken up before a period; NEVER: not at all."""
    upper = form.column_upper.copy()
    for way in missed:
        shut = way.column if since is NEVER else way.column[way.node < since]
        upper[shut] = np.minimum(upper[shut], 0.0)
    return replace(form, column_upper=upper)


def keeping(form: Formulation, placed: Placed, missed: Sequence[Way]) -> Formulation:
    """Return a program in which what is placed stands, to a gram, but for what takes up the options that are missed."""
    stands = ~np.isin(placed.column, np.concatenate([np.empty(0, np.int64), *(way.column for way in missed)]))
    column, lower, upper = placed.column[stands], form.column_lower.copy(), form.column_upper.copy()
    value = np.clip(placed.value[stands], lower[column], upper[column])
    room = np.where(form.whole[column], 0.0, _GRAM)
    lower[column], upper[column] = np.maximum(lower[column], value - room), np.minimum(upper[column], value + room)
    return replace(form, column_lower=lower, column_upper=upper)


def is_held(form: Formulation) -> bool:
    """Say whether a bound asks for what another forbids: then there is no plan."""
    return bool((form.column_lower > form.column_upper).any())


def _way(facts: Facts, form: Formulation, option: Option) -> Way:
    name = _NAMES.get(option.kind, "buy")
    block = form.columns.get(name)
    if block is None:
        return Way(option, np.empty(0, np.int64), np.empty(0, np.int64), (), 0)
    own = {LICENCE: _licensed, QUOTATION: _quoted}.get(option.kind, _keyed)(facts, block, option)
    column, node = block.ids[own], np.asarray(block.node)[own].astype(np.int64)
    before = facts.calendar.holding(option.decide_by) or 0
    missed = facts.calendar.holding(option.needed_on if option.kind == LICENCE else option.decide_by)
    if missed is None or name in {"sign", "leave"}:
        return Way(option, column, node, (), before)
    later = [n for n in range(missed + 1, facts.calendar.reported) if n <= node.max(initial=-1)]
    if option.kind == QUOTATION:
        later = [n for n in later if facts.calendar.starts[n] <= quoted_until(facts)[option.option]]
    return Way(option, column, node, tuple(Later(n, _last_day(facts, option, n)) for n in later), before)


def _last_day(facts: Facts, option: Option, n: int) -> date:
    """Return the last day on which an option can be taken up and serve what it serves if that is when period n begins.

    An approval serves the first period that begins when it is there.
    """
    first = facts.calendar.starts[n]
    if option.kind != APPROVAL:
        return first
    row = next(row for key, row in qualifications(facts).items() if "|".join(key) == option.option)
    wait = whole_days(row.days)
    there = max(first + wait, row.since or first)
    return next(day for day in facts.calendar.starts[n:] if day >= there) - wait


def _keyed(_: Facts, block: Block, option: Option) -> NDArray[np.bool_]:
    """Return which columns of a block have the key of an option."""
    named = np.array([key_text(block, code) == option.option for code in range(len(block.entities))], bool)
    return named[block.code]


def _quoted(_: Facts, block: Block, option: Option) -> NDArray[np.bool_]:
    """Return which orders are on the quotation of an option."""
    return np.array([str(label) == option.option for label in block.labels["offer"]], bool)[block.code]


def _licensed(facts: Facts, block: Block, option: Option) -> NDArray[np.bool_]:
    """Return which orders need the licence of an option: in periods on any day of which it is asked for."""
    found = np.zeros(len(block.ids), bool)
    labels = zip(*(block.labels[name] for name in ("offer", "destination", "mode")), strict=True)
    for code, (offer, destination, mode) in enumerate(labels):
        route = str(offer), str(destination), str(mode)
        if route[1] == option.destination and _sells(facts, route[0], option):
            asked = [n for n in facts.calendar.nodes if _is_asked(facts, route, n)]
            found |= (block.code == code) & np.isin(block.node, asked)
    return found


def _sells(facts: Facts, code: str, option: Option) -> bool:
    offer = facts.records.offers[code]
    return (offer.supplier, offer.material) == (option.supplier, option.material)


def _is_asked(facts: Facts, route: RouteKey, n: int) -> bool:
    way = facts.bought_by(facts.routes[route])
    lags = (licence_lag(facts.records, way, day) for day in _days(facts, n))
    return any(lag > 0 for lag in lags)


def _days(facts: Facts, n: int) -> Iterator[date]:
    """Yield the first day of a period, and those within it on which any licence begins or ends."""
    first, after = facts.calendar.starts[n], facts.calendar.ends[n]
    yield first
    yield from (day for day in facts.records.licence_changes if first < day < after)
