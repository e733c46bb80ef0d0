"""Tiers of offers and suppliers: where each begins, what it adds to the offers' prices, and which offers it counts."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from sourcing.calendar import TimeTree
    from sourcing.tables import Case

    Ints = NDArray[np.int64]
    Reals = NDArray[np.float64]
    Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Tiers:
    """Everything that is priced by tiers.

    ``owners``: kind (offer, supplier), code, sliced (incremental and dearer with every tier), value (counted in USD),
    row (of the table). ``steps``: one row per owner and tier, the offers' own price first: kind, code, above (in
    words), owner, begins and ends [t or USD per year], rate (on top of the offers' prices, USD/t or a share), lower
    (what the tiers below charge apart from it, USD per year). ``members``: one row per owner and offer: kind, code,
    offer, owner, row (of offers), counts (t or USD per t), worth (USD per t for a rate of 1). ``pairs``: one row per
    member and step of its owner, with the labels of both, member, step, counts and per_tonne (the rate, in USD per t).
    """

    owners: pd.DataFrame
    steps: pd.DataFrame
    members: pd.DataFrame

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """Every offer of an owner with every tier of it."""
        members = self.members.assign(member=np.arange(len(self.members)))
        steps = self.steps[["owner", "above", "rate"]].assign(step=np.arange(len(self.steps)))
        pairs = members.merge(steps, on="owner")
        return pairs.assign(per_tonne=pairs["rate"] * pairs["worth"])


def build_tiers(case: Case) -> Tiers:
    """Collect the tiers of a case, sorted by kind, code and where they begin."""
    table, offers = case["tiers"], case["offers"]
    is_offer = (table["offer"] != "").to_numpy()
    rows = table.assign(
        owner_kind=np.where(is_offer, "offer", "supplier"),
        code=table["offer"].where(is_offer, table["supplier"]),
    ).sort_values(["owner_kind", "code", "above"], ignore_index=True)
    rows["rate"] = (rows["price"] - rows["offer"].map(offers.set_index("offer")["price"])).fillna(-rows["discount"])
    groups = rows.groupby(["owner_kind", "code"], sort=False)
    rows["owner"] = groups.ngroup()
    steps = _steps(rows)
    dearer = (steps.groupby("owner")["rate"].diff().fillna(0.0) >= 0).groupby(steps["owner"]).all()
    first = groups.first()
    owners = pd.DataFrame(first.index.to_list(), columns=["kind", "code"]).assign(
        sliced=dearer.to_numpy() & (first["kind"] == "incremental").to_numpy(),
        value=(first["counted_in"] == "value").to_numpy(),
        row=groups["row"].min().to_numpy(),
    )
    return Tiers(owners, steps, _members(owners, offers))


def _steps(rows: pd.DataFrame) -> pd.DataFrame:
    """Return every tier with the one below the first; ``lower`` adds up what each tier below is dearer by."""
    base = rows.drop_duplicates("owner").assign(above=0.0, rate=0.0)
    steps = pd.concat([base, rows]).sort_values(["owner", "above"], kind="stable", ignore_index=True)
    owner = steps["owner"]
    drop = -steps.groupby("owner")["rate"].diff().fillna(0.0) * steps["above"]
    lower = drop.groupby(owner).cumsum().where(steps["kind"] == "incremental", 0.0)
    unit = np.where(steps["counted_in"] == "value", " USD", " t")
    return pd.DataFrame(
        {
            "kind": steps["owner_kind"],
            "code": steps["code"],
            "above": [amount(begins) + of for begins, of in zip(steps["above"], unit, strict=True)],
            "owner": owner,
            "begins": steps["above"],
            "ends": steps.groupby("owner")["above"].shift(-1).fillna(np.inf),
            "rate": steps["rate"],
            "lower": lower,
        }
    )


def amount(number: float) -> str:
    """Return a number as sentences write it: 1,000 or 0.25."""
    return f"{number:,.6f}".rstrip("0").rstrip(".")


def _members(owners: pd.DataFrame, offers: pd.DataFrame) -> pd.DataFrame:
    """Pair owners with their offers."""
    known = offers.assign(place=np.arange(len(offers)))[["offer", "supplier", "price", "place"]]
    keyed = owners.assign(owner=np.arange(len(owners)))
    parts = [
        keyed[keyed["kind"] == kind].merge(known.assign(code=known[kind]), on="code") for kind in ("offer", "supplier")
    ]
    pairs = pd.concat(parts).sort_values(["owner", "offer"], ignore_index=True)
    price = pairs["price"].to_numpy(float)
    worth = np.where(pairs["kind"] == "offer", 1.0, price)
    return pairs[["kind", "code", "offer", "owner"]].assign(
        row=pairs["place"], counts=np.where(pairs["value"], price, 1.0), worth=worth
    )


def calendar_years(tree: TimeTree) -> tuple[Ints, Ints, Reals]:
    """Return node and last node of its calendar year, in pairs along every path, and by node the years that end there.

    A period belongs to the year in which it starts.
    """
    starts = tree.start.astype("datetime64[Y]").astype(np.int64)
    found = []
    for path in tree.paths:
        _, group = np.unique(starts[path], return_inverse=True)
        final = np.zeros(group.max(initial=-1) + 1, np.int64)
        np.maximum.at(final, group, path)
        found.append(np.stack([path, final[group]]))
    node, end = np.unique(np.concatenate(found, axis=1), axis=1)
    part = np.zeros(len(tree))
    np.add.at(part, end, tree.years[node])
    return node, end, part
