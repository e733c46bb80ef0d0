"""Whatever ends a run, at whatever moment: the plan is there as a whole or not at all, and it is said what to do.

``FUZZ=1 python -m pytest tests/test_interrupts.py`` goes through every moment there is, of a ready question too.
"""

from __future__ import annotations

import errno
import hashlib
import json
import math
import os
import shutil
import signal
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from builders import tiny_case, write_question
from forked import Ending, Server

from sourcing import run
from sourcing.engine import highs
from sourcing.engine.solve_linear import load
from sourcing.errors import InfeasiblePlan, QuestionError, StoppedEarly
from sourcing.interrupts import all_like_ctrl_c, interrupts
from sourcing.plan import holds
from sourcing.plan.drafts import ENDING, new_folder
from sourcing.terminal.runs import latest

if TYPE_CHECKING:
    from collections.abc import Iterator

ALL = bool(os.environ.get("FUZZ"))
CTRL_C, TERMINATE, KILL = int(signal.SIGINT), int(signal.SIGTERM), int(signal.SIGKILL)
HANG_UP = int(signal.SIGHUP)
ASKED = ["optimize", "ask.toml", "--threads", "1"]  # with more, HiGHS has threads that a fork would lose
READY = ["optimize", "diversified", "--threads", "1"]
QUESTIONS = [ASKED, READY] if ALL else [ASKED]
SOME = r"^before (ask|formulate|load|minimise|Highs.run|cheapest_of|verdict_on|Draft.keep|print_result)|^open #[17]$"
STOPPED = "Stopped before any plan was finished: interrupted"
FULL = "cannot be written (No space left on device)"


@pytest.fixture(scope="module", autouse=True)
def signals_as_at_a_terminal() -> Iterator[None]:
    """Hear signals although whoever started the tests may not: in the background, or by nohup, they are ignored."""
    usual = {signal.SIGINT: signal.default_int_handler, TERMINATE: signal.SIG_DFL, HANG_UP: signal.SIG_DFL}
    before = {sign: signal.signal(sign, handler) for sign, handler in usual.items()}
    yield
    for sign, handler in before.items():
        signal.signal(sign, handler)


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


WRITING = "^(mkdir|rename|open)"
"""Moments at which a disk may turn out to be full."""


def moments(some: str, every: str = ".") -> str:
    """Return which moments to go through: these, or all of some kind."""
    return every if ALL else some


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
    endings = server.sweep(words, folder, moments(SOME), [CTRL_C])
    became = [checked(ending) for ending in endings]
    assert set(became) == {"nothing", "stopped", "optimal"}
    assert became == sorted(became, key=["nothing", "stopped", "optimal"].index)
    found = next(ending for ending in endings if checked(ending) == "optimal")
    assert "Stopped before a plan without the question's limits was found to compare with" in found.out


@pytest.mark.parametrize("words", QUESTIONS)
def test_ctrl_c_when_it_comes_twice_then_nothing_is_written_unless_all_is(
    server: Server, folder: Path, words: list[str]
) -> None:
    endings = server.sweep(words, folder, moments(f"{SOME}|^rename"), [CTRL_C, CTRL_C])
    became = {ending.moment: checked(ending) for ending in endings}
    assert became["open #7"] == "nothing"
    assert became["rename #1"] == "optimal"  # too late
    assert "the same again stops at once" in next(ending.err for ending in endings if ending.moment == "open #7")


@pytest.mark.parametrize("sign", [TERMINATE, HANG_UP])
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
    endings = server.sweep(words, folder, moments(r"^before load|^(open|rename|mkdir)"), [KILL])
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
    for ending in server.sweep(words, folder, moments(r"^mkdir|^rename|^open #(1|7|13|23|24)$", WRITING), errno.ENOSPC):
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
    assert len(kept) >= 5
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
    at = r"^(before|after) write_program|^rename #1|^before load"
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


def test_run_when_another_writes_the_same_folder_then_the_second_is_refused_before_it_reads(
    server: Server, folder: Path
) -> None:
    with new_folder(folder / "there"):
        refused = server.run([*ASKED, "--out", "there"], folder)
    assert refused.code == 7
    assert "there: another run is writing there; wait for it, or choose another folder with --out" in refused.err
    assert not (folder / "there").exists()


def test_run_when_another_has_taken_the_days_name_then_the_next_number_is_taken(server: Server, folder: Path) -> None:
    today = f"{date.today().isoformat()}-ask"
    with new_folder(folder / "runs" / today) as draft:
        second = server.run(ASKED, folder)
        (draft.path / "manifest.json").write_text("{}")
        draft.keep()
    assert second.code == 0
    assert second.runs == [today, f"{today}-2"]
    assert second.out.endswith(f"Plan in runs/{today}-2 · next: sourcing explain latest\n")
    assert draft.target.name == today


