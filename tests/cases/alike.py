"""The same question with more in its tables: costs of nothing, and rows that cannot bind.

What none of these may change is the answer: what goes short, and the cost. Each change takes what is asked and returns
it changed, or None where there is nothing in it to change.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sourcing.tables.dictionary import column_dictionary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from sourcing.testing.asked import Asked

    Frames = dict[str, pd.DataFrame]
    Row = dict[str, Any]


def each(*changes: Callable[[Asked], Asked | None]) -> Callable[[Asked], Asked | None]:
    """Return a change that makes every one of some that there is something to change for."""

    def change(asked: Asked) -> Asked | None:
        changed = asked
        for one in changes:
            changed = one(changed) or changed
        return None if changed is asked else changed

    return change


def filled(
    table: str, column: str, value: float, where: tuple[str, str] | None = None
) -> Callable[[Asked], Asked | None]:
    """Return a change that fills in a column where it is blank, if asked where another column is blank or is not."""

    def change(asked: Asked) -> Asked | None:
        chosen = None
        if where is not None:
            chosen = asked[table][where[0]].notna() == (where[1] == "filled")
        return asked.filling(table, column, value, chosen)

    return change


def limited(**limits: Row) -> Callable[[Asked], Asked | None]:
    """Return a change that adds limits to the question."""

    def change(asked: Asked) -> Asked:
        rows = [{"limit": name.replace("_", "-"), "per": "year"} | row for name, row in limits.items()]
        return replace(asked, question=asked.question.model_copy(update={"limits": [*asked.question.limits, *rows]}))

    return change


def contracts_like_spot(asked: Asked) -> Asked | None:
    """Let everything be bought under a contract too, at the offer's price, signed for nothing."""
    rows = (
        {"contract": f"frame {row.offer}", "offer": row.offer, "price": row.price, "fee": 0, "maximum": 1e6}
        for row in _rows(asked["offers"])
    )
    return asked.adding("contracts", rows)


def approvals(table: str) -> Callable[[Asked], Asked | None]:
    """Return a change by which everything in a table has to be approved, at no cost and in no time."""
    kind = column_dictionary().key(table)[0]
    return lambda asked: asked.adding(
        "qualifications", ({kind: code, "cost": 0, "days": 0} for code in asked[table][kind])
    )


def one_service(asked: Asked) -> Asked | None:
    """Let one service, which costs nothing, carry all lanes that have none."""
    alone = asked["lanes"]["service"] == ""
    if not alone.any():
        return None
    with_service = asked.having(
        "lanes", asked["lanes"].assign(service=asked["lanes"]["service"].mask(alone, "any-liner"))
    )
    return with_service.adding("services", [{"service": "any-liner", "order_cost": 0, "min_lot": 0}])


def one_line(asked: Asked) -> Asked | None:
    """Let the processes of a site share a line, which costs nothing and has no maximum."""
    processes = asked["processes"]
    alone = processes["line"] == ""
    if not alone.any():
        return None
    shared = asked.having(
        "processes", processes.assign(line=processes["line"].mask(alone, "line " + processes["site"]))
    )
    lines = ({"line": f"line {site}", "run_cost": 0, "min_run": 0} for site in processes.loc[alone, "site"].unique())
    return shared.adding("lines", lines)


def tiers_at_the_same_price(asked: Asked) -> Asked | None:
    """Give every offer at a price of 0 or more further tonnes and all tonnes at a price that is the same."""
    taken = set(asked["tiers"]["offer"]) | set(asked["contracts"]["offer"])
    suppliers = set(asked["tiers"]["supplier"])
    offers = [
        row
        for row in _rows(asked["offers"])
        if row.offer not in taken and row.supplier not in suppliers and row.price >= 0
    ]
    rows = [
        {"offer": row.offer, "above": 10, "kind": ("incremental", "all_units")[at % 2], "price": row.price}
        for at, row in enumerate(offers)
    ]
    return asked.adding("tiers", rows)


def licences_without_days(asked: Asked) -> Asked | None:
    """Ask for a licence that takes no day wherever something is sold."""
    return asked.adding(
        "licences", ({"country": country, "lag_days": 0} for country in sorted(set(asked["sites"]["country"])))
    )


def duties_of_nothing(asked: Asked) -> Asked | None:
    """Add a duty of 0 on whatever is imported from anywhere."""
    return asked.adding("tariffs", [{"rate": 0}])


