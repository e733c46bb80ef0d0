"""Results of studies: tables, manifest and plans in one folder, complete or not at all."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd
import pytest
from builders import tiny_case, write_question

from sourcing.answer.manifest import audited, findings_of
from sourcing.answer.options import RunOptions
from sourcing.answer.setting import ask
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.program import ArrayModel
from sourcing.engine.solve import solve
from sourcing.errors import AuditFailure, SolverError
from sourcing.outcome import Values
from sourcing.plan.result import Result, ResultWithPlans
from sourcing.plan.store import read_plan

if TYPE_CHECKING:
    from pathlib import Path

TABLE = pd.DataFrame({"offer": ["=FAR"], "tonnes": [1.5]})


@dataclass(frozen=True, eq=False, kw_only=True)
class Found(ResultWithPlans):
    """A result with one plan."""

    CALLED: ClassVar[str] = "the sweep"

    @property
    def places(self) -> list[str]:
        return ["points/first"]


def found(tmp_path: Path, **manifest: Any) -> Found:
    tiny_case(tmp_path)
    setting = ask(write_question(tmp_path))
    formulation = formulate(setting.network)
    values = Values(formulation, solve(ArrayModel(formulation), ("shortage", "cost"), SolverOptions()))
    plan = audited(setting, values, RunOptions(), {"seconds": {}, "point": 1})
    manifest = {"findings": findings_of([plan]), **manifest}
    return Found(tables={"sweep": TABLE}, manifest=manifest, plans=(plan,), values=(values,))


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_tables_when_saved_then_are_all_there_is_and_their_text_is_no_formula(tmp_path: Path) -> None:
    saved = Result(tables={"found": TABLE}).save(tmp_path / "out")
    assert saved.folder == tmp_path / "out"
    assert files(tmp_path / "out") == ["found.csv"]
    assert (tmp_path / "out" / "found.csv").read_text("utf-8") == "offer,tonnes\n'=FAR,1.5\n"


def test_result_with_plans_when_saved_then_each_is_a_plan_like_any_other(tmp_path: Path) -> None:
    saved = found(tmp_path).save([tmp_path / "out"])
    (plan,) = saved.plans
    assert plan.folder == tmp_path / "out" / "points" / "first"
    again = read_plan(plan.folder)
    assert (again.manifest["point"], again.manifest["audit"]["clean"]) == (1, True)
    assert {"analyst/duals.csv", "analyst/reduced_costs.csv", "audit.json", "plan.json"} <= set(files(plan.folder))
    assert json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8")) == {"findings": []}


def test_result_that_the_audit_refuses_then_is_kept_under_a_name_that_says_so(tmp_path: Path) -> None:
    refused = found(tmp_path, findings=["purchases: a tonne is missing"])
    with pytest.raises(AuditFailure) as failure:
        refused.save(tmp_path / "out")
    kept = tmp_path / "out-audit-failed"
    assert failure.value.findings == ["purchases: a tonne is missing", f"the sweep is kept in {kept}"]
    assert {"manifest.json", "sweep.csv", "points/first/plan.json"} <= set(files(kept))
    assert not (tmp_path / "out").exists()
    with pytest.raises(AuditFailure) as unwritten:
        refused.agreed()
    assert (unwritten.value.findings, unwritten.value.plan) == (["purchases: a tonne is missing"], refused)


def test_result_when_a_table_cannot_be_written_then_nothing_is_left(tmp_path: Path) -> None:
    result = Result(tables={"found": TABLE, "no/such/place": TABLE})
    with pytest.raises(SolverError, match="cannot be written"):
        result.save(tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
