"""The report on mutants of the code: what is drawn, what counts, and that notes on survivors are found again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from builders import tiny_case, write_question
from cases.chain import answer
from spoiling import code, reading
from spoiling.sample import LEAST, Mutant, sample

from sourcing.answer.setting import network_of
from sourcing.engine.formulation import formulate
from sourcing.question import load_question

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ALL = {"a.py": [f"a.x_f__mutmut_{n}" for n in range(90)], "b.py": ["b.x_g__mutmut_1", "b.x_g__mutmut_2"]}
DIFF = ("-    return n + 1", "+    return n - 1")
NOTES = """
[[survivor]]
module = "a.py"
diff = ["-  return n  + 1", "+ return n - 1"]
equivalent = true
why = "nobody looks"
"""


def tried(outcome: str, diff: tuple[str, ...] = ()) -> Mutant:
    return Mutant("a.py", "a.x_f__mutmut_7", outcome, diff)


def test_sample_when_drawn_then_has_some_of_every_module_and_the_size_asked_for() -> None:
    drawn = sample(ALL, 20, seed=1)
    assert len(drawn["a.py"]) == 18
    assert drawn["b.py"] == ALL["b.py"]
    assert len(set(drawn["a.py"])) == 18
    assert drawn == sample(ALL, 20, seed=1) != sample(ALL, 20, seed=2)
    assert {module: len(names) for module, names in sample(ALL, 0, seed=1).items()} == {"a.py": LEAST, "b.py": 2}
    assert sample(ALL, 1_000, seed=1) == {module: sorted(names) for module, names in ALL.items()}


def test_case_when_it_was_read_for_another_mutant_then_brings_nothing_that_was_derived_from_it(tmp_path: Path) -> None:
    case = answer(write_question(tmp_path, case=str(tiny_case(tmp_path)))).setting.case
    formulate(network_of(load_question(tmp_path / "ask.toml"), case))
    again = reading.renamed(case, "again", tmp_path)
    assert case.memory
    assert not again.memory
    assert again.tables is case.tables


def test_rates_when_a_survivor_is_equivalent_then_only_the_second_leaves_it_out(tmp_path: Path) -> None:
    path = tmp_path / "notes.toml"
    path.write_text(NOTES, "utf-8")
    found = [tried("killed"), tried("timeout"), tried("survived", DIFF), tried("survived", ("-x", "+y"))]
    assert code.rates(found, code.notes(path)) == (2 / 4, 2 / 3)


def test_report_when_a_survivor_was_read_then_repeats_what_was_found_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(code, "version", lambda _: "3")
    path = tmp_path / "notes.toml"
    path.write_text(NOTES, "utf-8")
    found = [tried("killed"), tried("survived", DIFF), tried("no tests", ("-x", "+y")), tried("suspicious")]
    lines = list(code.report(found, {"a.py": 90, "b.py": 2}, code.notes(path)))
    assert "| `a.py` | 90 | 4 | 1 | 0 | 1 | 1 | 1 |" in lines
    assert "| `b.py` | 2 | 0 | 0 | 0 | 0 | 0 | 0 |" in lines
    assert "Survivors: 3." in lines
    assert "`a.x_f` (survived) equivalent: nobody looks" in lines
    assert "`a.x_f` (no tests) not read yet" in lines
    assert "25.0% killed (33.3% of those that are not equivalent)." in lines


def test_notes_when_kept_then_each_says_why() -> None:
    assert all(note.why for note in code.notes().values())
