"""Questions: what is read from the TOML files, and what is refused."""

# ruff: noqa: E501 - a fault per line reads as a table

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from builders import tiny_case, write_question

from sourcing.errors import QuestionError
from sourcing.question import Question, load_question
from sourcing.question.chain import CODES
from sourcing.question.horizon import Horizon, step_of
from sourcing.question.schema import Objective

if TYPE_CHECKING:
    from pathlib import Path


def faults_of(path: Path | str) -> list[str]:
    with pytest.raises(QuestionError) as caught:
        load_question(path)
    assert all(fault.code in CODES for fault in caught.value.faults)
    return [str(fault) for fault in caught.value.faults]


def ask(tmp_path: Path, text: str = "", **more: str) -> Path:
    tiny_case(tmp_path)
    return write_question(tmp_path, text, **more)


def test_a_short_question_has_the_defaults(tmp_path: Path) -> None:
    question = load_question(ask(tmp_path))
    assert question.objective.minimize == ["shortage", "cost"]
    assert (question.objective.shortage, question.objective.discount_rate) == ("least", 0)
    assert (question.solver.gap, question.solver.time_limit, question.solver.threads) == (None, None, None)
    assert (question.limits, question.edits, question.without) == ([], [], [])
    assert question.name == "ask"
    assert question.case_path == (tmp_path / "tiny").resolve()
    assert list(question.files) == ["ask.toml"]
    assert question.text == (tmp_path / "ask.toml").read_text("utf-8")


def test_a_question_survives_json(tmp_path: Path) -> None:
    text = '[[edits]]\ntable = "offers"\nwhere = { offer = ["A", "B"] }\nset = { price = "x2" }\n'
    question = load_question(ask(tmp_path, text))
    assert Question.model_validate_json(question.model_dump_json(by_alias=True)) == question


def test_a_day_may_be_written_without_quotes(tmp_path: Path) -> None:
    text = '[horizon]\nstart = 2027-01-15\nperiods = 2\nlength = "10 days"\n'
    horizon = load_question(ask(tmp_path, text)).horizon
    assert (horizon.first, horizon.boundary(1), horizon.end) == (date(2027, 1, 15), date(2027, 1, 25), date(2027, 2, 4))


@pytest.mark.parametrize(
    ("length", "step", "end"),
    [
        ("day", (1, "day"), date(2027, 2, 2)),
        ("week", (7, "day"), date(2027, 2, 14)),
        ("month", (1, "month"), date(2027, 3, 31)),
        ("quarter", (3, "month"), date(2027, 7, 31)),
        ("year", (12, "month"), date(2029, 1, 31)),
        ("45 days", (45, "day"), date(2027, 5, 1)),
        ("2 months", (2, "month"), date(2027, 5, 31)),
        ("1 year", (12, "month"), date(2029, 1, 31)),
    ],
)
def test_lengths_are_days_or_months(length: str, step: tuple[int, str], end: date) -> None:
    horizon = Horizon(start="2027-01-31", periods=2, length=length)
    assert (step_of(length), horizon.end) == (step, end)


def test_priced_shortage_minimizes_cost_alone_unless_told_otherwise() -> None:
    assert Objective.model_validate({"shortage": "priced"}).minimize == ["cost"]
    assert Objective.model_validate({"shortage": "none"}).minimize == ["cost"]
    assert Objective.model_validate({"shortage": "limited"}).minimize == ["cost"]
    both = Objective.model_validate({"shortage": "priced", "minimize": ["shortage", "cost"]})
    assert both.minimize == ["shortage", "cost"]


