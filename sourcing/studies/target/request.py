"""A question whose one limit is to be set to any value: what is asked, and why some limits cannot be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import pandas as pd

from sourcing.answer.priorities import TABLES
from sourcing.answer.setting import Setting, network_of
from sourcing.errors import Fault, QuestionError
from sourcing.measures import measures, measures_that
from sourcing.question.schema import Edit
from sourcing.studies.target.reach import Asked
from sourcing.tables.problems import did_you_mean, listed, quoted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sourcing.card import Measure
    from sourcing.network import Network
    from sourcing.tables import Case

TOLERANCE = 0.002
_NO_TARGET, _NO_SPAN = "QUESTION-215", "QUESTION-216"


class Sweep(NamedTuple):
    """A limit by name, and from which value to which; None: from where it stops binding, to as far as it can go.

    The cost between is to be known to ``tolerance``, a part of it.
    """

    limit: str
    loose: float | None = None
    tight: float | None = None
    tolerance: float = TOLERANCE


@dataclass(frozen=True, eq=False)
class Dialling:
    """A question, its case, and the row of limits that is dialled."""

    setting: Setting
    limit: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The limit's name."""
        return str(self.limit["limit"])

    @property
    def measure(self) -> Measure:
        """What the limit is on."""
        return measures()[str(self.limit["measure"])]

    @property
    def minimize(self) -> tuple[str, ...]:
        """The objectives, in order."""
        return tuple(self.setting.question.objective.minimize)

    @property
    def first(self) -> pd.Timestamp:
        """The first day of the horizon."""
        return pd.Timestamp(self.setting.question.horizon.first)

    @property
    def day(self) -> pd.Timestamp:
        """The day from which the limit holds."""
        day = self.limit["from"]
        return self.first if pd.isna(day) else max(pd.Timestamp(day), self.first)

    @property
    def asked(self) -> Asked:
        """What is asked of the limit, for every day on which it could begin."""
        return Asked(self.name, self.minimize, self.network)

    @property
    def without(self) -> Setting:
        """The setting without the limit."""
        limits = self.setting.case["limits"]
        case = self.setting.case.replace({"limits": limits[limits["limit"] != self.name]})
        return Setting(self.setting.question, case, self.setting.findings)

    def giving_up(self, given_up: pd.DataFrame) -> Dialling:
        """Return the same without the rules (table, name) that give way already without the limit."""
        case = self.setting.case
        for table, column in TABLES.items():
            names = given_up.loc[given_up["table"] == table, "name"]
            case = case.replace({table: case[table][~case[table][column].isin(names)]})
        return Dialling(Setting(self.setting.question, case, self.setting.findings), self.limit)

    def network(self, value: float, day: pd.Timestamp | None = None) -> Network:
        """Return the network with the limit at a value, from a day on if one is given."""
        return network_of(self.setting.question, self._case(value, day))

    def at(self, value: float) -> Setting:
        """Return the setting with the limit at a value, in the question too."""
        question = self.setting.question
        told = [{**one, "value": value} if one.get("limit") == self.name else one for one in question.limits]
        changed: dict[str, Any] = {"limits": told}
        if told == list(question.limits):  # it stands in the tables
            edit = Edit.model_validate({"table": "limits", "where": {"limit": self.name}, "set": {"value": value}})
            changed = {"edits": [*question.edits, edit]}
        return Setting(question.model_copy(update=changed), self._case(value), self.setting.findings)

    def _case(self, value: float, day: pd.Timestamp | None = None) -> Case:
        limits = self.setting.case["limits"].copy()
        own = limits["limit"] == self.name
        limits.loc[own, "value"] = value
        if day is not None:
            limits.loc[own, "from"] = day
        return self.setting.case.replace({"limits": limits})

    def refusal(self, option: str, fact: str, repair: str) -> Fault:
        """Return a fault of a value that was asked for."""
        return Fault(option, fact, repair, _NO_SPAN)

    def words(self, value: float) -> str:
        """Return a value as a planner writes it: 35 %, or 120."""
        return value_words(self.measure.unit, value)

    def nothing_counted(self) -> Fault:
        """Return the fault of a limit that nothing is counted for."""
        fact = f"limit {self.name} counts nothing in the cheapest plan without it"
        return Fault("--limit", fact, "name a limit that counts something that is bought", _NO_TARGET)

    def no_room(self, free: float, least: float, sweep: Sweep) -> Fault:
        """Return the fault of a sweep that holds no curve."""
        if sweep.loose is None:
            fact = f"{self.words(least)} binds nowhere: the cheapest plan without {self.name} has {self.words(free)}"
            return self.refusal("--to", fact, "write a tighter --to, or a looser --from")
        fact = f"at {self.words(sweep.loose)} there is no plan, though there is one without {self.name}"
        if "shortage" in self.minimize:
            fact = f"at {self.words(sweep.loose)} more would go short than without {self.name}"
        return self.refusal("--from", f"{fact}; {self.words(least)} is as far as it can go", "write a looser --from")


