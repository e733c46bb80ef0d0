"""The certificate of a plan: the audit and a script with nothing but Python notice whatever does not hold of it."""

from __future__ import annotations

import gzip
import json
import random
import subprocess
import sys
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from builders import tiny_case, write_question
from scipy import sparse
from test_hhi import MIX, three

from sourcing import run
from sourcing.answer.infeasibility_proofs import told
from sourcing.answer.setting import ask
from sourcing.audit import check_certificate
from sourcing.audit.certificate import certified
from sourcing.audit.check_certificate import Certificate
from sourcing.engine.certificate import Aim, Posed, certify, refutes
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.engine.solve import solve
from sourcing.outcome import Values
from sourcing.outcome.certificate import certificate_of
from sourcing.plan import certificate as stored

if TYPE_CHECKING:
    from collections.abc import Callable

    Spoil = Callable[[dict[str, Any]], None]

SCRIPT = Path(check_certificate.__file__)
KNOWN = Path(__file__).parent / "known"
READY = ("antimony-half-shipped", "antimony-us-ban", "diversified-2027", "no-china-2027")
WHOLE = {"cap41": "proven", "telecomone": "proven", "facility": "claimed", "euing": "claimed", "gandhi": "claimed"}
"""Known answers with whole numbers, and what the cost rests on: some have no gap between them and their relaxation."""
LINEAR = ("blend", "dantzig", "distribution", "food1", "hhi", "mexss", "rylon", "saveit", "steel4", "steelT", "transp")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan that leaves something short, and whose columns need bounds that rows imply."""
    folder = tmp_path_factory.mktemp("made")
    return Path(str(run.optimize("antimony-us-ban", out=folder / "plan").folder))


@pytest.fixture
def plan(made: Path, tmp_path: Path) -> Path:
    """A copy to be spoiled."""
    return Path(copytree(made, tmp_path / "plan"))


def content_of(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "certificate.json").read_text("utf-8"))  # type: ignore[no-any-return]


def alone(certificate: Path) -> subprocess.CompletedProcess[str]:
    """Run the script where there is nothing but Python: no site, no packages, no environment."""
    words = [sys.executable, "-I", "-S", str(SCRIPT), str(certificate)]
    return subprocess.run(words, check=False, capture_output=True, text=True, env={}, cwd=certificate.parent)


def findings_of(folder: Path) -> list[str]:
    return [each for each in run.audit_plan(folder).findings if each.startswith("certificate.json")]


def dearest(certificate: dict[str, Any]) -> tuple[dict[str, Any], int]:
    """Return the last objective and where its largest dual stands."""
    level = certificate["levels"][-1]
    values = [abs(value) for value in level["dual"]["value"]]
    return level, values.index(max(values))


def spoil_dual(certificate: dict[str, Any]) -> None:
    level, at = dearest(certificate)
    level["dual"]["value"][at] *= 1.001


def spoil_implied(certificate: dict[str, Any]) -> None:
    implied = certificate["levels"][-1]["implied"]
    implied["value"][0] *= 0.5


def spoil_bound(certificate: dict[str, Any]) -> None:
    level = certificate["levels"][-1]
    level["bound"] = level["value"] * (1 + 1e-12)


def spoil_value(certificate: dict[str, Any]) -> None:
    certificate["levels"][-1]["value"] *= 1 + 1e-9


def spoil_claim(certificate: dict[str, Any]) -> None:
    """Call proven what is not: duals, and the bound that they prove, a thousandth below what the plan costs."""
    level = certificate["levels"][-1]
    level["dual"]["value"] = [0.999 * value for value in level["dual"]["value"]]
    level["bound"] *= 0.998


def spoil_plan(certificate: dict[str, Any]) -> None:
    columns = certificate["columns"]
    at = max(range(len(columns["value"])), key=lambda each: columns["value"][each])
    columns["value"][at] *= 1 + 1e-9


def spoil_bounds_of_columns(certificate: dict[str, Any]) -> None:
    columns = certificate["columns"]
    columns["upper"][max(range(len(columns["value"])), key=lambda each: columns["value"][each])] = 1.0


def spoil_room(certificate: dict[str, Any]) -> None:
    certificate["missed"] = {"row": [0], "value": [1.0]}


SPOILINGS = (
    *(spoil_dual, spoil_implied, spoil_bound, spoil_value, spoil_claim),
    *(spoil_plan, spoil_bounds_of_columns, spoil_room),
)


def test_plan_when_made_then_its_certificate_holds_here_and_where_there_is_nothing_but_python(made: Path) -> None:
    assert run.audit_plan(made).findings == []
    done = alone(made / "certificate.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1] == "everything holds"


def test_script_when_counted_then_has_at_most_200_lines() -> None:
    assert len(SCRIPT.read_text("utf-8").splitlines()) <= 200


def test_plan_when_linear_then_every_statement_is_proven(made: Path) -> None:
    claims = json.loads((made / "manifest.json").read_text("utf-8"))["claims"]
    assert {claim["of"]: claim["claim"] for claim in claims} == dict.fromkeys(("plan", "shortage", "cost"), "proven")
    cost = claims[-1]
    least = cost.get("least", cost["value"])
    assert 0 <= least - cost["bound"] <= 1e-9 * least


@pytest.mark.parametrize("spoil", SPOILINGS, ids=lambda each: each.__name__)
def test_certificate_when_spoiled_then_audit_and_script_notice(plan: Path, spoil: Spoil) -> None:
    certificate = content_of(plan)
    spoil(certificate)
    (plan / "certificate.json").write_text(json.dumps(certificate), "utf-8")
    done = alone(plan / "certificate.json")
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.splitlines()[-1] != "everything holds"
    assert findings_of(plan)


def solved(question: str | Path) -> dict[str, Any]:
    """Return the certificate of a question's plan without its tables and its audit."""
    setting = ask(question, None)
    model, options = to_pyomo(formulate(setting.network)), SolverOptions(threads=1)
    solution = solve(model, tuple(setting.question.objective.minimize), options)
    return certificate_of(Values(model.formulation, solution), options)


