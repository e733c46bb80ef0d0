"""Own families through the conformance call: each where its rules bind, and where none does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import pytest
from builders import SCRAP, TINY, tiny_case, write_question

from sourcing import families
from sourcing.testing import VERSION, NonConforming, conform
from sourcing.testing.example import Example

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

Cells = dict[str, Any]


class Asked(NamedTuple):
    """Changes to the tiny case in which the rules of a family bind, those in which none does, and amounts on paper."""

    binds: Cells
    idle: Cells | Sequence[Cells]
    worked: dict[str, float]
    horizon: str = 'start = "2027-01", periods = 1, length = "year"'
    objective: str = "discount_rate = 0"


AT_ONCE = [{**lane, "transit_days": 0} for lane in TINY["lanes"]]
ASKED_FOR = [{"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 100}]
YEAR: Cells = {"demand": ASKED_FOR, "stocks": None, "lanes": AT_ONCE}
"""100 t in 2027, nothing in stock: 60 t from A at USD 300,100, any amount up to 500 t from B at USD 200,200."""
QUARTERS = 'start = "2027-01", periods = 8, length = "quarter"'
TWO = 'start = "2027-01", periods = 2, length = "quarter"'
SPARE = {"A": 500, "B": 500}


def limits(*rows: Cells, **changes: Any) -> Cells:
    """Return the year with limits; each is named by what it is on."""
    named = [{"limit": row["measure"], "per": "year", **row} for row in rows]
    return {**YEAR, "limits": named, **changes}


def paced(pace: float) -> Cells:
    """Return two years in which demand rises and falls again, stock is dear, and orders of B change so fast at most."""
    asked = zip(
        (f"{year}-Q{n}" for year in (2027, 2028) for n in (1, 2, 3, 4)), (5, 5, 20, 20, 20, 5, 5, 5), strict=True
    )
    return {
        "demand": [{"site": "PLANT", "material": "oxide", "period": at, "quantity": tonnes} for at, tonnes in asked],
        "stocks": [{"site": "PLANT", "material": "oxide", "opening": 20, "holding_cost": 5_000}],
        "offers": {"B": {"change_maximum": pace, "capacity": 200}},
        "lanes": AT_ONCE,
    }


def far(measure: str, value: float, **cells: Any) -> Cells:
    return {"measure": measure, "by": "supplier", "member": "Far Co", "value": value, **cells}


METAL: Cells = {
    **YEAR,
    "demand": [{"site": "PLANT", "material": "metal", "period": "2027", "quantity": 20}],
    "recipes": [
        {"process": "melt", "material": "oxide", "quantity": -1.25},
        {"process": "melt", "material": "metal", "quantity": 1},
    ],
}
MELT = {"process": "melt", "site": "PLANT", "cost": 4000}


def of_three(*materials: str) -> Cells:
    """Return the year with 100 t asked for of several materials, each sold by both suppliers."""
    return {
        "materials": [{**TINY["materials"][0], "material": name} for name in materials],
        "offers": [
            {**row, "offer": f"{row['offer']}{name}", "material": name, "capacity": 500}
            for row in TINY["offers"]
            for name in materials
        ],
        "demand": [{**ASKED_FOR[0], "material": name} for name in materials],
    }


GOVERNED: Cells = {
    **of_three("oxide", "metal", "alloy"),
    "governance": [{"country": "AUS", "value": 2}, {"country": "CHN", "value": 6}, {"country": "USA", "value": 3}],
    "supply_risk": [{"material": "alloy", "global_hhi": 4, "import_reliance": 1, "eol_rir": 0.2, "substitution": 0.9}],
}


def concentrated(hhi: float, governance: float, risk: float, far: float = 500) -> Cells:
    values = {"hhi": ("oxide", hhi), "governance_hhi": ("metal", governance), "supply_risk": ("alloy", risk)}
    rows = [{"measure": name, "by": "country", "material": of, "value": value} for name, (of, value) in values.items()]
    offers = [row if row["site"] == "NEAR" else {**row, "capacity": far} for row in GOVERNED["offers"]]
    return limits(*rows, **{**GOVERNED, "offers": offers})


def graded(value: float) -> Cells:
    made = {name: rows for name, rows in SCRAP.items() if name not in {"demand", "stocks"}}
    row = {"measure": "grade", "material": "metal", "property": "iron", "value": value}
    return limits(row, **made, demand=METAL["demand"])


def incumbents(offer: str, **cells: Any) -> list[Cells]:
    return [{"offer": f"{offer}{name}", "quantity": 30, "switching_cost": 10, **cells} for name in ("oxide", "metal")]


def may_move(**cells: Any) -> list[Cells]:
    return [TINY["materials"][0], {**TINY["materials"][1], **cells}]


WORKS: Cells = {
    "sites": [*TINY["sites"], {"site": "WORKS", "name": "Our works", "kind": "plant", "country": "USA"}],
    "lanes": [
        *AT_ONCE,
        {**AT_ONCE[0], "destination": "WORKS", "freight": 150_000},
        {**AT_ONCE[1], "destination": "WORKS"},
    ],
    "demand": [*ASKED_FOR, {**ASKED_FOR[0], "site": "WORKS"}],
    "stocks": None,
}


def split(plant: float, works: float, far: float = 100) -> Cells:
    """Return the year with 100 t from Far for two sites that ask for 200 t, by a split of oxide and one of metal."""
    goods, within = of_three("oxide", "metal"), {"oxide": (plant, works), "metal": (works, plant)}
    rows = [
        {"split": name, "site": site, "material": name, "within": share}
        for name, shares in within.items()
        for site, share in zip(("PLANT", "WORKS"), shares, strict=True)
    ]
    due = [{**row, "priority": 3} for row in goods["demand"]] + [{**row, "site": "WORKS"} for row in goods["demand"]]
    offers = [{**row, "capacity": far} for row in goods["offers"] if row["site"] == "FAR"]
    return {**WORKS, **goods, "offers": offers, "demand": due, "splits": rows}


DEPOT = {"site": "DEPOT", "name": "Our depot", "kind": "warehouse", "country": "USA"}
LEG = {"origin": "FAR", "destination": "DEPOT", "freight": 10}


TO_PLANT = {"destination": "PLANT"}


def by_depot(**leg: Any) -> Cells:
    """Return the year in which goods from Far come over a depot, or dearer straight."""
    return {
        **YEAR,
        "sites": [*TINY["sites"], DEPOT],
        "lanes": [
            AT_ONCE[0],
            {**AT_ONCE[1], "freight": 50_000},
            LEG,
            {**LEG, "origin": "DEPOT", "destination": "PLANT", **leg},
        ],
    }


def counted(**cells: Any) -> Cells:
    return {"measure": "suppliers", "by": "supplier", **cells}


BOTH = limits(
    counted(limit="some", sense="min", value=1, at_least=15),
    counted(limit="few", value=3, at_least=5),
    counted(measure="destinations", value=2),
    far("share", 0.6),
    capacity=SPARE,
)
ONE = limits(
    counted(limit="few", value=1, at_least=5, material="oxide"),
    counted(limit="some", sense="min", value=2, at_least=15, material="metal"),
    counted(measure="destinations", value=1),
    **of_three("oxide", "metal"),
)


def together(first: str, then: str) -> list[Cells]:
    return [{"condition": "both", "kind": "offer", "if": first, "then": then, "at_least": 4}]


def lots(quantity: float, least: float) -> Cells:
    """Return two quarters with a least lot of oxide, and containers of 10 t of metal."""
    due = [
        {**ASKED_FOR[0], "material": "metal", "quantity": 30},
        {**ASKED_FOR[0], "period": "2027-Q1", "quantity": quantity},
    ]
    terms = {"Boxide": {"min_lot": least, "order_cost": 9, "capacity": 4000}, "Bmetal": {"lot_multiple": 10}}
    goods = of_three("oxide", "metal")
    stocks = [{"site": "PLANT", "material": "oxide"}]
    offers = [{**row, **terms.get(row["offer"], {})} for row in goods["offers"]]
    return {**YEAR, **goods, "offers": offers, "demand": [{**due[0], "period": "2027-Q1"}, due[1]], "stocks": stocks}


def tiers(from_: float, dear: float, slices: float) -> Cells:
    """Return the year with a cheap tier of oxide, a dear one of metal, and one of alloy for what is beyond it."""
    rows = [
        {"offer": "Boxide", "above": from_, "price": 190_000, "kind": "all_units"},
        {"offer": "Bmetal", "above": dear, "price": 290_000, "kind": "all_units"},
        {"offer": "Balloy", "above": slices, "price": 250_000, "kind": "incremental"},
    ]
    return {**YEAR, **of_three("oxide", "metal", "alloy"), "tiers": rows}


def facilities(count: float, depot: Cells, plant: Cells, near: float, most: float) -> Cells:
    """Return the year with metal asked for too, and sites and processes that are opened or kept."""
    goods = by_depot()
    due = [*ASKED_FOR, *METAL["demand"]]
    sites = [{**TINY["sites"][0], "fixed_cost": near}, {**TINY["sites"][1], "fixed_cost": 1}, TINY["sites"][2]]
    return {
        **goods,
        "sites": [*sites, {**DEPOT, "opening_cost": 9, **depot}, {**DEPOT, "site": "SHED", "opening_cost": 1e9}],
        "lanes": [
            *goods["lanes"],
            {**LEG, "destination": "SHED"},
            {**LEG, "origin": "SHED", "destination": "PLANT"},
            {**LEG, "origin": "NEAR"},
        ],
        "demand": due,
        "recipes": METAL["recipes"],
        "processes": [{**MELT, **plant}],
        "capacity": {"A": 500, "B": most},
        "limits": [{"limit": "few", "measure": "facilities", "value": count}],
    }


def contract(offer: str, **cells: Any) -> Cells:
    return {"contract": f"of {offer}", "offer": f"B{offer}", "price": 150_000, "signed": "yes", **cells}


def contracts(*rows: Cells, **changes: Any) -> Cells:
    return {**YEAR, **of_three("oxide", "metal", "alloy", "scrap"), "contracts": list(rows), **changes}


def stock_of(material: str, **cells: Any) -> Cells:
    return {"site": "PLANT", "material": material, **cells}


def stocks(offers: Cells, *rows: Cells) -> Cells:
    goods = of_three("oxide", "metal", "alloy", "scrap")
    changed = [{**row, **offers.get(row["offer"], {})} for row in goods["offers"]]
    return {**YEAR, **goods, "offers": changed, "stocks": list(rows)}


def last(offer: str, month: int, tonnes: float) -> Cells:
    days = {"from": f"2027-{month:02d}-01", "until": f"2027-{month + 3:02d}-01"}
    return {"offer": offer, "destination": "PLANT", "mode": "sea", "tonnes": tonnes, **days}


def steady(orders: list[Cells], until: str) -> Cells:
    """Return the year with orders of the last plan, and terms for changing them."""
    terms = {"offer": "", "frozen_until": until, "cost_more": 5, "cost_less": 3}
    return {**YEAR, "last_orders": orders, "change_terms": [terms]}


def approvals(cost: float, **capacity: float) -> Cells:
    """Return the year with 500 t from A after an approval that costs 5, and B after one that costs something else."""
    rows = [{"offer": "A", "days": 0, "cost": 5}, {"offer": "B", "days": 0, "cost": cost}]
    return {**YEAR, "qualifications": rows, "capacity": {"A": 500, **capacity}}


AWARDS = [{"offer": name, "period": "2027", "quantity": 30} for name in ("Aoxide", "Bmetal")]
ONLY_FIRST = {"end": "2027-04-01"}
PAID = {"price": -1000, "end": "2027-04-01"}


OWN: dict[str, Asked] = {
    "purchase": Asked(
        {**YEAR, "capacity": {"B": 40}},
        YEAR,
        # 40 t of B and 60 t of A: 40 x 200,000 + 60 x 300,000, and 40 x 200 + 60 x 100 of freight
        {"purchase": 26e6, "freight": 14_000, "shortage": 0.0},
    ),
    "lead_time": Asked(
        {"licences": [{"country": "CHN", "lag_days": 400}]},
        {"licences": [{"country": "CHN", "lag_days": 10}]},
        {},
    ),
    "pace": Asked(
        paced(0.2),
        paced(3.9),
        {},
        QUARTERS,
    ),
    "closures": Asked(
        {"closures": [{"stops": "orders", "country": "CHN", "from": "2027-01-01", "until": "2028-01-01"}]},
        {"closures": [{"stops": "orders", "country": "CHN", "from": "2026-01-01", "until": "2026-01-02"}]},
        {},
    ),
    "transport": Asked(
        by_depot(capacity=60),
        by_depot(capacity=1000),
        # 60 t over the depot at 10 + 10, 40 t straight at 50,000
        {"purchase": 20e6, "freight": 2_001_200.0},
    ),
    "duty": Asked(
        {
            **YEAR,
            "tariffs": [{"importer": "USA", "origin": "CHN", "tariff_code": "2846", "rate": 0.25, "basis": "cif"}],
        },
        YEAR,
        {"duty": 0.25 * 200_200 * 100},
    ),
    "conversion": Asked(
        {**METAL, "processes": [{**MELT, "capacity": 5}]},
        {**METAL, "processes": [{**MELT, "capacity": 100}]},
        # 5 t of metal of 6.25 t of oxide; 15 t of metal at 350,000 go short
        {"conversion": 20_000.0, "purchase": 1_250_000.0, "shortage": 15 * 350_000.0},
    ),
    "lines": Asked(
        {**METAL, "processes": [{**MELT, "line": "furnace"}], "lines": [{"line": "furnace", "capacity": 5}]},
        {**METAL, "processes": [{**MELT, "line": "furnace"}], "lines": [{"line": "furnace", "capacity": 100}]},
        {"conversion": 20_000.0, "purchase": 1_250_000.0, "shortage": 15 * 350_000.0},
    ),
    "orders": Asked(
        {
            **YEAR,
            "open_orders": [
                {
                    "order": "PO",
                    "site": "PLANT",
                    "material": "oxide",
                    "arrives": "2027-01-01",
                    "quantity": 7,
                    "offer": "B",
                }
            ],
        },
        YEAR,
        {"purchase": 93 * 200_000.0},
    ),
    "cover": Asked(
        {"stocks": {0: {"cover_days": 61, "holding_cost": 1000}}},
        {"stocks": {0: {"cover_days": 61, "opening": 500}}},
        {},
        'start = "2027-01", periods = 4, length = "quarter"',
    ),
    "service": Asked({**YEAR, "capacity": {"B": 30}}, YEAR, {"shortage": 10 * 250_000.0}),
    "preference": Asked({**YEAR, "preference": {"B": 200_000}}, {**YEAR, "preference": {"B": 10}}, {"purchase": 26e6}),
    "shares": Asked(
        limits(far("share", 0.5), capacity=SPARE),
        limits(far("share", 0.5), capacity={"A": 500, "B": 20}),
        {"purchase": 50 * 300_000.0 + 50 * 200_000.0},
    ),
    "custody": Asked(
        limits(
            far("share", 0.5, counts="use", **{"from": "2028-01-01"}),
            capacity=SPARE,
            demand=[*TINY["demand"], {**METAL["demand"][0], "period": "2028"}],
            recipes=METAL["recipes"],
            processes=[MELT],
            lanes=[*({**lane, "destination": "DEPOT"} for lane in AT_ONCE), {**LEG, "origin": "DEPOT"} | TO_PLANT],
            sites=[*TINY["sites"], DEPOT],
            stocks=[stock_of("oxide", disposal_cost=10), {**stock_of("oxide"), "site": "DEPOT"}],
        ),
        limits(far("share", 0.5, counts="use"), offers=[TINY["offers"][0]]),
        # 140 t are used in 2028, 70 t of them from Near: cheapest as oxide, for a tonne of metal takes 1.25 t;
        # 100 t in 2027, and 50 t and 25 t for the metal in 2028, are from Far
        {"purchase": 175 * 200_000.0 + 70 * 300_000.0},
        'start = "2027-01", periods = 2, length = "year"',
    ),
    "hhi": Asked(
        concentrated(0.6, 2.0, 0.8 * 0.9 * (4 / 2 + 2 / 2)),
        concentrated(0.9, 7, 9, far=70),
        # s² + (1 - s)² = 0.6 of oxide from Far; 6 s² + 2 (1 - s)² = 2 of the others: one half
        {"purchase": 300_000 * 300.0 - 100_000 * 100 * (0.5 + 0.5 + (1 + 0.2**0.5) / 2)},
    ),
    "amounts": Asked(
        limits(
            far("tonnes", 50),
            far("spend", 12e6, member="Near Ltd"),
            capacity=SPARE,
        ),
        limits(far("tonnes", 5000), far("spend", 1e9)),
        # 50 t of B, 12,000,000 / 300,000 = 40 t of A, 10 t short
        {"purchase": 22e6, "shortage": 10 * 250_000.0},
    ),
    "grade": Asked(
        graded(2),
        graded(6),
        {},
    ),
    "carbon": Asked(
        limits({"measure": "carbon", "value": 1500}, carbon={"A": 5, "B": 20}),
        limits({"measure": "carbon", "value": 5000}, carbon={"A": 5, "B": 20}),
        # 5 a + 20 (100 - a) = 1,500: a = 100/3
        {"purchase": 300_000 * 100 / 3 + 200_000 * 200 / 3},
    ),
    "average_lead": Asked(
        limits(
            {"measure": "lead_days", "value": 40}, lanes=TINY["lanes"], stocks=[{**TINY["stocks"][0], "opening": 50}]
        ),
        limits(
            {"measure": "lead_days", "value": 46}, lanes=TINY["lanes"], stocks=[{**TINY["stocks"][0], "opening": 50}]
        ),
        # 50 t arrive, one third over 30 days, two thirds over 45; what is ordered later than that arrives in 2028
        {"purchase": 300_000 * 50 / 3 * 365 / 335 + 200_000 * 100 / 3 * 365 / 320},
    ),
    "service_level": Asked(
        limits(
            {"measure": "shortage", "value": 30, "from": "2028-01-01"},
            demand=[{**TINY["demand"][0], "priority": 3}, TINY["demand"][1]],
            capacity={"A": 20, "B": 60},
        ),
        limits({"measure": "shortage", "value": 500}, demand=TINY["demand"], capacity={"A": 20, "B": 60}),
        {},
        'start = "2027-01", periods = 2, length = "year"',
    ),
    "counts": Asked(ONE, BOTH, {}),
    "conditions": Asked(
        {**YEAR, "conditions": together("B", "A")},
        {**YEAR, "conditions": together("A", "B"), "capacity": {"A": 60, "B": 60}},
        {"purchase": 4 * 300_000.0 + 96 * 200_000.0},
    ),
    "awards": Asked(
        {**YEAR, **of_three("oxide", "metal"), "awards": AWARDS},
        YEAR,
        # 30 t of A and 70 t of B of one, 30 t of B and 70 t of A of the other
        {"purchase": 100 * 300_000.0 + 100 * 200_000.0},
    ),
    "incumbents": Asked(
        {
            **YEAR,
            **of_three("oxide", "metal"),
            "materials": may_move(may_move=10),
            "incumbents": [{**row, "may_move": most} for row, most in zip(incumbents("A"), (10, 99), strict=True)],
        },
        {
            **YEAR,
            **of_three("oxide", "metal"),
            "materials": may_move(may_move=31),
            "incumbents": incumbents("B", may_move=31),
        },
        {"switching": 200.0, "purchase": 40 * 300_000.0 + 160 * 200_000.0},
    ),
    "splits": Asked(split(0.1, 0.5), split(1.0, 1.0, far=500), {"purchase": 200 * 200_000.0}),
    "timing": Asked(
        {"stocks": None},
        {"stocks": {0: {"opening": 20}}},
        {},
        'start = "2027-01", periods = 1, length = "quarter"',
    ),
    "worst_day": Asked(
        {"stocks": None},
        {"stocks": {0: {"opening": 20}}},
        {},
        'start = "2027-01", periods = 1, length = "quarter", within = "not_empty"',
    ),
    "lots": Asked(
        lots(30, 40),
        lots(60, 10),
        # 40 t of oxide for 30 t of demand, 30 t of metal, one order at 9
        {"purchase": 70 * 200_000.0, "ordering": 9.0},
        TWO,
    ),
    "tiers": Asked(
        tiers(150, 60, 50),
        tiers(10, 400, 400),
        {},
    ),
    "facilities": Asked(
        facilities(3, {"capacity": 50}, {"opening_cost": 9, "capacity": 20}, 1e9, 500),
        [
            facilities(9, {"capacity": 900}, {"opening_cost": 9, "capacity": 99}, 1, 150),
            {
                **METAL,
                "demand": [{**METAL["demand"][0], "period": "2027-Q1"}],
                "processes": [{**MELT, "fixed_cost": 9}],
            },
        ],
        {},
        TWO,
    ),
    "contracts": Asked(
        contracts(
            contract("oxide", signed="no", fee=9, maximum=999),
            contract("metal", price=250_000, minimum=40),
            contract("alloy", maximum=30, prepayment=1.5e6, payment_days=73),
            contract("scrap", price=250_000, minimum=40, take_or_pay=0.5, exit_cost=1e9, maximum=90, prepayment=1e8),
        ),
        [
            contracts(
                contract("oxide", signed="no", fee=9, maximum=999, minimum=40),
                contract("metal", minimum=40, prepayment=1e8),
                stocks=[stock_of("oxide", opening=20)],
            ),
            contracts(contract("metal", price=250_000, minimum=10, maximum=30, prepayment=1e6)),
        ],
        {"signing": 9.0},
        objective="discount_rate = 0.08",
    ),
    "stock": Asked(
        stocks(
            {"Bmetal": ONLY_FIRST, "Ametal": ONLY_FIRST, "Balloy": PAID, "Bscrap": {"price": -1000}},
            stock_of("oxide", safety=10, closing=15, holding_cost=1000),
            stock_of("metal", maximum=15),
            stock_of("alloy"),
            stock_of("scrap", disposal_cost=500, disposal_maximum=40),
        ),
        {**YEAR, "stocks": [stock_of("oxide", opening=300, safety=10, closing=5, maximum=1000)]},
        # in half a year 10 of 50 t of metal go short
        {},
        TWO,
    ),
    "stability": Asked(
        steady([last("A", 1, 10), last("A", 4, 10)], "2027-04-01"),
        steady([last("B", 1, 9)], "2027-02-01"),
        # 10 t of A stand in the first quarter, and demand of 25 t (100 x 90 / 365) needs no more of A in the second
        {},
        TWO,
    ),
    "origins": Asked(
        limits(
            {"measure": "share", "by": "origin", "stage": "mine", "member": "CHN", "value": 0.35},
            origins=[
                {"offer": "B", "stage": "mine", "country": "CHN", "share": 0.7},
                {"offer": "B", "stage": "mine", "country": "TJK", "share": 0.3},
                {"offer": "A", "stage": "mine", "country": "AUS", "share": 1},
            ],
            capacity=SPARE,
        ),
        limits(
            {"measure": "share", "by": "origin", "stage": "mine", "member": "CHN", "value": 0.9},
            origins=[{"offer": "B", "stage": "mine", "country": "CHN", "share": 0.7}],
        ),
        # half of it from Far: 0.7 x 0.5 = 0.35
        {"purchase": 50 * 300_000.0 + 50 * 200_000.0},
    ),
    "qualification": Asked(
        approvals(1e9),
        [approvals(1e9), approvals(9, B=10)],
        # half a year, 181 days of 365, from A alone: a tonne from B would save 99,900, and its approval costs more
        {"qualification": 5.0, "purchase": 100 * 181 / 365 * 300_000},
        TWO,
    ),
    "call_offs": Asked({**YEAR, "call_off": {"B": "weekly"}}, YEAR, {"purchase": 20e6}),
    "quotations": Asked({**YEAR, "quoted_until": {"B": "2027-06-01"}}, YEAR, {"purchase": 20e6}),
    "balance": Asked(YEAR, YEAR, {"purchase": 20e6}),
}


def asked(folder: Path, changes: Cells, own: Asked) -> Path:
    """Write the tiny case with changes, and a question of it."""
    folder.mkdir()
    tiny_case(folder, **changes)
    return write_question(folder, f"horizon = {{ {own.horizon} }}\n[objective]\n{own.objective}\n")


@pytest.mark.parametrize("family", OWN)
def test_own_family_when_tried_then_conforms(tmp_path: Path, family: str) -> None:
    own = OWN[family]
    binds = asked(tmp_path / "binds", own.binds, own)
    changes = [own.idle] if isinstance(own.idle, dict) else own.idle
    idle = [asked(tmp_path / f"idle{number}", cells, own) for number, cells in enumerate(changes)]
    assert conform(family, binds=binds, idle=idle, worked=own.worked).version == VERSION


def test_families_when_named_then_each_is_tried() -> None:
    assert OWN.keys() == families.cards().keys()


def test_family_when_its_idle_question_has_no_such_rows_then_does_not_conform(tmp_path: Path) -> None:
    own = OWN["transport"]
    with pytest.raises(NonConforming, match="0 rows of 'lane' bind in the best plan, and there have to be some"):
        conform("transport", binds=asked(tmp_path / "binds", own.binds, own), idle=asked(tmp_path / "idle", YEAR, own))


def test_rule_when_it_is_half_of_an_equality_then_is_known_as_one(tmp_path: Path) -> None:
    own = OWN["awards"]
    awarded = Example(asked(tmp_path / "awards", own.binds, own))
    assert [rule for rule in awarded.formulation.rows if awarded.is_exact(rule)] == [
        "award_least",
        "award_most",
        "balance",
    ]
