"""What more room is worth by solving again: a dual bounds it; of rules that bind together one alone is of no use."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sourcing import families
from sourcing.engine.rewritten import rewritten
from sourcing.measures import measures_that
from sourcing.outcome.names import dollars, key_text, words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from sourcing.card import Rule
    from sourcing.engine.formulation import Formulation
    from sourcing.engine.marginal_values import Loosened, Looser, Room
    from sourcing.engine.rewritten import Rewritten
    from sourcing.engine.solve_linear import Level
    from sourcing.outcome.values import Values
    from sourcing.protocol import Block

POINT = 0.01
LINES = 6
"""Rules that a screen names, each in its first period."""
FIRST = 8
"""Rows at the head of the table that a screen names."""
MOST = 4
"""Rules that are looked at as binding together."""
_SAME = 1e-6
"""Part of a price that is no difference."""
_COUNTS = ("no", "one", "two", "three", "four")
LEAVES_LESS = (" keeps demand short in ", " less short")
"""What stands in a sentence on a rule that keeps demand short, and in none on a rule that costs money."""
_VERBS = (" would save ", " is worth ")


@dataclass(frozen=True, eq=False)
class Tight:
    """A row without slack that has a price: ``price`` is for one more ``unit`` of its right-hand side."""

    rule: Rule
    level: str
    row: int
    node: int
    asked: float
    unit: float
    price: float
    stake: float
    values: Values
    block: Block

    @property
    def key(self) -> str:
        """The row's labels as one text."""
        return key_text(self.block, int(self.block.code[self.row - self.block.start]))

    @property
    def period(self) -> str:
        """The name of the row's period."""
        return self.values.network.tree.labels[self.node]

    @cached_property
    def words(self) -> dict[str, str]:
        """The labels of the row by the names that a card uses."""
        return words_of(self.values, self.block, self.row - self.block.start)

    @property
    def subject(self) -> str:
        """What the row is called."""
        return self.rule.subject.format(**self.words)

    @property
    def unit_name(self) -> str:
        """The unit of what is asked."""
        return self.rule.name if self.rule.ratio else self.rule.unit

    @property
    def name(self) -> str:
        """The row by its codes: "offer[A|2]"."""
        return f"{self.rule.name}[{self.key}|{self.node}]"

    @property
    def more(self) -> str:
        """What more room is: "one more tonne from A in 2027-Q1"."""
        return self.rule.worth.split(next(verb for verb in _VERBS if verb in self.rule.worth))[0].format(**self.words)

    def says(self, price: str) -> str:
        """Return the card's sentence with a price."""
        return _sentence(self.rule.worth.format(**self.words, price=price))


class Said(NamedTuple):
    """What was found of a row, the names of those that bind with it, and the sentence."""

    worth: float
    together: str
    words: str


