"""The tutorial is true: its tables are written, its commands run, and the page has what the screen says."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.cli import main

if TYPE_CHECKING:
    import pytest

DOCS = Path(__file__).parents[1] / "docs"
PAGE = DOCS / "tutorial.md"
BLOCK = re.compile(r"^```(csv|toml|console) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECONDS = re.compile(r" +\d+\.\d s$", re.MULTILINE)


def said(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return the screen of a command, as it is typed, without seconds."""
    assert main(command.split()[1:]) == 0
    shown = SECONDS.sub("", capsys.readouterr().out)
    return re.sub(r"[ \t]+$", "", shown, flags=re.MULTILINE).strip() + "\n"


def test_tutorial_when_every_command_is_run_then_the_page_has_what_it_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    page = PAGE.read_text("utf-8")

    def run(block: re.Match[str]) -> str:
        kind, name, text = block.groups()
        if kind != "console":
            Path(name).parent.mkdir(exist_ok=True)
            Path(name).write_text(text, "utf-8")
            return block.group(0)
        command = text.splitlines()[0].removeprefix("$ ")
        return f"```console\n$ {command}\n\n{said(command, capsys)}```"

    written = BLOCK.sub(run, page)
    if os.environ.get("WRITE_TUTORIAL"):  # read what changed, then commit it with the reason
        PAGE.write_text(written, "utf-8")
    assert written == PAGE.read_text("utf-8")
    assert page.count("\n$ sourcing ") == len(re.findall("^```console$", page, re.MULTILINE)) == 7


def test_glossary_when_read_then_is_in_order_and_each_word_once() -> None:
    words = re.findall(r"^\| (?!word \|)([^|-]+) \|", (DOCS / "glossary.md").read_text("utf-8"), re.MULTILINE)
    assert words == sorted(set(words), key=str.casefold)
    assert {"lens", "member", "node", "head", "weighed", "knee", "window", "screen"} <= set(words)
