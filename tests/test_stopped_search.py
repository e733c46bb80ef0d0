"""A search that somebody ends: what it found is settled, and nothing is said of it that was not looked into."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from sourcing.answer.solved_again import solver_of
from sourcing.engine.highs import Highs, SolverOptions
from sourcing.report.reasons import binds

if TYPE_CHECKING:
    from sourcing.plan import Plan


def long_search(options: SolverOptions) -> Highs:
    """Load a split of 40 things into halves by five weights, which takes minutes to find, and longer to prove."""
    weights = np.random.default_rng(1).integers(1, 100, (5, 40)).astype(float)
    split = np.hstack([weights, np.eye(5), -np.eye(5)])
    half = np.floor(weights.sum(axis=1) / 2)
    whole = np.arange(50) < 40
    highs = Highs(options)
    highs.load(sparse.csr_array(split), (np.zeros(50), np.where(whole, 1.0, 1e3)), (half, half), whole)
    highs.set_costs(np.where(whole, 0.0, 1.0))
    return highs


def test_search_when_it_was_ended_on_the_way_then_later_solves_are_not_ended_too() -> None:
    asked = itertools.chain([False], itertools.repeat(True))
    highs = long_search(SolverOptions(stop=lambda: next(asked)))
    assert highs.run().status == "stopped"
    highs.allow(10.0)
    highs.settle_whole()
    assert highs.run().status == "optimal"


def a_plan(status: str, gap: float | None, asked: float | None = None) -> Plan:
    """Return what of a plan is read here."""
    table = pd.DataFrame(columns=["rule", "key", "subject", "period", "node", "price", "together", "words"])
    question = SimpleNamespace(solver=SimpleNamespace(gap=None))
    manifest = {"status": status, "gap": gap, "options": {"gap": asked}}
    return cast("Plan", SimpleNamespace(tables={"binding": table}, manifest=manifest, question=question))


def test_binds_when_nothing_does_then_it_is_said() -> None:
    assert binds(a_plan("optimal", 0.0), 100)[0].plain.split(maxsplit=1)[1] == "nothing: no rule holds the cost up"


def test_binds_when_the_search_was_stopped_then_nothing_is_claimed() -> None:
    said = binds(a_plan("stopped", 0.02), 100)[0].plain
    assert said.split(maxsplit=1)[1] == "not known: the search was stopped before it was found what holds the cost up"


@pytest.mark.parametrize(
    ("status", "gap", "asked", "searched"),
    [
        ("optimal", 0.0, None, 0.0),
        ("optimal", 0.00009, None, 0.00009),
        ("optimal", 0.00009, 0.0, 0.0),
        ("optimal", 0.0006, 0.001, 0.001),
        ("stopped", 0.02, None, 0.02),
        ("stopped", 0.02, 0.001, 0.02),
        ("stopped", None, 0.001, 0.001),
    ],
)
def test_studies_when_the_plan_was_stopped_then_they_prove_no_more_than_it_does(
    status: str, gap: float | None, asked: float | None, searched: float
) -> None:
    assert solver_of(a_plan(status, gap, asked)).gap == searched
