"""Looks: the ways in which limits tell goods apart by origin, and whose what a source brings is to each."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple
from weakref import proxy

from sourcing.measures import what_counts
from sourcing.replay import origins
from sourcing.replay.limits import RANKS, rank

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sourcing.replay.case import Records
    from sourcing.replay.facts import Facts
    from sourcing.replay.origins import Source
    from sourcing.replay.records import Limit, Point

OTHERS, UNTOLD = "(others)", "(not told)"
Whose = tuple[tuple[str, float], ...]
"""Whose a tonne is: names and their parts, which add up to one."""


class Look(NamedTuple):
    """What some limits on use look at alike: a lens, at a stage, on what holds an element; and whom they tell apart."""

    by: str
    stage: str
    element: str
    told: frozenset[str] | None

    @property
    def title(self) -> str:
        """What it looks at, in words."""
        return " ".join(part for part in (self.by, self.stage, self.element) if part)


def counts_use(limit: Limit) -> bool:
    """Say whether a limit counts what is used: it says so, or says nothing and its measure counts that first."""
    return what_counts(limit.measure, limit.counts) == "use"


class Looks:
    """The looks of some limits on a case: ``limits`` has the place of each limit's look among ``all``."""

    def __init__(self, facts: Facts, asked: Iterable[Limit]) -> None:
        self._facts, self._records = proxy(facts), facts.records  # facts keep this: no ring
        asked = list(asked)
        self._asked = {limit.limit: limit for limit in asked}
        alike: dict[tuple[str, str, str], list[Limit]] = defaultdict(list)
        for limit in asked:
            alike[limit.by, limit.stage, limit.element].append(limit)
        self.limits = {limit.limit: at for at, limits in enumerate(alike.values()) for limit in limits}
        self.all = [Look(*key, _told(self._records, limits)) for key, limits in alike.items()]
        self.counted = [self._counted(at) for at in range(len(self.all))]
        self.taken = [self._taken(at) for at in range(len(self.all))]

    def holds(self, at: int, material: str) -> float:
        """Return the t that a look counts in a t of a material: 0 before its stage, and where its element is not."""
        return self.content(at, material) if self.reached(at, material) else 0.0

    def reached(self, at: int, material: str) -> bool:
        """Say whether a material has come to a look's stage."""
        stage = self.all[at].stage
        return not stage or rank(self._facts, material) >= RANKS[stage]

    def content(self, at: int, material: str) -> float:
        """Return the t of a look's element in a t of a material; 1 where it has none."""
        element = self.all[at].element
        return self._records.contents.get((material, element), 0.0) if element else 1.0

    def _counted(self, at: int) -> set[Point]:
        """Return where goods are used that some limit with a look counts."""
        limits = [self._asked[name] for name, look in self.limits.items() if look == at]
        used = {(site, what) for (site, what, _), due in self._facts.due.items() if due.quantity > 0}
        return {
            (site, what)
            for site, what in used
            if self.holds(at, what) > 0
            and any(each.site in ("", site) and each.material in ("", what) for each in limits)
        }

    def _taken(self, at: int) -> set[Point]:
        """Return where processes take in a material that some limit with a look names, and looks at."""
        named = [self._asked[name] for name, look in self.limits.items() if look == at]
        asked = {(limit.site, limit.material) for limit in named if limit.material}
        return {
            (process.site, what)
            for code, process in self._records.processes.items()
            for what in self._records.intake(code)
            if self.holds(at, what) > 0 and not asked.isdisjoint({(process.site, what), ("", what)})
        }

    def counts(self, limit: Limit, point: Point) -> bool:
        """Say whether a limit counts what is delivered at a point."""
        return point in self.counted[self.limits[limit.limit]] and _looks_at(limit, point)

    def takes(self, limit: Limit, point: Point) -> bool:
        """Say whether a limit counts what processes take in at a point: it names the material."""
        return limit.material != "" and point in self.taken[self.limits[limit.limit]] and _looks_at(limit, point)

    def worth(self, limit: Limit, material: str) -> float:
        """Return the t (or USD) that a limit counts of a t."""
        if limit.counted_in == "value":
            return self._records.materials[material].value
        return self.content(self.limits[limit.limit], material) if limit.counted_in in ("", "element") else 1.0

    def whose(self, at: int, source: Source | None) -> Whose:
        """Return whose what a source brings is to a look; of None nobody tells."""
        if source is None:
            return ((UNTOLD, 1.0),)
        look, parts = self.all[at], defaultdict[str, float](float)
        for name, part in origins.groups(self._facts, source, look.by, look.stage):
            parts[name if look.told is None or name in look.told else OTHERS] += part
        return parts_of(parts)


def _looks_at(limit: Limit, point: Point) -> bool:
    """Say whether a limit looks at a point."""
    return limit.site in ("", point[0]) and limit.material in ("", point[1])


def _told(records: Records, limits: list[Limit]) -> frozenset[str] | None:
    """Return whom limits tell apart by name; None is everybody."""
    if any(not limit.member for limit in limits):
        return None
    return frozenset().union(*(records.groups.get(limit.member, frozenset({limit.member})) for limit in limits))


def parts_of(parts: Mapping[str, float]) -> Whose:
    """Return parts to nine decimals, names first, then the others, then what nobody tells."""
    some = {name: round(part, 9) for name, part in parts.items()}
    return tuple(sorted(((name, part) for name, part in some.items() if part > 0), key=lambda each: place(each[0])))


def place(name: str) -> tuple[int, str]:
    """Return where a name stands among others."""
    return (OTHERS, UNTOLD).index(name) + 1 if name in (OTHERS, UNTOLD) else 0, name
