"""The pages written from the code: the question file, the codes; and what messages say of them."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from sourcing.cli import main
from sourcing.question import load_question
from sourcing.question.horizon import Horizon
from sourcing.question.schema import Edit, Objective, QuestionFile, Solver, Stability
from sourcing.report.reference import _EXAMPLE, PAGES
from sourcing.run import check

ROOT = Path(__file__).parents[1]
MODELS = (QuestionFile, Horizon, Objective, Edit, Stability, Solver)


def said(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Return what a command prints, in one line of words."""
    main(list(words))
    out = capsys.readouterr()
    return out.out + out.err


HEAD = (
    'schema = 1\nquestion = "?"\ncase = "magnet-maker"\n[horizon]\nstart = "2027-01"\nperiods = 4\nlength = "quarter"\n'
)


@pytest.mark.parametrize("name", sorted(PAGES))
def test_page_when_written_again_then_is_the_one_in_docs(name: str) -> None:
    assert (ROOT / "docs" / f"{name}.md").read_text("utf-8") == PAGES[name](), "run: make docs"


@pytest.mark.parametrize("model", MODELS)
def test_key_when_in_the_schema_then_the_page_has_it_with_an_example_that_is_accepted(
    model: type[QuestionFile],
) -> None:
    page = PAGES["question"]()
    for name, field in model.model_fields.items():
        key = field.alias or name
        (example,) = field.examples or []
        assert f"`{key} = {example}`" in page
        value = tomllib.loads(f"{key} = {example}")[key]
        adapter: TypeAdapter[object] = TypeAdapter(field.annotation)
        adapter.validate_python(value, strict=True)


def test_example_when_taken_from_the_page_then_is_a_question_without_faults(tmp_path: Path) -> None:
    question = tmp_path / "example.toml"
    question.write_text(_EXAMPLE, "utf-8")
    assert load_question(question).limits[0]["limit"] == "ndpr-one-country"
    assert check(question).faults == []


def test_code_when_any_module_uses_it_then_the_page_lists_it() -> None:
    sources = "".join(path.read_text("utf-8") for path in (ROOT / "sourcing").rglob("*.py"))
    used = set(re.findall(r'"((?:DATA|QUESTION|SCREEN|PLAN)-\d{3})"', sources))
    assert used <= set(re.findall(r"^\| (\S+-\d{3}) \|", PAGES["codes"](), re.MULTILINE))
    assert {"DATA-104", "QUESTION-213", "SCREEN-301", "PLAN-003"} <= used


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ("[objective]\nminimize = ['carbon']", 'objective.minimize #1: "carbon" will not do'),
        ("[[limits]]\nlimit = 'a'\nmeasure = 'shares'\nvalue = 0.3", "did you mean 'share'? (DATA-113)"),
        ("[[edits]]\ntable = 'offers'\nwhere = {}\nset = { price = '+10%' }", 'write "x1.1" for +10% (DATA-109)'),
        ("[[edits]]\ntable = 'offers'\nwhere = {}\nset = { price = '-2.5%' }", 'write "x0.975" for -2.5% (DATA-109)'),
    ],
)
def test_slip_when_shown_then_one_fault_with_a_repair_that_works_and_its_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], more: str, words: str
) -> None:
    (tmp_path / "q.toml").write_text(HEAD + more, "utf-8")
    shown = said(capsys, "check", str(tmp_path / "q.toml"))
    assert "1 fault\n" in shown
    assert words in " ".join(shown.split())


def test_key_when_missing_then_the_repair_is_a_line_of_toml(tmp_path: Path) -> None:
    (tmp_path / "q.toml").write_text("question = '?'", "utf-8")
    repairs = [fault.repair.partition(" (")[0].removeprefix("add ") for fault in check(tmp_path / "q.toml").faults]
    read = tomllib.loads("\n".join(repairs))
    assert set(read) == {"schema", "case", "horizon"}
    QuestionFile.model_validate({**read, "question": "?"})


@pytest.mark.parametrize("command", ["optimize", "target", "frontier", "alternatives", "tornado", "chart", "comply"])
def test_help_when_shown_then_speaks_no_python(capsys: pytest.CaptureFixture[str], command: str) -> None:
    shown = said(capsys, command, "--help")
    assert (
        re.search(
            r"<\w+|list\[|int range", shown.replace("<date>", "").replace("<question>", "").replace("<limit>", "")
        )
        is None
    )
    for name in {"target": "curve", "frontier": "frontier", "alternatives": "ranges"}.get(command, "").split():
        assert f"Folder for the {name} and" in " ".join(shown.split())


def test_docs_when_topics_are_listed_then_names_and_titles_are_apart(capsys: pytest.CaptureFixture[str]) -> None:
    shown = said(capsys, "docs")
    rows = [line for line in shown.splitlines() if line and not line.startswith("Read one")]
    assert all(re.match(r"\S+ {2,}\S", row) for row in rows)
    decision = said(capsys, "docs", "0033")
    assert decision.startswith("# 33. ")
