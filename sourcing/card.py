"""The card of a family of rules: the one published statement of its words and its mathematics."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


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


@dataclass(frozen=True)
class Weighed:
    """How a measure is weighed against others: its name there, its unit, and what tables and sentences call it.

    ``step`` is what less of it is counted by, in words, so many of its unit (``size``); ``least`` what the plan with
    the least of it is called.
    """

    name: str
    unit: str
    head: str
    said: str
    step: str
    least: str = ""
    size: float = 1.0


@dataclass(frozen=True)
class Measure:
    """What a limit may be on: a choice of ``limits.measure``, held by the rule of that name of the same family.

    Attributes
    ----------
    kind : what its value is held against: an "amount", a whole "number", a "share" of a total, an "average" over one,
        or an "index" of squared shares.
    counts : of what: goods as they arrive ("arrivals": bought, ordered before, or lifted to a stage by a process), only
        goods that are bought in the horizon ("purchases"), everything that moves ("movements"), what is due
        ("demand"), or a word of its own. ``scopes`` has the origins by it, and columns of limits are checked by it.
    may_count : what a limit on it may be told to count (column ``counts``); the first where it says nothing.
    unit : what stands behind its value; "share" is written as per cent, blank where nothing does.
    words : what a sentence calls it; blank where its goods say it all.
    total : set of columns that holds the total, where it has columns of its own.
    per : window of a limit that names none.
    step : what one more of its value is called, "point" or "dollar", in the last column of its curve; blank where it
        cannot be set to any value.
    goods : what stands before the goods when a curve says what is counted: "spend on".
    behind : what stands behind a value in such a sentence.
    given : whether it says what can be made or has to be delivered: a question without its limits keeps it.
    allows : whether nothing of what it counts is allowed without a limit on it.
    estimated : whether its data are estimates mostly, so that screens say how far they can be trusted.
    weighed : how a frontier weighs it against others; None where it cannot be.
    """

    name: str
    kind: Literal["amount", "number", "share", "average", "index"]
    counts: str = "arrivals"
    may_count: tuple[str, ...] = ("arrivals",)
    unit: str = ""
    words: str = ""
    total: str = ""
    per: str = "year"
    step: str = ""
    goods: str = ""
    behind: str = ""
    given: bool = False
    allows: bool = False
    estimated: bool = False
    weighed: Weighed | None = None

    @property
    def is_money(self) -> bool:
        """Whether what is counted is money, not tonnes of anything."""
        return self.unit == "USD"

    @property
    def is_sum(self) -> bool:
        """Whether it adds up what it counts: more of other goods leaves it as it is."""
        return self.kind in {"amount", "number"}

    @property
    def is_part(self) -> bool:
        """Whether its value is a part of a total, so that it is measured in points: a share, or an index of shares."""
        return self.kind in {"share", "index"}

    @property
    def is_of_arrivals(self) -> bool:
        """Whether it counts goods by where they come from, when they arrive."""
        return self.counts in {"arrivals", "purchases"}


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
    measures: tuple[Measure, ...] = ()
    """What limits may be on: each is the name of one of ``rules``."""
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
