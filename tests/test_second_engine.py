"""A second engine finds the basis of a large linear program: the plan is that of HiGHS alone, whatever it does."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from builders import tiny_case, write_question
from scipy import sparse

from sourcing.answer import second_engine
from sourcing.answer.setting import ask
from sourcing.cli import main
from sourcing.engine import basis
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import Highs, SolverOptions
from sourcing.engine.marginal_values import Room
from sourcing.engine.program import ArrayModel
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.engine.solve import solve
from sourcing.outcome import Values, plan_tables
from sourcing.resources import folder
from sourcing.run import load_plan

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.engine.formulation import Formulation

pytest.importorskip("cylp.cy", reason="the extra fast is not installed")
FREE = np.array([0.0, 0.0]), np.array([np.inf, 4.0])


@pytest.fixture(autouse=True)
def even_for_small_programs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(basis, "WORTH", 1)


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """Return a list in which is noted, for every program given to Clp, whether it found a basis."""
    heard, usual = [], basis._found

    def note(*given: object) -> object:
        answer = usual(*given)
        heard.append(answer is not None)
        return answer

    monkeypatch.setattr(basis, "_found", note)
    return heard


def loaded(rows: list[list[float]], sides: tuple[list[float], list[float]], **options: object) -> Highs:
    """Return a solver that holds rows over two columns, the second at most 4."""
    highs = Highs(SolverOptions(**options))
    own = np.array(sides[0], float), np.array(sides[1], float)
    highs.load(sparse.csr_array(np.array(rows, float)), FREE, own, np.zeros(2, bool))
    return highs


@pytest.mark.parametrize("name", ["cheapest", "diversified", "no-china-2027", "antimony-us-ban", "recycled-15"])
def test_ready_question_when_clp_finds_the_basis_then_the_plan_is_that_of_highs_alone(
    name: str, found: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    network, levels = ask(folder("models") / f"{name}.toml").network, ("shortage", "cost")
    with_clp = solve(to_pyomo(formulate(network)), levels, SolverOptions())
    assert found.count(True) >= 2
    monkeypatch.setattr(basis, "WORTH", 10**9)
    alone = solve(to_pyomo(formulate(network)), levels, SolverOptions())
    for level in levels:
        assert with_clp.level(level).value == pytest.approx(alone.level(level).value, rel=1e-9, abs=1e-6)
    assert with_clp.x == pytest.approx(alone.x, rel=1e-6, abs=1e-5)


def test_program_when_clp_finds_the_basis_then_highs_needs_no_step_more(found: list[bool]) -> None:
    highs = loaded([[1, 1], [1, -1]], ([3, -np.inf], [np.inf, 2]))
    highs.set_costs(np.array([2.0, 1.0]))
    outcome = highs.run()
    assert (outcome.status, outcome.objective, found) == ("optimal", pytest.approx(3.0), [True])
    assert highs._highs.getInfo().simplex_iteration_count == 0


def test_program_when_no_values_meet_it_then_highs_alone_says_so(found: list[bool]) -> None:
    highs = loaded([[1, 1], [1, 0]], ([9, -np.inf], [np.inf, 2]))
    assert highs.run().status == "infeasible"
    assert found == [False]


def test_program_when_it_is_unbounded_then_highs_alone_says_so(found: list[bool]) -> None:
    highs = loaded([[1, -1]], ([0], [np.inf]))
    highs.set_costs(np.array([-1.0, 0.0]))
    assert highs.run().status == "unbounded"
    assert found == [False]


def test_program_when_most_of_it_is_fixed_then_clp_is_not_asked(
    found: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(basis, "WORTH", 2)
    highs = loaded([[1, 1]], ([3], [np.inf]))
    highs.set_column_bounds(np.array([1.0, 0.0]), np.array([1.0, 4.0]))
    assert highs.run().status == "optimal"
    assert found == []


def test_next_solve_when_it_has_the_basis_of_the_last_then_clp_is_not_asked(found: list[bool]) -> None:
    highs = loaded([[1, 1]], ([3], [np.inf]))
    for cost in (1.0, 2.0):
        highs.set_costs(np.array([cost, 1.0]))
        highs.run()
    assert found == [True]


@pytest.mark.parametrize("name", ["cheapest", "diversified"])
def test_worth_of_more_room_when_clp_found_the_basis_then_it_starts_there(
    name: str, found: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    setting, options = ask(folder("models") / f"{name}.toml"), SolverOptions()
    model, minimize = ArrayModel(formulate(setting.network)), tuple(setting.question.objective.minimize)
    solution = solve(model, minimize, options)
    assert solution.basis is not None
    values = Values(model.formulation, solution)
    found.clear()
    started = plan_tables(values, Room(model, values.x, minimize, options, solution.basis))["binding"]
    assert found == []
    monkeypatch.setattr(basis, "WORTH", 10**9)
    afresh = plan_tables(values, Room(model, values.x, minimize, options))["binding"]
    alone = [(frame["worth"] > 0) & (frame["together"] == "") for frame in (started, afresh)]
    assert alone[0].equals(alone[1])  # of rules that bind together either may name others
    assert alone[0].any()
    assert started["worth"][alone[0]].tolist() == pytest.approx(afresh["worth"][alone[0]].tolist(), rel=1e-6)


@pytest.mark.parametrize("code", ["import time; time.sleep(60)", "raise SystemExit(3)", "print('no basis')"])
def test_solve_when_clp_hangs_or_fails_then_highs_solves_alone(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    usual = basis.subprocess.Popen
    monkeypatch.setattr(
        basis.subprocess, "Popen", lambda command, **given: usual([sys.executable, "-c", code], **given)
    )
    started = time.monotonic()
    highs = loaded([[1, 1]], ([3], [np.inf]), deadline=time.monotonic() + 3)
    highs.set_costs(np.array([2.0, 1.0]))
    assert highs.run().objective == pytest.approx(3.0)
    assert time.monotonic() - started < 20


def test_solve_when_it_is_to_end_then_the_process_of_clp_is_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    children, usual = [], basis.subprocess.Popen

    def sleeping(command: object, **given: object) -> object:
        children.append(usual([sys.executable, "-c", "import time; time.sleep(60)"], **given))
        return children[-1]

    monkeypatch.setattr(basis.subprocess, "Popen", sleeping)
    highs = loaded([[1, 1]], ([3], [np.inf]), stop=lambda: bool(children))
    assert highs.run().status == "stopped"
    assert [child.poll() is not None for child in children] == [True]


def test_process_of_clp_when_a_folder_has_modules_of_its_names_then_runs_none_of_them(
    tmp_path: Path, found: list[bool], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("numpy", "cylp", "sourcing", "io"):
        (tmp_path / f"{name}.py").write_text("open('was-here', 'w')\nraise SystemExit(9)\n")
    monkeypatch.chdir(tmp_path)
    assert loaded([[1, 1]], ([3], [np.inf])).run().status == "optimal"
    assert found == [True]
    assert not (tmp_path / "was-here").exists()


def test_plan_when_the_second_engine_is_missing_then_says_what_it_would_save(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny_case(tmp_path)
    question = write_question(tmp_path)
    monkeypatch.setattr(second_engine, "WORTH", 1)
    for there in (True, False):
        monkeypatch.setattr(second_engine, "has_second_engine", lambda there=there: there)
        assert main(["optimize", str(question), "--out", str(tmp_path / f"plan-{there}")]) == 0
        said = " ".join(capsys.readouterr().out.split())
        assert ("pip install 'sourcing[fast]'" in said) is not there
        notes = load_plan(tmp_path / f"plan-{there}").manifest["notes"]
        assert any("where Clp finds the basis" in note for note in notes) is not there


def test_note_when_columns_are_whole_then_is_none_since_clp_would_not_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(second_engine, "WORTH", 1)
    monkeypatch.setattr(second_engine, "has_second_engine", bool)

    def formulation(**changes: object) -> Formulation:
        folder = tmp_path / str(len(changes))
        folder.mkdir()
        tiny_case(folder, **changes)
        return formulate(ask(write_question(folder)).network)

    assert [note.code for note in second_engine.unhelped(formulation(), "ask.toml")] == ["SCREEN-387"]
    assert list(second_engine.unhelped(formulation(lot_multiple={"A": 20}), "ask.toml")) == []


READY = """
import os, sys
from sourcing.engine.clp import ends_with
os.write(1, b"+" if ends_with(int(sys.argv[1])) else b"-")
sys.stdin.read()
"""
"""Stands for Clp: says that it is ready, and goes on until its input ends."""
STARTING = """
import os, subprocess, sys
subprocess.Popen([sys.executable, "-c", sys.argv[1], str(os.getpid())]).wait()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere it goes on until it has its answer")
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_process_of_clp_when_the_one_that_waits_is_ended_then_ends_too(how: signal.Signals) -> None:
    given, end_of_input = os.pipe()
    told, end_of_output = os.pipe()
    command = [sys.executable, "-c", STARTING, READY]
    with subprocess.Popen(command, stdin=given, stdout=end_of_output) as parent:
        os.close(given)
        os.close(end_of_output)
        ready = os.read(told, 1)
        parent.send_signal(how)
    assert ready == b"+"
    ended, _, _ = select.select([told], [], [], 60)
    assert ended
    assert os.read(told, 1) == b""  # nobody is left who could write
    os.close(end_of_input)
    os.close(told)


def test_process_of_clp_when_nobody_waits_for_it_then_ends_without_reading() -> None:
    with subprocess.Popen([sys.executable, "-m", "sourcing.engine.clp", "0"], stdin=subprocess.PIPE) as child:
        assert child.wait() == 1
