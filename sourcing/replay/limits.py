"""What limits count: windows, filters, members and the tonnes or dollars of each."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from sourcing.replay import origins
from sourcing.replay.dates import AFTER, overlap
from sourcing.replay.records import Limit

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from sourcing.replay.dates import Calendar
    from sourcing.replay.facts import Facts
    from sourcing.replay.origins import Source, Streams
    from sourcing.replay.plan import Replay

RANKS = {"feed": 0, "mine": 1, "concentrate": 2, "oxide": 3, "metal": 4, "alloy": 5, "magnet": 6, "product": 7}


class Window(NamedTuple):
    """Days that a limit looks at together: the periods that have any, and which part of each period's days."""

    label: str
    nodes: tuple[int, ...]
    parts: tuple[float, ...]

    def part(self, n: int) -> float:
        """Return the part of a period's days that the window has."""
        return dict(zip(self.nodes, self.parts, strict=True)).get(n, 0.0)

    def of(self, amounts: Mapping[int, float]) -> float:
        """Return what the window has of amounts by period, each at an even pace."""
        return sum(part * amounts.get(n, 0.0) for n, part in zip(self.nodes, self.parts, strict=True))


class Counted(NamedTuple):
    """One row of a limit: Q of the member and of all groups, in t or USD; of a grade, t times grade and t taken in."""

    limit: Limit
    member: str
    window: Window
    counted: float
    total: float
    site: str
    ratio: str = ""
    """Whether the limit's value is one of the total: a "share", an "index" or an "average"; blank of an amount."""
    money: bool = False
    """Whether it is counted in money."""
    rounding: float = 0.0
    """What is left of a total by rounding, where it is what is due less what stays short: t, or USD."""

    @property
    def node(self) -> int:
        """The last node of the window."""
        return self.window.nodes[-1]

    @property
    def key(self) -> tuple[str, str, str, str, int]:
        """The key of the row."""
        return (self.limit.limit, self.member, self.site, self.window.label, self.node)

    @property
    def bound(self) -> float:
        """What the counted quantity is held against."""
        return self.limit.value * self.total if self.ratio else self.limit.value


def windows(calendar: Calendar, limit: Limit) -> list[Window]:
    """Return the windows of a limit: its days in [from, until), by period, calendar year or all together."""
    found: dict[str, dict[int, float]] = defaultdict(dict)
    for n in calendar.nodes:
        first = max(calendar.starts[n], limit.since or date.min)
        after = min(calendar.ends[n], limit.until or date.max)
        told = n < calendar.reported or limit.per != "horizon" or limit.measure == "shortage"
        if first < after and told:
            for name, days in _named(calendar, limit.per, n, (first, after)):
                found[name][n] = days / calendar.days(n)
    return [
        Window(_told(calendar, limit, name, parts), tuple(parts), tuple(parts.values()))
        for name, parts in found.items()
    ]


def _told(calendar: Calendar, limit: Limit, name: str, parts: Mapping[int, float]) -> str:
    """Return the name of a window; of a year that lies in the tail with a word that it does."""
    return name + AFTER if limit.per == "year" and min(parts) >= calendar.reported else name


def _named(calendar: Calendar, per: str, n: int, days: tuple[date, date]) -> Iterator[tuple[str, int]]:
    """Yield the windows that days of a period lie in, and how many in each."""
    first, after = days
    if per != "year":
        yield calendar.label(n) if per == "period" else "horizon", (after - first).days
        return
    for year in range(first.year, (after - timedelta(days=1)).year + 1):
        yield str(year), overlap(first, after, date(year, 1, 1), date(year + 1, 1, 1))


def by_year(facts: Facts, found: Streams) -> Streams:
    """Return streams by calendar year instead of period, each at an even pace within its periods; without the tail."""
    years = windows(facts.calendar, Limit("", "tonnes", 0.0, per="year", until=facts.calendar.reported_end))
    return {
        source: {int(year.label): year.of(nodes) for year in years if not nodes.keys().isdisjoint(year.nodes)}
        for source, nodes in found.items()
    }


def rank(facts: Facts, material: str) -> int:
    """Return how far a material has come; one without a stage is before everything."""
    return RANKS.get(facts.records.materials[material].stage, -1)


