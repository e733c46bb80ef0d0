"""Every kind of fault in the tables: where it is placed, what it says, what it offers; and all of them at once."""

# ruff: noqa: E501 - a fault per line reads as a table

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import TINY, tiny_case, tiny_tables, write_tables

from sourcing import families
from sourcing.errors import DataError, Fault
from sourcing.report.kinds import counted, fault_lines
from sourcing.tables import read_case
from sourcing.tables.problems import CODES, Suggestions
from sourcing.tables.tally import MOST

if TYPE_CHECKING:
    from pathlib import Path

OFFER: dict[str, Any] = dict(TINY["offers"][0])
MAKER = [{"process": "M", "site": "PLANT"}]
RECIPE = [
    {"process": "M", "material": "oxide", "quantity": -1.2},
    {"process": "M", "material": "metal", "quantity": 1},
]
ORIGIN = {"offer": "A", "stage": "mine", "country": "CHN", "share": 1}
GRADE = {"limit": "L", "measure": "grade", "material": "metal", "property": "iron", "value": 2}
IRON = {"properties": [{"material": "oxide", "property": "iron", "value": 1}]}
LIMIT = {"limit": "L", "measure": "share", "by": "country", "value": 0.5}
MIX = {"limit": "L", "measure": "hhi", "by": "country", "value": 0.5}
RISK = {"limit": "L", "measure": "supply_risk", "by": "country", "material": "oxide", "value": 2}
TERMS = {"material": "oxide", "global_hhi": 4, "import_reliance": 1, "eol_rir": 0, "substitution": 1}
BY_COUNTRY = {"governance": [{"country": name, "value": 2} for name in ("AUS", "CHN", "USA")]}


def faults_of(folder: Path) -> list[Fault]:
    with pytest.raises(DataError) as caught:
        read_case(folder)
    return caught.value.faults


