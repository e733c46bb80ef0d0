"""A comparison that cannot fail proves nothing: one family left out, or one coefficient wrong, and the twin objects."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from cases.chain import Answer, answer
from cases.random_cases import seeded_cases, write_case
from test_twin import differences
from twin import TwinResult, solve_twin

from sourcing import families
from sourcing.engine.builder import Builder

if TYPE_CHECKING:
    from sourcing.protocol import Block, Bounds, Index

CASES, WHOLE, AWARDED = 24, 9, 5
WITH_ALGEBRA = sorted(module.__name__.split(".")[-2] for module in families.algebras())
ACCOUNTS = [
    "activity",
    "balance",
    "cost.conversion",
    "cost.duty",
    "cost.freight",
    "cost.holding",
    "cost.purchase",
    "entry",
    "lane",
]
ROWS = ["offer", "process", "line", "lane", "safety", "cover", "closing", "maximum", "tonnes", "spend", "use_apart"]


@dataclass(frozen=True)
class Solved:
    own: Answer
    twin: TwinResult

    def again(self) -> Answer:
        """Return the same question, to be built anew: nothing is taken from what families wrote before."""
        self.own.setting.case.memory.clear()
        return Answer(self.own.setting)


@pytest.fixture(scope="module")
def solved(tmp_path_factory: pytest.TempPathFactory) -> list[Solved]:
    found = []
    cases = [*seeded_cases(CASES, seed=4), *seeded_cases(WHOLE, seed=10, whole=True)]
    cases += [*seeded_cases(AWARDED, seed=17, awarded=True), *seeded_cases(3, seed=5, mixed=True)]
    cases += [*seeded_cases(2, seed=6, covered=True), *seeded_cases(4, seed=71, apart=True)]
    for number, case in enumerate(cases):
        folder = tmp_path_factory.mktemp(f"case{number}")
        question = write_case(folder, case)
        found.append(Solved(answer(question), solve_twin(folder, question)))
    assert all(differences(each.twin, each.own) == [] for each in found)
    return found


def objects(solved: list[Solved]) -> bool:
    """Return whether the twin finds a difference on any of the cases."""
    for each in solved:
        try:
            found = differences(each.twin, each.again())
        except KeyError:  # what later families post to or read from is not there
            return True
        if found:
            return True
    return False


@pytest.mark.parametrize("name", WITH_ALGEBRA)
def test_family_when_left_out_of_the_list_then_the_twin_objects(
    monkeypatch: pytest.MonkeyPatch, solved: list[Solved], name: str
) -> None:
    left = {each: path for each, path in families.packages().items() if each != name}
    monkeypatch.setattr(families, "packages", lambda: left)
    assert objects(solved)


@pytest.mark.parametrize("account", ACCOUNTS)
def test_posting_when_one_coefficient_is_wrong_then_the_twin_objects(
    monkeypatch: pytest.MonkeyPatch, solved: list[Solved], account: str
) -> None:
    post = Builder.post

    def wrong(self: Builder, name: str, at: tuple, column: object, value: object) -> None:  # type: ignore[type-arg]
        if name == account:  # what comes in, not what goes out: a whole row may be scaled without harm
            value = np.where(np.asarray(value) > 0, np.asarray(value) * 1.02, value)
        post(self, name, at, column, value)  # type: ignore[arg-type]

    monkeypatch.setattr(Builder, "post", wrong)
    assert objects(solved)


@pytest.mark.parametrize("rule", ROWS)
def test_row_when_its_right_hand_side_is_wrong_then_the_twin_objects(
    monkeypatch: pytest.MonkeyPatch, solved: list[Solved], rule: str
) -> None:
    rows = Builder.rows

    def wrong(self: Builder, name: str, index: Index, bounds: Bounds, relief: str = "") -> Block:
        if name == rule:
            bounds = type(bounds)(bounds.lower * 1.02, bounds.upper * 1.02)
        return rows(self, name, index, bounds, relief)

    monkeypatch.setattr(Builder, "rows", wrong)
    assert objects(solved)


def test_limits_when_a_member_is_counted_wrongly_then_the_twin_objects(
    monkeypatch: pytest.MonkeyPatch, solved: list[Solved]
) -> None:
    from sourcing.network import limits

    right = limits.members_of

    def too_little(*asked: Any) -> tuple[list[str], Any]:
        names, parts = right(*asked)
        return names, parts * 0.97

    monkeypatch.setattr(limits, "members_of", too_little)
    assert objects(solved)


def test_lots_when_a_part_of_them_is_counted_wrongly_then_the_twin_objects(
    monkeypatch: pytest.MonkeyPatch, solved: list[Solved]
) -> None:
    from sourcing.network import used

    right = used._members

    def too_little(*asked: Any, **each: Any) -> tuple[list[str], Any]:
        names, parts = right(*asked, **each)
        return names, parts * 0.9

    monkeypatch.setattr(used, "_members", too_little)
    assert objects(solved)


def test_lots_when_a_process_makes_all_its_own_then_the_twin_objects(
    monkeypatch: pytest.MonkeyPatch, solved: list[Solved]
) -> None:
    from sourcing.network.custody import _Chain

    monkeypatch.setattr(_Chain, "_mixed", lambda chain, at, _process, _taken, made: chain.own[at][made])
    assert objects(solved)


def test_lots_when_what_nobody_tells_is_somebodys_then_the_twin_objects(
    monkeypatch: pytest.MonkeyPatch, solved: list[Solved]
) -> None:
    from sourcing.network import views

    right = views.sources_of

    def told(*asked: Any) -> Any:
        sources = right(*asked)
        return sources.assign(offer=sources["offer"].where(sources["offer"] != "", "somebody"))

    monkeypatch.setattr(views, "sources_of", told)
    monkeypatch.setattr("sourcing.network.custody.sources_of", told)
    assert objects(solved)
