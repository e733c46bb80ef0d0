"""Plan table of decisions that have no table of their own: one row per column that is not 0, said in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing import families
from sourcing.outcome.names import count_words, key_text, words_of

if TYPE_CHECKING:
    from sourcing.card import ColumnSet
    from sourcing.outcome.values import Values

COLUMNS = ["decision", "key", "node", "period", "value", "unit", "words"]


def decisions(values: Values) -> pd.DataFrame:
    """Return what families decide besides orders, shipments, runs and stock, sorted by decision, key and node."""
    sets = [each for card in families.cards().values() for each in card.columns if each.words]
    rows = [row for each in sets if each.name in values.formulation.columns for row in _rows(values, each)]
    return pd.DataFrame(rows, columns=COLUMNS).sort_values(["decision", "key", "node"], ignore_index=True)


def _rows(values: Values, columns: ColumnSet) -> list[tuple[object, ...]]:
    block, members = values.used(columns.name)
    amounts = values.of(block)
    found: list[tuple[object, ...]] = []
    for member in members.tolist():
        words, amount = words_of(values, block, member), float(amounts[member])
        said = columns.words.format(**words, value=count_words(amount))
        node = int(block.node[member])
        key = key_text(block, int(block.code[member]))
        label = values.network.tree.labels[node]
        found.append((columns.name, key, node, label, amount, columns.unit, said[:1].upper() + said[1:]))
    return found
