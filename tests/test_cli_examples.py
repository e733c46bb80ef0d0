"""Every command answers: of a case that fits on the screen, and as the example in its help text is printed."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest
from builders import tiny_case, write_question

from sourcing import run
from sourcing.cli import main
from sourcing.cli.app import app_command

if TYPE_CHECKING:
    from pathlib import Path

ORDER = [
    *(
        "docs",
        "init",
        "check",
        "optimize",
        "audit",
        "explain",
        "compare",
        "comply",
        "target",
        "frontier",
        "alternatives",
    ),
    *("tornado", "decide", "chart"),
]


def example(command: str) -> list[str]:
    """Return the words of a command's example, without ``sourcing``."""
    return shlex.split(app_command().commands[command].epilog.removeprefix("Example: "))[1:]


def test_every_command_is_tried() -> None:
    assert sorted(ORDER) == sorted(app_command().commands)


SMALL = {
    "docs": "docs tables",
    "init": "init mine",
    "check": "check ask.toml",
    "optimize": "optimize ask.toml --out again",
    "audit": "audit plan",
    "explain": "explain plan",
    "compare": "compare plan --rules",
    "comply": "comply plan --rule rule.toml",
    "target": "target ask.toml --limit far --from 90% --to 80%",
    "frontier": "frontier ask.toml --of cost --of lead-time --points 2",
    "alternatives": "alternatives plan --within 1% --plans 1",
    "tornado": "tornado plan --kind price",
    "decide": "decide plan",
    "chart": "chart plan mix",
}
"""A call of every command on a case that fits on the screen."""

RULE = """
schema = 1
title = "Half from elsewhere"
source = "this test"
as_of = "2026-11-24"
confidence = "estimate"
covers = []
[[requirements]]
name = "half"
says = "no more than all of the oxide from one country"
stages = ["oxide"]
by = "country"
member = "AUS"
sense = "max"
value = 1.0
limits = true
source = "nobody"
from = "2025-01-01"
"""


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder with the tiny case, a question whose limit binds, and its plan."""
    folder = tmp_path_factory.mktemp("small")
    tiny_case(folder, limits=[{"limit": "far", "by": "supplier", "member": "Far Co", "measure": "share", "value": 0.9}])
    run.optimize(write_question(folder), out=folder / "plan")
    (folder / "rule.toml").write_text(RULE, "utf-8")
    return folder


@pytest.mark.parametrize("command", ORDER)
def test_command_when_asked_of_a_small_case_then_answers(
    command: str, small: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(small)
    assert main(shlex.split(SMALL[command])) == 0, capsys.readouterr().err
    assert capsys.readouterr().out.strip()


@pytest.fixture(scope="module")
def planned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a folder in which the example of ``optimize`` has run: what others call the latest plan."""
    folder = tmp_path_factory.mktemp("planned")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert main(example("optimize")) == 0
    return folder


@pytest.mark.parametrize("command", ORDER)
def test_example_when_run_as_it_is_printed_then_answers(
    command: str, planned: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(planned)
    assert main(example(command)) == 0, capsys.readouterr().err
    assert capsys.readouterr().out.strip()


def test_copied_question_answers_like_the_ready_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    main(["init", "mine"])
    capsys.readouterr()
    costs = []
    for question in ("diversified", "mine/diversified.toml"):
        assert main(["optimize", question, "--json"]) == 0
        costs.append(json.loads(capsys.readouterr().out)["manifest"]["objective"]["cost"])
    assert costs[0] == pytest.approx(costs[1], rel=1e-6)