def test_name_when_somebody_makes_it_meanwhile_then_the_plan_gets_the_next_number(tmp_path: Path) -> None:
    with new_folder(tmp_path / "plan") as draft:
        (tmp_path / "plan").mkdir()
        (tmp_path / "plan" / "mine.txt").write_text("")
        draft.keep()
    assert draft.target == tmp_path / "plan-2"
    assert (tmp_path / "plan" / "mine.txt").exists()


RACE = """
import sys
from pathlib import Path
from sourcing.plan.drafts import new_folder, numbered
for _ in range(30):
    with new_folder(numbered(Path("plan"))) as draft:
        (draft.path / "mine").touch(exist_ok=False)
        draft.keep()
"""


def test_folders_when_many_runs_take_them_at_once_then_each_is_one_runs_alone(tmp_path: Path) -> None:
    runs = [subprocess.Popen([sys.executable, "-c", RACE], cwd=tmp_path) for _ in range(4)]
    assert [one.wait() for one in runs] == [0] * 4
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"plan", *(f"plan-{number}" for number in range(2, 121))}


@pytest.mark.parametrize(
    ("out", "code", "said"),
    [
        ("tiny", 2, "is there already; name another folder or remove it"),
        ("dangling", 2, "is there already; name another folder or remove it"),
        ("a-plan/inputs/mine", 2, "lies inside the plan"),
        ("ask.toml/plan", 7, "cannot be written (ask.toml is no folder); choose another folder with --out"),
        ("n" * 300, 7, "cannot be written (File name too long); choose another folder with --out"),
        ("/proc/plan", 7, "cannot be written (No such file or directory); choose another folder with --out"),
    ],
)
def test_folder_when_no_plan_can_go_there_then_it_is_refused_before_anything_is_solved(
    server: Server, folder: Path, out: str, code: int, said: str
) -> None:
    (folder / "dangling").symlink_to("nowhere")
    (folder / "a-plan" / "inputs").mkdir(parents=True)
    for name in ("manifest.json", "plan.json"):
        (folder / "a-plan" / name).write_text("{}")
    before = sorted(path.name for path in folder.rglob("*"))
    ending = server.run([*ASKED, "--out", out, "--time-limit", "0.001"], folder)  # 5 if it were solved
    assert ending.code == code
    assert said in " ".join(ending.err.split())
    assert sorted(path.name for path in folder.rglob("*")) == before


def test_draft_when_nobody_can_tell_whose_it_is_then_it_is_cleared_away_after_a_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_locks(folder: Path) -> int:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK), str(folder))

    monkeypatch.setattr(holds, "_hold", no_locks)
    left = tmp_path / f".left{ENDING}"
    left.mkdir()
    with new_folder(tmp_path / "plan"):
        assert left.exists()
    os.utime(left, (0, 0))
    with new_folder(tmp_path / "plan"):
        assert not left.exists()


@pytest.mark.parametrize(
    "words", [["explain", "ask.toml"], ["explain", "runs/p"], ["audit", "runs/p"], ["check", "ask.toml"]]
)
def test_ctrl_c_when_a_command_only_reads_then_it_ends_with_one_line(
    server: Server, folder: Path, words: list[str]
) -> None:
    run.optimize(folder / "ask.toml", out=folder / "runs" / "p")
    text = (folder / "ask.toml").read_text()
    (folder / "ask.toml").write_text(text.replace("[objective]\n", '[objective]\nshortage = "none"\n'))
    for ending in server.sweep(words, folder, moments("^before .*#[13]$"), [CTRL_C]):
        assert ending.code == 5, ending
        assert ending.err.startswith(STOPPED), ending
        assert ending.err.count("\n") == 1
        assert ending.out == ""
        assert ending.runs == ["p"]


@pytest.mark.parametrize("into", ["mine", "."])
def test_copies_when_anything_ends_their_making_then_all_are_there_or_none(
    server: Server, folder: Path, into: str
) -> None:
    words = ["init", into, "--question", "cheapest"]
    before = sorted(path.name for path in folder.rglob("*"))
    whole = set()
    for does in ([CTRL_C], [KILL], errno.ENOSPC):
        every = WRITING if does == errno.ENOSPC else "."
        for ending in server.sweep(words, folder, moments(r"^(open|mkdir) #[13]$|^rename", every), does):
            names = sorted(path.name for path in ending.folder.rglob("*") if ENDING not in str(path))
            whole.add(names != before)
            if does == [KILL] and ending.moment == "rename #2" and into == ".":  # between tables and question
                assert (ending.folder / "magnet-maker" / "offers.csv").exists()
            elif names != before:
                assert run.check(ending.folder / into / "cheapest.toml").faults == []
            elif does == errno.ENOSPC:
                assert ending.code == 7, ending
                assert "cannot be written (No space left on device" in ending.err, ending
                assert "choose another folder\n" in ending.err, ending
            else:
                assert ending.code in {5, -KILL}
        for path in folder.iterdir():
            if path.name not in before:
                shutil.rmtree(path) if path.is_dir() else path.unlink()
    assert whole == {True, False}


