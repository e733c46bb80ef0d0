"""A frontier that was written to a folder, read back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.audit.layout import CLAIM, NUMBER, TEXT
from sourcing.outcome.entering import Moves
from sourcing.plan.curves import curve_plan, curve_tables
from sourcing.plan.folder import MANIFEST
from sourcing.plan.shape import Weighed
from sourcing.studies.frontier.found import Frontier
from sourcing.studies.frontier.tables import column_of

if TYPE_CHECKING:
    from sourcing.plan.folder import Kept

_POINT = {
    **dict.fromkeys(("point", "cost", "short"), NUMBER),
    "knee": CLAIM,
    **dict.fromkeys(Moves._fields, TEXT),
}
_BAND = dict.fromkeys(("value", "lower", "upper"), NUMBER)


def read_stored(kept: Kept) -> Frontier:
    """Return a stored frontier of ``sourcing frontier``; of its plans only the first is read.

    Raises
    ------
    QuestionError : PLAN-007, a file of it is missing or cannot be read.
    """
    manifest = kept.values(MANIFEST)
    kept.shaped(MANIFEST, Weighed)
    measures = dict.fromkeys(map(column_of, manifest["measures"]), NUMBER)
    tables = curve_tables(kept, manifest, {"frontier": _POINT | measures, "band": _BAND}, ("frontier",))
    plan = curve_plan(kept, manifest["folders"][0])
    return Frontier(
        measures=tuple(manifest["measures"]), tables=tables, manifest=manifest, plans=(plan,), folder=kept.path
    )
