"""The screen of a plan, character by character, and what it says first."""

from __future__ import annotations

import pandas as pd
import pytest
from test_report_sample import sample_plan

from sourcing.report.console import certified_words, render_plan, solved_words
from sourcing.report.machine import render_json

SCREEN_100 = """\
Where should a magnet maker buy NdPr, Dy and Tb from 2027 to 2029, with at most 35 % of NdPr from
one country from 2029?

Reading magnet-maker  4 sites · 4 offers · 3 materials · 12 quarters                           0.2 s
Building and solving  proven optimal · 14,210 columns · 9,880 rows                             0.4 s
Cheapest plan         the same without the question's limits, to compare                       0.3 s
Audit                 every balance, limit and invoice agrees                                  0.1 s

SHORT   1 of 4 needs (site, material, period) cannot be met in full: 0.4 t in all; no plan under
        these rules does better
  Tb oxide, SUMTER, 2027-Q3: 0.4 t of 2.1 t

ORDER NOW  1 Jan to 31 Mar 2027, at the supplier's price
  Lynas                NdPr oxide  310 t  arrives Q2 2027      USD 24.8 M
  MP Materials         NdPr oxide  140 t  arrives Q1-Q2 2027   USD 15.4 M
  Northern Rare Earth  Dy oxide     11 t  arrives Q2-Q3 2027    USD 3.3 M
    export licence 63 of 103 days: ordered on 1 Jan it arrives on 14 Apr 2027
  Northern Rare Earth  Tb oxide    0.4 t  arrives Q2-Q3 2027  USD 420,000
    export licence 63 of 103 days: ordered on 1 Jan it arrives on 14 Apr 2027

SUPPLY OF NdPr                   2027             2028             2029
  all sources                 1,000 t          1,000 t          1,000 t
  China               █████     62 %   ███▉      48 %   ██▊       35 %■
  Malaysia            █▉        24 %   ██▌       31 %   ██▊       34 %
  United States       █▏        14 %   █▋        21 %   ██▌       31 %
  used                          280 t             40 t              0 t
  left at year's end             40 t              0 t              0 t
  which lasts                 91 days                -                -
  ■ at its limit

SUPPLY OF Tb                     2027             2028             2029
  all sources                   1.6 t            1.6 t            1.6 t
  China               ████████ 100 %   ████████ 100 %   ████████ 100 %
  used                          1.4 t              0 t              0 t
  left at year's end              0 t              0 t              0 t
  which lasts                       -                -                -

STOCK AT YEAR'S END                      2027             2028             2029
  NdPr oxide, SUMTER            50 t  91 days     0 t        -     0 t        -
  Tb oxide, SUMTER               0 t        -     0 t        -     0 t        -
  Stock lasts for so many days of the use that follows it.

COST    USD 412.6 M: purchase 361.0 · freight 6.2 · duty 9.8 · conversion 31.5 · holding 4.1
        USD 371.3 M at today's value, at 8 % a year: this is what was minimised
        +6.3 % against the cheapest plan without these limits
BINDS   NdPr from China, 2029: at most 35 %; one point more would save USD 0.9 M
        Lynas NdPr oxide is sold out at 310 t; one tonne more in 2027-Q1 would save USD 143 (and it
        binds in 1 more period)

Country means where it is made; a table of origins would say where it was mined and refined.

Plan in runs/2026-11-23-diversified · next: sourcing explain latest"""

