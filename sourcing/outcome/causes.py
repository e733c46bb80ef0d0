"""Which change of the inputs can be the cause of a changed order: connected to it, and pulling the way it went."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from sourcing.network.demand import interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.tables import Case

    Ints = NDArray[np.int64]

_DEARER = {"offers": ("price", "preference"), "lanes": ("freight",)}
"""Columns that make an order dearer."""
_ROOM = {"offers": ("", "capacity"), "lanes": ("", "capacity"), "ramps": ("capacity",)}
"""Columns that give an order room; blank: the whole row, which is new or gone."""
_NEEDED = {"demand": ("", "quantity"), "stocks": ("safety", "safety_days", "closing", "cover_days")}
_THERE = {"stocks": ("opening",), "open_orders": ("", "quantity")}

_DATED = ("ramps", "licences", "closures", "tariffs", "prices", "qualifications")
"""Tables whose codes end with the first day of a row; blank: always."""
_BORDERS = ("tariffs", "licences")
_PROCESS = {"ramps": (1, 2), "qualifications": (1,), "processes": (0,), "recipes": (0,), "lines": (0,)}
"""Where the codes of a row name a process or a line."""


class Moved(NamedTuple):
    """An order that is more (``sign`` 1) or less (-1) than the last plan's; ``until``: the day after its period.

    ``tonnes`` is what is more, or less, from the offer to the destination in all periods and by all modes: what other
    periods have less, or more, is taken off, unless as much or more only went from one period, or mode, to another.
    """

    offer: str
    destination: str
    mode: str
    material: str
    until: np.datetime64
    sign: int
    tonnes: float


class Reach(NamedTuple):
    """Where an order's goods can be felt: points (site, material), and the sites and materials among them."""

    points: frozenset[tuple[str, str]]
    sites: frozenset[str]
    materials: frozenset[str]


