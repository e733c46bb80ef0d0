"""Conformance testing of a family of rules: one call that tries whether its card, algebra and check say the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sourcing import families
from sourcing.question import load_question
from sourcing.tables.dictionary import column_dictionary
from sourcing.testing import card as cards
from sourcing.testing.asked import Asked
from sourcing.testing.example import Example
from sourcing.testing.points import DEFINITIONS, disagreements
from sourcing.testing.retold import SAID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from sourcing.card import Card
    from sourcing.engine.formulation import Formulation

VERSION = 3
"""Of what is tried: it grows when a family that conformed may be refused."""
POINTS = 8
"""Random points at which algebra and check are compared."""
_SAME = 1e-7


class NonConforming(AssertionError):
    """A family does not conform: every finding on a line of its own."""


@dataclass(frozen=True)
class Conformance:
    """What was tried of a family, and by which version of the trial."""

    family: str
    version: int
    tried: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class _Family:
    """A family under trial, the question in which its rules bind and the one in which they do not."""

    card: Card
    path: Path
    binds: Example
    idle: tuple[Example, ...]
    worked: Mapping[str, float]

    @property
    def examples(self) -> tuple[Example, ...]:
        return self.binds, *self.idle

    @property
    def rules(self) -> list[str]:
        """The rules that promise something: not those that only say what a column means."""
        return [rule.name for rule in self.card.rules if rule.name not in DEFINITIONS]


def conform(
    family: str, *, binds: Path, idle: Path | Sequence[Path], worked: Mapping[str, float] | None = None
) -> Conformance:
    """Try whether a family keeps what its card promises.

    Parameters
    ----------
    family : by its name; its package is installed, and announced by an entry point of the group ``sourcing.families``.
    binds : a question, by path, in whose best plan a row of each of its rules leaves nothing.
    idle : a question that has such rows too, none of which is tight; or several, one for each rule at least. Of rows
        with a yes or no in them one that leaves something is enough. Equalities, and pairs of rows that come to one,
        are always tight and need none.
    worked : what the plan of ``binds`` comes to by your own arithmetic on paper: "cost", "shortage", or a head of cost
        (USD, not discounted). Without it a mistake that algebra and check share is not found.

    Raises
    ------
    NonConforming : it does not, and how: all that the first part finds in which it does not; later ones build on it.
    """
    try:
        loose = (idle,) if isinstance(idle, Path) else tuple(idle)
        findings = _first_findings(family, binds, loose, worked or {})
    except Exception as error:
        raise NonConforming(f"{family}: {type(error).__name__}: {error}") from error
    if findings:
        raise NonConforming("\n".join(findings))
    return Conformance(family, VERSION, tuple(PARTS))


def _first_findings(family: str, binds: Path, idle: Iterable[Path], worked: Mapping[str, float]) -> list[str]:
    """Return what the first part finds that finds anything."""
    card = families.cards().get(family)
    if card is None:
        return [f"there is no family {family!r}: {', '.join(families.cards())}"]
    given = _Family(card, binds, Example(binds), tuple(map(Example, idle)), worked)
    for part, look in PARTS.items():
        findings = [f"{family}, {part}: {finding}" for finding in look(given)]
        if findings:
            return list(dict.fromkeys(findings))
    return []


def _card(given: _Family) -> Iterator[str]:
    """Compare names, keys, units, symbols and sentences with what is built."""
    forms = [example.formulation for example in given.examples]
    others = [card for card in families.cards().values() if card is not given.card]
    yield from cards.unexplained(given.card, others)
    yield from cards.unknown_units(column_dictionary().tables, given.card.name)
    yield from cards.absent(given.card, forms)
    for example, form in zip(given.examples, forms, strict=True):
        yield from cards.misnamed(given.card, form)
        yield from cards.unsaid(given.card, example)


def _agreement(given: _Family) -> Iterator[str]:
    """Compare algebra and check on plans that nobody would make."""
    for example in given.examples:
        for point in range(POINTS):
            different = disagreements(example.facts, example.formulation, point)
            yield from (f"at random point {point} of {example.question}: {text}" for text in different[:3])
            if different:
                break
    yield from _left_blank(given)


def _left_blank(given: _Family) -> Iterator[str]:
    """Compare them where its own columns are blank, as they are in the questions of everybody else."""
    if not (given.card.blanked or given.card.optional):
        return
    asked = load_question(given.path)
    example = Example(asked.model_copy(update={"without": [*asked.without, given.card.name]}))
    try:
        different = disagreements(example.facts, example.formulation, 0)
    except Exception as error:
        different = [f"{type(error).__name__}: {error}"]
    yield from (f"where its columns are blank: {text}" for text in different[:3])


def _notice(given: _Family) -> Iterator[str]:
    """Look whether the check notices a program whose rows are a little wrong, or missing."""
    for rule in given.rules:
        block = given.binds.formulation.rows.get(rule)
        if block is not None and len(block):
            for what, wrong in _spoiled(given.binds.formulation, rule):
                if not any(disagreements(given.binds.facts, wrong, point) for point in range(POINTS)):
                    yield f"{what} of {rule!r}, and it says nothing"


def _spoiled(form: Formulation, rule: str) -> Iterator[tuple[str, Formulation]]:
    """Yield a program that is wrong in one way, and how."""
    rows, matrix = form.rows[rule].ids, form.matrix.copy()
    matrix.data[matrix.indptr[rows[0]] : matrix.indptr[rows[-1] + 1]] *= 1.001
    yield "the coefficients are a thousandth too large", replace(form, matrix=matrix)
    lower, upper = form.row_lower.copy(), form.row_upper.copy()
    side = np.nan_to_num(np.minimum(abs(lower[rows[0]]), abs(upper[rows[0]])), posinf=0.0)
    off = 1e-3 * (1.0 + side + abs(form.matrix[rows[0]]).max())  # what meets may be dollars, or points
    lower[rows[0]] += off
    upper[rows[0]] += off
    yield "the bound of the first row is a thousandth off", replace(form, row_lower=lower, row_upper=upper)
    yield "the rows are gone", replace(form, rows={name: each for name, each in form.rows.items() if name != rule})


def _binding(given: _Family) -> Iterator[str]:
    """Look whether each rule binds where it is said to, and only there; both plans are audited on the way."""
    for rule in given.rules:
        if not given.binds.tight(rule):
            yield f"{given.binds.question}: no row of {rule!r} binds in the best plan"
        if not given.binds.is_exact(rule) and not any(each.is_idle(rule) for each in given.idle):
            rows = "; ".join(f"{each.question}: {each.tight(rule)}" for each in given.idle)
            yield f"{rows} rows of {rule!r} bind in the best plan, and there have to be some that do not"
    priced = set(given.binds.plan.tables["binding"]["rule"])
    for rule in (rule.name for rule in given.card.rules if rule.worth):
        if given.binds.tight(rule) and rule not in priced and not given.binds.is_exact(rule):
            yield f"{given.binds.question}: {rule!r} binds, and more room is worth nothing: let it cost something"


def _worked(given: _Family) -> Iterator[str]:
    """Compare the plan with what somebody worked out on paper."""
    amounts = given.binds.amounts()
    for name, expected in given.worked.items():
        found = amounts.get(name, 0.0)
        if not abs(found - expected) <= _SAME * (1.0 + abs(expected)):
            yield f"{given.binds.question}: {name} comes to {found:,.4f}, by your own arithmetic to {expected:,.4f}"


def _retelling(given: _Family) -> Iterator[str]:
    """Ask again in other units, another order and other names: the answer is the same."""
    own = given.binds.plan.manifest["objective"]
    for way, change in SAID.items():
        told = change(Asked.of(given.path))
        if told is None:
            continue
        again = Example(told.question, told.tables).plan.manifest["objective"]
        for name, amount in own.items():
            if not abs(again[name] - amount) <= 1e-6 * (1.0 + abs(amount)):
                yield f"told in {way}, {name} comes to {again[name]:,.4f} and not to {amount:,.4f}"


PARTS: Mapping[str, Callable[[_Family], Iterator[str]]] = {
    "card": _card,
    "agreement": _agreement,
    "notice": _notice,
    "binding": _binding,
    "worked": _worked,
    "retelling": _retelling,
}
"""What is tried, in order: mass and money are part of the agreement, since a balance is a row and a head a charge."""
