"""What changes no answer: costs of nothing, rows that cannot bind, units, the order of rows, names, the way to solve.

Each by itself of all ready questions and all known answers with ``PROPERTIES=all``, in groups with
``PROPERTIES=groups``; else all of a kind together of a few small questions, and some of larger ones. ``cases.alike``
has the changes.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from cases.alike import FREE, LOOSE, each
from cases.chain import Answer
from taken import TAKEN

from sourcing.answer.audit import verdict_on
from sourcing.answer.manifest import manifest_of
from sourcing.answer.options import RunOptions
from sourcing.answer.setting import Setting
from sourcing.engine import basis, highs
from sourcing.outcome import plan_tables
from sourcing.plan import Plan
from sourcing.question import checked
from sourcing.question.edits import apply
from sourcing.tables import read_case
from sourcing.testing.asked import Asked
from sourcing.testing.retold import SAID, in_another_order, under_other_names

if TYPE_CHECKING:
    from collections.abc import Mapping

    Short = dict[tuple[str, str, int], float]

ROOT = Path(__file__).parents[1]
KNOWN = {path.parent.name: path for path in sorted((ROOT / "tests" / "known").glob("*/question.toml"))}
READY = {path.stem: path for path in sorted((ROOT / "models").glob("*.toml")) if path.stem != "impossible"}
QUESTIONS = READY | KNOWN
CHANGES = FREE | LOOSE | SAID
TOGETHER = {
    "all that costs nothing": each(*FREE.values()),
    "all that cannot bind": each(*LOOSE.values()),
    "all in other words": each(in_another_order, under_other_names, SAID["pounds, months and weeks"]),
}
"""Many changes at once: quicker than each by itself; where one leads astray, each by itself says which."""
_TERMS = (
    "an order cost of a service",
    "a run cost of a line",
    "a fee of contracts",
    "a duty and a licence",
    "a preference",
)
GROUPS = {
    "costs of nothing": each(*(change for name, change in FREE.items() if "cost of" in name and name not in _TERMS)),
    "terms of nothing": each(*(FREE[name] for name in _TERMS)),
    "approvals": each(FREE["an approval of offers"], FREE["an approval of processes"]),
    "limits and room": each(
        *(LOOSE[name] for name in ("limits on tonnes and money", "limits on shares and days", "capacities")),
        *(LOOSE[name] for name in ("least lots", "what nobody uses")),
    ),
    "numbers and tiers": each(LOOSE["limits on numbers"], LOOSE["tiers"]),
    "order and names": each(in_another_order, under_other_names),
}
ALONE = ("a most of what is disposed of", "a limit on concentration", "pounds, months and weeks", "kilotonnes")
SOME = [
    *((name, change) for name in ("whouse", "mexss", "wagner-whitin") for change in TOGETHER),
    ("whouse", "an opening cost of sites"),
    ("diversified", "an opening cost of processes"),
    ("diversified-2027", "a most of what is disposed of"),
    ("no-china-2027", "other names"),
    ("mining", "a limit on concentration"),
]
ALL = [(name, change) for name in QUESTIONS for change in CHANGES]
IN_GROUPS = [(name, change) for name in QUESTIONS for change in (*GROUPS, *ALONE)]
OTHERWISE = {
    "presolve is off": {"presolve": "off"},
    "the seed is another": {"random_seed": 77},
    "the scaling is another": {"simplex_scale_strategy": 4},
    "Clp finds the basis": {},
}
"""Ways to solve the same: options of HiGHS in all its searches, or a second engine."""
FEW = [("mexss", way) for way in OTHERWISE] + [("diversified-2027", "presolve is off"), ("whouse", "presolve is off")]
OTHER_WAYS = [(name, way) for name in QUESTIONS for way in OTHERWISE] if os.environ.get("PROPERTIES") else FEW
PAIRS = {"all": ALL, "groups": IN_GROUPS}.get(os.environ.get("PROPERTIES", ""), SOME)
AUDITED = {"whouse", "mexss", "diversified"}
SAME = 1e-8
GRAM = 1e-6


@cache
def asked(name: str) -> Asked:
    return Asked.of(QUESTIONS[name])


def solved(what: Asked) -> Answer:
    question = checked(what.question, with_case=False)
    return Answer(Setting(question, apply(question, read_case(what.tables)), []))


def short(own: Answer, names: Mapping[str, str]) -> Short:
    """Return tonnes short by site, material and period, under the names of the question as it stands."""
    block = own.formulation.columns.get("short")
    if block is None:
        return {}
    cells = block.keys().assign(tonnes=own.solution.x[block.ids]).itertuples(index=False, name=None)
    return {(names.get(site, site), names.get(ore, ore), node): t for site, ore, node, t in cells if t > GRAM}


def findings(own: Answer) -> list[str]:
    """Return what the audit finds in a plan, whose tables are made without solving again for what rules are worth."""
    manifest = manifest_of(own.setting, own.values, RunOptions())
    return verdict_on(Plan(plan_tables(own.values), manifest, own.setting.case, own.setting.question)).findings


@TAKEN.kept
def as_it_stands(name: str) -> tuple[float, float, Short]:
    """Return weighted shortage, cost and tonnes short of a question as it stands."""
    own = solved(asked(name))
    assert own.solution.status == "optimal"
    return own.total("shortage"), own.total("cost"), short(own, {})


@pytest.mark.parametrize(("name", "change"), PAIRS)
def test_answer_when_what_is_asked_is_the_same_then_is_the_same(name: str, change: str) -> None:
    changed = (CHANGES | TOGETHER | GROUPS)[change](asked(name))
    if changed is None:
        pytest.skip("there is nothing of that kind in it")
    weighted, cost, tonnes = as_it_stands(name)
    own = solved(changed)
    assert own.solution.status == "optimal"
    assert own.total("cost") == pytest.approx(cost, rel=SAME, abs=GRAM)
    assert own.total("shortage") == pytest.approx(weighted, rel=SAME, abs=GRAM)
    assert short(own, changed.names) == pytest.approx(tonnes, rel=1e-6, abs=GRAM)
    assert name not in AUDITED or not findings(own)


@pytest.mark.parametrize(("name", "way"), OTHER_WAYS)
def test_answer_when_it_is_solved_otherwise_then_is_the_same(
    name: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    weighted, cost, tonnes = as_it_stands(name)
    if way == "Clp finds the basis":
        pytest.importorskip("cylp.cy", reason="the extra fast is not installed")
        monkeypatch.setattr(basis, "WORTH", 1)
    else:
        monkeypatch.setattr(highs, "WAYS", tuple(one | OTHERWISE[way] for one in highs.WAYS))
        begun = highs.Highs.__init__
        monkeypatch.setattr(highs.Highs, "__init__", lambda self, options: (begun(self, options), self.search_by(0))[0])
    own = solved(asked(name))
    assert own.solution.status == "optimal"
    assert own.total("cost") == pytest.approx(cost, rel=SAME, abs=GRAM)
    assert own.total("shortage") == pytest.approx(weighted, rel=SAME, abs=GRAM)
    assert short(own, {}) == pytest.approx(tonnes, rel=1e-6, abs=GRAM)


@pytest.mark.parametrize("change", CHANGES)
def test_change_when_made_in_some_question_then_changes_something(change: str) -> None:
    some = [asked(name) for name in ("mexss", "diversified")]
    assert any(CHANGES[change](what) is not None for what in some)
