"""Questions, edits and tables that are made in Python are checked as those from files are."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from builders import tiny_case, tiny_tables, write_question

from sourcing import load_question, optimize, read_case
from sourcing.errors import DataError, QuestionError
from sourcing.question import Edit, Horizon, Question, apply
from sourcing.run import ask, model_of

if TYPE_CHECKING:
    from pathlib import Path

HORIZON = Horizon(start="2027-01", periods=8, length="quarter", tail=0)
LIMIT = {"limit": "few-far", "measure": "tonnes", "by": "country", "member": "CHN", "per": "horizon", "value": 100}


def made(folder: Path, **more: Any) -> Question:
    """Return a question of the tiny case as an analyst writes it."""
    question = Question(schema=1, question="What is the least cost?", case=str(folder), horizon=HORIZON)
    return question.model_copy(update=more)


def refused(question: Question) -> list[tuple[str, str]]:
    with pytest.raises(QuestionError) as refusal:
        ask(question)
    assert all(fault.repair and fault.code.startswith(("QUESTION", "DATA")) for fault in refusal.value.faults)
    return [(fault.place, fault.fact) for fault in refusal.value.faults]


@pytest.mark.parametrize(
    ("more", "place", "fact"),
    [
        ({"limits": [{**LIMIT, "mesure": "share"}]}, "question limits #1", "limits has no column 'mesure'"),
        ({"limits": [{**LIMIT, "limit": ""}]}, "question limits #1, limit", "the limit has no name"),
        ({"limits": [{**LIMIT, "value": None}]}, "question limits #1, value", "None is no cell of a table"),
        ({"edits": [{"table": "ofers", "where": {}, "set": {"price": 1}}]}, "question edits #1, table", "no table"),
        ({"edits": [{"table": "offers", "where": {}, "set": {"prize": 1}}]}, "question edits #1, set", "no column"),
        ({"edits": [{"table": "offers", "were": {}, "set": {"price": 1}}]}, "question edits #1, were", "no key"),
        ({"edits": [Edit(table="offers", where={"x": 1}, set={"price": 1})]}, "question edits #1, where", "no column"),
        ({"edits": [Edit(table="of", where={}, set={"price": 1})]}, "question edits #1, table", "no table"),
        ({"edits": [Edit(table="offers", add=[{"offfer": "Z"}])]}, "question edits #1, add", "no column"),
        ({"limts": []}, "question, limts", "there is no key 'limts'"),
        ({"without": ["lotts"]}, "question, without", "there is no family of rules 'lotts'"),
        ({"presets": ["eu-crma-230"]}, "question, presets: eu-crma-230", "there is no such preset"),
        ({"objective": {"shortage": "nune"}}, "question, objective.shortage", '"nune" will not do'),
        ({"horizon": {"start": "2027", "periods": 0, "length": "year"}}, "question, horizon.periods", "0 will not do"),
        ({"solver": {"gap": 5}}, "question, solver.gap", "5 will not do"),
        ({"stability": {"last": "nowhere"}}, "question, stability.last", "there is no plan 'nowhere'"),
        ({"case": "tinny"}, "question, case", "there is no case 'tinny'"),
        ({"limits": {"limit": "x"}}, "question, limits", "a table will not do"),
    ],
)
def test_question_when_changed_wrongly_in_python_then_is_refused_as_a_file_is(
    tmp_path: Path, more: dict[str, Any], place: str, fact: str
) -> None:
    found = refused(made(tiny_case(tmp_path), **more))
    assert [(at, said) for at, said in found if at == place and fact in said], found


def test_faults_when_there_are_several_then_all_are_said(tmp_path: Path) -> None:
    edits = [{"table": "ofers", "where": {}, "set": {"price": 1}}, {"table": "sites", "where": {}, "set": {"prize": 1}}]
    places = [place for place, _ in refused(made(tiny_case(tmp_path), edits=edits, limits=[{"limit": "a", "b": 1}]))]
    assert places == ["question limits #1", "question edits #1, table", "question edits #2, set"]


def test_fault_of_a_wrong_word_when_a_like_one_is_known_then_names_it(tmp_path: Path) -> None:
    with pytest.raises(QuestionError) as refusal:
        ask(made(tiny_case(tmp_path), limits=[{**LIMIT, "mesure": "share"}]))
    assert [fault.repair for fault in refusal.value.faults] == ["did you mean 'measure'?"]


def test_edits_when_written_as_dicts_then_do_what_edits_do(tmp_path: Path) -> None:
    case = tiny_case(tmp_path)
    doubled = {"table": "offers", "where": {"offer": "B"}, "set": {"price": "x2"}}
    as_dict, as_edit = (made(case, edits=[each]) for each in (doubled, Edit.model_validate(doubled)))
    assert ask(as_dict).case["offers"]["price"].tolist() == ask(as_edit).case["offers"]["price"].tolist()
    assert optimize(as_dict).manifest["edits"] == [doubled | {"where": {"offer": ["B"]}, "remove": False}]


def test_question_when_its_limits_are_changed_then_each_place_is_where_it_stands(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    text = "".join(
        f"[[limits]]\nlimit = '{name}'\nmeasure = 'tonnes'\nvalue = {value}\n" for name, value in (("a", 500), ("b", 9))
    )
    question = load_question(write_question(tmp_path, text))
    none = question.model_copy(update={"limits": []})
    assert ask(none).case["limits"].empty
    kept = question.model_copy(update={"limits": [LIMIT, *question.limits[1:]]})
    assert kept.limit_places == ["ask limits #1", "ask.toml limits #2"]
    assert sorted(ask(kept).case.added) == ["ask limits #1", "ask.toml limits #2"]
    assert optimize(kept).tables["limits"]["limit"].unique().tolist() == ["b", "few-far"]


def test_question_when_another_case_is_named_then_that_one_is_read(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    question = load_question(write_question(tmp_path))
    other = tiny_case(tmp_path / "other", offers={"B": {"price": 1}})
    assert ask(question.model_copy(update={"case": str(other)})).case["offers"]["price"].min() == 1


def test_question_when_copied_unchanged_then_asks_the_same(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    horizon = 'horizon = { start = "2027-01", periods = 8, length = "quarter", within = "nothing" }\n'
    question = load_question(write_question(tmp_path, horizon + "[solver]\ngap = 0.01\n"))
    assert question.model_copy() == question
    assert ask(question.model_copy(deep=True)).question == question


def test_edits_when_applied_by_themselves_then_are_checked_too(tmp_path: Path) -> None:
    case = read_case(tiny_case(tmp_path))
    with pytest.raises(QuestionError, match="there is no table 'ofers'; did you mean 'offers'"):
        apply(made(tmp_path, edits=[{"table": "ofers", "where": {}, "set": {"price": 1}}]), case)


def test_numbers_and_dates_when_they_are_pythons_own_then_are_read_as_a_file_is(tmp_path: Path) -> None:
    edits = [
        Edit(table="offers", where={"offer": "A"}, set={"price": 7.5}),
        {"table": "offers", "where": {"offer": "A"}, "set": {"capacity": np.int64(80)}},
        {"table": "offers", "where": {"offer": ["A"]}, "set": {"start": date(2027, 2, 1)}},
    ]
    offers = ask(made(tiny_case(tmp_path), edits=edits)).case["offers"].set_index("offer")
    assert offers.loc["A", ["price", "capacity", "start"]].tolist() == [7.5, 80, pd.Timestamp("2027-02-01")]


def test_case_when_read_or_made_of_frames_then_is_planned_like_its_folder(tmp_path: Path) -> None:
    folder = tiny_case(tmp_path)
    frames = {name: pd.DataFrame(rows) for name, rows in tiny_tables().items()}
    costs = [
        optimize(made(folder), case=case).manifest["objective"]["cost"]
        for case in (None, read_case(folder), frames, read_case(folder).tables)
    ]
    assert costs == pytest.approx([costs[0]] * 4, rel=1e-12)
    assert model_of(made(folder), case=frames).formulation.shape == model_of(made(folder)).formulation.shape


def test_frames_when_something_in_them_is_wrong_then_it_is_said_by_row(tmp_path: Path) -> None:
    frames = {name: pd.DataFrame(rows) for name, rows in tiny_tables(offers={"B": {"price": "much"}}).items()}
    with pytest.raises(DataError, match="offers row 2, column price: 'much' is not a number"):
        ask(made(tmp_path), case=frames)
    with pytest.raises(DataError, match=r"offers: it is a list and no frame; give a pandas\.DataFrame for each"):
        read_case({**frames, "offers": []})  # type: ignore[dict-item]
    with pytest.raises(DataError, match="the table is missing; add a table demand"):
        read_case({name: frame for name, frame in frames.items() if name != "demand"})


DOCUMENTED = """
from sourcing import Question, RunOptions, optimize
from sourcing.question import Edit, Horizon, Objective

