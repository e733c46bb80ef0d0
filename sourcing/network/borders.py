"""What a border costs: licence days before goods may leave, duty when they enter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.calendar import TimeTree
    from sourcing.tables import Case

    Reals = NDArray[np.float64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Crossings:
    """Goods that go from one country to another: one row per route, lane or the like (arrays of text)."""

    origin: NDArray[np.object_]
    """Country whose duty applies: where the goods were made."""
    leaves: NDArray[np.object_]
    """Country whose licence applies: where the goods are."""
    enters: NDArray[np.object_]
    material: NDArray[np.object_]


def _match(values: NDArray[np.object_], wanted: str, groups: dict[str, set[str]]) -> Flags:
    """Return which countries are ``wanted``: a country, a group, or blank for any."""
    if wanted == "":
        return np.ones(len(values), bool)
    return np.isin(values, sorted(groups.get(wanted, set()) | {wanted}))


def group_members(case: Case) -> dict[str, set[str]]:
    """Return the members of every group."""
    return {str(name): set(rows["member"]) for name, rows in case["groups"].groupby("group")}


def _active(rows: pd.DataFrame, tree: TimeTree) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    blank = {"from": tree.start[0], "until": tree.end.max()}
    pair = (rows[name].fillna(pd.Timestamp(date)).to_numpy("datetime64[D]") for name, date in blank.items())
    opens, closes = pair
    return opens, closes


def licence_lag(case: Case, goods: Crossings, tree: TimeTree) -> Reals:
    """Return days of waiting for a licence per (goods, node of order): the longest that applies, 0 within a country."""
    licences, groups = case["licences"], group_members(case)
    lag = np.zeros((len(goods.leaves), len(tree)))
    opens, closes = _active(licences, tree)
    for i, row in enumerate(licences.itertuples(index=False)):
        where = (goods.leaves == row.country) & (goods.leaves != goods.enters)
        where &= _match(goods.material, str(row.material), {}) & _match(goods.enters, str(row.destination), groups)
        when = (tree.start >= opens[i]) & (tree.start < closes[i])
        lag[np.ix_(where, when)] = np.maximum(lag[np.ix_(where, when)], float(row.lag_days))  # type: ignore[arg-type]
    return lag


def duty_rates(case: Case, goods: Crossings, tree: TimeTree) -> tuple[Reals, Reals]:
    """Return the duty on price plus freight and on the price alone, as shares, per (goods, node of arrival).

    All rows that match add up; a row counts for the part of the period in which it is in force. Nothing is due on
    goods made in the country they enter.
    """
    tariffs, groups = case["tariffs"], group_members(case)
    code = pd.Series(goods.material).map(case["materials"].set_index("material")["tariff_code"]).to_numpy(object)
    on_cif, on_price = (np.zeros((len(goods.origin), len(tree))) for _ in range(2))
    opens, closes = _active(tariffs, tree)
    for i, row in enumerate(tariffs.itertuples(index=False)):
        where = _match(goods.enters, str(row.importer), groups) & _match(goods.origin, str(row.origin), groups)
        where &= _match(code, str(row.tariff_code), {}) & (goods.origin != goods.enters)
        inside = np.minimum(tree.end, closes[i]) - np.maximum(tree.start, opens[i])
        part = np.maximum(inside.astype(float), 0.0) / tree.days
        target = on_cif if row.basis == "cif" else on_price
        target[where] += float(row.rate) * part  # type: ignore[arg-type]
    return on_cif, on_price
