"""The calls behind the commands: read, build, solve, audit, write; check, explain, compare, comply, dial, weigh."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcing.explain import Explanation
    from sourcing.run.alternatives import Wanted, alternatives
    from sourcing.run.audit import audit_plan, load_plan, verdict_on
    from sourcing.run.check import CheckReport, check
    from sourcing.run.comply import comply
    from sourcing.run.dialling import Sweep
    from sourcing.run.explain import explain
    from sourcing.run.frontier import frontier
    from sourcing.run.model import model_of
    from sourcing.run.optimize import optimize
    from sourcing.run.options import RunOptions
    from sourcing.run.setting import Setting, ask
    from sourcing.run.side_by_side import Comparison, compare
    from sourcing.run.stages import solve_in_stages
    from sourcing.run.target import target
    from sourcing.run.tornado import Doubts, tornado
    from sourcing.run.trading import Trade

__all__ = [
    "CheckReport",
    "Comparison",
    "Doubts",
    "Explanation",
    "RunOptions",
    "Setting",
    "Sweep",
    "Trade",
    "Wanted",
    "alternatives",
    "ask",
    "audit_plan",
    "check",
    "compare",
    "comply",
    "explain",
    "frontier",
    "load_plan",
    "model_of",
    "optimize",
    "solve_in_stages",
    "target",
    "tornado",
    "verdict_on",
]

_HOME = {
    "CheckReport": "sourcing.run.check",
    "Comparison": "sourcing.run.side_by_side",
    "Doubts": "sourcing.run.tornado",
    "Explanation": "sourcing.explain",
    "RunOptions": "sourcing.run.options",
    "Setting": "sourcing.run.setting",
    "Sweep": "sourcing.run.dialling",
    "Trade": "sourcing.run.trading",
    "Wanted": "sourcing.run.alternatives",
    "alternatives": "sourcing.run.alternatives",
    "ask": "sourcing.run.setting",
    "audit_plan": "sourcing.run.audit",
    "check": "sourcing.run.check",
    "compare": "sourcing.run.side_by_side",
    "comply": "sourcing.run.comply",
    "explain": "sourcing.run.explain",
    "frontier": "sourcing.run.frontier",
    "load_plan": "sourcing.run.audit",
    "model_of": "sourcing.run.model",
    "optimize": "sourcing.run.optimize",
    "solve_in_stages": "sourcing.run.stages",
    "target": "sourcing.run.target",
    "tornado": "sourcing.run.tornado",
    "verdict_on": "sourcing.run.audit",
}


class _Calls(ModuleType):
    """The package: a name stays that of a call where a module of the same name is loaded beside it."""

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Calls

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load a call when it is first asked for: the solver costs seconds that reading a plan need not pay."""
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOME[name]), name)
