"""The calls behind the commands: read, build, solve, audit, write; check, explain, compare, comply, dial, weigh."""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcing.reasons import Explanation
    from sourcing.run.audit import audit_plan, load_plan, verdict_on
    from sourcing.run.check import CheckReport, check
    from sourcing.run.comply import comply
    from sourcing.run.model import model_of
    from sourcing.run.optimize import optimize
    from sourcing.run.options import RunOptions
    from sourcing.run.setting import Setting, ask
    from sourcing.run.stages import solve_in_stages
    from sourcing.studies.alternatives.call import Wanted, alternatives
    from sourcing.studies.compare.call import Comparison, compare
    from sourcing.studies.explain.call import explain
    from sourcing.studies.frontier.call import frontier
    from sourcing.studies.frontier.request import Trade
    from sourcing.studies.target.call import target
    from sourcing.studies.target.request import Sweep
    from sourcing.studies.tornado.call import Doubts, tornado

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
    "Comparison": "sourcing.studies.compare.call",
    "Doubts": "sourcing.studies.tornado.call",
    "Explanation": "sourcing.reasons",
    "RunOptions": "sourcing.run.options",
    "Setting": "sourcing.run.setting",
    "Sweep": "sourcing.studies.target.request",
    "Trade": "sourcing.studies.frontier.request",
    "Wanted": "sourcing.studies.alternatives.call",
    "alternatives": "sourcing.studies.alternatives.call",
    "ask": "sourcing.run.setting",
    "audit_plan": "sourcing.run.audit",
    "check": "sourcing.run.check",
    "compare": "sourcing.studies.compare.call",
    "comply": "sourcing.run.comply",
    "explain": "sourcing.studies.explain.call",
    "frontier": "sourcing.studies.frontier.call",
    "load_plan": "sourcing.run.audit",
    "model_of": "sourcing.run.model",
    "optimize": "sourcing.run.optimize",
    "solve_in_stages": "sourcing.run.stages",
    "target": "sourcing.studies.target.call",
    "tornado": "sourcing.studies.tornado.call",
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
