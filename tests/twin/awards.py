"""What awards by hand promise: what is ordered of an offer in a period is what it was awarded."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from .facts import common_days, demand_interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pyomo.environ as pyo

    from .facts import Row
    from .network import Network


def tonnes_in_horizon(network: Network, award: Row) -> float:
    """Return the quantity of the days of the award's period that lie in the horizon."""
    span = demand_interval(award["period"])
    days = sum(common_days(span.start, span.end, period) for period in network.periods)
    return (award["quantity"] or 0.0) * days / span.days


class Awarded:
    """The rows of awards; they have no columns of their own."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.most: dict[Any, float] = {}

    def add_columns(self, model: pyo.ConcreteModel) -> dict[str, Any]:
        return {}

    def rows(self, columns: dict[str, Any]) -> Iterator[tuple[str, tuple[Any, ...], float | None, Any, float | None]]:
        """Yield rule, key, lower bound, body and upper bound."""
        network = self.network
        for award in network.tables["awards"]:
            span, material = demand_interval(award["period"]), network.offers[award["offer"]]["material"]
            parts: dict[int, float] = defaultdict(float)
            for n, period in enumerate(network.periods):
                if common_days(span.start, span.end, period):
                    parts[n] = common_days(span.start, span.end, period) / period.days
            if not parts:
                continue
            own: Any = 0.0
            for key, move in network.buys.items():
                if move.material != material or award["site"] not in ("", move.destination):
                    continue
                weight = (1.0 if key[0] == award["offer"] else 0.0) - (award["share"] or 0.0)
                own += weight * parts[key[-1]] * columns["buy"][key]
            asked = 0.0 if award["share"] is not None else tonnes_in_horizon(network, award)
            name = (award["offer"], award["period"], award["site"], max(n for n in parts if parts[n]))
            yield "award_least", name, asked, own, None
            yield "award_most", name, None, own, asked

    def charges(self, columns: dict[str, Any]) -> Iterator[tuple[str, int, float, Any]]:
        """Yield what counts for an offer, or against it: head, node, USD and column."""
        for key in self.network.buys:
            liked = self.network.offers[key[0]]["preference"]
            if liked:
                yield "preference", key[-1], liked, columns["buy"][key]
