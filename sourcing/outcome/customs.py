"""Plan table of customs: what own shipments over a border are to customs, and what is paid on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from sourcing.network.customs import customs_values, names_of_sent

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.outcome.values import Values

    Ints = NDArray[np.signedinteger[Any]]
    Reals = NDArray[np.float64]

SHIP = ["origin", "destination", "material", "mode"]
KEY = [*SHIP, "made_in", "node"]
COLUMNS = [*SHIP, "made_in", "node", "period", "tonnes", "value", "duty"]


def sent_by_lot(values: Values) -> pd.DataFrame:
    """Return what is sent as it is sent: ship, node, lot (row of ``custody.sent``, -1 for all), tonnes, duty [USD].

    Where goods of several lots are at the origin of a ship, one row for each of them.
    """
    net, columns, duty = values.network, values.formulation.columns, values.per_column("cost.duty")
    ship, by_lot = columns["ship"], columns.get("ship_of")
    sent = net.custody.sent
    only = pd.Series(sent.index, index=sent["ship"])
    only = only[~only.index.duplicated(keep=False)].reindex(ship.code, fill_value=-1)
    whole = pd.DataFrame({"ship": ship.code, "node": ship.node, "lot": only.to_numpy(), "column": ship.ids})
    if by_lot is None:
        found = whole
    else:
        several = sent["ship"].to_numpy()[by_lot.code]
        parts = pd.DataFrame({"ship": several, "node": by_lot.node, "lot": by_lot.code, "column": by_lot.ids})
        found = pd.concat([whole[~np.isin(whole["ship"], several)], parts], ignore_index=True)
    column = found.pop("column").to_numpy(np.int64)
    return found.assign(tonnes=values.x[column], duty=duty[column])


def customs(values: Values) -> pd.DataFrame:
    """Return what is paid on own shipments by where their goods were made, undiscounted [USD].

    ``value`` is what a tonne is worth to customs [USD/t]. ``made_in`` is blank where the duty is the same for all.
    """
    net, found = values.network, sent_by_lot(values)
    lot, made = found["lot"].to_numpy(), np.append(names_of_sent(net), "")
    through = net.customs.ship[found["ship"].to_numpy()] >= 0
    found = found.assign(made_in=np.where(through, made[lot], ""))
    found = found[(found["tonnes"] > 0) & (through | (found["duty"] > 0))]
    frame = net.ships[SHIP].iloc[found["ship"]].reset_index(drop=True)
    frame = (
        pd.concat([frame, found.reset_index(drop=True)], axis=1).groupby(KEY, as_index=False)[["tonnes", "duty"]].sum()
    )
    frame = frame.assign(
        value=frame["material"].map(customs_values(net)), period=values.periods(frame["node"].to_numpy())
    )
    table: pd.DataFrame = frame.sort_values(KEY, ignore_index=True)[COLUMNS]
    return table
