"""The most that an award by hand can be: under its offer's capacity, approvals, lanes, sites and each limit."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse

from sourcing.families.awards.arrays import routes_of
from sourcing.network.capacity import site_capacity
from sourcing.network.counting import count
from sourcing.network.counts import COUNTS, counts_any, groups_of, presence
from sourcing.network.qualification import may_be_ordered
from sourcing.protocol import Account
from sourcing.tables.screens.finding import amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from sourcing.calendar import Arrivals
    from sourcing.families.awards.arrays import Awards
    from sourcing.network import Network
    from sourcing.network.counting import Tally

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]


class Holding(NamedTuple):
    """Rows that hold orders down, and whose they are; ``{most}`` in the words is what they leave of an award."""

    words: str
    matrix: sparse.csr_array
    upper: Reals


class Numbered(NamedTuple):
    """One row of a maximum of a number: limit (row of the table), the most, and an award by each member it brings."""

    limit: int
    value: float
    awards: dict[int, int]


@dataclass(frozen=True, eq=False)
class Orders:
    """Every order (route, node) that counts for an award, and what holds it down by itself."""

    net: Network
    awards: Awards

    @cached_property
    def keys(self) -> pd.DataFrame:
        """Route and node of each order, once."""
        pairs = routes_of(self.net, self.awards).merge(self.awards.windows, on="award")
        found: pd.DataFrame = pairs[["route", "node"]].drop_duplicates(ignore_index=True)
        return found

    @cached_property
    def counting(self) -> pd.DataFrame:
        """What an order counts for an award: award, end, order, part."""
        pairs = routes_of(self.net, self.awards).merge(self.awards.windows, on="award")
        orders = self.keys.assign(order=np.arange(len(self.keys)))
        found: pd.DataFrame = pairs.merge(orders, on=["route", "node"])[["award", "end", "order", "part"]]
        return found

    @cached_property
    def holdings(self) -> list[Holding]:
        """What holds orders down, one kind or one limit at a time; orders of others are not counted in."""
        return [*self._offers(), *self._lanes(), *self._sites(), *self._limits()]

    @property
    def _route(self) -> Ints:
        return self.keys["route"].to_numpy(np.int64)

    @property
    def _node(self) -> Ints:
        return self.keys["node"].to_numpy(np.int64)

    @property
    def _offer(self) -> Ints:
        return self.net.routes["code"].to_numpy()[self._route]

    def _offers(self) -> Iterator[Holding]:
        capacity = self.net.offer_capacity
        yield self._rows("its offer can give {most}", (self._offer, self._node, np.ones(len(self.keys))), capacity)
        if len(self.net.gates):
            open_ = np.where(may_be_ordered(self.net), np.inf, 0.0)
            words = "{most} can be ordered once its offer is qualified"
            yield self._rows(words, (self._offer, self._node, np.ones(len(self.keys))), open_)

    def _lanes(self) -> Iterator[Holding]:
        lane, lanes = self.net.routes["lane"].to_numpy()[self._route], self.net.case["lanes"]
        most = lanes["capacity"].to_numpy(float)[:, None] * self.net.tree.years
        sailing = np.flatnonzero(lane >= 0)
        leaves = self.net.route_days.departures(self._route[sailing], self._node[sailing]).used
        row = (lane[sailing[leaves.order]], leaves.node, leaves.share)
        yield self._rows("its lanes can carry {most}", row, np.nan_to_num(most, nan=np.inf), sailing[leaves.order])

    def _sites(self) -> Iterator[Holding]:
        sites = self.net.case["sites"].set_index("site").index
        at = sites.get_indexer(pd.Index(self.net.routes["destination"]))[self._route]
        order, node, share = self._arriving.order, self._arriving.node, self._arriving.share
        words = "{most} can arrive at its sites"
        yield self._rows(words, (at[order], node, share), site_capacity(self.net), order)

    @cached_property
    def _arriving(self) -> Arrivals:
        return self.net.route_days.arrivals(self._route, self._node).used

    @cached_property
    def _entry(self) -> Account:
        order = self._arriving.order
        return Account(self._route[order], self._arriving.node, order, self._arriving.share)

    def _limits(self) -> Iterator[Holding]:
        """Yield what each maximum leaves that does not give way; of shares only one of nothing holds by itself."""
        price = self.net.case["offers"]["price"].to_numpy(float)[self._offer]
        spent = Account(self._route, self._node, np.arange(len(self.keys)), price)
        for measure, account in (("tonnes", self._entry), ("spend", spent), ("share", self._entry)):
            yield from self._limited(measure, account)

    def _limited(self, measure: str, account: Account) -> Iterator[Holding]:
        counted, limits = count(self.net, account, (measure,)), self.net.case["limits"]
        value = limits["value"].to_numpy(float)[counted.limit]
        kept = ((limits["sense"] == "max") & limits["priority"].isna()).to_numpy()
        holds = kept[counted.limit] & ((measure != "share") | (value == 0))
        size = (len(value), len(self.keys))
        tally = counted.member
        matrix = sparse.csr_array((tally.value, (tally.row, tally.column)), shape=size)
        for limit in np.unique(counted.limit[holds]):
            own = np.flatnonzero(holds & (counted.limit == limit))
            row = limits.iloc[int(limit)]
            words = f"limit {row['limit']} ({self.net.case.place('limits', int(row['row']))}) leaves {{most}}"
            yield Holding(words, sparse.csr_array(matrix[own]), value[own])

    def _rows(self, words: str, terms: tuple[Ints, Ints, Reals], most: Reals, order: Ints | None = None) -> Holding:
        """Return the rows (entity, node) that have an end, from terms (entity, node, value) of some orders."""
        entity, node, value = terms
        order = np.arange(len(self.keys)) if order is None else order
        place, size = entity * most.shape[1] + node, (most.size, len(self.keys))
        matrix = sparse.csr_array((value, (place, order)), shape=size)
        some = np.flatnonzero((np.diff(matrix.indptr) > 0) & np.isfinite(most.ravel()))
        return Holding(words, sparse.csr_array(matrix[some]), most.ravel()[some])

    @cached_property
    def asked(self) -> list[tuple[int, int, float]]:
        """Award, last node and tonnes of each quantity above 0."""
        ends = self.awards.ends.query("tonnes > 0")
        return list(ends[["award", "end", "tonnes"]].itertuples(index=False, name=None))

    def of(self, award: int, end: int) -> pd.DataFrame:
        """Return the orders that count for an award on one path."""
        return self.counting[(self.counting["award"] == award) & (self.counting["end"] == end)]

    @property
    def numbers(self) -> Iterator[Numbered]:
        """Each maximum of a number and window, with whom the awards bring into it whenever they are ordered."""
        if not counts_any(self.net):
            return
        ranked = self.net.case["limits"]["priority"].notna().to_numpy()
        counted = presence(self.net, {"entry": self._entry})
        for measure in COUNTS:
            groups = groups_of(self.net, counted, measure)
            for row in np.flatnonzero((groups.sense == "max") & ~ranked[groups.limit]):
                sure = {int(one): self._sure(counted.member, int(one)) for one in np.flatnonzero(groups.of == row)}
                brought = {member: award for member, award in sure.items() if award is not None}
                yield Numbered(int(groups.limit[row]), float(groups.value[row]), brought)

    def _sure(self, tally: Tally, row: int) -> int | None:
        """Return an award of which every order that may be placed counts in a row; None if there is none."""
        there = np.unique(tally.column[(tally.row == row) & (tally.value > 0)])
        given = self.net.offer_capacity[self._offer, self._node] > 0
        for award, end, _ in self.asked:
            order = self.of(award, end)["order"].to_numpy()
            if len(order) and np.isin(order[given[order]], there).all():
                return award
        return None

    def too_little(self, award: int, end: int, asked: float) -> str | None:
        """Return in words what leaves less than is asked of an award; None if nothing does."""
        mine = self.of(award, end)
        order, part = mine["order"].to_numpy(), mine["part"].to_numpy(float)
        enough = asked * (1 - 1e-7)
        if _most(self.holdings, order, part, asked) >= enough:
            return None
        for holding in self.holdings:
            most = _most([holding], order, part, asked)
            if most < enough:
                return holding.words.format(most=amount(most))
        most = _most(self.holdings, order, part, asked)
        return f"its offer, lanes, sites and the limits together leave {amount(most)}"


def _most(holdings: list[Holding], order: Ints, part: Reals, asked: float) -> float:
    """Return the most that some orders can count for an award, as far as it is asked for."""
    from sourcing.engine.highs import Highs, SolverOptions  # the solver takes seconds to load; few plans have awards

    matrix = sparse.vstack([sparse.csr_array(part[None, :]), *(holding.matrix[:, order] for holding in holdings)])
    upper = np.concatenate([[asked], *(holding.upper for holding in holdings)])
    highs = Highs(SolverOptions(interruptible=False))
    nothing = np.zeros(len(order))
    highs.load(
        sparse.csr_array(matrix), (nothing, nothing + np.inf), (np.full(len(upper), -np.inf), upper), nothing > 0
    )
    highs.set_costs(-part)
    outcome = highs.run()
    return max(0.0, -outcome.objective) if outcome.found else 0.0
