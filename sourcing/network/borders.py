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

    Ints = NDArray[np.int64]
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

    def kinds(self) -> tuple[Crossings, Ints]:
        """Return the crossings that differ, and which of them each row is."""
        rows = pd.DataFrame(vars(self))
        kind = np.asarray(rows.groupby(list(rows), sort=False).ngroup(), np.int64)
        _, first = np.unique(kind, return_index=True)
        return Crossings(*(rows[name].to_numpy(object)[first] for name in rows)), kind


def matches(
    values: NDArray[np.object_], wanted: pd.Series[str], groups: dict[str, set[str]] | None = None
) -> dict[str, Flags]:
    """Return for each thing wanted which values are it: equal, a member of the group, or blank for any."""
    known = groups or {}
    found = {name: np.isin(values, sorted(known.get(name, set()) | {name})) for name in wanted.unique() if name != ""}
    return found | {"": np.ones(len(values), bool)}


def group_members(case: Case) -> dict[str, set[str]]:
    """Return the members of every group."""
    return {str(name): set(rows["member"]) for name, rows in case["groups"].groupby("group")}


def _active(rows: pd.DataFrame, tree: TimeTree) -> tuple[NDArray[np.datetime64], NDArray[np.datetime64]]:
    blank = {"from": tree.start[0], "until": tree.end.max()}
    pair = (rows[name].fillna(pd.Timestamp(date)).to_numpy("datetime64[D]") for name, date in blank.items())
    opens, closes = pair
    return opens, closes


def never_in_force(rows: pd.DataFrame, tree: TimeTree) -> Flags:
    """Return which rows with from and until hold on no day of the horizon."""
    opens, closes = _active(rows, tree)
    never: Flags = (opens >= tree.end.max()) | (closes <= tree.start[0])
    return never


def licence_lag(case: Case, goods: Crossings, tree: TimeTree) -> Reals:
    """Return days of waiting for a licence per (goods, node of order): the longest that applies, 0 within a country."""
    licences = case["licences"]
    kinds, kind = goods.kinds()
    lag = np.zeros((len(kinds.leaves), len(tree)))
    opens, closes = _active(licences, tree)
    leaves = matches(kinds.leaves, licences["country"])
    material = matches(kinds.material, licences["material"])
    enters = matches(kinds.enters, licences["destination"], group_members(case))
    abroad = kinds.leaves != kinds.enters
    for i, row in enumerate(licences.itertuples(index=False)):
        where = leaves[str(row.country)] & material[str(row.material)] & enters[str(row.destination)] & abroad
        when = (tree.start >= opens[i]) & (tree.start < closes[i])
        lag[np.ix_(where, when)] = np.maximum(lag[np.ix_(where, when)], float(row.lag_days))  # type: ignore[arg-type]
    return lag[kind]


@dataclass(frozen=True, eq=False)
class Duty:
    """Duty as shares of price plus freight (``cif``) and of the price alone (``fob``), per (kind, node of arrival).

    ``kind`` says of each of the goods which row is its own.
    """

    kind: Ints
    cif: Reals
    fob: Reals


def duty_rates(case: Case, goods: Crossings, tree: TimeTree) -> Duty:
    """Return what is due on goods that cross a border.

    All rows that match add up; a row counts for the part of the period in which it is in force. Nothing is due on
    goods made in the country they enter.
    """
    tariffs, groups = case["tariffs"], group_members(case)
    kinds, kind = goods.kinds()
    code = pd.Series(kinds.material).map(case["materials"].set_index("material")["tariff_code"]).to_numpy(object)
    rates = {basis: np.zeros((len(kinds.origin), len(tree))) for basis in ("cif", "fob")}
    opens, closes = _active(tariffs, tree)
    enters = matches(kinds.enters, tariffs["importer"], groups)
    origin = matches(kinds.origin, tariffs["origin"], groups)
    coded, abroad = matches(code, tariffs["tariff_code"]), kinds.origin != kinds.enters
    for i, row in enumerate(tariffs.itertuples(index=False)):
        where = enters[str(row.importer)] & origin[str(row.origin)] & coded[str(row.tariff_code)] & abroad
        inside = np.minimum(tree.end, closes[i]) - np.maximum(tree.start, opens[i])
        part = np.maximum(inside.astype(float), 0.0) / tree.days
        rates[str(row.basis)][where] += float(row.rate) * part  # type: ignore[arg-type]
    return Duty(kind, rates["cif"], rates["fob"])
