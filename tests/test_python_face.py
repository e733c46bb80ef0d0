"""The calls from Python promise what the commands promise: refusals, failures, interrupts, what a plan looks like."""

from __future__ import annotations

import pickle
import signal
import threading
from contextlib import suppress
from importlib import import_module
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import tiny_case, write_question

from sourcing import errors, run
from sourcing.errors import (
    AuditFailure,
    DataError,
    Fault,
    FaultyFamily,
    InfeasiblePlan,
    OutOfMemory,
    QuestionError,
    SolverError,
    SourcingError,
    StoppedEarly,
)
from sourcing.interrupts import interrupts
from sourcing.plan import Plan
from sourcing.reasons import Explanation
from sourcing.run import RunOptions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


@pytest.fixture
def ask(tmp_path: Path) -> Path:
    tiny_case(tmp_path)
    return write_question(tmp_path)


def spoil(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the auditor find something, whatever the plan."""
    module: Any = import_module("sourcing.answer.audit")
    honest = module.verdict_on
    monkeypatch.setattr(module, "verdict_on", lambda plan: honest(plan).also(["purchases: a tonne is missing"]))


def test_plan_that_the_audit_refuses_when_nothing_is_written_then_is_raised_with_the_plan(
    ask: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(monkeypatch)
    with pytest.raises(AuditFailure, match="a tonne is missing") as refusal:
        run.optimize(ask)
    assert refusal.value.findings == ["purchases: a tonne is missing"]
    assert isinstance(refusal.value.plan, Plan)


def test_plan_that_the_audit_refuses_when_explained_then_is_raised_too(
    ask: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spoil(monkeypatch)
    with pytest.raises(AuditFailure):
        run.explain(ask)


def test_folder_when_named_by_a_text_then_is_written(ask: Path, tmp_path: Path) -> None:
    plan = run.optimize(ask, out=str(tmp_path / "plan"))
    assert plan.folder == tmp_path / "plan"
    again = run.optimize(ask, out=[str(tmp_path / "plan"), tmp_path / "other"])
    assert again.folder == tmp_path / "other"
    with pytest.raises(SolverError, match="is there already; name another folder"):
        run.optimize(ask, out=str(tmp_path / "plan"))


def test_plan_when_shown_at_a_prompt_then_is_one_short_line(ask: Path) -> None:
    plan = run.optimize(ask)
    assert repr(plan).startswith("<Plan 'ask': optimal, USD ")
    assert len(repr(plan)) < 120
    assert repr(plan.case).startswith("<Case 'tiny': ")
    assert len(repr(plan.case)) < 200


def everything_that_can_fail() -> list[SourcingError]:
    faults = [Fault("offers.csv row 17, price", "it is blank", "write a price", "DATA-108"), Fault("b", "c", "", "D")]
    explanation = Explanation(["No plan meets all rules."], {"repairs": pd.DataFrame({"cost": [1.0]})})
    return [
        *(DataError(faults), QuestionError(faults), InfeasiblePlan(explanation), StoppedEarly("interrupted")),
        *(AuditFailure(["one", "two"], "a plan"), SolverError("the disk is full"), SourcingError("x", 3)),
        *(OutOfMemory("the memory is not enough"), FaultyFamily("a family is half there")),
    ]


@pytest.mark.parametrize("failure", everything_that_can_fail(), ids=lambda failure: type(failure).__name__)
@pytest.mark.parametrize("protocol", range(2, pickle.HIGHEST_PROTOCOL + 1))
def test_failure_when_pickled_then_comes_back_as_it_was(failure: SourcingError, protocol: int) -> None:
    failure.add_note("seen in another process")
    again = pickle.loads(pickle.dumps(failure, protocol))
    assert type(again) is type(failure)
    assert (str(again), again.args, again.exit_code) == (str(failure), failure.args, failure.exit_code)
    before, after = vars(failure).copy(), vars(again).copy()
    for kept in (before, after):
        explanation = kept.pop("explanation", None)
        if explanation is not None:
            assert explanation.words == ["No plan meets all rules."]
            assert explanation.tables["repairs"]["cost"].tolist() == [1.0]
    assert after == before


def test_every_failure_when_pickled_then_is_among_those_tried() -> None:
    kinds = {kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, SourcingError)}
    assert kinds - {type(one) for one in everything_that_can_fail()} == {errors.FaultyInput}


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"gap": 5}, "RunOptions, gap: 5 will not do; write a share from 0 to 1; 0.01 is 1 %"),
        ({"gap": -0.1}, "gap"),
        ({"gap": float("nan")}, "gap"),
        ({"gap": "1%"}, "RunOptions, gap: '1%' will not do"),
        ({"threads": -2}, "RunOptions, threads: -2 will not do; write a whole number from 1"),
        ({"threads": 0}, "threads"),
        ({"threads": True}, "threads"),
        ({"threads": 1.5}, "threads"),
        ({"time_limit": 0}, "RunOptions, time_limit: 0 will not do; write seconds above 0"),
        ({"time_limit": float("nan")}, "time_limit"),
        ({"write_model": "model.txt"}, "ends in .lp or .mps"),
    ],
)
def test_options_when_they_cannot_be_meant_then_are_refused_in_words(asked: dict[str, Any], said: str) -> None:
    with pytest.raises(QuestionError) as refusal:
        RunOptions(**asked)
    assert said in str(refusal.value)
    assert [fault.code for fault in refusal.value.faults] == ["QUESTION-205"]


def test_options_when_several_are_wrong_then_all_are_said() -> None:
    with pytest.raises(QuestionError) as refusal:
        RunOptions(gap=5, threads=-2, time_limit=0)
    assert len(refusal.value.faults) == 3


def test_model_file_when_named_by_a_text_then_is_written(ask: Path, tmp_path: Path) -> None:
    run.optimize(ask, options=RunOptions(write_model=str(tmp_path / "model.lp"), gap=0, time_limit=60, threads=1))
    assert (tmp_path / "model.lp").stat().st_size > 0


@pytest.fixture
def at_a_terminal() -> Iterator[None]:
    """Hear Ctrl-C although whoever started the tests may not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def interrupt_at(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """Have Ctrl-C come whenever a call of that name in ``sourcing.answer.optimize`` begins."""
    module: Any = import_module("sourcing.answer.optimize")
    honest: Callable[..., Any] = getattr(module, moment)

    def interrupted(*given: Any, **more: Any) -> Any:
        signal.raise_signal(signal.SIGINT)
        return honest(*given, **more)

    monkeypatch.setattr(module, moment, interrupted)


@pytest.mark.usefixtures("at_a_terminal")
@pytest.mark.parametrize("moment", ["formulate", "cheapest_of", "with_verdict", "keep"])
def test_loop_of_solves_when_ctrl_c_comes_once_then_it_ends(
    ask: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    interrupt_at(monkeypatch, moment)
    begun: list[int] = []

    def loop() -> None:
        for number in range(3):
            begun.append(number)
            run.optimize(ask, out=tmp_path / f"plan-{number}")

    with pytest.raises(KeyboardInterrupt):
        loop()
    assert begun == [0]
    assert (tmp_path / "plan-0").exists() == (moment != "formulate")
    if moment != "formulate":
        assert run.audit_plan(tmp_path / "plan-0").is_clean
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


@pytest.mark.usefixtures("at_a_terminal")
def test_loop_that_forgives_failures_when_ctrl_c_comes_then_it_ends_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tiny_case(tmp_path, offers={"A": {"capacity": 1}, "B": {"capacity": 1}})
    hopeless = write_question(tmp_path, '[objective]\nshortage = "none"\n')
    interrupt_at(monkeypatch, "explain_none")
    begun: list[int] = []

    def loop() -> None:
        for number in range(3):
            begun.append(number)
            with suppress(SourcingError):
                run.optimize(hopeless)

    with pytest.raises(KeyboardInterrupt):
        loop()
    assert begun == [0]


@pytest.mark.usefixtures("at_a_terminal")
def test_ctrl_c_when_somebody_outside_listens_then_is_left_to_them(ask: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    interrupt_at(monkeypatch, "cheapest_of")
    with interrupts() as heard:
        assert run.optimize(ask).manifest["status"] == "optimal"
        assert heard.asked


def test_plan_when_made_beside_the_main_thread_then_hears_no_signals(ask: Path) -> None:
    made = []
    thread = threading.Thread(target=lambda: made.append(run.optimize(ask)))
    thread.start()
    thread.join()
    assert made[0].manifest["status"] == "optimal"
