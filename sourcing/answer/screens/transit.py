"""Goods in transit: licences and limits that goods sent on from a site of one's own leave behind.

A shipment between own sites needs the licences of the country it leaves, and those that follow goods from where they
were made; a limit at one site counts what enters the chain there. Where goods that are only passed on wait less, or are
not counted, it is said. Duty they owe by where they were made (see ``network.customs``): where nobody tells that, or
what they are worth, it is said too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.measures import measures_that
from sourcing.network.borders import Crossings, licence_lags
from sourcing.network.derived import derives
from sourcing.tables import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sourcing.network import Network

    Reals = NDArray[np.float64]

CODE = "SCREEN-383"
_LESS = 1e-9
"""Measures of limits that look at a site itself, and not at what is brought to it."""


class _Passing(NamedTuple):
    """Shipments (rows of ``net.ships``) of goods that were bought, and the country in which those were made."""

    ship: NDArray[np.int64]
    made_in: NDArray[np.object_]


def left_behind(net: Network) -> Iterator[Finding]:
    """Yield a warning for each lane and origin of which goods owe or wait less than if they came straight.

    And for each limit at a site that does not count what is sent on to it.
    """
    yield from _lanes(net)
    yield from _limits(net)


@derives
def _passing(net: Network) -> _Passing:
    """Follow bought goods from where they land over any number of own shipments."""
    ships = pd.DataFrame({"at": net.ships["from_point"].to_numpy(), "point": net.ships["point"].to_numpy()})
    ships = ships.assign(ship=np.arange(len(ships)))
    landed = pd.DataFrame({"at": net.routes["point"].to_numpy(), "made_in": net.route_crossings.origin})
    found = new = landed.drop_duplicates(ignore_index=True)
    while len(new):
        onward = new.merge(ships, on="at")[["point", "made_in"]].rename(columns={"point": "at"})
        both = pd.concat([found, onward]).drop_duplicates(ignore_index=True)
        found, new = both, both.iloc[len(found) :]
    pairs = found.merge(ships, on="at").sort_values(["ship", "made_in"])
    return _Passing(pairs["ship"].to_numpy(), pairs["made_in"].to_numpy(object))


class _Less(NamedTuple):
    """Of what passes, where it waits less than if it came straight: which, and both waits of all."""

    which: NDArray[np.int64]
    waits: Reals
    waited: Reals


@derives
def _less(net: Network) -> _Less:
    passing, own = _passing(net), net.ship_crossings
    leaves, enters, material = (side[passing.ship] for side in (own.leaves, own.enters, own.material))
    direct = Crossings(passing.made_in, passing.made_in, enters, material)
    before = Crossings(passing.made_in, passing.made_in, leaves, material)
    after = Crossings(passing.made_in, leaves, enters, material)
    waits, waited = _wait(net, direct), _wait(net, before) + _wait(net, after)
    return _Less(np.flatnonzero((waits > waited + _LESS) & (passing.made_in != leaves)), waits, waited)


def _lanes(net: Network) -> Iterator[Finding]:
    passing, (which, waits, waited) = _passing(net), _less(net)
    for at in which.tolist():
        ship = net.ships.iloc[int(passing.ship[at])]
        name = net.case.label("materials", str(ship["material"]))
        leaves = net.ship_crossings.leaves[passing.ship[at]]
        fact = (
            f"{name} made in {passing.made_in[at]} and sent on from {ship['origin']} to {ship['destination']} counts "
            f"as goods of {leaves} there: they wait {waited[at]:.0f} days for licences instead of {waits[at]:.0f}"
        )
        repair = (
            "write origin into follows of licences.csv if the licence follows the goods, or check what the plan sends "
            "over the lane (shipments.csv)"
        )
        row = int(net.case["lanes"]["row"].iloc[int(ship["lane"])])
        yield Finding("warning", net.case.place("lanes", row), fact, repair, CODE)


def _wait(net: Network, goods: Crossings) -> Reals:
    """Return the longest wait of the horizon for a licence for each of the goods, in days."""
    lags = licence_lags(net.case, goods, net.tree)
    longest: Reals = lags.groupby("entity")["wait"].max().to_numpy(float)
    return longest


def _limits(net: Network) -> Iterator[Finding]:
    """Yield a warning for each limit at a site to which other sites of one's own send what it would count."""
    limits = net.case["limits"]
    moved = measures_that(lambda measure: measure.is_of_arrivals or measure.counts == "movements")
    for limit in limits[(limits["site"] != "") & limits["measure"].isin(moved)].to_dict("records"):
        here = net.ships[net.ships["destination"] == limit["site"]]
        here = here[here["material"] == limit["material"]] if limit["material"] else here
        if here.empty:
            continue
        others = ", ".join(sorted(set(here["origin"])))
        fact = f"{limit['limit']} counts what is bought to {limit['site']}, not what is sent on to it from {others}"
        repair = "leave site blank to count it wherever it is bought to, or limit those sites as well"
        yield Finding("warning", net.case.place("limits", int(limit["row"]), "site"), fact, repair, CODE)
