"""Plan tables of levels: the balance sheet of every stock point, shortage, and cost by head."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.outcome.values import Values

    Reals = NDArray[np.float64]

_COLUMN_OF = {
    ("buy", 1): "bought",
    ("ship", 1): "shipped_in",
    ("ship", -1): "shipped_out",
    ("make", 1): "made",
    ("make", -1): "used",
    ("hold", 1): "start",
    ("hold", -1): "end",
    ("short", 1): "short",
    ("dispose", -1): "disposed",
}
_FIGURES = (
    *("start", "bought", "shipped_in", "made", "open_orders", "used"),
    *("shipped_out", "demand", "short", "disposed", "end"),
)


def stock(values: Values) -> pd.DataFrame:
    """Return the balance sheet of every stock point in every node, in tonnes, from the ledger's own postings."""
    net = values.network
    points, nodes = len(net.points), len(net.tree)
    figures = {name: np.zeros(points * nodes) for name in _FIGURES}
    account = values.formulation.accounts["balance"]
    moved = account.column >= 0
    block = _block_of(values)[account.column[moved]]
    amount = account.value[moved] * values.x[account.column[moved]]
    cell = account.code[moved] * nodes + account.node[moved]
    names = list(values.formulation.columns)
    for (name, sign), figure in _COLUMN_OF.items():
        if name in names:
            mine = (block == names.index(name)) & (np.sign(amount) == sign)
            np.add.at(figures[figure], cell[mine], np.abs(amount[mine]))
    _add_given(values, figures)
    code, node = (axis.ravel() for axis in np.indices((points, nodes)))
    frame = net.points.entities.iloc[code].reset_index(drop=True)
    frame["node"], frame["period"] = node, values.periods(node)
    return frame.assign(**figures)


def _block_of(values: Values) -> NDArray[np.int64]:
    """Return for every column the number of its block."""
    sizes = [len(block) for block in values.formulation.columns.values()]
    return np.repeat(np.arange(len(sizes)), sizes)


def _add_given(values: Values, figures: dict[str, Reals]) -> None:
    """Add what the tables give: opening stock, open orders, demand."""
    net = values.network
    nodes = len(net.tree)
    stocks = net.case["stocks"]
    point = net.points.find(stocks["site"], stocks["material"])
    np.add.at(figures["start"], point * nodes, stocks["opening"].to_numpy(float))
    order, node = net.order_arrivals
    quantity = net.case["open_orders"]["quantity"].to_numpy(float)
    np.add.at(figures["open_orders"], net.order_point[order] * nodes + node, quantity[order])
    figures["demand"] += net.demand.tonnes.ravel()


def shortage(sheet: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of the balance sheet in which demand is not met."""
    short = sheet[sheet["short"] > 0]
    return short[["site", "material", "node", "period", "demand", "short"]].reset_index(drop=True)


def cost(values: Values) -> pd.DataFrame:
    """Return cost by head and node, as paid and discounted to the start."""
    return _by_head(values, "cost.")


def weighed(values: Values) -> pd.DataFrame:
    """Return what counts when plans are compared and is nobody's money, by head and node, like ``cost``."""
    return _by_head(values, "weight.")


def _by_head(values: Values, prefix: str) -> pd.DataFrame:
    tree = values.network.tree
    frames = []
    for name, account in values.formulation.accounts.items():
        if name.startswith(prefix):
            _, node, amount = values.moved(account)
            paid = np.bincount(node, weights=amount, minlength=len(tree)) * tree.probability
            met = np.unique(node[amount != 0])
            frame = pd.DataFrame({"head": name.removeprefix(prefix), "node": met, "period": values.periods(met)})
            frames.append(frame.assign(amount=paid[met], discounted=paid[met] * tree.discount[met]))
    columns = ["head", "node", "period", "amount", "discounted"]
    return pd.concat(frames, ignore_index=True)[columns] if frames else pd.DataFrame(columns=columns)
