"""What changes from one plan to a tighter one: who enters, who fills up, who sells or makes more."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sourcing import families
from sourcing.outcome.names import names_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from sourcing.tables import Case

    Tables = Mapping[str, pd.DataFrame]

DUST = 1e-3
"""Tonnes over the whole horizon below which nothing is bought or made."""
_CAPACITY = " capacity"
_USED = (("purchases", "offer"), ("conversions", "process"))


class Moves(NamedTuple):
    """Names of offers and processes, those with the largest change first."""

    enters: list[str]
    fills_up: list[str]
    grows: list[str]
    leaves: list[str]


def moves(loose: Tables, tight: Tables, case: Case) -> Moves:
    """Return what a tighter plan does otherwise than a looser one."""
    called = names_of(case)
    change: dict[str, tuple[float, float]] = {}
    for table, column in _USED:
        before, after = (tables[table].groupby(column)["tonnes"].sum() for tables in (loose, tight))
        for code in before.index.union(after.index):
            change[called[column][code]] = float(before.get(code, 0.0)), float(after.get(code, 0.0))
    order = sorted(change, key=lambda name: (-abs(change[name][1] - change[name][0]), name))
    full = _full(tight) - _full(loose)
    return Moves(
        [name for name in order if change[name][0] <= DUST < change[name][1]],
        [name for name in order if name in full],
        [name for name in order if DUST < change[name][0] < change[name][1] - DUST],
        [name for name in order if change[name][1] <= DUST < change[name][0]],
    )


def _full(tables: Tables) -> set[str]:
    """Return whose capacity holds the cost up."""
    rules = {rule.name for card in families.cards().values() for rule in card.rules if rule.subject.endswith(_CAPACITY)}
    bound = tables["binding"]
    return {str(subject).removesuffix(_CAPACITY) for subject in bound.loc[bound["rule"].isin(rules), "subject"]}
