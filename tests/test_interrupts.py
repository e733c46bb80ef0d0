"""Whatever ends a run, at whatever moment: the plan is there as a whole or not at all, and it is said what to do.

``FUZZ=1 python -m pytest tests/test_interrupts.py`` goes through every moment there is, of a ready question too.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import signal
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from builders import tiny_case, write_question
from forked import Ending, Server

from sourcing import run
from sourcing.cli.runs import latest
from sourcing.errors import QuestionError
from sourcing.plan.drafts import ENDING

if TYPE_CHECKING:
    from collections.abc import Iterator

ALL = bool(os.environ.get("FUZZ"))
CTRL_C, TERMINATE, KILL = int(signal.SIGINT), int(signal.SIGTERM), int(signal.SIGKILL)
ASKED = ["optimize", "ask.toml", "--threads", "1"]  # with more, HiGHS has threads that a fork would lose
READY = ["optimize", "diversified", "--threads", "1"]
QUESTIONS = [ASKED, READY] if ALL else [ASKED]
STOPPED = "Stopped before any plan was finished: interrupted"
FULL = "cannot be written (No space left on device)"


@pytest.fixture(scope="module")
def temporary(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("temporary")


@pytest.fixture(scope="module")
def server(temporary: Path) -> Iterator[Server]:
    server = Server(temporary)
    yield server
    server.close()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Make a folder with a question whose limit binds."""
    folder = tmp_path / "w"
    tiny_case(folder, limits=[{"limit": "far", "measure": "tonnes", "value": 150}])
    write_question(folder)
    return folder


def moments(some: str) -> str:
    """Return which moments to go through: these, or all."""
    return "." if ALL else some


AUDITED: set[str] = set()


def status_of_whole(plan: Path) -> str:
    """Return the status of a plan after making sure that nothing is missing and that the audit agrees."""
    manifest = json.loads((plan / "manifest.json").read_text("utf-8"))
    files = sorted(path for path in plan.rglob("*") if path.name not in {"manifest.json", "plan.json", "solver.log"})
    seen = hashlib.sha256(b"".join(path.name.encode() + path.read_bytes() for path in files if path.is_file()))
    repeated = json.loads((plan / "plan.json").read_text("utf-8"))
    assert repeated["manifest"] | {"seconds": 0} == manifest | {"seconds": 0}
    seen.update(json.dumps(repeated["tables"]).encode())
    if seen.hexdigest() not in AUDITED:
        assert run.audit_plan(plan).is_clean
        AUDITED.add(seen.hexdigest())
    return str(manifest["status"])


def plans_in(ending: Ending) -> list[Path]:
    return [ending.folder / "runs" / name for name in ending.runs if not name.startswith(".")]


def checked(ending: Ending) -> str:
    """Return what became of a run that was asked to end: "nothing", "stopped" or "optimal"; all else is refused."""
    assert "Traceback" not in ending.err, ending
    assert [name for name in ending.runs if name.startswith(".")] == [], ending
    plans = plans_in(ending)
    if not plans:
        assert ending.code == 5, ending
        assert STOPPED in ending.err, ending
        assert ending.out == ""
        return "nothing"
    (plan,) = plans
    status = status_of_whole(plan)
    assert ending.code == (0 if status == "optimal" else 5), ending
    assert str(plan.relative_to(ending.folder)) in ending.out + ending.err, ending
    if status == "stopped":
        assert "Stopped before proof: shortage cannot be less, cost may be; let it run longer" in ending.out
    return status


@pytest.mark.parametrize("words", QUESTIONS)
def test_ctrl_c_when_it_comes_at_any_moment_then_the_plan_is_whole_or_there_is_none(
    server: Server, folder: Path, words: list[str]
) -> None:
    endings = server.sweep(words, folder, moments(r"^before|^(open|rename|mkdir) #\d*[159]$"), [CTRL_C])
    became = [checked(ending) for ending in endings]
    assert set(became) == {"nothing", "stopped", "optimal"}
    assert became == sorted(became, key=["nothing", "stopped", "optimal"].index)
    found = next(ending for ending in endings if checked(ending) == "optimal")
    assert "Stopped before a plan without the question's limits was found to compare with" in found.out


@pytest.mark.parametrize("words", QUESTIONS)
def test_ctrl_c_when_it_comes_twice_then_nothing_is_written_unless_all_is(
    server: Server, folder: Path, words: list[str]
) -> None:
    endings = server.sweep(words, folder, moments(r"^before|^open|^rename"), [CTRL_C, CTRL_C])
    became = {ending.moment: checked(ending) for ending in endings}
    assert became["open #7"] == "nothing"
    assert became["rename #1"] == "optimal"  # too late
    assert "the same again stops at once" in next(ending.err for ending in endings if ending.moment == "open #7")