@pytest.mark.parametrize(
    ("stdout", "code", "said"),
    [
        ("broken pipe", 0, ""),
        ("closed", 0, ""),
        ("/dev/full", 7, "The plan is complete in runs/p; what was to be printed {FULL}.\n"),
    ],
)
def test_plan_when_nobody_can_read_what_is_printed_then_it_is_complete(
    server: Server, folder: Path, stdout: str, code: int, said: str
) -> None:
    ending = server.run([*ASKED, "--out", "runs/p"], folder, stdout=stdout)
    assert (ending.code, ending.err) == (code, said.format(FULL=FULL))
    assert status_of_whole(folder / "runs" / "p") == "optimal"


def test_time_limit_when_it_is_shorter_than_the_reading_then_it_is_said(server: Server, folder: Path) -> None:
    ending = server.run([*ASKED, "--time-limit", "0.001"], folder)
    assert ending.code == 5
    said, log = ending.err.splitlines()
    assert said == f"{STOPPED.partition(':')[0]}: the time limit has passed; no plan was written; " + (
        "allow more with --time-limit"
    )
    assert ending.runs == [Path(log.rpartition(": ")[2]).parents[1].name]


class Clock:
    """Says these times when asked, and then that it is too late."""

    def __init__(self, times: list[float]) -> None:
        self._times = iter(times)

    def monotonic(self) -> float:
        return next(self._times, math.inf)


LIMIT = run.RunOptions(time_limit=3600)


def test_time_limit_when_it_passes_before_any_solve_then_what_was_proven_by_then_is_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    became = []
    for solves in (0, 1, 2, 5, 6):
        left = [0.0] * solves
        monkeypatch.setattr(highs, "time", Clock(left))
        try:
            plan = run.optimize(folder / "ask.toml", out=folder / f"plan-{solves}", options=LIMIT)
        except StoppedEarly as stopped:
            became.append(str(stopped).partition(";")[0])
            assert not (folder / f"plan-{solves}").exists()
            continue
        monkeypatch.undo()
        became.append(status_of_whole(folder / f"plan-{solves}"))
        compared = solves >= 6
        assert ("cheapest_cost" in plan.manifest) == compared
        noted = any("to compare with" in note for note in plan.manifest["notes"])
        assert noted == (became[-1] == "optimal" and not compared)
    assert became == ["the time limit has passed", "stopped", *["optimal"] * 3]


def test_time_limit_when_it_passes_while_there_is_no_plan_to_explain_then_that_is_said(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_case(folder, offers={"A": {"capacity": 1}, "B": {"capacity": 1}})
    write_question(folder, '[objective]\nshortage = "none"\n')
    left = [0.0]
    monkeypatch.setattr(highs, "time", Clock(left))
    with pytest.raises(InfeasiblePlan) as refusal:
        run.optimize(folder / "ask.toml", options=LIMIT)
    assert refusal.value.explanation.words == [
        "No plan meets all rules.",
        "The search for what has to give was stopped; give it more time: sourcing explain with the same question.",
    ]


def test_signals_when_a_plan_is_being_made_then_the_first_asks_and_the_second_insists() -> None:
    said = []
    with interrupts(lambda: said.append("stopping")) as heard:
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        heard.hold()
        signal.raise_signal(signal.SIGINT)
        assert (heard.asked, said) == (True, ["stopping"])
        with interrupts() as inner:
            assert inner is heard
            with pytest.raises(KeyboardInterrupt):
                signal.raise_signal(signal.SIGINT)
        heard.finish()
        signal.raise_signal(signal.SIGINT)
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_signals_when_somebody_ignores_or_handles_them_then_they_stay_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with all_like_ctrl_c(), interrupts():
            assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN  # started with nohup, or in the background
            assert signal.getsignal(signal.SIGTERM) not in {signal.SIG_DFL, signal.default_int_handler}
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGINT, before)


def test_search_when_it_was_asked_to_end_then_what_it_found_may_still_be_settled(folder: Path) -> None:
    model = run.model_of(folder / "ask.toml")
    solver, _ = load(model, highs.SolverOptions(stop=lambda: True))
    solver.set_costs(model.formulation.objectives["shortage"])
    assert solver.run().status == "stopped"
    solver.allow(10.0)
    assert solver.run().status == "optimal"