KINDS: list[tuple[str, dict[str, Any], str]] = [
    (
        "DATA-125",
        {"sites": {"PLANT": {"name": "Our\u202eplant"}}},
        "sites.csv row 4, column name: it has a character that is no letter (U+202E, right-to-left override); "
        "take it out, or write it anew",
    ),
    (
        "DATA-101",
        {"demand": None},
        "demand.csv: the table is missing; add a table demand",
    ),
    (
        "DATA-102",
        {"lane": [{"origin": "FAR"}]},
        "lane.csv: no rule honours a table of this name; did you mean 'lanes'?",
    ),
    (
        "DATA-103",
        {"offers": {"A": {"prise": 3}}},
        "offers.csv row 1, column prise: no rule honours this column; did you mean 'price'?",
    ),
    (
        "DATA-103",
        {"offers": {"A": {"min_year": 3}}},
        "offers.csv row 1, column min_year: no rule honours this column; "
        "remove the column, or put what it says into note",
    ),
    (
        "DATA-140",
        {"change_terms": [{"offer": "", "cost_more": 1}, {"offer": "", "cost_more": 2}]},
        "change_terms.csv row 3, column offer: another row speaks of every offer too, with offer left blank; "
        "keep one of the two",
    ),
    (
        "DATA-150",
        {"tiers": [{"offer": "A", "supplier": "Near Ltd", "above": 10, "kind": "all_units", "price": 1}]},
        "tiers.csv row 2, column offer: offer and supplier are both filled in; "
        "fill in offer (with a price) or supplier (with a discount), one of them",
    ),
    (
        "DATA-170",
        {"awards": [{"offer": "A", "period": "2027"}]},
        "awards.csv row 2, column quantity: an award of nothing; fill in share or quantity, one of them",
    ),
    (
        "DATA-171",
        {"incumbents": [{"offer": "A"}]},
        "incumbents.csv row 2, column quantity: nothing says what is bought of it today; "
        "fill in quantity or share, one of them",
    ),
    (
        "DATA-172",
        {"preference": {"A": -300_001}},
        "offers.csv row 2, column preference: a favour of 300001 USD/t is more than the price of 300000; "
        "write less, or fix what is bought in awards.csv",
    ),
    (
        "DATA-173",
        {"splits": [{"split": "event", "site": "PLANT", "material": "oxide"}]},
        "splits.csv row 2, column site: split event is of one site; add the other sites, or remove the row",
    ),
    (
        "DATA-104",
        {"capacity": {"A": -40}},
        "offers.csv row 2, column capacity: -40 is below 0; write a number of at least 0",
    ),
    (
        "DATA-104",
        {"materials": {"oxide": {"value": 0}}},
        "materials.csv row 2, column value: 0 is not above 0; write a number above 0",
    ),
    (
        "DATA-104",
        {"recycled": {"A": 35}},
        "offers.csv row 2, column recycled: 35 is above 1; "
        "write a number from 0 to 1; for per cent put [%] behind the column's name",
    ),
    (
        "DATA-104",
        {"processes": MAKER, "recipes": [*RECIPE, {"process": "M", "material": "oxide2", "quantity": 0}]},
        "recipes.csv row 4, column quantity: 0 is neither input nor output; "
        "write inputs negative and outputs positive, or remove the row",
    ),
    (
        "DATA-104",
        {"limits": [{**LIMIT, "value": 35}]},
        "limits.csv row 2, column value: 35 is above 1; write a share from 0 to 1, such as 0.35 for 35 %",
    ),
    (
        "DATA-105",
        {"demand": [{"site": "PLANT", "material": "oxide", "quantity": 5}]},
        "demand.csv row 1, column period: the column is missing; "
        "add a column period: A year, quarter, month or day: 2027, 2027-Q3, 2027-03 or 2027-03-15",
    ),
    (
        "DATA-106",
        {"offers": {"A": {"price [USD/kg]": 3}}},
        "offers.csv row 1, column price: the column is given twice; keep one of the two",
    ),
    (
        "DATA-107",
        {"offers": [OFFER, {**OFFER, "price": 5}]},
        "offers.csv row 3: offer A is already in row 2; keep one of the two rows",
    ),
    (
        "DATA-107",
        {"lanes": [{"origin": "FAR", "destination": "PLANT", "freight": money} for money in (1, 2)]},
        "lanes.csv row 3: origin FAR, destination PLANT is already in row 2; keep one of the two rows",
    ),
    (
        "DATA-108",
        {"demand": {0: {"quantity": ""}}},
        "demand.csv row 2, column quantity: the cell is blank; "
        "fill in: Quantity spread evenly over the period, such as 150",
    ),
    (
        "DATA-109",
        {"price": {"A": "ten"}},
        "offers.csv row 2, column price: 'ten' is not a number; write a number such as 10 or 12.5",
    ),
    (
        "DATA-123",
        {"price": {"A": "300,000"}},
        "offers.csv row 2, column price: '300,000' could be 300000 or 300; write 300000 or 300",
    ),
    (
        "DATA-109",
        {"price": {"A": "12,5"}},
        "offers.csv row 2, column price: '12,5' is not a number; write 12.5 with a decimal point",
    ),
    (
        "DATA-109",
        {"price": {"A": "1_000"}},
        "offers.csv row 2, column price: '1_000' is not a number; write 1000 without separators",
    ),
    (
        "DATA-109",
        {"recycled": {"A": "35%"}},
        "offers.csv row 2, column recycled: '35%' is not a number; "
        "write 0.35 for 35 %, or put [%] behind the column's name",
    ),
    (
        "DATA-110",
        {"price": {"A": "NaN"}},
        "offers.csv row 2, column price: 'NaN' is not a finite number; write a number, or leave the cell blank",
    ),
    (
        "DATA-110",
        {"capacity": {"A": "-inf"}},
        "offers.csv row 2, column capacity: '-inf' is not a finite number; write a number, or leave the cell blank",
    ),
    (
        "DATA-110",
        {"capacity": {"A": "1e300"}},
        "offers.csv row 2, column capacity: '1e300' is larger than anything that can be bought; correct the number",
    ),
    (
        "DATA-110",
        {"stocks": [{"site": "PLANT", "material": "oxide", "maximum [kt]": "1e14"}]},
        "stocks.csv row 2, column maximum: 1e+17 is larger than anything that can be bought; "
        "correct the number, or its unit",
    ),
    (
        "DATA-111",
        {"start": {"A": "31/01/2027"}},
        "offers.csv row 2, column start: '31/01/2027' is not a date; write it as 2027-01-31 (year-month-day)",
    ),
    (
        "DATA-111",
        {"start": {"A": "2027-02-30"}},
        "offers.csv row 2, column start: '2027-02-30' is not a date; write it as 2027-01-31 (year-month-day)",
    ),
    (
        "DATA-112",
        {"demand": {0: {"period": "2027-Q5"}}},
        "demand.csv row 2, column period: '2027-Q5' is not a period; "
        "write a year, quarter, month or day: 2027, 2027-Q3, 2027-03 or 2027-03-15",
    ),
    (
        "DATA-113",
        {"sites": {"PLANT": {"kind": "plnat"}}},
        "sites.csv row 4, column kind: 'plnat' is not supplier, plant, recycler, warehouse or port; "
        "did you mean 'plant'?",
    ),
    (
        "DATA-113",
        {"ramps": [{"offer": "A", "from": "2027-01-01", "capacity": 5, "interpolate": "maybe"}]},
        "ramps.csv row 2, column interpolate: 'maybe' is neither yes nor no; write yes or no",
    ),
    (
        "DATA-114",
        {"offers": {"A": {"site": "NEAA"}}},
        "offers.csv row 2, column site: sites.csv has no site 'NEAA'; did you mean 'NEAR'?",
    ),
    (
        "DATA-114",
        {"limits": [{**LIMIT, "element": "Dy"}]},
        "limits.csv row 2, column element: contents.csv has no element 'Dy'; add it to contents.csv, or correct it here",
    ),
    (
        "DATA-115",
        {"sites": {"FAR": {"country": "China"}}},
        "sites.csv row 3, column country: 'China' is not a country's three letters (ISO 3166); write 'CHN' for China",
    ),
    (
        "DATA-115",
        {"tariffs": [{"importer": "EU", "rate": 0.1}]},
        "tariffs.csv row 2, column importer: 'EU' is not a country's three letters (ISO 3166) or a group; "
        "write for instance CHN, AUS or USA",
    ),
    (
        "DATA-115",
        {"sites": {"FAR": {"country": "NA"}}},
        "sites.csv row 3, column country: 'NA' is not a country's three letters (ISO 3166); write 'NAM' for Namibia",
    ),
    (
        "DATA-115",
        {"offers": {"A": {"made_in": "uk"}}},
        "offers.csv row 2, column made_in: 'uk' is not a country's three letters (ISO 3166); "
        "write 'GBR' for United Kingdom",
    ),
    (
        "DATA-116",
        {"offers": [{**{name: OFFER[name] for name in OFFER if name != "capacity"}, "capacity [lbs]": 5}]},
        "offers.csv row 1, column capacity: [lbs] is no unit for this column; "
        "write t/year, kt/year, kg/year, t/month or t/quarter",
    ),
    (
        "DATA-116",
        {"demand": {0: {"priority [t]": 1}}},
        "demand.csv row 1, column priority: [t] is no unit for this column; remove the unit: this column has none",
    ),
    (
        "DATA-116",
        {"limits": [{"limit": "L", "measure [%]": "share", "by": "country", "value": 0.35}]},
        "limits.csv row 1, column measure: [%] is no unit for this column; remove the unit: this column has none",
    ),
    (
        "DATA-116",
        {"limits": [{"limit": "L", "measure": "tonnes", "value [%]": 35}]},
        "limits.csv row 2, column value: tonnes is not measured in [%]; "
        "leave the unit out of the header, and write shares from 0 to 1, t and USD",
    ),
    (
        "DATA-121",
        {"offers": {"A": {"start": "2027-06-01", "end": "2027-06-01"}}},
        "offers.csv row 2, column end: 2027-06-01 is not after start 2027-06-01; "
        "end is the first day on which it no longer holds: write a later day",
    ),
    (
        "DATA-130",
        {"ramps": [{"offer": "", "from": "2027-01-01", "capacity": 5}]},
        "ramps.csv row 2, column offer: none of offer, process or line is filled in; fill in exactly one of them",
    ),
    (
        "DATA-130",
        {
            "processes": MAKER,
            "recipes": RECIPE,
            "ramps": [{"offer": "A", "process": "M", "from": "2027-01-01", "capacity": 5}],
        },
        "ramps.csv row 2, column offer: offer and process are filled in; fill in exactly one of them",
    ),
    (
        "DATA-130",
        {
            "processes": MAKER,
            "recipes": RECIPE,
            "lines": [{"line": "L"}],
            "ramps": [{"process": "M", "line": "L", "from": "2027-01-01", "capacity": 5}],
        },
        "ramps.csv row 2, column offer: process and line are filled in; fill in exactly one of them",
    ),
    (
        "DATA-137",
        {
            "processes": [{"process": "N", "site": "NEAR", "line": "L"}, {**MAKER[0], "line": "L"}],
            "recipes": [*RECIPE, {**RECIPE[1], "process": "N"}],
            "lines": [{"line": "L"}],
        },
        "processes.csv row 3, column line: line L is at NEAR, and M at PLANT; "
        "a line is at one site: correct the site, or give this process a line of its own",
    ),
    (
        "DATA-138",
        {"conditions": [{"condition": "pair", "kind": "offer", "if": "B", "then": "B", "at_least": 1}]},
        "conditions.csv row 2, column then: B asks for itself; name another offer, or remove the row",
    ),
    (
        "DATA-139",
        {"contracts": [{"contract": "deal", "offer": "B", "price": 1, "minimum": 50, "maximum": 40}]},
        "contracts.csv row 2, column minimum: 50 t is above the maximum of 40 t; write a minimum that the maximum allows",
    ),
    (
        "DATA-114",
        {"processes": [{**MAKER[0], "line": "mil"}], "recipes": RECIPE, "lines": [{"line": "mill"}]},
        "processes.csv row 2, column line: lines.csv has no line 'mil'; did you mean 'mill'?",
    ),
    (
        "DATA-131",
        {"processes": MAKER},
        "processes.csv row 2, column process: M has no rows in recipes.csv; "
        "add a row with M, what it makes, and a positive quantity",
    ),
    (
        "DATA-131",
        {"processes": MAKER, "recipes": RECIPE[:1]},
        "processes.csv row 2, column process: M has only inputs in recipes.csv; "
        "add a row with M, what it makes, and a positive quantity",
    ),
    (
        "DATA-132",
        {"limits": [{**LIMIT, "by": ""}]},
        "limits.csv row 2, column by: a share needs to know by what it is shared; fill in by, such as country",
    ),
    (
        "DATA-132",
        {"limits": [{**LIMIT, "sense": "min"}]},
        "limits.csv row 2, column member: a least amount needs a member; say which country it is for",
    ),
    (
        "DATA-132",
        {"limits": [{"limit": "L", "measure": "tonnes", "member": "CHN", "value": 4}]},
        "limits.csv row 2, column by: member is filled in but by is blank; fill in by, such as country",
    ),
    (
        "DATA-132",
        {"limits": [{"limit": "L", "measure": "spend", "stage": "oxide", "value": 4}]},
        "limits.csv row 2, column stage: spend is counted as bought; leave stage blank, or sort by origin",
    ),
    (
        "DATA-132",
        {"limits": [{**LIMIT, "counted_in": "element"}]},
        "limits.csv row 2, column counted_in: tonnes of no stated element; fill in element, or write tonnes",
    ),
    (
        "DATA-132",
        {"limits": [{"limit": "L", "measure": "carbon", "stage": "oxide", "value": 4}]},
        "limits.csv row 2, column stage: carbon is counted in tonnes of CO2e, and stage is for what arrives; "
        "leave it blank",
    ),
    (
        "DATA-132",
        {"limits": [{"limit": "L", "measure": "carbon", "sense": "min", "value": 4}]},
        "limits.csv row 2, column sense: nobody asks for at least so much of carbon; write max, or leave it blank",
    ),
    (
        "DATA-132",
        {"limits": [{**MIX, "sense": "min"}]},
        "limits.csv row 2, column sense: a least concentration would ask for fewer sources; "
        "write max, or leave it blank; for a least share write share",
    ),
    (
        "DATA-132",
        {"limits": [{**MIX, "by": ""}]},
        "limits.csv row 2, column by: concentration needs to know by what; fill in by, such as country",
    ),
    (
        "DATA-132",
        {"limits": [{**MIX, "member": "CHN"}]},
        "limits.csv row 2, column member: concentration is of all members together; "
        "leave it blank; to limit one of them write share",
    ),
    (
        "DATA-104",
        {"limits": [{**MIX, "value": 2500}]},
        "limits.csv row 2, column value: 2500 is above 1; "
        "write an index above 0 and up to 1, such as 0.25 (n equal sources have 1/n, 2,500 points are 0.25)",
    ),
    (
        "DATA-104",
        {"limits": [{**MIX, "value": 0}]},
        "limits.csv row 2, column value: 0 would take sources without number; "
        "write an index above 0 and up to 1, such as 0.25 (n equal sources have 1/n, 2,500 points are 0.25)",
    ),
    (
        "DATA-132",
        {"limits": [{**RISK, "by": "supplier"}], **BY_COUNTRY, "supply_risk": [{**TERMS, "global_hhi": 2}]},
        "limits.csv row 2, column by: it is countries that are governed, not each supplier; write country",
    ),
    (
        "DATA-132",
        {"limits": [{**RISK, "material": ""}], **BY_COUNTRY, "supply_risk": [TERMS]},
        "limits.csv row 2, column element: nothing says of what the supply risk is; fill in element, or material",
    ),
    (
        "DATA-104",
        {"limits": [{**RISK, "measure": "governance_hhi", "value": 0}], **BY_COUNTRY},
        "limits.csv row 2, column value: 0 would take sources without number; write a value above 0",
    ),
    (
        "DATA-149",
        {"offers": {"B": {"change_maximum": 0.2, "capacity": ""}}},
        "offers.csv row 3, column change_maximum: it is a part of the capacity, and nothing says what the offer can give; "
        "fill in its capacity, or leave change_maximum blank",
    ),
    (
        "DATA-180",
        {"closures": [{"stops": "orders", "from": "2027-02-05", "until": "2027-02-12"}]},
        "closures.csv row 2, column site: nobody is closed; fill in country, site or supplier",
    ),
    (
        "DATA-181",
        {"closures": [{"stops": "orders", "site": "FAR", "mode": "sea", "from": "2027-02-05", "until": "2027-02-12"}]},
        "closures.csv row 2, column mode: what stops is orders, for which mode makes no difference; "
        "leave mode blank, or let loading stop",
    ),
    (
        "DATA-182",
        {
            "licences": [{"country": "CHN", "material": "oxide", "lag_days": 30, "follows": "origin"}],
            "lanes": {1: {"mode": "sea, made in CHN"}},
        },
        "lanes.csv row 3, column mode: 'made in' in a mode stands for goods that wait for a licence which follows them; "
        "call the mode otherwise",
    ),
    (
        "DATA-147",
        {"limits": [{**RISK, "measure": "governance_hhi"}], "governance": BY_COUNTRY["governance"][1:]},
        "limits.csv row 2, column measure: governance.csv has no row for AUS; "
        "add a row for each country of sites, offers and origins",
    ),
    (
        "DATA-147",
        {"limits": [RISK], **BY_COUNTRY},
        "limits.csv row 2, column material: supply_risk.csv has no row for oxide; add one, with its source",
    ),
    (
        "DATA-147",
        {"limits": [RISK], **BY_COUNTRY, "supply_risk": [TERMS]},
        "limits.csv row 2, column value: 2 cannot be met: the world's supply of oxide alone makes it 2; "
        "write more than 2, or look at oxide in supply_risk.csv",
    ),
    (
        "DATA-130",
        {"supply_risk": [{**TERMS, "material": ""}]},
        "supply_risk.csv row 2, column material: a supply risk of nothing; fill in exactly one of them",
    ),
    (
        "DATA-104",
        {"limits": [{"limit": "L", "measure": "lead_days", "value": 0}]},
        "limits.csv row 2, column value: nothing arrives in 0 days; "
        "write the days that an order may take on average, such as 90",
    ),
    (
        "DATA-132",
        {"limits": [{**GRADE, "by": "country"}], **IRON},
        "limits.csv row 2, column by: a grade is an average over a blend, and by is for what arrives; leave it blank",
    ),
    (
        "DATA-132",
        {"limits": [{**GRADE, "counted_in": "tonnes"}], **IRON},
        "limits.csv row 2, column counted_in: a grade is an average over a blend, and counted_in is for what arrives; "
        "leave it blank",
    ),
    (
        "DATA-132",
        {"limits": [{**GRADE, "property": ""}]},
        "limits.csv row 2, column property: a grade of nothing; "
        "fill in element (of contents.csv) or property (of properties.csv), one of them",
    ),
    (
        "DATA-132",
        {
            "limits": [{**GRADE, "element": "Dy"}],
            **IRON,
            "contents": [{"material": "oxide", "element": "Dy", "share": 1}],
        },
        "limits.csv row 2, column property: element and property are both filled in; "
        "fill in element (of contents.csv) or property (of properties.csv), one of them",
    ),
    (
        "DATA-132",
        {"limits": [{**GRADE, "material": ""}], **IRON},
        "limits.csv row 2, column material: nothing says which blend it is; "
        "fill in material, what is made of it, or line, what it runs on",
    ),
    (
        "DATA-132",
        {"limits": [{**LIMIT, "property": "iron"}], **IRON},
        "limits.csv row 2, column property: property is for a grade; leave it blank, or write grade as the measure",
    ),
    (
        "DATA-104",
        {"limits": [{**GRADE, "value": 0}], **IRON},
        "limits.csv row 2, column value: 0 is no grade that a blend could have on average; "
        "write a grade above 0; to ban a material, remove the process that takes it",
    ),
    (
        "DATA-104",
        {
            "limits": [{**GRADE, "property": "", "element": "Dy"}],
            "contents": [{"material": "oxide", "element": "Dy", "share": 0.5}],
        },
        "limits.csv row 2, column value: 2 is above 1; write tonnes of the element per tonne, such as 0.02",
    ),
    (
        "DATA-114",
        {"limits": [{**GRADE, "property": "irom"}], **IRON},
        "limits.csv row 2, column property: properties.csv has no property 'irom'; did you mean 'iron'?",
    ),
    (
        "DATA-133",
        {"limits": [{**LIMIT, "member": "China"}]},
        "limits.csv row 2, column member: 'China' is neither country nor group; did you mean 'CHN'?",
    ),
    (
        "DATA-133",
        {"groups": [{"group": "ours", "member": "PLANT"}], "limits": [{**LIMIT, "member": "ours"}]},
        "limits.csv row 2, column member: group ours holds no country; choose another group, or another by",
    ),
    (
        "DATA-133",
        {"groups": [{"group": "allied", "member": "Nera Ltd"}]},
        "groups.csv row 2, column member: 'Nera Ltd' is no country, site, supplier or owner; did you mean 'Near Ltd'?",
    ),
    (
        "DATA-133",
        {"limits": [{**LIMIT, "member": "NA"}]},
        "limits.csv row 2, column member: 'NA' is neither country nor group; write 'NAM' for Namibia",
    ),
    (
        "DATA-133",
        {"groups": [{"group": "allied", "member": "NA"}]},
        "groups.csv row 2, column member: 'NA' is no country, site, supplier or owner; write 'NAM' for Namibia",
    ),
    (
        "DATA-132",
        {"limits": [{**LIMIT, "by": "origin"}]},
        "limits.csv row 2, column stage: origin is of a stage, and stage is blank; "
        "say where it is to be seen through to, such as mine or oxide",
    ),
    (
        "DATA-132",
        {"limits": [{"limit": "L", "measure": "carbon", "by": "origin_owner", "value": 4}]},
        "limits.csv row 2, column by: carbon is counted where it is sold, and origin_owner is of an earlier stage; "
        "write shipped_from, country, owner or supplier",
    ),
    (
        "DATA-133",
        {"limits": [{**LIMIT, "by": "shipped_from", "member": "UK"}]},
        "limits.csv row 2, column member: 'UK' is neither shipped_from nor group; write 'GBR' for United Kingdom",
    ),
    (
        "DATA-141",
        {"origins": [{**ORIGIN, "share": 0.7}, {**ORIGIN, "country": "TJK", "share": 0.4}]},
        "origins.csv row 3, column share: the origins of A at stage mine add up to 1.1; "
        "lower them: all of it is 1, and what they leave is unknown",
    ),
    (
        "DATA-141",
        {"origins": [{**ORIGIN, "stage": "metal"}]},
        "origins.csv row 2, column stage: A sells oxide, which is at stage oxide: it has not come to metal; "
        "write oxide or an earlier stage, or correct the stage of oxide in materials.csv",
    ),
    (
        "DATA-141",
        {"materials": {"oxide": {"stage": ""}}, "origins": [ORIGIN]},
        "origins.csv row 2, column stage: A sells oxide, which has no stage; "
        "fill in the stage of oxide in materials.csv",
    ),
    (
        "DATA-141",
        {"stocks": [{"site": "PLANT", "material": "metal", "opening": 20, "offer": "A"}]},
        "stocks.csv row 2, column offer: A sells oxide, and the stock is of metal; "
        "name an offer of the same material, or leave it blank",
    ),
    (
        "DATA-142",
        {"call_off": {"A": "lot"}},
        "offers.csv row 2, column call_off: A is called off whenever a lot is full, and nothing says how much a lot is; "
        "fill in lot_multiple or min_lot, or call it off monthly",
    ),
    (
        "DATA-104",
        {"origins": [{**ORIGIN, "share": 0}]},
        "origins.csv row 2, column share: 0 is not above 0; write a number above 0 and up to 1",
    ),
    (
        "DATA-134",
        {"contents": [{"material": "oxide", "element": name, "share": 0.6} for name in ("Dy", "Tb")]},
        "contents.csv row 2, column share: the elements of oxide add up to 1.2; "
        "correct the shares: they are tonnes of element in one tonne of material",
    ),
    (
        "DATA-135",
        {"groups": [{"group": "CHN", "member": "USA"}]},
        "groups.csv row 2, column group: 'CHN' is also a country, site, supplier or owner; give the group another name",
    ),
]