FAULTS = [
    ("[horizon]\nstart='2027-01'\nperids=3\nperiods=2\nlength='year'", "horizon.perids: there is no key 'perids'; did you mean 'periods'?"),
    ("[horizon]\nstart='2027-01'\nlength='year'", "horizon.periods: the key is missing; add periods = 16 (number of periods)"),
    ("[horizon]\nstart='2027-13'\nperiods=2\nlength='year'", 'horizon.start: "2027-13" is not a date; write it as "2027-01" or "2027-01-15"'),
    ("[horizon]\nstart='2027-01'\nperiods=0\nlength='year'", "horizon.periods: 0 will not do; write a number greater than or equal to 1"),
    ("[horizon]\nstart='2027-01'\nperiods=10001\nlength='day'", "horizon.periods: 10001 will not do; write a number less than or equal to 10000"),
    ("[horizon]\nstart='2027-01'\nperiods='8'\nlength='day'", 'horizon.periods: "8" will not do; write a whole number'),
    ("[horizon]\nstart='2027-01'\nperiods=2\nlength='fortnight'", 'horizon.length: "fortnight" is no length; write day, week, month, quarter, year, or such as "10 days"'),
    ("[horizon]\nstart='2027-01'\nperiods=9999\nlength='year'", "horizon: it would end after the year 2200; write fewer or shorter periods"),
    ("[objective]\nshortage='lest'", "objective.shortage: \"lest\" will not do; write 'least', 'priced', 'limited' or 'none'"),
    ("[objective]\nshortage={ x = 1 }", "objective.shortage: a table will not do; write 'least', 'priced', 'limited' or 'none'"),
    ("[objective]\nshortage=['none']", "objective.shortage: a list will not do; write 'least', 'priced', 'limited' or 'none'"),
    ("[objective]\ndiscount_rate=8", "objective.discount_rate: 8 will not do; write a number less than or equal to 1"),
    ("[objective]\nminimize=['cost']", 'objective: cost alone would buy nothing; put shortage first, or write shortage = "priced", "limited" or "none"'),
    ("[objective]\nminimize=['cost', 'shortage']", "objective: minimize is ['cost', 'shortage']; write [\"shortage\", \"cost\"] or [\"cost\"]"),
    ("without=['dutty']", "without: there is no family of rules 'dutty'; did you mean 'duty'?"),
    ("witout=['duty']", "witout: there is no key 'witout'; did you mean 'without'?"),
    ("[solver]\nthreads=0", "solver.threads: 0 will not do; write a number greater than or equal to 1"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), FAULTS, ids=lambda value: value[:40])
def test_a_question_with_one_fault_says_which_key_and_how_to_repair_it(
    tmp_path: Path, text: str, sentence: str
) -> None:
    assert faults_of(ask(tmp_path, text)) == [f"ask.toml, {sentence}"]


LISTED = [
    ("[[limits]]\nmeasure='share'", "limits #1, limit: the limit has no name; add limit = \"a-name\""),
    ("[[limits]]\nlimit='a'\nmesure='share'", "limits #1: limits has no column 'mesure'; did you mean 'measure'?"),
    ("[[limits]]\nlimit='a'\n[[limits]]\nlimit='a'", "limits #2, limit: limit 'a' is already ask.toml limits #1; give one of the two another name"),
    ("[[edits]]\ntable='offer'\nwhere={}\nremove=true", "edits #1, table: there is no table 'offer'; did you mean 'offers'?"),
    ("[[edits]]\ntable='offers'\nwhere={}\nset={prise=1}", "edits #1, set: offers has no column 'prise'; did you mean 'price'?"),
    ("[[edits]]\ntable='offers'\nadd=[{prise=1}]", "edits #1, add: offers has no column 'prise'; did you mean 'price'?"),
    ("[[edits]]\ntable='offers'\nwhere={ofer='A'}\nremove=true", "edits #1, where: offers has no column 'ofer'; did you mean 'offer'?"),
    ("[[edits]]\ntable='lanes'\nwhere={country='CHN'}\nremove=true", "edits #1, where: 'country' could be of several columns of lanes; write origin.country or destination.country"),
    ("[[edits]]\ntable='offers'\nwhere={}", "edits #1: an edit sets, adds or removes; write exactly one of set, add and remove = true"),
    ("[[edits]]\ntable='offers'\nremove=true", "edits #1: it does not say which rows; add where = { column = value } ({} means every row)"),
    ("[[edits]]\ntable='offers'\nwhere={}\nset={price=[1]}", "edits #1, set.price: [1] is no cell of a table; write a number, text, true or false"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "sentence"), LISTED, ids=lambda value: value[:60])
def test_faults_of_limits_and_edits_name_their_number_in_the_file(tmp_path: Path, text: str, sentence: str) -> None:
    assert faults_of(ask(tmp_path, text)) == [f"ask.toml {sentence}"]


