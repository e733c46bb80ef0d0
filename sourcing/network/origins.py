"""Where counted tonnes come from: every way material first enters the chain, with the groups it belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from sourcing.network.look_through import STAGES, UNKNOWN

if TYPE_CHECKING:
    from sourcing.tables import Case

LENSES = ["country", "shipped_from", "owner_country", "owner", "supplier", "source_site", "source"]
_COLUMNS = ["kind", "code", "offer", "material", "site", *LENSES, "recycled", "intake_rank"]


def stage_rank(case: Case, material: pd.Series[str]) -> pd.Series[float]:
    """Return the rank of each material's stage along the chain, -1 where it has none."""
    stage = material.map(case["materials"].set_index("material")["stage"])
    return stage.map({name: rank for rank, name in enumerate(STAGES)}).fillna(-1).astype(float)


def build_origins(case: Case, routes: pd.DataFrame, outputs: pd.DataFrame) -> pd.DataFrame:
    """Return one row per route, process output and open order, in that order.

    Columns: kind (buy, make, order), made (kind is make), code (row of routes, of outputs or of open_orders), offer
    (blank if made, or not known), material, site (where it arrives or comes out), the lenses country, shipped_from,
    owner_country, owner, supplier, source_site and source (the offer or the process), recycled (share; NaN where
    unknown), rank of the material's stage, and intake_rank: the highest rank among a process's inputs, -1 for what is
    bought.

    Parameters
    ----------
    outputs : process, site, material, intake_rank of every process output.
    """
    origins = pd.concat([_bought(case, routes), _made(case, outputs), _ordered(case)], ignore_index=True)[_COLUMNS]
    return origins.assign(rank=stage_rank(case, origins["material"]), made=origins["kind"] == "make")


def owners_of_sites(case: Case, site: pd.Series[str]) -> pd.DataFrame:
    """Return country, owner_country and owner of each site, "unknown" where blank."""
    sites = case["sites"].set_index("site")[["country", "owner_country", "owner"]].replace("", UNKNOWN)
    return sites.reindex(site).reset_index(drop=True)


def offer_groups(case: Case) -> pd.DataFrame:
    """Return the lenses of every offer, its recycled share and the offer itself, by offer."""
    offers = case.only("offers", "offer", "site", "supplier", "recycled", "made_in")
    frame = owners_of_sites(case, offers["site"]).assign(
        offer=offers["offer"],
        source=offers["offer"],
        supplier=offers["supplier"],
        source_site=offers["site"],
        recycled=offers["recycled"],
    )
    frame["shipped_from"] = frame["country"]
    frame["country"] = frame["country"].mask(offers["made_in"] != "", offers["made_in"])
    return frame.set_index("offer", drop=False)


def _bought(case: Case, routes: pd.DataFrame) -> pd.DataFrame:
    groups = offer_groups(case).reindex(routes["offer"]).reset_index(drop=True)
    return groups.assign(
        kind="buy",
        code=np.arange(len(routes)),
        material=routes["material"].to_numpy(object),
        site=routes["destination"].to_numpy(object),
        intake_rank=-1.0,
    )


def _made(case: Case, outputs: pd.DataFrame) -> pd.DataFrame:
    groups = owners_of_sites(case, outputs["site"])
    recycled = case["processes"].set_index("process")["recycled"].reindex(outputs["process"]).to_numpy(float)
    site = outputs["site"].to_numpy(object)
    return groups.assign(
        kind="make",
        code=np.arange(len(outputs)),
        offer="",
        shipped_from=groups["country"],
        material=outputs["material"].to_numpy(object),
        site=site,
        supplier=np.where(groups["owner"] == UNKNOWN, site, groups["owner"]),
        source_site=site,
        source=outputs["process"].to_numpy(object),
        recycled=recycled,
        intake_rank=outputs["intake_rank"].to_numpy(float),
    )


def _ordered(case: Case) -> pd.DataFrame:
    orders = case["open_orders"]
    groups = offer_groups(case).reindex(orders["offer"]).reset_index(drop=True)
    groups[LENSES] = groups[LENSES].fillna(UNKNOWN)
    return groups.assign(
        kind="order",
        offer=orders["offer"].to_numpy(object),
        code=np.arange(len(orders)),
        material=orders["material"].to_numpy(object),
        site=orders["site"].to_numpy(object),
        intake_rank=-1.0,
    )
