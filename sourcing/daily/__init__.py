"""Daily replay: a plan's orders get dates, and stock is counted day by day, by arithmetic apart from the model.

``day_by_day`` reads the decisions of a plan over the facts of its tables, and returns a ``DayByDay``: dated call-offs,
what each stock comes down to, what own runs and shipments wait for, and a verdict in words. It imports neither the
algebra nor a solver.
"""

from sourcing.daily.replay import DayByDay, day_by_day

__all__ = ["DayByDay", "day_by_day"]
