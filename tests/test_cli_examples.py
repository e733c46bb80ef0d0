"""The example in each help text runs as it is printed, in one folder and in this order."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING

import pytest

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
    *("tornado", "chart"),
]


def example(command: str) -> list[str]:
    """Return the words of a command's example, without ``sourcing``."""
    return shlex.split(app_command().commands[command].epilog.removeprefix("Example: "))[1:]


def test_every_command_is_tried() -> None:
    assert sorted(ORDER) == sorted(app_command().commands)


def test_examples_run_one_after_the_other(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.chdir(tmp_path)
    for command in ORDER:
        assert main(example(command)) == 0, capsys.readouterr().err
        assert capsys.readouterr().out.strip(), command


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
