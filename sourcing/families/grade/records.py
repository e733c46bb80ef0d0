"""What is blended: the tonnes that processes take in, and their average grade."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from sourcing.replay.limits import Counted, limits_on, windows

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sourcing.replay.facts import Facts
    from sourcing.replay.plan import Replay
    from sourcing.replay.records import Limit


def blended(facts: Facts, plan: Replay) -> Iterator[Counted]:
    """Yield every row of the limits on a grade: t times grade (``counted``) and t (``total``) of what is taken in."""
    for limit in limits_on(facts, "grade"):
        for site, intakes in sorted(_blends(facts, limit).items()):
            yield from _rows(facts, plan, (limit, site), intakes)


def grade(facts: Facts, limit: Limit, material: str) -> float | None:
    """Return what a material has of the element or property, ``None`` if no row says."""
    if limit.property:
        return facts.records.properties.get((material, limit.property))
    return facts.records.contents.get((material, limit.element))


def _blends(facts: Facts, limit: Limit) -> dict[str, dict[str, tuple[float, float]]]:
    """Return by site and process what a tonne of activity takes in: t times grade, and t; neither if it takes none."""
    found: dict[str, dict[str, tuple[float, float]]] = defaultdict(dict)
    for code, process in facts.records.processes.items():
        elsewhere = limit.site not in ("", process.site) or limit.line not in ("", process.line)
        if elsewhere or (limit.material and limit.material not in facts.records.output(code)):
            continue
        intake = facts.records.intake(code)
        graded = [(t, has) for what, t in intake.items() if (has := grade(facts, limit, what)) is not None]
        if graded:
            found[process.site][code] = (sum(t * has for t, has in graded), sum(t for t, _ in graded))
    return found


def _rows(
    facts: Facts, plan: Replay, of: tuple[Limit, str], intakes: Mapping[str, tuple[float, float]]
) -> Iterator[Counted]:
    """Yield the rows of one blend: the periods in which any of its processes may run."""
    limit, site = of
    for window in windows(facts.calendar, limit):
        if not any(facts.may_run(code, n) for code in intakes for n in window.nodes):
            continue
        ran = {code: {n: plan.make.get((code, n), 0.0) for n in window.nodes} for code in intakes}
        runs = [(window.of(ran[code]), *intake) for code, intake in intakes.items()]
        counted, total = sum(t * graded for t, graded, _ in runs), sum(t * taken for t, _, taken in runs)
        yield Counted(limit, "", window, counted, total, site, "average")
