"""Plans, curves and frontiers as an earlier version wrote them: still read, audited clean, compared and drawn.

``tests/saved`` has an archive per version: a plan of every ready question, and a folder of every study that writes one.
It is made once, before the layout of plans or of the code that reads them changes, and never anew.
"""

from __future__ import annotations

import json
import tarfile
from pathlib import Path

import pytest

from sourcing import run
from sourcing.cli import main

ARCHIVE = Path(__file__).parent / "saved" / "0.1.0.tar.xz"
MODELS = Path(__file__).parent.parent / "models"
STUDIES = ("curve", "frontier", "alternatives", "tornado")
PLANS = (
    *("antimony-cheapest", "antimony-half-seen-through", "antimony-half-shipped", "antimony-no-china-2028"),
    *("antimony-us-ban", "cheapest", "crma-65", "diversified", "diversified-2027", "diversified-2028"),
    *("diversified-carbon", "no-china-2027", "recycled-15"),
)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folders of the archive."""
    folder = tmp_path_factory.mktemp("saved")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    return folder


def test_archive_when_unpacked_then_has_every_ready_question_and_every_study(saved: Path) -> None:
    assert sorted(each.name for each in saved.iterdir()) == sorted([*PLANS, *STUDIES, "impossible-no-plan"])
    assert sorted([*PLANS, "impossible"]) == sorted(question.stem for question in MODELS.glob("*.toml"))


@pytest.mark.parametrize("name", PLANS)
def test_saved_plan_when_audited_today_then_every_check_it_had_is_made_and_agrees(saved: Path, name: str) -> None:
    then = json.loads((saved / name / "audit.json").read_text("utf-8"))
    now = run.audit_plan(saved / name)
    assert (now.findings, then["clean"]) == ([], True)
    assert {rule: now.checked.get(rule) for rule in then["checked"]} == then["checked"]


@pytest.mark.parametrize("name", ["alternatives/alternative-1", "curve/points/0.5", "frontier/point-01"])
def test_saved_plan_of_a_study_when_audited_today_then_agrees(saved: Path, name: str) -> None:
    assert run.audit_plan(saved / name).findings == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("compare", "diversified", "cheapest"), "CARBON"),
        (("chart", "diversified", "mix"), "Malaysia"),
        (("chart", "curve", "curve"), "dy-one-country"),
        (("chart", "frontier", "curve"), "HHI"),
        (("explain", "antimony-us-ban"), "Sb trioxide"),
        (("comply", "crma-65", "--rule", "eu-crma-2030"), "65 %"),
        (("audit", "antimony-cheapest"), "agree"),
    ],
)
def test_saved_folder_when_a_command_is_given_it_then_it_answers(
    saved: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], words: tuple[str, ...], says: str
) -> None:
    command, names = words[0], {each.name for each in saved.iterdir()}
    rest = [
        str(saved / word) if word in names and (at == 0 or command == "compare") else word
        for at, word in enumerate(words[1:])
    ]
    rest += ["--out", str(tmp_path / "picture.svg")] if command == "chart" else []
    assert main([command, *rest]) == 0
    screen = capsys.readouterr().out
    assert says in screen + "".join(file.read_text("utf-8") for file in tmp_path.iterdir())
