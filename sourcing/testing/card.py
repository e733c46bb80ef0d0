"""Whether a card agrees with what its family builds: names, keys, units, sentences, symbols."""

from __future__ import annotations

import re
import string
from typing import TYPE_CHECKING

from sourcing.outcome.names import words_of
from sourcing.report import mathematics
from sourcing.units import UNITS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from sourcing.card import Card, ColumnSet, Rule
    from sourcing.engine.formulation import Formulation
    from sourcing.protocol import Block
    from sourcing.tables.dictionary import Column
    from sourcing.testing.example import Example

PLAIN = frozenset({"", "t", "USD", "share", "days", "year", "by measure"})
"""Units of columns that have no other spelling, beside those of the table of units."""
_LAYOUT = {"sum", "le", "ge", "quad", "to", "preceq", "in", "times", "left", "right", "frac", "cap", "lvert", "rvert"}
_TOKEN = re.compile(r"\\(?:underline|overline)\{[A-Za-z]\}|\\[A-Za-z]+|[A-Za-z]")
_SCRIPT = re.compile(r"[_^](?:\{[^{}]*\}|\\[A-Za-z]+|\w)")


def letters(formula: str) -> set[str]:
    """Return the symbols of a formula without indices, and the letters of its indices in brackets or sums."""
    plain = re.sub(r"\\text\{[^{}]*\}|\\[,;!]", " ", formula)
    indices = set()
    for script in _SCRIPT.findall(plain):
        indices |= {token for token in _TOKEN.findall(script) if token.lstrip("\\") not in _LAYOUT}
    plain = re.sub(r"\([a-z]\\to [a-z]\)|\[[a-z] = 0\]", " ", _SCRIPT.sub(" ", plain))
    return {token for token in _TOKEN.findall(plain) if token.lstrip("\\") not in _LAYOUT} | {f"_{i}" for i in indices}


def unexplained(card: Card, others: Sequence[Card]) -> Iterator[str]:
    """Yield the symbols of a card's formulae that no card explains."""
    cards = [*others, card]
    signs = [each.sign for each in (*mathematics.INDICES, *mathematics.TIME)]
    signs += [each.sign for one in cards for each in one.symbols]
    signs += [each.sign for one in cards for each in one.columns]
    known = {letter for sign in signs for letter in letters(sign.split(" = ")[0]) if not letter.startswith("_")}
    indices = {part for each in mathematics.INDICES for part in each.sign.split(", ")} | {r"\tau", "R", "A"}
    formulae = [(rule.name, rule.formula) for rule in card.rules] + [*card.heads, *card.weights]
    for name, formula in formulae:
        for letter in sorted(letters(formula)):
            if not (letter[1:] in indices | known if letter.startswith("_") else letter in known):
                yield f"nobody explains {letter} in the formula of {name!r}; add a Symbol"


def misnamed(card: Card, form: Formulation) -> Iterator[str]:
    """Yield where columns, rows and heads of a program are others than the card says."""
    for columns in card.columns:
        yield from _keyed(columns.name, columns.key, form.columns.get(columns.name))
        yield from _unit(columns, form.columns.get(columns.name))
    for rule in card.rules:
        yield from _keyed(rule.name, rule.key, form.rows.get(rule.name))
        block = form.rows.get(rule.name)
        if block is not None and len(block) and block.unit != rule.relief:
            yield f"rows of {rule.name!r} give way in {block.unit!r}, the card says {rule.relief!r}"


def _keyed(name: str, key: tuple[str, ...], block: Block | None) -> Iterator[str]:
    if block is not None and len(block) and (*block.entities.columns, "node") != key:
        built = ", ".join((*map(str, block.entities.columns), "node"))
        yield f"the key of {name!r} is ({', '.join(key)}), and it is built for ({built})"


def _unit(columns: ColumnSet, block: Block | None) -> Iterator[str]:
    if block is not None and len(block) and block.unit != columns.unit:
        yield f"{columns.name!r} is in {columns.unit!r}, and it is built in {block.unit!r}"


def absent(card: Card, forms: Sequence[Formulation]) -> Iterator[str]:
    """Yield what a card promises and none of some programs has."""
    built = {name for form in forms for name, block in (*form.columns.items(), *form.rows.items()) if len(block)}
    charged = {name for form in forms for name, account in form.accounts.items() if len(account.column)}
    for name in (*(each.name for each in card.columns), *(rule.name for rule in card.rules)):
        if name not in built:
            yield f"neither question has any {name!r}; ask one in which there are some"
    heads = [f"cost.{head}" for head, _ in card.heads if head != "shortage"]
    for head in (*heads, *(f"weight.{name}" for name, _ in card.weights)):
        if head not in charged:
            yield f"nothing is posted to {head!r} in either question"


def unsaid(card: Card, example: Example) -> Iterator[str]:
    """Yield the sentences of a card that name what its rows do not have."""
    form, values = example.formulation, example.values
    for rule in card.rules:
        block = form.rows.get(rule.name)
        if block is not None and len(block):
            yield from _filled(rule, words_of(values, block, 0))


def _filled(rule: Rule, words: Mapping[str, str]) -> Iterator[str]:
    for text in (rule.subject, rule.worth):
        fields = {field for _, field, _, _ in string.Formatter().parse(text) if field}
        for name in sorted(fields - set(words) - {"price"}):
            yield f"a sentence of {rule.name!r} names {{{name}}}, and a row has only {', '.join(sorted(words))}"
    if rule.worth and "{price}" not in rule.worth:
        yield f"the sentence of {rule.name!r} on what it is worth has no {{price}}"


def unknown_units(columns: Mapping[str, Mapping[str, Column]], family: str) -> Iterator[str]:
    """Yield the columns of a family whose unit is none that a header can be converted from."""
    for table, found in columns.items():
        for column in found.values():
            if column.family == family and column.is_number and column.unit not in UNITS.keys() | PLAIN:
                known = ", ".join(sorted(UNITS))
                yield f"columns.csv: {table}.{column.name} is in {column.unit!r}, no unit known here: {known}"