@pytest.mark.parametrize("name", READY)
def test_ready_question_when_certified_then_its_gap_is_a_billionth_at_most(name: str) -> None:
    found = Certificate(solved(name))
    assert found.findings == []
    assert found.kept
    assert [level.claim for level in found.levels] == ["proven", "proven"]
    assert all(0 <= level.value - level.bound <= 1e-9 * (1 + abs(level.value)) for level in found.levels)


@pytest.mark.parametrize("name", WHOLE)
def test_whole_numbers_when_certified_then_plan_and_root_are_exact_and_the_search_is_a_claim(name: str) -> None:
    certificate = solved(KNOWN / name / "question.toml")
    found = Certificate(certificate)
    assert found.findings == []
    assert (found.kept, found.levels[-1].claim) == (True, WHOLE[name])
    level = certificate["levels"][-1]
    assert level["bound"] <= level["searched"] * (1 + 1e-9) + 1e-9
    assert level["bound"] > level["value"] - 0.5 * abs(level["value"]) - 100
    assert found.whole


def test_whole_numbers_when_spoiled_then_noticed() -> None:
    certificate = solved(KNOWN / "facility" / "question.toml")
    columns = certificate["columns"]
    at = next(each for each in columns["whole"] if columns["value"][each] == 1.0)
    for other, words in ((0.5, "not whole"), (0.0, "misses it")):
        columns["value"][at] = other
        assert any(words in each for each in Certificate(certificate).findings)


def test_switch_when_off_and_something_moves_then_noticed_however_little_it_is() -> None:
    certificate = solved(KNOWN / "facility" / "question.toml")
    columns, rows = certificate["columns"], certificate["rows"]
    off = next(each for each in columns["whole"] if columns["value"][each] == 0.0)
    row = next(
        row
        for row in range(len(rows["name"]))
        if off in (terms := rows["column"][rows["start"][row] : rows["start"][row + 1]]) and len(terms) > 1
    )
    moved = next(each for each in rows["column"][rows["start"][row] : rows["start"][row + 1]] if each != off)
    columns["value"][moved] = 1e-10
    certificate["missed"] = {"row": [*range(len(rows["name"]))], "value": [1e-9] * len(rows["name"])}
    assert any("there is no room" in each for each in Certificate(certificate).findings)


def test_no_plan_when_a_ray_proves_it_then_it_is_added_up_without_rounding(tmp_path: Path) -> None:
    tiny_case(tmp_path, capacity={"A": 1, "B": 1})
    setting = ask(write_question(tmp_path, '[objective]\nminimize = ["cost"]\nshortage = "none"\n'), None)
    model = to_pyomo(formulate(setting.network))
    proof = solve(model, ("cost",), SolverOptions(threads=1)).proof
    assert proof is not None
    assert told(proof, model.formulation)["claim"] == "proven"
    assert told(proof._replace(ray=-proof.ray), model.formulation)["claim"] == "claimed"


def test_duals_that_are_no_numbers_when_certified_then_they_prove_nothing_and_claim_nothing() -> None:
    posed = Posed(
        sparse.csr_array(np.array([[1.0, 1.0]])), (np.zeros(2), np.full(2, np.inf)), (np.ones(1), np.full(1, np.inf))
    )
    found = certify(posed, np.array([1.0, 0.0]), [Aim("cost", np.array([2.0, 3.0]), np.array([np.nan]))])
    assert (float(found.steps[0].value), found.steps[0].bound) == (2.0, 0.0)
    assert (
        certify(posed, np.array([1.0, 0.0]), [Aim("cost", np.array([2.0, 3.0]), np.array([2.0]))]).steps[0].bound == 2.0
    )