@pytest.mark.parametrize(("code", "changes", "sentence"), KINDS, ids=lambda value: str(value)[:60])
def test_a_case_with_one_fault_says_where_what_and_how_to_repair_it(
    tmp_path: Path, code: str, changes: dict[str, Any], sentence: str
) -> None:
    faults = faults_of(tiny_case(tmp_path, **changes))
    assert (code, sentence) in [(fault.code, str(fault)) for fault in faults]


FILES: list[tuple[str, bytes, str]] = [
    ("DATA-118", b"offer,supplier,site,material,price\n", "offers.csv: the table has no rows; fill in offers"),
    (
        "DATA-119",
        "offer,supplier\nA,B\nB,Müller\nC,".encode() + b"M\xfcller\n",
        "offers.csv row 4: some of its letters are saved as UTF-8 and others are not; "
        "save it as 'CSV UTF-8 (comma delimited)'",
    ),
    (
        "DATA-119",
        b"offer,supplier\nA,B\nB,\x8d\n",
        "offers.csv row 3: it has a letter that is neither UTF-8 nor Windows-1252; "
        "save it as 'CSV UTF-8 (comma delimited)'",
    ),
    (
        "DATA-119",
        b"\xef\xbb\xbfoffer,supplier\nA,M\xfcller\n",
        "offers.csv: it begins as UTF-8 and does not go on as that: it is damaged or cut off; "
        "save it as 'CSV UTF-8 (comma delimited)'",
    ),
    (
        "DATA-119",
        b"\xff\xfeo\x00f\x00f",
        "offers.csv: it begins as UTF-16 and does not go on as that: it is damaged or cut off; "
        "save it as 'CSV UTF-8 (comma delimited)'",
    ),
    (
        "DATA-119",
        b"offer,supplier\nA,B\x00\n",
        "offers.csv row 2: it has a character that is no letter (U+0000): it is damaged, or no text; "
        "remove the character, or save it as 'CSV UTF-8 (comma delimited)'",
    ),
    (
        "DATA-119",
        b"PK\x03\x04\x14\x00\x06\x00",
        "offers.csv: it is an Excel workbook or a zip file, whatever its name says; "
        "open it in the spreadsheet and save the sheet as 'CSV UTF-8 (comma delimited)'",
    ),
    (
        "DATA-119",
        b"offer;supplier,site\nA;B,C\n",
        "offers.csv row 1: its column names have commas and semicolons between them; use one of them throughout",
    ),
    (
        "DATA-119",
        b'"offer,supplier,site"\n"A,B,C"\n',
        "offers.csv row 1: the whole row is one cell in quotes; "
        "split it into columns, and save it as 'CSV UTF-8 (comma delimited)'",
    ),
    (
        "DATA-119",
        b"sep=:\noffer:supplier\n",
        "offers.csv row 1: 'sep=:' names no separator that is known; write sep=, or sep=; or remove the line",
    ),
    (
        "DATA-119",
        b"\n\noffer,supplier\n",
        "offers.csv: row 1 has no column names; put the column names into row 1, or remove the file",
    ),
    (
        "DATA-119",
        b"",
        "offers.csv: row 1 has no column names; put the column names into row 1, or remove the file",
    ),
    (
        "DATA-119",
        b'offer,supplier\nA,"Near\n',
        "offers.csv row 2: its double quotes do not match from here on; "
        "give each double quote its partner (inside a text it is written twice)",
    ),
    (
        "DATA-117",
        b"offer,supplier,site,material,price\nA,Near,NEAR,oxide,1,000\nB,Far,FAR,oxide,1\n",
        "offers.csv row 2: the row has 6 cells, the header 5; put text with commas into double quotes, and write numbers without commas",
    ),
    (
        "DATA-117",
        b"offer,supplier,site,material,price\nA,Near,NEAR,oxide,1\nB,Far\n",
        "offers.csv row 3: the row has 2 cells, the header 5; "
        "add the missing commas; a spreadsheet writes all of them if the last column is filled in",
    ),
    (
        "DATA-117",
        b"offer,supplier,site,material,price,capacity,note\nA,Near,NEAR,oxide,1,000,500,\nB,Far,FAR,oxide,1,2,\n",
        "offers.csv row 2: the row has 8 cells, the header 7; remove the commas at its end, or those inside a number or text",
    ),
    (
        "DATA-122",
        b"offer,supplier,site,material,price\nA,Near,NEAR,oxide,1\noffer,supplier,site,material,price\nB,Far,FAR,oxide,1\n",
        "offers.csv row 3: the row repeats the column names; "
        "remove the row; if files were put together, look for rows that are there twice",
    ),
    (
        "DATA-120",
        b"offer,supplier,site,material,price,\nA,Near,NEAR,oxide,1,\nB,Far,FAR,oxide,1,7\n",
        "offers.csv row 3: column 6 has no name but is filled in; name the column in row 1, or empty it",
    ),
]


