"""The pages to type along are true: their files are written, their commands run, and they have what the screen says."""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from strangers import DOCS, block_of_files, installed

from sourcing.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SECONDS = re.compile(r" +\d+\.\d s$", re.MULTILINE)


def said(command: str, capsys: pytest.CaptureFixture[str]) -> str:
    """Return the screen of a command, as it is typed, without seconds."""
    assert main(command.split()[1:]) == 0
    shown = SECONDS.sub("", capsys.readouterr().out)
    return re.sub(r"[ \t]+$", "", shown, flags=re.MULTILINE).strip() + "\n"


def typed(name: str, capsys: pytest.CaptureFixture[str]) -> int:
    """Write the files of a page here, run its commands, hold it to what they say; return how many commands it has."""
    page = (DOCS / name).read_text("utf-8")

    def run(block: re.Match[str]) -> str:
        command = block[1].splitlines()[0].removeprefix("$ ")
        return f"```console\n$ {command}\n\n{said(command, capsys)}```"

    written = CONSOLE.sub(run, page)
    if os.environ.get("WRITE_TUTORIAL"):  # read what changed, then commit it with the reason
        (DOCS / name).write_text(written, "utf-8")
    assert written == (DOCS / name).read_text("utf-8")
    return len(CONSOLE.findall(page))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own, at a terminal a hundred wide."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


def test_tutorial_when_every_command_is_run_then_the_page_has_what_it_says(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    block_of_files("tutorial.md", here)
    assert typed("tutorial.md", capsys) == 7


@pytest.fixture
def quay(here: Path) -> Iterator[Path]:
    """The files of the page on rules, its package installed."""
    block_of_files("write-a-rule.md", here)
    with installed(here, "quay"):
        yield here


@pytest.mark.usefixtures("quay")
def test_page_on_rules_when_typed_then_its_plan_is_the_one_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("write-a-rule.md", capsys) == 2


def test_page_on_rules_when_its_own_test_is_run_then_the_rule_conforms(
    quay: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(quay))
    monkeypatch.delitem(sys.modules, "test_quay", raising=False)
    import_module("test_quay").test_quay()


def test_glossary_when_read_then_is_in_order_and_each_word_once() -> None:
    words = re.findall(r"^\| (?!word \|)([^|-]+) \|", (DOCS / "glossary.md").read_text("utf-8"), re.MULTILINE)
    assert words == sorted(set(words), key=str.casefold)
    assert {"lens", "member", "node", "head", "weighed", "knee", "window", "screen"} <= set(words)
