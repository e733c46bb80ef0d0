"""The public calls, one per command and more: façade over ``sourcing.answer``, ``sourcing.plan`` and the studies."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcing.answer.audit import audit_plan, load_plan, verdict_on
    from sourcing.answer.check import CheckReport, check
    from sourcing.answer.comply import comply
    from sourcing.answer.optimize import optimize
    from sourcing.answer.options import RunOptions
    from sourcing.answer.pyomo_model import model_of
    from sourcing.answer.pyomo_stages import solve_in_stages
    from sourcing.answer.setting import Setting, ask
    from sourcing.reasons import Explanation
    from sourcing.studies.alternatives.call import Wanted, alternatives
    from sourcing.studies.compare.call import Comparison, compare
    from sourcing.studies.decide.call import decide
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
    "decide",
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
    "CheckReport": "sourcing.answer.check",
    "Comparison": "sourcing.studies.compare.call",
    "Doubts": "sourcing.studies.tornado.call",
    "Explanation": "sourcing.reasons",
    "RunOptions": "sourcing.answer.options",
    "Setting": "sourcing.answer.setting",
    "Sweep": "sourcing.studies.target.request",
    "Trade": "sourcing.studies.frontier.request",
    "Wanted": "sourcing.studies.alternatives.call",
    "alternatives": "sourcing.studies.alternatives.call",
    "ask": "sourcing.answer.setting",
    "audit_plan": "sourcing.answer.audit",
    "check": "sourcing.answer.check",
    "compare": "sourcing.studies.compare.call",
    "comply": "sourcing.answer.comply",
    "decide": "sourcing.studies.decide.call",
    "explain": "sourcing.studies.explain.call",
    "frontier": "sourcing.studies.frontier.call",
    "load_plan": "sourcing.answer.audit",
    "model_of": "sourcing.answer.pyomo_model",
    "optimize": "sourcing.answer.optimize",
    "solve_in_stages": "sourcing.answer.pyomo_stages",
    "target": "sourcing.studies.target.call",
    "tornado": "sourcing.studies.tornado.call",
    "verdict_on": "sourcing.answer.audit",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        """Load a call when it is first asked for: the solver costs seconds that reading a plan need not pay."""
        if name not in _HOME:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_HOME[name]), name)
