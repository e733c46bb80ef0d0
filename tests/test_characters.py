"""One rule for characters: what no plan could be told in is refused at every door, and what is written is read back."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import tiny_case, tiny_tables, write_question

from sourcing.characters import showable, unfit
from sourcing.cli import main
from sourcing.errors import DataError, Fault, QuestionError, SolverError
from sourcing.plan import result
from sourcing.presets import load_preset
from sourcing.question import load_question
from sourcing.question.edits import apply
from sourcing.question.load import checked
from sourcing.resources import folder
from sourcing.run import check, optimize
from sourcing.tables import read_case

if TYPE_CHECKING:
    from collections.abc import Callable

REGRESSIONS = Path(__file__).parent / "regressions"
UNFIT = {
    **{"carriage return": "\r", "null": "\0", "escape": "\x1b", "delete": "\x7f", "next line": "\x85", "C1": "\x9b"},
    **{"line separator": "\u2028", "byte-order mark": "\ufeff", "half a letter": "\ud83d", "no character": "\uffff"},
    **{"override": "\u202e", "isolate": "\u2066", "mark": "\u200f", "unseen": "\u200b", "tag": "\U000e0041"},
}
LETTERS = ["Müller & Söhne", "稀土 集团", "شرکت می‌کند", "क्‍ष", "👩‍🔬️", "a\u00a0b", "'s-Graveland", "№ 7", "Ａ"]
LIMIT = 'measure = "share"\nby = "country"\nmaterial = "oxide"\nvalue = 0.9\n'
TEXT = '[[limits]]\nlimit = "{limit}"\nnote = "{note}"\n' + LIMIT


@pytest.mark.parametrize("bad", UNFIT.values(), ids=UNFIT)
def test_text_when_a_character_is_no_letter_then_it_is_found_and_not_shown(bad: str) -> None:
    assert unfit(f"Near{bad}Ltd") == unfit(f"Near\n{bad}Ltd", lines=True) == bad
    assert bad not in showable(f"Near{bad}Ltd")
    assert len(showable(f"Near{bad}Ltd")) == len(f"Near{bad}Ltd")


@pytest.mark.parametrize("text", LETTERS)
def test_text_when_it_is_of_letters_then_it_is_left_as_it_is(tmp_path: Path, text: str) -> None:
    assert not unfit(text)
    assert showable(text) == text
    folder = tiny_case(tmp_path, supplier={"A": text}, note={"A": f"{text}\n{text}"})
    offer = read_case(folder)["offers"].iloc[0]
    assert (offer["supplier"], offer["note"]) == (text, f"{text}\n{text}")


def test_question_when_a_note_has_an_escape_then_check_and_optimize_say_where(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    question = str(REGRESSIONS / "unreadable-plan" / "question.toml")
    for words in (["check", question], ["optimize", question, "--out", str(tmp_path / "plan")]):
        assert main(words) == 3
        said = " ".join("".join(capsys.readouterr()).split())
        assert "question.toml limits #1, note" in said
        assert "a character that is no letter (U+001B, escape)" in said
    assert not (tmp_path / "plan").exists()


@pytest.mark.parametrize("bad", UNFIT.values(), ids=UNFIT)
@pytest.mark.parametrize("door", ["file", "frames", "edit", "row", "limit", "python"])
def test_name_when_it_has_such_a_character_then_every_door_refuses_it_with_its_place(
    tmp_path: Path, door: str, bad: str
) -> None:
    fault = FAULTY[door](tmp_path, bad)
    assert "no letter (U+" in fault.fact
    assert f"U+{ord(bad):04X}" in fault.fact
    assert fault.place.isprintable()
    assert fault.repair


def toml(text: str) -> str:
    """Return a text in quotes, what is not ASCII or no letter as an escape."""
    letters = (one if one.isascii() and one.isprintable() else f"\\U{ord(one):08X}" for one in text)
    return f'"{"".join(letters)}"'


def _faults(read: Callable[[], Any]) -> Fault:
    with pytest.raises((DataError, QuestionError)) as caught:
        read()
    return caught.value.faults[0]


def _file(tmp_path: Path, bad: str) -> Fault:
    folder = tiny_case(tmp_path)
    text = (folder / "offers.csv").read_text("utf-8").replace("Near Ltd", f'"Near{bad}Ltd"')
    (folder / "offers.csv").write_bytes(text.encode("utf-8", "surrogatepass"))
    if bad in {"\ufeff", "\ud83d"}:  # a mark where files were put together is dropped; no file can have half a letter
        return Fault("offers.csv", f"no letter (U+{ord(bad):04X}", "-", "-")
    return _faults(lambda: read_case(folder))


def _frames(_: Path, bad: str) -> Fault:
    frames = {name: pd.DataFrame(rows) for name, rows in tiny_tables(supplier={"A": f"Near{bad}Ltd"}).items()}
    return _faults(lambda: read_case(frames))


def _asked(tmp_path: Path, text: str) -> Path:
    tiny_case(tmp_path)
    return write_question(tmp_path, text)


def _edit(tmp_path: Path, bad: str) -> Fault:
    asked = f'[[edits]]\ntable = "offers"\nwhere = {{}}\nset = {{ supplier = {toml(f"N{bad}L")} }}\n'
    return _question(tmp_path, asked, bad)


def _row(tmp_path: Path, bad: str) -> Fault:
    row = f'{{ group = {toml(f"N{bad}L")}, member = "AUS" }}'
    return _question(tmp_path, f'[[edits]]\ntable = "groups"\nadd = [{row}]\n', bad)


def _limit(tmp_path: Path, bad: str) -> Fault:
    return _question(tmp_path, f"[[limits]]\nlimit = {toml(f'a{bad}')}\n{LIMIT}", bad)


def _question(tmp_path: Path, text: str, bad: str) -> Fault:
    if not "\ud800" <= bad <= "\udfff":
        return _faults(lambda: load_question(_asked(tmp_path, text)))
    question = load_question(_asked(tmp_path, text.replace(toml(bad)[1:-1], "")))  # TOML has no half letters
    changed = {"limits": [{**one, "note": bad} for one in question.limits]}
    if question.edits:
        changed["edits"] = [one.model_copy(update=_spoiled(one, bad)) for one in question.edits]
    return _faults(lambda: checked(question.model_copy(update=changed)))


def _spoiled(edit: Any, bad: str) -> dict[str, Any]:
    return {"set": {"supplier": bad}} if edit.set else {"add": [{"group": bad, "member": "AUS"}]}


def _python(tmp_path: Path, bad: str) -> Fault:
    question = load_question(_asked(tmp_path, "")).model_copy(update={"question": f"Why{bad}?"})
    return _faults(lambda: apply(question, read_case(tmp_path / "tiny")))


FAULTY: dict[str, Callable[[Path, str], Fault]] = {
    **{"file": _file, "frames": _frames, "edit": _edit, "row": _row, "limit": _limit, "python": _python}
}


@pytest.mark.parametrize("bad", ["\r", "\x1b", "\u202e"])
def test_preset_when_a_group_or_a_source_has_such_a_character_then_it_is_refused(tmp_path: Path, bad: str) -> None:
    text = (folder("data") / "presets" / "eu-crma-2030.toml").read_text("utf-8")
    file = tmp_path / "rule.toml"
    file.write_text(text.replace("[groups]\n", f'[groups]\n{toml(f"EU{bad}")} = ["DEU"]\n'), "utf-8")
    fault = _faults(lambda: load_preset(file))
    assert fault.code == "QUESTION-217"
    assert "no letter (U+" in fault.fact


@pytest.mark.parametrize("name", ["a\x1bsk", "a\u202esk", "a\rsk"])
def test_files_when_a_name_has_such_a_character_then_they_are_to_be_renamed(tmp_path: Path, name: str) -> None:
    tiny_case(tmp_path)
    fault = _faults(lambda: load_question(write_question(tmp_path, name=name)))
    assert (fault.code, fault.repair) == ("QUESTION-223", "give the file another name")
    (tmp_path / "tiny").rename(tmp_path / name)
    assert _faults(lambda: read_case(tmp_path / name)).repair == "give the folder another name"
    assert check(tmp_path / name).faults


def test_note_when_it_has_line_breaks_then_the_plan_has_them_too(tmp_path: Path) -> None:
    folder = tiny_case(tmp_path, note={"A": "first\r\nsecond"})
    asked = TEXT.format(limit="a", note="one\\ntwo\\tthree")
    plan = optimize(write_question(tmp_path, asked), out=tmp_path / "plan")
    assert read_case(folder)["offers"]["note"].iloc[0] == "first\nsecond"
    assert main(["audit", str(plan.folder)]) == 0
    notes = read_case(tmp_path / "plan" / "inputs")["limits"]["note"]
    assert list(notes) == ["one\ntwo\tthree"]


@pytest.mark.parametrize("name", ["first\nsecond", "first\tsecond"])
def test_name_when_it_has_a_break_within_then_it_is_refused(tmp_path: Path, name: str) -> None:
    fault = _faults(lambda: read_case(tiny_case(tmp_path, supplier={"A": name})))
    assert (fault.place, fault.code) == ("offers.csv row 2, column supplier", "DATA-125")


def test_name_when_others_refer_to_it_then_it_is_one_fault(tmp_path: Path) -> None:
    tables = tiny_tables()
    for rows in tables.values():
        for row in rows:
            row.update({key: "NE\u200bAR" for key, value in row.items() if value == "NEAR"})
    with pytest.raises(DataError) as caught:
        read_case({name: pd.DataFrame(rows) for name, rows in tables.items()})
    assert [fault.place for fault in caught.value.faults] == ["sites row 1, column site"]


@pytest.mark.parametrize("what", ["purchases", "inputs/offers", "manifest"])
def test_plan_when_it_would_not_read_as_it_was_found_then_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    tiny_case(tmp_path)
    write = result.write_manifest

    def torn(manifest: Any, folder: Path) -> None:
        write({**manifest, "case": "other"} if what == "manifest" else manifest, folder)
        if what != "manifest":
            file = folder / f"{what}.csv"
            file.write_text(file.read_text("utf-8").replace("Far Co", "Far"), "utf-8")

    monkeypatch.setattr(result, "write_manifest", torn)
    with pytest.raises(SolverError, match=rf"does not read back as it was written \({what}"):
        optimize(write_question(tmp_path), out=tmp_path / "plan")
    assert [file.name for file in tmp_path.iterdir() if "plan" in file.name] == []
