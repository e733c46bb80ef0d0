"""A measure of limits in a package of its own, as somebody wrote it who had the page on rules and nothing else."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

import pytest
from strangers import installed

from sourcing import run
from sourcing.testing import conform

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.tables import Finding

PACKAGE = Path(__file__).parent / "packages" / "haulage"
# 366 t are needed, 62 t were ordered before: 304 t are bought, hauled over 2 x 600,000 t km in two years.
# 10,000 f + 2,000 (304 - f) = 1,200,000: 74 t come from Far Co and 230 t from Near Ltd.
WORKED = {"purchase": 74 * 200_000 + 230 * 300_000, "freight": 74 * 100 + 230 * 50, "shortage": 0}
# one t km more moves 1/8,000 t from the near lane to the far one
WORTH = (300_050 - 200_100) / 8000


@pytest.fixture
def haulage(tmp_path: Path) -> Iterator[Path]:
    """The package, installed, beside its case and its questions."""
    here = copytree(PACKAGE, tmp_path / "haulage")
    with installed(here, "haulage"):
        yield here


@pytest.mark.parametrize("of", ["", "-quarters"])
def test_measure_from_outside_when_periods_are_months_or_quarters_from_may_then_conforms(
    haulage: Path, of: str
) -> None:
    conform("haulage", binds=haulage / f"binds{of}.toml", idle=haulage / f"idle{of}.toml", worked=WORKED)


def test_limit_on_a_measure_from_outside_when_it_binds_then_is_counted_priced_and_swept(haulage: Path) -> None:
    plan = run.optimize(haulage / "binds.toml", options=run.RunOptions(compare=False))
    rows = plan.tables["limits"]
    assert rows["counted"].tolist() == pytest.approx([600_000.0, 600_000.0])
    assert rows["binds"].all()
    binding = plan.tables["binding"]
    assert binding[binding["rule"] == "tonne_km"]["price"].max() == pytest.approx(WORTH, rel=1e-6)
    curve = run.target(haulage / "binds.toml", run.Sweep("haul", 600_000.0, 500_000.0)).tables["curve"]
    assert curve["cost"].is_monotonic_increasing
    assert curve["price"].iloc[0] == pytest.approx(2 * WORTH, rel=1e-4)


def idle_limits(question: Path) -> list[Finding]:
    """Return what is found of limits before a solve."""
    return [found for found in run.check(question).findings if " limits #" in found.place]


def test_limit_on_a_measure_from_outside_when_nothing_is_counted_then_the_check_says_so(haulage: Path) -> None:
    assert idle_limits(haulage / "binds.toml") == []
    lanes = haulage / "case" / "lanes.csv"
    head, *rows = lanes.read_text("utf-8").splitlines()
    lanes.write_text("\n".join([head, *(row.rpartition(",")[0] + "," for row in rows)]), "utf-8")
    (found,) = idle_limits(haulage / "binds.toml")
    assert (found.severity, found.code) == ("warning", "SCREEN-391")
    assert str(found).startswith(
        "binds.toml limits #1: haul counts nothing: there is no haulage in any plan; fill in what"
    )


def test_limit_on_a_measure_from_outside_when_it_matches_nothing_then_that_is_said_once(haulage: Path) -> None:
    question = haulage / "binds.toml"
    late = question.read_text("utf-8").replace("value = 600000\n", 'value = 600000\nfrom = "2040-01-01"\n')
    question.write_text(late, "utf-8")
    assert [found.code for found in idle_limits(question)] == ["SCREEN-380"]
