"""File names that are no letters in UTF-8: a question, its tables and its plan may lie in such a folder."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from builders import tiny_case, write_question

from sourcing.cli import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

STRANGE = os.fsdecode(b"d\xff\xe9")


def test_folder_when_its_name_is_no_text_then_every_command_works(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / STRANGE
    try:
        folder.mkdir()
    except OSError:  # some file systems take letters only; then nobody has such a folder
        return
    tiny_case(folder)
    question, plan = write_question(folder), folder / "plan"
    assert main(["optimize", str(question), "--out", str(plan), "--write-model", str(folder / "model.lp")]) == 0
    assert (plan / "analyst" / "solver.log").stat().st_size > 0
    for words in (["audit"], ["explain"], ["comply"]):
        assert main([*words, str(plan)]) == 0
    capsys.readouterr()
    assert main(["check", str(tmp_path / f"{STRANGE}.toml")]) == 3
    assert "is no such question" in " ".join(capsys.readouterr().out.split())


def test_model_file_when_its_name_is_no_text_then_is_written_and_the_plan_kept(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    question, plan, model = write_question(tmp_path), tmp_path / "plan", tmp_path / f"{STRANGE}.lp"
    try:
        model.touch()
    except OSError:
        return
    model.unlink()
    assert main(["optimize", str(question), "--out", str(plan), "--write-model", str(model)]) == 0
    assert model.stat().st_size > 0
    assert main(["audit", str(plan)]) == 0
