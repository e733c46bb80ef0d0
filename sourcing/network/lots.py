"""What is used in lots: offers, deliveries, processes, lines, lanes and services with a least lot, multiple or cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from sourcing.network.reach import remaining_demand
from sourcing.network.routes import ROUTE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.calendar import TimeTree
    from sourcing.network import Network
    from sourcing.protocol import Block, Model
    from sourcing.tables import Case

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]

NONE = np.int64(-1)
_DUST = 1e-9
"""Of a lot: what rounding may add to a whole number of lots."""
JOINT = ">"
"""Between the parts of the key of a lane or a delivery, where one text has to name it."""


DELIVERY = "delivery"
"""An offer's route, where its lots are of each delivery and it goes several ways: its terms are the offer's."""


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
    DELIVERY: _Kind("offers", ("offer", "to", "by"), "min_lot", "lot_multiple", ""),
}


@dataclass(frozen=True, eq=False)
class Lots:
    """Everything that is used in lots.

    That is whoever has terms, and whoever a condition asks of whether it is used. ``terms`` has one row per owner:
    kind, code (the key of a lane or a delivery joined by ">"), least [t], multiple [t], cost [USD per period used], 0
    where blank. ``of`` gives for each row of a kind's table the owner's row in ``terms``, -1 for none; of deliveries
    for each route.
    """

    terms: pd.DataFrame
    of: dict[str, Ints]

    def __len__(self) -> int:
        """Return the number of owners."""
        return len(self.terms)

    @property
    def switched(self) -> NDArray[np.bool_]:
        """Which owners are used or not: deliveries only if their least lot is more than a multiple."""
        found: NDArray[np.bool_] = ((self.terms["kind"] != DELIVERY) | (self.terms["least"] > 0)).to_numpy(bool)
        return found


def build_lots(case: Case, routes: pd.DataFrame) -> Lots:
    """Collect the owners of lots of a case with its routes, sorted by kind and code within its table."""
    terms = {kind: _terms(case, where) for kind, where in KINDS.items() if kind != DELIVERY}
    terms["offer"], terms[DELIVERY] = _by_delivery(case["offers"], terms["offer"], routes)
    conditions = case["conditions"]
    parts, of, count = [], {}, 0
    for kind, each in terms.items():
        asked = each[["least", "multiple", "cost"]].any(axis=1).to_numpy()
        asked = asked | each["code"].isin(conditions.loc[conditions["kind"] == kind, "if"]).to_numpy()
        of[kind] = np.where(asked, count + np.cumsum(asked) - 1, NONE).astype(np.int64)
        count += int(asked.sum())
        parts.append(each[asked].assign(kind=kind)[["kind", "code", "least", "multiple", "cost"]])
    return Lots(pd.concat(parts, ignore_index=True), of)


def _terms(case: Case, where: _Kind) -> pd.DataFrame:
    """Return the terms of every row of a table: code, least, multiple, cost."""
    table = case[where.table]
    names = {"least": where.least, "multiple": where.multiple, "cost": where.cost}
    blank = np.zeros(len(table))
    terms = {name: table[column].fillna(0.0).to_numpy(float) if column else blank for name, column in names.items()}
    return pd.DataFrame({"code": _joined(table[list(where.key)]), **terms})


def _by_delivery(offers: pd.DataFrame, terms: pd.DataFrame, routes: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the terms of offers and of routes: lots of a delivery go to the routes of whoever has several.

    The least lot of a delivery is in whole multiples, and none where one multiple is as much.
    """
    code = routes["code"].to_numpy(np.int64)
    several = np.bincount(code, minlength=len(offers)) > 1
    apart = several & (offers["lot_of"] == DELIVERY).to_numpy()
    own = terms.assign(**{name: np.where(apart, 0.0, terms[name]) for name in ("least", "multiple")})
    least, multiple = (np.where(apart, terms[name], 0.0)[code] for name in ("least", "multiple"))
    least = np.where(least > multiple, sizes(least, multiple), 0.0)
    moved = {"code": _joined(routes[ROUTE]), "least": least, "multiple": multiple, "cost": np.zeros(len(code))}
    return own, pd.DataFrame(moved)


def _joined(keys: pd.DataFrame) -> NDArray[np.object_]:
    """Return the labels of each row as one text."""
    return np.array([JOINT.join(key) for key in keys.astype(str).itertuples(index=False, name=None)], object)


def table_rows(net: Network, kind: str) -> Ints:
    """Return for each row that ``of`` has of a kind the row of its table: of deliveries that of their offer."""
    if kind == DELIVERY:
        return net.routes["code"].to_numpy(np.int64)
    return np.arange(len(net.case[KINDS[kind].table]))


def owners(net: Network, what: str) -> tuple[Ints, ...]:
    """Return for each route ("buy"), ship ("ship") or process ("make") the rows in ``terms`` of what it uses."""
    lots = net.lots
    if what == "make":
        return lots.of["process"], owner_of_lines(net)
    moved = net.routes if what == "buy" else net.ships
    lane = moved["lane"].to_numpy()
    along = [np.append(owner, NONE)[lane] for owner in (lots.of["lane"], owner_of_lanes(net))]
    return (lots.of["offer"][moved["code"].to_numpy()], lots.of[DELIVERY], *along) if what == "buy" else tuple(along)


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


def sizes(least: Reals, multiple: Reals) -> Reals:
    """Return the t of one lot: the least lot, in whole multiples."""
    whole = np.where(multiple > 0, multiple, 1.0)
    lots = np.maximum(np.ceil(least / whole - _DUST), 1.0)
    found: Reals = np.where(multiple > 0, whole * lots, least)
    return found


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
