"""Curves and frontiers that were written to a folder, read back: what is drawn of them later is what was found then."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from sourcing.errors import Fault, QuestionError
from sourcing.plan.store import read_plan, read_table
from sourcing.targets import Target
from sourcing.targets.frontier import Frontier
from sourcing.targets.moves import Moves

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd

NO_CURVE = "PLAN-007"
KINDS = ("target", "frontier")
"""Kinds of folders that hold a curve, as their manifests call them."""


def read_curve(folder: Path) -> Target | Frontier:
    """Return a stored curve of ``sourcing target`` or a frontier of ``sourcing frontier``.

    Of its plans only the first is read: it knows what things are called, and that is all that a picture asks of them.

    Raises
    ------
    QuestionError : PLAN-007, the folder holds neither, or a file of it is missing or cannot be read.
    """
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        kind = manifest.get("kind")
        if kind in KINDS:
            tables = {name: read_table(folder / f"{name}.csv") for name in manifest["tables"]}
            return (_target if kind == "target" else _frontier)(folder, manifest, tables)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        fact, again = f"the curve cannot be read ({error})", "make it again: sourcing target, or sourcing frontier"
        raise QuestionError([Fault(str(folder), fact, again, NO_CURVE)]) from error
    fact = f"this is {'a plan' if kind is None else f'of kind {kind}'}, and holds no curve"
    repair = "name a folder that sourcing target or sourcing frontier wrote"
    raise QuestionError([Fault(str(folder), fact, repair, NO_CURVE)])


def _target(folder: Path, manifest: Mapping[str, Any], tables: dict[str, pd.DataFrame]) -> Target:
    """Return a curve; its limit is that of its plans, at the value that the question gave it."""
    tables["curve"] = _said(tables["curve"])
    plan = read_plan(min((folder / "points").iterdir()))
    limits, own = plan.case["limits"], manifest["limit"]
    limit = limits[limits["limit"] == own["limit"]].iloc[0].to_dict() | {"value": own["value"]}
    return Target({str(key): value for key, value in limit.items()}, tables, manifest, (plan,), folder=folder)


def _frontier(folder: Path, manifest: Mapping[str, Any], tables: dict[str, pd.DataFrame]) -> Frontier:
    tables["frontier"] = _said(tables["frontier"])
    plan = read_plan(folder / manifest["folders"][0])
    return Frontier(tuple(manifest["measures"]), tables, manifest, (plan,), folder=folder)


def _said(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table whose words are blank where nothing was said."""
    words = {name: table[name].astype(object) for name in Moves._fields}
    return table.assign(**{name: column.where(column.notna(), "") for name, column in words.items()})
