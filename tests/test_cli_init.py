"""``sourcing init`` copies a question, what it extends, and its case, and overwrites nothing."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from sourcing import resources
from sourcing.cli import main

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Stand in for the bundled folders: a case, and a question that extends another."""
    (tmp_path / "models").mkdir()
    (tmp_path / "data" / "cases" / "smelter").mkdir(parents=True)
    (tmp_path / "data" / "cases" / "smelter" / "sites.csv").write_text("site\nA\n", "utf-8")
    (tmp_path / "models" / "base.toml").write_text('schema = 1\ncase = "smelter"   # ours\n', "utf-8")
    (tmp_path / "models" / "strict.toml").write_text('extends = "base.toml"\n', "utf-8")
    monkeypatch.setattr(resources, "folder", lambda name: tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_init_copies_the_question_and_its_tables(ready: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["init", "mine", "--question", "base"]) == 0
    assert "sourcing optimize mine/base.toml" in capsys.readouterr().out
    text = (ready / "mine" / "base.toml").read_text("utf-8")
    assert tomllib.loads(text)["case"] == "./smelter"
    assert "# ours" in text
    assert (ready / "mine" / "smelter" / "sites.csv").read_text("utf-8") == "site\nA\n"


def test_init_brings_what_the_question_extends(ready: Path) -> None:
    assert main(["init", "mine", "--question", "strict"]) == 0
    assert tomllib.loads((ready / "mine" / "base.toml").read_text("utf-8"))["case"] == "./smelter"


@pytest.mark.parametrize("taken", ["base.toml", "smelter"])
def test_init_overwrites_nothing(ready: Path, capsys: pytest.CaptureFixture, taken: str) -> None:
    (ready / "mine" / taken).mkdir(parents=True)
    assert main(["init", "mine", "--question", "base"]) == 2
    assert "nothing is overwritten" in capsys.readouterr().err
    assert [path.name for path in (ready / "mine").iterdir()] == [taken]


def test_init_with_a_name_that_is_nearly_right_suggests_it(ready: Path, capsys: pytest.CaptureFixture) -> None:
    assert main(["init", "mine", "--question", "strikt"]) == 2
    assert "did you mean strict?" in capsys.readouterr().err
    assert not (ready / "mine").exists()