SCREEN_80 = """\
Where should a magnet maker buy NdPr, Dy and Tb from 2027 to 2029, with at most
35 % of NdPr from one country from 2029?

Reading magnet-maker  4 sites · 4 offers · 3 materials · 12 quarters       0.2 s
Building and solving  proven optimal · 14,210 columns · 9,880 rows         0.4 s
Cheapest plan         the same without the question's limits, to compare   0.3 s
Audit                 every balance, limit and invoice agrees              0.1 s

ORDER NOW  1 Jan to 31 Mar 2027, at the supplier's price
  Lynas                NdPr oxide  310 t  arrives Q2 2027      USD 24.8 M
  MP Materials         NdPr oxide  140 t  arrives Q1-Q2 2027   USD 15.4 M
  Northern Rare Earth  Dy oxide     11 t  arrives Q2-Q3 2027    USD 3.3 M
    export licence 63 of 103 days: ordered on 1 Jan it arrives on 14 Apr 2027
  Northern Rare Earth  Tb oxide    0.4 t  arrives Q2-Q3 2027  USD 420,000
    export licence 63 of 103 days: ordered on 1 Jan it arrives on 14 Apr 2027

SUPPLY OF NdPr                   2027             2028             2029
  all sources                 1,000 t          1,000 t          1,000 t
  China               █████     62 %   ███▉      48 %   ██▊       35 %■
  Malaysia            █▉        24 %   ██▌       31 %   ██▊       34 %
  United States       █▏        14 %   █▋        21 %   ██▌       31 %
  used                          280 t             40 t              0 t
  left at year's end             40 t              0 t              0 t
  which lasts                 91 days                -                -
  ■ at its limit

SUPPLY OF Tb                     2027             2028             2029
  all sources                   1.6 t            1.6 t            1.6 t
  China               ████████ 100 %   ████████ 100 %   ████████ 100 %
  used                          1.8 t              0 t              0 t
  left at year's end              0 t              0 t              0 t
  which lasts                       -                -                -

STOCK AT YEAR'S END                      2027             2028             2029
  NdPr oxide, SUMTER            50 t  91 days     0 t        -     0 t        -
  Tb oxide, SUMTER               0 t        -     0 t        -     0 t        -
  Stock lasts for so many days of the use that follows it.

SHORT   none: every need is met in full and in time
COST    USD 412.6 M: purchase 361.0 · freight 6.2 · duty 9.8 · conversion 31.5 ·
        holding 4.1
        USD 371.3 M at today's value, at 8 % a year: this is what was minimised
        +6.3 % against the cheapest plan without these limits
BINDS   NdPr from China, 2029: at most 35 %; one point more would save USD 0.9 M
        Lynas NdPr oxide is sold out at 310 t; one tonne more in 2027-Q1 would
        save USD 143 (and it binds in 1 more period)

Country means where it is made; a table of origins would say where it was mined
  and refined.

Plan in runs/2026-11-23-diversified · next: sourcing explain latest"""


NOTHING = ("used", "shipped_out", "disposed", "end")
"""Columns of a balance that has nothing but demand."""


def screen(width: int = 100, **changes: object) -> str:
    return render_plan(sample_plan(**changes), width).plain  # type: ignore[arg-type]


def test_screen_with_a_shortage_at_100_columns_reads_as_agreed() -> None:
    assert screen(100) == SCREEN_100


def test_screen_without_shortage_at_80_columns_reads_as_agreed() -> None:
    assert screen(80, short=0.0) == SCREEN_80


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_screen_at_any_width_stays_inside_it(width: int) -> None:
    assert max(map(len, screen(width).splitlines())) <= width


def test_shortage_when_there_is_any_stands_before_the_orders() -> None:
    text = screen(short=0.4)
    assert text.index("\nSHORT ") < text.index("\nORDER NOW") < text.index("\nCOST ")


def test_shortage_when_there_is_none_is_said_before_the_cost() -> None:
    text = screen(short=0.0)
    assert text.index("\nORDER NOW") < text.index("\nSHORT   none") < text.index("\nCOST ")


def test_shortages_when_many_are_summed_by_site_and_material() -> None:
    plan = sample_plan()
    periods = [f"20{27 + at // 4}-Q{at % 4 + 1}" for at in range(9)]
    rows = {"site": "SUMTER", "material": "tb_oxide", "period": periods, "node": range(9), "demand": 2.0}
    plan.tables["shortage"] = pd.DataFrame(rows).assign(short=[0.5, *[0.1] * 8])
    plan.tables["stock"] = pd.DataFrame(rows).assign(short=[0.5, *[0.1] * 8], **dict.fromkeys(NOTHING, 0.0))
    text = render_plan(plan, 120).plain
    assert "9 of 9 needs" in text
    assert "Tb oxide, SUMTER, 2027-Q1 to 2029-Q1, 9 periods: 1.3 t, 7 % of its demand" in text
    assert "(worst 2027-Q1: 0.5 t of 2.0 t)" in text


def test_orders_beyond_the_eighth_are_counted_with_their_tonnes_and_money() -> None:
    plan = sample_plan()
    first = plan.tables["purchases"].iloc[[0]]
    plan.tables["purchases"] = pd.concat([first] * 10, ignore_index=True)
    assert "… 2 more in purchases.csv (620 t, USD 49.6 M)" in render_plan(plan, 100).plain


def test_first_period_without_orders_says_so() -> None:
    plan = sample_plan()
    plan.tables["purchases"] = plan.tables["purchases"].query("node > 0")
    assert "ORDER NOW nothing: the first period needs no order" in render_plan(plan, 100).plain


def test_tonnes_arriving_after_the_horizon_are_said() -> None:
    plan = sample_plan()
    plan.tables["purchases"].loc[0, "late_tonnes"] = 12.5
    text = render_plan(plan, 100).plain
    assert "12 t arrive after the horizon" in text
    assert "12.5 t of the orders arrive after the horizon" in text


def test_supply_under_a_limit_at_a_stage_is_counted_at_that_stage() -> None:
    plan = sample_plan()
    plan.case["limits"]["stage"] = "oxide"
    bought = plan.tables["shares"]
    plan.tables["shares"] = pd.concat([bought, bought.assign(stage="oxide", tonnes=bought["tonnes"] * 2)])
    text = render_plan(plan, 100).plain
    assert "counted where it becomes oxide" in text
    assert "2,000 t" in text
    assert "35 %■" in text


