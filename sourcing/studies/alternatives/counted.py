"""What arrives, as sums of columns: by supplier and material, by country and material, and of each material in all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from scipy import sparse

from sourcing.network.origins import offer_groups

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.engine.formulation import Formulation
    from sourcing.network import Network
    from sourcing.protocol import Account

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

LENSES = ("supplier", "country")


@dataclass(frozen=True, eq=False)
class Counted:
    """Tonnes that arrive within the horizon as bought: ``matrix`` x + ``already``, one row per sum of columns.

    ``already`` (t) is on order before the first day. ``table`` has lens, group and material, sorted, ``at``, the row
    of that sum, and ``of``, the row of all that arrives of the material. Sums that are alike share a row.
    """

    matrix: sparse.csr_array
    already: Reals
    table: pd.DataFrame

    def __len__(self) -> int:
        """Return the number of sums."""
        return len(self.already)

    @property
    def suppliers(self) -> pd.DataFrame:
        """The rows of the table by supplier."""
        return self.table[self.table["lens"] == "supplier"]

    def tonnes(self, x: Reals) -> Reals:
        """Return each sum for values of the columns."""
        found: Reals = self.matrix @ x[: self.matrix.shape[1]] + self.already
        return found


def counted(formulation: Formulation) -> Counted:
    """Return what arrives by supplier and by country, as the table of shares counts it: bought, or ordered before.

    A supplier or country with an offer that nothing can arrive from has a sum without columns.
    """
    net = formulation.network
    sold = net.case["offers"][["offer", "material"]].reset_index(drop=True)
    groups = offer_groups(net.case).reindex(sold["offer"]).reset_index(drop=True)
    bought = net.origins[net.origins["kind"] != "make"]
    frames, codes = [], []
    for lens in LENSES:
        own = bought[[lens, "material"]].rename(columns={lens: "group"})
        offered = pd.DataFrame({"group": groups[lens], "material": sold["material"]})
        keys = pd.concat([own, offered]).drop_duplicates().sort_values(["group", "material"], ignore_index=True)
        frames.append(keys.assign(lens=lens))
        codes.append(_places(keys, own) + sum(len(frame) for frame in frames[:-1]))
    table = pd.concat(frames, ignore_index=True)[["lens", "group", "material"]]
    materials = np.unique(table["material"].to_numpy(str))
    codes.append(len(table) + np.searchsorted(materials, bought["material"].to_numpy(str)))
    of = len(table) + np.searchsorted(materials, table["material"].to_numpy(str))
    count = len(table) + len(materials)
    belongs = sparse.csr_array(
        (np.ones(len(bought) * len(codes)), (np.concatenate(codes), np.tile(bought.index.to_numpy(), len(codes)))),
        shape=(count, len(net.origins)),
    )
    matrix, already = _sums(net, formulation.accounts["entry"], belongs, formulation.shape[1])
    same, kept = _alike(matrix, already)
    return Counted(sparse.csr_array(matrix[kept]), already[kept], table.assign(at=same[: len(table)], of=same[of]))


def _places(keys: pd.DataFrame, rows: pd.DataFrame) -> Ints:
    found = pd.MultiIndex.from_frame(keys).get_indexer(pd.MultiIndex.from_frame(rows))
    return found.astype(np.int64)


def _sums(net: Network, entry: Account, belongs: sparse.csr_array, columns: int) -> tuple[sparse.csr_array, Reals]:
    """Return the sums of what was posted (origin, node) over the origins that belong to each row."""
    origins, reported = belongs.shape[1], net.tree.reported[entry.node]
    moved, given = reported & (entry.column >= 0), reported & (entry.column < 0)
    value = entry.value * net.tree.probability[entry.node]
    posted = sparse.csr_array((value[moved], (entry.code[moved], entry.column[moved])), shape=(origins, columns))
    fixed = np.bincount(entry.code[given], weights=value[given], minlength=origins)
    matrix = sparse.csr_array(belongs @ posted)
    matrix.sort_indices()
    return matrix, belongs @ fixed


def _alike(matrix: sparse.csr_array, already: Reals) -> tuple[Ints, Ints]:
    """Return for each row which distinct one it is, and the first row of each distinct one."""
    known: dict[tuple[bytes, bytes, float], int] = {}
    same, kept = np.empty(len(already), np.int64), list[int]()
    for row in range(len(already)):
        span = slice(matrix.indptr[row], matrix.indptr[row + 1])
        key = matrix.indices[span].tobytes(), matrix.data[span].tobytes(), float(already[row])
        same[row] = known.setdefault(key, len(known))
        if same[row] == len(kept):
            kept.append(row)
    return same, np.array(kept, np.int64)
