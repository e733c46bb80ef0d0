"""The command line against a stand-in for the run: what is printed where, and how each ending is told."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from itertools import islice
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest
from test_report_sample import sample_plan

import sourcing
from sourcing.audit import Verdict
from sourcing.cli import main
from sourcing.cli.app import app_command
from sourcing.errors import (
    AuditFailure,
    DataError,
    Fault,
    InfeasiblePlan,
    QuestionError,
    SolverError,
    SourcingError,
    StoppedEarly,
)
from sourcing.reasons import Explanation
from sourcing.report.console import NEXT
from sourcing.terminal.runs import latest, new_folders, plan_folder

FAULT = Fault("offers.csv row 17, column capacity", "-40 is below 0", "give 0 or more", "DATA-104")


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> SimpleNamespace:
    """Put a stand-in for ``sourcing.run`` in place; its plan, verdict and failure can be set."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "100")
    state = SimpleNamespace(plan=sample_plan(), failure=None, asked=None, verdict=Verdict(), faults=[], subject=None)
    module = ModuleType("sourcing.run")

    def optimize(question: str, **options: object) -> SimpleNamespace:
        state.asked = (question, options)
        if state.failure:
            raise state.failure
        return state.plan

    def explain(subject: str, **asked: object) -> SimpleNamespace:
        state.subject, state.asked = subject, asked
        return SimpleNamespace(words=["One point more would save USD 0.9 M."], tables={}, evidence={})

    module.optimize = optimize
    module.RunOptions = SimpleNamespace
    module.check = lambda subject: SimpleNamespace(faults=state.faults, findings=[], sizes={"sites": 27})
    module.audit_plan = lambda folder: state.verdict
    monkeypatch.setattr("sourcing.studies.explain.call.explain", explain)
    monkeypatch.setitem(sys.modules, "sourcing.run", module)
    monkeypatch.setattr(sourcing, "run", module, raising=False)
    return state


def keep(name: str, created: str) -> Path:
    """Keep a plan in runs/."""
    folder = Path("runs") / name
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"created": created}), "utf-8")
    return folder


def test_optimize_prints_the_plan_to_stdout_and_nothing_else(
    run: SimpleNamespace, capsys: pytest.CaptureFixture
) -> None:
    assert main(["optimize"]) == 0
    out, err = capsys.readouterr()
    assert out.startswith("Where should a magnet maker buy")
    assert "\x1b" not in out
    assert err == ""
    assert run.asked[0] == "diversified"


def test_optimize_hands_every_option_on(run: SimpleNamespace) -> None:
    words = "optimize q.toml --case c --out there --gap 0.01 --time-limit 9 --threads 2 --write-model m.lp --no-compare"
    assert main(words.split()) == 0
    question, asked = run.asked
    assert question == "q.toml"
    assert asked["case"] == "c"
    assert asked["out"] == Path("there")
    assert vars(asked["options"]) == {
        "gap": 0.01,
        "time_limit": 9.0,
        "threads": 2,
        "write_model": Path("m.lp"),
        "compare": False,
    }
    assert asked["progress"] is None  # no terminal, no progress


def test_optimize_quiet_prints_only_the_folder(run: SimpleNamespace, capsys: pytest.CaptureFixture) -> None:
    assert main(["optimize", "--quiet"]) == 0
    assert capsys.readouterr().out == f"{run.plan.folder}\n"


