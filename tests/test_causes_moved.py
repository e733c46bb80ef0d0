"""Causes of what moved: none that cannot explain the tonnes, by its sign, place or time, told and audited alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import TINY, tiny_case, write_question

from sourcing.run import optimize, verdict_on

if TYPE_CHECKING:
    from pathlib import Path

NONE = "no change of the inputs explains this by itself"
OTHER = {"site": "OTHER", "kind": "plant", "country": "USA"}
ISLAND = {"site": "MINE", "kind": "supplier", "country": "CAN"}
FROM_ISLAND = {"origin": "MINE", "destination": "OTHER", "mode": "sea"}
ELSEWHERE = {**TINY["offers"][0], "offer": "C", "supplier": "Mine Ltd", "site": "MINE", "capacity": 500}
DUE = {"site": "OTHER", "material": "oxide", "period": "2027", "quantity": 40}
BASE: dict[str, Any] = {
    "sites": [*TINY["sites"], OTHER, ISLAND],
    "offers": [*TINY["offers"], ELSEWHERE],
    "lanes": [*TINY["lanes"], FROM_ISLAND],
    "demand": [*TINY["demand"], DUE],
    "stocks": TINY["stocks"],
    "capacity": {"A": 500, "B": 40},
}


def whys(tmp_path: Path, last: list[tuple[str, float]], changes: list[dict[str, Any]], **case: Any) -> dict[str, str]:
    """Return why each offer's order of the first quarter moved, beside a last plan and its inputs, audited."""
    rows = [
        {
            **{"offer": offer, "destination": "OTHER" if offer == "C" else "PLANT", "mode": "sea"},
            **{"from": "2027-01-01", "until": "2027-04-01", "tonnes": tonnes},
        }
        for offer, tonnes in last
    ]
    tiny_case(tmp_path, **{**BASE, **case}, last_orders=rows, input_changes=changes)
    plan = optimize(write_question(tmp_path))
    assert verdict_on(plan).is_clean
    table = plan.tables["changes"]
    first = pd.concat([table[table["node"] == 0], table[table["node"] > 0]]).drop_duplicates("offer")
    return dict(zip(first["offer"], first["why"], strict=True))


def changed(
    table: str, record: str, column: str = "", before: Any = "", after: Any = "", **about: str
) -> dict[str, Any]:
    words = f"{table} {record} {column} {before} {after}"
    return {
        **{"table": table, "record": record, "column": column, "before": str(before), "after": str(after)},
        **{"size": 1.0, "words": words, **about},
    }


def offer(code: str, column: str, before: Any, after: Any) -> dict[str, Any]:
    site = {"A": "NEAR", "B": "FAR", "C": "MINE"}[code]
    return changed("offers", code, column, before, after, offer=code, site=site, material="oxide")


def demand(site: str, before: float, after: float) -> dict[str, Any]:
    return changed("demand", f"{site}|oxide|2027", "quantity", before, after, site=site, material="oxide")


LESS, MORE = [("A", 400.0)], [("A", 0.0)]
"""A is ordered less, and more, than in the last plan."""


@pytest.mark.parametrize(
    ("last", "change", "is_cause"),
    [
        (LESS, offer("A", "price", 200_000, 300_000), True),
        (LESS, offer("A", "price", 400_000, 300_000), False),
        (MORE, offer("A", "price", 400_000, 300_000), True),
        (MORE, offer("A", "price", 200_000, 300_000), False),
        (LESS, offer("A", "capacity", 100, 500), False),
        (LESS, offer("A", "lead_days", 10, 20), True),
        (LESS, offer("B", "price", 300_000, 200_000), True),
        (LESS, offer("B", "price", 100_000, 200_000), False),
        (MORE, offer("B", "price", 100_000, 200_000), True),
        (MORE, offer("B", "price", 300_000, 200_000), False),
        (MORE, offer("B", "capacity", 100, 40), True),
        (LESS, demand("PLANT", 200, 100), True),
        (MORE, demand("PLANT", 200, 100), False),
        (MORE, demand("PLANT", 50, 100), True),
        (MORE, demand("OTHER", 20, 40), False),
        (LESS, demand("OTHER", 90, 40), False),
        (LESS, offer("C", "price", 400_000, 300_000), False),
        (LESS, changed("lanes", "NEAR|PLANT||sea", "freight", 50, 100, site="PLANT"), True),
        (MORE, changed("lanes", "NEAR|PLANT||sea", "freight", 50, 100, site="PLANT"), False),
        (MORE, changed("lanes", "FAR|PLANT||sea", "freight", 50, 200, site="PLANT"), True),
        (MORE, changed("lanes", "MINE|OTHER||sea", "freight", 50, 0, site="OTHER"), False),
        (LESS, changed("stocks", "PLANT|oxide", "opening", 0, 20, site="PLANT", material="oxide"), True),
        (MORE, changed("stocks", "PLANT|oxide", "opening", 0, 20, site="PLANT", material="oxide"), False),
        (LESS, changed("ramps", "A|||2028-01-01", "capacity", 500, 400, offer="A"), False),
        (MORE, changed("ramps", "A|||2028-01-01", "capacity", 500, 400, offer="A"), True),
        (LESS, changed("limits", "far", "", "", "far"), True),
        (LESS, changed("limits", "metal", "", "", "metal", site="OTHER", material="metal"), False),
    ],
)
def test_change_when_it_cannot_explain_what_moved_then_is_not_cited(
    tmp_path: Path, last: list[tuple[str, float]], change: dict[str, Any], is_cause: bool
) -> None:
    why = whys(tmp_path, last, [change])["A"]
    assert (change["words"] in why) is is_cause
    assert (why == NONE) is not is_cause