def weight(facts: Facts, limit: Limit, source: Source, *, money: bool = False) -> float | None:
    """Return t (or USD) counted per t (of ``money``: USD) of a stream, ``None`` if the limit does not look at it."""
    if limit.material not in ("", source.material) or limit.site not in ("", source.site):
        return None
    if not at_stage(facts, limit.stage, source):
        return None
    share = facts.records.contents.get((source.material, limit.element), 0.0) if limit.element else 1.0
    if share == 0:
        return None
    if limit.counted_in == "value":
        return facts.records.materials[source.material].value
    return share if not money and limit.counted_in in ("", "element") else 1.0


def at_stage(facts: Facts, stage: str, source: Source) -> bool:
    """Say whether a stream counts at a stage: bought at it or after it, or lifted to it by an own process."""
    if not stage:
        return source.kind != "process"
    if rank(facts, source.material) < RANKS[stage]:
        return False
    if source.kind != "process":
        return True
    return all(rank(facts, material) < RANKS[stage] for material in facts.records.intake(source.code))


Tally = dict[str, dict[int, float]]


class Tallied:
    """Streams, and what limits count of them: those of one site found at once, and what counts the same counted once.

    Attributes
    ----------
    streams : all there are.
    money : whether they are of money.
    """

    def __init__(self, found: Streams, *, money: bool = False) -> None:
        self.streams, self.money = found, money
        self._at: dict[str, Streams] = defaultdict(dict)
        for source, nodes in found.items():
            self._at[source.site][source] = nodes
        self._known: dict[tuple[object, ...], Tally] = {}

    @property
    def sites(self) -> list[str]:
        """The sites at which any arrive."""
        return sorted(self._at)

    def of(self, facts: Facts, limit: Limit, site: str = "") -> Tally:
        """Return what each group that a limit looks at has, by node; of what arrives at one site, where one is given.

        Groups of whom nothing is counted that could be are there with 0. It is shared, and not to be changed.
        """
        where = site or limit.site
        said = limit.material, limit.site, limit.stage, limit.element, limit.counted_in, limit.by
        key = where, *said
        if key not in self._known:
            found = self._at.get(where, {}) if where else self.streams
            self._known[key] = tally(facts, limit, found, money=self.money)
        return self._known[key]


def tally(facts: Facts, limit: Limit, found: Streams, *, money: bool = False) -> Tally:
    """Return what each group has, by node; a group that occurs is there even with 0."""
    result: Tally = defaultdict(lambda: defaultdict(float))
    for source, nodes in found.items():
        factor = weight(facts, limit, source, money=money)
        if factor is None:
            continue
        for group, part in origins.groups(facts, source, limit.by, limit.stage):
            for n, amount in nodes.items():
                result[group][n] += factor * part * amount
    return result


def members(facts: Facts, limit: Limit, present: Collection[str]) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the members a limit has a row for in a window, each with the groups it adds up."""
    if not limit.by:
        chosen = [("", frozenset({""}))]
    elif limit.member:
        chosen = [(limit.member, facts.records.groups.get(limit.member, frozenset({limit.member})))]
    else:
        chosen = [(name, frozenset({name})) for name in sorted(present)]
    for name, of in chosen:
        if limit.sense == "min" or not of.isdisjoint(present):
            yield name, of


def limits_on(facts: Facts, *measures: str) -> list[Limit]:
    """Return the limits on some measures."""
    return [limit for limit in facts.records.limits.values() if limit.measure in measures]


def counted(facts: Facts, limit: Limit, plan: Tallied, everything: Tallied) -> Iterator[Counted]:
    """Yield every row of a limit with what there is in a plan of what it counts; ``everything`` is what could be."""
    yield from _rows(facts, limit, plan.of(facts, limit), everything.of(facts, limit))


def tallied(facts: Facts, plan: Replay) -> Tallied:
    """Return what arrives in t, by node, for ``plan.once``."""
    return Tallied(origins.arriving(facts, plan))


def _rows(facts: Facts, limit: Limit, amounts: Tally, possible: Tally) -> Iterator[Counted]:
    """Yield the rows of one limit."""
    for window in windows(facts.calendar, limit):
        total = amount_in(window, amounts, amounts)
        for name, of in members(facts, limit, present_in(window, possible)):
            yield Counted(limit, name, window, amount_in(window, amounts, of), total, limit.site)


def present_in(window: Window, possible: Tally) -> set[str]:
    """Return the groups of which anything can occur in a window."""
    return {group for group, nodes in possible.items() if not set(window.nodes).isdisjoint(nodes)}


def amount_in(window: Window, amounts: Tally, groups: Collection[str]) -> float:
    """Return what some groups have in a window, all together."""
    found = (amounts[group] for group in sorted(groups) if group in amounts)
    return sum(window.of(nodes) for nodes in found)
