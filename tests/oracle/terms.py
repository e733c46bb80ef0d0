"""Rules of terms and limits, drawn: lots, approvals, tiers, awards, shares, and what else speaks of orders."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from oracle import goods
from oracle.drawing import Draw, named, rounded, supply


def lots(made: Draw) -> None:
    """Least lots, multiples, and what an order, a run or a sailing costs by itself."""
    pick = made.random
    part = 1 / made.periods
    for at, offer in enumerate(made.tables["offers"]):
        if at % 3 == 2:
            offer["lot_of"] = "period"
        kind = pick.choice(("min", "multiple", "cost", "none"))
        if kind == "min":
            offer["min_lot"] = made.tonnes(part * pick.uniform(0.1, 0.6))
        if kind == "multiple":
            offer["lot_multiple"] = made.tonnes(part * pick.uniform(0.1, 0.4))
        if kind == "cost" or made.chance(0.3):
            offer["order_cost"] = rounded(made.size * 1000 * part * pick.choice((0.0, *[pick.uniform(0.01, 0.2)] * 5)))
    for process in [*made.tables.get("processes", []), *made.tables.get("lines", [])]:
        if made.chance(0.5):
            process["min_run"] = made.tonnes(part * pick.uniform(0.1, 0.4))
            process["run_cost"] = rounded(made.size * 1000 * part * 0.03)
    lane = pick.choice(made.tables["lanes"] or [{}])
    if made.chance(0.5):
        lane["min_lot"] = made.tonnes(part * 0.2)
    if made.chance(0.4) and made.tables["lanes"]:
        made.add("services", service="V", min_lot=made.tonnes(part * 0.1), order_cost=rounded(made.size * 10 * part))
        for lane in pick.sample(made.tables["lanes"], min(2, len(made.tables["lanes"]))):
            lane["service"] = "V"


def qualifications(made: Draw) -> None:
    """Approvals that take days, needed from the start or from a day on."""
    for offer in made.tables["offers"]:
        if made.chance(0.5):
            days = made.random.choice((0, 20, int(made.days / made.periods), 100))
            cost = 0.0 if made.chance(0.2) else rounded(made.size * 1000 * made.random.uniform(0.0, 0.1))
            row = made.add("qualifications", offer=offer["offer"], days=days, cost=cost)
            if made.chance(0.4):
                row["from"] = made.day(0.2, 0.8)
    for process in made.tables.get("processes", []):
        if made.chance(0.3):
            made.add("qualifications", process=process["process"], days=30, cost=rounded(made.size * 10))


def conditions(made: Draw) -> None:
    """Whoever uses one offer uses another too."""
    codes = [offer["offer"] for offer in made.tables["offers"]]
    if len(codes) > 1:
        first, second = made.random.sample(codes, 2)
        row = {"condition": "Q", "kind": "offer", "if": first, "then": second, "at_least": made.tonnes(0.05)}
        made.add("conditions", **row, per=made.random.choice(("period", "horizon")))


def facilities(made: Draw) -> None:
    """Sites and processes that cost something to open or keep open, and what a site can handle."""
    pick = made.random
    dollars = made.size * 1000
    for row in [*made.tables["sites"], *made.tables.get("processes", [])]:
        if made.chance(0.3):
            row["fixed_cost"] = 0.0 if made.chance(0.2) else rounded(dollars * pick.uniform(0, 0.1))
        if made.chance(0.25):
            row["opening_cost"] = 0.0 if made.chance(0.2) else rounded(dollars * pick.uniform(0, 0.1))
        if "kind" in row and row["kind"] != "supplier" and made.chance(0.4):
            row["capacity"] = made.tonnes(made.year_size() * pick.uniform(0.3, 1.5))


def tiers(made: Draw) -> None:
    """Prices that change with what is ordered in a year."""
    pick = made.random
    for offer in made.tables["offers"]:
        if made.chance(0.4):
            kind = pick.choice(("incremental", "all_units"))
            for step, part in enumerate(sorted(pick.sample((0.1, 0.2, 0.4, 0.7), pick.randint(1, 2)))):
                price = rounded(offer["price"] * pick.uniform(0.6, 1.2) * (1 - 0.1 * step))
                above = made.tonnes(part * min(1.0, made.year_size()))
                made.add("tiers", offer=offer["offer"], above=above, kind=kind, price=price)
    if made.chance(0.4):
        counted = pick.choice(("tonnes", "value"))
        unit = 1000 if counted == "value" else 1
        made.add(
            "tiers",
            supplier=f"O-{pick.choice(made.suppliers)}",
            above=made.tonnes(0.3) * unit,
            kind="incremental" if counted == "value" and made.chance(0.5) else "all_units",
            counted_in=counted,
            discount=0.1,
        )


def contracts(made: Draw) -> None:
    """Contracts to be signed or left, by calendar year or as a whole, at a price or by an index."""
    pick = made.random
    for count in range(pick.randint(1, 2)):
        offer = pick.choice(made.tables["offers"])
        row = made.add("contracts", contract=f"C{count}", offer=offer["offer"], per=pick.choice(("contract", "year")))
        whole = 1.0 if row["per"] == "contract" else min(1.0, made.year_size())
        row["minimum"] = made.tonnes(whole * pick.uniform(0.0, 0.15))
        row["maximum"] = made.tonnes(whole * pick.uniform(0.2, 0.8))
        if made.chance(0.6):
            row["price"] = rounded(offer["price"] * pick.uniform(0.6, 1.05))
        else:
            row.update(index="I", multiple=pick.choice((0.5, 0.9)), floor_price=600)
        if made.chance(0.4):
            row["from"] = made.day(-0.1, 0.3)
        if made.chance(0.4):
            row["until"] = made.day(0.6, 1.2)
        if made.chance(0.6):
            row["take_or_pay"] = pick.choice((0.5, 1.0))
        row["fee"] = 0.0 if made.chance(0.2) else rounded(made.size * 10 * pick.uniform(0, 2))
        if made.chance(0.4):
            row["prepayment"] = rounded(made.size * 100)
        row["payment_days"] = pick.choice((0, 60))
        if made.chance(0.3):
            row["signed"] = "yes"
            if made.chance(0.6):
                row["exit_cost"] = rounded(made.size * 20)
    for since, value in ((made.day(-0.2, 0.1), 1100), (made.day(0.3, 0.8), pick.choice((700, 1500)))):
        made.add("prices", **{"index": "I", "from": since, "value": value})


def incumbents(made: Draw) -> None:
    """Today's suppliers, what it costs to leave them, and how much of it may move."""
    for offer in made.tables["offers"][:2]:
        row = made.add("incumbents", offer=offer["offer"], switching_cost=made.random.choice((0.0, 40.0, 500.0)))
        if made.chance(0.5):
            row["quantity"] = made.tonnes(made.year_size() * 0.2)
            if made.chance(0.4):
                row["may_move"] = made.tonnes(made.year_size() * 0.15)
        else:
            row["share"] = 0.4
            if made.chance(0.5):
                row["may_move_share"] = 0.5


