"""A second, independent and deliberately plain model of the sourcing problem, to check the first one against."""

from .mix import binding_statistics
from .solving import Row, TwinResult, evaluate_twin, solve_twin

__all__ = ["Row", "TwinResult", "binding_statistics", "evaluate_twin", "solve_twin"]
