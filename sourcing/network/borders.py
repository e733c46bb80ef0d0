"""What a border costs: licence days before goods may leave, duty when they enter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.calendar import cut

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
    """Country whose licence applies: where the goods are. One that follows goods is that of ``origin`` as well."""
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


def never_in_force(rows: pd.DataFrame, tree: TimeTree) -> Flags:
    """Return which rows with from and until hold on no day of the horizon."""
    opens, closes = (_days(rows[name], blank, tree) for name, blank in (("from", 0.0), ("until", tree.horizon)))
    never: Flags = (opens >= tree.horizon) | (closes <= 0.0)
    return never


def licence_lags(case: Case, goods: Crossings, tree: TimeTree) -> pd.DataFrame:
    """Return the days of waiting for a licence by the day of the order: entity (of the goods), opens, closes, wait.

    In days since the start of the horizon, one row for every stretch of one waiting time.
    """
    return stretches_of(licence_levels(case, goods, tree))


class Levels(NamedTuple):
    """Days of waiting by kind of goods and step of time: step i lasts from day ``edges[i]`` to the next."""

    kind: Ints
    edges: Reals
    level: Reals


def licence_levels(case: Case, goods: Crossings, tree: TimeTree) -> Levels:
    """Return the days of waiting for a licence in each step of the horizon in which licences stay the same.

    The longest of the licences in force counts; goods that stay in one country need none. A licence that follows goods
    made in its country (follows = origin) is asked for wherever they are, but where they come home.
    """
    licences = case["licences"]
    kinds, kind = goods.kinds()
    opens, closes = (_days(licences[name], blank, tree) for name, blank in (("from", 0.0), ("until", tree.horizon)))
    edges = np.unique(np.clip(np.concatenate([opens, closes, [0.0, tree.horizon]]), 0.0, tree.horizon))
    lag = np.zeros((len(kinds.leaves), len(edges) - 1))
    leaves = matches(kinds.leaves, licences["country"])
    material = matches(kinds.material, licences["material"])
    enters = matches(kinds.enters, licences["destination"], group_members(case))
    made = matches(np.where(kinds.origin == kinds.enters, "", kinds.origin), licences["country"])
    abroad = kinds.leaves != kinds.enters
    for i, row in enumerate(licences.itertuples(index=False)):
        of = leaves[str(row.country)] | (made[str(row.country)] if row.follows == "origin" else False)
        where = of & material[str(row.material)] & enters[str(row.destination)] & abroad
        when = (edges[:-1] >= opens[i]) & (edges[:-1] < closes[i])
        lag[np.ix_(where, when)] = np.maximum(lag[np.ix_(where, when)], float(row.lag_days))  # type: ignore[arg-type]
    return Levels(kind, edges, lag)


def stretches_of(waits: Levels) -> pd.DataFrame:
    """Return levels as rows of entity, kind, opens, closes and wait, one for every stretch of one waiting time."""
    entities = pd.DataFrame({"entity": np.arange(len(waits.kind)), "kind": waits.kind})
    return entities.merge(_runs(waits.level, waits.edges), on="kind")


def _runs(level: Reals, edges: Reals) -> pd.DataFrame:
    """Return the stretches between ``edges`` on which each kind's level (kind, step) stays the same."""
    changes = np.ones(level.shape, bool)
    changes[:, 1:] = level[:, 1:] != level[:, :-1]
    kind, step = np.nonzero(changes)
    last = np.append(kind[1:] != kind[:-1], values=True)[: len(kind)]
    closes = np.where(last, len(edges) - 1, np.append(step, 0)[1:])
    return pd.DataFrame({"kind": kind, "opens": edges[step], "closes": edges[closes], "wait": level[kind, step]})


@dataclass(frozen=True, eq=False)
class Duty:
    """Duty as shares of price plus freight (``cif``) and of the price alone (``fob``), per (kind, step of time).

    ``kind`` says of each of the goods which row is its own. Step i lasts from day ``edges[i]`` since the start of the
    horizon to the next.
    """

    kind: Ints
    edges: Reals
    cif: Reals
    fob: Reals

    def with_rows(self, goods: Ints, cif: Reals, fob: Reals) -> Duty:
        """Return the same, but for some of the goods, of which the rates are given (goods, step)."""
        kind = self.kind.copy()
        kind[goods] = len(self.cif) + np.arange(len(goods))
        return Duty(kind, self.edges, np.vstack([self.cif, cif]), np.vstack([self.fob, fob]))

    def on(self, goods: Ints, opens: Reals, closes: Reals) -> tuple[Reals, Reals]:
        """Return cif and fob shares of goods that arrive evenly from day ``opens`` until ``closes``."""
        which, step, first, last = cut(opens, closes, self.edges)
        part, kind = (last - first) / (closes - opens)[which], self.kind[goods[which]]
        cif, fob = (
            np.bincount(which, rate[kind, step] * part, len(goods)).astype(float) for rate in (self.cif, self.fob)
        )
        return cif, fob


ANY_OTHER = "any other"
"""A country that no row of the tariffs names."""


def named_origins(case: Case) -> list[str]:
    """Return the countries of making that rows of the tariffs name, by themselves or in a group, and any other."""
    groups, named = group_members(case), set(case["tariffs"]["origin"]) - {""}
    return [*sorted(set().union(*(groups.get(name, {name}) for name in named))), ANY_OTHER]


def duty_rates(case: Case, goods: Crossings, tree: TimeTree, *, own: bool = False) -> Duty:
    """Return what is due on goods that cross a border, by the day of their arrival.

    All rows in force that match add up. Nothing is due on goods made in the country they enter. On one's ``own``
    goods nothing is due within a country, and what a group levies is due where they enter the group.
    """
    tariffs, groups = case["tariffs"], group_members(case)
    kinds, kind = goods.kinds()
    code = pd.Series(kinds.material).map(case["materials"].set_index("material")["tariff_code"]).to_numpy(object)
    opens, closes = (_days(tariffs[name], blank, tree) for name, blank in (("from", -np.inf), ("until", np.inf)))
    edges = np.unique(np.concatenate([opens, closes, [-np.inf, np.inf]]))
    rates = {basis: np.zeros((len(kinds.origin), len(edges) - 1)) for basis in ("cif", "fob")}
    enters = matches(kinds.enters, tariffs["importer"], groups)
    origin = matches(kinds.origin, tariffs["origin"], groups)
    coded, abroad = matches(code, tariffs["tariff_code"]), kinds.origin != kinds.enters
    inside = matches(kinds.leaves, tariffs["importer"], groups) | {"": kinds.leaves == kinds.enters}
    for i, row in enumerate(tariffs.itertuples(index=False)):
        where = enters[str(row.importer)] & origin[str(row.origin)] & coded[str(row.tariff_code)] & abroad
        where &= ~inside[str(row.importer)] if own else True
        when = (edges[:-1] >= opens[i]) & (edges[:-1] < closes[i])
        rates[str(row.basis)][np.ix_(where, when)] += float(row.rate)  # type: ignore[arg-type]
    return Duty(kind, edges, rates["cif"], rates["fob"])


def _days(column: pd.Series[pd.Timestamp], blank: float, tree: TimeTree) -> Reals:
    """Return dates as days since the start of the horizon, ``blank`` where there is none."""
    dates = column.to_numpy("datetime64[D]")
    filled = np.where(np.isnat(dates), tree.start[0].astype("datetime64[D]"), dates)
    days: Reals = np.where(np.isnat(dates), blank, tree.since_start(filled))
    return days
