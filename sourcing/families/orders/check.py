"""Open orders, checked: they decide nothing, so there is no row; they arrive on their date and are paid for."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay import Facts, Replay, Residual


class OrderArrival(NamedTuple):
    """An open order and the node it arrives in; ``None`` is after the horizon, where it is not used."""

    order: str
    site: str
    material: str
    node: int | None
    tonnes: float


def residuals(facts: Facts, plan: Replay) -> Iterator[Residual]:
    """Yield nothing: open orders are constants of the balance and of the limits."""
    return iter(())


def arrivals(facts: Facts) -> Iterator[OrderArrival]:
    """Yield every open order with the node of its arrival."""
    for order in facts.records.open_orders:
        node = facts.calendar.holding(order.arrives)
        yield OrderArrival(order.order, order.site, order.material, node, order.quantity)
