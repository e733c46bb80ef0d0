"""The manifest: what a plan was made from, how, and how far it is proven; of studies too."""

from __future__ import annotations

import math
import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sourcing import __version__, families
from sourcing.answer.audit import with_verdict
from sourcing.answer.second_engine import unhelped
from sourcing.answer.threads import capped
from sourcing.card import OWN_RULE
from sourcing.network.look_through import looks_through
from sourcing.outcome import plan_tables
from sourcing.outcome.after_horizon import named
from sourcing.outcome.use import shares_limited
from sourcing.plan import SCHEMA, Plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sourcing.answer.options import RunOptions
    from sourcing.answer.setting import Setting
    from sourcing.outcome import Values
    from sourcing.question import Question
    from sourcing.tables import Case, Finding

_PACKAGES = ("pyomo", "highspy", "numpy", "pandas", "scipy")
_TABLES = (
    *("purchases", "shipments", "conversions", "stock", "shortage", "decisions", "changes"),
    *("cost", "shares", "hhi", "limits", "binding", "orders", "days", "waits", "options"),
)


def manifest_of(setting: Setting, values: Values, options: RunOptions) -> dict[str, Any]:
    """Return the manifest of a plan, but for the audit and the seconds that are added at the end."""
    question, solution = setting.question, values.solution
    rows, columns = values.formulation.shape
    objective = {name: float(costs @ values.x) for name, costs in values.formulation.objectives.items()}
    proven = {level.name: level.bound for level in solution.levels}
    bound = proven.get("cost", -math.inf)
    least = float(values.formulation.objectives["cost"] @ values.cheapest)
    gap = (least - bound) / max(abs(least), 1.0)
    objective["cost"] = float(values.formulation.money @ values.x)
    return {
        "schema": SCHEMA,
        "name": question.name,
        "question": question.question,
        "case": setting.case.name,
        "created": datetime.now(UTC).isoformat(timespec="microseconds"),
        "status": solution.status,
        "shortage": question.objective.shortage,
        "objective": objective,
        "bound": bound if math.isfinite(bound) else None,
        "gap": max(gap, 0.0) if math.isfinite(gap) else None,
        "sizes": {"columns": columns, "rows": rows, "nonzeros": int(values.formulation.matrix.nnz)},
        "whole": bool(values.formulation.whole.any()),
        "versions": {
            "sourcing": __version__,
            "python": platform.python_version(),
            **{name: version(name) for name in _PACKAGES},
        },
        "options": {name: _plain(value) for name, value in vars(options).items()},
        "inputs": {**question.files, **setting.case.files},
        "families": [name for name in families.packages() if name not in question.without],
        "without": list(question.without),
        "edits": [edit.model_dump(exclude_none=True) for edit in question.edits],
        "notes": [str(finding) for finding in _notes(setting, values, options)],
        "tables": named([*_TABLES, *_further(setting, values, objective)], values.network.tree),
    }


def audited(setting: Setting, values: Values, options: RunOptions, further: Mapping[str, Any]) -> Plan:
    """Return the solver's numbers as a plan like any other, with the auditor's verdict on it in the manifest.

    Parameters
    ----------
    further : what a study adds to the manifest, or says there in its own way.
    """
    manifest = {**manifest_of(setting, values, options), **further}
    return with_verdict(Plan(plan_tables(values), manifest, setting.case, setting.question))


def study_manifest(kind: str, about: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """Return the manifest of a study: which kind, what it is ``about``, when it was made, its ``own``, by what."""
    made = datetime.now(UTC).isoformat(timespec="microseconds")
    versions = {"sourcing": __version__, "python": platform.python_version()}
    return {"schema": SCHEMA, "kind": kind, **about, "made": made, **own, "versions": versions}


def about(question: Question, case: Case) -> dict[str, Any]:
    """Return which question and which case a study is about."""
    return {"name": question.name, "question": question.question, "case": case.name}


def findings_of(plans: Iterable[Plan]) -> list[str]:
    """Return what the auditor has found in plans that were audited."""
    return [words for plan in plans for words in plan.manifest["audit"]["findings"]]


def _notes(setting: Setting, values: Values, options: RunOptions) -> list[Finding]:
    place = f"{setting.question.name or 'question'}.toml"
    return [*setting.findings, *capped(options.threads, "--threads"), *unhelped(values.formulation, place)]


def _further(setting: Setting, values: Values, objective: Mapping[str, float]) -> list[str]:
    """Return the tables that only some plans have."""
    further = {"look_through": looks_through(setting.case), "weighed": "weighed" in objective}
    further |= {"use": shares_limited(setting.case), "lots": "hold_of" in values.formulation.columns}
    further["customs"] = values.network.customs.any_due
    further["own_rules"] = OWN_RULE.name in values.formulation.rows
    return [name for name, written in further.items() if written]


def _plain(value: object) -> object:
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, str | Path):
        return os.fsencode(value).decode("utf-8", "replace")  # not every file's name is letters
    return value if value is None or isinstance(value, int | float) else str(value)