def awards(made: Draw) -> None:
    """What is fixed by hand, as tonnes or a share, in a calendar period."""
    offer = made.random.choice(made.tables["offers"])
    kind = made.random.choice(("year", "quarter", "month"))
    period = named(made.first + timedelta(days=int(made.days * made.random.uniform(0, 0.6))), kind)
    row = made.add("awards", offer=offer["offer"], period=period)
    if made.chance(0.5):
        row["share"] = made.random.choice((0.0, 0.3, 1.0))
    else:
        row["quantity"] = made.tonnes(0.05)
    if made.chance(0.3):
        row["site"] = made.plants[0]


def splits(made: Draw) -> None:
    """The same mix of suppliers at all plants."""
    weights = made.chance(0.3)
    for plant in made.plants if len(made.plants) > 1 else ():
        row = made.add("splits", split="Z", site=plant, material="oxide", within=made.random.choice((0.05, 0.2, 0.5)))
        if weights:
            row["weight"] = made.random.choice((1, 2))


def limited(made: Draw, measure: str, value: float, **cells: Any) -> None:
    row = {"limit": f"limit-{len(made.limits)}", "measure": measure, "value": value}
    row["per"] = made.random.choice(("period", "year", "horizon"))
    if made.chance(0.3):
        row["from"] = made.day(0.0, 0.5)
    if made.chance(0.2):
        row["until"] = made.day(0.5, 1.1)
    made.limits.append(row | cells)


def share_limits(made: Draw) -> None:
    """Shares of countries, owners, suppliers, or of what is recycled."""
    for offer in made.tables["offers"]:
        offer["recycled"] = made.random.choice((0, 0.5, 1))
        if made.chance(0.2):
            offer["made_in"] = made.random.choice(("CHN", "AUS"))
    by = made.random.choice(("country", "owner", "supplier", "shipped_from", "source", "site"))
    what = {"material": "oxide"}
    if made.chance(0.3):
        what = contained(made)
    limited(made, "share", made.random.choice((0.5, 0.6, 0.8)), by=by, **what)
    if by == "country" and made.chance(0.4):
        made.limits[-1]["member"] = made.random.choice(("east", "CHN"))
        made.tables.setdefault("groups", []).extend({"group": "east", "member": code} for code in ("AUS", "CHN"))
    if made.chance(0.3):
        limited(made, "share", 0.2, by="recycled", member="recycled", sense="min", material="oxide")


