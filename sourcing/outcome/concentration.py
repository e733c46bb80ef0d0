"""Plan tables of concentration: whose the arriving tonnes are, by calendar year, and what limits count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing import families
from sourcing.card import OWN_RULE
from sourcing.measures import measures_that
from sourcing.network.counting import Measured
from sourcing.network.limits import calendar_years
from sourcing.network.look_through import STAGES, differs_in_shipping, seen_stages
from sourcing.outcome.look_through import seen_shares
from sourcing.outcome.own_rules import own_limits

if TYPE_CHECKING:
    from sourcing.outcome.values import Values

LENSES = ["country", "owner_country", "owner", "supplier"]
SUBJECT = ["counted", "what", "stage", "lens", "year"]
TIGHT = 1e-6
"""A limit binds when less than this part of what it counts is left."""


def arriving(values: Values) -> pd.DataFrame:
    """Return tonnes by origin and calendar year of arrival in the horizon: bought, ordered before, or made."""
    net = values.network
    code, node, amount = values.moved(values.formulation.accounts["entry"])
    frame = pd.DataFrame({"origin": code, "node": node, "tonnes": amount * net.tree.probability[node]})
    years = calendar_years(net.tree)
    frame = frame[net.tree.reported[node]].merge(years, on="node")
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
    parts = families.measuring() if len(net.case["limits"]) else []
    frames = [_held(values, one) for part in parts for one in part.measured(net, accounts, values.x)]
    if OWN_RULE.name in values.formulation.rows:
        frames.append(own_limits(values))
    if not frames:
        frames = [_held(values, Measured.nothing(len(net.tree)))]
    table = pd.concat(frames, ignore_index=True)
    return table.sort_values(["limit", "member", "site", "node", "window"], ignore_index=True)


def _held(values: Values, one: Measured) -> pd.DataFrame:
    """Return what is counted beside what the limits ask for."""
    rows = values.network.case["limits"].iloc[one.limit].reset_index(drop=True)
    key = one.rows.entities.iloc[one.rows.code].reset_index(drop=True)
    amount, total = one.amount, one.total
    ratio = ~rows["measure"].isin(measures_that(lambda measure: measure.is_sum)).to_numpy()
    actual = np.divide(amount, total, where=total > 0, out=np.full(len(total), np.nan))
    bound = np.where(ratio, rows["value"] * total, rows["value"])
    room = TIGHT * np.maximum(np.abs(bound), np.abs(amount))
    return rows[["limit", "measure", "sense", "by"]].assign(
        member=key["member"],
        site=key["site"],
        window=key["window"],
        node=one.rows.node,
        value=rows["value"],
        counted=amount,
        total=np.where(ratio, total, np.nan),
        actual=np.where(ratio, actual, amount),
        binds=(np.abs(bound - amount) <= room) & ((total > 0) | ~ratio),
    )