def what_nobody_uses(asked: Asked) -> Asked | None:
    """Add a material, a site, a group, an offer of nothing and a demand of nothing."""
    start, material = asked.question.horizon.first, asked["materials"]["material"].iloc[0]
    country = asked["sites"]["country"].iloc[0]
    changes = (
        ("materials", {"material": "unused"}),
        ("sites", {"site": "unused", "country": country}),
        ("groups", {"group": "unused group", "member": country}),
        (
            "offers",
            {
                "offer": "unused",
                "supplier": "unused",
                "site": "unused",
                "material": material,
                "price": 1,
                "capacity": 0,
            },
        ),
        (
            "demand",
            {"site": "unused", "material": material, "period": str(start.year), "quantity": 0, "shortage_cost": 1},
        ),
        ("stocks", {"site": "unused", "material": "unused", "opening": 0, "safety": 0}),
    )
    return each(*(_adder(table, row) for table, row in changes))(asked)


def _adder(table: str, row: Row) -> Callable[[Asked], Asked | None]:
    return lambda asked: asked.adding(table, [row])


def _rows(frame: pd.DataFrame) -> Iterable[Any]:
    return frame.itertuples(index=False)


MANY = 1e12
"""More than any plan comes to: tonnes, dollars, days, suppliers."""
FREE: dict[str, Callable[[Asked], Asked | None]] = {
    "an opening cost of processes": filled("processes", "opening_cost", 0, ("fixed_cost", "blank")),
    "a fixed cost of processes": filled("processes", "fixed_cost", 0),
    "an opening cost of sites": filled("sites", "opening_cost", 0, ("fixed_cost", "blank")),
    "a fixed cost of sites": filled("sites", "fixed_cost", 0),
    "an order cost of offers": filled("offers", "order_cost", 0),
    "an order cost of lanes": filled("lanes", "order_cost", 0),
    "an order cost of a service": one_service,
    "a run cost of processes": filled("processes", "run_cost", 0),
    "a run cost of a line": one_line,
    "a fee of contracts": contracts_like_spot,
    "an approval of offers": approvals("offers"),
    "an approval of processes": approvals("processes"),
    "a duty and a licence": each(licences_without_days, duties_of_nothing),
    "a preference": filled("offers", "preference", 0),
}
"""What costs nothing and takes no day.

An opening cost says that something is not there yet: where keeping it costs something, that alone is another question.
"""
LOOSE: dict[str, Callable[[Asked], Asked | None]] = {
    "limits on tonnes and money": limited(
        any_tonnes={"measure": "tonnes", "value": MANY},
        any_by_country={"measure": "tonnes", "by": "country", "per": "period", "value": MANY},
        any_spend={"measure": "spend", "value": MANY},
        any_carbon={"measure": "carbon", "value": MANY},
        any_at_least={"measure": "tonnes", "sense": "min", "value": 0},
    ),
    "limits on shares and days": limited(
        any_share={"measure": "share", "by": "supplier", "value": 1},
        any_share_of_site={"measure": "share", "by": "source", "per": "horizon", "value": 1},
        any_share_at_least={"measure": "share", "by": "country", "member": "NZL", "sense": "min", "value": 0},
        any_days={"measure": "lead_days", "value": 36500},
    ),
    "limits on numbers": limited(
        any_suppliers={"measure": "suppliers", "by": "supplier", "value": 1e6},
        any_suppliers_at_least={"measure": "suppliers", "by": "country", "sense": "min", "value": 0, "at_least": 1},
        any_destinations={"measure": "destinations", "by": "supplier", "value": 1e6},
    ),
    "a limit on concentration": limited(any_hhi={"measure": "hhi", "by": "country", "value": 1}),
    "capacities": each(
        filled("offers", "capacity", 1e9),
        filled("lanes", "capacity", 1e9),
        filled("processes", "capacity", 1e9),
        filled("sites", "capacity", 1e9),
        filled("stocks", "maximum", 1e9),
    ),
    "a most of what is disposed of": filled("stocks", "disposal_maximum", 1e9, ("disposal_cost", "filled")),
    "least lots": each(
        filled("offers", "min_lot", 0), filled("lanes", "min_lot", 0), filled("processes", "min_run", 0)
    ),
    "tiers": tiers_at_the_same_price,
    "what nobody uses": what_nobody_uses,
}
"""Rows that cannot bind."""
