"""Curves and frontiers that were written to a folder, read back: what is drawn of them later is what was found then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.audit.layout import CLAIM, MAYBE, NUMBER, TEXT
from sourcing.audit.shape import misshapen, wrong_columns
from sourcing.errors import Fault, QuestionError
from sourcing.outcome.entering import Moves
from sourcing.plan.folder import MANIFEST, Kept
from sourcing.plan.shape import Curve, Weighed
from sourcing.plan.store import read_plan, stored_table
from sourcing.targets import Target
from sourcing.targets.frontier import Frontier
from sourcing.targets.frontier.tables import column_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pandas as pd

    from sourcing.plan import Plan

NO_CURVE = "PLAN-007"
KINDS = ("target", "frontier")
"""Kinds of folders that hold a curve, as their manifests call them."""
_BAND = dict.fromkeys(("value", "lower", "upper"), NUMBER)
_COLUMNS = {
    "target": {
        "curve": {
            **dict.fromkeys(("value", "cost", "more", "short"), NUMBER),
            **dict.fromkeys(("price", "next"), MAYBE),
            "knee": CLAIM,
            **dict.fromkeys(Moves._fields, TEXT),
        },
        "band": _BAND,
    },
    "frontier": {
        "frontier": {
            "point": NUMBER,
            "cost": NUMBER,
            "short": NUMBER,
            "knee": CLAIM,
            **dict.fromkeys(Moves._fields, TEXT),
        },
        "band": _BAND,
    },
}
"""Columns that are drawn, and what their cells are."""


def read_curve(folder: Path) -> Target | Frontier:
    """Return a stored curve of ``sourcing target`` or a frontier of ``sourcing frontier``.

    Of its plans only the first is read: it knows what things are called, and that is all that a picture asks of them.

    Raises
    ------
    QuestionError : PLAN-007, the folder holds neither, or a file of it is missing or cannot be read.
    """
    kept = Kept(folder, "the curve", NO_CURVE, "make it again: sourcing target, or sourcing frontier")
    manifest = kept.values(MANIFEST)
    kind = manifest.get("kind") if isinstance(manifest, dict) else None
    if not isinstance(kind, str) or kind not in KINDS:
        fact = f"this is {'a plan' if kind is None else 'of another kind'}, and holds no curve"
        repair = "name a folder that sourcing target or sourcing frontier wrote"
        raise QuestionError([Fault(str(folder), fact, repair, NO_CURVE)])
    kept.shaped(MANIFEST, Curve if kind == "target" else Weighed)
    tables = {name: stored_table(kept, name) for name in manifest["tables"]}
    measures = manifest["measures"] if kind == "frontier" else ()
    wrong = next(_misshapen(tables, kind, dict.fromkeys(map(column_of, measures), NUMBER)), None)
    if wrong is not None:
        raise kept.refused(wrong)
    return (_target if kind == "target" else _frontier)(kept, manifest, tables)


def _target(kept: Kept, manifest: Mapping[str, Any], tables: dict[str, pd.DataFrame]) -> Target:
    """Return a curve; its limit is that of its plans, at the value that the question gave it."""
    points = kept.folder("points")
    first = min((each.name for each in points.iterdir() if each.is_dir()), default="")
    plan = _plan(kept, "points", first)
    limits, own = plan.case["limits"], manifest["limit"]
    named = limits[limits["limit"] == own["limit"]]
    if named.empty:
        raise kept.refused(f"points/{first}: its inputs have no limit of the name in {MANIFEST}")
    limit = named.iloc[0].to_dict() | {"value": own["value"]}
    return Target({str(key): value for key, value in limit.items()}, tables, manifest, (plan,), folder=kept.path)


def _frontier(kept: Kept, manifest: Mapping[str, Any], tables: dict[str, pd.DataFrame]) -> Frontier:
    plan = _plan(kept, manifest["folders"][0])
    return Frontier(tuple(manifest["measures"]), tables, manifest, (plan,), folder=kept.path)


def _plan(kept: Kept, *names: str) -> Plan:
    """Return a plan of a curve.

    Raises
    ------
    QuestionError : it cannot be read, or its tables are not those of a plan of its inputs.
    """
    plan = read_plan(kept.folder(*names))
    wrong = next(misshapen(plan.tables, plan.case.tables, plan.question.horizon.periods), None)
    if wrong is not None:
        raise kept.refused(f"{'/'.join(names)}: {wrong}")
    return plan


def _misshapen(tables: Mapping[str, pd.DataFrame], kind: str, measures: Mapping[str, str]) -> Iterator[str]:
    """Yield what keeps a table of a curve from being drawn."""
    name = "curve" if kind == "target" else "frontier"
    for table, columns in _COLUMNS[kind].items():
        if table not in tables and (table == name or kind == "target"):
            yield f"{table}.csv: {MANIFEST} does not list it among its tables"
        elif table in tables:
            wrong = wrong_columns(tables[table], {**columns, **(measures if table == name else {})})
            yield from (f"{table}.csv: {fact}" for fact in ([wrong] if wrong else []))
    if name in tables and tables[name].empty:
        yield f"{name}.csv: it has no rows"
