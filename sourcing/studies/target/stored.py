"""A curve that was written to a folder, read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.audit.layout import CLAIM, MAYBE, NUMBER, TEXT
from sourcing.outcome.entering import Moves
from sourcing.plan.curves import curve_plan, curve_tables
from sourcing.plan.folder import MANIFEST
from sourcing.plan.shape import Curve
from sourcing.studies.target.found import Target

if TYPE_CHECKING:
    from sourcing.plan.folder import Kept

_COLUMNS = {
    "curve": {
        **dict.fromkeys(("value", "cost", "more", "short"), NUMBER),
        **dict.fromkeys(("price", "next"), MAYBE),
        "knee": CLAIM,
        **dict.fromkeys(Moves._fields, TEXT),
    },
    "band": dict.fromkeys(("value", "lower", "upper"), NUMBER),
}
"""Columns that are drawn, and what their cells are."""


def read_stored(kept: Kept) -> Target:
    """Return a stored curve of ``sourcing target``; its limit is that of its plans, at the value of its question.

    Of its plans only the first is read.

    Raises
    ------
    QuestionError : PLAN-007, a file of it is missing or cannot be read.
    """
    manifest = kept.values(MANIFEST)
    kept.shaped(MANIFEST, Curve)
    tables = curve_tables(kept, manifest, _COLUMNS, ("curve", "band"))
    points = kept.folder("points")
    first = min((each.name for each in points.iterdir() if each.is_dir()), default="")
    plan = curve_plan(kept, "points", first)
    limits, own = plan.case["limits"], manifest["limit"]
    named = limits[limits["limit"] == own["limit"]]
    if named.empty:
        raise kept.refused(f"points/{first}: its inputs have no limit of the name in {MANIFEST}")
    limit = {str(key): value for key, value in named.iloc[0].to_dict().items()} | {"value": own["value"]}
    return Target(limit=limit, tables=tables, manifest=manifest, plans=(plan,), folder=kept.path)
