"""Extraterritorial export controls: own shipments by how long a licence takes that follows goods to wherever they go.

Where how long a shipment waits hangs on where its goods were made, its lane is there once for each of the waits: a way
of its own, with its own days, that takes only the goods that wait so long.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sourcing.network.borders import ANY_OTHER, Crossings, Levels, licence_lags, licence_levels, stretches_of
from sourcing.network.customs import any_untold, kept_inputs, makers, together, view_of_makers
from sourcing.network.routes import SHIP, build_ships
from sourcing.network.views import UNTOLD

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.network.views import View

    Flags = NDArray[np.bool_]
    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

TITLE = "licence"


@dataclass(frozen=True, eq=False)
class Licensing:
    """Lanes for goods already in the chain, each once for every wait that its goods can have.

    ``ships`` is the frame of ``network.routes``, ``lags`` the days of waiting by the day of release (as
    ``licence_lags``). ``view`` tells apart where goods were made, as far as some shipment waits for another time by it,
    None where none does; ``takes`` (ship, name of the view, others, untold) says which of them a ship takes, and
    ``split`` which ships are one of several.
    """

    ships: pd.DataFrame
    lags: pd.DataFrame
    view: View | None
    takes: Flags
    split: Flags


def build_licensing(net: Network) -> Licensing:
    """Work out which lanes are there several times, and how long goods on each wait for licences."""
    ships = build_ships(net.case, net.points)
    whole, alone = np.ones((len(ships), 0), bool), np.zeros(len(ships), bool)
    own = _crossings(net, ships)
    if not (net.case["licences"]["follows"] == "origin").any() or ships.empty:
        return Licensing(ships, licence_lags(net.case, own, net.tree), None, whole, alone)
    waits = _Waits(net, own)
    differs = (waits.levels != waits.levels[:1]).any(axis=(0, 2))
    if not differs.any():
        return Licensing(ships, waits.lags(np.arange(len(ships)), waits.levels[0]), None, whole, alone)
    return _split(net, ships, waits, differs)


def _crossings(net: Network, ships: pd.DataFrame) -> Crossings:
    leaves, enters = net.country_of(ships["origin"]), net.country_of(ships["destination"])
    return Crossings(leaves, leaves, enters, ships["material"].to_numpy(object))


class _Waits:
    """How long shipments wait: ``levels`` (country of making, ship, step of time), of what nobody tells last.

    ``plain`` is the same of goods of the country that is left.
    """

    def __init__(self, net: Network, own: Crossings) -> None:
        self.makers = makers(net) or [ANY_OTHER]
        found = [
            licence_levels(net.case, replace(own, origin=self._all(own, country)), net.tree) for country in self.makers
        ]
        self.levels = np.array([each.level[each.kind] for each in found])
        self.edges = found[0].edges
        plain = licence_levels(net.case, own, net.tree)
        self.plain = plain.level[plain.kind]
        self.untold = any_untold(net)
        if self.untold:
            licences = net.case["licences"]
            named = sorted(set(licences.loc[licences["follows"] == "origin", "country"]))
            every = [
                licence_levels(net.case, replace(own, origin=self._all(own, country)), net.tree) for country in named
            ]
            longest = np.max([self.plain, *(each.level[each.kind] for each in every)], axis=0)
            self.levels = np.concatenate([self.levels, longest[None]])

    @staticmethod
    def _all(own: Crossings, country: str) -> NDArray[np.object_]:
        return np.full(len(own.leaves), country, object)

    def lags(self, entity: Ints, level: Reals) -> pd.DataFrame:
        """Return levels as stretches, by entity."""
        return stretches_of(Levels(entity, self.edges, level))


def _split(net: Network, ships: pd.DataFrame, waits: _Waits, differs: Flags) -> Licensing:
    """Let every lane be there once for each wait that some goods have on it."""
    made, count = waits.levels[: len(waits.makers)], len(waits.makers)
    alike: dict[bytes, list[int]] = {}
    for at in range(count):
        alike.setdefault(made[at, differs].tobytes(), []).append(at)
    names = [[waits.makers[at] for at in members] for members in alike.values()]
    first = [members[0] for members in alike.values()]
    rows: list[tuple[int, str, Reals, Flags]] = []
    for ship in range(len(ships)):
        rows += (
            _ways(waits, ship, (names, first))
            if differs[ship]
            else [(ship, "", waits.levels[0, ship], np.ones(len(names) + 2, bool))]
        )
    of, label = np.array([row[0] for row in rows]), [row[1] for row in rows]
    frame = ships.iloc[of].reset_index(drop=True)
    frame["mode"] = [_named(mode, words) for mode, words in zip(frame["mode"], label, strict=True)]
    order = frame.sort_values(SHIP, kind="stable").index.to_numpy()
    takes, level = np.array([row[3] for row in rows])[order], np.array([row[2] for row in rows])[order]
    frame, of = frame.iloc[order].reset_index(drop=True), of[order]
    counted = ships["from_point"].to_numpy()[differs]
    view = view_of_makers(net, TITLE, names, (counted, kept_inputs(net)))
    return Licensing(frame, waits.lags(np.arange(len(of)), level), view, takes, differs[of])


def _ways(waits: _Waits, ship: int, alike: tuple[list[list[str]], list[int]]) -> list[tuple[int, str, Reals, Flags]]:
    """Return the ways of a lane: its row, whose goods it takes in words, the waits of them, and which names it takes.

    What waits as goods of the country that is left has no words of its own.
    """
    names, first = alike
    places = [*first, *([len(waits.makers)] if waits.untold else [])]
    groups: dict[bytes, list[int]] = {}
    for at, place in enumerate(places):
        groups.setdefault(waits.levels[place, ship].tobytes(), []).append(at)
    found = []
    for level, members in groups.items():
        own = sorted(name for at in members if at < len(names) for name in names[at])
        own += [UNTOLD] if len(names) in members else []
        takes = np.zeros(len(names) + 2, bool)
        takes[[at + (at == len(names)) for at in members]] = True
        plain = level == waits.plain[ship].tobytes()
        found.append((ship, "" if plain else together(own), waits.levels[places[members[0]], ship], takes))
    return found


def _named(mode: str, words: str) -> str:
    """Return the mode of a way that takes only goods of some countries: sea, made in CHN."""
    return ", ".join(filter(None, (mode, f"made in {words}"))) if words else mode
