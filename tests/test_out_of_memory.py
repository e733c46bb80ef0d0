"""Out of memory, wherever it happens: exit 7 and a sentence that says what to make smaller, never "a bug"."""

from __future__ import annotations

import json
import subprocess
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, NoReturn

import highspy
import pytest
from builders import tiny_case, write_question

from sourcing.cli import main
from sourcing.engine.background import run_beside
from sourcing.engine.solver_result import status_of

if TYPE_CHECKING:
    from pathlib import Path

WORDS = "There is not enough memory for this: make the question smaller"
STARVED = """
import resource, sys
from sourcing.cli import main
from sourcing.run import optimize
warm, room, *words = sys.argv[1:]
optimize(warm)  # what a run imports is there, and the solver has had its thread
used = int(open("/proc/self/statm").read().split()[0]) * resource.getpagesize()
resource.setrlimit(resource.RLIMIT_AS, (used + int(room) * 1_000_000,) * 2)
sys.exit(main(words))
"""


def starved(warm: Path, room: int, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process that may have so many MB more than it has after a first plan."""
    command = [sys.executable, "-c", STARVED, str(warm), str(room), *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux says how much address space a process has")
@pytest.mark.parametrize("what", ["rows", "cells", "limits"])
def test_check_when_memory_runs_out_then_ends_with_7_and_says_what_to_make_smaller(what: str, tmp_path: Path) -> None:
    warm, case = write_question(tmp_path, name="warm"), tiny_case(tmp_path)
    header = "offer,supplier,site,material,price,capacity,note\n"
    rows = {
        "rows": header + "".join(f"O{number},Near Ltd,NEAR,oxide,1,,\n" for number in range(150_000)),
        "cells": header + f"O,Near Ltd,NEAR,oxide,1,,{'x' * 100_000}\n" * 300,
        "limits": "limit,measure,value\n" + "".join(f"L{number},tonnes,1\n" for number in range(150_000)),
    }
    subject = tiny_case(tmp_path / "large")
    (subject / ("limits.csv" if what == "limits" else "offers.csv")).write_text(rows[what])
    ended = starved(warm, 12, "check", str(subject))
    assert case.is_dir()
    assert ended.returncode == 7, ended
    assert ended.stderr.startswith(WORDS)
    assert ended.stdout == ""


@pytest.mark.parametrize(
    "failure",
    [
        MemoryError(),
        MemoryError("std::bad_alloc"),
        ImportError("libgfortran.so.5: failed to map segment from shared object"),
        RuntimeError("can't start new thread"),
        OSError(12, "Cannot allocate memory"),
    ],
)
def test_failure_when_it_is_for_want_of_memory_then_has_one_sentence(
    failure: Exception, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object, **__: object) -> NoReturn:
        raise failure

    monkeypatch.setattr("sourcing.run.check", fail)
    assert main(["check"]) == 7
    assert capsys.readouterr().err.startswith(WORDS)
    assert main(["check", "--json"]) == 7
    said = json.loads(capsys.readouterr().out)["error"]
    assert (said["kind"], said["exit_code"]) == ("OutOfMemory", 7)


def test_solver_when_its_thread_runs_out_of_memory_then_that_is_raised_and_nothing_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    import threading

    def start() -> None:
        thread = threading.Thread(target=lambda: bytearray(2**62))
        thread.start()
        thread.join()

    with pytest.raises(MemoryError):
        run_beside(SimpleNamespace(startSolve=start, wait=lambda _: (True, None)), bool)
    assert capsys.readouterr().err == ""


def test_solver_when_it_ends_at_its_memory_limit_then_is_not_asked_once_more() -> None:
    with pytest.raises(MemoryError):
        status_of(highspy.HighsModelStatus.kMemoryLimit)
