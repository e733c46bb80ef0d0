"""What a preset asks and what a plan does, by stage and calendar year: plain arithmetic on the plan's tables.

What is asked of arrivals has one figure. What is asked of use has three: by lots, where the plan keeps them apart as
the requirement looks at them; if all is one heap; and what arrived. The first that is known decides.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from sourcing.replay import Facts, Replay, origins
from sourcing.replay.custody import custody
from sourcing.replay.heap import Heaps
from sourcing.replay.limits import RANKS, weight, windows
from sourcing.replay.looks import UNTOLD, Looks
from sourcing.replay.lots_used import ROUNDING, used_by
from sourcing.replay.origins import UNKNOWN, arriving
from sourcing.replay.records import Limit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sourcing.presets import Preset, Requirement
    from sourcing.replay.limits import Window
    from sourcing.replay.origins import Source, Streams

    Parts = dict[str, dict[int, float]]

EXTRACTION, RECYCLED = "mine", "recycled"
"""The stage at which something is taken out of the ground, and whose what never was is there: scrap, swarf, sludge."""
MET, MISSED, UNSHOWN, EMPTY = "met", "not met", "cannot be shown", "nothing arrives"
_ASKED = "asked"
_NOISE = 1e-6
"""Of a share: what a plan may differ by in its last digit."""


@dataclass(frozen=True)
class Standing:
    """How a plan stands to one requirement, for one element at one stage in one calendar year.

    ``member`` is whoever it is about, of one by one whoever has most; ``counted`` is theirs and ``unsaid`` what nobody
    states an origin for, of ``total``, in t of the element, in t, or in USD. Of a requirement on use ``lots``, ``heap``
    and ``arrived`` are the member's shares of what is used and of what arrives; None where nobody can tell.
    """

    requirement: str
    element: str
    stage: str
    year: int
    member: str
    counted: float
    unsaid: float
    total: float
    asked: float
    sense: str
    in_force: bool
    counts: str = "arrivals"
    lots: float | None = None
    heap: float | None = None
    arrived: float | None = None

    @property
    def share(self) -> float:
        """Return the part that is known to be the member's, 0 where nothing arrives."""
        return self.counted / self.total if self.total > 0 else 0.0

    @property
    def verdict(self) -> str:
        """Say whether it is met, whatever is unsaid; not met, whatever is unsaid; or neither."""
        if self.total <= 0:
            return EMPTY
        most = (self.counted + self.unsaid) / self.total
        if self.sense == "max":
            return MET if most <= self.asked + _NOISE else MISSED if self.share > self.asked + _NOISE else UNSHOWN
        return MET if self.share >= self.asked - _NOISE else MISSED if most < self.asked - _NOISE else UNSHOWN


def standings(preset: Preset, facts: Facts, plan: Replay) -> Iterator[Standing]:
    """Yield how a plan stands to everything that a preset asks and covers, for every calendar year of the plan."""
    elements = sorted({element for _, element in facts.records.contents})
    for asked in preset.requirements:
        for element in preset.covered(elements):
            for stage in asked.stages:
                if stage in _stages(facts, element):
                    yield from _yearly(preset, asked, (element, stage), facts, plan)


def _stages(facts: Facts, element: str) -> list[str]:
    """Return the stages at which something can be said of an element: the mine, its materials' own, and stated ones."""
    records = facts.records
    holding = {material for material, held in records.contents if held == element}
    own = {records.materials[material].stage for material in holding} - {""}
    stated = {stage for offer, stage in records.origins if records.offers[offer].material in holding}
    last = max((RANKS[stage] for stage in own), default=-1)
    return [stage for stage in {"mine"} | own | stated if RANKS[stage] <= last]


def _yearly(
    preset: Preset, asked: Requirement, what: tuple[str, str], facts: Facts, plan: Replay
) -> Iterator[Standing]:
    element, stage = what
    by = "origin_owner" if asked.owned is not None else asked.by
    limit = Limit("", "share", asked.value, by=by, stage=stage, element=element, counted_in=asked.counted_in)
    limit = replace(limit, until=facts.calendar.reported_end)
    members = preset.members(asked)
    came = _parts(facts, limit, arriving(facts, plan), (members, asked.owned))
    use = _of_use(facts, plan, limit, None if asked.each_but else members) if _on_use(asked) else {}
    since = date.fromisoformat(asked.since)
    for window in windows(facts.calendar, limit):
        amounts = {name: _in(window, parts) for name, parts in {"arrived": came, **use}.items()}
        amount = next(amounts[name] for name in ("lots", "heap", "arrived") if name in amounts)
        member, counted = _whose(asked, members, amount)
        figures = {name: _share(asked, members, (member, each)) for name, each in amounts.items()} if use else {}
        yield Standing(
            asked.name,
            element,
            stage,
            int(window.label),
            member,
            counted,
            amount.get(UNKNOWN, 0.0),
            sum(amount.values()),
            asked.value,
            asked.sense,
            _begins(facts, window) >= since,
            asked.counts if use else "arrivals",
            **figures,
        )


