"""The solver's log of a run that ends without a plan is kept where the screen and ``--json`` say."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sourcing import run
from sourcing.answer.solver_warnings import answered
from sourcing.cli import main
from sourcing.errors import InfeasiblePlan, SolverError, StoppedEarly
from sourcing.plan.drafts import ENDING
from tests.builders import tiny_case, write_question

IMPOSSIBLE = "[objective]\nshortage = 'none'\n"


@pytest.fixture
def impossible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    tiny_case(tmp_path, offers={"A": {"capacity": 1}, "B": {"capacity": 1}})
    monkeypatch.chdir(tmp_path)
    return write_question(tmp_path, IMPOSSIBLE)


def test_log_when_no_plan_meets_all_rules_then_the_screen_says_where_it_is(
    impossible: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["optimize", str(impossible), "--out", "runs/p"]) == InfeasiblePlan.exit_code
    kept = Path("runs/p-no-plan/analyst/solver.log")
    assert capsys.readouterr().err.splitlines()[-1] == f"The solver's log is kept: {kept}"
    assert "Coefficient ranges" in kept.read_text("utf-8")
    assert [path for path in Path("runs").iterdir() if path.name != "p-no-plan" or path.name.endswith(ENDING)] == []


def test_log_when_the_run_is_repeated_then_the_first_one_stays(impossible: Path) -> None:
    logs = []
    for _ in range(2):
        with pytest.raises(InfeasiblePlan) as none:
            run.optimize(impossible, out="runs/p")
        logs.append(none.value.log)
    assert logs == [Path(f"runs/{name}/analyst/solver.log") for name in ("p-no-plan", "p-no-plan-2")]


def test_log_when_the_time_is_up_then_json_says_where_it_is(
    impossible: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["optimize", str(impossible), "--out", "runs/p", "--time-limit", "0.001", "--json"]
    assert main(words) == StoppedEarly.exit_code
    error = json.loads(capsys.readouterr().out)["error"]
    assert error["message"] == "the time limit has passed; no plan was written; allow more with --time-limit"
    assert Path(error["log"]).read_text("utf-8")


def test_log_when_the_solver_fails_then_it_is_kept(tmp_path: Path) -> None:
    tiny_case(tmp_path, offers={"B": {"price": -1000, "capacity": ""}}, stocks={0: {"disposal_cost": 0}})
    with pytest.raises(SolverError, match="without end") as failure:
        run.optimize(write_question(tmp_path, "[objective]\nshortage = 'none'\n"), out=tmp_path / "p")
    assert failure.value.log == tmp_path / "p-no-plan" / "analyst" / "solver.log"


def test_log_when_nothing_is_written_anywhere_then_none_is_promised(impossible: Path) -> None:
    with pytest.raises(InfeasiblePlan) as none:
        run.optimize(impossible)
    assert none.value.log is None
    assert not Path("runs").exists()


def test_note_when_the_log_warns_of_being_stopped_alone_then_no_number_is_blamed(tmp_path: Path) -> None:
    log = tmp_path / "solver.log"
    log.write_text("WARNING: Ipx: Stopped\nWARNING: Ipx: Crossover not run\n", "utf-8")
    assert answered(log) == []
    log.write_text("WARNING: Ipx: Stopped\nWARNING: Problem has some excessively large costs\n", "utf-8")
    assert len(answered(log)) == 1
