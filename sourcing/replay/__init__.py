"""Plain arithmetic on the tables of a case and of a plan, for the checks: it shares no code with the model.

``Facts.of`` works out what a question says (periods, capacities, legal moves, demand), ``Replay.of`` what a plan
decides; the other modules each hold one piece of the arithmetic.
"""

from sourcing.replay.facts import Facts, Terms
from sourcing.replay.plan import Replay
from sourcing.replay.rows import Charge, Residual

__all__ = ["Charge", "Facts", "Replay", "Residual", "Terms"]
