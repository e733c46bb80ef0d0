"""Published answers, asked for as a planner would, by one command; docs/known-answers.md says what comes out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from functools import cache
from io import StringIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from taken import TAKEN

from sourcing.cli import main
from sourcing.run import audit_plan

if TYPE_CHECKING:
    from collections.abc import Callable

    Answer = tuple[dict[str, Any], Path]

KNOWN = Path(__file__).parent / "known"
PAGE = Path(__file__).parents[1] / "docs" / "known-answers.md"
NAMES = sorted(path.parent.name for path in KNOWN.glob("*/question.toml"))


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Answer]:
    """Return what gives the JSON of ``sourcing optimize --json`` and the plan's folder of a known case, run once."""

    @TAKEN.kept
    def optimize(name: str) -> Answer:
        folder, out, err = tmp_path_factory.mktemp(name), StringIO(), StringIO()
        with redirect_stdout(out), redirect_stderr(err):
            assert main(command(name, folder)) == 0, err.getvalue()
        return json.loads(out.getvalue()), folder / name

    return optimize


def command(name: str, folder: Path) -> list[str]:
    return ["optimize", str(KNOWN / name / "question.toml"), "--out", str(folder / name), "--json"]


def test_command_when_it_is_a_process_of_its_own_then_says_the_same(
    answer: Callable[[str], Answer], tmp_path: Path
) -> None:
    words = [sys.executable, "-W", "error", "-c", "from sourcing.cli import main; main()", *command("transp", tmp_path)]
    done = subprocess.run(words, check=False, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    (here, folder), alone = answer("transp"), json.loads(done.stdout)
    assert alone["manifest"]["objective"] == here["manifest"]["objective"]
    for table in ("shipments.csv", "binding.csv", "cost.csv"):
        assert (tmp_path / "transp" / table).read_bytes() == (folder / table).read_bytes()


@cache
def page() -> dict[str, dict[str, str]]:
    """Return the table of the page: folder under tests/known, then column title: cell."""
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    head, *body = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    return {re.findall(r"`(.+?)`", cells[0])[0]: dict(zip(head, cells, strict=True)) for cells in body}


def ours(answer: Answer, what: str) -> float:
    """Return the figure of the page's column "ours": the plan's cost, its profit, or its concentration.

    Profit is the revenue of the whole market, sold at the price of a tonne short, less the cost.
    """
    said, folder = answer
    if what == "HHI":
        hhi = pd.read_csv(folder / "hhi.csv", keep_default_na=False)
        return float(hhi.loc[(hhi["lens"] == "country") & (hhi["counted"] == "material"), "hhi"].iloc[0])
    cost = float(said["manifest"]["objective"]["cost"])
    demand = pd.read_csv(folder / "inputs" / "demand.csv")
    kind, unit = what.split(", ")
    figure = cost
    if kind == "profit":
        figure = float((demand["quantity"] * demand["shortage_cost"].fillna(0.0)).sum()) - cost
    return figure / {"USD": 1.0, "USD M": 1e6, "USD/t": float(demand["quantity"].sum())}[unit]


def decimals(number: str) -> int:
    return len(number.partition(".")[2])


def test_page_when_compared_with_the_folders_then_names_each_once() -> None:
    assert sorted(page()) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_optimum_when_published_then_is_found(answer: Callable[[str], Answer], name: str) -> None:
    row = page()[name]
    found = ours(answer(name), row["what"])
    assert f"{found:,.{decimals(row['published'])}f}" == row["published"]
    assert f"{found:,.{decimals(row['ours'])}f}" == row["ours"]
    assert f"**{row['published']}" in (KNOWN / name / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_plan_when_published_then_is_proven_and_audited(answer: Callable[[str], Answer], name: str) -> None:
    said, folder = answer(name)
    assert said["manifest"]["status"] == "optimal"
    assert said["manifest"]["gap"] <= 1e-9
    assert said["manifest"]["audit"]["clean"]
    assert audit_plan(folder).is_clean


@pytest.mark.parametrize("name", [name for name, row in page().items() if row["rules that bind"]])
def test_rules_when_the_page_says_they_bind_then_hold_the_plan_back(answer: Callable[[str], Answer], name: str) -> None:
    binding = pd.read_csv(answer(name)[1] / "binding.csv")
    assert set(page()[name]["rules that bind"].split(", ")) <= set(binding["rule"])
