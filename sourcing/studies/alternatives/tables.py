"""The answer as tables: the ranges, the different plans, and what each of them buys otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.studies.alternatives.counted import LENSES
from sourcing.studies.alternatives.found import FREE, MUST, NEVER, OPEN
from sourcing.studies.alternatives.ranges import Ends, verdicts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from sourcing.plan import Plan
    from sourcing.studies.alternatives.counted import Counted
    from sourcing.studies.alternatives.most_different import Different

    Reals = NDArray[np.float64]

_ORDER = {MUST: 0, OPEN: 1, FREE: 2, NEVER: 3}
_KEY = ["lens", "group", "material"]


class Found(NamedTuple):
    """What was found of each sum, and of each row of the table of sums."""

    ends: Ends
    shares: tuple[Reals, Reals]
    dust: Reals


def own_tonnes(plan: Plan, counted: Counted) -> Reals:
    """Return what arrives in a plan, as its table of shares has it: tonnes of each row of the table of sums."""
    shares = plan.tables["shares"]
    own = shares[(shares["counted"] == "material") & (shares["stage"] == "") & shares["lens"].isin(LENSES)]
    summed = own.rename(columns={"what": "material"}).groupby(_KEY)["tonnes"].sum()
    found: Reals = summed.reindex(pd.MultiIndex.from_frame(counted.table[_KEY])).fillna(0.0).to_numpy(float)
    return found


def own_sums(own: Reals, counted: Counted) -> Reals:
    """Return tonnes of each sum, from those of each row of the table."""
    table, sums = counted.table, np.zeros(len(counted))
    first = (table["lens"] == LENSES[0]).to_numpy()
    sums[table["of"]] = np.bincount(table["of"][first], weights=own[first], minlength=len(sums))[table["of"]]
    sums[table["at"]] = own
    return sums


def worth_of(plan: Plan, counted: Counted) -> Reals:
    """Return what a tonne of each sum by supplier is worth: what offers of its material ask on average (USD/t)."""
    offers, own = plan.case["offers"], counted.suppliers
    asked = offers.groupby("material")["price"].mean()
    worth = np.zeros(len(counted))
    worth[own["at"]] = np.maximum(own["material"].map(asked).fillna(0.0).to_numpy(float), 0.0)
    return worth


def ranges_table(counted: Counted, found: Found, own: Reals) -> pd.DataFrame:
    """Return a row for each supplier or country and material: suppliers first, then what no plan goes without.

    ``tonnes`` and ``share`` are the plan's own, ``least`` and ``most`` (t, shares) those of any plan that is near
    enough, ``ordered`` (t) is on order before the first day, and counts in all of them. ``least_proven`` and
    ``most_proven`` (t) are what no plan is below or above: with whole numbers they may lie further out.
    """
    table, ends = counted.table, found.ends
    at, of = table["at"].to_numpy(int), table["of"].to_numpy(int)
    total = own_sums(own, counted)[of]
    frame = table[_KEY].assign(
        verdict=verdicts(table, ends, counted.already, found.dust),
        tonnes=own,
        least=_clean(ends.least[at], found.dust),
        most=_clean(ends.most[at], found.dust),
        least_proven=_clean(ends.lower[at], found.dust),
        most_proven=_clean(ends.upper[at], found.dust),
        ordered=counted.already[at],
        share=np.divide(own, total, where=total > 0, out=np.full(len(own), np.nan)),
        least_share=found.shares[0],
        most_share=found.shares[1],
    )
    keys = {"lens": LENSES.index, "verdict": _ORDER.__getitem__}
    frame = frame.assign(**{f"{name}_": frame[name].map(rank) for name, rank in keys.items()}, reach=-frame["most"])
    sorted_ = frame.sort_values(
        ["lens_", "verdict_", "material", "tonnes", "reach", "group"], ascending=[True] * 3 + [False, True, True]
    )
    return sorted_.drop(columns=["lens_", "verdict_", "reach"]).reset_index(drop=True)


def _clean(tonnes: Reals, dust: Reals) -> Reals:
    return np.where(tonnes <= dust, 0.0, tonnes)


def alternatives_table(
    plans: Sequence[tuple[Different, float]], own: Reals, tonnes: Sequence[Reals], worth: Reals, least: float
) -> pd.DataFrame:
    """Return a row for each different plan.

    ``cost`` is what was minimised (discounted USD), ``more`` beyond the cheapest plan. ``away`` of ``of`` tonnes of the
    plan that was asked about, worth ``away_worth`` of ``of_worth`` (USD), do not come from where they do there.
    ``differs`` and ``possible`` are parts of that worth: by how much a plan differs at least from that one and from
    those before it, and by how much none could differ more. ``nearest`` is the one that it differs least from, 0 the
    plan that was asked about.
    """
    rows: list[tuple[float, ...]] = []
    others = [own]
    for (found, cost), arrives in zip(plans, tonnes, strict=True):
        away = np.maximum(own - arrives, 0.0)[worth > 0]
        apart = [float(worth @ np.maximum(other - arrives, 0.0)) for other in others]
        amounts = float(away.sum()), float(own[worth > 0].sum()), float(worth[worth > 0] @ away), float(worth @ own)
        rows.append(
            (
                len(rows) + 1,
                cost,
                cost - least,
                *amounts,
                found.differs / 1e3,
                found.possible / 1e3,
                int(np.argmin(apart)),
            )
        )
        others.append(arrives)
    columns = ["alternative", "cost", "more", "away", "of", "away_worth", "of_worth", "differs", "possible", "nearest"]
    return pd.DataFrame(rows, columns=columns)


def differences_table(counted: Counted, own: Reals, tonnes: Sequence[Reals], dust: Reals) -> pd.DataFrame:
    """Return for each different plan what it buys otherwise: supplier, material, the plan's tonnes and its own."""
    suppliers = counted.suppliers
    at, least = suppliers["at"].to_numpy(int), dust[suppliers.index]
    frames = []
    for number, arrives in enumerate(tonnes, 1):
        keys = suppliers[["group", "material"]].rename(columns={"group": "supplier"}).assign(alternative=number)
        frame = keys.assign(plan=own[at], tonnes=arrives[at], change=arrives[at] - own[at])
        frame = frame[np.abs(frame["change"]) > least]
        size = frame["change"].abs()
        frames.append(frame.assign(size=size).sort_values("size", ascending=False, kind="stable").drop(columns="size"))
    names = ["alternative", "supplier", "material", "plan", "tonnes", "change"]
    return pd.concat(frames, ignore_index=True)[names] if frames else pd.DataFrame(columns=names)