@pytest.mark.parametrize(("code", "content", "sentence"), FILES, ids=lambda value: str(value)[:40])
def test_a_file_that_cannot_be_read_is_one_fault_and_no_traceback(
    tmp_path: Path, code: str, content: bytes, sentence: str
) -> None:
    folder = tiny_case(tmp_path)
    (folder / "offers.csv").write_bytes(content)
    assert [(fault.code, str(fault)) for fault in faults_of(folder)] == [(code, sentence)]


def test_two_files_for_one_table_are_refused(tmp_path: Path) -> None:
    folder = tiny_case(tmp_path)
    (folder / "offers.CSV").write_bytes((folder / "offers.csv").read_bytes())
    (fault,) = faults_of(folder)
    assert str(fault) == "offers.csv: there is another file for offers; remove one of the two"


def test_a_case_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path / "nowhere")
    assert fault.code == "DATA-100"
    assert "there is no such folder" in fault.fact


def test_every_code_has_a_case_that_triggers_it() -> None:
    elsewhere = {"DATA-100", "DATA-124", "DATA-126", "DATA-136", "DATA-148"}
    every = {*CODES, *(code for code in families.codes() if code.startswith("DATA"))}
    assert {code for code, *_ in KINDS} | {code for code, *_ in FILES} | elsewhere == every


