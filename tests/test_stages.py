"""Limits on a country's share at several stages of the reference cases at once: each is kept, and most of them bind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from sourcing.run import optimize

if TYPE_CHECKING:
    from pathlib import Path

LIMIT = """
[[limits]]
limit = "one-{stage}"
measure = "share"
counts = "arrivals"
by = "country"
element = "{element}"
stage = "{stage}"
per = "year"
from = "2030-01-01"
value = {value}
"""


@pytest.mark.parametrize(
    ("case", "element", "values", "binding"),
    [
        ("magnet-maker", "NdPr", {"mine": 0.45, "oxide": 0.4, "metal": 0.45, "magnet": 0.6}, {"metal", "magnet"}),
        ("antimony-trioxide", "Sb", {"mine": 0.4, "metal": 0.4, "oxide": 0.35}, {"oxide"}),
    ],
)
def test_country_shares_when_limited_at_every_stage_then_none_is_above_its_limit(
    tmp_path: Path, case: str, element: str, values: dict[str, float], binding: set[str]
) -> None:
    question = tmp_path / "stages.toml"
    head = f'schema = 1\nquestion = "Stages"\ncase = "{case}"\n'
    horizon = 'horizon = { start = "2027-01", periods = 16, length = "quarter" }\n'
    limits = (LIMIT.format(stage=stage, element=element, value=value) for stage, value in values.items())
    question.write_text(head + horizon + "".join(limits), encoding="utf-8")
    plan = optimize(question)
    assert plan.manifest["status"] == "optimal"
    assert plan.manifest["audit"]["clean"]
    assert plan.tables["shortage"].empty
    table = plan.tables["shares"]
    own = table[(table["lens"] == "country") & (table["what"] == element) & (table["year"].astype(str) == "2030")]
    most = own.groupby("stage")["share"].max()
    assert all(most[stage] <= value + 1e-6 for stage, value in values.items()), most
    assert binding <= {stage for stage, value in values.items() if most[stage] == pytest.approx(value, abs=1e-6)}, most
