"""Stock by days counted twice: by arrays, from the first day on which something waits, and in plain loops."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

import numpy as np
import pytest

from sourcing.daily.flows import Activity, Flows
from sourcing.daily.levels import levels

if TYPE_CHECKING:
    from sourcing.replay.records import Point

DAYS = 60


def drawn(seed: int) -> Flows:
    """Return up to five points and six activities: scarce or not, over no day or several, some of two inputs."""
    draw = Random(seed)
    points: list[Point] = [(f"s{i}", "m") for i in range(draw.randrange(2, 6))]
    found = Flows(DAYS)
    plenty = draw.choice([0.0, 0.0, 30.0, 500.0])
    for point in points:
        found.comes[point].append((0, plenty))
        for _ in range(draw.randrange(4)):
            found.comes[point].append((draw.randrange(DAYS), draw.choice([1.0, 5.0, 40.0])))
        if draw.random() < 0.5:
            found.due[point] = np.array([draw.choice([0.0, 0.5, 1.0]) for _ in range(DAYS)])
        if draw.random() < 0.2:
            found.disposed[point].append((draw.choice([29, 59]), draw.choice([0.5, 20.0])))
    for a in range(draw.randrange(1, 7)):
        ends = draw.sample(points, 2)
        more = [(each, 0.5) for each in points if each not in ends][: draw.randrange(2)]
        wanted = np.array([draw.choice([0.0, 0.0, 1.0, 2.0]) for _ in range(DAYS)])
        days = np.array([draw.choice([0, 0, 1, 7]) for _ in range(DAYS)] if draw.random() < 0.5 else [3] * DAYS)
        takes = ((ends[0], draw.choice([1.0, 2.0])), *more)
        shut = Random(f"{seed} {a}").choice([(0, 0), (0, 0), (20, 30), (5, 6)])
        works = np.array([not shut[0] <= day < shut[1] for day in range(DAYS)])
        wanted = np.where(works, wanted, 0.0)
        found.activities.append(Activity("process", (f"a{a}",), wanted, days, takes, ((ends[1], 0.8),), works))
    return found


def counted(flows: Flows) -> tuple[dict[Point, list[float]], dict[tuple[str, ...], tuple[int, float]]]:
    """Return the stock of each point by day, and on how many days each activity waited and what it never did."""
    points = [*flows.coupled, *flows.alone]
    coming: dict[Point, list[float]] = {point: [0.0] * DAYS for point in points}
    for point, parts in flows.comes.items():
        for day, tonnes in parts:
            coming[point][day] += tonnes
    level, left = dict.fromkeys(points, 0.0), {each.key: 0.0 for each in flows.activities}
    stock: dict[Point, list[float]] = {point: [] for point in points}
    waited = dict.fromkeys(left, 0)
    for day in range(DAYS):
        for point in points:
            level[point] += coming[point][day]
        for each in flows.activities:
            left[each.key] += float(each.wanted[day])
        for _ in range(len(flows.activities) + 1):
            asked = dict.fromkeys(points, 0.0)
            able = {each.key: left[each.key] if each.works[day] else 0.0 for each in flows.activities}
            for each in flows.activities:
                for point, part in each.takes:
                    asked[point] += able[each.key] * part
            gets = {p: min(1.0, max(level[p], 0.0) / asked[p]) if asked[p] > 0 else 1.0 for p in points}
            done = {each.key: able[each.key] * min(gets[p] for p, _ in each.takes) for each in flows.activities}
            moved = 0.0
            for each in flows.activities:
                left[each.key] -= done[each.key]
                for point, part in each.takes:
                    level[point] -= done[each.key] * part
                for point, part in each.gives:
                    lands = day + int(each.days[day])
                    if lands == day:
                        level[point] += done[each.key] * part
                        moved += done[each.key] * part
                    elif lands < DAYS:
                        coming[point][lands] += done[each.key] * part
            if moved <= 1e-12:
                break
        for point in points:
            level[point] -= float(flows.due[point][day]) if point in flows.due else 0.0
            wanted = sum(tonnes for when, tonnes in flows.disposed.get(point, ()) if when == day)
            level[point] -= min(wanted, max(level[point], 0.0))
            stock[point].append(level[point])
        for each in flows.activities:
            waited[each.key] += left[each.key] > 1e-12 + 1e-6 * float(each.wanted.sum())
    return stock, {key: (waited[key], left[key]) for key in waited if waited[key]}


@pytest.mark.parametrize("seed", range(60))
def test_levels_when_counted_in_plain_loops_then_are_the_same(seed: int) -> None:
    flows = drawn(seed)
    stock, waited = counted(flows)
    found = list(levels(flows))
    for block, _ in found:
        for at, point in enumerate(block.points):
            assert block.stock[at] == pytest.approx(stock[point], abs=1e-9)
    told = {each.key: (each.days, each.not_done) for _, waits in found for each in waits if each.kind == "process"}
    assert set(told) == set(waited)
    for key, (days, left) in waited.items():
        assert told[key] == (days, pytest.approx(left, abs=1e-4))
    assert {point for block, _ in found for point in block.points} == set(stock)


def test_draws_when_counted_then_some_wait_some_do_not_and_some_are_below_zero() -> None:
    seen = [counted(drawn(seed)) for seed in range(60)]
    assert 5 < sum(not waited for _, waited in seen) < 55
    assert sum(min(min(each) for each in stock.values()) < 0 for stock, _ in seen) > 5
