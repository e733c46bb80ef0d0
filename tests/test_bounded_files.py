"""Files that are nested too deeply, too long or too many: refused in a sentence that names the file, never a bug."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import tiny_case, write_question

from sourcing.cli import main
from sourcing.errors import QuestionError
from sourcing.presets import load_preset
from sourcing.question.chain import MOST_FILES, read_chain
from sourcing.studies.tornado.ranges import load_ranges
from sourcing.tables.toml_file import LARGEST, MOST_PARTS, read_toml

if TYPE_CHECKING:
    from pathlib import Path

ARRAYS = "a=" + "[" * 100_000 + "]" * 100_000
TABLES = "a=" + "{b=" * 20_000 + "1" + "}" * 20_000
KEY = ".".join("a" * 100_000) + " = 1\n"
HEADER = f"[{'.'.join('a' * 100_000)}]\n"
QUOTED_KEY = " . ".join(['"b.c"'] * 20_000) + " = 1\n"
INLINE = "x = { " + ".".join("a" * 100_000) + " = 1 }\n"
NESTED = {"arrays": ARRAYS, "tables": TABLES}
DOTTED = {"key": KEY, "header": HEADER, "quoted": QUOTED_KEY, "inline": INLINE}


def refusal(path: Path, code: str = "QUESTION-202") -> str:
    with pytest.raises(QuestionError) as refused:
        read_toml(path, code, "a question")
    (fault,) = refused.value.faults
    assert (fault.code, fault.place) == (code, path.name)
    return fault.fact


@pytest.mark.parametrize("kind", NESTED)
def test_file_when_nested_too_deeply_then_refused_whatever_it_is(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "deep.toml"
    file.write_text(NESTED[kind])
    assert refusal(file) == "its brackets are nested too deeply"
    for read, code in ((load_preset, "QUESTION-217"), (load_ranges, "QUESTION-221")):
        with pytest.raises(QuestionError) as refused:
            read(file)
        assert [fault.code for fault in refused.value.faults] == [code]


@pytest.mark.parametrize("kind", DOTTED)
def test_key_when_of_too_many_parts_then_refused_before_it_is_read(kind: str, tmp_path: Path) -> None:
    file = tmp_path / "dotted.toml"
    file.write_text(DOTTED[kind])
    assert refusal(file) == f"a key in it has more than {MOST_PARTS} parts"


def test_numbers_and_sentences_when_they_have_many_dots_then_are_no_keys(tmp_path: Path) -> None:
    file = tmp_path / "dots.toml"
    words = "a.b." * 200
    texts = f'y = "{words}"\nz = \'{words}\'\nt = """\n{words}"""\n# {"." * 200}\n'
    file.write_text(f"x = [{', '.join(['0.5'] * 500)}]\n{texts}")
    assert read_toml(file, "QUESTION-202", "a question").data["y"] == words


@pytest.mark.parametrize("text", [ARRAYS, TABLES, KEY])
def test_preset_when_nested_too_deeply_then_the_question_is_refused_with_its_place(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tiny_case(tmp_path)
    (tmp_path / "deep.toml").write_text(text)
    question = write_question(tmp_path, 'presets = ["deep.toml"]\n')
    assert main(["check", str(question)]) == 3
    assert "ask.toml, presets: deep.toml: " in " ".join(capsys.readouterr().out.split())


def test_question_when_it_extends_too_many_files_then_refused(tmp_path: Path) -> None:
    def chain(count: int) -> Path:
        for number in range(count):
            above = f'extends = "q{number - 1}.toml"\n' if number else 'case = "."\n'
            (tmp_path / f"q{number}.toml").write_text(above)
        return tmp_path / f"q{count - 1}.toml"

    assert len(read_chain(chain(MOST_FILES))) == MOST_FILES
    with pytest.raises(QuestionError, match=f"more than {MOST_FILES - 1} others") as refused:
        read_chain(chain(MOST_FILES + 1))
    assert [fault.code for fault in refused.value.faults] == ["QUESTION-224"]


def test_questions_when_they_extend_each_other_by_another_name_then_a_circle_is_seen(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('extends = "./again.toml"\n')
    (tmp_path / "again.toml").symlink_to(tmp_path / "a.toml")
    with pytest.raises(QuestionError, match="in a circle"):
        read_chain(tmp_path / "a.toml")


def test_file_when_it_has_no_end_then_only_so_much_is_read(tmp_path: Path) -> None:
    file = tmp_path / "long.toml"
    with file.open("wb") as handle:
        handle.truncate(50 * 10**9)  # sparse: it takes no room on the disk
    assert refusal(file) == f"it has more than {LARGEST // 1_000_000} MB"