question = Question(
    schema=1,
    question="What if dysprosium doubles?",
    case="magnet-maker",
    horizon=Horizon(start="2027-01", periods=16, length="quarter"),
    objective=Objective(discount_rate=0.08),
    limits=[{"limit": "one-country", "measure": "share", "by": "country", "element": "NdPr", "value": 0.35}],
    edits=[
        Edit(table="offers", where={"material": "dy_oxide"}, set={"price": "x2"}),
        Edit(table="offers", where={"offer": ["A", "B"]}, remove=True),
        Edit(table="offers", add=[{"offer": "Z", "price": 3.5}]),
    ],
)
Edit(table="offers", where={}, set={"price": 1, "binding": True})
changed = question.model_copy(update={"limits": []})
print(optimize(changed, options=RunOptions(gap=0.01), out="plan").manifest["status"])
"""


def checked_strictly(folder: Path, text: str) -> subprocess.CompletedProcess[str]:
    script = folder / "asked.py"
    script.write_text(text)
    strictly = ("--strict", "--follow-imports=silent", f"--cache-dir={folder / 'cache'}")
    command = [sys.executable, "-m", "mypy", *strictly, str(script)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_documented_calls_when_checked_strictly_then_are_typed(tmp_path: Path) -> None:
    said = checked_strictly(tmp_path, DOCUMENTED)
    assert said.returncode == 0, said.stdout


def test_name_when_the_package_has_none_such_then_a_type_checker_says_so(tmp_path: Path) -> None:
    said = checked_strictly(tmp_path, "from sourcing import optimise\n")
    assert 'maybe "optimize"?' in said.stdout
