"""What a plan leaves short, as limits on shortage count it, and where anything may stay short at all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.replay.limits import Counted, limits_on, windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.replay.facts import Facts
    from sourcing.replay.limits import Window
    from sourcing.replay.plan import Replay
    from sourcing.replay.records import Limit

    Key = tuple[str, str, int]


def allowed(facts: Facts, key: Key) -> bool:
    """Say whether what is due at (site, material, node) may stay short, as the question treats shortage."""
    if facts.shortage != "limited":
        return facts.shortage != "none"
    site, material, n = key
    return any(
        limit.site in ("", site) and limit.material in ("", material) and n in window.nodes
        for limit in _limits(facts)
        for window in windows(facts.calendar, limit)
    )


def missing(facts: Facts, plan: Replay) -> Iterator[Counted]:
    """Yield every row of the limits on shortage: what stays short in the window, in t or weighted t."""
    for limit in _limits(facts):
        for window in windows(facts.calendar, limit):
            keys = _due(facts, limit, window)
            if any(allowed(facts, key) for key in keys):
                short = sum(_counts(facts, limit, window, key) * plan.short.get(key, 0.0) for key in keys)
                yield Counted(limit, "", window, short, short, limit.site)


def mean_weight(facts: Facts, row: Counted) -> float:
    """Return what a tonne due counts for on average, of what a row of a limit on shortage looks at."""
    keys = _due(facts, row.limit, row.window)
    weighted = sum(_counts(facts, row.limit, row.window, key) * facts.demand(*key) for key in keys)
    return weighted / sum(row.window.part(key[2]) * facts.demand(*key) for key in keys)


def _limits(facts: Facts) -> list[Limit]:
    return limits_on(facts, "shortage")


def _due(facts: Facts, limit: Limit, window: Window) -> list[Key]:
    """Return where anything is due that a limit looks at, in order."""
    return sorted(
        (site, material, n)
        for site, material, n in facts.due
        if n in window.nodes and limit.site in ("", site) and limit.material in ("", material)
    )


def _counts(facts: Facts, limit: Limit, window: Window, key: Key) -> float:
    """Return what a tonne short counts for: the part of its period that the window has, in tonnes or weighted."""
    part = window.part(key[2])
    if limit.counted_in != "weighted":
        return part
    return part * facts.due[key].priority * facts.records.materials[key[1]].value
