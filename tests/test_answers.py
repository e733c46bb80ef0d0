"""What the pages of docs/ say of the ready questions is what fresh runs say."""

from __future__ import annotations

import re
import shutil
from functools import cache
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING

import pandas as pd
import pytest

from sourcing import run
from sourcing.errors import InfeasiblePlan
from sourcing.question.chain import read_chain
from sourcing.report.console import render_plan

if TYPE_CHECKING:
    from sourcing.plan import Plan

ROOT = Path(__file__).parents[1]
CASE = ROOT / "data" / "cases" / "magnet-maker"
QUESTIONS = sorted(path.stem for path in (ROOT / "models").glob("*.toml"))
ANSWERED = [name for name in QUESTIONS if name != "impossible"]
SHORT = {"Dy oxide": "dy_oxide", "Tb oxide": "tb_oxide", "NdPr metal": "ndpr_metal", "blocks": "ndfeb_block"}


@cache
def plan(name: str) -> Plan:
    return run.optimize(name)


def rows_of_the_page() -> dict[str, dict[str, str]]:
    """Return the table of docs/answers.md: question name, then column title: cell."""
    lines = [line for line in (ROOT / "docs" / "answers.md").read_text("utf-8").splitlines() if line.startswith("| ")]
    head, *body = ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)
    found = {}
    for cells in body:
        command = re.fullmatch(r"`sourcing optimize ?(.*)`", cells[1])
        if command:
            found[command[1] or "diversified"] = dict(zip(head, cells, strict=True))
    return found


def test_page_of_answers_names_every_ready_question() -> None:
    assert sorted(rows_of_the_page()) == QUESTIONS


@pytest.mark.parametrize("name", ANSWERED)
def test_ready_question_when_asked_then_says_what_the_page_says(name: str) -> None:
    row, answer = rows_of_the_page()[name], plan(name)
    cost, cheapest = (plan(each).manifest["objective"]["cost"] for each in (name, "cheapest"))
    assert float(row["cost, USD M"]) == pytest.approx(cost / 1e6, abs=0.051)
    assert float(row["more, %"]) == pytest.approx(100 * (cost / cheapest - 1), abs=0.051)
    short = answer.tables["shortage"].groupby("material")["short"].sum()
    for title, material in SHORT.items():
        assert float(row[f"short {title}, t"]) == pytest.approx(short.get(material, 0.0), abs=0.051), title


@pytest.mark.parametrize("name", ANSWERED)
def test_ready_question_when_answered_then_proven_and_audited(name: str) -> None:
    manifest = plan(name).manifest
    assert manifest["status"] == "optimal"
    assert manifest["gap"] <= 1e-9
    assert manifest["audit"]["clean"]
    assert plan(name).manifest["audit"]["checked"]["balance"] == len(plan(name).tables["stock"])


@pytest.fixture(scope="module")
def renamed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Return the ready questions copied to names drawn at random, in a folder with their case under such a name."""
    folder = tmp_path_factory.mktemp("names")
    case, *names = (token_hex(4) for _ in [CASE, *QUESTIONS])
    shutil.copytree(CASE, folder / case)
    files = {name: folder / f"{new}.toml" for name, new in zip(QUESTIONS, names, strict=True)}
    for name, file in files.items():
        text = (ROOT / "models" / f"{name}.toml").read_text("utf-8").replace(f'"{CASE.name}"', f'"{case}"')
        for other, its in files.items():
            text = text.replace(f'"{other}.toml"', f'"{its.name}"')
        file.write_text(text, encoding="utf-8")
    return files


@pytest.mark.parametrize("name", QUESTIONS)
def test_ready_question_when_it_and_its_case_have_other_names_then_answer_is_the_same(
    name: str, renamed: dict[str, Path]
) -> None:
    assert [layer.path.parent for layer in read_chain(renamed[name])] == [renamed[name].parent] * len(
        read_chain(ROOT / "models" / f"{name}.toml")
    )
    if name not in ANSWERED:
        assert refusal(renamed[name]) == refusal(name)
        return
    answer, other = plan(name), run.optimize(renamed[name])
    assert answer.manifest["objective"] == other.manifest["objective"]
    for table, frame in answer.tables.items():
        pd.testing.assert_frame_equal(frame, other.tables[table], check_exact=True)


def refusal(question: str | Path) -> list[str]:
    with pytest.raises(InfeasiblePlan) as caught:
        run.optimize(question)
    return list(caught.value.explanation.words)


def test_impossible_question_when_asked_then_explained_with_rules_and_rows() -> None:
    with pytest.raises(InfeasiblePlan) as refusal:
        run.optimize("impossible")
    words = "\n".join(refusal.value.explanation.words)
    assert "Short: 95.2 t of NdPr metal at Bremen, 2027-Q2 to 2028-Q4." in words
    assert re.search(r"China Rare Earth Group Dy oxide \(CRE-DY\).*offers\.csv row \d+\)", words)


def test_plans_of_the_page_use_at_least_25_real_sites() -> None:
    used = set()
    for name in ANSWERED:
        used |= set(plan(name).tables["purchases"]["site"]) | set(plan(name).tables["conversions"]["site"])
    assert len(used - {"EU-PLANT", "US-PLANT", "RTM-SPOT"}) >= 25


def test_diversified_plan_when_limits_hold_then_no_country_is_above_them() -> None:
    shares = plan("diversified").tables["shares"]
    held = shares[(shares["stage"] == "oxide") & (shares["lens"] == "country") & (shares["counted"] == "element")]
    later = held[held["year"] >= 2029].groupby("what")["share"].max()
    assert later["NdPr"] <= 0.35 + 1e-9
    assert later[["Dy", "Tb"]].max() <= 0.5 + 1e-9


def test_screen_in_the_readme_when_compared_then_fresh() -> None:
    text = (ROOT / "README.md").read_text("utf-8")
    shown = re.search(r"<!-- screen -->\n+```text\n(.*?)```", text, re.DOTALL)
    assert shown, "README.md has no screen"
    assert _timeless(shown[1]) == _timeless(render_plan(plan("diversified"), 100).plain)


def _timeless(screen: str) -> list[str]:
    lines = [re.sub(r"\s+\d+\.\d s$", "", line.rstrip()) for line in screen.strip().splitlines()]
    return [line for line in lines if not line.startswith("Plan in ") and line]
