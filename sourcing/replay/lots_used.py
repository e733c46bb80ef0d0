"""What a plan uses of each lot, by period: the streams that limits on use count."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.replay.custody import custody
from sourcing.replay.limits import Counted, amount_in, members, present_in, windows
from sourcing.replay.looks import UNTOLD
from sourcing.replay.origins import UNKNOWN
from sourcing.replay.plan import Replay
from sourcing.replay.use import reach

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sourcing.replay.facts import Facts
    from sourcing.replay.limits import Tally, Window
    from sourcing.replay.records import Limit, Point

ROUNDING = 1e-9
"""Part of what is due that may be left where all of it stays short."""
Used = dict[tuple["Point", str], dict[int, float]]
"""By point and lot, in words, the t used in each period."""


def used(facts: Facts, plan: Replay) -> Used:
    """Return what is used of each lot (t by node), for ``plan.once``."""
    known = facts.once(custody)
    found: Used = defaultdict(dict)
    for (site, what, n), due in facts.due.items():
        lots = known.lots.get((site, what), {})
        for words in lots if due.quantity > 0 else ():
            key = site, what, n
            met = due.quantity - plan.short.get(key, 0.0)
            tonnes = plan.decision("use_of", site, what, words, n) if len(lots) > 1 else met
            found[(site, what), words][n] = tonnes
    return found


def taken(facts: Facts, plan: Replay) -> Used:
    """Return what processes take in of each lot (t by node), for ``plan.once``."""
    known, found = facts.once(custody), defaultdict[tuple["Point", str], dict[int, float]](lambda: defaultdict(float))
    several, site = plan.decided.get("make_of", {}), {code: row.site for code, row in facts.records.processes.items()}
    runs = {code: list(known.runs(code)) for code in site}
    for code, n in Replay.everything(facts).make:
        intake, alone = facts.records.intake(code), len(runs[code]) == 1
        for run in runs[code]:
            done = plan.make.get((code, n), 0.0) if alone else several.get((code, run.lot, n), 0.0)
            for what, lot in run.taken.items():
                found[(site[code], what), known.words(lot)][n] += intake[what] * done
    return found


def used_by(facts: Facts, plan: Replay, limit: Limit) -> Tally:
    """Return what each group has of what a limit counts, by node; a group that could have any is there even with 0."""
    known, result = facts.once(custody), defaultdict[str, dict[int, float]](lambda: defaultdict(float))
    look = known.looks.limits[limit.limit]
    delivered, worked = plan.once(facts, used), plan.once(facts, taken)
    counted = [each for each in delivered.items() if known.looks.counts(limit, each[0][0])]
    counted += [each for each in worked.items() if known.looks.takes(limit, each[0][0])]
    for (point, words), nodes in counted:
        whose = known.lots[point][words][look]
        for name, part in whose or ():
            for n, tonnes in nodes.items():
                result[name][n] += known.looks.worth(limit, point[1]) * part * tonnes
    return result


def used_groups(facts: Facts, plan: Replay, limit: Limit) -> Tally:
    """Return what each group has of what a limit counts, by node, where groups are counted or squared.

    What nobody tells is of the unknown under a maximum, of nobody under a minimum.
    """
    amounts = used_by(facts, plan, limit)
    untold = amounts.pop(UNTOLD, {})
    for n, tonnes in untold.items() if limit.sense == "max" else ():
        amounts[UNKNOWN][n] += tonnes
    return amounts


def most_used(facts: Facts, make: Mapping[tuple[str, int], float]) -> Replay:
    """Return a plan in which every lot is all that is used; ``make`` is the most that processes do."""
    known = facts.once(custody)
    used_of = {
        (site, what, lot, n): due.quantity
        for (site, what, n), due in facts.due.items()
        for lot in known.lots.get((site, what), ())
    }
    make_of = {(code, run.lot, n): most for (code, n), most in make.items() for run in known.runs(code)}
    return Replay(make=dict(make), decided={"use_of": used_of, "make_of": make_of})


def used_rows(facts: Facts, limit: Limit, plan: Replay) -> Iterator[Counted]:
    """Yield every row of a limit on shares of what is used, with what the plan uses of what it counts.

    What nobody tells is everybody's under a maximum, the unknown's if there is no other; and nobody's under a minimum.
    """
    amounts = used_by(facts, plan, limit)
    untold = {UNTOLD} if limit.sense == "max" else set[str]()
    anybody = (amounts.keys() | _named(facts, limit) | {UNKNOWN}) - {UNTOLD}
    for window in windows(facts.calendar, limit):
        there, total = present_in(window, amounts), amount_in(window, amounts, amounts)
        for name, of in members(facts, limit, anybody if there & untold else there - {UNTOLD}):
            counted = amount_in(window, amounts, of | untold)
            rounding = used_rounding(facts, limit, window)
            yield Counted(limit, name, window, counted, total, limit.site, "share", rounding=rounding)


def used_rounding(facts: Facts, limit: Limit, window: Window) -> float:
    """Return what rounding may leave of what a limit counts in a window, were all of it to stay short (t, or USD)."""
    looks = facts.once(custody).looks
    due = sum(
        looks.worth(limit, what) * window.part(n) * due.quantity
        for (site, what, n), due in facts.due.items()
        if looks.counts(limit, (site, what))
    )
    return ROUNDING * (due + sum(_asked_of(facts, limit)))


def _asked_of(facts: Facts, limit: Limit) -> Iterator[float]:
    """Yield what processes may be asked to take in, at each point at which a limit counts that (t, or USD)."""
    looks = facts.once(custody).looks
    points = sorted(point for point in looks.taken[looks.limits[limit.limit]] if looks.takes(limit, point))
    for point in points:
        onward = reach(facts, point)
        for (site, what, _), due in facts.due.items():
            yield looks.worth(limit, point[1]) * onward.get((site, what), 0.0) * due.quantity


def _named(facts: Facts, limit: Limit) -> frozenset[str]:
    """Return whom a limit names, with the members of a group; nobody where it names nobody."""
    return facts.records.groups.get(limit.member, frozenset({limit.member} - {""}))
