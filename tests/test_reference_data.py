"""The tables under data/: every row has its source, the claims recompute, and the ready cases hold together."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[1] / "data"
REFERENCE = DATA / "reference"
CASES = sorted((DATA / "cases").iterdir())
CASE = DATA / "cases" / "magnet-maker"
CONFIDENCE = {"cited", "recalled", "estimate"}
DATED = ("as_of", "year", "date", "period")
LINKED = ("contents", "offers", "ramps", "lanes", "processes", "recipes", "demand", "stocks", "open_orders", "licences")

# rows of sites.csv that stand for the reader's own plants or for a whole market
NOT_REAL = {"EU-PLANT", "US-PLANT", "RTM-SPOT", "MEX-TRD", "IND-SME"}
# mines that sell what they dig and do not separate it
MINES_ONLY = {"SER-PEL", "ACL-CAR", "EFR-DON", "STK-WCA", "KAC-MMR", "LAO-VAR"}
# magnet works: they sell magnets, blocks, powder or metal, never ore or oxide
MAGNET_WORKS = {
    "HER-BIT", "HYP-TEX", "HYP-TYS", "JLM-GAN", "JSL-KUA", "MP-10X", "MP-FTW", "NEO-NAR", "NOV-SMT", "PRO-KUM",
    "SHN-HAI", "SHN-TAK", "TDK-NAR", "USR-STW", "VAC-HAN", "VAC-SUM", "VUL-NCA", "YUN-NGB",
}  # fmt: skip


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file, strict=True)
        return [dict(row) for row in reader]


def table(name: str, case: Path = CASE) -> list[dict[str, str]]:
    return rows(case / f"{name}.csv")


def sites_of(case: Path) -> dict[str, dict[str, str]]:
    return {row["site"]: row for row in table("sites", case)}


def reference(name: str) -> list[dict[str, str]]:
    return rows(REFERENCE / f"{name}.csv")


TABLES = sorted(DATA.glob("cases/*/*.csv")) + sorted(REFERENCE.glob("*.csv"))
each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


@pytest.mark.parametrize("path", TABLES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_row_when_read_names_source_date_and_confidence(path: Path) -> None:
    faults = []
    for number, row in enumerate(rows(path), start=2):
        if None in row or None in row.values():
            faults.append(f"row {number}: wrong number of cells")
            continue
        if not row["source"].strip():
            faults.append(f"row {number}: no source")
        if row["confidence"] not in CONFIDENCE:
            faults.append(f"row {number}: confidence {row['confidence']!r}")
        if not any(row.get(column, "").strip() for column in DATED):
            faults.append(f"row {number}: no date")
        if re.search(r"quoted from memory|no source", " ".join(row.values())):
            faults.append(f"row {number}: a source nobody can follow")
    assert not faults


@pytest.mark.parametrize("path", sorted(REFERENCE.glob("*.csv")), ids=lambda path: path.stem)
def test_reference_numbers_when_ranged_are_plain_and_in_order(path: Path) -> None:
    for number, row in enumerate(rows(path), start=2):
        value, low, high = (float(row[column]) if row.get(column) else None for column in ("value", "low", "high"))
        known = [x for x in (low, value, high) if x is not None]
        assert known == sorted(known), f"{path.name} row {number}"


def test_reference_folder_when_listed_is_described_in_its_readme() -> None:
    text = (REFERENCE / "README.md").read_text(encoding="utf-8")
    missing = [path.name for path in REFERENCE.glob("*.csv") if path.name not in text]
    assert not missing


def test_claims_about_reserves_when_recomputed_match_the_tables() -> None:
    reserves = [row for row in reference("reserves") if row["material"] == "rare_earths_reo"]
    figures = {(row["iso3"], row["edition"]): row["value"] for row in reserves}
    checked = 0
    for claim in reference("claims"):
        if claim["table"] != "reserves":
            continue
        left = figures[claim["left"], claim["edition"]]
        if claim["unit"] == "t_reo":
            verdict_value = float(left)
        elif figures[claim["right"], claim["edition"]]:
            verdict_value = float(left) / float(figures[claim["right"], claim["edition"]])
        else:
            assert not claim["value"], "a ratio to a figure the edition does not give"
            continue
        assert verdict_value == pytest.approx(float(claim["value"]), rel=0.005), claim["claim"]
        checked += 1
    assert checked >= 13


def test_claims_about_production_when_recomputed_match_the_tables() -> None:
    wanted = ("rare_earths_reo", "mine", "2025", "no")
    lines = [r for r in reference("production") if (r["material"], r["measure"], r["year"], r["superseded"]) == wanted]
    mined = {row["iso3"]: float(row["value"]) for row in lines}
    [claim] = [c for c in reference("claims") if c["table"] == "production"]
    assert 100 * mined["CHN"] / mined["WLD"] == pytest.approx(float(claim["value"]), abs=0.05)
    shares = {(row["measure"], row["year"]): row["value"] for row in reference("market_shares") if row["iso3"] == "CHN"}
    assert (shares["refining_share", "2024"], shares["magnet_share", "2024"]) == ("91", "94")


def test_claims_about_exports_when_checked_keep_the_metals_apart() -> None:
    drops = {
        row["material"]: row["value"]
        for row in reference("events")
        if row["effect"] == "China exports June vs January 2025"
    }
    assert drops == {"antimony": "-88", "germanium": "-95"}
    for claim in reference("claims"):
        if claim["table"] == "events":
            assert claim["value"] == drops[claim["left"]]


@pytest.mark.parametrize(("name", "least"), [("magnet-maker", 25), ("antimony-trioxide", 18)])
def test_case_when_counted_offers_or_works_at_many_real_sites(name: str, least: int) -> None:
    case, sites = DATA / "cases" / name, sites_of(DATA / "cases" / name)
    used = {row["site"] for kind in ("offers", "processes") for row in table(kind, case)}
    assert used <= set(sites)
    assert len(used - NOT_REAL) >= least
    unused = set(sites) - used - {"US-PLANT", "EU-PLANT"}
    assert not unused, "a site without offer or process only lengthens the table"


def test_case_when_read_sells_no_oxide_from_a_mine_or_a_magnet_works() -> None:
    assert set(sites_of(CASE)) >= MINES_ONLY | MAGNET_WORKS
    stage = {row["material"]: row["stage"] for row in table("materials")}
    for offer in table("offers"):
        if offer["site"] in MINES_ONLY:
            assert stage[offer["material"]] in {"mine", "concentrate"}, offer["offer"]
        if offer["site"] in MAGNET_WORKS:
            assert stage[offer["material"]] in {"metal", "alloy", "magnet"}, offer["offer"]
    for process in table("processes"):
        assert process["site"] not in MINES_ONLY


@each_case
def test_case_when_capacity_is_an_estimate_says_what_it_is_a_share_of(case: Path) -> None:
    for name in ("offers", "ramps", "processes"):
        for row in table(name, case):
            if row["capacity"] and row["confidence"] == "estimate":
                assert row["note"].strip(), (name, row)
    for offer in table("offers", case):
        assert re.search(r"\d", offer["note"]), offer["offer"]


@each_case
def test_case_when_cross_referenced_knows_every_code(case: Path) -> None:
    sites = sites_of(case)
    materials = {row["material"] for row in table("materials", case)}
    offers = {row["offer"] for row in table("offers", case)}
    processes = {row["process"] for row in table("processes", case)}
    groups = {row["group"] for row in table("groups", case)}
    known = {
        "site": set(sites),
        "origin": set(sites),
        "destination": set(sites),
        "material": materials,
        "offer": offers,
        "process": processes,
    }
    countries = {row["country"] for row in sites.values()}
    for name in LINKED:
        if name == "licences":
            known["destination"] = groups | countries
        for number, row in enumerate(table(name, case), start=2):
            for column, codes in known.items():
                if row.get(column):
                    assert row[column] in codes, f"{name}.csv row {number}, {column}: {row[column]!r}"
    codes = {row["tariff_code"] for row in table("materials", case)}
    for row in table("tariffs", case):
        assert {row["importer"], row["origin"]} <= groups | countries | {""}
        assert row["tariff_code"] in codes


@each_case
def test_case_when_traced_lets_every_process_be_fed_and_its_output_leave(case: Path) -> None:
    lanes = {(row["origin"], row["destination"], row["material"]) for row in table("lanes", case)}
    offers = {(row["site"], row["material"]) for row in table("offers", case)}
    process_site = {row["process"]: row["site"] for row in table("processes", case)}
    outputs = {(process_site[r["process"]], r["material"]) for r in table("recipes", case) if float(r["quantity"]) > 0}
    disposed = {(row["site"], row["material"]) for row in table("stocks", case) if row["disposal_cost"]}
    demanded = {(row["site"], row["material"]) for row in table("demand", case)}
    sources = offers | outputs
    for recipe in table("recipes", case):
        site, material = process_site[recipe["process"]], recipe["material"]
        if float(recipe["quantity"]) < 0:
            feeders = {o for o, d, m in lanes if d == site and m in {material, ""} and (o, material) in sources}
            assert feeders, f"{recipe['process']}: nothing brings {material}"
        else:
            leaves = any(o == site and m in {material, ""} for o, d, m in lanes)
            assert leaves or (site, material) in disposed | demanded, f"{recipe['process']}: {material} is stuck"


@each_case
def test_case_when_contents_meet_recipes_makes_no_element_from_nothing(case: Path) -> None:
    share = {(row["material"], row["element"]): float(row["share"]) for row in table("contents", case)}
    for process in {row["process"] for row in table("recipes", case)}:
        lines = [row for row in table("recipes", case) if row["process"] == process]
        for element in {element for _, element in share}:
            taken = -sum(
                float(r["quantity"]) * share.get((r["material"], element), 0) for r in lines if float(r["quantity"]) < 0
            )
            made = sum(
                float(r["quantity"]) * share.get((r["material"], element), 0) for r in lines if float(r["quantity"]) > 0
            )
            assert made <= taken * 1.005, (process, element)
            assert made >= taken * 0.5 or process in {"NEO-SILMET-SV"}, (process, element)


@each_case
def test_case_when_it_opens_holds_its_safety_stock_and_open_orders_name_offers(case: Path) -> None:
    for row in table("stocks", case):
        assert float(row["opening"]) >= float(row["safety"]), (row["site"], row["material"])
    offers = {row["offer"]: row for row in table("offers", case)}
    orders = table("open_orders", case)
    assert len(orders) >= 4
    for order in orders:
        assert offers[order["offer"]]["material"] == order["material"]
        assert "2027-01-01" <= order["arrives"] < "2027-07-01"


@each_case
def test_case_when_carbon_is_stated_then_its_note_says_the_same_its_range_and_that_it_is_an_estimate(
    case: Path,
) -> None:
    for name in ("offers", "processes"):
        for row in table(name, case):
            told = re.search(r"\bcarbon ([\d.]+)(?: t CO2e/t, range ([\d.]+)-([\d.]+))?", row["note"])
            assert told is not None, row
            assert float(told[1]) == float(row["carbon"]), row
            assert float(row["carbon"]) == 0 or float(told[2]) <= float(told[1]) <= float(told[3]), row
            assert row["confidence"] == "estimate"
            assert "carbon: " in row["source"]


FACTORS = {"sea": "sea container", "air": "air long haul", "road": "truck"}
RAIL = 0.04  # no figure; half of a truck's


@each_case
def test_lane_when_its_note_is_recomputed_then_emits_what_it_says(case: Path) -> None:
    known = {row["route"]: float(row["value"]) for row in reference("carbon") if row["product"] == "freight"}
    factors = {mode: known[route] for mode, route in FACTORS.items()} | {"rail": RAIL}
    for row in table("lanes", case):
        ways = re.findall(r"(?:(\d+) d x )?([\d,]+) km by (sea|air|road|rail)(?: x ([\d.]+))", row["note"])
        total = 0.0
        for days, distance, mode, factor in ways:
            assert float(factor) == factors[mode], row
            total += float(days or 1) * float(distance.replace(",", "")) * factors[mode] / 1000
        assert ways or "carbon 0: next door" in row["note"], row
        assert float(row["carbon"]) == pytest.approx(total, abs=0.0051), row


TOLLED = {
    "SOLVAY-LAROCHELLE-SV": ("SER-FEED", 24),
    "UCORE-ALEXANDRIA-SV": ("SER-FEED", 24),
    "CAREMAG-CARINA": ("ACL-FEED", 24),
    "WHITEMESA-DONALD": ("EFR-DON-FEED", 20),
    "WHITEMESA-MONAZITE": ("STK-FEED", 20),
    "GANZHOU-CLAY": ("KAC-FEED", 30),
}
"""Process: its feed, and t CO2e of a tonne of NdPr oxide by its route (Dy twice, Tb 8.33 times as much)."""


@pytest.mark.parametrize("process", TOLLED)
def test_tolled_oxide_when_added_up_then_emits_what_bought_oxide_of_its_route_does(process: str) -> None:
    feed, route = TOLLED[process]
    routes = {float(row["value"]) for row in reference("carbon") if row["product"] == "ndpr_oxide" and row["value"]}
    assert route in routes
    made = {row["material"]: float(row["quantity"]) for row in table("recipes") if row["process"] == process}
    oxides = made["ndpr_oxide"] + 2 * made["dy_oxide"] + 250 / 30 * made["tb_oxide"]
    feeds = {row["offer"]: float(row["carbon"]) for row in table("offers")}
    toll = {row["process"]: float(row["carbon"]) for row in table("processes")}
    assert feeds[feed] + toll[process] == pytest.approx(route * oxides, abs=0.1)


def test_data_folder_when_listed_is_no_package() -> None:
    assert not list(DATA.rglob("__init__.py"))
