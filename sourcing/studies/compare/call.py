"""Plans side by side: the first is what the others are compared with."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from sourcing.answer.audit import load_plan
from sourcing.outcome.carbon import states_carbon
from sourcing.plan.changed_inputs import differences
from sourcing.plan.own_rules import own_words
from sourcing.plan.result import Result
from sourcing.studies.compare.carbon import carbon
from sourcing.studies.compare.tables import concentration, cost, mix, orders, overview, same_money, shortage, use

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from sourcing.plan import Plan

_SHOWN = 3


@dataclass(frozen=True, eq=False, kw_only=True)
class Comparison(Result):
    """Plans by letter, tables with a column for each letter and "B - A" for what B has more, and notes.

    Figures are those of the plans' own tables. Differences are to the first plan, and blank where they would compare
    what is not alike: ``notes`` say why.
    """

    plans: Mapping[str, Plan]
    notes: list[str] = field(default_factory=list)


def compare(folders: Sequence[str | Path], *, rules: bool = False, out: Path | None = None) -> Comparison:
    """Put stored plans side by side.

    Parameters
    ----------
    rules : also find what each limit of the first plan costs, by solving without it.
    out : a folder that does not exist yet, for all of it as CSV.

    Raises
    ------
    QuestionError : there is no plan in a folder.
    StoppedEarly, SolverError : a solve for the rules was stopped, the folder cannot be written.
    """
    comparison = side_by_side([load_plan(folder) for folder in folders])
    if rules:
        from sourcing.studies.compare.rule_costs import (
            rule_costs,  # the solver takes seconds to load, and nothing else needs it
        )

        first = next(iter(comparison.plans.values()))
        table, note = rule_costs(first)
        notes = [*comparison.notes, *([note] if note else [])]
        comparison = replace(comparison, tables={**comparison.tables, "rules": table}, notes=notes)
    return comparison if out is None else comparison.save(out)


def side_by_side(plans: Sequence[Plan]) -> Comparison:
    """Return what two plans or more have alike and what not."""
    named = {_letter(at): plan for at, plan in enumerate(plans)}
    first, *others = named
    notes: list[str] = []
    moved = []
    for other in others:
        notes += _unlike(named, first, other)
        inputs = differences(named[first], named[other].question, named[other].case)
        moved.append(inputs.assign(plan=other))
        notes += _inputs(inputs, (first, other))
    tables = {"plans": overview(named)}
    if others:
        makers = {"cost": cost, "shortage": shortage, "mix": mix, "use": use, "concentration": concentration}
        makers["orders"] = orders
        tables |= {name: make(named) for name, make in makers.items()}
        if all(states_carbon(plan.case) for plan in plans):
            tables["carbon"] = carbon(named)
        tables["inputs"] = pd.concat(moved, ignore_index=True)
    return Comparison(plans=named, tables=tables, notes=notes)


def _letter(at: int) -> str:
    """Return A to Z, then A2 to Z2."""
    return chr(ord("A") + at % 26) + (str(at // 26 + 1) if at >= 26 else "")


def _unlike(named: Mapping[str, Plan], first: str, other: str) -> Iterator[str]:
    """Yield why some differences are not drawn, or what stands behind them."""
    one, two = named[first], named[other]
    if one.manifest["case"] != two.manifest["case"]:
        yield (
            f"{other} is of the case {two.manifest['case']}, {first} of {one.manifest['case']}: what has the same code "
            "is taken for the same thing"
        )
    for letter, plan in ((first, one), (other, two)):
        if own_words(plan):
            yield f"{letter} keeps an analyst's own rules ({own_words(plan)}), which are in none of the inputs compared"
    yield from _of_other_days(one, two, (first, other))
    rates = [plan.question.objective.discount_rate for plan in (one, two)]
    if rates[0] != rates[1]:
        yield f"{other} discounts by {rates[1]:.3g} a year, {first} by {rates[0]:.3g}: costs are compared as paid only"
    treated = [plan.question.objective.shortage for plan in (one, two)]
    if treated[0] != treated[1]:
        words = {"least": "keeps shortage least", "priced": "pays a price for shortage", "none": "allows no shortage"}
        yield f"{other} {words[treated[1]]}, {first} {words[treated[0]]}: what was minimised is not compared"


def _of_other_days(one: Plan, two: Plan, names: tuple[str, str]) -> Iterator[str]:
    """Yield what is not compared because the days of two plans, or their periods, are others."""
    first, other = names
    spans = [f"{plan.question.horizon.first} to {plan.question.horizon.end}" for plan in (one, two)]
    if spans[0] != spans[1]:
        yield (
            f"{other} runs from {spans[1]}, {first} from {spans[0]}: costs and tonnes short are not set against each "
            "other, sources only in whole years and orders only in periods that both have"
        )
    elif not same_money(one, two):
        tails = [plan.question.horizon.boundaries_with_tail[-1] for plan in (one, two)]
        yield f"{other} is planned to {tails[1]}, {first} to {tails[0]}: costs are not set against each other"
    elif one.question.horizon.boundaries != two.question.horizon.boundaries:
        yield f"{other} has other periods than {first}: orders are compared only in those that both have"


def _inputs(inputs: pd.DataFrame, pair: tuple[str, str]) -> list[str]:
    if inputs.empty:
        return []
    rows = inputs.sort_values("size", ascending=False, kind="stable")["words"].head(_SHOWN)
    rest = f"; {len(inputs) - _SHOWN} more" if len(inputs) > _SHOWN else ""
    return [f"From {pair[0]} to {pair[1]} the inputs differ: {'; '.join(rows)}{rest}"]
