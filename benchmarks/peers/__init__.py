"""The same model by each way of writing it. Every module here offers the same five calls.

``read(question)`` returns the tables, ``build`` the library's model of them, ``hand_over`` the solver that holds that
model, ``solve`` solves it, brings the values of the columns back to where the library keeps them and returns the
optimum; ``program`` returns the linear program as the solver has it, to be compared.

A peer shares no code with ``sourcing``. All peers share ``tables``, the preparation that anybody would write in pandas
before any modelling library is touched; each pays for it in ``build``.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from benchmarks.same import Linear

PEERS = ("sourcing", "highspy", "linopy", "pulp", "pyomo_appsi", "pyomo_contrib")
OPTIONS = {"threads": 1}
"""What every run asks of HiGHS; everything else is HiGHS's own default."""


class Peer(Protocol):
    """What a module here offers."""

    def read(self, question: str) -> Any:
        """Return the tables and the question."""

    def build(self, tables: Any) -> Any:
        """Return the model."""

    def hand_over(self, model: Any) -> Any:
        """Return the solver that holds the model."""

    def solve(self, handle: Any) -> float:
        """Solve, bring the values back, and return the optimum."""

    def program(self, handle: Any) -> Linear:
        """Return the program as the solver has it."""


def peer(name: str) -> Peer:
    """Import one of ``PEERS``."""
    return cast("Peer", importlib.import_module(f"benchmarks.peers.by_{name}"))