@pytest.mark.parametrize("sign", [TERMINATE, int(signal.SIGHUP)])
def test_batch_system_or_closed_terminal_when_it_ends_a_run_then_it_is_as_ctrl_c(
    server: Server, folder: Path, sign: int
) -> None:
    at = moments(r"^before (formulate|Highs.run #2|write_plan|print_result)")
    endings = server.sweep(ASKED, folder, at, [sign])
    assert {checked(ending) for ending in endings} == {"nothing", "stopped", "optimal"}


@pytest.mark.parametrize("words", QUESTIONS)
def test_kill_when_it_comes_at_any_moment_then_what_is_left_is_no_plan_and_the_next_run_clears_it_away(
    server: Server, folder: Path, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    endings = server.sweep(words, folder, ".", [KILL])
    for ending in endings:
        assert ending.code == -KILL
        plans = plans_in(ending)
        assert [name for name in ending.runs if name.startswith(".") and not name.endswith(ENDING)] == []
        monkeypatch.chdir(ending.folder)
        if plans:
            assert status_of_whole(plans[0]) == "optimal"
            assert latest().resolve() == plans[0].resolve()
        else:
            with pytest.raises(QuestionError, match="make one"):
                latest()
    half = next(ending for ending in endings if ending.moment == "open #7")
    assert half.runs != []
    again = server.run(words, half.folder)
    assert again.code == 0
    assert [path.name for path in plans_in(again)] == again.runs


@pytest.mark.parametrize("words", QUESTIONS)
def test_disk_when_it_is_full_at_any_moment_then_the_plan_is_kept_elsewhere(
    server: Server, folder: Path, temporary: Path, words: list[str]
) -> None:
    kept = []
    for ending in server.sweep(words, folder, moments(r"^mkdir|^rename|^open #\d*[137]$"), errno.ENOSPC):
        assert "Traceback" not in ending.err
        if ending.code == 0:  # the folder of all plans was there already
            assert ending.moment.startswith("mkdir")
            continue
        assert ending.code == 7
        assert ending.runs == []
        assert FULL in ending.err
        (said,) = [line for line in ending.err.splitlines() if FULL in line]
        if "the plan is kept in" not in said:
            assert "choose another folder with --out" in said
            continue
        kept.append(Path(said.partition("the plan is kept in ")[2].partition(":")[0]))
        assert status_of_whole(kept[-1]) == "optimal"
        assert kept[-1].parent.stat().st_mode & 0o077 == 0  # it holds prices
    assert len(kept) > 5
    assert sorted(temporary.glob("*/*")) == sorted(kept)
    for place in kept:
        shutil.rmtree(place.parent)


def test_disk_when_it_is_full_everywhere_then_it_is_said_that_the_plan_is_lost(
    server: Server, folder: Path, temporary: Path
) -> None:
    ending = server.run(ASKED, folder, largest=3000)
    assert ending.code == 7
    assert ending.runs == list(temporary.iterdir()) == []
    assert "(File too large); nor can" in ending.err
    assert "the plan that was found is lost: make room, or choose another folder with --out" in ending.err


def test_model_file_when_anything_ends_its_writing_then_it_is_whole_or_as_before(
    server: Server, folder: Path, tmp_path: Path
) -> None:
    (folder / "m.lp").write_text("before")
    words = [*ASKED, "--write-model", "m.lp"]
    at = r"^(before|after) Highs.write|^(before|after) minimise|^rename #1|^before load"
    for does in ([CTRL_C], [CTRL_C, CTRL_C], [KILL]):
        texts = {
            ending.moment: (ending.folder / "m.lp").read_text() for ending in server.sweep(words, folder, at, does)
        }
        for text in texts.values():
            assert text == "before" or text.rstrip().endswith("end")
        assert texts["before load #1"] == "before"
        (folder / "m.lp").write_text("before")
    for ending in server.sweep(words, folder, r"^rename #1", errno.ENOSPC):
        assert ending.code == 7
        assert f"m.lp: {FULL}; name another file with --write-model" in ending.err
    (folder / "m.lp").write_text("before")
    ending = server.run(words, folder, largest=300)
    assert (ending.code, (folder / "m.lp").read_text()) == (7, "before")
    assert "m.lp: cannot be written (the disk may be full); name another file" in ending.err
    assert [path.name for path in folder.iterdir() if path.name.endswith(ENDING)] == []
