"""What a variant of a case in memory pays for: only what its changes touch is looked at, derived and written again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from sourcing.engine import written
from sourcing.engine.builder import Builder
from sourcing.engine.formulation import formulate
from sourcing.errors import DataError, QuestionError
from sourcing.run import ask
from sourcing.tables import Case, read_case
from sourcing.tables.rules import rules
from tests.builders import tiny_case, write_question

if TYPE_CHECKING:
    from pathlib import Path

    import pandas as pd


@pytest.fixture
def question(tmp_path: Path) -> Path:
    tiny_case(tmp_path)
    return write_question(tmp_path)


@pytest.fixture
def case(question: Path) -> Case:
    """Return the tiny case, asked about once."""
    read = read_case(question.parent / "tiny")
    formulate(ask(question, read).network)
    return read


def dearer(case: Case, by: float = 2.0, column: str = "price") -> Case:
    offers = case["offers"]
    return case.with_frames({"offers": offers.assign(**{column: offers[column] * by})})


@pytest.fixture
def judged(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the names of the rules between tables that are judged from now on."""
    seen: list[str] = []

    def told(needs: frozenset[str], rule: object) -> tuple[frozenset[str], object]:
        def judge(tables: dict[str, pd.DataFrame]) -> object:
            seen.append(rule.__name__)  # type: ignore[attr-defined]
            return rule(tables)  # type: ignore[operator]

        return needs, judge

    every = [told(*each) for each in rules()]
    monkeypatch.setattr("sourcing.tables.checks.rules", lambda: every)
    return seen


def test_rules_of_tables_when_nothing_changed_then_are_not_judged_again(
    question: Path, case: Case, judged: list[str]
) -> None:
    ask(question, case)
    first = {*judged}
    judged.clear()
    ask(question, case)
    ask(question, dearer(case))
    assert {"contents", "recipes", "ramps"} & {*judged} == set()
    assert {"contents", "recipes", "ramps"} <= first


def test_fault_when_a_variant_was_sound_before_then_is_found_each_time(question: Path, case: Case) -> None:
    ask(question, dearer(case))
    for _ in range(2):
        with pytest.raises(DataError) as found:
            dearer(case, -1.0, "capacity")
        assert [fault.code for fault in found.value.faults] == ["DATA-104"] * 2
        with pytest.raises(QuestionError, match="-3 is below 0"):
            ask(
                write_question(
                    question.parent, '[[edits]]\ntable = "offers"\nwhere = {}\nset = { capacity = -3 }\n', "less"
                ),
                case,
            )


def test_routes_when_only_a_price_changes_then_are_those_of_before(question: Path, case: Case) -> None:
    before, after = ask(question, case).network, ask(question, dearer(case)).network
    assert after.routes is before.routes
    assert after.offer_capacity is before.offer_capacity
    assert after.case["offers"] is not before.case["offers"]


def test_capacity_when_it_changes_then_is_derived_anew(question: Path, case: Case) -> None:
    before, after = ask(question, case).network, ask(question, dearer(case, 0.5, "capacity")).network
    assert after.routes is before.routes
    assert np.array_equal(after.offer_capacity, before.offer_capacity / 2)


def writers(monkeypatch: pytest.MonkeyPatch, question: Path, case: Case) -> set[str]:
    """Return the families that write anew for a case."""
    found: set[str] = set()

    def posts(builder: Builder, account: str, *rest: object, true: object = Builder.post) -> None:
        found.add(builder.writer.split(".")[-2])
        true(builder, account, *rest)  # type: ignore[operator]

    with monkeypatch.context() as patched:
        patched.setattr(Builder, "post", posts)
        formulate(ask(question, case).network)
    return found


def test_families_when_a_price_changes_then_only_those_that_read_it_write(
    question: Path, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert writers(monkeypatch, question, case) == set()
    assert "purchase" in writers(monkeypatch, question, dearer(case))
    assert "stock" not in writers(monkeypatch, question, dearer(case, 3.0))


def test_families_when_they_write_much_then_are_not_kept(
    question: Path, case: Case, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written, "LARGE", -1)
    fresh = read_case(case.folder or "")
    formulate(ask(question, fresh).network)
    assert "purchase" in writers(monkeypatch, question, fresh)
