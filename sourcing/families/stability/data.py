"""What the terms of changes may say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.parts import DataCheck, Screen
from sourcing.tables.problems import Problem
from sourcing.tables.screens.finding import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import pandas as pd

    from sourcing.network import Network
    from sourcing.question import Question

_ROUNDING = 1e-9


def terms_once(tables: Mapping[str, pd.DataFrame]) -> list[Problem]:
    """Refuse a second row for every offer: nobody could say which of the two holds."""
    frame = tables["change_terms"]
    rows = frame.loc[frame["offer"] == "", "row"].tolist()
    fact = "another row speaks of every offer too, with offer left blank"
    return [Problem("change_terms", int(row), "offer", fact, "keep one of the two", "DATA-140") for row in rows[1:]]


def unplaceable(net: Network, question: Question) -> Iterator[Finding]:
    """Yield what the frozen window asks for and nobody can order, and a last plan that is of another time."""
    case, asked = net.case, question.stability
    if asked is not None and asked.last is not None and case["last_orders"].empty:
        fact = "the last plan orders nothing on the days of this horizon"
        repair = "name the plan that came before this one, or correct the start of the horizon"
        yield Finding("warning", f"{question.name or 'question'}.toml, stability.last", fact, repair, "SCREEN-362")
    if case["last_orders"].empty or case["change_terms"].empty:
        return
    from sourcing.families.stability.arrays import build_last

    last, count = build_last(net), len(net.routes)
    offer = net.routes["code"].to_numpy()
    closed = last.frozen > 0
    closed[:count] &= net.offer_capacity[offer] <= 0
    for way, node in np.argwhere(closed).tolist():
        yield _refused(net, last.ways.iloc[way], node, float(last.frozen[way, node]))
    held = np.zeros_like(net.offer_capacity)
    np.add.at(held, offer, np.where(closed, 0.0, last.frozen)[:count])
    for code, node in np.argwhere(held > net.offer_capacity * (1 + _ROUNDING) + _ROUNDING).tolist():
        yield _above(net, code, node, float(held[code, node]))


def _refused(net: Network, way: pd.Series[str], node: int, tonnes: float) -> Finding:
    known = way["offer"] in set(net.case["offers"]["offer"])
    route = f"from {way['offer']} to {net.case.label('sites', way['destination'])}"
    route += f" by {way['mode']}" if way["mode"] else ""
    fact = f"{tonnes:.6g} t {route} are frozen in {net.tree.labels[node]}, and can no longer be ordered there"
    repair = "keep the offer open until then (capacity, start, end, lane)" if known else "put the offer back"
    return Finding("error", _place(net, way), fact, f"{repair}, or end the frozen window before it", "SCREEN-360")


def _above(net: Network, code: int, node: int, tonnes: float) -> Finding:
    offer, most = net.case["offers"].iloc[code], float(net.offer_capacity[code, node])
    fact = f"{tonnes:.6g} t of {offer['offer']} are frozen in {net.tree.labels[node]}, and it can give {most:.6g} t"
    repair = "raise its capacity, or end the frozen window before it"
    return Finding("error", net.case.place("offers", int(offer["row"])), fact, repair, "SCREEN-361")


def _place(net: Network, way: pd.Series[str]) -> str:
    orders = net.case["last_orders"]
    same = (orders[list(way.index)] == way).all(axis=1)
    return net.case.place("last_orders", int(orders.loc[same, "row"].iloc[0]))


CODES = {
    "DATA-140": "terms of changes given twice",
    "SCREEN-360": "frozen order that cannot be placed",
    "SCREEN-361": "frozen orders above the capacity",
    "SCREEN-362": "last plan that orders nothing in this horizon",
}
CHECKS = (DataCheck(("change_terms",), terms_once),)
SCREENS = (Screen(unplaceable, 30, ("SCREEN-360", "SCREEN-361")),)
