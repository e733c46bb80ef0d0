"""The families of rules. Each is a folder: its card, its algebra, and a check that shares no code with the algebra.

A family from outside is a package of the same shape, announced by an entry point of the group ``sourcing.families``.
"""

from __future__ import annotations

import importlib
from functools import cache
from importlib.metadata import entry_points
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import ModuleType

    from sourcing.card import Card

BUILT_IN = (
    "purchase",
    "contracts",
    "lead_time",
    "transport",
    "duty",
    "conversion",
    "lines",
    "stock",
    "orders",
    "service",
    "lots",
    "qualification",
    "tiers",
    "facilities",
    "awards",
    "incumbents",
    "splits",
    "preference",
    "origins",
    "shares",
    "hhi",
    "amounts",
    "grade",
    "carbon",
    "average_lead",
    "service_level",
    "counts",
    "conditions",
    "stability",
    "timing",
    "balance",
)
GROUP = "sourcing.families"


def packages() -> dict[str, str]:
    """Return the import path of every family by its name, in the order in which they are built."""
    return {name: f"{__name__}.{name}" for name in BUILT_IN} | dict(_outside())


@cache
def _outside() -> tuple[tuple[str, str], ...]:
    """Return name and import path of families from outside; to look for them takes as long as to audit a small plan."""
    return tuple(sorted((entry.name, entry.value) for entry in entry_points(group=GROUP)))


def cards() -> dict[str, Card]:
    """Return the card of every family."""
    return {name: importlib.import_module(path).CARD for name, path in packages().items()}


def algebras() -> list[ModuleType]:
    """Return the algebra of every family that has one."""
    return _parts("algebra")


def checks() -> list[ModuleType]:
    """Return the check of every family that has one."""
    return _parts("check")


def _parts(part: str) -> list[ModuleType]:
    paths = [f"{path}.{part}" for path in packages().values()]
    return [importlib.import_module(path) for path in paths if find_spec(path)]