@pytest.mark.parametrize("seed", range(3))
def test_cost_when_shortage_weighs_millions_then_no_more_of_its_duals_is_taken_than_proves_most(seed: int) -> None:
    """Goods of which each supplier lacks a part: duals of any size prove the cost, and large ones lose it again."""
    draw, count = np.random.default_rng(seed), 30
    asked, weight, price = draw.uniform(1, 100, count), draw.uniform(6e4, 1e6, count), draw.uniform(10, 3e6, count)
    capacity, none, endless, one = asked / 3, np.zeros(count), np.full(count, np.inf), sparse.eye_array(count)
    bounds = np.zeros(2 * count), np.concatenate([capacity, endless])
    posed = Posed(sparse.csr_array(sparse.hstack([one, one])), bounds, (asked, endless))
    aims = [
        Aim("shortage", np.concatenate([none, weight]), weight),
        Aim("cost", np.concatenate([price, none]), none),
    ]
    found = certify(posed, np.concatenate([capacity, asked - capacity]), aims).steps[-1]
    assert float(found.value) - found.bound <= 1e-12 * float(found.value)
    assert -(2**12) <= found.held[0] < 0


def test_squares_when_limited_then_the_bound_of_their_tangents_holds_for_the_plan(tmp_path: Path) -> None:
    tiny_case(tmp_path, **three(), limits=[MIX])
    found = Certificate(solved(write_question(tmp_path)))
    assert found.findings == []
    assert any(name.startswith("cut[") for name in found.called)
    assert [level.claim for level in found.levels] == ["proven", "proven"]


def test_ray_when_spoiled_then_proves_nothing() -> None:
    posed = Posed(
        sparse.csr_array(np.array([[1.0, 1.0]])), (np.zeros(2), np.ones(2)), (np.array([3.0]), np.array([9.0]))
    )
    assert refutes(posed, np.array([1.0]))
    assert not refutes(posed, np.array([-1.0]))
    assert not refutes(posed._replace(rows=(np.array([2.0]), np.array([9.0]))), np.array([1.0]))


def test_certificate_when_damaged_at_random_then_the_audit_has_words_for_it(plan: Path) -> None:
    draw, whole = random.Random(7), content_of(plan)
    manifest = json.loads((plan / "manifest.json").read_text("utf-8"))
    for _ in range(60):
        damaged = {**whole, "levels": [dict(level) for level in whole["levels"]]}
        part = draw.choice([damaged, damaged["levels"][-1]])
        key = draw.choice(sorted(part))
        part[key] = draw.choice([None, [], {}, "x", -1, 1e300, [None], {"name": [1]}, [[1]], True, [1e308] * 3])
        assert list(certified(damaged, manifest, {}))


def test_certificate_when_large_then_packed_the_same_way_each_time_and_read_again(
    plan: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stored, "PLAIN", 1_000)
    content = content_of(plan)
    (plan / "certificate.json").unlink()
    stored.write_certificate(content, plan)
    first = (plan / "certificate.json.gz").read_bytes()
    stored.write_certificate(content, plan)
    assert (plan / "certificate.json.gz").read_bytes() == first
    assert run.audit_plan(plan).findings == []
    assert alone(plan / "certificate.json.gz").returncode == 0


def test_certificate_when_packed_folds_into_too_little_then_it_is_not_read(plan: Path) -> None:
    (plan / "certificate.json").unlink()
    (plan / "certificate.json.gz").write_bytes(gzip.compress(b" " * 10_000_000))
    (found,) = findings_of(plan)
    assert "cannot be read" in found


def test_certificate_when_it_is_of_another_plan_then_the_audit_notices(plan: Path, tmp_path: Path) -> None:
    tiny_case(tmp_path)
    other = run.optimize(write_question(tmp_path), out=tmp_path / "other")
    (plan / "certificate.json").write_bytes((tmp_path / "other" / "certificate.json").read_bytes())
    assert other.manifest["audit"]["clean"]
    assert alone(plan / "certificate.json").returncode == 0
    assert any("manifest.json says" in each for each in findings_of(plan))
    assert any("purchases.csv says" in each for each in findings_of(plan))


def test_certificate_when_gone_or_no_certificate_then_the_audit_says_so(plan: Path) -> None:
    (plan / "certificate.json").write_text("[1, 2]", "utf-8")
    (found,) = findings_of(plan)
    assert "is no certificate" in found
    (plan / "certificate.json").unlink()
    (found,) = findings_of(plan)
    assert "cannot be read" in found


def test_plan_when_an_earlier_version_wrote_it_then_it_has_no_certificate_and_no_finding(plan: Path) -> None:
    (plan / "certificate.json").unlink()
    manifest = json.loads((plan / "manifest.json").read_text("utf-8"))
    del manifest["claims"]
    (plan / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert run.audit_plan(plan).findings == []


@pytest.mark.parametrize("name", LINEAR)
def test_known_answer_when_linear_then_primal_signs_of_duals_and_complementarity_hold(name: str) -> None:
    found = Certificate(solved(KNOWN / name / "question.toml"))
    assert found.findings == []
    assert [level.claim for level in found.levels] == ["proven"] * len(found.levels)
    level = found.levels[-1]
    for row, price in level.dual.items():
        value = float(sum(cost * found.x[column] for column, cost in found.terms[row].items()))
        side = found.sides[int(price < 0)][row]
        assert abs(price * (value - side)) <= 1e-7 * (1 + abs(float(level.value))), found.called[row]
