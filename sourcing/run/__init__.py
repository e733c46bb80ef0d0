"""The calls behind the commands: read, build, solve, audit, write; check, explain, compare, comply, dial, weigh."""

from __future__ import annotations

from sourcing.explain import Explanation
from sourcing.run.alternatives import Wanted, alternatives
from sourcing.run.audit import audit_plan, load_plan, verdict_on
from sourcing.run.check import CheckReport, check
from sourcing.run.comply import comply
from sourcing.run.dialling import Sweep
from sourcing.run.explain import explain
from sourcing.run.frontier import frontier
from sourcing.run.optimize import optimize
from sourcing.run.options import RunOptions
from sourcing.run.setting import Setting, ask, model_of
from sourcing.run.side_by_side import Comparison, compare
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
    "target",
    "tornado",
    "verdict_on",
]
