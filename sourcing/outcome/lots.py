"""Plan table of lots: what of each was there, came, was used, went on, was disposed of and stayed, by period."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from sourcing.network.custody import Custody
    from sourcing.outcome.values import Values

    Ints = NDArray[np.signedinteger[Any]]
    Reals = NDArray[np.float64]

FIGURES = ["start", "came", "used", "sent", "disposed", "end"]
COLUMNS = ["site", "material", "lot", "node", "period", *FIGURES]


def lots(values: Values) -> pd.DataFrame:
    """Return the lots at every point at which goods are kept apart, where there is anything of them, in tonnes.

    ``sent`` is what own shipments and processes take; start + came = used + sent + disposed + end.
    """
    net, custody, columns = values.network, values.network.custody, values.formulation.columns
    nodes = len(net.tree)
    figures = {name: np.zeros((len(custody), nodes)) for name in FIGURES}
    for figure, name in (("end", "hold_of"), ("used", "use_of"), ("disposed", "dispose_of")):
        figures[figure][columns[name].code, columns[name].node] = values.of(columns[name])
    figures["sent"] = _sent(values, custody)
    child = np.arange(1, nodes)
    figures["start"][:, child] = figures["end"][:, net.tree.parent[child]]
    opening = net.case["stocks"]["opening"].fillna(0.0).to_numpy(float)
    entering = custody.entering[len(net.origins) :]
    np.add.at(figures["start"][:, 0], entering[entering >= 0], opening[entering >= 0])
    gone = figures["used"] + figures["sent"] + figures["disposed"]
    figures["came"] = np.maximum(gone + figures["end"] - figures["start"], 0.0)
    point = custody.lots["point"].to_numpy()
    mixed = np.bincount(point, minlength=len(net.points))[point] > 1
    lot, node = np.nonzero(np.logical_or.reduce([figures[name] > 0 for name in FIGURES]) & mixed[:, None])
    frame = custody.lots[["site", "material", "lot"]].iloc[lot].reset_index(drop=True)
    found = frame.assign(
        node=node, period=values.periods(node), **{name: each[lot, node] for name, each in figures.items()}
    )
    return found.sort_values(["site", "material", "lot", "node"], ignore_index=True)[COLUMNS]


def _sent(values: Values, custody: Custody) -> Reals:
    """Return what own shipments and processes take of each lot, (lot, node)."""
    net, columns = values.network, values.formulation.columns
    sent = np.zeros((len(custody), len(net.tree)))
    ship, make = columns["ship_of"], columns["make_of"]
    np.add.at(sent, (custody.sent["lot"].to_numpy()[ship.code], ship.node), values.of(ship))
    whole, alone = columns["ship"], np.full(len(net.ships), -1)
    single = custody.sent[~custody.sent["ship"].duplicated(keep=False)]
    alone[single["ship"].to_numpy()] = single["lot"].to_numpy()
    only = np.flatnonzero(alone[whole.code] >= 0)
    np.add.at(sent, (alone[whole.code[only]], whole.node[only]), values.of(whole)[only])
    done = np.zeros((len(custody.run), len(net.tree)))
    done[make.code, make.node] = values.of(make)
    quantity = -net.inputs["quantity"].to_numpy(float)[custody.taken["side"]]
    np.add.at(sent, custody.taken["lot"].to_numpy(), done[custody.taken["run"].to_numpy()] * quantity[:, None])
    return sent