def test_optimize_json_prints_one_object(run: SimpleNamespace, capsys: pytest.CaptureFixture) -> None:
    assert main(["optimize", "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert shown["schema"] == 1
    assert shown["plan"]["status"] == run.plan.manifest["status"]


def test_optimize_stopped_before_proof_ends_with_5(run: SimpleNamespace, capsys: pytest.CaptureFixture) -> None:
    run.plan = sample_plan(status="stopped", gap=0.02)
    assert main(["optimize"]) == 5
    assert "stopped: within 2 % of the best" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("failure", "code", "said"),
    [
        (DataError([FAULT]), 3, "The tables cannot be used: 1 fault\n  offers.csv row 17, column capacity: -40"),
        (QuestionError([FAULT] * 2), 3, "The question cannot be used: 2 faults"),
        (QuestionError([replace(FAULT, code="PLAN-004")]), 3, "The plan cannot be used for this: 1 fault"),
        (InfeasiblePlan(Explanation(["Tb oxide lacks 3 t."])), 4, "No plan meets all rules.\nTb oxide lacks 3 t."),
        (StoppedEarly("time limit of 1 s"), 5, "Stopped before any plan was finished: time limit of 1 s"),
        (AuditFailure(["balance of SUMTER"]), 6, "The audit does not agree with the plan: 1 finding\n  balance"),
        (SolverError("out of memory"), 7, "The solver or the file system failed: out of memory"),
        (PermissionError(13, "Permission denied", "runs"), 7, "runs: Permission denied"),
        (KeyError("node"), 1, "This is a bug in sourcing, not in your data: KeyError: 'node'"),
        (KeyboardInterrupt(), 5, "Stopped before any plan was finished: interrupted"),
    ],
)
def test_failure_is_told_on_stderr_and_by_its_exit_code(
    run: SimpleNamespace, capsys: pytest.CaptureFixture, failure: BaseException, code: int, said: str
) -> None:
    run.failure = failure
    assert main(["optimize"]) == code
    out, err = capsys.readouterr()
    assert said in err
    assert "Traceback" not in err
    assert out == ""


def test_every_kind_of_failure_has_words_of_its_own() -> None:
    from sourcing.cli.failures import _OPENING

    def leaves(kind: type) -> set[type]:
        kinds = [each for each in kind.__subclasses__() if each.__module__ == "sourcing.errors"]
        return set().union(*map(leaves, kinds)) if kinds else {kind}

    assert leaves(SourcingError) == set(_OPENING)


def test_failure_with_json_is_one_object_with_all_faults(run: SimpleNamespace, capsys: pytest.CaptureFixture) -> None:
    run.failure = DataError([FAULT] * 30)
    assert main(["optimize", "--json"]) == 3
    out, err = capsys.readouterr()
    shown = json.loads(out)
    assert shown["schema"] == 1
    assert shown["error"]["kind"] == "DataError"
    assert shown["error"]["exit_code"] == 3
    assert len(shown["error"]["faults"]) == 30
    assert shown["error"]["faults"][0]["place"] == "offers.csv row 17, column capacity"
    assert err == ""


def test_no_plan_with_json_carries_the_explanation(run: SimpleNamespace, capsys: pytest.CaptureFixture) -> None:
    run.failure = InfeasiblePlan(Explanation(["Tb oxide lacks 3 t."]))
    assert main(["optimize", "--json"]) == 4
    assert json.loads(capsys.readouterr().out)["error"]["explanation"]["words"] == ["Tb oxide lacks 3 t."]


def test_faults_beyond_twenty_are_told_by_kind(run: SimpleNamespace, capsys: pytest.CaptureFixture) -> None:
    other = Fault("sites.csv row 2, column country", "the cell is blank", "fill it in", "DATA-108")
    run.failure = DataError([other, *[FAULT] * 30])
    main(["optimize"])
    assert capsys.readouterr().err.splitlines() == [
        "The tables cannot be used: 31 faults",
        "  30 × value outside its range (DATA-104)",
        *[f"    {FAULT}"] * 3,
        "    … 27 more of this kind",
        "  1 × required cell blank (DATA-108)",
        f"    {other}",
        "  --json lists all of them",
    ]


@pytest.mark.parametrize("asked", ["option", "environment"])
def test_bug_with_debug_shows_the_traceback(
    run: SimpleNamespace, capsys: pytest.CaptureFixture, monkeypatch: pytest.MonkeyPatch, asked: str
) -> None:
    run.failure = KeyError("node")
    if asked == "environment":
        monkeypatch.setenv("SOURCING_DEBUG", "1")
    assert main(["optimize", *(["--debug"] if asked == "option" else [])]) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    "words",
    [
        ["nothing-of-the-kind"],
        ["optimize", "--gap", "-1"],
        ["optimize", "--threads", "0"],
        ["optimize", "--write-model", "model.txt"],
        ["optimize", "--no-such-option"],
        ["optimize", "one", "two"],
        ["docs", "no-such-topic"],
        ["init"],
    ],
)
def test_usage_fault_ends_with_2(run: SimpleNamespace, capsys: pytest.CaptureFixture, words: list[str]) -> None:
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert "--help" in err
    assert out == ""
    assert main([*words, "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["error"]["kind"] == "UsageError"


def test_optimize_into_a_folder_that_exists_is_refused(run: SimpleNamespace, capsys: pytest.CaptureFixture) -> None:
    Path("there").mkdir()
    assert main(["optimize", "--out", "there"]) == 2
    assert "is there already" in capsys.readouterr().err
    assert run.asked is None


def test_check_ends_with_3_if_there_are_faults(run: SimpleNamespace, capsys: pytest.CaptureFixture) -> None:
    assert main(["check"]) == 0
    assert "diversified: no faults" in capsys.readouterr().out
    run.faults = [FAULT]
    assert main(["check", "mine.toml", "--json"]) == 3
    assert json.loads(capsys.readouterr().out)["check"]["faults"][0]["code"] == "DATA-104"


def test_audit_ends_with_6_if_it_disagrees(run: SimpleNamespace, capsys: pytest.CaptureFixture) -> None:
    folder = keep("a", "2026-11-23T10:00:00Z")
    assert main(["audit"]) == 0
    assert str(folder) in capsys.readouterr().out
    run.verdict = Verdict(findings=["balance of SUMTER"], found=1)
    assert main(["audit", "a", "--json"]) == 6
    assert json.loads(capsys.readouterr().out)["audit"]["findings"] == ["balance of SUMTER"]


@pytest.mark.parametrize("command", ["audit", "explain"])
def test_latest_without_any_plan_ends_with_3(run: SimpleNamespace, capsys: pytest.CaptureFixture, command: str) -> None:
    assert main([command, "latest"]) == 3
    assert "make one: sourcing optimize" in capsys.readouterr().err


def test_explain_takes_a_plan_or_a_question(run: SimpleNamespace, capsys: pytest.CaptureFixture) -> None:
    folder = keep("a", "2026-11-23T10:00:00Z")
    assert main(["explain"]) == 0
    assert run.subject == str(folder)
    assert main(["explain", "diversified", "--json"]) == 0
    assert run.subject == "diversified"
    assert "One point more" in capsys.readouterr().out


def test_explain_hands_on_what_is_asked(run: SimpleNamespace, capsys: pytest.CaptureFixture) -> None:
    assert main(["explain", "q", "--why-not", "LYN-DY"]) == 0
    assert run.asked == {"why_not": "LYN-DY", "tonne": None}
    assert main(["explain", "q", "--tonne", "dy_oxide", "--at", "SUMTER", "--period", "2028"]) == 0
    assert run.asked == {"why_not": None, "tonne": ("dy_oxide", "SUMTER", "2028")}
    assert main(["explain", "q", "--tonne", "dy_oxide", "--why-not", "LYN-DY"]) == 2
    assert main(["explain", "q", "--at", "SUMTER"]) == 2
    assert "name the material" in capsys.readouterr().err


def test_latest_is_the_newest_by_manifest_not_by_name(run: SimpleNamespace) -> None:
    keep("z", "2026-11-23T10:00:00Z")
    newest = keep("a", "2026-11-23T10:00:01Z")
    (Path("runs") / "half-written").mkdir()
    keep(".b.sourcing-draft", "2026-11-23T10:00:02Z")
    assert latest() == newest
    assert plan_folder("a") == plan_folder("runs/a") == plan_folder("latest") == newest
    assert plan_folder("nowhere") is None


def test_new_folders_are_numbered_by_the_day() -> None:
    names = [folder.name for folder in islice(new_folders("models/diversified.toml"), 3)]
    assert names == [names[0], f"{names[0]}-2", f"{names[0]}-3"]
    assert names[0].endswith("-diversified")


def test_commands_named_on_the_screen_exist() -> None:
    assert set(NEXT) <= set(app_command().commands)


def test_every_command_has_json_and_one_example() -> None:
    for name, command in app_command().commands.items():
        assert command.epilog.startswith(f"Example: sourcing {name}")
        assert any("--json" in option.opts for option in command.params), name


def test_command_line_page_names_every_command_and_option() -> None:
    text = (Path(__file__).parent.parent / "docs" / "command-line.md").read_text("utf-8")
    root = app_command()
    for name, command in {"": root, **root.commands}.items():
        assert f"## `sourcing {name}".rstrip() in text
        options = [option.opts[0] for option in command.params if option.opts[0].startswith("--")]
        assert [option for option in options if f"`{option}" not in text and f" {option}`" not in text] == [], name


def test_docs_lists_topics_and_prints_the_column_dictionary(capsys: pytest.CaptureFixture) -> None:
    assert main(["docs"]) == 0
    assert "tables" in capsys.readouterr().out
    assert main(["docs", "tables", "--json"]) == 0
    assert "offers" in json.loads(capsys.readouterr().out)["text"]


def python(code: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
    )


def test_help_imports_no_heavy_package() -> None:
    code = (
        "import sys; from sourcing.cli import main; assert main(['--help']) == 0;"
        "heavy = {'pandas', 'numpy', 'scipy', 'pyomo', 'highspy', 'altair', 'vl_convert'};"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)"
    )
    done = python(code)
    assert done.returncode == 0
    assert done.stderr.strip() == "[]"
    assert "optimize" in done.stdout


@pytest.mark.parametrize("call", ["audit_plan", "check", "comply", "compare", "load_plan"])
def test_calls_that_only_read_load_no_solver(call: str) -> None:
    heavy = "{'pyomo', 'highspy', 'altair', 'vl_convert'}"
    done = python(f"import sys; from sourcing.run import {call}; print(sorted({heavy} & set(sys.modules)))")
    assert (done.returncode, done.stdout.strip()) == (0, "[]")


def test_calls_keep_their_names_where_modules_of_the_same_name_are_loaded() -> None:
    names = (
        "'alternatives', 'check', 'compare', 'comply', 'decide', 'explain', 'frontier', 'optimize', 'target', 'tornado'"
    )
    code = (
        f"import importlib, sourcing.run as run; names = [{names}]\n"
        "for name in names: importlib.import_module(run._HOME[name])\n"
        "print(all(getattr(run, name).__name__ == name for name in names), set(names) <= set(run.__all__))"
    )
    done = python(code)
    assert (done.returncode, done.stdout.strip()) == (0, "True True")


def test_version_is_the_package_version(capsys: pytest.CaptureFixture) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"sourcing {sourcing.__version__}\n"


def test_reader_that_goes_away_ends_the_output_quietly() -> None:
    code = (
        "import sys; from sourcing.terminal.output import print_result\nfor _ in range(20000): print_result('x' * 99)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stderr is not None
        writer.stdout.readline()
        writer.stdout.close()
        assert writer.stderr.read() == b""
        assert writer.wait() == 0


def test_terminal_without_block_characters_gets_question_marks_not_an_error() -> None:
    code = "from sourcing.cli import main; import sys; sys.exit(main(['--help']))"
    done = python(code, PYTHONIOENCODING="ascii")
    assert done.returncode == 0


@pytest.mark.parametrize("name", sourcing.__all__)
def test_public_name_is_listed(name: str) -> None:
    assert name in dir(sourcing)


def test_unknown_public_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no_such_name"):
        _ = sourcing.no_such_name
