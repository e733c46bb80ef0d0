"""What changes no answer: costs of nothing, rows that cannot bind, units of input, the order of rows.

Of all ready questions with ``PROPERTIES=all``, else of one of each case.
"""

from __future__ import annotations

import csv
import os
import random
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from cases.chain import answer

if TYPE_CHECKING:
    from collections.abc import Callable

    Rows = list[dict[str, Any]]

MODELS = Path(__file__).parents[1] / "models"
SOME = ["antimony-half-shipped", "diversified"]
EVERY = sorted(path.stem for path in MODELS.glob("*.toml") if path.stem != "impossible")
READY = EVERY if os.environ.get("PROPERTIES") == "all" else SOME
SAME = 1e-9
FREE = {
    "an opening cost of 0": ("processes", "opening_cost"),
    "a fixed cost of 0": ("processes", "fixed_cost"),
    "a fixed cost of sites of 0": ("sites", "fixed_cost"),
}
NO_BOUND = {
    "a tonnage": 'measure = "tonnes"\nvalue = 1e9',
    "a share": 'measure = "share"\nby = "country"\nvalue = 1.0',
    "a spend": 'measure = "spend"\nvalue = 1e12',
}
"""Limits that no plan can reach."""


@cache
def objective(name: str) -> tuple[float, float]:
    """Return shortage and cost of a ready question as it stands."""
    return figures(MODELS / f"{name}.toml")


def figures(question: Path) -> tuple[float, float]:
    own = answer(question)
    assert own.solution.status == "optimal"
    return own.total("shortage"), own.total("cost")


def with_text(folder: Path, name: str, text: str) -> Path:
    """Write a question that adds to a ready one."""
    path = folder / "ask.toml"
    path.write_text(f'schema = 1\nextends = "{MODELS / name}.toml"\nquestion = "And now?"\n{text}\n', "utf-8")
    return path


def with_tables(folder: Path, name: str, change: Callable[[str, Rows], Rows]) -> Path:
    """Write a ready question's case anew, each table as ``change`` gives it, and return the question about it."""
    (folder / "case").mkdir()
    source = answer(MODELS / f"{name}.toml").setting.case.folder
    assert source is not None
    for path in source.glob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            rows = change(path.stem, list(csv.DictReader(file)))
        with (folder / "case" / path.name).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]) if rows else [])
            writer.writeheader()
            writer.writerows(rows)
    return with_text(folder, name, f'case = "{folder / "case"}"')


def agree(found: tuple[float, float], name: str) -> None:
    short, cost = objective(name)
    assert found[0] == pytest.approx(short, rel=SAME, abs=1e-6)
    assert found[1] == pytest.approx(cost, rel=1e-8)


@pytest.mark.parametrize("name", READY)
@pytest.mark.parametrize("what", FREE)
def test_answer_when_something_costs_nothing_then_is_the_same(tmp_path: Path, name: str, what: str) -> None:
    table, column = FREE[what]
    edit = f'[[edits]]\ntable = "{table}"\nwhere = {{}}\nset = {{ {column} = 0 }}'
    agree(figures(with_text(tmp_path, name, edit)), name)


@pytest.mark.parametrize("name", READY)
@pytest.mark.parametrize("what", NO_BOUND)
def test_answer_when_a_limit_cannot_bind_then_is_the_same(tmp_path: Path, name: str, what: str) -> None:
    limit = f'[[limits]]\nlimit = "no-bound"\nper = "horizon"\n{NO_BOUND[what]}'
    agree(figures(with_text(tmp_path, name, limit)), name)


@pytest.mark.parametrize("name", READY)
def test_answer_when_demand_is_in_kilograms_then_is_the_same(tmp_path: Path, name: str) -> None:
    def in_kilograms(table: str, rows: Rows) -> Rows:
        if table != "demand":
            return rows
        heavy = [{**row, "quantity [kg]": repr(float(row["quantity"]) * 1000)} for row in rows]
        return [{column: value for column, value in row.items() if column != "quantity"} for row in heavy]

    agree(figures(with_tables(tmp_path, name, in_kilograms)), name)


@pytest.mark.parametrize("name", READY)
def test_answer_when_rows_are_in_another_order_then_is_the_same(tmp_path: Path, name: str) -> None:
    draw = random.Random(7)
    agree(figures(with_tables(tmp_path, name, lambda _, rows: draw.sample(rows, len(rows)))), name)


@pytest.mark.parametrize("name", ["mexss", "rylon", "food1", "net3", "whouse"])
def test_known_answer_when_a_site_costs_nothing_to_keep_then_is_the_same(tmp_path: Path, name: str) -> None:
    known = Path(__file__).parent / "known" / name / "question.toml"
    edit = '[[edits]]\ntable = "sites"\nwhere = {}\nset = { fixed_cost = 0 }'
    path = tmp_path / "ask.toml"
    path.write_text(f'schema = 1\nextends = "{known}"\nquestion = "And now?"\n{edit}\n', "utf-8")
    assert figures(path) == pytest.approx(figures(known), rel=1e-8, abs=1e-6)
