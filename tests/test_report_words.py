"""Checks, audits and explanations in words; numbers as a planner writes them."""

from __future__ import annotations

import doctest
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from sourcing.audit import Verdict
from sourcing.errors import Fault
from sourcing.report.explanation import explanation_as_json, render_explanation
from sourcing.report.figures import money, share, tonnes
from sourcing.report.findings import check_as_json, render_check, render_verdict, verdict_as_json

ROOT = Path(__file__).parents[1]
FAULT = Fault("offers.csv row 17, capacity", "-40 is below 0", "give 0 or more", "DATA-104")


def check(**changes: object) -> SimpleNamespace:
    return SimpleNamespace(**{"faults": [], "findings": [], "sizes": {"sites": 27}, **changes})


def test_check_without_faults_names_the_next_command() -> None:
    text = render_check(check(), "diversified", "sourcing optimize diversified", 100).plain
    assert text.splitlines() == ["diversified: no faults", "Rows: 27 sites", "Next: sourcing optimize diversified"]


def test_check_with_many_faults_shows_the_first_of_each_kind_and_counts_the_rest() -> None:
    few = render_check(check(faults=[FAULT] * 20), "diversified", "", 100).plain
    assert few.count(str(FAULT)) == 20
    unknown = Fault("ask.toml", "an order is late", "leave it out", "ELSE-1")
    text = render_check(check(faults=[unknown, *[FAULT] * 1023]), "diversified", "", 100).plain
    assert text.splitlines()[:2] == [
        "diversified cannot be used: 1,024 faults",
        "  1,023 × value outside its range (DATA-104)",
    ]
    assert text.count(str(FAULT)) == 3
    assert "    … 1,020 more of this kind\n  1 × ELSE-1\n" in text
    assert "Next:" not in text


def test_check_as_json_keeps_every_fault() -> None:
    shown = check_as_json(check(faults=[FAULT] * 23))["check"]
    assert not shown["usable"]
    assert len(shown["faults"]) == 23
    assert shown["faults"][0]["code"] == "DATA-104"


def test_verdict_that_agrees_says_what_was_checked() -> None:
    verdict = Verdict(checked={"balance": 1024, "offer": 0}, paid=5e6, today=4.5e6, minimised=4.5e6)
    text = render_verdict(verdict, Path("runs/a"), 100).plain
    assert "every balance, limit and invoice agrees: runs/a" in text
    assert "balance 1,024" in text
    assert "offer" not in text
    assert "USD 5.0 M as paid, USD 4.5 M at today's value\n" in f"{text}\n"


def test_verdict_that_objects_counts_all_and_lists_the_findings() -> None:
    verdict = Verdict(findings=["balance of SUMTER, 2027-Q1: 3 t missing"], found=7)
    text = render_verdict(verdict, Path("runs/a"), 100).plain
    assert "does not agree with its own tables: 7 findings" in text
    assert "3 t missing" in text
    assert verdict_as_json(verdict, Path("runs/a"))["audit"]["clean"] is False


def test_explanation_shows_words_then_tables() -> None:
    table = pd.DataFrame({"rule": ["one-country"] * 15, "price": [1234.5678] * 15, "words": ["as above"] * 15})
    explanation = SimpleNamespace(
        words=["One point more would save USD 0.9 M."], tables={"binding": table}, evidence={}
    )
    text = render_explanation(explanation, 80).plain
    assert text.startswith("One point more would save USD 0.9 M.\n\nBINDING\n")
    assert "1,235" in text
    assert "… 3 more rows with --json" in text
    assert "as above" not in text
    assert len(explanation_as_json(explanation)["explanation"]["tables"]["binding"]) == 15


SHOWING = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (ROOT / "sourcing").rglob("*.py")
    if ">>> " in path.read_text("utf-8")
)
"""Modules with an example in a docstring."""


@pytest.mark.parametrize("name", SHOWING)
def test_examples_in_docstrings_hold(name: str) -> None:
    result = doctest.testmod(import_module(name))
    assert result.attempted > 0
    assert result.failed == 0


@pytest.mark.parametrize(("value", "text"), [(9.96, "10 t"), (0.0949, "0.095 t"), (-3.0, "-3.0 t"), (1e-9, "1e-09 t")])
def test_tonnes_near_an_edge_keep_their_size(value: float, text: str) -> None:
    assert tonnes(value) == text


@pytest.mark.parametrize(("value", "text"), [(499_999, "USD 499,999"), (500_000, "USD 0.5 M"), (0, "USD 0")])
def test_money_near_an_edge_keeps_its_size(value: float, text: str) -> None:
    assert money(value) == text


def test_share_of_almost_everything_is_not_everything() -> None:
    assert share(0.9999) == ">99 %"
