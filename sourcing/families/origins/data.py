"""What the rows of origins may say, each by itself and together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.parts import DataCheck
from sourcing.tables.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    Tables = Mapping[str, pd.DataFrame]

_STAGES = ("feed", "mine", "concentrate", "oxide", "metal", "alloy", "magnet", "product")
_CODE = "DATA-141"
_DUST = 1e-9


def origins(tables: Tables) -> list[Problem]:
    """Refuse origins of more than the whole, and of a stage that the material has not reached."""
    frame = tables["origins"]
    return [] if frame.empty else [*_beyond(frame), *_too_late(frame, tables["offers"], tables["materials"])]


def _beyond(frame: pd.DataFrame) -> list[Problem]:
    fits = frame[(frame["share"] > 0) & (frame["share"] <= 1) & (frame["offer"] != "") & (frame["stage"] != "")]
    total = fits.groupby(["offer", "stage"])["share"].transform("sum")
    over = fits.assign(total=total)[total > 1 + _DUST].sort_values("row")
    problems = []
    for record in over.drop_duplicates(["offer", "stage"], keep="last").to_dict("records"):
        fact = f"the origins of {record['offer']} at stage {record['stage']} add up to {record['total']:g}"
        repair = "lower them: all of it is 1, and what they leave is unknown"
        problems.append(Problem("origins", int(record["row"]), "share", fact, repair, _CODE))
    return problems


def _too_late(frame: pd.DataFrame, offers: pd.DataFrame, materials: pd.DataFrame) -> list[Problem]:
    sold = offers.drop_duplicates("offer").set_index("offer")["material"]
    reached = materials.drop_duplicates("material").set_index("material")["stage"]
    problems = []
    for row, offer, stage in zip(frame["row"], frame["offer"], frame["stage"], strict=True):
        material = sold.get(offer, "")
        own = reached.get(material)
        if own is None or stage not in _STAGES or (own in _STAGES and _STAGES.index(stage) <= _STAGES.index(own)):
            continue
        fact = f"{offer} sells {material}, which is at stage {own}: it has not come to {stage}"
        repair = f"write {own} or an earlier stage, or correct the stage of {material} in materials.csv"
        if not own:
            fact = f"{offer} sells {material}, which has no stage"
            repair = f"fill in the stage of {material} in materials.csv"
        problems.append(Problem("origins", int(row), "stage", fact, repair, _CODE))
    return problems


def stock_origins(tables: Tables) -> list[Problem]:
    """Refuse an opening stock that came from an offer of another material."""
    frame = tables["stocks"]
    if "offer" not in frame:
        return []
    offers = tables["offers"].drop_duplicates("offer").set_index("offer")
    sold = frame["offer"].map(offers["material"])
    wrong = frame.assign(sold=sold)[
        sold.notna() & (sold != "") & (frame["material"] != "") & (sold != frame["material"])
    ]
    repair = "name an offer of the same material, or leave it blank"
    return [
        Problem("stocks", int(row), "offer", f"{offer} sells {sells}, and the stock is of {material}", repair, _CODE)
        for row, offer, sells, material in zip(
            *(wrong[name] for name in ("row", "offer", "sold", "material")), strict=True
        )
    ]


CODES = {
    "DATA-141": "origins that contradict each other",
}
CHECKS = (
    DataCheck(("origins", "offers", "materials"), origins),
    DataCheck(("stocks", "offers"), stock_origins),
)