def test_change_of_its_own_when_another_explains_the_order_then_that_is_cited(tmp_path: Path) -> None:
    changes = [offer("A", "price", 400_000, 300_000), offer("B", "price", 300_000, 200_000)]
    assert whys(tmp_path, LESS, changes)["A"] == f"no input of its own explains it: {changes[1]['words']}"


def test_change_on_an_island_when_the_order_is_there_too_then_is_cited(tmp_path: Path) -> None:
    change = demand("OTHER", 130, 40)
    found = whys(tmp_path, [("A", 400.0), ("C", 90.0)], [change])
    assert found["C"] == change["words"]
    assert found["A"] == NONE


def test_plants_when_one_supplier_serves_both_then_the_demand_of_one_may_move_the_other(tmp_path: Path) -> None:
    shared = {**FROM_ISLAND, "origin": "FAR"}
    change = demand("OTHER", 440, 40)
    why = whys(tmp_path, LESS, [change], lanes=[*TINY["lanes"], shared])["A"]
    assert why == f"no input of its own changed: {change['words']}"


@pytest.mark.parametrize(
    ("change", "is_cause"),
    [
        (changed("tariffs", "DEU|CHN||", "rate", 0.0, 0.2), True),
        (changed("tariffs", "|CAN||", "rate", 0.0, 0.2), False),
        (changed("tariffs", "USA|||", "rate", 0.0, 0.2), False),
        (changed("tariffs", "||999999|", "rate", 0.0, 0.2), False),
        (changed("tariffs", "|||2040-01-01", "rate", 0.0, 0.2), False),
        (changed("licences", "CHN|oxide|DEU|", "lag_days", 10.0, 60.0, site="DEU", material="oxide"), True),
        (changed("licences", "CHN|oxide|USA|", "lag_days", 10.0, 60.0, site="USA", material="oxide"), False),
        (changed("licences", "CAN|oxide||", "lag_days", 10.0, 60.0, material="oxide"), False),
        (changed("licences", "CHN|oxide||2029-01-01", "lag_days", 10.0, 60.0, material="oxide"), False),
        (changed("ramps", "B|||2040-01-01", "capacity", 500, 400, offer="B"), False),
        (changed("ramps", "|there||2027-01-01", "capacity", 500, 400), False),
        (changed("ramps", "|here||2027-01-01", "capacity", 500, 400), True),
        (changed("recipes", "there|oxide", "quantity", -2.0, -1.0, material="oxide"), False),
        (changed("demand", "PLANT|oxide|2040", "quantity", 10, 90, site="PLANT", material="oxide"), False),
        (changed("prices", "ndpr|2029-01-01", "value", 10, 90), False),
    ],
)
def test_change_when_it_is_nowhere_near_the_order_or_after_the_horizon_then_is_not_cited(
    tmp_path: Path, change: dict[str, Any], is_cause: bool
) -> None:
    """A is in China and goes to Germany; all that is in Canada or the United States is on an island of its own."""
    made = {"processes": [{"process": "here", "site": "PLANT"}, {"process": "there", "site": "OTHER"}]}
    made["recipes"] = [
        {"process": process, "material": material, "quantity": quantity}
        for process in ("here", "there")
        for material, quantity in (("oxide", -2), ("metal", 1))
    ]
    sites = [
        {**row, "country": {"PLANT": "DEU", "OTHER": "USA", "MINE": "CAN"}.get(row["site"], "CHN")}
        for row in BASE["sites"]
    ]
    why = whys(tmp_path, MORE, [change], sites=sites, **made)["A"]
    assert (change["words"] in why) is is_cause
    assert (why == NONE) is not is_cause
