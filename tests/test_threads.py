"""Threads of the solver: never more than the machine has cores, whoever asks; and it is said."""

from __future__ import annotations

import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from builders import tiny_case, write_question

from sourcing import RunOptions, check, optimize
from sourcing.engine.cores import cores, threads_of
from sourcing.engine.highs import Highs, SolverOptions

if TYPE_CHECKING:
    from collections.abc import Iterator

TASKS = Path("/proc/self/task")
MORE = 100_000
ONE = f"as many as this machine has cores; write {cores()}, or leave it out"


@pytest.fixture
def case(tmp_path: Path) -> Iterator[Path]:
    yield tiny_case(tmp_path)
    Highs(SolverOptions(threads=1))  # the solver's scheduler is one for all: leave a small one behind


def running() -> int:
    return len(list(TASKS.iterdir())) if TASKS.is_dir() else threading.active_count()


def test_solver_when_asked_for_any_number_of_threads_then_gets_at_most_the_cores() -> None:
    assert [threads_of(asked) for asked in (0, 1, cores(), cores() + 1, 1_500, 10**18)] == [0, 1, *[cores()] * 4]
    assert Highs(SolverOptions(threads=10**18)).threads == cores()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux lists the threads of a process")
@pytest.mark.parametrize("asked", [cores() + 1, 1_500, MORE])
def test_plan_when_threads_are_beyond_the_cores_then_few_are_started_and_it_is_said(
    case: Path, tmp_path: Path, asked: int
) -> None:
    before = running()
    plan = optimize(write_question(tmp_path, f"[solver]\nthreads = {asked}\n"), case=case)
    assert running() <= before + cores()
    assert [note for note in plan.manifest["notes"] if ONE in note and "ask.toml, solver.threads" in note]


def test_plan_when_an_option_asks_for_threads_beyond_the_cores_then_it_is_said(case: Path, tmp_path: Path) -> None:
    plan = optimize(write_question(tmp_path), case=case, options=RunOptions(threads=MORE))
    assert [note for note in plan.manifest["notes"] if ONE in note and note.startswith("--threads")]


@pytest.mark.parametrize(("asked", "codes"), [(MORE, ["SCREEN-386"]), (cores(), []), (1, [])])
def test_check_when_threads_are_beyond_the_cores_then_notes_it(
    case: Path, tmp_path: Path, asked: int, codes: list[str]
) -> None:
    del case
    report = check(write_question(tmp_path, f"[solver]\nthreads = {asked}\n"))
    assert [found.code for found in report.findings if "thread" in found.fact] == codes
    assert not report.faults