def test_share_limit_counted_at_another_stage_leaves_no_mark() -> None:
    plan = sample_plan()
    other = plan.case["limits"].assign(limit="as-bought")
    plan.case.tables["limits"] = pd.concat([other, plan.case["limits"].assign(stage="mine")], ignore_index=True)
    text = render_plan(plan, 100).plain
    assert "%■" not in text
    assert "■ China at the 35 % of one-country, counted from stage mine on: 2029" in text


def test_years_beyond_the_width_are_left_to_the_file() -> None:
    plan = sample_plan()
    shares = plan.tables["shares"]
    plan.tables["shares"] = pd.concat([shares.assign(year=shares["year"] + 3 * step) for step in range(5)])
    text = render_plan(plan, 80).plain
    assert "other years in shares.csv" in text
    assert "2041" in text  # the last year is never among those left out


def test_price_of_shortage_is_not_money_paid() -> None:
    plan = sample_plan()
    extra = pd.DataFrame([("shortage", 2, "2027-Q3", 5e6, 4e6)], columns=plan.tables["cost"].columns)
    plan.tables["cost"] = pd.concat([plan.tables["cost"], extra])
    text = render_plan(plan, 100).plain
    assert "COST    USD 412.6 M:" in text
    assert "plus USD 5.0 M as the question's price of shortage" in text


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ({"status": "optimal", "gap": 0.0}, "proven optimal"),
        ({"status": "optimal", "gap": 0.0, "smooth": {"more": 1.0}}, "least cost proven, then smoothed"),
        ({"status": "optimal", "gap": 0.005, "smooth": {"more": 1.0}}, "proven within 0.5 %, then smoothed"),
        ({"status": "optimal", "gap": 0.005}, "proven within 0.5 %"),
        ({"status": "optimal", "gap": 0.0000991}, "proven within 0.01 %"),
        ({"status": "stopped", "gap": 0.03}, "stopped: within 3 % of the best"),
        ({"status": "stopped", "gap": None}, "stopped before proof"),
    ],
)
def test_proof_is_claimed_only_as_far_as_it_goes(manifest: dict[str, object], said: str) -> None:
    assert solved_words(manifest) == said


def test_plan_not_audited_does_not_claim_that_everything_agrees() -> None:
    assert "agrees" in screen()
    assert "agrees" not in screen(audit={"clean": False})
    assert "agrees" not in screen(audit={})


def test_plan_outside_runs_is_named_by_its_folder() -> None:
    plan = sample_plan()
    plan.folder = plan.folder.parent.parent / "elsewhere"
    assert render_plan(plan, 100).plain.endswith("next: sourcing explain elsewhere")


def test_json_of_a_plan_holds_every_table_with_plain_values() -> None:
    plan = sample_plan()
    shown = render_json(plan)
    assert set(shown["tables"]) == set(plan.tables)
    assert shown["tables"]["purchases"][0]["order_from"] == "2027-01-01"
    assert shown["tables"]["shortage"] == [
        {"site": "SUMTER", "material": "tb_oxide", "period": "2027-Q3", "node": 2, "demand": 2.1, "short": 0.4}
    ]


def test_plan_with_more_shortage_than_the_cheapest_one_says_so() -> None:
    assert "without these limits; that plan leaves less short" in screen(cheapest_shortage=0.1)


def test_plan_that_earns_less_than_the_cheapest_one_is_said_to_cost_more() -> None:
    plan = sample_plan(objective={"shortage": 0.0, "cost": -90.0}, cheapest_cost=-100.0, cheapest_shortage=0.0)
    assert "+10.0 % against the cheapest plan without these limits" in render_plan(plan, 100).plain


def test_notes_beyond_the_sixth_are_counted() -> None:
    text = screen(notes=[f"Note {at}." for at in range(9)])
    assert "Note 5." in text
    assert "Note 6." not in text
    assert "… 3 more notes in manifest.json" in text


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        ({}, ""),
        ({"plan": "proven", "shortage": "proven", "cost": "proven"}, "shortage and cost proven in exact fractions"),
        (
            {"plan": "proven", "shortage": "proven", "cost": "claimed"},
            "shortage proven in exact fractions; cost as the solver says",
        ),
        (
            {"plan": "claimed", "cost": "claimed"},
            "the plan misses a row by more than is allowed there; cost as the solver says",
        ),
    ],
)
def test_certificate_when_told_then_says_what_is_proven_and_what_is_claimed(claims: dict[str, str], words: str) -> None:
    assert certified_words({"claims": [{"of": name, "claim": claim} for name, claim in claims.items()]}) == words
