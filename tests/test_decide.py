"""Decide-by dates: what each option is needed for, by when, and what missing it costs, worked out by hand."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import Row, write_question, write_tables

from sourcing.cli import main
from sourcing.errors import QuestionError
from sourcing.report.console import render_plan
from sourcing.report.decide_by import decide_first
from sourcing.run import audit_plan, check, decide, load_plan, optimize
from sourcing.studies.decide.screen import decisions_as_json, render_decisions

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sourcing.studies.decide.found import Decisions

FREE = "\n[objective]\ndiscount_rate = 0\n"
Q3, Q4 = 100 * 92 / 365, 120 * 92 / 366
"""Demand of the third quarter of 2027 and of the fourth of 2028, t."""
REST = 100 * 184 / 365 + 120
"""Demand from July 2027 on, t."""
DEAR = 100_000.0
"""What a tonne of A costs more than one of B or C, USD."""


def offer(code: str, price: float, **cells: Any) -> Row:
    supplier = {"A": "Near Ltd", "B": "Far Co", "C": "Third Co"}[code]
    site = {"A": "NEAR", "B": "FAR", "C": "THIRD"}[code]
    return {"offer": code, "supplier": supplier, "site": site, "material": "oxide", "price": price, **cells}


A, B = offer("A", 300_000, destination="PLANT"), offer("B", 200_000, destination="PLANT")
C = offer("C", 200_000, destination="PLANT")


def tables(offers: Sequence[Row], **more: Any) -> dict[str, Any]:
    countries = {"NEAR": "AUS", "FAR": "CHN", "THIRD": "MYS"}
    sites: list[Row] = [{"site": site, "kind": "supplier", "country": code} for site, code in countries.items()]
    return {
        "materials": [{"material": "oxide", "name": "Dy oxide"}],
        "sites": [*sites, {"site": "PLANT", "name": "Our plant", "kind": "plant", "country": "USA"}],
        "offers": list(offers),
        "demand": [
            {"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 100},
            {"site": "PLANT", "material": "oxide", "period": "2028", "quantity": 120},
        ],
        **more,
    }


def ask(folder: Path, of: dict[str, Any], text: str = FREE) -> Decisions:
    write_tables(folder / "tiny", of)
    plan = optimize(write_question(folder, text), out=folder / "plan")
    assert audit_plan(folder / "plan").findings == []
    own = plan.tables["options"]
    found = decide(folder / "plan")
    assert own["option"].tolist() == found.tables["decide"]["option"].tolist()
    return found


def only(found: Decisions) -> Any:
    (row,) = found.tables["decide"].itertuples(index=False)
    return row


def day(text: str) -> pd.Timestamp:
    return pd.Timestamp(text)


APPROVAL = [{"offer": "B", "cost": 250_000, "days": 100}]


def test_approval_when_missed_by_a_quarter_then_that_quarter_is_bought_dear(tmp_path: Path) -> None:
    found = ask(tmp_path, tables([A, B], qualifications=APPROVAL))
    row = only(found)
    assert (row.kind, row.option, row.cost) == ("approval", "offer|B|", 250_000)
    assert (row.needed_on, row.decide_by) == (day("2027-07-01"), day("2027-03-23"))
    assert row.tonnes == pytest.approx(REST)
    assert row.later == day("2027-06-23")  # 100 days before October
    assert row.later_more == pytest.approx(DEAR * Q3)
    assert row.never_more == pytest.approx(DEAR * REST - 250_000)
    assert row.useful_until == day("2028-06-23")  # 100 days before the last quarter, which is worth more than the fee
    assert (row.later_short, row.never_short) == (0, 0)


def test_screen_when_an_approval_can_be_late_then_says_by_when_and_what_missing_it_costs(tmp_path: Path) -> None:
    found = ask(tmp_path, tables([A, B], qualifications=APPROVAL))
    text = render_decisions(found, 100).plain
    assert text[text.index("DECIDE") : text.index("TRIED")].splitlines() == [
        "DECIDE BY  and what it costs never to: beside the best plan, all else planned anew",
        "  23 Mar 2027  approval of Far Co Dy oxide (offer B)  USD 16.8 M",
        "    needed on 1 Jul 2027 for 170 t; USD 250,000 to take up; by 23 Jun 2027 instead: USD 2.5 M",
        "",
    ]


def test_first_screen_when_something_is_to_be_decided_then_says_by_when(tmp_path: Path) -> None:
    ask(tmp_path, tables([A, B], qualifications=APPROVAL))
    plan = load_plan(tmp_path / "plan")
    said = [
        "DECIDE  by 23 Mar 2027: approval of Far Co Dy oxide (offer B); what missing them costs: sourcing",
        "        decide latest",
    ]
    assert [line.plain for line in decide_first(plan, 100)] == said
    assert said[0] in render_plan(plan, 100).plain.splitlines()
    assert decide_first(replace(plan, tables={**plan.tables, "options": plan.tables["options"].iloc[:0]}), 100) == []


def test_approval_when_the_fee_is_all_but_lost_then_is_of_no_use_later(tmp_path: Path) -> None:
    """Of all that B saves, the fee takes what the quarters from October 2027 on save: a quarter late it is in vain."""
    found = ask(tmp_path, tables([A, B], qualifications=[{**APPROVAL[0], "cost": DEAR * (REST - Q3) + 1}]))
    row = only(found)
    assert row.never_more == pytest.approx(DEAR * Q3 - 1)
    assert row.later_more == row.never_more
    assert row.useful_until == row.decide_by
    assert "of no use later" in render_decisions(found, 100).plain


def test_approval_when_its_loss_is_found_out_on_the_day_then_what_could_have_been_stored_is_bought_dear(
    tmp_path: Path,
) -> None:
    """From 2028 on B needs an approval. Who knows stores 100 t of it in 2027; on the day half of that year is left."""
    changed = [{"offer": "B", "from": "2028-01-01", "days": 100}]
    stocks = [{"site": "PLANT", "material": "oxide", "holding_cost": 1}]
    found = ask(tmp_path, tables([A, {**B, "capacity": 200}], qualifications=changed, stocks=stocks))
    row = only(found)
    assert (row.decide_by, row.needed_on) == (day("2027-09-23"), day("2028-01-01"))
    assert row.never_more == pytest.approx(DEAR * (120 - 100), rel=1e-3)
    assert row.unforeseen_never_more == pytest.approx(DEAR * (120 - 100 * 184 / 365), rel=1e-3)
    assert row.unforeseen_later_more < row.unforeseen_never_more
    assert set(found.tables["misses"]["periods_kept"]) == {0, 2}
    text = " ".join(render_decisions(found, 100).plain.split())
    assert "(offer B) as it is from 2028-01-01 on USD 2.0 M" in text
    assert "never USD 7.0 M" in text[text.index("found out on the day") :]


def test_short_supply_when_an_approval_is_missed_then_tonnes_short_come_before_money(tmp_path: Path) -> None:
    limited = {**A, "capacity": 60}
    row = only(ask(tmp_path, tables([limited, B], qualifications=APPROVAL)))
    room, before = 60 * 92 / 365, 100 * 181 / 365 - 60 * 181 / 365
    assert row.later_short == pytest.approx(Q3 - room)
    assert row.never_short == pytest.approx(REST + before - 60 - 60 * 184 / 365 - before, rel=1e-6)
    assert row.never_more < 0  # what is not bought costs nothing


def test_shortage_forbidden_when_an_approval_is_missed_then_there_is_no_plan_and_that_is_said(tmp_path: Path) -> None:
    stock = [{"site": "PLANT", "material": "oxide", "opening": 60}]
    text = '\n[objective]\ndiscount_rate = 0\nshortage = "none"\nminimize = ["cost"]\n'
    found = ask(tmp_path, tables([B], qualifications=APPROVAL, stocks=stock), text)
    row = only(found)
    assert row.never_status == "no plan"
    said = render_decisions(found, 100).plain
    assert "NO PLAN none keeps all rules of the question without that option: it allows no shortage" in said
    assert pd.isna(row.never_more)
    json.dumps(decisions_as_json(found))


def test_two_approvals_when_they_stand_in_for_one_another_then_both_together_cost_more_than_each(
    tmp_path: Path,
) -> None:
    """B and C give 60 t a year each, of 100 and 120: without one the other is used up, and A gives the rest."""
    terms = [{"offer": each, "days": 0} for each in "BC"]
    found = ask(
        tmp_path, tables([A, {**B, "capacity": 60}, {**C, "capacity": 60, "price": 201_000}], qualifications=terms)
    )
    table = found.tables["decide"].set_index("option")
    apart = table["never_more"].tolist()
    assert apart == [pytest.approx(100 * DEAR + 20_000), pytest.approx(100 * (DEAR - 1_000))]
    both = found.manifest["together"]["more"]
    assert both == pytest.approx(120 * DEAR + 100 * (DEAR - 1_000))
    assert "they stand in for one another" in " ".join(render_decisions(found, 100).plain.split())


def test_option_when_another_is_as_good_then_missing_it_costs_nothing(tmp_path: Path) -> None:
    """C needs no approval and costs the same but for a dollar in all, which is nothing that anybody could tell."""
    licence = [{"country": "CHN", "lag_days": 10}]
    found = ask(tmp_path, tables([B, {**C, "price": 200_000.0001}], licences=licence))
    row = only(found)
    assert (row.kind, row.never_more) == ("licence", 0)
    assert pd.isna(row.useful_until)
    assert "No option of this plan costs anything to miss" in render_decisions(found, 100).plain
    assert found.manifest["solves"] == 2


def test_approval_when_it_is_there_already_then_is_no_option(tmp_path: Path) -> None:
    found = ask(tmp_path, tables([A, B]))
    assert found.tables["decide"].empty
    assert found.manifest["solves"] == 0
    assert "Nothing has to be decided but the orders" in render_decisions(found, 100).plain


def test_licence_when_missed_for_a_quarter_then_that_quarter_is_ordered_elsewhere(tmp_path: Path) -> None:
    found = ask(tmp_path, tables([A, B], licences=[{"country": "CHN", "material": "oxide", "lag_days": 20}]))
    row = only(found)
    assert (row.kind, row.option) == ("licence", "Far Co|oxide|PLANT")
    assert row.decide_by == row.needed_on == day("2027-01-01")
    assert row.later == day("2027-04-01")
    first = only_short(found)
    assert row.later_short == pytest.approx(0)
    assert row.later_more == pytest.approx(DEAR * first, rel=1e-6)


def only_short(found: Decisions) -> float:
    """Return t of B that are ordered in the first quarter."""
    bought = found.plan.tables["purchases"]
    return float(bought.loc[(bought["offer"] == "B") & (bought["node"] == 0), "tonnes"].sum())


def test_contract_when_it_is_not_signed_then_all_is_bought_on_the_spot(tmp_path: Path) -> None:
    terms = [
        {"contract": "deal", "offer": "A", "price": 250_000, "maximum": 150, "fee": 1_000_000, "from": "2027-07-01"}
    ]
    row = only(ask(tmp_path, tables([A], contracts=terms)))
    assert (row.kind, row.option, row.cost) == ("contract", "deal", 1_000_000)
    assert row.decide_by == day("2027-07-01")  # the first call-off
    assert row.never_more == pytest.approx(50_000 * 150 - 1_000_000)
    assert pd.isna(row.later)


def test_signed_contract_when_it_is_left_then_leaving_is_due_on_the_first_day(tmp_path: Path) -> None:
    terms = [
        {
            "contract": "deal",
            "offer": "A",
            "price": 310_000,
            "minimum": 100,
            "maximum": 150,
            "signed": "yes",
            "exit_cost": 400_000,
        }
    ]
    row = only(ask(tmp_path, tables([A], contracts=terms)))
    assert (row.kind, row.decide_by) == ("leaving", day("2027-01-01"))
    assert row.never_more == pytest.approx(10_000 * 100 - 400_000)


def test_signed_contract_when_it_is_left_then_a_quotation_that_ended_says_nothing_of_when(tmp_path: Path) -> None:
    terms = {"contract": "deal", "offer": "A", "price": 900_000, "minimum": 90, "maximum": 99, "take_or_pay": 0.5}
    over = {**A, "quoted_until": "2026-06-30", "end": "2027-01-01"}
    of = tables([over, B], contracts=[{**terms, "signed": "yes", "exit_cost": 400_000}])
    write_tables(tmp_path / "tiny", of)
    optimize(write_question(tmp_path, FREE), out=tmp_path / "plan")
    assert audit_plan(tmp_path / "plan").findings == []
    assert pd.read_csv(tmp_path / "plan" / "options.csv")["decide_by"].tolist() == ["2027-01-01"]


def test_quotation_when_it_ends_before_the_first_order_then_it_is_due_on_its_last_day(tmp_path: Path) -> None:
    quoted = {**B, "start": "2027-07-01", "quoted_until": "2027-02-15"}
    row = only(ask(tmp_path, tables([A, quoted])))
    assert (row.kind, row.option) == ("quotation", "B")
    assert (row.decide_by, row.needed_on) == (day("2027-02-15"), day("2027-07-01"))
    assert row.never_more == pytest.approx(DEAR * REST)
    assert pd.isna(row.later)
    assert row.useful_until == row.decide_by


def test_quotation_when_it_is_open_for_long_then_is_due_with_the_first_order_and_of_use_until_it_ends(
    tmp_path: Path,
) -> None:
    row = only(ask(tmp_path, tables([A, {**B, "quoted_until": "2027-08-20"}])))
    assert (row.decide_by, row.later) == (day("2027-01-01"), day("2027-04-01"))
    assert row.later_more == pytest.approx(DEAR * 100 * 90 / 365)
    assert row.useful_until == day("2027-07-01")  # of the first days of periods the last that is not after its end
    assert row.never_more == pytest.approx(DEAR * 220)


def test_quotation_when_a_contract_is_signed_on_it_then_that_is_due_by_its_end_too(tmp_path: Path) -> None:
    deal = {"contract": "deal", "offer": "A", "from": "2027-07-01", "price": 250_000, "maximum": 150}
    found = ask(tmp_path, tables([{**A, "quoted_until": "2027-03-31"}], contracts=[deal]))
    table = found.tables["decide"].set_index("kind")
    assert table.loc["contract", "decide_by"] == day("2027-03-31")
    assert table.loc["quotation", "decide_by"] == day("2027-01-01")


@pytest.mark.parametrize(("until", "end"), [("2027-01-01", ""), ("2026-12-31", "2027-01-01"), ("", "")])
def test_quotation_when_it_can_be_accepted_or_nothing_is_sold_any_more_then_is_no_fault(
    tmp_path: Path, until: str, end: str
) -> None:
    write_tables(tmp_path / "tiny", tables([A, {**B, "quoted_until": until, "end": end}]))
    assert "SCREEN-405" not in {each.code for each in check(write_question(tmp_path)).findings}


def test_quotation_when_it_ended_before_the_first_day_then_no_plan_is_made_of_it(tmp_path: Path) -> None:
    write_tables(tmp_path / "tiny", tables([A, {**B, "quoted_until": "2026-12-31"}]))
    with pytest.raises(QuestionError) as refused:
        optimize(write_question(tmp_path))
    (fault,) = refused.value.faults
    assert fault.code == "SCREEN-405"
    assert fault.fact == "the quotation of Far Co ended on 2026-12-31, before the first day, 2027-01-01"


def test_facility_when_it_is_opened_a_quarter_later_then_that_quarter_is_bought_dear(tmp_path: Path) -> None:
    make = {"process": "smelt", "site": "PLANT", "opening_cost": 500_000, "cost": 50_000}
    goods = [{"material": "oxide", "name": "Dy oxide"}, {"material": "feed", "name": "Feed"}]
    recipe = [
        {"process": "smelt", "material": "feed", "quantity": -1},
        {"process": "smelt", "material": "oxide", "quantity": 1},
    ]
    feed = {**B, "material": "feed", "capacity": 400}
    found = ask(tmp_path, tables([A, feed], processes=[make], recipes=recipe) | {"materials": goods})
    row = only(found)
    assert (row.kind, row.option, row.decide_by) == ("facility", "process|smelt", day("2027-01-01"))
    assert row.tonnes == pytest.approx(220)
    assert row.later == day("2027-04-01")
    assert row.later_more == pytest.approx(50_000 * 100 * 90 / 365)
    assert row.never_more == pytest.approx(50_000 * 220 - 500_000)


def test_frozen_order_when_its_licence_is_missed_then_no_plan_keeps_it(tmp_path: Path) -> None:
    of = tables([A, B], licences=[{"country": "CHN", "material": "oxide", "lag_days": 20}])
    write_tables(tmp_path / "tiny", of)
    optimize(write_question(tmp_path, FREE, name="last"), out=tmp_path / "last")
    frozen = f'{FREE}\n[stability]\nlast = "{tmp_path / "last"}"\nfrozen_days = 30\n'
    row = only(ask(tmp_path, of, frozen))
    assert (row.later_status, row.never_status) == ("no plan", "no plan")


def test_lots_when_they_are_whole_then_the_cost_of_missing_is_that_of_whole_lots(tmp_path: Path) -> None:
    """A comes in lots of 30 t: the third quarter takes one, of which what is left serves the fourth."""
    found = ask(tmp_path, tables([{**A, "lot_multiple": 30}, B], qualifications=[{"offer": "B", "days": 100}]))
    row = only(found)
    bought = found.plan.tables["purchases"]
    lots = float(bought.loc[bought["offer"] == "A", "tonnes"].sum()) / 30
    assert lots == 2  # 49.6 t until July
    assert row.later_more == pytest.approx(30 * DEAR)  # a third lot
    assert row.decide_by == day("2027-03-23")


def test_options_when_the_time_is_up_then_those_not_tried_are_named_and_the_command_ends_with_5(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    from sourcing.studies.decide import missing

    write_tables(tmp_path / "tiny", tables([A, B], qualifications=APPROVAL))
    optimize(write_question(tmp_path, FREE), out=tmp_path / "plan")
    monkeypatch.setattr(missing.Trial, "is_over", property(lambda trial: trial.solves >= 1))
    monkeypatch.chdir(tmp_path)
    assert main(["decide", "plan"]) == 5
    shown = " ".join(capsys.readouterr().out.split())
    assert "There was no time for every option" in shown
    assert "23 Mar 2027 approval of Far Co Dy oxide (offer B) not tried" in shown


def test_options_table_when_a_date_is_changed_then_the_audit_says_so(tmp_path: Path) -> None:
    write_tables(tmp_path / "tiny", tables([A, B], qualifications=APPROVAL))
    optimize(write_question(tmp_path, FREE), out=tmp_path / "plan")
    file = tmp_path / "plan" / "options.csv"
    file.write_text(file.read_text("utf-8").replace("2027-03-23", "2027-04-23"), "utf-8")
    assert any("decide_by" in each for each in audit_plan(tmp_path / "plan").findings)


def test_command_when_given_a_question_then_answers_it_and_writes_a_folder_that_is_no_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    write_tables(tmp_path / "tiny", tables([A, B], qualifications=APPROVAL))
    write_question(tmp_path, FREE)
    monkeypatch.chdir(tmp_path)
    assert main(["decide", "ask.toml", "--out", "dates"]) == 0
    assert "23 Mar 2027" in capsys.readouterr().out
    assert sorted(each.name for each in (tmp_path / "dates").iterdir()) == ["decide.csv", "manifest.json", "misses.csv"]
    with pytest.raises(QuestionError, match="decide-by dates"):
        audit_plan(tmp_path / "dates")