def contained(made: Draw) -> dict[str, str]:
    """Return cells that count an element, in what holds it or in tonnes of that."""
    made.tables["contents"] = [
        {"material": material, "element": "X", "share": share} for material, share in (("ore", 0.24), ("oxide", 0.6))
    ]
    return {"element": "X"} | ({"counted_in": "tonnes"} if made.chance(0.3) else {})


def tonne_limits(made: Draw) -> None:
    """Tonnes of a member, or of all, at most or at least."""
    by = made.random.choice(("country", "supplier"))
    member = "CHN" if by == "country" else f"O-{made.suppliers[0]}"
    what = contained(made) if made.chance(0.3) else {}
    limited(made, "tonnes", made.tonnes(0.1), by=by, member=member, **what)
    if made.chance(0.3):
        limited(made, "tonnes", made.tonnes(0.02), by=by, member=member, sense="min")


def spend_limits(made: Draw) -> None:
    """Money spent with each supplier, or with all."""
    value = rounded(made.size * 1000 * made.random.uniform(0.05, 0.4))
    if made.chance(0.5):
        limited(made, "spend", value, by="supplier")
    else:
        limited(made, "spend", value)


def supplier_limits(made: Draw) -> None:
    """How many suppliers bring anything at most, or so much at least."""
    if made.chance(0.6):
        limited(made, "suppliers", made.random.choice((1, 2)), by=made.random.choice(("supplier", "country")))
    else:
        limited(made, "suppliers", 2, by="supplier", sense="min", at_least=made.tonnes(0.02))


def destinations(made: Draw) -> None:
    """To how many plants anybody delivers at most, or so much at least."""
    by = made.random.choice(("supplier", "country", "source"))
    if made.chance(0.7):
        limited(made, "destinations", 1, by=by, at_least=made.random.choice((0.0, made.tonnes(0.02))))
    else:
        limited(made, "destinations", len(made.plants), by="supplier", sense="min", at_least=made.tonnes(0.01))
        made.limits[-1]["member"] = f"O-{made.suppliers[0]}"


def open_facilities(made: Draw) -> None:
    """How many sites and processes that could be closed are open, at most or at least."""
    for row in [*made.tables["sites"], *made.tables.get("processes", [])]:
        if made.chance(0.7):
            row["fixed_cost"] = rounded(made.size * 1000 * made.random.choice((0.0, 0.01, 0.05)))
    sense = made.random.choice(("max", "max", "min"))
    row = {"limit": f"limit-{len(made.limits)}", "measure": "facilities", "value": made.random.choice((1, 2))}
    made.limits.append(row | {"sense": sense, "per": "period"})


def preferences(made: Draw) -> None:
    """Offers that are rather bought from, or rather not, for no money."""
    for offer in made.tables["offers"]:
        if made.chance(0.6):
            offer["preference"] = max(-offer["price"], made.random.choice((-300.0, -20.0, 0.0, 50.0, 400.0)))


def concentration(made: Draw) -> None:
    """A limit on the Herfindahl-Hirschman index."""
    limited(made, "hhi", made.random.choice((0.55, 0.7, 0.9)), by=made.random.choice(("country", "supplier")))


def carbon(made: Draw) -> None:
    """What is emitted by what is bought, carried and made."""
    for row in [*made.tables["offers"], *made.tables["lanes"], *made.tables.get("processes", [])]:
        row["carbon"] = made.random.choice((0.5, 1.0, 4.0))
    limited(made, "carbon", made.tonnes(made.random.uniform(0.5, 3)))


def lead_limits(made: Draw) -> None:
    """The average lead time of what arrives."""
    limited(made, "lead_days", made.random.choice((20, 45, 80)), material="oxide")


def limited_shortage(made: Draw) -> None:
    """Only what limits on shortage say may stay short."""
    made.shortage = "limited"
    limited(made, "shortage", made.tonnes(made.random.choice((0.1, 0.3, 1.0))), material="oxide")
    made.limits[-1].pop("from", None)
    made.limits[-1].pop("until", None)
    if made.chance(0.4):
        made.limits[-1]["counted_in"] = "weighted"
        made.limits[-1]["value"] *= 1500


