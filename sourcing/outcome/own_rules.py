"""Plan table of an analyst's own rules, term by term, and what the table of limits says of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.card import OWN_RULE
from sourcing.outcome.names import key_text

if TYPE_CHECKING:
    from sourcing.outcome.values import Values

COLUMNS = ["rule", "at_least", "at_most", "block", "key", "node", "coefficient", "value"]


def own_rules(values: Values) -> pd.DataFrame:
    """Return one row per own rule and column in it: the rule's sides, the column by its codes, and what the plan has.

    An own rule without any column has no row.
    """
    f = values.formulation
    own = f.rows[OWN_RULE.name]
    rows = []
    for at, position in enumerate(own.ids.tolist()):
        span = slice(f.matrix.indptr[position], f.matrix.indptr[position + 1])
        sides = (own.entities["rule"].iat[at], f.row_lower[position], f.row_upper[position])
        for column, coefficient in zip(f.matrix.indices[span].tolist(), f.matrix.data[span].tolist(), strict=True):
            block = next(each for each in f.columns.values() if each.start <= column < each.start + len(each))
            member = column - block.start
            key = (block.name, key_text(block, int(block.code[member])), int(block.node[member]))
            rows.append((*sides, *key, coefficient, float(values.x[column])))
    table = pd.DataFrame(rows, columns=COLUMNS).replace([np.inf, -np.inf], np.nan)
    return table.sort_values(["rule", "block", "key", "node"], ignore_index=True)


def own_limits(values: Values) -> pd.DataFrame:
    """Return what the table of limits says of own rules: what each asks over the whole horizon, and comes to."""
    f = values.formulation
    own = f.rows[OWN_RULE.name]
    upper = f.row_upper[own.ids]
    above = np.isfinite(upper)
    asked, activity = np.where(above, upper, f.row_lower[own.ids]), f.matrix[own.ids] @ values.x
    size = abs(f.matrix[own.ids]) @ np.abs(values.x) + np.abs(asked)
    frame = pd.DataFrame({"limit": "model." + own.entities["rule"], "measure": OWN_RULE.name})
    frame["sense"] = np.where(above, "max", "min")
    frame = frame.assign(by="", member="", site="", window="horizon", node=own.node, value=asked, counted=activity)
    return frame.assign(total=np.nan, actual=activity, binds=np.abs(activity - asked) <= 1e-6 * size)
