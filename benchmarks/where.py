"""Say where this engine's time goes: ``python -m benchmarks.where QUESTION WARM-UP`` prints CPU seconds by step."""

from __future__ import annotations

import cProfile
import json
import pstats
import sys
import time
from typing import Any

from benchmarks.measure import PHASES, warm

_DEPTH = 12
"""Rounds of passing time on from a library's functions to their callers; deeper calls take next to none."""
STEPS = {
    "tables/parse.py": "read: parse and type every cell",
    "tables/checks.py": "read: references, keys, rules of a row",
    "tables/screens": "read: screens of what no plan could meet",
    "question": "read: the question and its edits",
    "network": "build: routes, points, arrivals and capacities",
    "calendar.py": "build: routes, points, arrivals and capacities",
    "families": "build: columns, rows and postings of the families",
    "protocol.py": "build: columns, rows and postings of the families",
    "engine/builder.py": "build: the sparse matrix and the ledger",
    "engine/formulation.py": "build: objectives",
    "engine/pyomo": "build: the Pyomo model around the arrays",
    "engine/highs.py": "hand over: arrays into HiGHS",
}


def step_of(file: str) -> str | None:
    """Return the step that a file of the package belongs to."""
    _, inside, path = file.rpartition("/sourcing/")
    return next((step for start, step in STEPS.items() if inside and path.startswith(start)), None)


def shares(stats: pstats.Stats) -> dict[str, float]:
    """Return CPU seconds by step; what a library takes counts for the steps that called it, as often as they did."""
    timings: dict[Any, Any] = stats.stats  # type: ignore[attr-defined]
    parts: dict[Any, dict[str, float]] = {}
    for function in timings:
        mine = step_of(function[0])
        parts[function] = {mine: 1.0} if mine else {}
    for _ in range(_DEPTH):
        for function, (_, _, _, _, callers) in timings.items():
            if step_of(function[0]) is None:
                parts[function] = _from_callers(callers, parts)
    found: dict[str, float] = {}
    for function, (_, _, own, _, _) in timings.items():
        for step, part in parts[function].items():
            found[step] = found.get(step, 0.0) + own * part
    return found


def _from_callers(callers: Any, parts: dict[Any, dict[str, float]]) -> dict[str, float]:
    """Return the steps that a function works for: those of its callers, by the time it took for each."""
    weight = sum(cumulative for _, _, _, cumulative in callers.values())
    found: dict[str, float] = {}
    for caller, (_, _, _, cumulative) in callers.items():
        for step, part in parts.get(caller, {}).items():
            found[step] = found.get(step, 0.0) + part * cumulative / (weight or 1.0)
    return found


def main(question: str, warm_up: str) -> None:
    """Profile reading, building and handing over, once."""
    made = warm("sourcing", warm_up)
    profile = cProfile.Profile(time.process_time)
    handle: Any = question
    for phase in PHASES[:3]:
        profile.enable()
        handle = getattr(made, phase)(handle)
        profile.disable()
    sys.stdout.write(json.dumps(shares(pstats.Stats(profile))) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