def test_all_faults_are_found_at_once_in_the_order_of_tables_and_rows(tmp_path: Path) -> None:
    folder = tiny_case(
        tmp_path,
        sites={"FAR": {"country": "China"}},
        offers={"A": {"price": "ten", "capacity": -1}, "B": {"site": "FARR"}},
        demand={1: {"period": "soon"}},
        surplus=[{"a": 1}],
    )
    assert [(fault.place, fault.code) for fault in faults_of(folder)] == [
        ("sites.csv row 3, column country", "DATA-115"),
        ("offers.csv row 2, column price", "DATA-109"),
        ("offers.csv row 2, column capacity", "DATA-104"),
        ("offers.csv row 3, column site", "DATA-114"),
        ("demand.csv row 3, column period", "DATA-112"),
        ("surplus.csv", "DATA-102"),
    ]


def test_a_missing_table_is_one_fault_and_not_one_per_reference(tmp_path: Path) -> None:
    (fault,) = faults_of(tiny_case(tmp_path, sites=None))
    assert (fault.place, fault.code) == ("sites.csv", "DATA-101")


def test_a_bad_cell_is_reported_once(tmp_path: Path) -> None:
    (fault,) = faults_of(tiny_case(tmp_path, demand={0: {"quantity": "many"}}))
    assert fault.code == "DATA-109"


