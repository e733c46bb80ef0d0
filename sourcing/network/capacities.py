"""What offers, processes and lines can give or do in each node, as a part of the network."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import numpy as np
import pandas as pd

from sourcing.network import capacity, closures
from sourcing.network.derived import derived

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.calendar import TimeTree
    from sourcing.network.windows import Windows
    from sourcing.tables import Case

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]


class Capacities(Protocol):
    """Capacities and ramps of a case over its tree; the network inherits them, and knows the days of runs."""

    case: Case
    tree: TimeTree

    def country_of(self, site: pd.Series[str]) -> NDArray[np.object_]:
        """Return the country of each site."""

    @property
    def runs(self) -> pd.DataFrame:
        """Stretches of days on which processes run."""

    @property
    def run_days(self) -> Windows:
        """Days on which each (process, node) runs."""

    @derived
    def offer_capacity(self) -> Reals:
        """Tonnes per (offer, node) on the days on which it is open; infinity where none is named."""
        offers = self.case.only("offers", *capacity.OPEN)
        if self.offers_closed.empty:
            return capacity.period_capacity(offers, self.offer_ramps, self.tree)
        return capacity.capacity_on(self.offer_days, offers, self.offer_ramps, self.tree)

    @derived
    def offers_closed(self) -> pd.DataFrame:
        """Days on which nothing can be ordered, by offer (see ``network.closures``)."""
        return closures.offers_closed(self)

    @derived
    def processes_closed(self) -> pd.DataFrame:
        """Days on which nothing is worked on, by process."""
        return closures.processes_closed(self)

    @derived
    def offer_days(self) -> pd.DataFrame:
        """Days on which offers are open and have any capacity: entity (row of offers), opens, closes."""
        offers = self.case.only("offers", *capacity.OPEN)
        return closures.without(capacity.open_days(offers, self.offer_ramps, self.tree), self.offers_closed)

    @derived
    def offer_ramps(self) -> pd.DataFrame:
        """Ramp rows of offers, with the row of the offer."""
        return capacity.ramps_of(self.case["ramps"], "offer", self.case.only("offers", "offer")["offer"])

    @derived
    def process_ramps(self) -> pd.DataFrame:
        """Ramp rows of processes, with the row of the process."""
        return capacity.ramps_of(self.case["ramps"], "process", self.case["processes"]["process"])

    @derived
    def process_capacity(self) -> Reals:
        """Tonnes of activity per (process, node) on the days on which it runs; infinity where none is named."""
        return capacity.capacity_on(self.runs, self.case["processes"], self.process_ramps, self.tree)

    @derived
    def line_of(self) -> Ints:
        """Row of the line that each process runs on, -1 for a process by itself."""
        lines = pd.Index(self.case["lines"]["line"])
        row: Ints = lines.get_indexer(pd.Index(self.case["processes"]["line"])).astype(np.int64)
        return row

    @derived
    def service_of(self) -> Ints:
        """Row of the service that each lane belongs to, -1 for a lane by itself."""
        services = pd.Index(self.case["services"]["service"])
        row: Ints = services.get_indexer(pd.Index(self.case["lanes"]["service"])).astype(np.int64)
        return row

    @derived
    def line_ramps(self) -> pd.DataFrame:
        """Ramp rows of lines, with the row of the line."""
        return capacity.ramps_of(self.case["ramps"], "line", self.case["lines"]["line"])

    @derived
    def line_capacity(self) -> Reals:
        """Tonnes of activity per (line, node), all its processes together; infinity where none is named.

        A line has the days on which any of its processes runs; its whole periods if none ever does.
        """
        lines = self.case["lines"]
        runs = self.runs.assign(entity=self.line_of[self.runs["entity"].to_numpy(np.int64)])
        idle = np.flatnonzero(~np.isin(np.arange(len(lines)), runs["entity"]))
        whole = pd.DataFrame({"entity": idle, "opens": 0.0, "closes": self.tree.horizon})
        days = pd.concat([runs.loc[runs["entity"] >= 0, ["entity", "opens", "closes"]], whole])
        return capacity.capacity_on(days, lines, self.line_ramps, self.tree)

    @derived
    def may_run(self) -> NDArray[np.bool_]:
        """Whether each (process, node) has any day, and any capacity: its own, and that of its line."""
        shut = np.zeros((len(self.line_of), len(self.tree)), bool)
        shared = self.line_of >= 0
        shut[shared] = self.line_capacity[self.line_of[shared]] <= 0
        return (self.process_capacity > 0) & ~shut & self.run_days.there
