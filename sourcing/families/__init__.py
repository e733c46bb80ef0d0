"""The registry of families of rules. Each is a folder: its card, its algebra, and a check that shares no code with it.

A folder here is a family: no list names it, its card says which families it comes after. A family from outside is a
package of the same shape, announced by an entry point of the group ``sourcing.families``. What else a folder may hold:
``columns.csv``, ``data.py`` (checks of its tables, screens before a solve), ``arrays.py`` (what its algebra works
with), ``records.py`` (what its check works with) and ``screen.py`` (its block of the plan's screen).
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from sourcing.errors import FaultyFamily
from sourcing.families.honoured import unread
from sourcing.tables.dictionary import merge
from sourcing.tables.folders import GROUP, dictionary_texts, own_families

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping
    from types import ModuleType

    from sourcing.card import Card
    from sourcing.parts import Block, DataCheck, Screen


def packages() -> dict[str, str]:
    """Return the import path of every family by its name, in the order in which they are built.

    Raises
    ------
    FaultyFamily : a family names one that is not there, or promises rules or columns that nobody would build or check.
    """
    return dict(_ordered(tuple(own_families()), _outside()))


@cache
def _outside() -> tuple[tuple[str, str], ...]:
    """Return name and import path of families from outside; to look for them takes as long as to audit a small plan."""
    return tuple(sorted((entry.name, entry.value) for entry in entry_points(group=GROUP)))


@cache
def _ordered(own: tuple[str, ...], outside: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    paths = {name: f"{__name__}.{name}" for name in own} | dict(outside)
    cards = {name: _card(path) for name, path in paths.items()}
    for name, path in paths.items():
        _refuse_half(cards[name], path)
        _refuse_unmeasured(cards[name], path)
    if outside:
        _refuse_ignored(dict(outside), cards)
    return tuple((name, paths[name]) for name in _in_order(cards))


def _in_order(cards: Mapping[str, Card]) -> Iterator[str]:
    """Yield the names of families, each after those it has to come after; what names none comes last, then by name."""
    first = {name: set(card.after) for name, card in cards.items()}
    for name, card in cards.items():
        for other in {*card.after, *card.before} - set(cards):
            raise FaultyFamily(f"the card of the family {name!r} names {other!r}, and there is no such family")
        for other in card.before:
            first[other].add(name)
    named = set().union(*(card.after for card in cards.values()))
    while first:
        ready = [name for name, others in first.items() if not others & set(first)]
        if not ready:
            raise FaultyFamily(f"the families {', '.join(sorted(first))} come before each other: see after and before")
        chosen = min(ready, key=lambda name: (not cards[name].after and name not in named, name))
        del first[chosen]
        yield chosen


def _card(path: str) -> Card:
    card: Card = import_module(path).CARD
    return card


def _refuse_half(card: Card, path: str) -> None:
    """Refuse a family of which something would be ignored in silence: a promise not built, or built and not checked."""
    there = {part: find_spec(f"{path}.{part}") is not None for part in ("algebra", "check")}
    promised = [*(rule.name for rule in card.rules), *(each.name for each in card.columns), *dict(card.heads)]
    promised += dict(card.weights)
    if promised and not there["algebra"]:
        raise FaultyFamily(
            f"the family {card.name!r} promises {promised[0]!r}, and nothing builds it: "
            f"write algebra.py in its folder, or take it off the card"
        )
    if there["algebra"] and not there["check"]:
        raise FaultyFamily(
            f"the family {card.name!r} is built, and no audit would check it: write check.py in its folder"
        )


def _refuse_unmeasured(card: Card, path: str) -> None:
    """Refuse a measure that no rule holds, or of which no plan would say what it counts."""
    held = {rule.name for rule in card.rules}
    for measure in card.measures:
        if measure.name not in held:
            raise FaultyFamily(
                f"the family {card.name!r} has the measure {measure.name!r}, and no rule of that name holds limits on "
                f"it: add the rule to the card"
            )
    if card.measures and find_spec(f"{path}.measured") is None:
        raise FaultyFamily(
            f"the family {card.name!r} has the measure {card.measures[0].name!r}, and no plan would say what limits on "
            f"it count: write measured.py in its folder"
        )


def _refuse_ignored(outside: Mapping[str, str], cards: Mapping[str, Card]) -> None:
    """Refuse a family from outside that takes a column or a choice from a buyer and does nothing with it."""
    texts = dict(dictionary_texts())
    defined = merge(texts.items()).tables
    for name, path in outside.items():
        others = {
            table: [key for key, each in columns.items() if each.family != name] for table, columns in defined.items()
        }
        asked = defined["limits"]["measure"].choices
        for measure in cards[name].measures:
            if measure.name not in asked:
                raise FaultyFamily(
                    f"the family {name!r} has the measure {measure.name!r}, and nobody can ask for it: "
                    f"add it to its columns.csv as a choice of limits.measure"
                )
        for table, word, side in unread(path, texts.get(name, ""), others):
            raise FaultyFamily(
                f"the family {name!r} adds {word!r} to the table {table}, and nothing of it is {side}: "
                f"read it in {'algebra.py' if side == 'built' else 'check.py'}, or take it out of its columns.csv"
            )


def cards() -> dict[str, Card]:
    """Return the card of every family."""
    return {name: _card(path) for name, path in packages().items()}


def algebras() -> list[ModuleType]:
    """Return the algebra of every family that has one."""
    return [module for _, module in _parts("algebra")]


def checks() -> list[ModuleType]:
    """Return the check of every family that has one.

    Raises
    ------
    FaultyFamily : a check has no ``residuals``, or no ``limits`` where limits are on a measure of its family.
    """
    found, known = _parts("check"), cards()
    for name, module in found:
        asked = ["residuals", *(["limits"] if known[name].measures else [])]
        for call in asked:
            if not hasattr(module, call):
                raise FaultyFamily(f"{module.__name__} has no {call}(facts, plan), which the audit asks it for")
    return [module for _, module in found]


def data_checks() -> list[DataCheck]:
    """Return what families check in tables, in the order of their cards."""
    return [check for _, module in _data() for check in getattr(module, "CHECKS", ())]


def codes() -> dict[str, str]:
    """Return every code that the checks and screens of families give, with what it means.

    Raises
    ------
    FaultyFamily : two of them mean something else by one code.
    """
    found: dict[str, str] = {}
    for name, module in _data():
        for code, meaning in getattr(module, "CODES", {}).items():
            if found.setdefault(code, meaning) != meaning:
                raise FaultyFamily(f"the family {name!r} means {meaning!r} by {code}, which is {found[code]!r} already")
    return found


def screens(of: str, without: Collection[str] = ()) -> list[Screen]:
    """Return what is looked at before a solve of a "network" or a "supply", in the order of the cards.

    Parameters
    ----------
    without : families that the question goes without.
    """
    found = [(name, screen) for name, module in _data() for screen in getattr(module, "SCREENS", ())]
    return [each for name, each in found if each.of == of and (each.always or name not in without)]


def must_takes(side: str) -> list[Callable[[Any], Any]]:
    """Return what says for each family what its terms may bring to a point beyond what is asked for there.

    Parameters
    ----------
    side : "arrays", of which ``must_take(net)`` returns t by point, or "records", of which ``must_take(facts)`` does.
    """
    return [module.must_take for _, module in _parts(side) if hasattr(module, "must_take")]


def blocks() -> list[Block]:
    """Return the blocks of the plan's screen that families have, in the order of their cards.

    Raises
    ------
    FaultyFamily : a ``screen.py`` has no block.
    """
    found = []
    for name, module in _parts("screen"):
        if not hasattr(module, "BLOCK"):
            raise FaultyFamily(f"the family {name!r} has a screen.py without a BLOCK, and nothing of it would be shown")
        found.append(module.BLOCK)
    return found


def _data() -> list[tuple[str, ModuleType]]:
    found = _parts("data")
    for name, module in found:
        if not hasattr(module, "CHECKS") and not hasattr(module, "SCREENS"):
            fact = "has a data.py with neither CHECKS nor SCREENS, and nothing of it would be asked"
            raise FaultyFamily(f"the family {name!r} {fact}")
    return found


def _parts(part: str) -> list[tuple[str, ModuleType]]:
    """Return name and module of every family that has a file of this name, in order."""
    found, outside = [], dict(_outside())
    for name, path in packages().items():
        module = _part(path, part) if name in outside else _own_part(path, part)
        found += [] if module is None else [(name, module)]
    return found


def _part(path: str, part: str) -> ModuleType | None:
    return import_module(f"{path}.{part}") if find_spec(f"{path}.{part}") else None


_own_part = cache(_part)
"""What is ours is looked for once."""


def outside_measures() -> tuple[str, ...]:
    """Return the measures of limits that families from outside have."""
    outside = dict(_outside())
    return tuple(measure.name for name, card in cards().items() if name in outside for measure in card.measures)


def measuring() -> list[ModuleType]:
    """Return the part of every family that says what its limits count in a plan."""
    return [module for _, module in _parts("measured")]


def measuring_of(measure: str) -> ModuleType:
    """Return that part of the family whose card has a measure."""
    own = {name for name, card in cards().items() if any(each.name == measure for each in card.measures)}
    return next(module for name, module in _parts("measured") if name in own)
