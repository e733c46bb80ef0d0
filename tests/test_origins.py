"""Look-through: oxide that ships from Thailand, refined in China, mined in China and Tajikistan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import TINY, tiny_case, write_question
from cases.chain import answer

from sourcing.answer.audit import verdict_on
from sourcing.plan import Plan
from sourcing.plan.store import read_plan
from sourcing.question import load_question
from sourcing.question.edits import apply
from sourcing.report.console import render_plan
from sourcing.run import optimize
from sourcing.tables import read_case
from sourcing.tables.screens import screen as found_before

if TYPE_CHECKING:
    from pathlib import Path

YEAR = '[horizon]\nstart = "2027-01"\nperiods = 1\nlength = "year"\n'
THAI: dict[str, Any] = {
    "sites": [
        *TINY["sites"],
        {"site": "BKK", "kind": "supplier", "country": "THA", "owner": "Siam Oxide", "owner_country": "JPN"},
        {"site": "VER", "kind": "supplier", "country": "MEX", "owner": "Golfo SA", "owner_country": "MEX"},
    ],
    "offers": [
        {**TINY["offers"][0], "capacity": 500},
        {**TINY["offers"][0], "offer": "T", "supplier": "Siam Oxide", "site": "BKK", "price": 100_000, "capacity": 500},
    ],
    "origins": [
        {"offer": "T", "stage": "oxide", "country": "CHN", "owner_country": "CHN", "share": 1},
        {"offer": "T", "stage": "mine", "country": "CHN", "owner_country": "CHN", "share": 0.7},
        {"offer": "T", "stage": "mine", "country": "TJK", "owner_country": "", "share": 0.3},
    ],
    "groups": [{"group": "allied", "member": "AUS"}, {"group": "allied", "member": "TJK"}],
    "contents": [{"material": "oxide", "element": "Dy", "share": 0.5}],
    "lanes": [{"origin": site, "destination": "PLANT", "mode": "sea"} for site in ("NEAR", "BKK", "VER")],
    "demand": [TINY["demand"][0]],
    "stocks": None,
}
"""100 t of oxide in 2027: cheap from T in Thailand, dear from A in Australia; nobody says where that was mined."""

SILENT = {**THAI["offers"][1], "offer": "U", "supplier": "Golfo SA", "site": "VER", "price": 50_000}
"""The cheapest offer, from Mexico: nobody says where it was mined."""


def plan_of(tmp_path: Path, *limits: dict[str, Any], **changes: Any) -> Plan:
    named = [{"limit": f"L{number}", "measure": "share", **row} for number, row in enumerate(limits)]
    tiny_case(tmp_path, **(THAI | {"limits": named or None} | changes))
    plan = answer(write_question(tmp_path, YEAR)).plan
    assert verdict_on(plan).findings == []
    return plan


def ordered(plan: Plan, offer: str) -> float:
    bought = plan.tables["purchases"]
    return float(bought.loc[bought["offer"] == offer, "tonnes"].sum())


def seen(by: str, stage: str, member: str, value: float, **cells: Any) -> dict[str, Any]:
    return {"by": by, "stage": stage, "member": member, "value": value, **cells}


@pytest.mark.parametrize(
    ("limit", "from_thailand"),
    [
        (seen("shipped_from", "", "THA", 0.4), 40),
        (seen("country", "", "CHN", 0.1), 100),  # made_in is blank: as if it were Thai
        (seen("origin", "oxide", "CHN", 0.2), 20),
        (seen("origin", "oxide", "THA", 0.0), 100),  # none of it was refined there
        (seen("origin", "mine", "CHN", 0.35), 50),
        (seen("origin", "mine", "CHN", 0.75), 100),  # 0.7 is less
        (seen("origin", "mine", "TJK", 12, measure="tonnes"), 40),
        (seen("origin", "mine", "TJK", 3, measure="tonnes", element="Dy"), 20),
        (seen("origin", "mine", "", 0.5), 50 / 0.7),  # each by itself
        (seen("origin", "mine", "CHN", 2_100_000, measure="spend"), 30),
        (seen("origin_owner", "oxide", "CHN", 0.3), 30),
        (seen("origin_owner", "oxide", "JPN", 0.0), 100),  # it owns who ships, not who refines
        (seen("origin_owner", "mine", "CHN", 0.35), 50),
    ],
)
def test_year_when_what_is_inside_is_limited_then_so_much_ships_from_thailand(
    tmp_path: Path, limit: dict[str, Any], from_thailand: float
) -> None:
    plan = plan_of(tmp_path, limit)
    assert ordered(plan, "T") == pytest.approx(from_thailand, abs=1e-6)
    assert ordered(plan, "A") == pytest.approx(100 - from_thailand, abs=1e-6)
    binding = plan.tables["limits"].loc[lambda table: table["binds"]]
    assert bool(len(binding)) == (from_thailand < 100)


@pytest.mark.parametrize(
    ("limit", "silent"),
    [
        (seen("origin", "mine", "unknown", 0.25), 25),
        (seen("origin", "mine", "unknown", 1.0), 100),
        (seen("origin_owner", "mine", "unknown", 0.44), 20),  # 0.3 of T has an owner that nobody names: 20 + 24
        (seen("origin", "mine", "allied", 0.24, sense="min"), 20),  # 0.3 of T is Tajik
        (seen("origin", "mine", "", 2, measure="suppliers", sense="min", at_least=21), 70),  # 0.7 of T is Chinese
        (seen("origin", "oxide", "MEX", 0.6), 60),  # at its own stage it is of the site that sells it
    ],
)
def test_year_when_nobody_says_where_the_cheapest_was_mined_then_it_can_be_limited(
    tmp_path: Path, limit: dict[str, Any], silent: float
) -> None:
    plan = plan_of(tmp_path, limit, offers=[*THAI["offers"], SILENT])
    assert ordered(plan, "U") == pytest.approx(silent, abs=1e-6)
    assert ordered(plan, "T") == pytest.approx(100 - silent, abs=1e-6)


def test_owner_when_made_elsewhere_than_shipped_then_the_shipper_is_not_the_owner(tmp_path: Path) -> None:
    made = {**THAI["offers"][1], "made_in": "CHN"}
    limit = seen("origin_owner", "oxide", "unknown", 0.3)
    plan = plan_of(tmp_path, limit, offers=[THAI["offers"][0], made], origins=None)
    assert ordered(plan, "T") == pytest.approx(30)
    shares = plan.tables["shares"].set_index(["counted", "lens", "stage", "group"])["tonnes"]
    assert shares["material", "country", "", "CHN"] == shares["material", "shipped_from", "", "THA"]


def test_own_refinery_when_it_takes_chinese_ore_then_oxide_is_its_own_and_the_mine_chinese(tmp_path: Path) -> None:
    ore = {"material": "ore", "stage": "mine", "value": 1000}
    offers = [THAI["offers"][0], {**THAI["offers"][1], "material": "ore", "price": 100}]
    plan = plan_of(
        tmp_path,
        seen("origin", "oxide", "USA", 0.6),
        seen("origin", "mine", "CHN", 90, measure="tonnes"),
        materials=[*TINY["materials"], ore],
        offers=offers,
        origins=[{"offer": "T", "stage": "mine", "country": "CHN", "share": 0.9}],
        processes=[{"process": "refine", "site": "PLANT"}],
        recipes=[
            {"process": "refine", "material": "ore", "quantity": -2},
            {"process": "refine", "material": "oxide", "quantity": 1},
        ],
    )
    assert ordered(plan, "T") == pytest.approx(100)
    shares = plan.tables["shares"].set_index(["counted", "what", "lens", "stage", "group"])["tonnes"]
    assert shares["material", "oxide", "origin", "oxide", "USA"] == pytest.approx(50)
    assert shares["material", "ore", "origin", "mine", "CHN"] == pytest.approx(90)
    assert shares["material", "ore", "origin", "mine", "unknown"] == pytest.approx(10)


STOCKED: dict[str, Any] = {
    "stocks": [
        {"site": "PLANT", "material": "oxide", "opening": 20, "offer": "T"},
        {"site": "NEAR", "material": "oxide", "opening": 5},
    ],
    "open_orders": [
        {"order": name, "site": "PLANT", "material": "oxide", "arrives": "2027-03-01", "quantity": tonnes, "offer": of}
        for name, tonnes, of in (("P1", 10, "T"), ("P2", 4, ""))
    ],
}


def told(plan: Plan) -> dict[tuple[Any, ...], float]:
    table = plan.tables["look_through"]
    table = table[table["counted"] == "material"]
    keys = zip(table["kind"], table["shipped_from"], table["stage"], table["origin"], strict=True)
    return dict(zip(keys, table["tonnes"], strict=True))


def test_look_through_when_stock_and_orders_are_there_then_tells_them_apart(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, **STOCKED)
    bought = ordered(plan, "T")
    assert told(plan) == pytest.approx(
        {
            ("bought", "THA", "mine", "CHN"): 0.7 * bought,
            ("bought", "THA", "mine", "TJK"): 0.3 * bought,
            ("bought", "THA", "oxide", "CHN"): bought,
            ("open order", "THA", "mine", "CHN"): 7,
            ("open order", "THA", "mine", "TJK"): 3,
            ("open order", "THA", "oxide", "CHN"): 10,
            ("open order", "unknown", "mine", "unknown"): 4,
            ("open order", "unknown", "oxide", "unknown"): 4,
            ("opening stock", "THA", "mine", "CHN"): 14,
            ("opening stock", "THA", "mine", "TJK"): 6,
            ("opening stock", "THA", "oxide", "CHN"): 20,
            ("opening stock", "unknown", "mine", "unknown"): 5,
            ("opening stock", "unknown", "oxide", "unknown"): 5,
        }
    )


def test_limit_when_stock_and_orders_are_there_then_counts_the_orders_alone(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, seen("origin", "mine", "CHN", 28, measure="tonnes"), **STOCKED)
    assert ordered(plan, "T") == pytest.approx(30)  # 0.7 of it and of the 10 t ordered before


def test_case_without_origins_when_planned_then_has_no_look_through(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, origins=None)
    assert "look_through" not in plan.tables
    assert {"origin", "origin_owner", "shipped_from"}.isdisjoint(plan.tables["shares"]["lens"])


def test_screen_when_things_are_seen_through_then_says_how_much_of_what_looks_thai_is_chinese(tmp_path: Path) -> None:
    limit = seen("origin", "mine", "CHN", 0.5, element="Dy", counts="arrivals")
    plan = plan_of(tmp_path, limit, offers=[*THAI["offers"], {**SILENT, "capacity": 20}], **STOCKED)
    screen = render_plan(plan, 120).plain
    assert "  by where it was mined, whoever ships it\n" in screen
    assert (
        """
