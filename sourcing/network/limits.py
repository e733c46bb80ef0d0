"""What a limit counts: which origins, for which member, in which windows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from sourcing.calendar import AFTER
from sourcing.measures import measures, what_counts
from sourcing.network.capacity import pieces
from sourcing.network.look_through import SEEN, STAGES, seen_through

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from sourcing.calendar import TimeTree
    from sourcing.tables import Case

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Reals = NDArray[np.float64]
    Parts = sparse.csc_array
    Groups = tuple[list[str], Parts]

ALL = ""
_LENS = {"site": "source_site"}
_COUNTED = ("measure", "site", "stage", "material", "element", "counted_in")
_TIME = ("per", "from", "until")
_EACH = ("by", "stage")
_WHOSE = (*_EACH, "member")
_ALIKE = (_COUNTED, _TIME, _EACH, _WHOSE)
"""Columns that say what a limit counts, when, and whose: one group, or each."""


@dataclass(frozen=True, eq=False)
class Spans:
    """The windows of a limit, by the day.

    ``node``, ``window`` and ``part`` say which part of a node's days lies in which window, sorted by node; ``label``
    ("2029", the period's name or "horizon") and ``end`` (its last node) have one entry per window.
    """

    node: Ints
    window: Ints
    part: Reals
    label: NDArray[np.object_]
    end: Ints

    def __len__(self) -> int:
        """Return the number of windows."""
        return len(self.end)

    @property
    def key(self) -> tuple[bytes, bytes, bytes]:
        """What two limits with the same windows have alike."""
        return self.node.tobytes(), self.window.tobytes(), self.part.tobytes()

    @property
    def stretch(self) -> float:
        """Return how many tonnes may have to come for a tonne in every window: more, where it is a part of a period."""
        least = np.ones(len(self))
        np.minimum.at(least, self.window, self.part)
        return float((1.0 / least).sum())

    def whole(self) -> Spans:
        """Return the same with every node that has a day in a window wholly in it."""
        return replace(self, part=np.ones_like(self.part))

    def tonnes(self, due: Reals) -> Reals:
        """Return by window what it has of tonnes by node, at an even pace within each."""
        return np.asarray(np.bincount(self.window, due[self.node] * self.part, len(self)), np.float64)


@dataclass(frozen=True)
class Scope:
    """One limit, resolved: its row of the table, the tonnes it counts per tonne of an origin, members and windows.

    ``weight`` (origin) counts towards the total; ``share`` (origin, member) is the part of it that is the member's.
    A row of the limit stands at the last node of each window. ``site`` is in the key of its rows. Of a limit on a
    grade, inputs of processes stand for origins, and their grades for shares.
    """

    row: int
    site: str
    weight: Reals
    members: list[str]
    share: Parts
    window: Spans


class Known:
    """What limits of a case count, each kind of it worked out once: many are written for each year, or each site.

    Limits that count the same share what they count, those of one time its windows, those of one lens its groups.
    """

    def __init__(self, case: Case, origins: pd.DataFrame, tree: TimeTree) -> None:
        self.limits, self.origins, self._case, self._tree = case["limits"], origins, case, tree
        self._keys: dict[tuple[str, ...], list[Any]] = {
            of: list(self.limits[list(of)].itertuples(index=False, name=None)) for of in _ALIKE
        }
        self._known: dict[Any, Any] = {}

    def _once(self, of: tuple[str, ...], row: int, work_out: Callable[[pd.Series[str]], Any]) -> Any:
        key = of, self._keys[of][row]
        if key not in self._known:
            self._known[key] = work_out(self.limits.iloc[row])
        return self._known[key]

    def weight(self, row: int) -> Reals:
        """Return tonnes (or USD) counted per tonne of each origin."""
        weight: Reals = self._once(_COUNTED, row, lambda limit: _weight(self._case, self, limit))
        return weight

    def of_material(self, values: pd.Series[float], blank: float) -> Reals:
        """Return what materials have, by origin; ``blank`` where they have nothing."""
        code, names = self._materials
        return np.asarray(values.reindex(names).fillna(blank), np.float64)[code]

    @cached_property
    def _materials(self) -> tuple[Ints, NDArray[np.object_]]:
        """Which of the materials each origin is of, and their names."""
        code, names = pd.factorize(self.origins["material"])
        return code, np.asarray(names, object)

    def windows(self, row: int) -> Spans:
        """Return the windows of a limit."""
        spans: Spans = self._once(_TIME, row, lambda limit: windows(limit, self._tree))
        return spans

    def groups(self, row: int) -> Groups:
        """Return the member that a limit names, or all groups of its lens."""
        groups: Groups = self._once(_WHOSE, row, lambda limit: members_of(self._case, self.origins, limit))
        return groups

    def each(self, row: int) -> Groups:
        """Return all groups of a limit's lens, of those in the group that it names, if it names one."""
        groups: Groups = self._once(_EACH, row, lambda limit: members_of(self._case, self.origins, _of_all(limit)))
        if not (member := str(self.limits["member"].iloc[row])):
            return groups
        inside = wanted(self._case, member)
        own = [place for place, name in enumerate(groups[0]) if name in inside]
        return [groups[0][place] for place in own], groups[1][:, own]


def _of_all(limit: pd.Series[str]) -> pd.Series[str]:
    return limit.where(limit.index != "member", "")


def counts_use(limits: pd.DataFrame) -> Mask:
    """Return which limits count what is used, in lots kept apart, and not what arrives."""
    said = limits[["measure", "counts"]].itertuples(index=False, name=None)
    return np.array([what_counts(measure, counts) == "use" for measure, counts in said], bool)


def scopes(case: Case, origins: pd.DataFrame, tree: TimeTree, on: tuple[str, ...]) -> list[Scope]:
    """Resolve the limits on one of some measures against the origins of a case; those on use see none of them."""
    known = Known(case, origins, tree)
    found = []
    asked = known.limits["measure"].isin(list(on)).to_numpy() & ~counts_use(known.limits)
    for row in np.flatnonzero(asked).tolist():
        limit, weight = known.limits.iloc[row], known.weight(row)
        members, share = counted_of(limit, weight, known.groups(row))
        found.append(Scope(row, str(limit["site"]), weight, members, share, known.windows(row)))
    return found


def _weight(case: Case, known: Known, limit: pd.Series[str]) -> Reals:
    """Return tonnes (of a limit on value: USD) counted per tonne of each origin: 0 where a filter leaves it out."""
    counts = np.ones(len(known.origins))
    if limit["element"]:
        contents = case["contents"]
        share = contents[contents["element"] == limit["element"]].set_index("material")["share"]
        held = known.of_material(share, 0.0)
        by_content = limit["counted_in"] == "element" and not measures()[str(limit["measure"])].is_money
        counts = held if by_content else (held > 0).astype(float)
    if limit["counted_in"] == "value":
        counts = counts * known.of_material(case["materials"].set_index("material")["value"], 1.0)
    return np.where(_passes(known.origins, limit), counts, 0.0)


def _passes(origins: pd.DataFrame, limit: pd.Series[str]) -> pd.Series[bool]:
    only_bought = measures()[str(limit["measure"])].counts == "purchases"
    bought = origins["kind"] == "buy" if only_bought else origins["kind"] != "make"
    if limit["stage"]:
        rank = STAGES.index(str(limit["stage"]))
        crossed = (origins["kind"] == "make") & (origins["intake_rank"] < rank) & (not only_bought)
        bought = (bought | crossed) & (origins["rank"] >= rank)
    if limit["material"]:
        bought = bought & (origins["material"] == limit["material"])
    if limit["site"]:
        bought = bought & (origins["site"] == limit["site"])
    return bought


def looks_at(limit: pd.Series[str], material: pd.Series[str], site: pd.Series[str]) -> Mask:
    """Return which goods a limit looks at, by what they are and where they are."""
    passes = np.ones(len(material), bool)
    if limit["material"]:
        passes &= (material == limit["material"]).to_numpy()
    if limit["site"]:
        passes &= (site == limit["site"]).to_numpy()
    return passes


def members_of(case: Case, origins: pd.DataFrame, limit: pd.Series[str]) -> Groups:
    """Return the member that a limit names, or all groups of its lens, and the part of each origin that is theirs."""
    member = limit["member"]
    if limit["by"] == "":
        return [ALL], sparse.csc_array(np.ones((len(origins), 1)))
    names, parts = groups_of_lens(case, origins, limit)
    if member == "":
        return names, parts
    inside = wanted(case, str(member))
    own = [place for place, name in enumerate(names) if name in inside]
    return [str(member)], sparse.csc_array(parts[:, own].sum(axis=1)[:, None])


def counted_of(limit: pd.Series[str], weight: Reals, groups: Groups) -> Groups:
    """Return the members that a limit has rows for: the one that it names, or those of whom it counts anything."""
    return groups if limit["by"] == "" or limit["member"] else those_met(weight, groups)


def those_met(weight: Reals, groups: Groups) -> Groups:
    """Return those of some groups of whom anything is counted."""
    names, parts = groups
    met = np.flatnonzero(weight @ parts)
    return [names[place] for place in met], parts[:, met]


def wanted(case: Case, member: str) -> set[str]:
    """Return the members of a group, or the one member itself."""
    groups = case["groups"]
    return set(groups.loc[groups["group"] == member, "member"]) or {member}


def groups_of_lens(case: Case, origins: pd.DataFrame, limit: pd.Series[str]) -> tuple[list[str], Parts]:
    """Return the groups of a limit's lens and (origin, group): 1 where it belongs there.

    Recycled and primary are shares, and so is what is seen through to a stage.
    """
    by = str(limit["by"])
    if by in SEEN:
        return seen_through(case, origins, str(limit["stage"]), by)
    if by == "recycled":
        recycled = origins["recycled"].to_numpy(float)
        parts = np.column_stack([recycled, 1.0 - recycled, np.zeros(len(recycled))])
        parts[np.isnan(recycled)] = [0.0, 0.0, 1.0]
        return ["recycled", "primary", "unknown"], sparse.csc_array(parts)
    code, names = pd.factorize(origins[_LENS.get(by, by)], sort=True)
    one = np.ones(len(code))
    return [str(name) for name in names], sparse.csc_array((one, (np.arange(len(code)), code)), (len(code), len(names)))


def windows(limit: pd.Series[str], tree: TimeTree) -> Spans:
    """Return the windows of a limit: the days from ``from`` to ``until`` by period, calendar year or all together.

    All together are those that are reported; of a limit on shortage those of the tail too.
    """
    node, start, end, _ = pieces(tree)
    year = start.astype("datetime64[Y]").astype(np.int64) + 1970
    first, last = (pd.Timestamp(limit[name]) for name in ("from", "until"))
    opens = start if pd.isna(first) else np.maximum(start, first.to_datetime64().astype("datetime64[D]"))
    closes = end if pd.isna(last) else np.minimum(end, last.to_datetime64().astype("datetime64[D]"))
    days = (closes - opens).astype(float)
    code = {"period": node, "year": year, "horizon": np.zeros_like(node)}[str(limit["per"])]
    inside = days > 0
    if str(limit["per"]) == "horizon" and measures()[str(limit["measure"])].counts != "demand":
        inside &= tree.reported[node]
    pairs, of = np.unique(np.stack([node, code])[:, inside], axis=1, return_inverse=True)
    part = np.bincount(of.ravel(), days[inside], pairs.shape[1]) / tree.days[pairs[0]]
    return _spans(pairs, part, tree, str(limit["per"]))


def _spans(pairs: Ints, part: Reals, tree: TimeTree, per: str) -> Spans:
    """Name each window, along every path of the tree, by what it is called and by its last node."""
    found = []
    for path in tree.paths:
        on = np.flatnonzero(np.isin(pairs[0], path))
        _, group = np.unique(pairs[1, on], return_inverse=True)
        final = np.zeros(group.max(initial=-1) + 1, np.int64)
        np.maximum.at(final, group, pairs[0, on])
        found.append(np.stack([on, final[group]]))
    at, last = np.unique(np.concatenate(found, axis=1), axis=1)
    keys, window = np.unique(np.stack([last, pairs[1, at]]), axis=1, return_inverse=True)
    met = np.zeros(keys.shape[1], bool)
    np.logical_or.at(met, window.ravel(), tree.reported[pairs[0, at]])
    years = [str(code) + ("" if known else AFTER) for code, known in zip(keys[1].tolist(), met, strict=True)]
    periods = [tree.labels[code % len(tree)] for code in keys[1].tolist()]
    labels = {"period": periods, "year": years}.get(per, [per] * len(years))
    return Spans(pairs[0, at], window.ravel(), part[at], np.array(labels, object), keys[0])


def calendar_years(tree: TimeTree) -> pd.DataFrame:
    """Return the part of each node's days that lies in each calendar year: node, year, part."""
    node, start, end, _ = pieces(tree)
    year = start.astype("datetime64[Y]").astype(np.int64) + 1970
    return pd.DataFrame({"node": node, "year": year, "part": (end - start).astype(float) / tree.days[node]})
