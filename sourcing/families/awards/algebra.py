"""Rows of awards."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.families.awards.arrays import AWARD, build_awards
from sourcing.protocol import Bounds, Index

if TYPE_CHECKING:
    from sourcing.families.awards.arrays import Awards
    from sourcing.network import Network
    from sourcing.protocol import Block, Model


def close(model: Model, net: Network) -> None:
    """Hold what is ordered to what is awarded by hand, from below and from above."""
    if net.case["awards"].empty:
        return
    awards = build_awards(net.case, net.tree)
    ends = awards.ends
    index = Index(awards.rows[AWARD], ends["award"].to_numpy(), ends["end"].to_numpy(), len(net.tree))
    asked = ends["tonnes"].fillna(0.0).to_numpy(float)
    terms = _terms(model, net, awards)
    _count(model, model.rows("award_least", index, Bounds(lower=asked), relief="t below the award"), terms)
    _count(model, model.rows("award_most", index, Bounds(upper=asked), relief="t above the award"), terms)


def _terms(model: Model, net: Network, awards: Awards) -> pd.DataFrame:
    """Return what every order counts for an award: award, end, column and value; of a share less the part of all."""
    ordered = model.account("ordered")
    route = net.routes.iloc[ordered.code]
    moved = pd.DataFrame({name: route[name].to_numpy() for name in ("offer", "material", "destination")})
    moved = moved.assign(node=ordered.node, column=ordered.column)
    rows = awards.rows.assign(award=np.arange(len(awards.rows)))
    own = rows[["award", "site", "offer"]].merge(moved, on="offer").assign(weight=1.0)
    shared = rows[rows["share"].notna()][["award", "site", "material", "share"]].merge(moved, on="material")
    both = pd.concat([own, shared.assign(weight=-shared["share"])])
    both = both[(both["site"] == "") | (both["site"] == both["destination"])]
    counted = awards.windows.merge(both, on=["award", "node"])
    return counted.assign(value=counted["part"] * counted["weight"])


def _count(model: Model, rows: Block, terms: pd.DataFrame) -> None:
    at = rows.at(terms["award"].to_numpy(), terms["end"].to_numpy())
    model.add(at, terms["column"].to_numpy(), terms["value"].to_numpy(float))
