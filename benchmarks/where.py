"""Say where this engine's time goes: ``python -m benchmarks.where QUESTION WARM-UP`` prints CPU seconds by step."""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections import defaultdict
from functools import wraps
from typing import TYPE_CHECKING, Any

from benchmarks.measure import PHASES, warm

if TYPE_CHECKING:
    from collections.abc import Callable

STEPS = {
    "read: files": [("sourcing.answer.setting", "read_case")],
    "read: parse and type every cell": [("sourcing.tables.read", "parse_sheet")],
    "read: references, keys, rules of a row": [("sourcing.tables.read", "check")],
    "read: screens of what no plan could meet": [("sourcing.answer.setting", "screen")],
    "read: the question": [("sourcing.answer.setting", "load_question")],
    "build: purchases (with routes, lead times, capacities)": [("sourcing.families.purchase.algebra", "build")],
    "build: stock": [("sourcing.families.stock.algebra", "build")],
    "build: conversion and shipping": [
        ("sourcing.families.conversion.algebra", "build"),
        ("sourcing.families.transport.algebra", "build"),
        ("sourcing.families.transport.algebra", "close"),
    ],
    "build: duty": [("sourcing.families.duty.algebra", "close")],
    "build: limits on shares": [("sourcing.families.shares.algebra", "close")],
    "build: balances": [("sourcing.families.balance.algebra", "close")],
    "build: matrix and objectives": [("sourcing.engine.formulation", "_assemble")],
    "build: the Pyomo model around the arrays": [("benchmarks.peers.by_sourcing", "to_pyomo")],
    "hand over: arrays into HiGHS": [("benchmarks.peers.by_sourcing", "load")],
}


class Clock:
    """CPU seconds by step, each without the steps inside it."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._inside: list[float] = [0.0]

    def timed(self, step: str, work: Callable[..., Any]) -> Callable[..., Any]:
        """Return ``work`` with its time counted."""

        @wraps(work)
        def counted(*given: Any, **named: Any) -> Any:
            self._inside.append(0.0)
            began = time.process_time()
            try:
                return work(*given, **named)
            finally:
                took = time.process_time() - began
                self.seconds[step] += took - self._inside.pop()
                self._inside[-1] += took

        return counted


def main(question: str, warm_up: str) -> None:
    """Read, build and hand over once, with a clock around every step."""
    made, clock = warm("sourcing", warm_up), Clock()
    for step, places in STEPS.items():
        for module, name in places:
            home = importlib.import_module(module)
            setattr(home, name, clock.timed(step, getattr(home, name)))
    handle: Any = question
    for phase in PHASES[:3]:
        handle = clock.timed(f"{phase.replace('_', ' ')}: all else", getattr(made, phase))(handle)
    sys.stdout.write(json.dumps(clock.seconds) + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
