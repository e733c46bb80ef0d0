"""Which change of the inputs can be the cause of a changed order: connected to it, and pulling the way it went."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from sourcing.network.demand import interval

if TYPE_CHECKING:
    from sourcing.tables import Case

_DEARER = {"offers": ("price", "preference"), "lanes": ("freight",)}
"""Columns that make an order dearer."""
_ROOM = {"offers": ("", "capacity"), "lanes": ("", "capacity"), "ramps": ("capacity",)}
"""Columns that give an order room; blank: the whole row, which is new or gone."""
_NEEDED = {"demand": ("", "quantity"), "stocks": ("safety", "closing")}
_THERE = {"stocks": ("opening",), "open_orders": ("", "quantity")}

_DATED = ("ramps", "licences", "tariffs", "prices", "qualifications")
"""Tables whose codes end with the first day of a row; blank: always."""
_BORDERS = ("tariffs", "licences")
_PROCESS = {"ramps": (1, 2), "qualifications": (1,), "processes": (0,), "recipes": (0,), "lines": (0,)}
"""Where the codes of a row name a process or a line."""


class Moved(NamedTuple):
    """An order that is more (``sign`` 1) or less (-1) than the last plan's; ``until``: the day after its period."""

    offer: str
    destination: str
    mode: str
    material: str
    until: np.datetime64
    sign: int


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
        rose, table, column = _rose(changed), changed.table, changed.column
        if column in _DEARER.get(table, ()):
            return -rose * self._whose(changed, order)
        if column in _ROOM.get(table, ()):
            return rose * self._whose(changed, order) * _when(changed, order)
        here = (changed.site, changed.material) == (order.destination, order.material)
        if column in _NEEDED.get(table, ()):
            return rose if here or (table == "demand" and changed.site == order.destination) else 0
        return -rose if here and column in _THERE.get(table, ()) else 0

    def _whose(self, changed: Any, order: Moved) -> int:
        """Return 1 for an order's own offer or lane, -1 for one that stands for it, 0 for any other."""
        if changed.table != "lanes":
            material = changed.material or self._place.get(changed.offer, ("", ""))[1]
            return 1 if changed.offer == order.offer else -1 if material == order.material else 0
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
        sites = {site, changed.record.split("|")[0]} if changed.table == "lanes" else {site}
        return any(
            place[0] in sites | {"" if site else place[0]} and material in ("", place[1])
            for place in self._reach(order.offer, order.destination, order.material)
        )

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
        near = {place for place in self._reach(order.offer, order.destination, order.material) if place[1] in goods}
        offers = self.case["offers"]
        made = set(offers.loc[[place in near for place in self._place.values()], "made_in"]) - {""}
        held = self.case["groups"]
        there = {self._country.get(site, "") for site, _ in near}
        inside = ({name, *held.loc[held["group"] == name, "member"]} for name in (leaves, enters))
        out, into = inside
        return bool(near) and bool((not leaves or (there | made) & out) and (not enters or there & into))

    def _reach(self, offer: str, destination: str, material: str) -> frozenset[tuple[str, str]]:
        """Return where an order's goods can be felt: the points connected to where it comes from and where it goes."""
        key = (offer, destination, material)
        if key not in self._known:
            own = {(destination, material), (self._place.get(offer, ("", ""))[0], material)}
            near = {self._parts[point] for point in own if point in self._parts}
            self._known[key] = frozenset(own | {point for point, part in self._parts.items() if part in near})
        return self._known[key]

    @cached_property
    def _known(self) -> dict[tuple[str, str, str], frozenset[tuple[str, str]]]:
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
    def _parts(self) -> dict[tuple[str, str], int]:
        """The part of the chain that each material at each site is in: lanes and recipes hold a part together."""
        sites, materials = self.case["sites"]["site"], self.case["materials"]["material"]
        parts = {(site, material): at for at, (site, material) in enumerate(product(sites, materials))}
        for one, other in self._links():
            kept, gone = parts[one], parts[other]
            if kept != gone:
                parts |= {point: kept for point, part in parts.items() if part == gone}
        return parts

    def _links(self) -> list[tuple[tuple[str, str], tuple[str, str]]]:
        """Return the pairs of points that a lane or a recipe connects."""
        lanes, recipes, materials = self.case["lanes"], self.case["recipes"], self.case["materials"]["material"]
        found = [
            ((origin, each), (destination, each))
            for origin, destination, material in zip(
                lanes["origin"], lanes["destination"], lanes["material"], strict=True
            )
            for each in ([material] if material else materials)
        ]
        processes = self.case["processes"]
        at = dict(zip(processes["process"], processes["site"], strict=True))
        for process, rows in recipes.groupby("process"):
            first, *others = rows["material"]
            found += [((at[process], first), (at[process], each)) for each in others]
        return found


def _rose(changed: Any) -> int:
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
