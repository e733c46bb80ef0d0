"""Rules with a priority give way where they would keep demand from being met: the weakest first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sourcing import families
from sourcing.engine.program import ArrayModel
from sourcing.engine.solve import solve
from sourcing.errors import StoppedEarly

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.solve_linear import Solution
    from sourcing.plan import Plan
    from sourcing.tables import Case

    Flags = NDArray[np.bool_]

TABLES = {"limits": "limit", "conditions": "condition"}
"""Tables whose rows may have a priority, and the column with their names."""

_STOPPED = "no time was left to find out which rules give way; nothing was written; allow more with --time-limit"
_MORE = 1e-6
"""Part of the demand by which a shortage has to be larger to be larger."""


def ranked(formulation: Formulation) -> pd.DataFrame:
    """Return the rules that may give way, the strongest first: table, name, priority; equals in the tables' order."""
    parts = [pd.DataFrame(columns=["table", "name", "priority"])]
    for table, column in TABLES.items():
        own = formulation.network.case[table]
        own = own[own["priority"].notna()]
        if len(own):
            parts.append(own[[column, "priority"]].rename(columns={column: "name"}).assign(table=table))
    return pd.concat(parts).sort_values("priority", ascending=False, kind="stable", ignore_index=True)


def without(formulation: Formulation, given_up: pd.DataFrame) -> Formulation:
    """Return the program without the rows of the rules that are given up (table, name)."""
    lower, upper = formulation.row_lower.copy(), formulation.row_upper.copy()
    for rule in (rule for card in families.cards().values() for rule in card.rules):
        block = formulation.rows.get(rule.name)
        if block is None or rule.table not in TABLES:
            continue
        names = given_up.loc[given_up["table"] == rule.table, "name"]
        off = block.entities[TABLES[rule.table]].isin(names).to_numpy()[block.code]
        lower[block.ids[off]], upper[block.ids[off]] = -np.inf, np.inf
    return replace(formulation, row_lower=lower, row_upper=upper)


def still_asked(plan: Plan) -> Case:
    """Return the case of a plan without the rules that it gives up."""
    case = plan.case
    for one in plan.manifest.get("given_up", []):
        frame = case[one["table"]]
        case = case.replace({one["table"]: frame[frame[TABLES[one["table"]]] != one["name"]]})
    return case


def weakest(
    formulation: Formulation,
    solution: Solution,
    minimize: Sequence[str],
    options: SolverOptions,
) -> list[dict[str, Any]]:
    """Return what has to give way before demand is met as well as it can be; nothing where ``solution`` meets it.

    From the strongest on, each rule is kept unless, beside those kept before it, it makes more demand go short than
    goes short without any of them, or makes every plan impossible. Where the question does not minimise shortage
    first, only the latter counts. An entry has table, name, priority and ``short``: how many tonnes more would go
    short with it, None where there would be no plan.

    Raises
    ------
    StoppedEarly : the time was up before the search ended.
    """
    may = ranked(formulation)
    first = minimize[0]
    content = solution.levels and (first != "shortage" or _short(formulation, solution) <= _slack(formulation))
    if may.empty or content or solution.status not in ("optimal", "infeasible"):
        return []
    trial = _Trial(formulation, may, first, replace(options, log=None, gap=0.0, enough=0.0))
    least = trial.short(np.zeros(len(may), bool))
    return [] if least is None else _given_up(trial, least)


class _Short(NamedTuple):
    weighted: float
    tonnes: float


class _Trial(NamedTuple):
    formulation: Formulation
    may: pd.DataFrame
    objective: str
    options: SolverOptions

    def short(self, kept: Flags) -> _Short | None:
        """Return what goes short at least with the rules that are kept; None where there is no plan."""
        form = without(self.formulation, self.may[~kept])
        model = ArrayModel(form)
        solution = solve(model, (self.objective,), self.options)
        if solution.status == "infeasible":
            return None
        if solution.status != "optimal" or self.options.seconds <= 0:
            raise StoppedEarly(_STOPPED)
        if self.objective != "shortage":
            return _Short(0.0, 0.0)
        block = form.columns["short"]
        return _Short(_short(form, solution), float(solution.x[block.ids].sum()))


def _given_up(trial: _Trial, least: _Short) -> list[dict[str, Any]]:
    """Keep as many of the strongest as can be kept, give the next one up, and go on with those after it."""
    kept, found = np.zeros(len(trial.may), bool), []
    first = 0
    while first < len(kept):
        fits, beyond = _together(trial, least, kept, first)
        kept[first:fits] = True
        if fits < len(kept):
            more = None if beyond is None else max(beyond.tonnes - least.tonnes, 0.0)
            rule = trial.may.iloc[fits]
            cells = {"table": str(rule["table"]), "name": str(rule["name"]), "priority": float(rule["priority"])}
            found.append({**cells, "short": more})
        first = fits + 1
    return found


def _together(trial: _Trial, least: _Short, kept: Flags, first: int) -> tuple[int, _Short | None]:
    """Return up to which rule those from ``first`` on can be kept beside ``kept``, and what the next one leaves short.

    What is open is halved: the more rules are kept, the more goes short.
    """
    fits, fails, beyond = first, len(kept) + 1, None
    while fails - fits > 1 and fits < len(kept):
        middle = min((fits + fails) // 2, len(kept))
        short = trial.short(kept | ((np.arange(len(kept)) >= first) & (np.arange(len(kept)) < middle)))
        if short is not None and short.weighted <= least.weighted + _slack(trial.formulation):
            fits = middle
        else:
            fails, beyond = middle, short
    return fits, beyond


def _short(formulation: Formulation, solution: Solution) -> float:
    return float(formulation.objectives["shortage"] @ solution.x)


def _slack(formulation: Formulation) -> float:
    """Return the weighted shortage that is noise: a part of what is short where nothing is delivered."""
    costs = formulation.objectives["shortage"]
    weighs = costs > 0
    return _MORE * float(costs[weighs] @ formulation.column_upper[weighs])
