"""Measures that are to be weighed against each other: which ones, of what, and the limits that hold them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sourcing.answer.priorities import TABLES
from sourcing.answer.setting import Setting, ask, network_of
from sourcing.errors import Fault, QuestionError
from sourcing.studies.frontier.measures import COST, SHORTAGE, kind_of, limited, weighed
from sourcing.tables.elements import same_words
from sourcing.tables.problems import did_you_mean, listed, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    import pandas as pd

    from sourcing.network import Network
    from sourcing.question import Question
    from sourcing.tables import Case
    from sourcing.tables.case import Source

POINTS = 8
MOST = 100
CODE = "QUESTION-219"
_DIGITS = 7
GRAM = 1e-6
"""Tonnes below which nothing is short."""
_LEAST = 1e-6
"""The smallest value of a limit on an average: the average of nothing is held by it too."""


class Trade(NamedTuple):
    """Two or three measures, how many points at most, and what the averages among them are of.

    ``material`` is a material by code or name, or an element: of hhi and lead-time. ``by`` and ``stage`` are those of a
    limit on hhi.
    """

    measures: tuple[str, ...]
    points: int = POINTS
    material: str = ""
    by: str = ""
    stage: str = ""


@dataclass(frozen=True, eq=False)
class Trading:
    """A question and its case, without and with a limit on each measure that is not minimised.

    ``limits`` are the rows of these limits by measure, their value 1.
    """

    trade: Trade
    base: Setting
    held: Setting
    limits: Mapping[str, Mapping[str, Any]]

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures, that which is minimised while others are held first."""
        return tuple(name for name in weighed() if name in self.trade.measures)

    @property
    def minimize(self) -> tuple[str, ...]:
        """The objectives of the question with its measures held, in order."""
        return tuple(self.held.question.objective.minimize)

    def network(self, value: float) -> Network:
        """Return the network with every measure's limit at a value."""
        return network_of(self.held.question, self._case(dict.fromkeys(self.limits, value)))

    def held_values(self, values: Mapping[str, float]) -> dict[str, float]:
        """Return the values of measures as limits have them; those of objectives are left out."""
        gram = GRAM * float(self.base.network.demand.weight.max(initial=0.0))
        real = {name: value if name != SHORTAGE or value > gram else 0.0 for name, value in values.items()}
        return {name: _held_at(name, real[name]) for name in self.limits}

    def at(self, values: Mapping[str, float]) -> Setting:
        """Return the question with its measures held at values, by measure: see ``held_values``."""
        of_name = {self.limits[name]["limit"]: value for name, value in values.items()}
        question = self.held.question
        told = [{**one, "value": of_name[one["limit"]]} if one["limit"] in of_name else one for one in question.limits]
        question = question.model_copy(update={"limits": told})
        return Setting(question, self._case(values), self.base.findings)

    def _case(self, values: Mapping[str, float]) -> Case:
        limits = self.held.case["limits"].copy()
        for name, value in values.items():
            limits.loc[limits["limit"] == self.limits[name]["limit"], "value"] = value
        return self.held.case.replace({"limits": limits})

    def giving_up(self, given_up: pd.DataFrame) -> Trading:
        """Return the same without the rules (table, name) that give way already while nothing is held."""
        base, held = (_without(setting, given_up) for setting in (self.base, self.held))
        return Trading(self.trade, base, held, self.limits)


def _without(setting: Setting, given_up: pd.DataFrame) -> Setting:
    case = setting.case
    for table, column in TABLES.items():
        names = given_up.loc[given_up["table"] == table, "name"]
        case = case.replace({table: case[table][~case[table][column].isin(names)]})
    return Setting(setting.question, case, setting.findings)


def _held_at(name: str, value: float) -> float:
    """Return a value as a limit has it: with seven digits, none below what was found."""
    floor = 0.0 if kind_of(name) == "amount" else _LEAST
    if not math.isfinite(value) or value <= floor:
        return floor
    step = 10.0 ** (math.floor(math.log10(value)) - _DIGITS + 1)
    return float(f"{math.ceil(value / step - 1e-6) * step:.{_DIGITS}g}")


def trading(question: str | Path | Question, trade: Trade, case: Source | None) -> Trading:
    """Read a question and its case; return the measures that are asked for, ready to be held.

    Raises
    ------
    FaultyInput : the question or its tables are wrong, or a measure cannot be weighed there.
    """
    _refuse(_measure_faults(trade))
    base = ask(question, case)
    _refuse([*_shortage_faults(trade, base), *_data_faults(trade, base)])
    held = [name for name in trade.measures if name in limited() and (name != SHORTAGE or COST in trade.measures)]
    limits = {name: _limit(name, trade, base) for name in held}
    asked = base.question
    places = asked.limit_places or [f"{asked.name or 'question'} limits #{at + 1}" for at in range(len(asked.limits))]
    more = {
        "limits": [*asked.limits, *limits.values()],
        "limit_places": [*places, *(f"--of {name}" for name in limits)],
    }
    if SHORTAGE in limits:
        more["objective"] = asked.objective.model_copy(update={"shortage": "limited", "minimize": ["cost"]})
    return Trading(trade, base, ask(asked.model_copy(update=more), case), limits)


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise QuestionError(list(faults))