SEEN THROUGH  what is inside, whoever ships it; open orders included
  Of 26 t of Dy that ships from Thailand, 26 t (100 %) was refined in China
  Of 26 t of Dy that ships from Thailand, 18 t (70 %) was mined in China, 7.6 t in Tajikistan
  Of 38 t of Dy in all, nobody says where 12 t (32 %) was mined
  Of 38 t of Dy in all, nobody says where 2.0 t (5 %) was refined
  Of 12 t of Dy in stock on the first day, 7.0 t (56 %) was mined in China, 3.0 t in Tajikistan, 2.5 t nobody says
  Of 12 t of Dy in stock on the first day, 10 t (80 %) was refined in China, 2.5 t nobody says
"""
        in screen
    )
    assert "Country means where it is made; where it was mined or refined, as far as known, is in" in screen


def test_screen_when_nothing_is_stated_then_has_no_such_block_and_says_what_would_tell(tmp_path: Path) -> None:
    screen = render_plan(plan_of(tmp_path, origins=None), 120).plain
    assert "SEEN THROUGH" not in screen
    assert "a table of origins would say where it was mined and refined" in screen


def changed(plan: Plan, table: pd.DataFrame) -> list[str]:
    tables = {**plan.tables, "look_through": table}
    return verdict_on(Plan(tables, plan.manifest, plan.case, plan.question)).findings


def test_audit_when_any_cell_of_look_through_is_changed_or_any_row_is_gone_then_says_so(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, contents=None, **STOCKED)
    table = plan.tables["look_through"]
    for row in range(len(table)):
        assert changed(plan, table.drop(index=row)), row
    for row in range(0, len(table), 5):
        for column in table:
            other = table.astype(object)
            cell = other.loc[row, column]
            other.loc[row, column] = f"{cell}x" if isinstance(cell, str) else cell + 1
            assert changed(plan, other), (row, column)
    assert "is there twice" in changed(plan, pd.concat([table, table.head(1)], ignore_index=True))[0]


def test_audit_when_the_model_counts_too_little_of_an_origin_then_objects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sourcing.network import limits

    right = limits.seen_through
    monkeypatch.setattr(limits, "seen_through", lambda *asked: (right(*asked)[0], right(*asked)[1] * 0.9))
    with pytest.raises(AssertionError, match="above what is allowed"):
        plan_of(tmp_path, seen("origin", "mine", "CHN", 0.35, counts="arrivals"))


def test_audit_when_look_through_is_there_and_nothing_is_stated_then_says_so(tmp_path: Path) -> None:
    table = plan_of(tmp_path).tables["look_through"]
    plan = plan_of(tmp_path, origins=None)
    assert len(changed(plan, table)) == len(table)


def test_saved_plan_when_read_again_then_has_look_through_as_it_was(tmp_path: Path) -> None:
    tiny_case(tmp_path, **(THAI | STOCKED))
    plan = optimize(write_question(tmp_path, YEAR), out=tmp_path / "plan")
    again = read_plan(tmp_path / "plan")
    pd.testing.assert_frame_equal(again.tables["look_through"], plan.tables["look_through"], check_dtype=False)


@pytest.mark.parametrize(
    ("limit", "words"),
    [
        (seen("origin", "oxide", "CHN", 0.5), "all there is comes from there"),
        (seen("origin_owner", "oxide", "", 0.5), "takes at least 2 sources, and there are 1"),
        (seen("origin", "mine", "", 3, measure="suppliers", sense="min", at_least=1), "and there are 2"),
    ],
)
def test_check_when_all_is_seen_to_come_from_one_country_then_says_so(
    tmp_path: Path, limit: dict[str, Any], words: str
) -> None:
    tiny_case(tmp_path, limits=[{"limit": "L", "measure": "share", **limit}], **(THAI | {"offers": THAI["offers"][1:]}))
    asked = load_question(write_question(tmp_path, YEAR))
    found = [finding.fact for finding in found_before(apply(asked, read_case(asked.case_path)), asked)]
    assert any(words in fact for fact in found), found


@pytest.mark.parametrize(("value", "from_thailand"), [(0.5, 90), (0.58, 100)])
def test_hhi_when_seen_through_then_counts_what_was_mined_where(
    tmp_path: Path, value: float, from_thailand: float
) -> None:
    known = [{"offer": "A", "stage": "mine", "country": "AUS", "share": 1}]
    limit = {"by": "origin", "stage": "mine", "value": value, "measure": "hhi"}
    plan = plan_of(tmp_path, limit, origins=[*THAI["origins"], *known])
    tonnes = ordered(plan, "T")
    parts = (0.7 * tonnes, 0.3 * tonnes, 100 - tonnes)
    assert sum((part / 100) ** 2 for part in parts) <= value * (1 + 2e-6)
    assert (tonnes == pytest.approx(100)) == (from_thailand == 100)