def test_an_empty_folder_lists_the_tables_it_needs(tmp_path: Path) -> None:
    faults = faults_of(write_tables(tmp_path / "empty", {}))
    assert [fault.place for fault in faults] == ["materials.csv", "sites.csv", "offers.csv", "demand.csv"]


def test_rows_in_any_order_give_the_same_faults_by_row(tmp_path: Path) -> None:
    tables = tiny_tables(offers={"A": {"price": "ten"}})
    tables["offers"].reverse()
    (fault,) = faults_of(write_tables(tmp_path / "turned", tables))
    assert fault.place == "offers.csv row 3, column price"


def test_ten_thousand_faults_are_all_counted_and_told_by_kind(tmp_path: Path) -> None:
    offers = [{**OFFER, "offer": f"O{n}", "price": "ten", "site": f"S{n}"} for n in range(5_000)]
    faults = faults_of(tiny_case(tmp_path, offers=offers))
    assert (len(faults), counted(faults)) == (2 * (MOST + 1), 10_000)
    lines = fault_lines(faults)
    assert [line for line in lines if line.startswith("  5,000 × ")] == [
        "  5,000 × unknown reference (DATA-114)",
        "  5,000 × not a number (DATA-109)",
    ]
    assert len(lines) < 20


def test_looking_for_the_word_that_was_meant_is_given_up_after_a_while() -> None:
    near = Suggestions(f"site-{n}" for n in range(1_000))
    assert near.nearest("sight-7") == "site-7"
    assert [near.nearest(f"sight-{n}") for n in range(100)][-1] == ""
    assert near.nearest("SITE-5") == "site-5"


def test_what_a_fault_quotes_is_one_line_and_no_longer_than_can_be_read(tmp_path: Path) -> None:
    (fault,) = faults_of(tiny_case(tmp_path, price={"A": "1\n2" + "x" * 99_999}))
    assert fault.fact == f"'1 2{'x' * 57}…' is not a number"
    assert len(Fault("a", "\x1b[2J" + "b" * 9_999, "c", "d").fact) < 700
    assert Fault("a", "\x1b[2J\udcff\u202e", "c", "d").fact == " [2J  "
