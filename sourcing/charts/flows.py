"""What moves from one country to another in a plan, and how much of it arrives, stays at home, or is shipped on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from sourcing.plan import Plan
    from sourcing.report.sources import Sources


@dataclass(frozen=True, eq=False)
class Flows:
    """Tonnes over the horizon between countries.

    ``between`` has a row for each pair of different countries (origin, destination, tonnes), the largest first;
    ``within`` is what stays in a country, ``bought`` what is bought there (open orders included), ``takes`` what is
    delivered there, own goods included, and ``places`` the names of the sites it is delivered to.
    """

    name: str
    between: pd.DataFrame
    within: dict[str, float]
    bought: dict[str, float]
    takes: dict[str, float]
    places: dict[str, list[str]]

    @property
    def countries(self) -> list[str]:
        """Return every country that anything comes from or goes to, those that move most first."""
        moved: dict[str, float] = {}
        for amounts in (self.bought, self.takes):
            for code, amount in amounts.items():
                moved[code] = moved.get(code, 0.0) + amount
        for code, amount in zip(self.between["origin"], self.between["tonnes"], strict=True):
            moved[code] = moved.get(code, 0.0) + amount
        return sorted(moved, key=lambda code: (-moved[code], code))


def flows(plan: Plan, block: Sources) -> Flows:
    """Return what is bought and what is shipped on of one element (by what goods contain) or material."""
    sites = plan.case["sites"].set_index("site")
    country = sites["country"]
    bought = _counted(plan, block, pd.concat([plan.tables["purchases"], _ordered_before(plan)]), "site")
    shipped = _counted(plan, block, plan.tables["shipments"], "origin")
    moved = pd.concat([bought.assign(own=False), shipped.assign(own=True)], ignore_index=True)
    moved = moved.assign(start=moved["from"].map(country), end=moved["to"].map(country))
    pairs = moved.groupby(["start", "end"], as_index=False)["tonnes"].sum()
    apart = pairs[pairs["start"] != pairs["end"]].rename(columns={"start": "origin", "end": "destination"})
    home = pairs[pairs["start"] == pairs["end"]]
    ends = pd.DataFrame(moved.groupby(["end", "to"], as_index=False)["tonnes"].sum())
    ends = ends.sort_values(["tonnes", "to"], ascending=[False, True])
    return Flows(
        name=block.name,
        between=apart.sort_values(
            ["tonnes", "origin", "destination"], ascending=[False, True, True], ignore_index=True
        ),
        within=dict(zip(home["start"], home["tonnes"], strict=True)),
        bought={str(code): float(t) for code, t in moved[~moved["own"]].groupby("start")["tonnes"].sum().items()},
        takes={str(code): float(t) for code, t in moved.groupby("end")["tonnes"].sum().items()},
        places={str(code): [plan.case.label("sites", to) for to in rows["to"]] for code, rows in ends.groupby("end")},
    )


def _ordered_before(plan: Plan) -> pd.DataFrame:
    """Return open orders that arrive within the horizon and name their offer, like purchases."""
    orders, horizon = plan.case["open_orders"], plan.question.horizon
    days = [pd.Timestamp(day) for day in (horizon.first, horizon.end)]
    site = plan.case["offers"].set_index("offer")["site"]
    met = orders["offer"].isin(site.index) & (orders["arrives"] >= days[0]) & (orders["arrives"] < days[1])
    found = orders[met]
    return pd.DataFrame(
        {
            "site": found["offer"].map(site),
            "destination": found["site"],
            "material": found["material"],
            "tonnes": found["quantity"].astype(float),
            "late_tonnes": 0.0,
        }
    )


def _counted(plan: Plan, block: Sources, orders: pd.DataFrame, start: str) -> pd.DataFrame:
    """Return from (a site), to, tonnes of what is counted, without what arrives after the horizon."""
    orders = orders.assign(tonnes=orders["tonnes"] - orders["late_tonnes"])
    if block.shown.counted == "element":
        contents = plan.case["contents"]
        held = contents[contents["element"] == block.shown.what].set_index("material")["share"]
        orders = orders.assign(tonnes=orders["tonnes"] * orders["material"].map(held).fillna(0.0).astype(float))
    else:
        orders = orders[orders["material"] == block.shown.what]
    summed = orders.groupby([start, "destination"], as_index=False)["tonnes"].sum()
    found = summed.set_axis(["from", "to", "tonnes"], axis="columns")
    some: pd.DataFrame = found[found["tonnes"] > 0]
    return some
