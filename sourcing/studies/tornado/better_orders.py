"""Better orders, had one known: the plans behind the numbers worth checking, found anew and audited."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.answer.manifest import audited
from sourcing.answer.options import RunOptions
from sourcing.answer.setting import Setting
from sourcing.errors import AuditFailure, StoppedEarly
from sourcing.outcome import Values
from sourcing.plan.totals import whole
from sourcing.studies.tornado.cold_solve import solve_anew
from sourcing.studies.tornado.found import worse_end
from sourcing.studies.tornado.kept_orders import kept_orders

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.engine.highs import SolverOptions
    from sourcing.plan import Plan
    from sourcing.studies.tornado.inputs import Input
    from sourcing.studies.tornado.program import Doubting
    from sourcing.tables import Case

COLUMNS = ["input", "end", "offer", "supplier", "material", "destination", "mode", "period", "placed", "better"]
SHOWN = 5
_SAME, _SQUARED = 1e-6, 2e-5
"""Part of the cost by which the two ways may differ, and where squares are limited, which are kept to a millionth."""
_GRAM = 1e-6


class _Shown(NamedTuple):
    """A number worth checking, the end at which it hurts most, and what was said of that."""

    input: Input
    end: str
    regret: float
    short: float


def instead(asked: Doubting, worth: pd.DataFrame, periods: int, solver: SolverOptions) -> pd.DataFrame:
    """Return what the best plan orders otherwise, before the day, at the worse end of each number worth checking.

    ``placed`` are the tonnes of the plan, ``better`` those of the best plan at that end. Both plans, with the orders
    free and kept, are formulated from the changed tables, solved from the beginning and audited.

    Raises
    ------
    AuditFailure : the audit disagrees, or they do not cost what was found by way of changes.
    """
    rows: list[pd.DataFrame] = []
    for shown in _shown(asked, worth):
        free = _plan(asked, shown, None, solver)
        if free is None:
            raise AuditFailure([f"{shown.input.words}: solved anew there is no plan at its {shown.end} end"])
        _refuse_otherwise(asked, shown, free, _plan(asked, shown, periods, solver))
        rows.append(_otherwise(asked.plan, free, periods).assign(input=shown.input.key, end=shown.end))
    return pd.concat(rows, ignore_index=True)[COLUMNS] if rows else pd.DataFrame(columns=COLUMNS)


def _shown(asked: Doubting, worth: pd.DataFrame) -> Iterator[_Shown]:
    by_key = {each.key: each for each in asked.inputs}
    least = asked.minimize[0] == "shortage"
    for row in worth.head(SHOWN).itertuples(index=False):
        end = worse_end(row, least=least)
        yield _Shown(by_key[str(row.input)], end, getattr(row, f"regret_{end}"), getattr(row, f"regret_short_{end}"))


def _plan(asked: Doubting, shown: _Shown, periods: int | None, solver: SolverOptions) -> Plan | None:
    """Return the best plan at the end that is shown, with the orders of some periods kept; None if there is none."""
    moves = [(shown.input, getattr(shown.input, shown.end))]
    form = asked.form_with(moves)
    held = None if periods is None else kept_orders(asked.plan, form, periods)
    answer = solve_anew(form, asked.minimize, solver, held)
    if answer.status == "infeasible":
        return None
    if answer.x is None or answer.solution is None:
        raise StoppedEarly("stopped before what is shown was solved anew; nothing was written")
    return _audited(asked, asked.tables_with(moves), Values(form, answer.solution))


def _audited(asked: Doubting, case: Case, values: Values) -> Plan:
    plan = audited(Setting(asked.plan.question, case, []), values, RunOptions(), {"seconds": {}})
    findings = plan.manifest["audit"]["findings"]
    if findings:
        raise AuditFailure([str(words) for words in findings])
    return plan


def _refuse_otherwise(asked: Doubting, shown: _Shown, free: Plan, kept: Plan | None) -> None:
    """Raise if the plans solved anew do not bear out what was found by way of changes; not where numbers are whole."""
    if (kept is None) != bool(np.isnan(shown.regret)):
        words = "no plan keeps the orders" if kept is None else "a plan keeps the orders"
        raise AuditFailure([f"{shown.input.words}: {words} when solved anew, otherwise by way of changes"])
    if kept is None or asked.form.whole.any() or "weighed" in asked.form.objectives:
        return
    said = {"USD": shown.regret, "t short": shown.short}
    sums = [
        (float(plan.manifest["objective"]["cost"]), float(whole(plan.tables)["shortage"]["short"].sum()))
        for plan in (free, kept)
    ]
    for unit, before, after in zip(said, *sums, strict=True):
        if abs(after - before - said[unit]) > (_SQUARED if asked.form.cones else _SAME) * max(
            abs(before), abs(after), 1.0
        ):
            words = (
                f"{shown.input.words}: keeping the orders costs {after - before:,.6g} {unit} more when solved anew, "
            )
            raise AuditFailure([f"{words}and {said[unit]:,.6g} by way of changes"])


def _otherwise(plan: Plan, better: Plan, periods: int) -> pd.DataFrame:
    key = ["offer", "supplier", "material", "destination", "mode", "period"]
    sides = {}
    for name, each in (("placed", plan), ("better", better)):
        bought = each.tables["purchases"]
        sides[name] = bought[bought["node"] < periods].set_index(key)["tonnes"]
    both = pd.DataFrame(sides).fillna(0.0)
    both = both[(both["better"] - both["placed"]).abs() > _GRAM]
    order = np.argsort(-(both["better"] - both["placed"]).abs().to_numpy(), kind="stable")
    return both.iloc[order].reset_index()
