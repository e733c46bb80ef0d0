"""Studies are found by their folders: their commands, and what is read back and drawn of them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest

from sourcing import studies
from sourcing.cli import main
from sourcing.cli.app import commands

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

COMMANDS = [
    *("optimize", "check", "audit", "explain", "comply", "target", "frontier"),
    *("alternatives", "tornado", "decide", "compare", "chart", "init", "docs"),
]
STUDY = '''"""``sourcing count``: how many words a question has."""

from __future__ import annotations

import typer

EXAMPLE = "sourcing count diversified"
PLACE = 65


def count(words: list[str]) -> None:
    """Count words."""
    typer.echo(len(words))
'''


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Put a study of a stranger beside ours, and one that has no command."""
    for name, files in {"count": {"__init__": "", "command": STUDY}, "dumb": {"__init__": ""}}.items():
        (tmp_path / name).mkdir()
        for file, text in files.items():
            (tmp_path / name / f"{file}.py").write_text(text, "utf-8")
    monkeypatch.setattr(studies, "__path__", [*studies.__path__, str(tmp_path)])
    yield
    for name in [name for name in sys.modules if name.startswith(("sourcing.studies.count", "sourcing.studies.dumb"))]:
        del sys.modules[name]
        vars(studies).pop(name.split(".")[2], None)


def test_commands_when_listed_then_stand_in_their_order() -> None:
    assert [command.__name__ for command, _ in commands()] == COMMANDS
    ours = ["alternatives", "compare", "decide", "explain", "frontier", "target", "tornado"]
    assert sorted(studies.having("command")) == ours
    assert sorted(studies.having("stored")) == ["frontier", "target"]


@pytest.mark.usefixtures("planted")
def test_study_when_its_folder_is_there_then_its_command_is_at_its_place(capsys: pytest.CaptureFixture) -> None:
    names = [command.__name__ for command, _ in commands()]
    assert names == [*COMMANDS[:6], "count", *COMMANDS[6:]]
    assert main(["count", "one", "two"]) == 0
    assert capsys.readouterr().out == "2\n"
    assert main(["count", "--help"]) == 0
    assert "Example: sourcing count diversified" in capsys.readouterr().out
