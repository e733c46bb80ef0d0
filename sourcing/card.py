"""The card of a family of rules: the one published statement of its words and its mathematics."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Symbol:
    """A symbol of the mathematics, what it stands for, and its unit ("" = a pure number)."""

    sign: str
    meaning: str
    unit: str = ""


@dataclass(frozen=True)
class ColumnSet:
    """A set of decision columns: its name in the model, key, symbol, unit and what one column decides.

    ``words`` says what one of them decides, filled in from the key's labels, ``period`` and ``value``: they stand in
    the plan's table decisions. Blank: the columns have a plan table of their own, or follow from others.
    """

    name: str
    key: tuple[str, ...]
    sign: str
    unit: str
    decides: str
    whole: bool = False
    words: str = ""


@dataclass(frozen=True)
class Rule:
    """A set of rows: its name in the model, key, formula and the promise each row makes.

    ``subject`` names one row in a planner's words, ``worth`` says what a little more of its right-hand side is worth
    (both are filled in from the key's labels, ``period`` and ``price``), ``relief`` says in which unit the row gives
    way in the explaining build; blank means that it never does.
    """

    name: str
    key: tuple[str, ...]
    formula: str
    promise: str
    unit: str = "t"
    subject: str = ""
    worth: str = ""
    relief: str = ""
    table: str = ""
    """Table whose row asks for it; blank where no single row does."""
    ratio: bool = False
    """Whether what it asks is a part of a total: then its price is for a hundredth more (a point, or a hundredth of the
    limit), and the rule's name stands for the unit of what it asks."""
    tight: bool = False
    """Whether its rows are there to make the relaxation tight: mostly others say the same of whole numbers. A large
    search goes without them at first, and looks whether its plan keeps them."""


OWN_RULE = Rule(
    "own",
    ("rule", "node"),
    "Σ coefficient · column ≤ bound, or ≥ bound",
    "What an analyst adds to the model in Python holds.",
    unit="unit",
    subject="Rule {rule}, an analyst's own,",
    worth="one unit more for rule {rule}, an analyst's own, would save {price}",
)
"""The one rule that no family holds: those that are added to the Pyomo model, each by its name there."""


@dataclass(frozen=True)
class Card:
    """What a family promises. ``heads`` are the heads of cost that it charges, with what each is charged on."""

    name: str
    purpose: str
    tables: tuple[str, ...] = ()
    symbols: tuple[Symbol, ...] = ()
    columns: tuple[ColumnSet, ...] = ()
    rules: tuple[Rule, ...] = ()
    heads: tuple[tuple[str, str], ...] = ()
    weights: tuple[tuple[str, str], ...] = ()
    """Heads that count when plans are compared and are nobody's money, with what each is counted on (USD)."""
    optional: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    """What a question that goes without the family leaves out: table, column and the values that make a row go ("" and
    none = every row; none = every row with the column filled in). Where ``blanked`` is empty too, it cannot be left."""
    blanked: tuple[tuple[str, str], ...] = ()
    """Table and column of numbers that such a question leaves blank, where the rows themselves have to stay."""
    notes: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    """Families that are built, and told of on the page of mathematics, before this one; a family that names none comes
    last."""
    before: tuple[str, ...] = ()
    """Families that are built after this one, because they read what it posts."""
