"""Plan tables of concentration: whose the arriving tonnes are, by calendar year, and what limits count."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.network.counting import Counted, Tally, count
from sourcing.outcome.values import NOTHING

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.outcome.values import Values

    Reals = NDArray[np.float64]

LENSES = ("country", "owner_country", "owner", "supplier")
TIGHT = 1e-6
"""A limit binds when less than this part of what it counts is left."""


def _arriving(values: Values) -> pd.DataFrame:
    """Return tonnes bought by origin and calendar year of arrival, open orders included."""
    net = values.network
    code, node, amount = values.moved(values.formulation.accounts["entry"])
    year = net.tree.start[node].astype("datetime64[Y]").astype(int) + 1970
    frame = pd.DataFrame({"origin": code, "year": year, "tonnes": amount * net.tree.probability[node]})
    bought = (net.origins["kind"] != "make").to_numpy()[code] & (amount != 0)
    return frame[bought].groupby(["origin", "year"], as_index=False)["tonnes"].sum()


def _counted(values: Values) -> pd.DataFrame:
    """Return the tonnes by what is counted: every material as it is, every element by its contents."""
    net = values.network
    arriving = _arriving(values).join(net.origins[["material", *LENSES, "recycled"]], on="origin")
    materials = arriving.assign(counted="material", what=arriving["material"])
    elements = arriving.merge(net.case["contents"][["material", "element", "share"]], on="material")
    elements["tonnes"] *= elements["share"]
    elements = elements.assign(counted="element", what=elements["element"])
    return pd.concat([elements, materials], ignore_index=True)


def shares(values: Values) -> pd.DataFrame:
    """Return tonnes and share by group, for every lens, year, element and material, as bought."""
    counted = _counted(values)
    parts = [counted.assign(lens=lens, group=counted[lens]) for lens in LENSES]
    known = counted["recycled"].notna()
    recycled = counted["recycled"].fillna(0.0)
    for group, part in (("recycled", recycled), ("primary", 1.0 - recycled), ("unknown", 1.0)):
        amount = counted["tonnes"] * part * (~known if group == "unknown" else known)
        parts.append(counted.assign(lens="recycled", group=group, tonnes=amount))
    subject = ["counted", "what", "lens", "year"]
    table = pd.concat(parts).groupby([*subject, "group"], as_index=False)["tonnes"].sum()
    table = table[table["tonnes"] > NOTHING].reset_index(drop=True)
    total = table.groupby(subject)["tonnes"].transform("sum")
    return table.assign(share=table["tonnes"] / total)


def hhi(table: pd.DataFrame) -> pd.DataFrame:
    """Return the Herfindahl-Hirschman index of every subject of the shares table, 0 to 1."""
    squares = table.assign(hhi=table["share"] ** 2, groups=1)
    index = squares.groupby(["counted", "what", "lens", "year"], as_index=False)
    return index.agg({"tonnes": "sum", "groups": "sum", "hhi": "sum"})


def limits(values: Values) -> pd.DataFrame:
    """Return what every limit counts in every window, and whether it binds."""
    spend = values.formulation.accounts.get("ordered")
    frames = []
    for measures, account in ((("share", "tonnes"), values.formulation.accounts["entry"]), (("spend",), spend)):
        if account is not None:
            frames.append(_of_limits(values, count(values.network, account, measures)))
    table = pd.concat(frames, ignore_index=True)
    return table.sort_values(["limit", "member", "site", "node"], ignore_index=True)


def _of_limits(values: Values, counted: Counted) -> pd.DataFrame:
    rows = values.network.case["limits"].iloc[counted.limit].reset_index(drop=True)
    key = counted.members.entities.iloc[counted.members.code].reset_index(drop=True)
    node = counted.members.node
    amount, total = _sum(counted.member, values.x), _sum(counted.total, values.x)[counted.total_of]
    share = (rows["measure"] == "share").to_numpy()
    actual = np.divide(amount, total, where=total > NOTHING, out=np.full(len(total), np.nan))
    bound = np.where(share, rows["value"] * total, rows["value"])
    room = TIGHT * np.maximum(np.maximum(np.abs(bound), np.abs(amount)), 1.0 * NOTHING)
    frame = rows[["limit", "measure", "sense", "by"]].assign(member=key["member"], site=key["site"])
    frame["window"] = [_window(str(per), values, at) for per, at in zip(rows["per"], node.tolist(), strict=True)]
    return frame.assign(
        node=node,
        value=rows["value"],
        counted=amount,
        total=np.where(share, total, np.nan),
        actual=np.where(share, actual, amount),
        binds=(np.abs(bound - amount) <= room) & ((total > NOTHING) | ~share),
    )


def _sum(tally: Tally, x: Reals) -> Reals:
    amount = tally.constant.copy()
    np.add.at(amount, tally.row, tally.value * x[tally.column])
    return amount


def _window(per: str, values: Values, node: int) -> str:
    tree = values.network.tree
    return {"period": tree.labels[node], "year": str(tree.start[node])[:4], "horizon": "horizon"}[per]