def fault(option: str, fact: str, repair: str) -> Fault:
    """Return a fault of what was asked of a frontier."""
    return Fault(option, fact, repair, CODE)


def _measure_faults(trade: Trade) -> list[Fault]:
    """Return what is wrong with the options by themselves."""
    names, known = trade.measures, list(weighed())
    faults = [
        fault("--of", f"there is no measure {quoted(name)}", did_you_mean(name, known, f"name some of {listed(known)}"))
        for name in dict.fromkeys(names)
        if name not in weighed()
    ]
    twice = sorted({name for name in names if names.count(name) > 1})
    faults += [fault("--of", f"{name} is there twice", "name each measure once") for name in twice]
    if len(set(names)) not in {2, 3} and not faults:
        count = {0: "no measure is", 1: "one measure is"}.get(len(names), f"{len(names)} measures are")
        faults.append(fault("--of", f"{count} named", f"name two or three of {listed(known)}"))
    if not len(names) <= trade.points <= MOST and not faults:
        fact = f"{trade.points} points hold no frontier of {len(names)} measures"
        faults.append(fault("--points", fact, f"write {len(names)} to {MOST}"))
    indices, means = ({name for name in weighed() if kind_of(name) == kind} for kind in ("index", "average"))
    averages = {"--material": indices | means, "--by": indices, "--stage": indices}
    given = {"--material": trade.material, "--by": trade.by, "--stage": trade.stage}
    return faults + [
        fault(option, f"{quoted(given[option])} is of {listed(sorted(of))}, which is not named", f"leave {option} out")
        for option, of in averages.items()
        if given[option] and not of & set(names)
    ]


def _shortage_faults(trade: Trade, base: Setting) -> list[Fault]:
    allowed = base.question.objective.shortage
    if SHORTAGE not in trade.measures or allowed == "least":
        return []
    fact = f'the question has shortage = "{allowed}", so what stays short is not open'
    return [fault("--of shortage", fact, 'write shortage = "least" in the question, or leave shortage out')]


def _data_faults(trade: Trade, base: Setting) -> list[Fault]:
    """Return what the tables lack for a measure."""
    case, faults = base.case, []
    if "carbon" in trade.measures and not any(case[name]["carbon"].gt(0).any() for name in _EMITTERS):
        fact = f"carbon is nowhere filled in ({case.name})"
        faults.append(fault("--of carbon", fact, f"fill in carbon in {', '.join(f'{name}.csv' for name in _EMITTERS)}"))
    if trade.material and not subject_of(trade, case):
        labels = _labels(case)
        known = [*labels, *labels.values(), *case["contents"]["element"].unique()]
        there = f"name one of {listed(list(labels.values()))}"
        fact = f"nobody offers a material {quoted(trade.material)}, nor an element of one"
        faults.append(fault("--material", fact, did_you_mean(trade.material, known, there)))
    index = next((name for name in trade.measures if kind_of(name) == "index"), "")
    if index and not trade.material and len(_labels(case)) != 1:
        one_of = " or ".join(f'"{label}"' for label in _labels(case).values())
        fact = f"the case has {len(_labels(case))} materials, and an {weighed()[index].head} is of one"
        faults.append(fault(f"--of {index}", fact, f"write --material {one_of}"))
    return faults


_EMITTERS = ("offers", "lanes", "processes")


def _labels(case: Case) -> dict[str, str]:
    """Return the materials that somebody offers, by code, with their names."""
    return {code: case.label("materials", code) for code in sorted(case["offers"]["material"].unique())}


def subject_of(trade: Trade, case: Case) -> dict[str, str]:
    """Return what an average is of, as a limit says it: a material or an element; nothing where nobody offers it.

    A case with one material needs none named.
    """
    labels = _labels(case)
    if not trade.material:
        return {"material": next(iter(labels))} if len(labels) == 1 else {}
    held = case["contents"][case["contents"]["material"].isin(labels)]["element"]
    for spelt in (str.casefold, same_words):
        asked = spelt(trade.material)
        for code, label in labels.items():
            if asked in {spelt(code), spelt(label)}:
                return {"material": code}
        for element in held.unique():
            if asked == spelt(element):
                return {"element": element}
    return {}


def _limit(name: str, trade: Trade, base: Setting) -> dict[str, Any]:
    """Return the row of the limit that holds a measure over the whole horizon, its value 1."""
    taken, called = set(base.case["limits"]["limit"]), f"frontier-{name}"
    while called in taken:
        called += "-2"
    row: dict[str, Any] = {"limit": called, "measure": limited()[name].name, "per": "horizon", "value": 1.0}
    if name == SHORTAGE:
        row["counted_in"] = "weighted"
    elif kind_of(name) != "amount":
        row |= subject_of(trade, base.case)
    if kind_of(name) == "index":
        row |= {"by": trade.by or "country", "counts": "arrivals"} | ({"stage": trade.stage} if trade.stage else {})
    return row
