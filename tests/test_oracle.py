"""The second opinion, written from docs alone, and the product answer the same random questions alike.

A few seeds each time. ``ORACLE=500 python -m pytest tests/test_oracle.py`` asks five hundred.
"""

from __future__ import annotations

import os

import pytest

pytest.importorskip("pyscipopt", reason="the second opinion is solved by SCIP as well")

from oracle.run import ask

DEEP = os.environ.get("ORACLE", "")
SEEDS = range(1, 1 + int(DEEP or 24))


@pytest.mark.parametrize("seed", SEEDS)
def test_answers_of_a_random_question_when_read_from_docs_then_agree(seed, tmp_path):
    kind, line, rules = ask(seed, tmp_path / "case", quick=not DEEP)

    assert kind == "", f"{', '.join(rules)}: {line}"