@dataclass(frozen=True, eq=False)
class Causes:
    """The connections of a case, by which a change at one place can be felt at another, from ``first`` to ``end``."""

    case: Case
    first: np.datetime64
    end: np.datetime64

    def can(self, changed: Any, order: Moved) -> bool:
        """Whether a row of `input_changes` can be the cause of an order's change."""
        if not self._in_time(changed):
            return False
        return self._connected(changed, order) and self._pull(changed, order) in (0, order.sign)

    def _in_time(self, changed: Any) -> bool:
        """Whether a change has a day in the horizon, as far as the codes of its row say when it begins."""
        day = changed.record.split("|")[-1]
        if changed.table == "demand":
            first, after = interval(day)
            return bool(first < self.end and after > self.first)
        return changed.table not in _DATED or not day or bool(np.datetime64(day) < self.end)

    def _pull(self, changed: Any, order: Moved) -> int:
        """Return 1 if a change calls for more of an order, -1 for less, 0 if it may do either."""
        way, table, column = rose(changed), changed.table, changed.column
        if column in _DEARER.get(table, ()):
            return -way * self._whose(changed, order)
        if column in _ROOM.get(table, ()):
            return way * self._whose(changed, order) * _when(changed, order)
        here = (changed.site, changed.material) == (order.destination, order.material)
        if column in _NEEDED.get(table, ()):
            return way if here or (table == "demand" and changed.site == order.destination) else 0
        return -way if here and column in _THERE.get(table, ()) else 0

    def _whose(self, changed: Any, order: Moved) -> int:
        """Return 1 for an order's own offer or lane, -1 for one that stands for it, 0 for any other."""
        if changed.table != "lanes":
            return 1 if changed.offer == order.offer else -1 if self.material_of(changed) == order.material else 0
        origin, destination, material, mode = changed.record.split("|")
        if destination != order.destination or material not in ("", order.material):
            return 0
        return 1 if (origin, mode) == (self._place.get(order.offer, ("", ""))[0], order.mode) else -1

    def _connected(self, changed: Any, order: Moved) -> bool:
        """Whether goods can go from where a change is to where an order goes, or the other way."""
        if changed.table in _BORDERS:
            return self._crosses(changed, order)
        site, material = changed.site or self._works(changed), changed.material
        if changed.offer and not material:
            site, material = self._place.get(changed.offer, ("", ""))
        if changed.offer == order.offer or not (site or material):
            return True
        reach = self.reach(order)
        if not site:
            return material in reach.materials
        sites = {site, changed.record.split("|")[0]} if changed.table == "lanes" else {site}
        if not material:
            return not sites.isdisjoint(reach.sites)
        return any((place, material) in reach.points for place in sites)

    def _works(self, changed: Any) -> str:
        """Return the site of the process, or of the line, that a change names; "" if it names none."""
        parts, at = changed.record.split("|"), _PROCESS.get(changed.table, ())
        named = [parts[place] for place in at if place < len(parts)]
        return next((self._runs[code] for code in named if code in self._runs), "")

    def _crosses(self, changed: Any, order: Moved) -> bool:
        """Whether goods connected to an order can cross the border that a duty or a licence is about."""
        first, second, third, _ = changed.record.split("|")
        codes = self.case["materials"].set_index("material")["tariff_code"]
        if changed.table == "tariffs":
            leaves, enters, goods = second, first, set(codes.index[codes == third] if third else codes.index)
        else:
            leaves, enters, goods = first, third, {second} if second else set(codes.index)
        near = {place for place in self.reach(order).points if place[1] in goods}
        offers = self.case["offers"]
        made = set(offers.loc[[place in near for place in self._place.values()], "made_in"]) - {""}
        held = self.case["groups"]
        there = {self._country.get(site, "") for site, _ in near}
        inside = ({name, *held.loc[held["group"] == name, "member"]} for name in (leaves, enters))
        out, into = inside
        return bool(near) and bool((not leaves or (there | made) & out) and (not enters or there & into))

    def reach(self, order: Moved) -> Reach:
        """Return where an order's goods can be felt: the points connected to where it comes from and where it goes."""
        origin = self._place.get(order.offer, ("", ""))[0]
        key = (origin, order.destination, order.material)
        if key not in self._known:
            own = {(order.destination, order.material), *([(origin, order.material)] if origin else [])}
            near = {self._part_of[point] for point in own if point in self._part_of}
            points = frozenset(own.union(*(self._parts[part] for part in near)))
            self._known[key] = Reach(points, *(frozenset(names) for names in zip(*points, strict=True)))
        return self._known[key]

    def is_of_own_material(self, changed: Any, order: Moved) -> bool:
        """Whether a change can only be about an order's own material, so that its tonnes are the order's tonnes.

        Where a row is of any material, that holds if no recipe connects the order's material with another (of a limit,
        that counts what has no connection too: if there is no recipe at all).
        """
        material = self.material_of(changed)
        if material or not order.material:
            return bool(order.material) and material == order.material
        if changed.table == "limits":
            return self.case["recipes"].empty
        return self.reach(order).materials <= {order.material}

    def material_of(self, changed: Any) -> str:
        """Return the one material that a change is about, its offer's where it names an offer; "" if it is of any."""
        return str(changed.material or self._place.get(changed.offer, ("", ""))[1])

    @cached_property
    def _known(self) -> dict[tuple[str, str, str], Reach]:
        return {}

    @cached_property
    def _runs(self) -> dict[str, str]:
        """The site of every process, and of every line."""
        processes = self.case["processes"]
        lines = processes[processes["line"] != ""]
        of_lines = zip(lines["line"], lines["site"], strict=True)
        return dict(of_lines) | dict(zip(processes["process"], processes["site"], strict=True))

    @cached_property
    def _country(self) -> dict[str, str]:
        """The country of every site."""
        return dict(zip(self.case["sites"]["site"], self.case["sites"]["country"], strict=True))

    @cached_property
    def _place(self) -> dict[str, tuple[str, str]]:
        """The site and material of every offer."""
        offers = self.case["offers"]
        return dict(zip(offers["offer"], zip(offers["site"], offers["material"], strict=True), strict=True))

    @cached_property
    def _part_of(self) -> dict[tuple[str, str], int]:
        """The part of the chain that each material at each site is in: lanes and recipes hold a part together."""
        sites, materials = (pd.Index(self.case[name][name[:-1]]) for name in ("sites", "materials"))
        part = _connected(len(sites) * len(materials), *self._links(sites, materials))
        points = pd.MultiIndex.from_product([sites, materials])
        return dict(zip(points, part.tolist(), strict=True))

    @cached_property
    def _parts(self) -> dict[int, list[tuple[str, str]]]:
        """The points of each part of the chain."""
        found: dict[int, list[tuple[str, str]]] = {}
        for point, part in self._part_of.items():
            found.setdefault(part, []).append(point)
        return found

    def _links(self, sites: pd.Index[str], materials: pd.Index[str]) -> tuple[Ints, Ints]:
        """Return the pairs of points that a lane or a recipe connects, as positions among sites times materials."""
        lanes, processes = self.case["lanes"], self.case["processes"].set_index("process")["site"]
        count, named = len(materials), _places(materials, lanes["material"])[:, None]
        carried = np.where((lanes["material"] == "").to_numpy()[:, None], np.arange(count), named)
        ends = [_places(sites, lanes[end])[:, None] * count + carried for end in ("origin", "destination")]
        recipes = self.case["recipes"].sort_values("process", kind="stable")
        made = _places(sites, recipes["process"].map(processes)) * count + _places(materials, recipes["material"])
        first = pd.Series(made).groupby(recipes["process"].to_numpy()).transform("first").to_numpy(np.int64)
        one, other = (np.concatenate([end.ravel(), codes]) for end, codes in zip(ends, (first, made), strict=True))
        return one, other


def _places(names: pd.Index[str], found: pd.Series[str]) -> Ints:
    """Return at which place of some names each name found is."""
    return names.get_indexer(pd.Index(found)).astype(np.int64)


def _connected(count: int, one: Ints, other: Ints) -> Ints:
    """Return for each point the number of its connected component, counted from that of the first point."""
    lowest, before = np.arange(count), np.empty(0, np.int64)
    while not np.array_equal(before, lowest):
        before = lowest.copy()
        met = np.minimum(lowest[one], lowest[other])
        for end in (one, other):
            np.minimum.at(lowest, before[end], met)
        lowest = lowest[lowest]
    return np.unique(lowest, return_inverse=True)[1]


def rose(changed: Any) -> int:
    """Return 1 if a number rose or a row is new, -1 if it fell or is gone, 0 if neither can be said."""
    if changed.column == "":
        return 1 if changed.before == "" else -1
    try:
        return int(np.sign(float(changed.after) - float(changed.before)))
    except ValueError:
        return 0


def _when(changed: Any, order: Moved) -> int:
    """Return -1 if room changes only after an order's period, when it is used before it is gone, or waited for."""
    if changed.table != "ramps":
        return 1
    return -1 if np.datetime64(changed.record.split("|")[-1], "D") >= order.until else 0
