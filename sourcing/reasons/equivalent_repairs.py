"""Equivalent repairs: changes that are one way said several times, as an earlier start and a shorter lead time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from sourcing.tables.dictionary import column_dictionary

if TYPE_CHECKING:
    from collections.abc import Hashable, Mapping, Sequence

    from sourcing.network import Network
    from sourcing.reasons.cells import Cell

    Sources = frozenset[str]

_TELLING = {"offer", "origin", "country"}
"""Parts of a key that say whose goods they are; what material or where to says nothing of that."""


class Ways:
    """Which cells of a case are one way out: they let the same source come in sooner, or bring more.

    A source is an offer: its own cells, those of its ramps and qualifications, of lanes that only its goods take and of
    licences that only they need. A cell of several sources counts with one if only that one has other cells.
    A process with its ramps and qualifications is one too. Every other row (a limit, a stock, a contract) is a way of
    its own.
    """

    def __init__(self, network: Network) -> None:
        routes = network.routes
        names = {name: routes[name].to_numpy(object) for name in ("offer", "material", "destination", "mode")}
        whose = {"origin": routes["site"].to_numpy(object), "country": network.route_crossings.origin}
        self._case, self._goods = network.case, pd.DataFrame({**names, **whose})
        self._known: dict[tuple[str, int], Sources] = {}

    def among(self, cells: Sequence[Cell]) -> list[list[Cell]]:
        """Return cells by way out."""
        single = {source for cell in cells if len(own := self.sources(cell)) == 1 for source in own}
        ways: dict[Hashable, list[Cell]] = {}
        for cell in cells:
            sources = self.sources(cell) & single or self.sources(cell)
            ways.setdefault(sources if len(sources) == 1 else cell.place, []).append(cell)
        return list(ways.values())

    def sources(self, cell: Cell) -> Sources:
        """Return whose goods a cell's row is of, or of which process it is; nothing if it is of neither."""
        if cell.place not in self._known:
            self._known[cell.place] = self._found(*cell.place)
        return self._known[cell.place]

    def _found(self, table: str, row: int) -> Sources:
        frame = self._case[table]
        key = _key(frame[frame["row"] == row].iloc[0], table)
        if not _TELLING & set(key):
            return frozenset({f"process {key['process']}"} if "process" in key else ())
        met = pd.Series(data=True, index=self._goods.index)
        for name in set(key) & set(self._goods.columns):
            met &= self._goods[name] == key[name]
        return frozenset(self._goods.loc[met, "offer"])


def _key(record: pd.Series[str], table: str) -> Mapping[str, str]:
    parts = {name: record[name] for name in column_dictionary().key(table)}
    return {name: value for name, value in parts.items() if isinstance(value, str) and value}
