"""Customs of own shipments: goods of which the tables tell customs too little, so that a duty is guessed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.borders import duty_rates
from sourcing.network.customs import known_values
from sourcing.tables import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sourcing.network import Network

    Flags = NDArray[np.bool_]

CODE = "SCREEN-399"


def little_told(net: Network) -> Iterator[Finding]:
    """Yield a warning for stock and orders of unknown origin that may owe duty by it, and goods of unknown value."""
    if net.customs.any_due:
        yield from _untold(net)
        yield from _worthless(net)


def _untold(net: Network) -> Iterator[Finding]:
    """Yield a warning for each open order and opening stock without an offer, where customs ask for its origin."""
    custody, case, first = net.custody, net.case, len(net.origins)
    asked = np.zeros(len(custody), bool)
    for at in range(len(custody.views) - len(net.customs.views), len(custody.views)):
        kind = custody.kinds[:, at]
        asked |= (kind >= 0) & (custody.wholes[at][kind, -1] > 0)
    enters = custody.entering
    tables = (("open_orders", first - len(case["open_orders"]), "order"), ("stocks", first, "opening stock"))
    for table, begin, what in tables:
        rows = case[table]
        lot = enters[begin : begin + len(rows)]
        told = np.zeros(len(rows), bool) if len(enters) else np.ones(len(rows), bool)
        there = rows["opening"].fillna(0.0).to_numpy(float) > 0 if table == "stocks" else ~told
        for row in rows[(lot >= 0) & asked[lot] & there].to_dict("records") if len(enters) else ():
            name = case.label("materials", str(row["material"]))
            fact = f"nobody tells where the {what} of {name} at {row['site']} was made: over a border it owes the most"
            yield Finding("warning", case.place(table, int(row["row"]), "offer"), fact, "name the offer it is of", CODE)


def _worthless(net: Network) -> Iterator[Finding]:
    """Yield a warning for each material without any customs value of which own shipments can owe a duty."""
    known = known_values(net)
    ships = net.ships[net.ships["material"].map(known).isna() & (_owes(net) | (net.customs.ship >= 0))]
    materials = net.case["materials"]
    for row in materials[materials["material"].isin(ships["material"])].to_dict("records"):
        name = net.case.label("materials", str(row["material"]))
        fact = f"nothing says what {name} is worth to customs: own shipments of it owe a duty on USD 1 a tonne"
        yield Finding("warning", net.case.place("materials", int(row["row"]), "value"), fact, "fill in value", CODE)


def _owes(net: Network) -> Flags:
    """Return which ships owe any duty, whoever made what they carry."""
    own = net.ship_crossings
    goods = type(own)(np.full(len(net.ships), net.customs.other, object), own.leaves, own.enters, own.material)
    duty = duty_rates(net.case, goods, net.tree, own=True)
    owes: Flags = np.asarray((duty.cif + duty.fob > 0).any(axis=1))
    return owes[duty.kind]
