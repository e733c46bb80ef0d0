"""Draw contracts on the offers of a case: signed or not, hard or take-or-pay, dear or cheap."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .plot import Plot


def draw_contracts(plot: Plot) -> None:
    """Give up to three contracts to offers, in proportion to the need."""
    choose = plot.choose
    offers = [row for row in plot.case.tables["offers"] if row["material"] in plot.products and row["price"] > 0]
    offers = sorted(offers, key=lambda row: -row.get("capacity", math.inf))[:4]
    need = max(sum(plot.need.values()) / max(len(plot.need), 1), 0.1)
    for number in range(choose.pick([3, 2, 4]) if offers else 0):
        offer = choose.pick(offers)
        year = choose.chance(40)
        scale = need * (365 / plot.days if year else 1)
        row: dict[str, Any] = {
            "contract": f"deal-{number}",
            "offer": offer["offer"],
            "price": max(round(offer["price"] * choose.pick([40, 60, 80, 130]) / 100, 2), 0),
            "maximum": max(round(scale * choose.pick([30, 60, 10]) / 100, 2), 0.01),
        }
        if year:
            row["per"] = "year"
        if choose.chance(60):
            row["minimum"] = round(row["maximum"] * choose.pick([50, 20, 80]) / 100, 2)
            if choose.chance(70):
                row["take_or_pay"] = choose.pick([0.5, 0.1, 1, 0.8])
        if choose.chance(50):
            row["signed"] = "yes"
        elif choose.chance(50):
            row["fee"] = round(scale * choose.pick([100, 1000]), 2)
        _pay(plot, row)
        if choose.chance(25):
            row["from"] = str(plot.day(0, 60))
        if choose.chance(25):
            row["until"] = str(plot.day(65, 130))
        if choose.chance(40):
            _follow(plot, row)
        plot.case.add("contracts", **row)


def _pay(plot: Plot, row: dict[str, Any]) -> None:
    """Let it be paid ahead or later, or be left."""
    choose, worth = plot.choose, row["price"] * row["maximum"]
    if choose.chance(40):
        row["prepayment"] = round(worth * choose.pick([0.3, 0.1, 1.5]), 2)
    if choose.chance(40):
        row["payment_days"] = choose.pick([30, 90, 400])
    if row.get("signed") and choose.chance(50):
        row["exit_cost"] = round(worth * choose.pick([0.05, 0, 0.5]), 2)


def _follow(plot: Plot, row: dict[str, Any]) -> None:
    """Let the price follow an index of its own instead, with a floor or without."""
    price, index, choose = row.pop("price"), f"index-{row['contract']}", plot.choose
    row.update(index=index, multiple=choose.pick([1, 0.9, 1.1]))
    if choose.chance(60):
        row["floor_price"] = price
    for first in sorted({str(plot.day(-20, 20)), str(plot.day(30, 90))}):
        value = round(price * choose.pick([80, 100, 125]) / 100, 2)
        plot.case.add("prices", **{"index": index, "from": first, "value": value})
