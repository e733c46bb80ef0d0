"""Algebra and checkers say the same of any plan: equal residuals and charges at random points of unsolved models."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from cases.chain import answer
from cases.random_cases import random_cases, seeded_cases, write_case
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from sourcing import families
from sourcing.testing.points import (
    DEFINITIONS,
    disagreements,
    random_point,
    replay_of,
    rows_of_algebra,
    rows_of_checks,
)

if TYPE_CHECKING:
    from cases.chain import Answer
    from twin.invent.plot import Drawn

    from sourcing.engine.formulation import Formulation

MODELS = Path(__file__).parent.parent / "models"
CASES = 35  # in each of two batches
NEVER_ROWS = DEFINITIONS | {"use", "short", "dispose"}


def compare(case: Drawn, point: int) -> set[str]:
    """Compare both at two random points of a case; return the rules that its model has rows of."""
    with tempfile.TemporaryDirectory() as name:
        own = answer(write_case(Path(name), case))
    for each in (point, point + 1):
        assert disagreements(own.facts, own.formulation, each) == []
    return {rule for rule, block in own.formulation.rows.items() if len(block)}


@pytest.mark.parametrize("batch", [1, 2])
def test_random_points_of_seeded_cases_when_seen_by_both_then_every_row_and_charge_is_the_same(batch: int) -> None:
    cases = [*seeded_cases(CASES, seed=10 + batch), *seeded_cases(CASES // 4, seed=20 + batch, whole=True)]
    cases += seeded_cases(CASES // 4, seed=30 + batch, awarded=True)
    cases += [*seeded_cases(4, seed=40 + batch, mixed=True), *seeded_cases(4, seed=50 + batch, covered=True)]
    cases += seeded_cases(4, seed=60 + batch, apart=True)
    met = [compare(case, point=2 * number) for number, case in enumerate(cases)]
    assert set.union(*met) == {rule.name for card in families.cards().values() for rule in card.rules}


@seed(2027)
@settings(
    max_examples=25,
    deadline=None,
    database=None,
    phases=[Phase.generate],  # add Phase.shrink to have a failing case made small: that takes minutes
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.large_base_example],
)
@given(case=random_cases(), point=st.integers(0, 2**31))
def test_random_points_of_drawn_cases_when_seen_by_both_then_every_row_and_charge_is_the_same(
    case: Drawn, point: int
) -> None:
    compare(case, point)


@pytest.mark.parametrize("name", ["diversified", "recycled-15"])
def test_ready_question_when_seen_by_both_then_every_row_and_charge_is_the_same(name: str) -> None:
    own = answer(MODELS / f"{name}.toml")
    assert disagreements(own.facts, own.formulation, 1) == []


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> list[Answer]:
    folder = tmp_path_factory.mktemp("answers")
    drawn = [
        *seeded_cases(12, seed=99),
        *seeded_cases(4, seed=122, whole=True),
        *seeded_cases(1, seed=124, whole=True),
        *seeded_cases(4, seed=17, awarded=True),
        *seeded_cases(2, seed=5, mixed=True),
        *seeded_cases(1, seed=2, mixed=True),
        *seeded_cases(2, seed=6, covered=True),
        *seeded_cases(4, seed=71, apart=True),
    ]
    cases = [answer(write_case(folder / str(i), case)) for i, case in enumerate(drawn)]
    assert all(disagreements(own.facts, own.formulation, 0) == [] for own in cases)
    return cases


def test_rows_of_the_checks_when_told_then_each_says_where_it_is_in_words(answers: list[Answer]) -> None:
    for own in answers:
        plan = replay_of(own.formulation, random_point(own.formulation, 1))
        rows = rows_of_checks(own.facts, plan)
        assert [name for name, row in rows.items() if not (isinstance(row.place, str) and row.place)] == []


def entries(own: Answer, rule: str) -> int:
    """Return how many coefficients the rows of a rule have."""
    block = own.formulation.rows.get(rule)
    return 0 if block is None else int(own.formulation.matrix[block.ids].nnz)


def noticed(own: Answer, wrong: Formulation) -> list[str]:
    """Return what differs at a random point, or at a second one: at the first a row's only column may be 0."""
    return disagreements(own.facts, wrong, 1) or disagreements(own.facts, wrong, 2)


RULES = sorted({rule.name for card in families.cards().values() for rule in card.rules} - DEFINITIONS)
HEADS = sorted(
    {f"cost.{head}" for card in families.cards().values() for head, _ in card.heads if head != "shortage"}
    | {f"weight.{head}" for card in families.cards().values() for head, _ in card.weights}
)


@pytest.mark.parametrize("rule", RULES)
def test_algebra_when_a_coefficient_of_a_rule_is_wrong_then_the_checker_says_so(
    answers: list[Answer], rule: str
) -> None:
    own = next(own for own in answers if entries(own, rule))
    form = own.formulation
    rows = form.rows[rule].ids
    matrix = form.matrix.copy()
    matrix.data[matrix.indptr[rows[0]] : matrix.indptr[rows[-1] + 1]] *= 1.001
    found = noticed(own, replace(form, matrix=matrix))
    assert found
    assert all(text.startswith(f"('{rule}'") for text in found)


@pytest.mark.parametrize("rule", RULES)
def test_algebra_when_a_right_hand_side_of_a_rule_is_wrong_then_the_checker_says_so(
    answers: list[Answer], rule: str
) -> None:
    own = next(own for own in answers if len(own.formulation.rows.get(rule, ())))
    form = own.formulation
    lower, upper = form.row_lower.copy(), form.row_upper.copy()
    first = form.rows[rule].ids[0]
    amount = 1e-3 * (1.0 + np.nan_to_num(np.minimum(abs(lower[first]), abs(upper[first]))))
    lower[first] += amount
    upper[first] += amount
    assert len(disagreements(own.facts, replace(form, row_lower=lower, row_upper=upper), 1)) == 1


@pytest.mark.parametrize("rule", RULES)
def test_algebra_when_a_rule_is_missing_then_the_checker_says_so(answers: list[Answer], rule: str) -> None:
    own = next(own for own in answers if entries(own, rule))
    rows = {name: block for name, block in own.formulation.rows.items() if name != rule}
    found = noticed(own, replace(own.formulation, rows=rows))
    assert any(text.startswith(f"('{rule}'") and "no such row" in text for text in found)


@pytest.mark.parametrize("head", HEADS)
def test_algebra_when_a_head_is_charged_wrongly_then_the_checker_says_so(answers: list[Answer], head: str) -> None:
    name, head = head, head.partition(".")[2]
    charging = (own for own in answers if name in own.formulation.accounts)
    own = next(own for own in charging if own.formulation.accounts[name].value.any())
    account = own.formulation.accounts[name]
    accounts = own.formulation.accounts | {name: replace(account, value=account.value * 1.001)}
    found = noticed(own, replace(own.formulation, accounts=accounts))
    assert found
    assert all(text.startswith(f"('{head}'") for text in found)


def test_columns_when_declared_then_may_all_be_0(answers: list[Answer]) -> None:
    for own in answers:
        forced = own.formulation.column_lower != 0
        assert np.array(own.formulation.column_names())[forced].tolist() == []


def test_random_points_when_drawn_then_break_rules_of_every_kind(answers: list[Answer]) -> None:
    points = ((own.formulation, point, part) for own in answers for point in range(1, 9) for part in (0.2, 0.8))
    broken = {
        rule
        for form, point, part in points
        for (rule, _), said in rows_of_algebra(form, random_point(form, point, part)).items()
        if said.residual < -1e-6
    }
    assert broken >= set(RULES) - NEVER_ROWS
