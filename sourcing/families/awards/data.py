"""What the rows of awards may say, each by itself and together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from sourcing.parts import DataCheck, Screen
from sourcing.tables.dates import parse_period
from sourcing.tables.problems import Problem, quoted
from sourcing.tables.screens.finding import Finding, amount

if TYPE_CHECKING:
    from sourcing.families.awards.largest import Orders
    from sourcing.network import Network
    from sourcing.question import Question

Tables = Mapping[str, pd.DataFrame]

_CODE = "DATA-170"
_GROUP = ["material", "period", "site"]


def awards(tables: Tables) -> list[Problem]:
    """Refuse awards whose columns contradict each other, or that contradict other awards or their offer."""
    frame = tables["awards"]
    if frame.empty:
        return []
    offers = tables["offers"].drop_duplicates("offer").set_index("offer")
    known = frame.assign(
        material=frame["offer"].map(offers["material"]), delivered=frame["offer"].map(offers["destination"]).fillna("")
    )
    found = [(int(row["row"]), *said) for row in known.to_dict("records") for said in _row(row)]
    found += [*_whole(known), *_within(known)]
    return [Problem("awards", row, column, fact, repair, _CODE) for row, column, fact, repair in found]


def _row(row: Mapping[Any, Any]) -> Iterator[tuple[str, str, str]]:
    """Yield column, fact and repair."""
    if pd.isna(row["share"]) == pd.isna(row["quantity"]):
        fact = "an award of nothing" if pd.isna(row["share"]) else "share and quantity are both filled in"
        yield "quantity", fact, "fill in share or quantity, one of them"
    if row["site"] and row["delivered"] and row["site"] != row["delivered"]:
        fact = f"offer {row['offer']} is delivered to {quoted(row['delivered'])}, not to {quoted(row['site'])}"
        yield "site", fact, f"write {row['delivered']}, or leave it blank"


def _whole(frame: pd.DataFrame) -> Iterator[tuple[int, str, str, str]]:
    """Yield row, column, fact and repair for shares of one thing that are more than all of it."""
    shares = frame[frame["share"] <= 1]
    total = shares.groupby(_GROUP)["share"].transform("sum")
    over = shares.assign(total=total)[total > 1 + 1e-9].sort_values("row").drop_duplicates(_GROUP, keep="last")
    for row, material, period, sum_ in zip(
        *(over[name] for name in ("row", "material", "period", "total")), strict=True
    ):
        fact = f"the shares of {material} awarded for {period} add up to {sum_:g}"
        yield int(row), "share", fact, "lower them: all of it is 1"


def _within(frame: pd.DataFrame) -> Iterator[tuple[int, str, str, str]]:
    """Yield the same for quantities of one offer: a part that is more than the whole it lies in."""
    fixed = frame[frame["quantity"].notna()]
    for _, rows in fixed.groupby("offer"):
        for _, part in rows.iterrows() if len(rows) > 1 else ():
            for _, whole in rows.iterrows():
                if part["quantity"] > whole["quantity"] and _inside(part, whole):
                    fact = f"{part['quantity']:g} t, and {whole['quantity']:g} t in all of it (row {whole['row']})"
                    yield int(part["row"]), "quantity", fact, "lower it, or raise the other"


def _inside(part: pd.Series, whole: pd.Series) -> bool:
    """Say whether one award is of a part of what another is of."""
    inner, outer = (parse_period(str(each["period"])) for each in (part, whole))
    if inner is None or outer is None or whole["site"] not in ("", part["site"]):
        return False
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def awarded(net: Network, _: Question) -> Iterator[Finding]:
    """Yield an error for each award that its offer, or a limit, does not allow, a warning for each never used."""
    if net.case["awards"].empty:
        return
    from sourcing.families.awards.arrays import build_awards  # what is read only is not laid over any network
    from sourcing.families.awards.largest import Orders

    orders = Orders(net, build_awards(net.case, net.tree))
    yield from _unused(orders)
    yield from _above(orders)
    yield from _below(orders)
    yield from _too_many(orders)


def _unused(orders: Orders) -> Iterator[Finding]:
    rows, used = orders.awards.rows, set(orders.awards.windows["award"])
    for award in sorted(set(range(len(rows))) - used):
        fact = f"{rows['period'].iloc[award]} lies outside the horizon, and the award is not used"
        yield Finding(
            "warning", _place(orders, award, "period"), fact, "change the horizon if it should count", "SCREEN-351"
        )


def _above(orders: Orders) -> Iterator[Finding]:
    """Yield an error for each quantity above what can be ordered for it, whatever else is planned."""
    reached, refused = set(orders.counting["award"]), set[int]()
    for award, end, asked in orders.asked:
        if award in refused:
            continue
        row = orders.awards.rows.iloc[award]
        too_little = orders.too_little(award, end, asked) if award in reached else None
        if award not in reached:
            too_little = f"no route of its offer leads to {row['site'] or 'where it is of use'}"
        if too_little is not None:
            refused.add(award)
            fact = f"{amount(asked)} of offer {row['offer']} are awarded for {row['period']}, and {too_little}"
            repair = "lower the quantity, change its period or site, or correct what holds it down"
            yield Finding("error", _place(orders, award, "quantity"), fact, repair, "SCREEN-350")


def _below(orders: Orders) -> Iterator[Finding]:
    """Yield an error for each quantity below the least lot in which its offer is sold."""
    offers, routes = orders.net.case["offers"].set_index("offer"), orders.net.routes
    least = offers[["min_lot", "lot_multiple"]].fillna(0.0).max(axis=1)
    for award, end, asked in orders.asked:
        row, mine = orders.awards.rows.iloc[award], orders.of(award, end)
        ends = set(routes.loc[routes["offer"] == row["offer"], "destination"])
        lot = float(least[row["offer"]])
        if mine.empty or (row["site"] and ends != {row["site"]}) or asked >= lot * mine["part"].min() * (1 - 1e-9):
            continue
        given = f"{amount(asked)} of offer {row['offer']} are awarded for {row['period']}"
        fact = f"{given}, and it is sold in lots from {amount(lot)}"
        repair = "raise the quantity, write 0 to shut it out, or correct the lot"
        yield Finding("error", _place(orders, award, "quantity"), fact, repair, "SCREEN-353")


def _too_many(orders: Orders) -> Iterator[Finding]:
    """Yield an error for each limit on a number that the awards alone go beyond."""
    for counted in orders.numbers:
        limit = orders.net.case["limits"].iloc[counted.limit]
        if len(counted.awards) > counted.value:
            names = sorted(orders.awards.rows["offer"].iloc[list(counted.awards.values())])
            where = orders.net.case.place("limits", int(limit["row"]))
            most = f"limit {limit['limit']} on {limit['measure']} ({where}) allows {counted.value:g}"
            fact = f"offers {', '.join(names)} are awarded, and {most}"
            repair = "take an award back, or raise the limit"
            yield Finding("error", _place(orders, max(counted.awards.values()), "offer"), fact, repair, "SCREEN-354")


def _place(orders: Orders, award: int, column: str) -> str:
    return orders.net.case.place("awards", int(orders.awards.rows["row"].iloc[award]), column)


CODES = {
    "DATA-170": "awards that contradict each other",
    "SCREEN-350": "award above what can be ordered for it",
    "SCREEN-351": "award outside the horizon",
    "SCREEN-353": "award below the lots of its offer",
    "SCREEN-354": "awards to more than a limit allows",
}
CHECKS = (DataCheck(("awards", "offers"), awards),)
SCREENS = (Screen(awarded, 40, ("SCREEN-350", "SCREEN-353", "SCREEN-354")),)
