"""Plan where to buy critical minerals: cost, capacity, lead time and concentration limits in one proven plan.

The public names below are imported when first used, so ``import sourcing`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sourcing.answer.audit import audit_plan, load_plan
    from sourcing.answer.check import check
    from sourcing.answer.optimize import optimize
    from sourcing.answer.options import RunOptions
    from sourcing.plan import Plan
    from sourcing.question import Question, load_question
    from sourcing.tables import Case, read_case

__version__ = "0.1.0"

_HOME = {
    "Case": "sourcing.tables",
    "Plan": "sourcing.plan",
    "Question": "sourcing.question",
    "RunOptions": "sourcing.run",
    "audit_plan": "sourcing.run",
    "check": "sourcing.run",
    "load_plan": "sourcing.run",
    "load_question": "sourcing.question",
    "optimize": "sourcing.run",
    "read_case": "sourcing.tables",
}

__all__ = [
    "Case",
    "Plan",
    "Question",
    "RunOptions",
    "__version__",
    "audit_plan",
    "check",
    "load_plan",
    "load_question",
    "optimize",
    "read_case",
]


if not TYPE_CHECKING:  # or a type checker would take any name for one of ours

    def __getattr__(name: str) -> object:
        """Import a public name from its module at first use."""
        if name not in _HOME:
            raise AttributeError(f"module 'sourcing' has no attribute {name!r}")
        return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    """List the public names, those not imported yet included."""
    return sorted({*globals(), *__all__})
