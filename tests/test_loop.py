"""A case in memory: frames are checked as files are, variants share what they do not change, plans are the same."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

import sourcing
from sourcing import Case, read_case
from sourcing.errors import DataError
from sourcing.run import audit_plan, optimize
from tests.builders import TINY, tiny_case, tiny_tables, write_question

if TYPE_CHECKING:
    from collections.abc import Callable

PAGE = Path(__file__).parent.parent / "docs" / "plan.md"


@pytest.fixture
def ask(tmp_path: Path) -> Path:
    tiny_case(tmp_path)
    return write_question(tmp_path)


def frames_of(**changes: Any) -> dict[str, pd.DataFrame]:
    """Return the tiny case's tables as somebody would make them in Python."""
    return {name: pd.DataFrame(rows) for name, rows in tiny_tables(**changes).items()}


def refusal(call: Callable[[], object]) -> list[tuple[str, str, str]]:
    """Return code, place (a table as a file or as a frame is the same) and fact of each fault."""
    with pytest.raises(DataError) as refused:
        call()
    return [(fault.code, fault.place.replace(".csv", ""), fault.fact) for fault in refused.value.faults]


def below_the_header(found: re.Match[str]) -> str:
    """Return the row of a frame for that of a file, whose row 1 is its header."""
    return f"row {int(found[1]) - 1}"


BROKEN: dict[str, list[dict[str, Any]]] = {
    "offers": [{**TINY["offers"][0], "capacity": -3}, {**TINY["offers"][1], "site": "NOWHERE"}],
    "lanes": [{**TINY["lanes"][0], "transit_days": "soon"}, TINY["lanes"][1]],
    "demand": [TINY["demand"][0], TINY["demand"][0]],
}


def test_frames_when_they_are_faulty_then_are_refused_as_the_same_files_are(tmp_path: Path) -> None:
    folder = tiny_case(tmp_path, **BROKEN)
    by_frames, by_files = refusal(lambda: Case.from_frames(frames_of(**BROKEN))), refusal(lambda: read_case(folder))
    assert by_frames == [tuple(re.sub(r"row (\d+)", below_the_header, text) for text in each) for each in by_files]
    assert "offers row 1, column capacity" in [place for _, place, _ in by_frames]


def test_case_when_a_frame_is_put_in_its_place_then_is_checked_whole(tmp_path: Path) -> None:
    case = read_case(tiny_case(tmp_path))
    found = refusal(lambda: case.with_frames({"sites": case["sites"].iloc[1:]}))
    assert ("DATA-114", "offers row 3, column site") in [(code, place) for code, place, _ in found]
    assert refusal(lambda: case.with_frames({"offerings": case["offers"]}))[0][0] == "DATA-102"


def test_case_when_a_frame_is_put_in_its_place_then_shares_the_rest_and_names_its_rows(
    tmp_path: Path,
) -> None:
    case = read_case(tiny_case(tmp_path))
    dearer = case.with_frames({"offers": case["offers"].assign(price=9e5)})
    assert dearer["lanes"] is case["lanes"]
    assert dearer["offers"]["price"].tolist() == [9e5, 9e5]
    assert (dearer.place("offers", 1), dearer.place("lanes", 2)) == ("offers row 1", "lanes.csv row 2")
    assert (dearer.folder, "offers.csv" in dearer.files, "lanes.csv" in dearer.files) == (None, False, True)


def test_plan_of_a_case_in_memory_when_compared_then_is_that_of_its_files(ask: Path, tmp_path: Path) -> None:
    case = read_case(tmp_path / "tiny")
    optimize(ask, case=case.with_frames({"offers": case["offers"].assign(price=9e5)}))
    for kept in (optimize(ask, case=case), optimize(ask, case=Case.from_frames(frames_of()))):
        own = optimize(ask)
        assert all(own.tables[name].equals(kept.tables[name]) for name in own.tables)


def test_plan_of_a_variant_when_written_then_has_the_variant_as_its_inputs(ask: Path, tmp_path: Path) -> None:
    case = read_case(tmp_path / "tiny")
    optimize(ask, case=case)
    for price in (4e5, 5e5):
        variant = case.with_frames({"offers": case["offers"].assign(price=[price, 2e5])})
        plan = optimize(ask, case=variant, out=tmp_path / f"at {price:g}")
        assert audit_plan(plan.folder or "").is_clean
        assert read_case((plan.folder or Path()) / "inputs")["offers"]["price"].tolist() == [price, 2e5]


def test_case_when_a_frame_of_it_was_written_into_then_is_refused(ask: Path, tmp_path: Path) -> None:
    case = read_case(tmp_path / "tiny")
    optimize(ask, case=case)
    case["offers"].loc[0, "capacity"] = 1e6
    with pytest.raises(DataError, match="changed in place") as refused:
        optimize(ask, case=case)
    assert [fault.code for fault in refused.value.faults] == ["DATA-126"]


def test_example_of_the_page_when_run_then_makes_its_variants(ask: Path, tmp_path: Path) -> None:
    block = next(
        each for each in re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S) if "with_frames" in each
    )
    assert '"magnet-maker"' in block
    small = block.replace('"magnet-maker"', repr(str(tmp_path / "tiny"))).replace('"diversified"', repr(str(ask)))
    names: dict[str, Any] = {}
    exec(small, names)
    assert names["costs"][0.1] > names["costs"][0.0]
    assert sourcing.Case is Case