def value_words(unit: str, value: float) -> str:
    """Return a value of a limit as a planner writes it.

    >>> value_words("share", 0.35), value_words("share", 0.6123), value_words("t", 1240.0)
    ('35 %', '61.2 %', '1,240')
    """
    if unit == "share":
        return f"{100 * value:.1f}".removesuffix(".0") + " %"
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.4g}"


def dialling(setting: Setting, sweep: Sweep) -> Dialling:
    """Return a limit of a question, to be dialled.

    Raises
    ------
    QuestionError : there is no such limit, it cannot be set to any value, or the values contradict each other.
    """
    name, limits = sweep.limit, setting.case["limits"]
    names = list(limits["limit"])
    if name not in names:
        there = f"name one of {listed(sorted(names))}" if names else "add a limit to the question"
        fact = f"there is no limit {quoted(name)}"
        raise QuestionError([Fault("--limit", fact, did_you_mean(name, names, there), _NO_TARGET)])
    limit = limits[limits["limit"] == name].iloc[0].to_dict()
    found = Dialling(setting, {str(key): value for key, value in limit.items()})
    faults = [*_limit_faults(found), *_beside(found), *_span_faults(found, sweep)]
    if faults:
        raise QuestionError(faults)
    return found


def _limit_faults(asked: Dialling) -> list[Fault]:
    limit, faults = asked.limit, []
    place = asked.setting.case.place("limits", int(limit["row"]))
    measure = asked.measure
    if not measure.step:
        fact = f"a limit on {limit['measure']} has no curve"
        repair = f"name a limit on {listed(measures_that(lambda each: bool(each.step)))}"
        if measure.weighed:
            repair += f", or weigh cost against {measure.weighed.name} with sourcing frontier"
        faults.append(Fault(f"{place}, measure", fact, repair, _NO_TARGET))
    if not pd.isna(limit["priority"]):
        fact = "a limit that gives way costs nothing where it would cost too much"
        faults.append(Fault(f"{place}, priority", fact, "leave its priority blank", _NO_TARGET))
    return faults


def _beside(asked: Dialling) -> list[Fault]:
    """Return a fault for each other limit that the curve could not keep: those on concentration are no rows."""
    limits, case = asked.setting.case["limits"], asked.setting.case
    indices = measures_that(lambda each: each.kind == "index")
    curved = limits[limits["measure"].isin(indices) & (limits["limit"] != asked.name)]
    return [
        Fault(
            f"{case.place('limits', int(row))}, measure",
            f"the curve of {asked.name} cannot keep limit {name} on concentration",
            f"leave {name} out of the question for the curve",
            _NO_TARGET,
        )
        for row, name in zip(curved["row"], curved["limit"], strict=True)
    ]


def _span_faults(asked: Dialling, sweep: Sweep) -> list[Fault]:
    is_share = asked.measure.kind == "share"
    most, kind = (1.0, "a share from 0 % to 100 %") if is_share else (float("inf"), "a number from 0 on")
    ends = (("--from", sweep.loose), ("--to", sweep.tight))
    faults = [
        asked.refusal(option, f"{value:g} is not {kind}", "write it as 35% or 0.35" if most == 1 else f"write {kind}")
        for option, value in ends
        if value is not None and not 0 <= value <= most
    ]
    if faults or sweep.loose is None or sweep.tight is None:
        return faults
    maximum = asked.limit["sense"] == "max"
    if (sweep.loose <= sweep.tight) if maximum else (sweep.loose >= sweep.tight):
        fact = f"{asked.words(sweep.loose)} is not {'above' if maximum else 'below'} --to {asked.words(sweep.tight)}"
        repair = f"a {'maximum' if maximum else 'minimum'} goes from loose to tight: exchange the two"
        faults.append(asked.refusal("--from", fact, repair))
    return faults