def _on_use(asked: Requirement) -> bool:
    """Say whether a requirement is on use; one that shuts sources out looks at them as they come in."""
    return asked.counts == "use" and asked.owned is None


def _in(window: Window, parts: Parts) -> dict[str, float]:
    return {group: window.of(nodes) for group, nodes in parts.items()}


def _share(asked: Requirement, members: frozenset[str], of: tuple[str, dict[str, float]]) -> float | None:
    """Return the share of whom a standing is about in what is used or arrives; None of nothing."""
    member, amount = of
    total = sum(amount.values())
    own = amount.get(member, 0.0) if asked.each_but else _whose(asked, members, amount)[1]
    return own / total if total > 0 else None


def _of_use(facts: Facts, plan: Replay, limit: Limit, members: frozenset[str] | None) -> dict[str, Parts]:
    """Return what each group has of what is used, as one heap, and by lots if the plan tells the members apart.

    ``members`` is None where a requirement is of one by one: then the plan has to tell everybody from everybody.
    """
    looks = Looks(facts, [replace(limit, limit=_ASKED)])
    found = {"heap": _heap(facts, plan, replace(limit, limit=_ASKED), looks)}
    known = facts.once(custody).looks
    alike = [
        each
        for each in facts.records.limits.values()
        if each.limit in known.limits and _key(each) == _key(limit) and not each.site and not each.material
    ]
    told = known.all[known.limits[alike[0].limit]].told if alike else frozenset[str]()
    if alike and (told is None or (members is not None and members <= told)):
        found = {"lots": _untold(used_by(facts, plan, replace(limit, limit=alike[0].limit))), **found}
    return found


def _key(limit: Limit) -> tuple[str, str, str]:
    return limit.by, limit.stage, limit.element


def _untold(parts: Mapping[str, Mapping[int, float]]) -> Parts:
    """Return parts in which what nobody tells is of the unknown."""
    found: Parts = defaultdict(lambda: defaultdict(float))
    for name, nodes in parts.items():
        for n, tonnes in nodes.items():
            found[UNKNOWN if name == UNTOLD else name][n] += tonnes
    return found


def _heap(facts: Facts, plan: Replay, limit: Limit, looks: Looks) -> Parts:
    """Return what each group has of what is used, by node, if all that lies at a place is one heap."""
    heaps, found = Heaps(facts, plan, looks, 0), defaultdict[str, dict[int, float]](lambda: defaultdict(float))
    for (site, what, n), due in facts.due.items():
        if looks.counts(limit, (site, what)):
            met = due.quantity - plan.short.get((site, what, n), 0.0)
            for name, part in heaps.known[site, what, n].items() if met > ROUNDING * due.quantity else ():
                found[name][n] += looks.worth(limit, what) * met * part
    return _untold(found)


def _begins(facts: Facts, window: Window) -> date:
    """Return the first day of a year within the horizon."""
    return max(facts.calendar.starts[window.nodes[0]], date(int(window.label), 1, 1))


def _parts(facts: Facts, limit: Limit, found: Streams, held: tuple[frozenset[str], float | None]) -> Parts:
    """Return what each group has by node; of owners with too much in a source, all of the source.

    What is recycled was extracted by nobody: at that stage it counts in the total, and as no country's or owner's.
    """
    members, much = held
    parts: Parts = defaultdict(lambda: defaultdict(float))
    for source, nodes in found.items():
        factor = weight(facts, limit, source)
        if factor is None:
            continue
        groups = origins.groups(facts, source, limit.by, limit.stage)
        if much is not None:
            groups = [(_owner(groups, members, much), 1.0)]
        recycled = _recycled(facts, source) if limit.stage == EXTRACTION else 0.0
        groups = [(group, part * (1 - recycled)) for group, part in groups] + [(RECYCLED, recycled)] * (recycled > 0)
        for group, part in groups:
            for n, amount in nodes.items():
                parts[group][n] += factor * part * amount
    return parts


def _recycled(facts: Facts, source: Source) -> float:
    """Return the part of a source that was recycled, 0 where nobody says."""
    return sum(part for name, part in origins.groups(facts, source, "recycled") if name == RECYCLED)


def _owner(groups: list[tuple[str, float]], members: frozenset[str], much: float) -> str:
    """Return whose a source counts as: a member's, somebody else's (""), or nobody says."""
    theirs = sum(part for group, part in groups if group in members)
    unsaid = sum(part for group, part in groups if group == UNKNOWN)
    if theirs >= much:
        return min(members)
    return UNKNOWN if theirs + unsaid >= much else ""


def _whose(asked: Requirement, members: frozenset[str], amount: dict[str, float]) -> tuple[str, float]:
    """Return whom a requirement is about and what they have: one by one, whoever has most."""
    if asked.each_but:
        others = {group: had for group, had in amount.items() if group not in members | {UNKNOWN, RECYCLED}}
        return max(others.items(), key=lambda pair: (pair[1], pair[0]), default=("", 0.0))
    return asked.member, sum(had for group, had in amount.items() if group in members)
