"""No name steers a terminal: every command, through questions, cases, plans and files that strangers named."""

from __future__ import annotations

import json
import re
import shutil
import sys
from typing import TYPE_CHECKING, Any

import pytest
from builders import stored_plan, tiny_case, write_question

from sourcing.cli import main
from sourcing.report.lines import columns, heading
from sourcing.resources import folder
from sourcing.terminal.output import print_json, print_result, tell

if TYPE_CHECKING:
    from pathlib import Path

STEERING = {
    **{"clear screen": "\x1b[2J", "hyperlink": "\x1b]8;;http://evil\x07x", "C1": "\x9b2J", "return": "\rAUDIT"},
    **{"override": "\u202egnp", "isolate": "\u2067x", "bell": "\x07\x08", "delete": "\x7f", "half": "\udc9b"},
    **{"next line": "\x85x", "separator": "\u2028x"},
}
SAFE = re.compile(
    "[\n\x20-\x7e\u00a0-\u00ac\u00ae-\u200a\u2010-\u2027\u2030-\u205f\u2070-\ufefe\uff00-\uffef\ufffc\ufffd]*"
)
HOSTILE = "x\x1b[2Jy\x9bz\u202ew\u2066v\x7fu\rt"


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a small plan's folder."""
    return stored_plan(tmp_path_factory.mktemp("stored"))


@pytest.fixture(params=["words", "json"])
def said(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Any:
    """Return a function that runs a command and returns its exit code; what it prints has no such character."""

    def run(*words: str | Path) -> int:
        as_json = request.param == "json"
        code = main([*map(str, words), *(["--json"] if as_json else [])])
        out, err = capsys.readouterr()
        assert SAFE.fullmatch(out), out
        assert SAFE.fullmatch(err), err
        if as_json:
            assert json.loads(out)["schema"] == 1
        return code

    return run


@pytest.mark.parametrize("steering", STEERING.values(), ids=STEERING)
def test_screen_when_a_text_steers_then_it_is_shown_as_letters(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, steering: str
) -> None:
    print_result(f"a{steering}b")
    print_result(heading(f"a{steering}b\nc", steering))
    print_result("\n".join(columns([[f"a{steering}\nb", "c"]], "ll", 80)))
    tell(f"a{steering}b\nc")
    print_json({"a": steering})
    out, err = capsys.readouterr()
    assert SAFE.fullmatch(out)
    assert SAFE.fullmatch(err)
    assert (out.count("\n"), err.count("\n")) == (4, 1)
    assert json.loads(out.splitlines()[-1])["a"] == steering
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    print_result(heading(f"a{steering}b"))
    assert SAFE.fullmatch(re.sub("\x1b\\[[0-9;]*m", "", capsys.readouterr().out))  # bold, as asked for


@pytest.mark.parametrize(
    "words",
    [
        *(["optimize"], ["check"], ["audit"], ["explain"], ["comply"], ["target"], ["frontier"], ["alternatives"]),
        *(
            ["tornado"],
            ["compare"],
            ["docs"],
            ["init", "new", "--question"],
            ["init", "new", "--case"],
            [f"--{HOSTILE}"],
        ),
        *(["comply", "latest", "--rule"], ["chart", "latest"], ["optimize", "cheapest", "--case"], [HOSTILE]),
        *(["optimize", "cheapest", "--write-model"], ["optimize", "--gap"], ["--debug", "check"]),
    ],
    ids=" ".join,
)
def test_command_when_a_word_of_the_user_steers_then_its_refusal_is_letters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: Any, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert said(*words, HOSTILE) in {2, 3, 7}


@pytest.mark.parametrize("steering", [HOSTILE, "".join(STEERING.values())], ids=["some", "all"])
def test_commands_when_a_plan_folder_is_hostile_then_they_print_letters(
    tmp_path: Path, stored: Path, said: Any, steering: str
) -> None:
    place = _spoiled(shutil.copytree(stored, tmp_path / f"plan{steering.replace('/', '')}"), steering)
    assert said("audit", place) in {0, 3, 6}
    for words in (["explain"], ["comply"], ["compare", place]):
        assert said(*words, place) in {0, 3}
    assert said("chart", place, "mix", "--out", tmp_path / f"{steering.replace('/', '')}.svg") in {0, 3, 6, 7}


def _spoiled(place: Path, steering: str) -> Path:
    manifest = json.loads((place / "manifest.json").read_text("utf-8"))
    for name in ("name", "question", "case", "status", "created"):
        manifest[name] = f"{manifest[name]}{steering}"
    manifest["notes"] = [steering]
    (place / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    question = place / "inputs" / "question.json"
    text = json.dumps("?" if "\udc9b" in steering else f"?{steering}")[1:-1]
    question.write_text(question.read_text("utf-8").replace("What is the least cost?", text), "utf-8")
    places = place / "inputs" / "places.json"
    places.write_text(places.read_text("utf-8").replace("offers.csv", json.dumps(steering)[1:-1]), "utf-8")
    for file in place.glob("*.csv"):
        text = file.read_text("utf-8").replace("Far Co", f'"Far{steering}Co"'.replace("\udc9b", ""))
        file.write_bytes(text.encode())
    return place


@pytest.mark.parametrize("steering", STEERING.values(), ids=STEERING)
def test_commands_when_files_and_folders_are_named_so_then_they_print_letters(
    tmp_path: Path, said: Any, steering: str
) -> None:
    name = f"a{steering.replace('/', '')}"
    tiny_case(tmp_path).rename(tmp_path / name)
    (tmp_path / name / f"{name}.xlsx").write_bytes(b"")
    (tmp_path / name / f"{name}.csv").write_bytes(b"")
    question = write_question(tmp_path, name=name, case=".")
    rule = shutil.copy(folder("data") / "presets" / "eu-crma-2030.toml", tmp_path / f"{name}.toml.toml")
    assert said("check", tmp_path / name) == 3
    assert said("check", question) == 3
    assert said("optimize", question, "--case", tmp_path / name, "--out", tmp_path / f"{name}-plan") == 3
    assert said("comply", tmp_path / name, "--rule", rule) == 3
    assert said("init", tmp_path / f"{name}-copy") == 0


def test_commands_when_all_lies_in_such_a_folder_then_they_work_and_print_letters(tmp_path: Path, said: Any) -> None:
    place = tmp_path / HOSTILE
    place.mkdir()
    tiny_case(place)
    question, plan = write_question(place), place / "plan"
    assert said("check", question) == 0
    assert said("optimize", question, "--out", plan) == 0
    assert said("audit", plan) == 0
    assert said("comply", plan, "--out", place / "statement.md") == 0
    assert said("chart", plan, "cost", "--out", place / "cost.svg") == 0
    assert said("optimize", question, "--quiet", "--out", plan) == 2


def test_plan_when_its_folder_has_a_line_break_then_it_cannot_add_a_line(
    tmp_path: Path, stored: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = shutil.copytree(stored, tmp_path / "plan\nAUDIT  every balance agrees")
    (place / "purchases.csv").write_text("offer\n", "utf-8")
    assert main(["audit", str(place)]) in {3, 6}
    assert not [line for line in "".join(capsys.readouterr()).splitlines() if line.startswith("AUDIT  every")]
