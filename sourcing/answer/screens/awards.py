"""Awards by hand that cannot be ordered, or that lie outside the horizon, and who is left out of a split."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sourcing.answer.screens.largest_awards import Orders
from sourcing.families.awards.arrays import build_awards
from sourcing.tables import Finding
from sourcing.tables.screens.finding import amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sourcing.network import Network


def awarded(net: Network) -> Iterator[Finding]:
    """Yield an error for each award that its offer, or a limit, does not allow, a warning for each never used."""
    if net.case["awards"].empty:
        return
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


def left_out(net: Network) -> Iterator[Finding]:
    """Yield a warning for each supplier who reaches some sites of a split, and not all: it may get nothing at any."""
    splits, offers = net.case["splits"], net.case["offers"]
    if splits.empty:
        return
    routes = net.routes[["destination", "material"]].assign(
        supplier=offers["supplier"].to_numpy(object)[net.routes["code"].to_numpy()]
    )
    reached = splits.merge(routes, left_on=["site", "material"], right_on=["destination", "material"])
    for (split, supplier), rows in reached.groupby(["split", "supplier"]):
        sites = splits[splits["split"] == split]
        missing = sites[~sites["site"].isin(rows["site"])]
        if len(missing) and (sites["within"] == 0).any():
            fact = (
                f"{supplier} does not reach {', '.join(missing['site'])}, so split {split} leaves it out at every site"
            )
            place = net.case.place("splits", int(missing["row"].iloc[0]), "site")
            repair = "add a lane or an offer, or fill in within for all its sites"
            yield Finding("warning", place, fact, repair, "SCREEN-352")
