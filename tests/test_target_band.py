"""What a curve says of the band between its points, and of what lies beyond its end."""

from __future__ import annotations

from pathlib import Path

import pytest
from builders import TINY, tiny_case, write_question

from sourcing import run
from sourcing.studies.target.screen import render_target, within
from tests.test_target import MORE

FAULTS = Path(__file__).parent / "regressions"
FAR = {
    "limit": "far",
    "measure": "share",
    "by": "supplier",
    "member": "Far Co",
    "per": "year",
    "value": 0.9,
    "counts": "arrivals",
}


@pytest.fixture(scope="module")
def stair() -> run.Target:
    return run.target(FAULTS / "T-target-mip" / "question.toml", run.Sweep("L1", None, None))


def test_band_of_whole_numbers_when_quoted_then_is_the_widest_of_its_table(stair: run.Target) -> None:
    band = stair.tables["band"]
    widest = float((band["upper"] - band["lower"]).max())
    assert stair.manifest["widest"] >= widest > 1
    said = " ".join(render_target(stair).plain.split())
    assert f"({within(widest)}), as proven" in said
    assert "within ±0 %" not in said


def test_end_of_a_curve_when_nothing_is_left_to_forbid_then_nothing_is_beyond_it(tmp_path: Path) -> None:
    tiny_case(tmp_path, limits=[FAR], capacity={"A": 500})
    found = run.target(write_question(tmp_path), run.Sweep("far", None, None))
    said = " ".join(render_target(found).plain.split())
    assert found.manifest["to"] == 0
    assert "0 % is as far as it can go, and there is nothing beyond it" in said


def test_end_of_a_curve_when_more_would_go_short_then_says_so(tmp_path: Path) -> None:
    tiny_case(tmp_path, limits=[FAR])
    found = run.target(write_question(tmp_path), run.Sweep("far", None, None))
    assert "beyond it more goes short" in " ".join(render_target(found).plain.split())


def test_band_of_a_line_when_quoted_then_is_not_below_its_table(tmp_path: Path) -> None:
    tiny_case(tmp_path, limits=[FAR])
    found = run.target(write_question(tmp_path), run.Sweep("far", None, None))
    band = found.tables["band"]
    assert found.manifest["widest"] >= float((band["upper"] - band["lower"]).max())


@pytest.mark.parametrize(("width", "said"), [(48.2, "USD 25.00"), (0.0, "USD 0"), (2.2e6, "USD 1.1 M")])
def test_half_a_band_when_said_then_is_rounded_up(width: float, said: str) -> None:
    assert within(width) == said


def test_band_of_what_is_used_when_nothing_is_short_then_a_bend_takes_three_plans(tmp_path: Path) -> None:
    there = [{**TINY["stocks"][0], "opening": 60, "offer": "A"}]
    changes = {**MORE, "stocks": there, "capacity": {"A": 70, "C": 500}}
    tiny_case(tmp_path, limits=[{**FAR, "counts": "use"}], **changes)
    found = run.target(write_question(tmp_path), run.Sweep("far", 0.9, 0.5))
    assert len(found.tables["curve"]) == 3  # the ends, and where two straight parts meet: 61 plans leave a band else
    assert found.manifest["widest"] < 1e-6 * found.manifest["free"]["cost"]
