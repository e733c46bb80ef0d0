"""What is used in lots: offers, processes, lines, lanes and services with a least lot, a multiple or a cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.network.reach import remaining_demand

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.calendar import TimeTree
    from sourcing.network import Network
    from sourcing.protocol import Block, Model
    from sourcing.tables import Case

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

NONE = np.int64(-1)
JOINT = ">"
"""Between the parts of a lane's key, where one text has to name the lane."""


class _Kind(NamedTuple):
    """Where the terms of one kind of owner stand: table, key, and the columns with its terms ("" = none)."""

    table: str
    key: tuple[str, ...]
    least: str
    multiple: str
    cost: str


KINDS = {
    "offer": _Kind("offers", ("offer",), "min_lot", "lot_multiple", "order_cost"),
    "process": _Kind("processes", ("process",), "min_run", "", "run_cost"),
    "line": _Kind("lines", ("line",), "min_run", "", "run_cost"),
    "lane": _Kind("lanes", ("origin", "destination", "material", "mode"), "min_lot", "", "order_cost"),
    "service": _Kind("services", ("service",), "min_lot", "", "order_cost"),
}


@dataclass(frozen=True, eq=False)
class Lots:
    """Everything that is used in lots.

    That is whoever has terms, and whoever a condition asks of whether it is used. ``terms`` has one row per owner:
    kind, code (a lane's key joined by ">"), least [t], multiple [t], cost [USD per period used], 0 where blank.
    ``of`` gives for each row of a kind's table the owner's row in ``terms``, -1 for none.
    """

    terms: pd.DataFrame
    of: dict[str, Ints]

    def __len__(self) -> int:
        """Return the number of owners."""
        return len(self.terms)


def build_lots(case: Case) -> Lots:
    """Collect the owners of lots of a case, sorted by kind and code within its table."""
    parts, of, count = [], {}, 0
    for kind, where in KINDS.items():
        asked, terms = _asked(case, kind, where)
        of[kind] = np.where(asked, count + np.cumsum(asked) - 1, NONE).astype(np.int64)
        count += len(terms)
        parts.append(terms)
    return Lots(pd.concat(parts, ignore_index=True), of)


def _asked(case: Case, kind: str, where: _Kind) -> tuple[NDArray[np.bool_], pd.DataFrame]:
    """Return which rows of a kind's table have terms, and those terms."""
    table = case[where.table]
    names = {"least": where.least, "multiple": where.multiple, "cost": where.cost}
    blank = np.zeros(len(table))
    terms = {name: table[column].fillna(0.0).to_numpy(float) if column else blank for name, column in names.items()}
    asked: NDArray[np.bool_] = np.any(list(terms.values()), axis=0)
    named = case["conditions"].loc[case["conditions"]["kind"] == kind, "if"]
    if len(named):
        asked = asked | table[where.key[0]].isin(named).to_numpy()
    keys = table.loc[asked, list(where.key)].astype(str).itertuples(index=False, name=None)
    code = np.array([JOINT.join(key) for key in keys], object)
    return asked, pd.DataFrame({"kind": kind, "code": code, **{name: each[asked] for name, each in terms.items()}})


def owners(net: Network, what: str) -> tuple[Ints, ...]:
    """Return for each route ("buy"), ship ("ship") or process ("make") the rows in ``terms`` of what it uses."""
    lots = net.lots
    if what == "make":
        return lots.of["process"], owner_of_lines(net)
    moved = net.routes if what == "buy" else net.ships
    lane = moved["lane"].to_numpy()
    along = [np.append(owner, NONE)[lane] for owner in (lots.of["lane"], owner_of_lanes(net))]
    return (lots.of["offer"][moved["code"].to_numpy()], *along) if what == "buy" else tuple(along)


def post_lots(model: Model, owned: tuple[Ints, ...], block: Block, most: Reals) -> None:
    """Post a set of columns to "lot", and to "lot.most" the most that each can be, under every owner it uses.

    ``owned`` gives owners by entity of the block, ``most`` tonnes by (entity, node).
    """
    for owner in owned:
        mine = np.flatnonzero(owner[block.code] >= 0)
        if len(mine):
            at = (owner[block.code[mine]], block.node[mine])
            model.post("lot", at, block.ids[mine], 1.0)
            model.post("lot.most", at, block.ids[mine], most[block.code[mine], block.node[mine]])


def years_left(tree: TimeTree) -> Reals:
    """Return the years from each node on, along the longest path."""
    years = tree.years[None, :]
    left: Reals = (years + remaining_demand(years, tree))[0]
    return left


def owner_of_lines(net: Network) -> Ints:
    """Return the row in ``terms`` of the line that each process runs on, -1 for none."""
    return np.append(net.lots.of["line"], NONE)[net.line_of]


def owner_of_lanes(net: Network) -> Ints:
    """Return the row in ``terms`` of the service that each lane belongs to, -1 for none."""
    owner: Ints = np.append(net.lots.of["service"], NONE)[net.service_of]
    return owner
