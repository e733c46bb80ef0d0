"""The pictures of a plan, by name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sourcing.charts.concentration import concentration
from sourcing.charts.cost import cost
from sourcing.charts.mix import mix
from sourcing.charts.stock import stock
from sourcing.charts.world_map import world_map
from sourcing.report.rows import records

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sourcing.charts.theme import Picture
    from sourcing.plan import Plan

_BY_MATERIAL: Mapping[str, Callable[[Plan, str | None], Picture]] = {
    "mix": mix,
    "map": world_map,
    "concentration": concentration,
    "stock": stock,
}

KINDS = (*_BY_MATERIAL, "cost")


def draw(plan: Plan, kind: str, material: str | None = None) -> Picture:
    """Return a picture of a plan: one of ``KINDS``, of one element or material, or of as many as the screen shows.

    Raises
    ------
    QuestionError : PLAN-006, the plan has nothing of the kind; QUESTION-218, it counts no such material.
    """
    return cost(plan) if kind == "cost" else _BY_MATERIAL[kind](plan, material)


def as_json(picture: Picture) -> dict[str, Any]:
    """Return the words and the table of a picture as plain values."""
    words = {"kind": picture.kind, "title": picture.title, "alarm": picture.alarm}
    return {**words, "said": list(picture.said), "notes": list(picture.notes), "table": records(picture.table)}
