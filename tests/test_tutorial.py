"""The pages to type along are true: their files are written, their commands run, and they have what the screen says."""

from __future__ import annotations

import os
import re
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from strangers import DOCS, block_of_files, installed

from sourcing import run, studies
from sourcing.cli import main

if TYPE_CHECKING:
    from collections.abc import Iterator

BLOCK = re.compile(r"^```(csv|toml|console) ?(\S*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
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
        kind, file, text = block.groups()
        if kind != "console":
            Path(file).parent.mkdir(exist_ok=True)
            Path(file).write_text(text, "utf-8")
            return block.group(0)
        command = text.splitlines()[0].removeprefix("$ ")
        return f"```console\n$ {command}\n\n{said(command, capsys)}```"

    written = BLOCK.sub(run, page)
    if os.environ.get("WRITE_TUTORIAL"):  # read what changed, then commit it with the reason
        (DOCS / name).write_text(written, "utf-8")
    assert written == (DOCS / name).read_text("utf-8")
    return page.count("\n$ sourcing ")


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of one's own, at a terminal a hundred wide."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path


@pytest.mark.usefixtures("here")
def test_tutorial_when_every_command_is_run_then_the_page_has_what_it_says(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert typed("tutorial.md", capsys) == 7


@pytest.fixture
def quay(here: Path) -> Iterator[Path]:
    """The files of the page on rules, its package installed."""
    block_of_files("write-a-rule.md", here)
    with installed(here, "quay"):
        yield here


@pytest.mark.usefixtures("quay")
def test_page_on_rules_when_typed_then_its_plan_is_the_one_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("write-a-rule.md", capsys) == 4


@pytest.mark.usefixtures("quay")
@pytest.mark.parametrize("family", ["quay", "landed"])
def test_page_on_rules_when_its_own_test_is_run_then_the_rule_conforms(
    family: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delitem(sys.modules, f"test_{family}", raising=False)
    getattr(import_module(f"test_{family}"), f"test_{family}")()


@pytest.fixture
def leaving(here: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The files of the page on studies where studies are found, and the first plan of the tutorial."""
    block_of_files("write-a-study.md", here / "studies")
    block_of_files("tutorial.md", here, until="$ sourcing optimize")
    monkeypatch.setattr(studies, "__path__", [*studies.__path__, str(here / "studies")])
    run.optimize(here / "ask.toml", out=here / "first")
    yield here
    for name in [name for name in sys.modules if name.startswith("sourcing.studies.leaving")]:
        del sys.modules[name]
    vars(studies).pop("leaving", None)


@pytest.mark.usefixtures("leaving")
def test_page_on_studies_when_typed_then_its_command_says_what_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("write-a-study.md", capsys) == 1


def test_glossary_when_read_then_is_in_order_and_each_word_once() -> None:
    words = re.findall(r"^\| (?!word \|)([^|-]+) \|", (DOCS / "glossary.md").read_text("utf-8"), re.MULTILINE)
    assert words == sorted(set(words), key=str.casefold)
    assert {"lens", "member", "node", "head", "weighed", "knee", "window", "screen"} <= set(words)