def test_all_faults_are_found_at_once(tmp_path: Path) -> None:
    path = ask(tmp_path, "witout=['duty']\n[objective]\nshortage='lest'\n[[limits]]\nmesure='share'", case="tinny")
    assert len(faults_of(path)) == 5


def test_what_is_no_toml_is_refused_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "broken.toml").write_text("schema = 1\nquestion = what?\n", encoding="utf-8")
    (sentence,) = faults_of(tmp_path / "broken.toml")
    assert sentence.startswith("broken.toml: it is not TOML")
    assert "line 2" in sentence
    (tmp_path / "latin.toml").write_bytes(b'question = "M\xfcller"\n')
    assert faults_of(tmp_path / "latin.toml") == ["latin.toml: it is not saved as UTF-8; save it as UTF-8"]


def test_a_question_that_is_not_there_is_refused() -> None:
    (sentence,) = faults_of("no-such-question")
    assert sentence.startswith("no-such-question: there is no such question")


def test_a_case_that_is_not_there_is_refused(tmp_path: Path) -> None:
    (sentence,) = faults_of(ask(tmp_path, case="tinny"))
    assert sentence.startswith("ask.toml, case: there is no case 'tinny'; write a path relative to the file")


def test_another_schema_is_refused(tmp_path: Path) -> None:
    path = ask(tmp_path)
    path.write_text(path.read_text("utf-8").replace("schema = 1", "schema = 2"), encoding="utf-8")
    assert faults_of(path) == ["ask.toml, schema: 2 will not do; write 1"]


def extend(folder: Path, name: str, parent: str, text: str = "") -> Path:
    path = folder / f"{name}.toml"
    path.write_text(f'extends = "{parent}"\n{text}', encoding="utf-8")
    return path


def test_a_question_extends_another_key_by_key_and_lists_append(tmp_path: Path) -> None:
    base = "[objective]\nshortage='none'\ndiscount_rate=0.05\n[[limits]]\nlimit='a'\nvalue=0.5\n[[limits]]\nlimit='b'\nvalue=1\n"
    ask(tmp_path, base)
    more = "question='Another?'\n[horizon]\nperiods=2\n[objective]\ndiscount_rate=0.1\n[[limits]]\nlimit='a'\nvalue=0.3\n[[limits]]\nlimit='c'\n"
    question = load_question(extend(tmp_path, "tighter", "ask.toml", more))
    assert question.question == "Another?"
    assert (question.horizon.periods, question.horizon.length) == (2, "quarter")
    assert (question.objective.shortage, question.objective.discount_rate) == ("none", 0.1)
    assert [(limit["limit"], limit.get("value")) for limit in question.limits] == [("a", 0.3), ("b", 1), ("c", None)]
    assert question.limit_places == ["tighter.toml limits #1", "ask.toml limits #2", "tighter.toml limits #2"]
    assert list(question.files) == ["ask.toml", "tighter.toml"]
    assert question.name == "tighter"


def test_a_fault_in_a_chain_is_placed_in_the_file_it_stands_in(tmp_path: Path) -> None:
    ask(tmp_path, "[solver]\ngap='no'\n")
    child = extend(tmp_path, "child", "ask", "[objective]\nshortage='lest'\n")
    assert [sentence.partition(":")[0] for sentence in faults_of(child)] == [
        "child.toml, objective.shortage",
        "ask.toml, solver.gap",
    ]


def test_a_case_is_looked_for_beside_the_file_that_names_it(tmp_path: Path) -> None:
    ask(tmp_path)
    (tmp_path / "inner").mkdir()
    question = load_question(extend(tmp_path / "inner", "child", "../ask.toml"))
    assert question.case_path == (tmp_path / "tiny").resolve()


def test_questions_that_extend_each_other_in_a_circle_show_the_chain(tmp_path: Path) -> None:
    for name, parent in (("a", "b"), ("b", "c"), ("c", "a")):
        extend(tmp_path, name, parent)
    (sentence,) = faults_of(tmp_path / "a.toml")
    assert "in a circle: a.toml -> b.toml -> c.toml -> a.toml" in sentence


