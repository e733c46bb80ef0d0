"""Concentration of what arrives: the squared shares of all groups of a lens, by the window of a limit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sourcing.replay.limits import Counted, amount_in, limits_on, tally, windows
from sourcing.replay.looks import counts_use
from sourcing.replay.lots_used import used_groups, used_rounding
from sourcing.replay.origins import arriving

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sourcing.replay import Facts, Replay
    from sourcing.replay.origins import Source, Streams
    from sourcing.replay.records import Limit

INDICES = ("hhi", "governance_hhi", "supply_risk")
NOTHING = 1e-6
"""Part of a limit's largest window up to which a window counts as empty."""


@dataclass(frozen=True)
class Governance:
    """A row of `governance`."""

    country: str
    value: float
    trade: float = 1.0


@dataclass(frozen=True)
class Risk:
    """A row of `supply_risk`."""

    global_hhi: float
    import_reliance: float
    eol_rir: float
    substitution: float
    material: str = ""
    element: str = ""


def concentrated(facts: Facts, plan: Replay) -> Iterator[tuple[Counted, bool]]:
    """Yield every row of the limits on concentration, and whether next to nothing arrives in it.

    ``counted`` is each group's tonnes times its share and its weight, added up; over the total it is the index. Of the
    EU's supply risk it is that index put into the Commission's formula, times the total.
    """
    asked = limits_on(facts, *INDICES)
    streams = arriving(facts, plan) if asked else {}
    for limit in asked:
        found = list(_windows(facts, plan, streams, limit))
        most = max((row.total for row in found), default=0.0)
        for row in found:
            yield row, row.total <= max(NOTHING * most, row.rounding)


def _windows(facts: Facts, plan: Replay, streams: Streams, limit: Limit) -> Iterator[Counted]:
    if counts_use(limit):
        amounts = used_groups(facts, plan, limit)
    else:
        amounts = tally(facts, limit, _primary(facts, streams) if limit.measure == "supply_risk" else streams)
    weight = _weights(facts, limit)
    for window in windows(facts.calendar, limit):
        total = amount_in(window, amounts, amounts)
        squares = sum(_weight(weight, group) * amount_in(window, amounts, [group]) ** 2 for group in amounts)
        index = squares / total**2 if total > 0 else 0.0
        counted = _measured(facts, limit, index) * total
        rounding = used_rounding(facts, limit, window) if counts_use(limit) else 0.0
        yield Counted(limit, "", window, counted, total, limit.site, "index", rounding=rounding)


def _weights(facts: Facts, limit: Limit) -> Mapping[str, float]:
    """Return what a squared share of each country counts for; nothing where all count alike."""
    if limit.measure == "hhi":
        return {}
    return {row.country: row.value * row.trade for row in facts.records.table("governance", Governance)}


def _weight(weights: Mapping[str, float], group: str) -> float:
    """Return the weight of a group: whoever is not in the table is taken for the worst that is."""
    return weights.get(group, max(weights.values())) if weights else 1.0


def _measured(facts: Facts, limit: Limit, index: float) -> float:
    """Return what a limit is held against where the index of what arrives is so much."""
    if limit.measure != "supply_risk":
        return index
    about = ("", limit.element) if limit.element else (limit.material, "")
    row = next(row for row in facts.records.table("supply_risk", Risk) if (row.material, row.element) == about)
    abroad = row.import_reliance / 2
    return (row.global_hhi * abroad + index * (1 - abroad)) * (1 - row.eol_rir) * row.substitution


def _primary(facts: Facts, arriving: Streams) -> Streams:
    """Return the part of each stream that is not recycled."""
    found: Streams = defaultdict(lambda: defaultdict(float))
    for source, nodes in arriving.items():
        for n, amount in nodes.items():
            found[source][n] = amount * (1 - _recycled(facts, source))
    return found


def _recycled(facts: Facts, source: Source) -> float:
    if source.kind == "offer":
        return facts.records.offers[source.code].recycled
    return facts.records.processes[source.code].recycled if source.kind == "process" else 0.0
