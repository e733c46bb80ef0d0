"""The cost build-up of the tonnes of a material at a site in a period, from mine to plant."""

from __future__ import annotations

from dataclasses import replace
from difflib import get_close_matches
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.errors import Fault, QuestionError
from sourcing.outcome.carbon import states_carbon, trust_words
from sourcing.plan.totals import UNPAID, whole
from sourcing.reasons import Explanation
from sourcing.report.after_horizon import with_tail
from sourcing.studies.explain.tonnes import apart_words, build_up_words, carbon_words, source_words
from sourcing.studies.explain.tracing import HEADS, trace
from sourcing.tables.called import code_called

if TYPE_CHECKING:
    from sourcing.plan import Plan
    from sourcing.studies.explain.tracing import Traced


NOWHERE = "PLAN-005"
"""Code of what a plan does not have."""


class Asked(NamedTuple):
    """Whose cost is asked for: a material; a site and a period (or a year) where they are not blank."""

    material: str
    site: str = ""
    period: str = ""


def cost_of(plan: Plan, asked: Asked) -> Explanation:
    """Say what the tonnes of a material cost by head, what they were bought as, and which cost is in no delivery.

    Tonnes are those delivered to demand; of a material that nobody demands there, those that processes use.

    Raises
    ------
    QuestionError : PLAN-005, there is no such material, site or period, or nothing of it there then.
    """
    asked = _by_code(plan, asked)
    plan = replace(plan, tables=whole(plan.tables))
    traced = trace(plan)
    tonnes = _asked_for(traced.cells, asked, plan.question.horizon.count)
    used = "delivered" if tonnes.name == "delivered" else "used"
    money = traced.unit.mul(tonnes.to_numpy(), axis=0).sum()
    build_up = pd.DataFrame({"head": list(HEADS), "amount": money.to_numpy()})
    build_up["per_tonne"] = build_up["amount"] / tonnes.sum()
    build_up = build_up[build_up["amount"].abs() > 1e-6].reset_index(drop=True)
    came = traced.source.mul(tonnes.to_numpy(), axis=0).sum()
    sources = came[came > 1e-6].sort_values(ascending=False).rename_axis("source").rename("tonnes").reset_index()
    sources["per_tonne"] = sources["tonnes"] / tonnes.sum()
    apart = whole_plan(plan, traced)
    name = f"{plan.case.label('materials', asked.material)}{_where(plan, asked)}"
    words = [
        *build_up_words(name, used, build_up, float(tonnes.sum())),
        *source_words(sources),
        *_carbon_words(plan, float(traced.carbon @ tonnes.to_numpy()) / float(tonnes.sum())),
        *apart_words(apart, with_tail(plan)),
    ]
    return Explanation(words, {"build-up": build_up, "bought as": sources, "the whole plan": apart})


def _carbon_words(plan: Plan, per_tonne: float) -> list[str]:
    """Say what a tonne emitted on its way, and on what that rests; nothing where no row says what it emits."""
    return carbon_words(per_tonne, trust_words(plan.case)) if states_carbon(plan.case) else []


def whole_plan(plan: Plan, traced: Traced) -> pd.DataFrame:
    """Return USD by head of the whole plan as paid, and where it is: in deliveries, elsewhere, or in no tonne."""
    paid = plan.tables["cost"].groupby("head")["amount"].sum().drop(labels=list(UNPAID), errors="ignore")
    table = pd.DataFrame({"paid": paid})
    table["delivered"] = traced.unit.mul(traced.cells["delivered"].to_numpy(), axis=0).sum().reindex(table.index)
    for where, amounts in traced.ended.iterrows():
        table[str(where)] = amounts.reindex(table.index)
    table = table.fillna(0.0)
    table["of no tonne"] = table["paid"].where(~table.index.isin(HEADS), 0.0)
    return table.loc[:, (table != 0).any()].reset_index()


def _asked_for(cells: pd.DataFrame, asked: Asked, reported: int) -> pd.Series[float]:
    """Return the tonnes that are asked for, cell by cell; of periods after the horizon only where one is named."""
    _named(asked.material, cells["material"], "material")
    here = cells["material"] == asked.material
    if not asked.period:
        here &= cells["node"] < reported
    if asked.site:
        _named(asked.site, cells["site"], "site")
        here &= cells["site"] == asked.site
    if asked.period:
        _named(asked.period, pd.concat([cells["period"], cells["period"].str[:4]]), "period")
        here &= (cells["period"] == asked.period) | (cells["period"].str[:4] == asked.period)
    for name in ("delivered", "used"):
        tonnes = cells[name].where(here, 0.0)
        if tonnes.sum() > 1e-6:
            return tonnes
    raise _fault(asked.material, "none of it is delivered or used there then", "see stock.csv for where there is any")


def _by_code(plan: Plan, asked: Asked) -> Asked:
    """Return what is asked for with the codes of the material and the site, which may be given by name."""
    site = code_called(plan.case, "sites", asked.site, NOWHERE) if asked.site else ""
    return asked._replace(material=code_called(plan.case, "materials", asked.material, NOWHERE), site=site)


def _named(name: str, known: pd.Series[str], noun: str) -> None:
    there = np.unique(known.to_numpy(str)).tolist()
    if name not in there:
        near = get_close_matches(name, there, 1)
        raise _fault(
            name, f"no {noun} of this name in the plan", f"did you mean {near[0]}?" if near else "see stock.csv"
        )


def _fault(place: str, fact: str, repair: str) -> QuestionError:
    return QuestionError([Fault(place, fact, repair, NOWHERE)])


def _where(plan: Plan, asked: Asked) -> str:
    site = f" at {plan.case.label('sites', asked.site)}" if asked.site else ""
    return f"{site}{f', {asked.period}' if asked.period else ''}"