def stability(made: Draw) -> None:
    """Orders of a last plan, some of which stand, and what it costs to change the others."""
    pick = made.random
    for offer in made.tables["offers"]:
        if made.chance(0.7):
            lanes = [lane for lane in made.tables["lanes"] if lane["origin"] == offer["site"]]
            lane = {} if offer.get("destination") else pick.choice(lanes or [{}])
            to = offer.get("destination") or lane.get("destination") or made.plants[0]
            since = made.first + timedelta(days=int(made.days * pick.uniform(0.0, 0.7)))
            until = since + timedelta(days=pick.choice((7, 30, 91)))
            route = {"offer": offer["offer"], "destination": to, "mode": lane.get("mode", "")}
            days = {"from": since.isoformat(), "until": until.isoformat()}
            made.add("last_orders", **route, **days, tonnes=made.tonnes(pick.uniform(0.01, 0.1)))
    if made.chance(0.4):
        offer = pick.choice(made.tables["offers"])["offer"]
        made.add("change_terms", offer=offer, cost_more=pick.choice((0.0, 30.0)), cost_less=400.0)
    row = made.add(
        "change_terms", offer="", cost_more=pick.choice((0.0, 20.0, 200.0)), cost_less=made.dollars(0.1, 0.3)
    )
    if made.chance(0.5):
        row["frozen_until"] = made.day(0.0, 0.4)


def grades(made: Draw) -> None:
    """A blend of two ores, no harder than some measure: a process for each, on one plant."""
    pick = made.random
    if not made.tables.get("processes"):
        goods.processes(made)
    plant, value = made.plants[0], made.tables["materials"][0]
    made.add("materials", **{**value, "material": "ore2", "name": "ore2"})
    supply(made, made.suppliers[-1], "ore2")
    made.tables["offers"][-1].update(price=rounded(pick.uniform(50, 300)), destination=plant)
    made.add("processes", process="K3", site=plant, cost=made.dollars(0.05, 0.2), days=pick.choice((0, 12)))
    made.add("recipes", process="K3", material="ore2", quantity=-1)
    made.add("recipes", process="K3", material="oxide", quantity=0.5)
    sense = pick.choice(("max", "min"))
    hard = {"ore": 8.0, "ore2": 3.0} if sense == "max" else {"ore": 3.0, "ore2": 8.0}
    for material, hardness in hard.items():
        made.add("properties", material=material, property="hardness", value=hardness)
    limited(made, "grade", pick.choice((4.0, 5.0, 6.5)), property="hardness", material="oxide", sense=sense)


def governance(made: Draw) -> None:
    """A limit on the index of concentration in which each country counts by how badly it is governed."""
    for country in ("AUS", "CHN", "USA", "DEU", "ZAF"):
        row = made.add("governance", country=country, value=made.random.choice((1.0, 2.5, 6.0)))
        if made.chance(0.3):
            row["trade"] = made.random.choice((0.8, 1.2))
    made.add("governance", country="NLD", value=1.0)
    limited(made, "governance_hhi", made.random.choice((1.2, 2.0, 3.5)), by="country")


def origins(made: Draw) -> None:
    """Limits on where goods were mined or refined, whoever ships them, and what own plants bring to a stage."""
    pick = made.random
    for offer in made.tables["offers"]:
        for stage in ("mine", "oxide") if offer["material"] == "oxide" else ("mine",):
            for country in pick.sample(("AUS", "CHN", "ZAF"), pick.randint(0, 2)):
                row = {"offer": offer["offer"], "stage": stage, "country": country}
                made.add("origins", **row, share=pick.choice((0.3, 0.5)))
    by = pick.choice(("origin", "origin", "country"))
    stage = pick.choice(("mine", "oxide"))
    limited(made, "share", pick.choice((0.4, 0.6, 0.8)), by=by, stage=stage, member=pick.choice(("CHN", "AUS", "")))


def samples(made: Draw) -> None:
    """Kilograms beside what is far larger: a sample that is due on a day, a small offer that costs as much to use."""
    pick = made.random
    small = rounded(max(1e-3, made.size * 10 ** pick.uniform(-6, -3)))
    if made.chance(0.6):
        period = made.day(0.3, 0.9)
        made.add("demand", site=pick.choice(made.plants), material="oxide", period=period, quantity=small)
    offer = pick.choice(made.tables["offers"])
    kind = pick.choice(("capacity", "large", "lot", "lane"))
    if kind == "capacity":
        offer.update(capacity=small, order_cost=rounded(made.size * pick.choice((0.0, 1.0, 50.0))))
    elif kind == "large":
        offer.update(capacity=rounded(made.size * 1e5), order_cost=rounded(made.size * pick.choice((10.0, 100.0))))
    elif kind == "lot":
        offer["min_lot"] = small
    elif made.tables["lanes"]:
        pick.choice(made.tables["lanes"]).update(capacity=small, order_cost=rounded(made.size * 10))