def test_a_parent_that_is_not_there_is_refused_with_the_nearest(tmp_path: Path) -> None:
    ask(tmp_path)
    assert faults_of(extend(tmp_path, "child", "aks")) == [
        "child.toml, extends: there is no question 'aks'; did you mean 'ask'?"
    ]


def test_a_question_in_windows_words_finds_its_case_and_what_it_extends(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    (tmp_path / "sub").mkdir()
    write_question(tmp_path)
    text = "extends = '..\\ask.toml'\r\nschema = 1\r\nquestion = 'Other?'\r\ncase = '..\\tiny\\'\r\n"
    (tmp_path / "sub" / "other.toml").write_bytes(b"\xef\xbb\xbf" + text.encode())
    question = load_question(tmp_path / "sub" / "other.toml")
    assert question.case_path == (tmp_path / "tiny").resolve()
    assert question.horizon.periods == 8


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'case = "C:\\data\\case"', "it is not TOML: Unescaped '\\' in a string (at line 1, column 13); write paths with / (C:/data), or in single quotes"),
        ("schema = 1".encode("utf-16"), "it is saved as UTF-16; save it as UTF-8"),
        (b"x = " + b"[" * 5_000, "its brackets are nested too deeply; close each bracket"),
        (b"x = 1" + b"0" * 5_000, "a number in it has too many digits; write numbers up to 1e+18"),
        (b"x = 0x" + b"F" * 5_000, "a number in it has too many digits; write numbers up to 1e+18"),
        (b"#" * 1_000_001, "it has more than 1 MB; name the TOML file of a question"),
    ],
    ids=lambda value: str(value)[:30],
)  # fmt: skip
def test_a_file_that_is_no_question_is_refused_with_the_repair(tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "ask.toml").write_bytes(content)
    assert faults_of(tmp_path / "ask.toml") == [f"ask.toml: {sentence}"]


@pytest.mark.parametrize(
    ("line", "place", "repair"),
    [
        ('case = "C:\\new"', "ask.toml, case: there is no case 'C: ew'", "write the path with /, or in single quotes"),
        (f"case = '{'c' * 5_000}'", "ask.toml, case: there is no case 'ccc", "write a path relative to the file"),
        (f"extends = '{'e' * 5_000}'", "ask.toml, extends: there is no question 'eee", "write a path relative to this"),
        (
            "extends = 'ask'",
            "ask.toml, extends: the questions extend each other in a circle: ask.toml -> ask",
            "remove",
        ),
        ("extends = 'gone'", "ask.toml, extends: there is no question 'gone'", "write a path relative to this file"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_path_that_leads_nowhere_is_refused_with_the_repair(
    tmp_path: Path, line: str, place: str, repair: str
) -> None:
    (tmp_path / "ask.toml").write_text(f'{line}\nschema = 1\nquestion = "What?"\n', encoding="utf-8")
    sentence = next(text for text in faults_of(tmp_path / "ask.toml") if text.startswith(place))
    assert repair in sentence


def test_questions_that_extend_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    for one, other in (("a", "b"), ("b", "c"), ("c", "a")):
        (tmp_path / f"{one}.toml").write_text(f'extends = "{other}.toml"\n', encoding="utf-8")
    chain = "a.toml -> b.toml -> c.toml -> a.toml"
    fact = f"c.toml, extends: the questions extend each other in a circle: {chain}; remove one extends"
    assert faults_of(tmp_path / "a.toml") == [fact]


def test_limits_that_are_no_list_are_refused_even_under_a_question_that_adds_some(tmp_path: Path) -> None:
    path = ask(tmp_path, "limits = [1, { limit = 'a', measure = 'tonnes', value = 1 }]", name="base")
    assert next(text.split(";")[0] for text in faults_of(path)) == "base.toml limits #1: 1 will not do"
    path.write_text(
        path.read_text("utf-8").replace("limits = [1, { limit", "limits = { x = { limit").replace("}]", "}}")
    )
    (tmp_path / "other.toml").write_text("extends = 'base.toml'\n[[limits]]\nlimit = 'a'\n", encoding="utf-8")
    assert "base.toml, limits: it is no list; write [[limits]] above the keys of each" in faults_of(
        tmp_path / "other.toml"
    )
