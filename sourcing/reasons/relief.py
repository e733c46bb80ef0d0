"""The least that has to give: the model with relief in every rule that can give way, and no plan for anybody."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing import families
from sourcing.card import Rule
from sourcing.engine.formulation import Formulation, formulate
from sourcing.engine.program import ArrayModel
from sourcing.engine.solve import solve
from sourcing.measures import measures_that
from sourcing.network.counting import counted_demand
from sourcing.network.lots import JOINT, KINDS
from sourcing.outcome import Values
from sourcing.outcome.binding import totals_of
from sourcing.outcome.names import words_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.highs import SolverOptions
    from sourcing.engine.solve_linear import Solution
    from sourcing.network import Network
    from sourcing.protocol import Block

    Reals = NDArray[np.float64]

COLUMNS = ["rule", "subject", "from", "until", "asked", "possible", "gap", "unit", "worst", "place"]
_DEMAND = Rule("demand", ("site", "material", "node"), "", "", subject="{material} for {site}", table="demand")
_SMALL = 1e-3
_LESS = ("t not delivered", "t below")
_HARD = 1000.0
"""How much dearer it is to give up demand than any other rule."""


def least_relief(network: Network, options: SolverOptions, firm: str = "") -> pd.DataFrame | None:
    """Return what has to give at least, one row per rule and subject, the largest part first; None if nothing would do.

    Parameters
    ----------
    network : with shortage "none" demand is one of the rules that may give way, the last of all, so that the answer
        says what a full delivery asks for; else what any plan asks for.
    firm : a limit that does not give way.

    ``asked``, ``possible`` and ``gap`` are in the rule's unit, added up over the periods from ``from`` to ``until`` (of
    stock levels and shares the worst period's). Reliefs are weighted by 1/asked, so that rules of different size
    compare.
    """
    formulation = formulate(network, explaining=True)
    asked = {name: _asked(formulation, name, block) for name, block in formulation.reliefs.items()}
    weights = np.zeros(formulation.shape[1])
    for name, block in formulation.reliefs.items():
        weights[block.ids] = (_HARD if name == "demand" else 1.0) / _size(asked[name], block)
        if firm and "limit" in block.entities:
            formulation.column_upper[block.ids[(block.entities["limit"] == firm).to_numpy()[block.code]]] = 0.0
    formulation.objectives["relief"] = weights
    solution = solve(ArrayModel(formulation), ("relief", "cost"), options)
    return _table(formulation, solution, asked) if solution.status == "optimal" else None


def _size(asked: Reals, block: Block) -> Reals:
    """Return what a relief is measured against: what the row asks for; where that is nothing, the most elsewhere."""
    alike = block.entities.drop(columns="window") if "limit" in block.entities else block.entities
    code = alike.groupby(list(alike), sort=False).ngroup().to_numpy()[block.code]
    most = np.zeros(len(alike))
    np.maximum.at(most, code, asked)
    typical = float(np.median(asked[asked > 0])) if (asked > 0).any() else 1.0
    size = np.where(asked > 0, asked, most[code])
    return np.maximum(np.where(size > 0, size, typical), _SMALL * typical)


def _asked(formulation: Formulation, name: str, block: Block) -> Reals:
    """Return the size of what each row asks for: its right-hand side, or the tonnes that a share is a share of.

    An average is over what is taken in or arrives, in the order of all that is demanded in its period.
    """
    net = formulation.network
    if name == "demand":
        return net.demand.tonnes[block.code, block.node]
    if name in measures_that(lambda measure: measure.is_part):
        return _counted_demand(net, block, name)
    if name in _averages():
        return np.asarray(net.demand.tonnes.sum(axis=0)[block.node], np.float64)
    rows = formulation.rows[name]
    lower, upper = formulation.row_lower[rows.ids], formulation.row_upper[rows.ids]
    return np.abs(np.where(np.isfinite(upper), upper, lower))


def _averages() -> tuple[str, ...]:
    return measures_that(lambda measure: measure.kind == "average")


def _counted_demand(net: Network, block: Block, measure: str) -> Reals:
    """Return for each row of a part the demand, in the tonnes that the limit counts, that falls into its window."""
    sizes, keys = counted_demand(net, (measure,)), block.keys()
    return np.array([sizes.get(key, 0.0) for key in zip(keys["limit"], keys["window"], strict=True)])


def _table(formulation: Formulation, solution: Solution, asked: dict[str, Reals]) -> pd.DataFrame:
    values = Values(formulation, solution)
    rules = {rule.name: rule for card in families.cards().values() for rule in card.rules} | {"demand": _DEMAND}
    parts = [_part(values, rules[name], block, asked[name]) for name, block in formulation.reliefs.items()]
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame(columns=COLUMNS)
    table = pd.concat(parts, ignore_index=True)
    return table.sort_values(["weight", "rule", "subject"], ascending=[False, True, True], ignore_index=True)[COLUMNS]


def _part(values: Values, rule: Rule, block: Block, asked: Reals) -> pd.DataFrame:
    gap = values.of(block)
    given = np.flatnonzero(gap > 1e-6)
    size = _size(asked, block)[given]
    step = np.where(_minimum(values, block) | block.unit.startswith(_LESS), -1.0, 1.0)
    if rule.ratio:
        asked, step = _ratio(values, rule, block)
    elif rule.table == "limits" and asked.any():  # what is on its way already is taken off the row's own bound
        asked = _limit_values(values, block)
    called = [words_of(values, block, member) for member in given.tolist()]
    frame = pd.DataFrame({"gap": gap[given], "asked": asked[given], "part": gap[given] / size, "member": given})
    frame["possible"] = frame["asked"] + (step * gap)[given]
    frame["subject"] = [rule.subject.replace(", {period}", "").format(**words) for words in called]
    frame["period"] = [words["period"] for words in called]
    groups = frame.groupby("subject", sort=False)
    table = groups.agg(
        asked=("asked", "sum"), possible=("possible", "sum"), gap=("gap", "sum"), member=("member", "first")
    )
    levels = rule.table in {"stocks", "limits"}
    table["worst"] = levels and not rule.ratio
    if levels:  # levels, limits and shares do not add up: the worst period speaks
        worst = frame.sort_values("part", ascending=False).groupby("subject")
        table[["asked", "possible"]] = worst[["asked", "possible"]].first()
        table["gap"] = table["gap"] if rule.ratio else groups["gap"].max()
    if not rule.ratio and not asked.any():  # the rows compare decisions: there is no figure that is asked for
        table[["asked", "possible"]] = np.nan
    table["weight"] = groups["part"].sum()
    table["from"], table["until"] = groups["period"].first(), groups["period"].last()
    table["place"] = [_place(values, rule, block, int(member)) for member in table["member"]]
    table["unit"] = [_unit(values, block, int(member)) for member in table["member"]]
    return table.reset_index().assign(rule=rule.name)


def _minimum(values: Values, block: Block) -> NDArray[np.bool_]:
    """Return which rows are of a limit that is a minimum."""
    if "limit" not in block.entities:
        return np.zeros(len(block), bool)
    senses = values.network.case["limits"].set_index("limit")["sense"]
    return (block.keys()["limit"].map(senses) == "min").to_numpy(bool)


def _unit(values: Values, block: Block, member: int) -> str:
    """Return what a row gives way in: tonnes, of a limit on value money; a minimum is missed from below."""
    limits, key = values.network.case["limits"], block.entities.iloc[block.code[member]]
    own = limits[limits["limit"] == key["limit"]] if "limit" in key else limits.iloc[:0]
    unit = block.unit.replace("beyond", "below" if (own["sense"] == "min").any() else "above")
    return unit.replace("t ", "USD ", 1) if (own["counted_in"] == "value").any() else unit


def _limit_values(values: Values, block: Block) -> Reals:
    """Return what each row's limit says in the tables."""
    limits = values.network.case["limits"].set_index("limit")
    asked: Reals = block.keys()["limit"].map(limits["value"]).to_numpy(float)
    return asked


