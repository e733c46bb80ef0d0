"""What a limit counts: which origins, for which member, in which windows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from scipy import sparse

from sourcing.network.capacity import pieces
from sourcing.network.look_through import SEEN, STAGES, seen_through

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.calendar import TimeTree
    from sourcing.tables import Case

    Ints = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Reals = NDArray[np.float64]
    Parts = sparse.csc_array

ALL = ""
COUNTS = ("suppliers", "destinations")
"""Measures that count members instead of tonnes."""
_LENS = {"site": "source_site"}
_COUNTED = ["measure", "by", "member", "site", "stage", "material", "element", "counted_in"]
"""Columns that say what a limit counts and for whom."""
_TIME = ["per", "from", "until"]


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


def scopes(case: Case, origins: pd.DataFrame, tree: TimeTree, measures: tuple[str, ...]) -> list[Scope]:
    """Resolve the limits with one of ``measures`` against the origins of a case.

    Limits that count the same share what they count, and those of one time its windows: many are written for each year.
    """
    limits = case["limits"]
    rows = np.flatnonzero(limits["measure"].isin(list(measures)).to_numpy()).tolist()
    counted, time = (list(limits[names].itertuples(index=False, name=None)) for names in (_COUNTED, _TIME))
    known: dict[Any, tuple[Reals, list[str], Parts]] = {}
    spans: dict[Any, Spans] = {}
    for row in rows:
        if counted[row] not in known:
            limit = limits.iloc[row]
            weight = _weight(case, origins, limit)
            known[counted[row]] = weight, *members_of(case, origins, limit, weight)
        if time[row] not in spans:
            spans[time[row]] = windows(limits.iloc[row], tree)
    site = limits["site"].tolist()
    return [Scope(row, str(site[row]), *known[counted[row]], spans[time[row]]) for row in rows]


def waiting_scopes(case: Case, origins: pd.DataFrame, tree: TimeTree) -> list[Scope]:
    """Resolve the limits on the average lead time: one scope per limit and member, each an average of its own."""
    whole = np.ones((len(origins), 1))
    return [
        Scope(scope.row, scope.site, scope.weight * part, [member], sparse.csc_array(whole), scope.window)
        for scope in scopes(case, origins, tree, ("lead_days",))
        for member, part in zip(scope.members, scope.share.toarray().T, strict=True)
    ]


def resolved(case: Case, origins: pd.DataFrame, tree: TimeTree, row: int) -> list[Scope]:
    """Resolve a limit on the number of members: each of them (of those in the group it names) by itself."""
    limit = case["limits"].iloc[row]
    weight = _weight(case, origins, limit)
    members, share = members_of(case, origins, limit.where(limit.index != "member", ""), weight)
    wanted = _wanted(case, str(limit["member"]))
    own = [place for place, name in enumerate(members) if not limit["member"] or name in wanted]
    return [Scope(row, str(limit["site"]), weight, [members[i] for i in own], share[:, own], windows(limit, tree))]


def delivering(case: Case, origins: pd.DataFrame, tree: TimeTree, row: int) -> list[Scope]:
    """Resolve a limit on the number of sites that a member delivers to: one scope for each site."""
    limit = case["limits"].iloc[row]
    everywhere, site = _weight(case, origins, limit), origins["site"].to_numpy(object)
    found = []
    for here in sorted(set(site[everywhere > 0])):
        weight = np.where(site == here, everywhere, 0.0)
        members, share = members_of(case, origins, limit, weight)
        found.append(Scope(row, str(here), weight, members, share, windows(limit, tree)))
    return found


def counts_of(limits: pd.DataFrame) -> pd.Series[bool]:
    """Return which limits are on a number of members."""
    return limits["measure"].isin(COUNTS)


def _weight(case: Case, origins: pd.DataFrame, limit: pd.Series[str]) -> Reals:
    """Return tonnes (of a limit on value: USD) counted per tonne of each origin: 0 where a filter leaves it out."""
    counts = pd.Series(1.0, index=origins.index)
    if limit["element"]:
        contents = case["contents"]
        share = contents[contents["element"] == limit["element"]].set_index("material")["share"]
        held = origins["material"].map(share).fillna(0.0)
        by_content = limit["counted_in"] == "element" and limit["measure"] != "spend"
        counts = held if by_content else held.gt(0).astype(float)
    if limit["counted_in"] == "value":
        counts = counts * origins["material"].map(case["materials"].set_index("material")["value"]).fillna(1.0)
    counts = counts.where(_passes(case, origins, limit), 0.0)
    return np.asarray(counts, np.float64)


def _passes(case: Case, origins: pd.DataFrame, limit: pd.Series[str]) -> pd.Series[bool]:
    only_bought = limit["measure"] in ("spend", "lead_days")
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


def members_of(case: Case, origins: pd.DataFrame, limit: pd.Series[str], weight: Reals) -> tuple[list[str], Parts]:
    """Return the members that a limit speaks of and the part of each origin that is theirs."""
    member = limit["member"]
    if limit["by"] == "":
        return [ALL], sparse.csc_array(np.ones((len(origins), 1)))
    names, parts = _parts(case, origins, limit)
    if member == "":
        met = np.flatnonzero(weight @ parts)
        return [names[place] for place in met], parts[:, met]
    wanted = _wanted(case, str(member))
    own = [place for place, name in enumerate(names) if name in wanted]
    return [str(member)], sparse.csc_array(parts[:, own].sum(axis=1)[:, None])


def _wanted(case: Case, member: str) -> set[str]:
    """Return the members of a group, or the one member itself."""
    groups = case["groups"]
    return set(groups.loc[groups["group"] == member, "member"]) or {member}


def _parts(case: Case, origins: pd.DataFrame, limit: pd.Series[str]) -> tuple[list[str], Parts]:
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
    """Return the windows of a limit: the days from ``from`` to ``until`` by period, calendar year or all together."""
    node, start, end, _ = pieces(tree)
    year = start.astype("datetime64[Y]").astype(np.int64) + 1970
    first, last = (pd.Timestamp(limit[name]) for name in ("from", "until"))
    opens = start if pd.isna(first) else np.maximum(start, first.to_datetime64().astype("datetime64[D]"))
    closes = end if pd.isna(last) else np.minimum(end, last.to_datetime64().astype("datetime64[D]"))
    days = (closes - opens).astype(float)
    code = {"period": node, "year": year, "horizon": np.zeros_like(node)}[str(limit["per"])]
    inside = days > 0
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
    labels = [{"period": tree.labels[code % len(tree)], "year": str(code)}.get(per, per) for code in keys[1].tolist()]
    return Spans(pairs[0, at], window.ravel(), part[at], np.array(labels, object), keys[0])


def calendar_years(tree: TimeTree) -> pd.DataFrame:
    """Return the part of each node's days that lies in each calendar year: node, year, part."""
    node, start, end, _ = pieces(tree)
    year = start.astype("datetime64[Y]").astype(np.int64) + 1970
    return pd.DataFrame({"node": node, "year": year, "part": (end - start).astype(float) / tree.days[node]})
