"""Proofs that there is no plan, told: what it rests on, and the rows of the model that cannot be kept together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from sourcing.engine.certificate import Posed, refutes
from sourcing.engine.solver_result import BOUNDS, RAY, SEARCHES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.engine.solver_result import Proof

    Reals = NDArray[np.float64]

_WORDS = {
    RAY: "Proven: a weighted sum of {count} of the model's rows asks for what no quantities can be.",
    BOUNDS: "Proven: something is to be at least more than it may be at most.",
    SEARCHES: "Searched for twice, set up differently, and not found; no sum of rows proves that there is none.",
}
_CLAIMS = {RAY: "claimed", BOUNDS: "proven", SEARCHES: "re-solved"}
"""What each rests on, before the sum of a ray has been added up without rounding."""
_OWN = "rule of the analyst's own"


def told(proof: Proof, formulation: Formulation | None = None) -> dict[str, Any]:
    """Return what a proof says, as plain values: its kind, a sentence, and the rows of a ray with their weights.

    ``claim`` is "proven" where it was added up without rounding, "re-solved" where two searches agree, else "claimed".

    Parameters
    ----------
    formulation : the program as it was solved, for the rows' names; without it they are left out.
    """
    ray = np.empty(0) if proof.ray is None else proof.ray
    rows = np.flatnonzero(ray)
    said = {"kind": proof.kind, "claim": _CLAIMS[proof.kind], "words": _WORDS[proof.kind].format(count=len(rows))}
    if formulation is None or not len(rows):
        return said
    if len(ray) == formulation.shape[0]:
        said["claim"] = "proven" if _refuted(formulation, ray) else "claimed"
    names = formulation.row_names()
    weights = (ray[rows] / np.abs(ray).max()).tolist()
    called = [names[row] if row < len(names) else _OWN for row in rows.tolist()]
    return said | {"rows": [{"row": row, "weight": weight} for row, weight in zip(called, weights, strict=True)]}


def _refuted(formulation: Formulation, ray: Reals) -> bool:
    """Say whether a ray is a proof of its program without any rounding."""
    f = formulation
    return refutes(Posed(f.matrix, (f.column_lower, f.column_upper), (f.row_lower, f.row_upper)), ray)
