"""The benchmark's cases are sound, and what is compared in it is the same model.

linopy and PuLP are not among what the checks install (300 MB); ``make bench`` holds them to the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from benchmarks import release, releases
from benchmarks.compare import Size, refuse_differences
from benchmarks.instance import make, write
from benchmarks.measure import measure, measure_optimize
from benchmarks.relaxations import measure as relax
from benchmarks.relaxations import write as write_family
from benchmarks.same import agree
from benchmarks.whole_command import STAGES, whole_command
from sourcing.answer.setting import ask
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.program import ArrayModel
from sourcing.engine.solve import solve

if TYPE_CHECKING:
    from pathlib import Path

SIZE = 1_000
TESTED = ("sourcing", "highspy", "pyomo_appsi", "pyomo_contrib")


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    """Return what each peer makes of the smallest case."""
    question = str(write(SIZE, tmp_path_factory.mktemp("small")))
    return {peer: measure(peer, question, question) for peer in TESTED}


def test_case_when_made_twice_then_it_is_the_same_and_another_seed_is_not():
    assert make(SIZE) == make(SIZE)
    assert make(SIZE) != make(SIZE, seed=2)


def test_case_when_a_size_is_asked_for_then_the_model_has_about_as_many_columns(runs):
    assert runs["sourcing"]["size"][1] == pytest.approx(SIZE, rel=0.15)


@pytest.mark.parametrize("peer", TESTED[1:])
def test_peer_when_it_writes_the_model_by_its_own_means_then_program_and_optimum_are_the_engines(runs, peer):
    own, other = runs["sourcing"], runs[peer]
    assert other["size"] == own["size"]
    assert agree(own["fingerprint"], other["fingerprint"])
    assert other["optimum"] == pytest.approx(own["optimum"], rel=1e-6)


@pytest.mark.parametrize(
    ("what", "value"), [("size", [1, 2, 3]), ("optimum", 1.0), ("fingerprint", [1.0] * 15)], ids=lambda part: str(part)
)
def test_comparison_when_a_peer_has_another_model_then_it_stops(runs, what, value):
    same = Size(SIZE, {"sourcing": [runs["sourcing"]], "highspy": [runs["highspy"]]})
    refuse_differences(same)
    other = Size(SIZE, {"sourcing": [runs["sourcing"]], "highspy": [runs["highspy"] | {what: value}]})
    with pytest.raises(SystemExit, match="not the same model"):
        refuse_differences(other)


def test_fingerprint_when_one_coefficient_moves_then_it_changes(runs, tmp_path):
    from benchmarks.peers import by_highspy
    from benchmarks.same import fingerprint, read_back

    question = str(write(SIZE, tmp_path))
    highs = by_highspy.hand_over(by_highspy.build(by_highspy.read(question)))
    assert agree(fingerprint(read_back(highs)), runs["sourcing"]["fingerprint"])
    lp = highs.getLp()
    highs.changeCoeff(0, int(lp.a_matrix_.index_[0]), 0.5 * float(lp.a_matrix_.value_[0]))
    assert not agree(fingerprint(read_back(highs)), runs["sourcing"]["fingerprint"])


def test_relaxation_when_bounds_are_tightened_then_is_nearer_the_plan_and_not_beyond_it(tmp_path):
    gaps = relax(write_family("facilities", 1, tmp_path))
    assert 0 <= gaps.after < 0.9 * gaps.before


def test_whole_command_when_measured_then_has_all_stages_of_an_audited_plan_and_what_is_proven(tmp_path):
    question = str(write(SIZE, tmp_path))
    run = measure_optimize(question, question)
    assert (set(run["stages"]), run["clean"], run["claim"]) == (set(STAGES), True, "proven")
    assert 0 <= run["gap"] <= 1e-9 * run["value"]
    assert sum(run["stages"].values()) == pytest.approx(run["cpu"], rel=0.2)


def test_page_when_a_large_size_was_not_run_by_highs_alone_then_says_so():
    run = {"columns": 1_013_432, "alone": False, "cpu": 9.0, "stages": dict.fromkeys(STAGES, 1.0), "helped": {}}
    run |= {"peak": 1, "peak_of_children": 1, "claim": "proven", "value": 2.0, "gap": 0.0, "check": 1.0}
    said = "HiGHS alone was not run at 1,013,432 columns"
    assert said in whole_command([{"columns": 1_000_000, "commands": [run]}])
    assert said not in whole_command([{"columns": 1_000_000, "commands": [run, run | {"alone": True}]}])
    assert "not run" not in whole_command([{"columns": 1_000, "commands": [run]}])


def test_program_kept_for_releases_when_solved_by_highspy_alone_then_costs_what_the_engine_says(tmp_path: Path) -> None:
    question, kept = write_family("qualification", 2, tmp_path), tmp_path / "program.npz"
    rows, columns, whole = releases.keep(question, 0.0, kept)
    with np.load(kept) as stored:
        given = dict(stored)
    assert given["shape"].tolist() == [rows, columns]
    assert given["whole"].sum() == whole > 0
    found = release.solved(given, limit=60.0)
    assert found["status"] == "Optimal"
    model = ArrayModel(formulate(ask(question, None).network))
    plan = solve(model, ("cost",), SolverOptions(threads=1, interruptible=False))
    assert found["value"] == pytest.approx(plan.level("cost").value, rel=1e-6)


def test_releases_when_they_prove_different_costs_then_the_page_says_so() -> None:
    def ran(value: float, status: str = "Optimal") -> list[dict[str, Any]]:
        return [{"seconds": 2.0, "status": status, "value": value}]

    by_release = dict(zip(releases.RELEASES, map(ran, (100.0, 100.0, 100.0, 100.05)), strict=True))
    assert releases.differences({"terms": by_release}) == []
    assert releases.differences({"lots": by_release}) == ["`lots`: the releases say between 100 and 100.05."]
    stopped = {**by_release, releases.RELEASES[0]: ran(120.0, "Time limit reached")}
    assert releases.cell(stopped[releases.RELEASES[0]]) == "time limit reached after 2"
    assert "between 100 and 100.05" in releases.page({"lots": stopped}, {"lots": (1, 2, 3)}, 1)
