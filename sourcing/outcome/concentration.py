"""Plan tables of concentration: whose the arriving tonnes are, by calendar year, and what limits count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.card import OWN_RULE
from sourcing.network.carbon import count_carbon
from sourcing.network.counting import AVERAGES, Counted, count, count_intake, count_scopes, count_waits
from sourcing.network.counts import counts_any, groups_of, presence
from sourcing.network.facilities import counting
from sourcing.network.hhi import MEASURES as INDICES
from sourcing.network.hhi import count_mixes, limits_of, rows_of_limits, weights
from sourcing.network.limits import COUNTS, calendar_years
from sourcing.network.look_through import STAGES, differs_in_shipping, seen_stages
from sourcing.network.shortage import count_short
from sourcing.outcome.look_through import seen_shares
from sourcing.outcome.own_rules import own_limits
from sourcing.protocol import Account

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from sourcing.network import Network
    from sourcing.outcome.values import Values
    from sourcing.protocol import Index

    Ints = NDArray[np.signedinteger[Any]]
    Reals = NDArray[np.float64]

LENSES = ["country", "owner_country", "owner", "supplier"]
SUBJECT = ["counted", "what", "stage", "lens", "year"]
RATIOS = ("share", *INDICES, *AVERAGES)
GRAM = 1e-6
"""Tonnes by which a threshold has to be missed to be missed."""
TIGHT = 1e-6
"""A limit binds when less than this part of what it counts is left."""


def arriving(values: Values) -> pd.DataFrame:
    """Return tonnes by origin and calendar year of arrival: bought, ordered before, or made by a process."""
    net = values.network
    code, node, amount = values.moved(values.formulation.accounts["entry"])
    frame = pd.DataFrame({"origin": code, "node": node, "tonnes": amount * net.tree.probability[node]})
    years = calendar_years(net.tree)
    frame = frame.merge(years, on="node")
    frame["tonnes"] *= frame["part"]
    summed = frame[frame["tonnes"] > 0].groupby(["origin", "year"], as_index=False)["tonnes"].sum()
    origins = net.origins[["kind", "rank", "intake_rank", "material", *LENSES, "shipped_from", "recycled"]]
    joined: pd.DataFrame = summed.join(origins, on="origin")
    return joined


def _at_stage(moved: pd.DataFrame, stage: str) -> pd.DataFrame:
    """Return what arrives as bought (stage blank), or at a stage."""
    if not stage:
        return moved[moved["kind"] != "make"].assign(stage="")
    rank = STAGES.index(stage)
    lifted = (moved["kind"] != "make") | (moved["intake_rank"] < rank)
    return moved[(moved["rank"] >= rank) & lifted].assign(stage=stage)


def _counted(values: Values, moved: pd.DataFrame, stages: list[str]) -> pd.DataFrame:
    """Return the tonnes at some stages by what is counted: every material as it is, every element by its contents."""
    reaching = pd.concat([_at_stage(moved, stage) for stage in stages], ignore_index=True)
    materials = reaching.assign(counted="material", what=reaching["material"])
    elements = reaching.merge(values.network.case["contents"][["material", "element", "share"]], on="material")
    elements["tonnes"] *= elements["share"]
    elements = elements.assign(counted="element", what=elements["element"])
    return pd.concat([elements, materials], ignore_index=True)


def shares(values: Values, moved: pd.DataFrame) -> pd.DataFrame:
    """Return tonnes and share by group, for every lens, year, element and material, as bought and at named stages.

    Parameters
    ----------
    moved : what ``arriving`` says.
    """
    case = values.network.case
    counted = _counted(values, moved, ["", *sorted(set(case["limits"]["stage"]) - {""})])
    lenses = [*LENSES, "shipped_from"] if differs_in_shipping(case) else LENSES
    parts = [counted.assign(lens=lens, group=counted[lens]) for lens in lenses]
    if seen := seen_stages(case):
        parts += seen_shares(values.network, _counted(values, moved, seen))
    known = counted["recycled"].notna()
    recycled = counted["recycled"].fillna(0.0)
    for group, part in (("recycled", recycled * known), ("primary", (1.0 - recycled) * known), ("unknown", ~known)):
        parts.append(counted.assign(lens="recycled", group=group, tonnes=counted["tonnes"] * part))
    table = pd.concat(parts).groupby([*SUBJECT, "group"], as_index=False)["tonnes"].sum()
    met: pd.DataFrame = table[table["tonnes"] > 0].reset_index(drop=True)
    total = met.groupby(SUBJECT)["tonnes"].transform("sum")
    return met.assign(share=met["tonnes"] / total)


def hhi(table: pd.DataFrame) -> pd.DataFrame:
    """Return the Herfindahl-Hirschman index of every subject of the shares table, 0 to 1."""
    squares = table.assign(hhi=table["share"] ** 2, groups=1)
    summed: pd.DataFrame = squares.groupby(SUBJECT, as_index=False).agg(
        {"tonnes": "sum", "groups": "sum", "hhi": "sum"}
    )
    return summed


def limits(values: Values) -> pd.DataFrame:
    """Return what every limit counts in every window, and whether it binds."""
    net, accounts = values.network, values.formulation.accounts
    frames = [_of_limits(values, count(net, accounts["entry"], ("share", "tonnes")))]
    if net.case["limits"]["measure"].isin(INDICES).any():
        frames.append(_of_indices(values))
    if counts_any(net):
        frames.append(_of_numbers(values))
    frames += [_of_limits(values, counter(net, accounts)) for name, counter in _COUNTERS.items() if name in accounts]
    if (net.case["limits"]["measure"] == "facilities").any():  # also where there are none to open
        frames.append(_of_limits(values, count_scopes(net, accounts.get("open", Account.empty()), counting(net))))
    if OWN_RULE.name in values.formulation.rows:
        frames.append(own_limits(values))
    table = pd.concat(frames, ignore_index=True)
    return table.sort_values(["limit", "member", "site", "node", "window"], ignore_index=True)


_COUNTERS: dict[str, Callable[[Network, Mapping[str, Account]], Counted]] = {
    "ordered": lambda net, posted: count(net, posted["ordered"], ("spend",)),
    "intake": lambda net, posted: count_intake(net, posted["intake"]),
    "carbon": lambda net, posted: count_carbon(net, posted["carbon"]),
    "waited": lambda net, posted: count_waits(net, posted["waited.days"], posted["waited"]),
    "short": lambda net, posted: count_short(net, posted["short"]),
}
"""What counts for the limits that look at an account, where anything was posted to it."""


def _of_numbers(values: Values) -> pd.DataFrame:
    """Return how many members limits on numbers count: by what they bring, whatever the plan was free to count."""
    net = values.network
    counted = presence(net, values.formulation.accounts["entry"])
    own = net.case["limits"].iloc[counted.limit]
    bring, threshold = counted.member.at(values.x), own["at_least"].fillna(0.0).to_numpy(float)
    there = np.where(own["sense"] == "min", bring >= threshold - GRAM, bring > threshold + GRAM)
    frames = []
    for measure in COUNTS:
        groups = groups_of(net, counted, measure)
        number = np.zeros(len(groups.limit))
        np.add.at(number, groups.of[groups.of >= 0], there[groups.of >= 0].astype(float))
        frames.append(_listed(values, groups.limit, groups.index, number).assign(total=np.nan, actual=number))
    table = pd.concat(frames, ignore_index=True)
    return table.assign(binds=table["counted"] == table["value"])


def _listed(values: Values, limit: Ints, index: Index, counted: Reals) -> pd.DataFrame:
    """Return what the rows of limits repeat of them, and what was counted."""
    rows = values.network.case["limits"].iloc[limit].reset_index(drop=True)
    key = index.entities.iloc[index.code].reset_index(drop=True)
    frame = rows[["limit", "measure", "sense", "by"]].assign(member=key["member"], site=key["site"])
    return frame.assign(window=key["window"], node=index.node, value=rows["value"], counted=counted)


def _of_limits(values: Values, counted: Counted) -> pd.DataFrame:
    amount, total = counted.member.at(values.x), counted.total.at(values.x)[counted.total_of]
    return _held(values, (counted.limit, counted.members), amount, total)


def _of_indices(values: Values) -> pd.DataFrame:
    """Return the tonnes of all members times their shares and weights, which over the total are the index."""
    net = values.network
    counted = count_mixes(net, values.formulation.accounts["entry"])
    own, total, (weight, world) = counted.member.at(values.x), counted.total.at(values.x), weights(net, counted)
    squares = np.bincount(counted.total_of, weights=weight * own**2, minlength=len(total))
    amount = np.divide(squares, total, where=total > 0, out=np.zeros(len(total))) + world * total
    return _held(values, (limits_of(net, counted), rows_of_limits(counted)), amount, total)


def _held(values: Values, about: tuple[Ints, Index], amount: Reals, total: Reals) -> pd.DataFrame:
    """Return what is counted beside what the limits ask for."""
    rows = values.network.case["limits"].iloc[about[0]].reset_index(drop=True)
    ratio = rows["measure"].isin(RATIOS).to_numpy()
    actual = np.divide(amount, total, where=total > 0, out=np.full(len(total), np.nan))
    bound = np.where(ratio, rows["value"] * total, rows["value"])
    room = TIGHT * np.maximum(np.abs(bound), np.abs(amount))
    return _listed(values, *about, amount).assign(
        total=np.where(ratio, total, np.nan),
        actual=np.where(ratio, actual, amount),
        binds=(np.abs(bound - amount) <= room) & ((total > 0) | ~ratio),
    )
