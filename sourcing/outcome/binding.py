"""Plan table of what binds: the rules without slack, and what a little more room would be worth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing import families
from sourcing.card import OWN_RULE
from sourcing.measures import measures
from sourcing.network.counting import TOTAL
from sourcing.outcome.worth import POINT, Tight, Worth

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sourcing.card import Rule
    from sourcing.engine.marginal_values import Room
    from sourcing.engine.solve_linear import Level
    from sourcing.outcome.values import Values
    from sourcing.protocol import Block

    Reals = NDArray[np.float64]

COLUMNS = ["rule", "key", "subject", "period", "node", "value", "unit", "price", "worth", "together", "words"]
_NOISE = 1e-9
"""Part of the plan's cost that is the rounding of its arithmetic."""
_LEAST = 1e-6
"""Stakes below which a price is noise whatever the cost: a gram, a ten-thousandth of a cent."""


def binding(values: Values, room: Room | None = None) -> pd.DataFrame:
    """Return one row per rule that binds, those with most at stake first.

    ``key`` names the row by its codes, ``value`` is what is asked (a share for share limits), ``price`` what one more
    unit of it (a point of a share, a hundredth of a grade) would save at most (USD of today; weighted tonnes short
    where the sentence speaks of demand kept short). ``worth`` is what it does save as found by solving again, of the
    rows that are shown and where there is a ``room`` to try it; with ``together`` it is that of several rules, of which
    the row alone is worth nothing. A rule that keeps demand short comes first. Where a plan is smoother than the
    cheapest, the rules are those that bind in the cheapest: prices are of the least cost.
    """
    found = [tight for level in values.solution.levels for tight in tight_rows(values, level)]
    found.sort(key=lambda tight: (tight.level != "shortage", -tight.stake, tight.subject, tight.node))
    first: dict[tuple[str, str, int], Tight] = {}
    for tight in found:
        first.setdefault((tight.rule.name, tight.key, tight.node), tight)
    told = Worth(values, room, tight_rows).told(list(first.values()))
    rows = [
        (t.rule.name, t.key, t.subject, t.period, t.node, t.asked, t.unit_name, t.price, *said)
        for t, said in zip(first.values(), told, strict=True)
    ]
    return pd.DataFrame(rows, columns=COLUMNS).astype({"worth": float, "together": str, "words": str})


def tight_rows(values: Values, level: Level) -> Iterator[Tight]:
    """Yield the rows without slack that have a price at a level, beyond what is noise."""
    ruled = [rule for card in families.cards().values() for rule in card.rules if rule.worth and rule.name != "balance"]
    ruled.append(OWN_RULE)
    least = _LEAST + _NOISE * (abs(level.value) if level.name == "cost" else 0.0)
    for rule in (rule for rule in ruled if rule.name in values.formulation.rows):
        yield from _rows(values, rule, level, least)


def _rows(values: Values, card: Rule, level: Level, least: float) -> Iterator[Tight]:
    f, block = values.formulation, values.formulation.rows[card.name]
    above = np.isfinite(f.row_upper[block.ids])
    gain = np.maximum(level.row_dual[block.ids] * np.where(above, -1.0, 1.0), 0.0)
    bound = np.where(above, f.row_upper[block.ids], f.row_lower[block.ids])
    bound = np.where(np.isfinite(bound), bound, np.nan)  # of a rule that is given up
    limit = _asked(values, block) if card.table == "limits" else bound - values.held[block.ids]
    unit = POINT * totals_of(values, card, block) if card.ratio else np.ones(len(block))
    stake = gain * (unit if card.ratio else np.where(limit == 0, 1.0, POINT * np.abs(limit)))
    tight = np.abs(values.priced[block.ids] - bound) <= 1e-6 * np.maximum(np.abs(bound), 1.0)
    for member in np.flatnonzero(tight & (stake > least)).tolist():
        yield Tight(
            rule=card,
            level=level.name,
            row=block.start + member,
            node=int(block.node[member]),
            asked=float(limit[member]),
            unit=float(unit[member]),
            price=float(gain[member] * unit[member]),
            stake=float(stake[member]),
            values=values,
            block=block,
        )


def totals_of(values: Values, rule: Rule, block: Block) -> Reals:
    """Return the total tonnes that each row of shares is a share of, or that each row of averages is over."""
    if columns := measures()[rule.name].total:
        return _totals(values, block, columns)
    net, form = values.network, values.formulation
    totals: list[Reals] = [
        one.total
        for one in families.measuring_of(rule.name).measured(net, form.accounts, values.x)
        if (net.case["limits"]["measure"].iloc[one.limit] == rule.name).all()
    ]
    return np.concatenate(totals)


def _totals(values: Values, block: Block, columns: str) -> Reals:
    counted = values.formulation.columns[columns]
    place = {key: code for code, key in enumerate(zip(*(counted.labels[name] for name in TOTAL), strict=True))}
    keys = zip(*(block.labels[name] for name in TOTAL), strict=True)
    code = np.array([place[key] for key in keys], np.int64)[block.code]
    totals: Reals = values.x[counted.at(code, block.node)]
    return totals


def _asked(values: Values, block: Block) -> Reals:
    limits = values.network.case["limits"]
    value = dict(zip(limits["limit"], limits["value"], strict=True))
    return np.array([value[limit] for limit in block.labels["limit"]], float)[block.code]
