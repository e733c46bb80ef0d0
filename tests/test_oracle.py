"""The second opinion, written from docs alone, and the product answer the same questions alike.

A few random seeds each time; ``ORACLE=500 python -m pytest tests/test_oracle.py`` asks five hundred. Below them what
they once answered differently, by hand.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest
from builders import write_question, write_tables

pytest.importorskip("pyscipopt", reason="the second opinion is solved by SCIP as well")

from oracle import director
from oracle.agreement import LEFT_OUT, Record
from oracle.cases import draw, lengths, write
from oracle.run import ask, judge

from sourcing import optimize

if TYPE_CHECKING:
    from pathlib import Path

DEEP = os.environ.get("ORACLE", "")
SEEDS = range(1, 1 + int(DEEP or 24))
SITES = [
    {"site": "P", "kind": "plant", "country": "DEU"},
    {"site": "Q", "kind": "plant", "country": "DEU"},
    {"site": "S", "kind": "supplier", "country": "AUS"},
]
OFFERS = [
    {"offer": "a", "supplier": "A", "site": "S", "material": "ox", "destination": "P", "price": 100, "lead_days": 0},
    {"offer": "b", "supplier": "B", "site": "S", "material": "ox", "destination": "P", "price": 50, "lead_days": 120},
]


USE = range(1, 1 + int(DEEP or 6))
BINDS = (2, 6, 8, 11)
"""Cases in which a limit on use binds."""
DIRECTED = range(1, 1 + int(DEEP)) if DEEP else BINDS


@pytest.mark.parametrize("seed", USE)
def test_answers_of_a_random_question_with_limits_on_use_when_read_from_docs_then_agree(seed, tmp_path):
    record = ask(seed, tmp_path / "case", quick=not DEEP, use=True)

    assert record.word in {"", LEFT_OUT}, f"{', '.join(record.kinds)}: {record.line}"


CLOSED = ("closures", "processes", "licences", "open orders", "windows", "stocks")


@pytest.mark.parametrize("seed", range(1, 1 + int(DEEP or 3)))
def test_answers_of_a_random_question_with_closures_when_read_from_docs_then_agree(seed, tmp_path):
    record = ask(seed, tmp_path / "case", CLOSED, quick=not DEEP)

    assert record.word in {"", LEFT_OUT}, f"{', '.join(record.kinds)}: {record.line}"


@pytest.mark.parametrize("seed", range(1, 1 + int(DEEP)) if DEEP else (1, 15, 18, 53))
def test_answers_of_a_random_question_about_days_within_periods_when_read_from_docs_then_agree(seed, tmp_path):
    """In these four something is asked on days that bind; two count working days, and once looked at other days."""
    record = ask(seed, tmp_path / "case", ("within",), quick=not DEEP)

    assert record.word in {"", LEFT_OUT}, f"{', '.join(record.kinds)}: {record.line}"
    assert DEEP or "within binds" in record.kinds


@pytest.mark.parametrize("seed", range(1, 1 + int(DEEP)) if DEEP else (1, 5, 12, 27, 36, 93))
def test_answers_of_a_random_question_about_licences_that_follow_when_read_from_docs_then_agree(seed, tmp_path):
    """Ways of several waits, a wait that binds, what later use counts beside lots, and goods that nobody asks for."""
    record = ask(seed, tmp_path / "case", ("follows",), quick=not DEEP)

    assert record.word in {"", LEFT_OUT}, f"{', '.join(record.kinds)}: {record.line}"
    assert DEEP or seed == 36 or "follows binds" in record.kinds


@pytest.mark.parametrize("seed", range(101, 101 + int(DEEP)) if DEEP else (113, 116))
def test_answers_of_a_random_question_about_both_when_it_has_a_tail_then_agree(seed, tmp_path):
    record = ask(seed, tmp_path / "case", ("follows", "within"), quick=not DEEP, tail=1)

    assert record.word in {"", LEFT_OUT}, f"{', '.join(record.kinds)}: {record.line}"


@pytest.mark.parametrize("seed", DIRECTED)
def test_plan_in_which_a_limit_on_use_binds_when_seen_by_a_director_then_keeps_it(seed, tmp_path):
    found = director.ask(seed, tmp_path / "case")

    assert found is not None or seed not in BINDS
    assert found is None or found.wrong == []


@pytest.mark.parametrize("seed", SEEDS)
def test_answers_of_a_random_question_when_read_from_docs_then_agree(seed, tmp_path):
    record = ask(seed, tmp_path / "case", quick=not DEEP)

    assert record.word in {"", LEFT_OUT}, f"{', '.join(record.kinds)}: {record.line}"


@pytest.mark.parametrize("tail", [1, 3])
def test_answers_of_a_random_question_when_it_has_a_tail_then_agree(tail, tmp_path):
    for seed in range(1, 1 + int(DEEP or 6)):
        record = ask(seed, tmp_path / f"case-{seed}", quick=not DEEP, tail=tail)
        assert record.word in {"", LEFT_OUT}, f"{seed}: {', '.join(record.kinds)}: {record.line}"


@pytest.mark.parametrize("steps", [[["week", 2], ["month", 2], ["quarter", 1]], [["10 days", 3], ["year", 1]]])
def test_answers_of_a_random_question_when_its_periods_grow_longer_then_agree(steps, tmp_path):
    for seed in (3, 8, 13):
        made, _ = draw(seed)
        asked = write(made, tmp_path / f"case-{seed}")
        alike = lengths(made)
        text = asked.read_text("utf-8")
        assert alike in text
        asked.write_text(text.replace(alike, f"steps = {json.dumps(steps)}"), "utf-8")
        record = judge(asked, quick=True)
        assert record.word in {"", LEFT_OUT}, record.line


def questioned(tmp_path: Path, **tables: list[dict[str, Any]]) -> Record:
    """Ask everybody about 10 t of oxide due at P in January 2027."""
    due = [{"site": "P", "material": "ox", "period": "2027-01", "quantity": 10}]
    case = {"materials": [{"material": "ox", "stage": "oxide"}], "sites": SITES, "offers": OFFERS, "demand": due}
    write_tables(tmp_path / "tiny", case | tables)
    text = 'horizon = { start = "2027-01", periods = 4, length = "quarter" }\n'
    return judge(write_question(tmp_path, f"{text}objective = {{ shortage = 'least' }}\n# [horizon]\n"))


def asked(tmp_path: Path, **tables: list[dict[str, Any]]) -> dict[str, float]:
    """Return the product's objective if all agree."""
    record = questioned(tmp_path, **tables)
    assert record.word == "", record.line
    found: dict[str, float] = optimize(tmp_path / "ask.toml").manifest["objective"]
    return found


