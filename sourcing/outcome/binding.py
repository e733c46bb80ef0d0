"""Plan table of what binds: the rules without slack, and what a little more room would be worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing import families
from sourcing.network.counting import count_intake, count_waits
from sourcing.network.hhi import MEASURES as INDICES
from sourcing.outcome.names import dollars, key_text, words_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.card import Rule
    from sourcing.engine.solve import Level
    from sourcing.outcome.values import Values
    from sourcing.protocol import Block

    Reals = NDArray[np.float64]

COLUMNS = ["rule", "key", "subject", "period", "node", "value", "unit", "price", "words"]
_POINT = 0.01
_TOTALS = {"share": "counted", **dict.fromkeys(INDICES, "arriving")}
"""The rules that limit a part, and the columns with what it is a part of."""
_LEAST = {"cost": 1.0, "shortage": 1e-6}
"""Stakes below which a price is noise: a dollar, a gram."""


def binding(values: Values) -> pd.DataFrame:
    """Return one row per rule that binds, those with most at stake first.

    ``key`` names the row by its codes, ``value`` is what is asked (a share for share limits), ``price`` what one more
    unit of it (a point of a share, a hundredth of a grade) would save (USD of today; weighted tonnes short where the
    sentence speaks of demand kept short). A rule that keeps demand short comes first.
    """
    rules = {rule.name: rule for card in families.cards().values() for rule in card.rules if rule.worth}
    rows = []
    for level in values.solution.levels:
        for name, block in values.formulation.rows.items():
            if name in rules and name != "balance":
                rows += _rows(values, (rules[name], block), level)
    table = pd.DataFrame(rows, columns=[*COLUMNS, "first", "stake"])
    table = table.sort_values(["first", "stake", "subject", "node"], ascending=[False, False, True, True])
    return table[COLUMNS].drop_duplicates(["rule", "key", "node"]).reset_index(drop=True)


def _rows(values: Values, rule: tuple[Rule, Block], level: Level) -> list[tuple[object, ...]]:
    card, block = rule
    f = values.formulation
    above = np.isfinite(f.row_upper[block.ids])
    gain = np.maximum(level.row_dual[block.ids] * np.where(above, -1.0, 1.0), 0.0)
    bound = np.where(above, f.row_upper[block.ids], f.row_lower[block.ids])
    bound = np.where(np.isfinite(bound), bound, np.nan)  # of a rule that is given up
    limit = _asked(values, block) if card.table == "limits" else bound - values.held[block.ids]
    unit = _POINT * totals_of(values, card, block) if card.ratio else np.ones(len(block))
    stake = gain * (unit if card.ratio else np.where(limit == 0, 1.0, _POINT * np.abs(limit)))
    tight = np.abs(f.matrix[block.ids] @ values.x - bound) <= 1e-6 * np.maximum(np.abs(bound), 1.0)
    codes = [key_text(block, code) for code in range(len(block.entities))]
    found: list[tuple[object, ...]] = []
    for member in np.flatnonzero(tight & (stake > _LEAST[level.name])).tolist():
        price = float(gain[member] * unit[member])
        words = words_of(values, block, member)
        sentence = _sentence(card, words, price, level.name)
        unit_name = card.name if card.ratio else card.unit
        node = int(block.node[member])
        code = codes[int(block.code[member])]
        key = (card.name, code, card.subject.format(**words), values.network.tree.labels[node], node)
        found.append((*key, float(limit[member]), unit_name, price, sentence, level.name == "shortage", stake[member]))
    return found


def _sentence(card: Rule, words: dict[str, str], price: float, level: str) -> str:
    if level == "shortage":
        subject = card.subject.format(**words)
        return f"{subject} keeps demand short in {words['period']}"
    text = card.worth.format(**words, price=dollars(price))
    return text[0].upper() + text[1:]


def totals_of(values: Values, rule: Rule, block: Block) -> Reals:
    """Return the total tonnes that each row of shares is a share of, or that each row of averages is over."""
    if rule.name in _TOTALS:
        return _totals(values, block, _TOTALS[rule.name])
    net, accounts = values.network, values.formulation.accounts
    if rule.name == "grade":
        counted = count_intake(net, accounts["intake"])
    else:
        counted = count_waits(net, accounts["waited.days"], accounts["waited"])
    return counted.total.at(values.x)[counted.total_of]


def _totals(values: Values, block: Block, columns: str) -> Reals:
    counted = values.formulation.columns[columns]
    place = {tuple(key): at for at, key in enumerate(counted.keys().itertuples(index=False))}
    keys = block.keys()[["limit", "site", "node"]]
    at = np.array([place[tuple(key)] for key in keys.itertuples(index=False)], np.int64)
    totals: Reals = values.of(counted)[at] if len(at) else np.empty(0)
    return totals


def _asked(values: Values, block: Block) -> Reals:
    limits = values.network.case["limits"].set_index("limit")["value"]
    asked: Reals = block.keys()["limit"].map(limits).to_numpy(float)
    return asked
