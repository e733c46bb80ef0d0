"""The certificate of a plan as plain values: the program by names, the plan, duals, and what they prove."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy import sparse

from sourcing.engine.certificate import Aim, Posed, certify
from sourcing.engine.relaxed import aims_without_whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from sourcing.engine.certificate import Certificate, Step
    from sourcing.engine.highs import SolverOptions
    from sourcing.outcome.values import Values

    Reals = NDArray[np.float64]

SCHEMA = 1
KEPT, PART = 1e-9, 1e-12
"""Tonnes, or the part of the largest term of a row, by which a plan may miss a row that it is said to keep."""
CLOSE = 1e-9
"""Part of a value by which a bound may be below it that proves it."""
PROVEN, CLAIMED = "proven", "claimed"
"""What a statement rests on: sums without rounding, or the solver's word."""


def certificate_of(values: Values, options: SolverOptions, smooth: float = 0.0) -> dict[str, Any]:
    """Return the certificate of a plan; one with whole numbers has duals of the relaxation, which is solved for them.

    Parameters
    ----------
    options : how the plan was found.
    smooth : the part of the least cost that it may cost more.
    """
    f, solution = values.formulation, values.solution
    matrix = sparse.csr_array(f.matrix)
    matrix.sum_duplicates()
    whole = bool(f.whole.any())
    posed = Posed(matrix, (f.column_lower, f.column_upper), (f.row_lower, f.row_upper))
    if whole:
        found = _without_whole(values, posed, options)
    else:
        aims = [Aim(level.name, f.objectives[level.name], level.row_dual[: f.shape[0]]) for level in solution.levels]
        found = certify(posed, values.x, aims)
    searched = {level.name: level.bound for level in solution.levels} if whole else {}
    return {
        "schema": SCHEMA,
        "claim": PROVEN if _kept(found) else CLAIMED,
        "levels": [_level(each, searched.get(each.name), _sliver(values, each, smooth)) for each in found.steps],
        "missed": _sparse("row", found.room),
        "columns": {
            "name": f.column_names(),
            "lower": _ends(f.column_lower),
            "upper": _ends(f.column_upper),
            "value": values.x.tolist(),
            "whole": np.flatnonzero(f.whole).tolist(),
        },
        "rows": {
            "name": f.row_names(),
            "lower": _ends(f.row_lower),
            "upper": _ends(f.row_upper),
            "start": matrix.indptr.tolist(),
            "column": matrix.indices.tolist(),
            "value": matrix.data.tolist(),
        },
    }


def _without_whole(values: Values, posed: Posed, options: SolverOptions) -> Certificate:
    """Certify a plan with whole numbers by duals of the program without: those of the search, or found for this."""
    levels = values.solution.levels
    aims = [level.relaxed for level in levels if level.relaxed is not None]
    if len(aims) == len(levels):
        found = certify(posed, values.x, aims)
        if all(
            step.bound >= aim.bound - CLOSE * (1.0 + abs(aim.bound))
            for step, aim in zip(found.steps, aims, strict=True)
        ):
            return found
    names = [level.name for level in levels]
    return certify(posed, values.x, list(aims_without_whole(values.formulation, values.x, names, options)))


def claims_of(certificate: dict[str, Any]) -> list[dict[str, Any]]:
    """Return what a certificate says, statement by statement, and what each rests on."""
    most = max(certificate["missed"]["value"], default=0.0)
    plan = {"of": "plan", "claim": certificate["claim"], "missed": most}
    told = ("claim", "value", "bound", "least", "sliver", "searched")
    levels = certificate["levels"]
    return [
        plan,
        *({"of": level["objective"], **{name: level[name] for name in told if name in level}} for level in levels),
    ]


def _kept(found: Certificate) -> bool:
    """Whether a plan misses no row by more than it may."""
    matrix = found.posed.matrix
    largest = np.zeros(matrix.shape[0])
    term = np.abs(matrix.data * found.x[matrix.indices])
    np.maximum.at(largest, np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr)), term)
    return bool((found.room <= np.maximum(KEPT, PART * largest)).all())


def _sliver(values: Values, step: Step, smooth: float) -> dict[str, float]:
    """Return the least cost and the part of it that a smoother plan may cost more; nothing of any other objective."""
    if step.name != "cost" or values.solution.least is None:
        return {}
    return {"least": float(step.costs @ values.cheapest), "sliver": smooth}


def _level(step: Step, searched: float | None, sliver: Mapping[str, float]) -> dict[str, Any]:
    """Return what is certified of an objective; ``searched`` is what a search for whole numbers says that it proved.

    Of a plan that is smoother than the cheapest the least cost is what is proven, and that it costs a ``sliver`` more.
    """
    value, bound = float(step.value), step.bound if math.isfinite(step.bound) else None
    least = sliver.get("least", value)
    close = CLOSE * (1.0 + abs(least))
    within = value <= least + sliver.get("sliver", 0.0) * abs(least) + close
    near = within and bound is not None and least - bound <= close
    said = {} if searched is None else {"searched": searched if math.isfinite(searched) else None}
    return {
        "objective": step.name,
        "claim": PROVEN if near else CLAIMED,
        "value": value,
        "bound": bound,
        **sliver,
        **said,
        "held": list(step.held),
        "cost": _sparse("column", step.costs),
        "dual": _sparse("row", step.dual),
        "implied": {
            "end": [each.end for each in step.implied],
            "column": [each.column for each in step.implied],
            "value": [each.value for each in step.implied],
            "row": [each.row for each in step.implied],
        },
    }


def _sparse(key: str, given: Reals) -> dict[str, list[Any]]:
    at = np.flatnonzero(given)
    return {key: at.tolist(), "value": given[at].tolist()}


def _ends(side: Reals) -> list[float | None]:
    """Return sides, None for those that are not there."""
    return [None if math.isinf(each) else each for each in side.tolist()]