def test_stock_when_a_condition_brings_what_nobody_uses_then_may_lie_there(tmp_path):
    row = {"condition": "Q", "kind": "offer", "if": "a", "then": "b", "at_least": 7, "per": "horizon"}

    found = asked(tmp_path, conditions=[row])

    assert found == pytest.approx({"shortage": 0, "cost": 10 * 100 + 7 * 50})


def test_stock_when_a_number_of_sites_brings_what_nobody_uses_then_may_lie_there(tmp_path):
    offers = [{**OFFERS[0], "destination": ""}]
    lanes = [{"origin": "S", "destination": site, "mode": "sea", "freight": 0, "transit_days": 0} for site in "PQ"]
    due = [
        {"site": site, "material": "ox", "period": "2027-01", "quantity": tonnes}
        for site, tonnes in (("P", 10), ("Q", 1))
    ]
    limit = {"limit": "both", "measure": "destinations", "by": "supplier", "member": "A", "sense": "min", "value": 2}
    limits = [{**limit, "at_least": 4, "per": "horizon"}]

    found = asked(tmp_path, offers=offers, lanes=lanes, demand=due, limits=limits)

    assert found == pytest.approx({"shortage": 0, "cost": (10 + 4) * 100})


def test_tier_when_it_counts_money_and_the_price_is_nothing_then_is_never_reached(tmp_path):
    offers = [{**OFFERS[0], "price": 0}]
    tier = {"supplier": "A", "above": 100, "kind": "incremental", "counted_in": "value", "discount": 0.1}

    assert asked(tmp_path, offers=offers, tiers=[tier]) == pytest.approx({"shortage": 0, "cost": 0})


def test_split_when_nothing_is_due_in_a_year_then_holds_by_weights_alone(tmp_path):
    offers = [{**OFFERS[0], "destination": ""}]
    lanes = [{"origin": "S", "destination": site, "mode": "sea", "freight": 0, "transit_days": 0} for site in "PQ"]
    splits = [{"split": "Z", "site": site, "material": "ox", "within": 0.5, "weight": 1} for site in "PQ"]
    stocks = [{"site": site, "material": "ox", "closing": tonnes} for site, tonnes in (("P", 10), ("Q", 2))]
    later = [{"site": "P", "material": "ox", "period": "2028", "quantity": 10}]

    record = questioned(tmp_path, offers=offers, lanes=lanes, splits=splits, stocks=stocks, demand=later)

    assert record.word == "", record.line
    assert "answer infeasible" in record.kinds