class Worth:
    """The rows of a plan that are tight, solved again with more room.

    Parameters
    ----------
    room : None where the program is not at hand: then a price is only what more room saves at most.
    priced : yields the tight rows of a plan at a level.
    """

    def __init__(self, values: Values, room: Room | None, priced: Callable[[Values, Level], Iterator[Tight]]) -> None:
        self._values, self._room, self._priced = values, room, priced
        self._asked: dict[tuple[str, int], float] = {}
        self._found: dict[tuple[str, frozenset[int]], Loosened | None] = {}

    def told(self, rows: Sequence[Tight]) -> list[Said]:
        """Return what is to be said of each row; those that a screen names are solved again."""
        shown = _shown(rows) if self._room is not None else frozenset()
        self._asked = {(row.level, row.row): row.price for row in rows}
        return [self._tried(row) if at in shown else _unproven(row) for at, row in enumerate(rows)]

    def _tried(self, row: Tight) -> Said:
        alone = self._saved([row])
        if alone is None:
            return _unproven(row)
        if _nothing(alone, row):
            return self._with_others(row, alone)
        worth = alone.saved if row.rule.ratio else min(alone.saved, row.price)
        worth = row.price if abs(worth - row.price) <= _SAME * row.price else worth
        return Said(worth, "", row.says(dollars(worth)) if row.level == "cost" else _keeps_short(row))

    def _with_others(self, row: Tight, alone: Loosened) -> Said:
        """Loosen one more rule after the other, each time that whose price has risen most, until the row is of use."""
        rows, found, others = [row], alone, 0.0
        while found.saved - others <= _SAME * row.price and len(rows) < MOST:
            known = {one.row for one in rows}
            more = [(self._risen(one), one) for one in self._tight_at(found, row.level) if one.row not in known]
            risen = max((each for each, _ in more), default=0.0)
            next_one = max((one for each, one in more if each == risen), key=lambda one: one.name, default=row)
            tried = self._saved([*rows, next_one]) if risen > _SAME * row.price else None
            without = self._saved([*rows[1:], next_one]) if tried is not None else None
            if tried is None or without is None:
                return Said(0.0, "", _alone(row))
            found, others = tried, without.saved
            rows.append(next_one)
        if found.saved - others <= _SAME * row.price:
            return Said(0.0, "", _alone(row))
        rows, saved = self._needed(rows, found.saved)
        if not any(one.rule.ratio for one in rows):  # what they save together is at most the sum of their prices
            saved = min(saved, sum(self._asked.get((one.level, one.row), 0.0) for one in rows))
        single = [self._saved([one]) for one in rows[1:]]
        each = all(one is not None and _nothing(one, row) for one in single)
        names = "; ".join(one.name for one in rows[1:])
        return Said(saved, names, together_words(row.level, [one.more for one in rows], dollars(saved), each=each))

    def _risen(self, row: Tight) -> float:
        """Return by how much a row has more at stake than where no rule is looser."""
        return row.price - self._asked.get((row.level, row.row), 0.0)

    def _needed(self, rows: list[Tight], saved: float) -> tuple[list[Tight], float]:
        """Return the rows without those that are not needed for a saving, and what is saved without them."""
        for one in rows[1:-1]:
            rest = [other for other in rows if other is not one]
            found = self._saved(rest)
            if found is not None and found.saved >= (1.0 - _SAME) * saved:
                rows, saved = rest, found.saved
        return rows, saved

    def _saved(self, rows: Sequence[Tight]) -> Loosened | None:
        assert self._room is not None
        asked = rows[0].level, frozenset(row.row for row in rows)
        if asked not in self._found:
            self._found[asked] = self._room.without(rows[0].level, [self._looser(row) for row in rows])
        return self._found[asked]

    def _tight_at(self, found: Loosened, level: str) -> Iterator[Tight]:
        from sourcing.engine.solve_linear import Level, Solution  # who only reads a plan does not load the solver

        form = self._values.formulation
        price = Level(level, float(form.objectives[level] @ found.x), np.nan, found.row_dual, np.zeros(len(found.x)))
        solution = Solution("optimal", found.x, form.matrix @ found.x, (price,), self._values.solution.unit)
        return self._priced(replace(self._values, solution=solution), price)

    def _looser(self, tight: Tight) -> Looser:
        """Return a row with one more unit of room."""
        from sourcing.engine.marginal_values import Looser  # who only reads a plan does not load the solver

        form, row = self._values.formulation, tight.row
        lower, upper = float(form.row_lower[row]), float(form.row_upper[row])
        none = Looser(row, lower, upper, np.empty(0, np.int64), np.empty(0))
        if tight.rule.ratio and self._as_written is not None:
            return _changed(none, form, self._as_written)
        if np.isfinite(upper):
            return none._replace(upper=upper + tight.unit)
        return none._replace(lower=lower - tight.unit)

    @cached_property
    def _as_written(self) -> Rewritten | None:
        """The limits on ratios, each one unit looser; None where their rows are others then."""
        form = self._values.formulation
        limits = form.network.case["limits"]
        index = limits["measure"].isin(measures_that(lambda measure: measure.is_part))
        step = np.where(index, POINT, POINT * limits["value"])
        value = limits["value"] + np.where(limits["sense"] == "min", -step, step)
        ratios = frozenset(rule.name for card in families.cards().values() for rule in card.rules if rule.ratio)
        return rewritten(form, limits.assign(value=value.clip(lower=0.0)), ratios & set(form.rows))


def _changed(row: Looser, form: Formulation, written: Rewritten) -> Looser:
    """Return a row as it was written again."""
    before, after = form.matrix[[row.row]].tocoo(), written.matrix[[row.row]].tocoo()
    values = np.zeros(form.shape[1])
    values[after.col] = after.data
    columns = np.union1d(before.col, after.col).astype(np.int64)
    lower, upper = float(written.row_lower[row.row]), float(written.row_upper[row.row])
    return row._replace(lower=lower, upper=upper, columns=columns, values=values[columns])


def _shown(rows: Sequence[Tight]) -> frozenset[int]:
    """Return which rows a screen names: the first of each rule and subject, and those at the head of the table."""
    first: dict[tuple[str, str], int] = {}
    for at, row in enumerate(rows):
        first.setdefault((row.rule.name, row.subject), at)
    return frozenset([*list(first.values())[: 2 * LINES], *range(min(FIRST, len(rows)))])


def _nothing(found: Loosened, row: Tight) -> bool:
    return found.saved <= _SAME * row.price


def _unproven(row: Tight) -> Said:
    words = row.says(f"at most {dollars(row.price)}") if row.level == "cost" else _keeps_short(row)
    return Said(np.nan, "", words)


def _keeps_short(row: Tight) -> str:
    return f"{row.subject} keeps demand short in {row.words['period']}"


def _alone(row: Tight) -> str:
    of_use = "is worth nothing" if row.level == "cost" else "leaves no less short"
    return _sentence(f"{row.more} alone {of_use}: other rules bind with it")


def together_words(level: str, more: Sequence[str], saved: str, *, each: bool) -> str:
    """Say that rules bind together: what more room for all of them is worth, and that one alone is worth nothing."""
    use = f"are worth {saved} together" if level == "cost" else "would leave less short together"
    one = "one alone nothing" if each else "the first alone nothing"
    room = f"{', '.join(more[:-1])} and {more[-1]}"
    return _sentence(f"{_COUNTS[len(more)]} rules bind together: {room} {use}, {one}")


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:]
