"""Names on the screen are accepted where codes are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from builders import TINY, tiny_case, write_question

from sourcing.errors import QuestionError
from sourcing.run import explain, optimize
from sourcing.tables import read_case
from sourcing.tables.called import code_called

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("table", "word", "code"),
    [
        ("offers", "A", "A"),
        ("offers", "Near Ltd", "A"),
        ("offers", "far co Dy oxide", "B"),
        ("offers", "Far Co Dy oxide (B)", "B"),
        ("offers", "Near  Ltd, NEAR", "A"),
        ("sites", "our PLANT", "PLANT"),
        ("materials", "Dy metal", "metal"),
        ("materials", "METAL", "metal"),
        ("materials", "Dysprosium metal", "metal"),
        ("materials", "dy_METAL", "metal"),
    ],
)
def test_name_when_a_screen_shows_it_then_means_its_code(tmp_path: Path, table: str, word: str, code: str) -> None:
    assert code_called(read_case(tiny_case(tmp_path)), table, word, "PLAN-004") == code


def test_name_when_it_is_short_or_of_several_then_the_one_is_found_or_all_are_listed(tmp_path: Path) -> None:
    offers = [*TINY["offers"], {**TINY["offers"][1], "offer": "B2", "material": "metal"}]
    sites = [*TINY["sites"][:2], {**TINY["sites"][2], "name": "Bremen (plant), Germany"}]
    case = read_case(tiny_case(tmp_path, offers=offers, sites=sites))
    assert code_called(case, "sites", "bremen", "PLAN-005") == "PLANT"
    assert code_called(case, "offers", "Far Co Dy metal", "PLAN-004") == "B2"
    with pytest.raises(QuestionError, match="Far Co: several offers are called so; name one by its code: B, B2"):
        code_called(case, "offers", "Far Co", "PLAN-004")
    with pytest.raises(QuestionError, match="no offer of this name in the plan's tables; did you mean B"):
        code_called(case, "offers", "b3", "PLAN-004")


def test_explain_when_asked_by_name_then_answers_as_by_code(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    plan = optimize(write_question(tmp_path), out=tmp_path / "plan").folder
    assert plan is not None
    assert explain(str(plan), why_not="near ltd").words == explain(str(plan), why_not="A").words
    by_name = explain(str(plan), tonne=("Dy oxide", "Our plant", "2028"))
    assert by_name.words == explain(str(plan), tonne=("oxide", "PLANT", "2028")).words