def _ratio(values: Values, rule: Rule, block: Block) -> tuple[Reals, Reals]:
    """Return for each row the share or the average asked for, and what a tonne of relief is of it."""
    asked = _limit_values(values, block)
    total = np.maximum(totals_of(values, rule, block), 1e-9)
    return asked, np.where(_minimum(values, block), -1.0, 1.0) / total * (asked if rule.name in _averages() else 1.0)


def _place(values: Values, rule: Rule, block: Block, member: int) -> str:
    """Return the row of the tables that asks for it: "limits.csv row 4"."""
    case, cells = values.network.case, _cells(block.entities.iloc[block.code[member]])
    name = rule.table or KINDS[cells["kind"]].table
    table = case[name]
    found = np.ones(len(table), bool)
    for column in set(cells) & set(table.columns) - ({"member", "site"} if name == "limits" else set()):
        text = table[column].dt.strftime("%Y-%m-%d").fillna("") if column == "from" else table[column]
        found &= (text == cells[column]).to_numpy()
    rows = table.loc[found, "row"]
    return case.place(name, int(rows.iloc[0])) if len(rows) else ""


def _cells(key: pd.Series[str]) -> dict[str, str]:
    """Return a row's labels by column of the tables; kind and code are those of an offer, a process, a lane ..."""
    cells = {str(name): str(label) for name, label in key.items()}
    if "kind" in cells:
        cells |= zip(KINDS[cells["kind"]].key, cells["code"].split(JOINT), strict=True)
    return cells
