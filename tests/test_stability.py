"""A plan beside the last one: what stands, what changing it costs, what moved and why."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import TINY, tiny_case, write_question

from sourcing.answer.setting import ask
from sourcing.cli import main
from sourcing.errors import QuestionError
from sourcing.report.console import render_plan
from sourcing.run import check, explain, load_plan, optimize, verdict_on

if TYPE_CHECKING:
    from sourcing.plan import Plan

MODELS = Path(__file__).parent.parent / "models"
BESIDE = '[stability]\nlast = "first"\n'
CHEAP = {"capacity": {"A": 100, "B": 40}}


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make a plan once: 40 t a year of the cheap offer B, the rest of the dear A."""
    folder = tmp_path_factory.mktemp("last")
    tiny_case(folder, **CHEAP)
    optimize(write_question(folder, name="one"), out=folder / "first")
    return folder / "first"


@pytest.fixture
def first(tmp_path: Path, kept: Path) -> Plan:
    """Return the last plan, in a folder of its own."""
    return load_plan(shutil.copytree(kept, tmp_path / "first"))


def second(tmp_path: Path, text: str = BESIDE, **changes: Any) -> Plan:
    tiny_case(tmp_path, **{**CHEAP, **changes})
    return optimize(write_question(tmp_path, text, name="two"))


def orders(*rows: tuple[str, str, str, float], destination: str = "PLANT") -> list[dict[str, Any]]:
    """Return rows of last_orders: offer, first day, the day after the last, t."""
    return [
        {"offer": offer, "destination": destination, "mode": "sea", "from": first, "until": until, "tonnes": tonnes}
        for offer, first, until, tonnes in rows
    ]


# The same again -------------------------------------------------------------------------------------------------------


def test_same_question_when_offers_tie_and_a_change_has_a_price_then_nothing_moves(tmp_path: Path) -> None:
    twins = {"price": {"A": 200_000}, "capacity": {"A": 90, "B": 90}, "lanes": {0: {"freight": 200}}}
    tiny_case(tmp_path, **twins)
    before = optimize(write_question(tmp_path, name="one"), out=tmp_path / "first")
    again = second(tmp_path, f"{BESIDE}change_cost = 1\n", **twins)
    assert again.tables["changes"].empty
    assert "changes" not in again.tables["cost"]["head"].tolist()
    pd.testing.assert_frame_equal(again.tables["purchases"], before.tables["purchases"])
    assert again.manifest["objective"]["cost"] == pytest.approx(before.manifest["objective"]["cost"])


def test_reference_question_when_asked_again_beside_its_plan_then_0_t_move(tmp_path: Path) -> None:
    least = f"schema = 1\nextends = '{MODELS / 'cheapest.toml'}'\n[objective]\nsmooth = 0\n"
    (tmp_path / "first.toml").write_text(least, encoding="utf-8")
    optimize(tmp_path / "first.toml", out=tmp_path / "first")
    text = f"{least}{BESIDE}frozen_days = 120\nchange_cost = 1\n"
    (tmp_path / "again.toml").write_text(text, encoding="utf-8")
    again = optimize(tmp_path / "again.toml")
    assert again.tables["changes"].empty
    assert again.tables["decisions"].empty
    assert again.manifest["audit"]["clean"]
    assert "nothing: every order is that of the last plan" in render_plan(again).plain


def test_last_plan_when_neither_question_says_how_long_its_tail_is_then_no_input_has_changed(tmp_path: Path) -> None:
    tiny_case(tmp_path)
    own, beside = write_question(tmp_path), write_question(tmp_path, f"{BESIDE}change_cost = 1\n", name="beside")
    for path in (own, beside):
        path.write_text(path.read_text("utf-8").replace(", tail = 0", ""), "utf-8")
    assert optimize(own, out=tmp_path / "first").question.horizon.tail
    assert optimize(beside).case["input_changes"].empty


def test_last_plan_when_only_compared_with_then_nothing_is_held(tmp_path: Path, first: Plan) -> None:
    after = second(tmp_path, capacity={"B": 500})
    assert after.manifest["sizes"] == {**first.manifest["sizes"], "rows": after.manifest["sizes"]["rows"]}
    moved = after.tables["changes"]
    assert moved.query("offer == 'A'")["change"].sum() < -50


# Another horizon ------------------------------------------------------------------------------------------------------

MONTHS = '[horizon]\nstart = "2027-04"\nperiods = 9\nlength = "month"\n'


def test_last_orders_when_the_periods_are_shorter_then_are_spread_by_days(tmp_path: Path, first: Plan) -> None:
    after = second(tmp_path, f"{MONTHS}{BESIDE}frozen_until = '2027-05-20'\n")
    was = first.tables["purchases"].query("offer == 'A' and node == 1")["tonnes"].item()
    now = after.tables["purchases"].query("offer == 'A'").set_index("period")["tonnes"]
    assert now["2027-04"] == pytest.approx(was * 30 / 91)
    assert now["2027-05"] >= was * 19 / 91 - 1e-9
    assert after.case["last_orders"]["from"].min() == pd.Timestamp("2027-04-01")


def test_last_plan_when_it_is_of_another_time_then_is_said(tmp_path: Path, first: Plan) -> None:
    later = '[horizon]\nstart = "2030-01"\nperiods = 2\nlength = "quarter"\n'
    tiny_case(tmp_path)
    found = {each.code: each for each in check(write_question(tmp_path, later + BESIDE)).findings}
    assert found["SCREEN-362"].place == "ask.toml, stability.last"
    assert first.folder is not None


def test_frozen_orders_when_more_than_can_be_used_by_now_then_stay_in_stock(tmp_path: Path) -> None:
    last = orders(("B", "2027-01-01", "2027-04-01", 100))
    due = [{"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 50}]
    terms = [{"offer": "B", "frozen_until": "2027-04-01"}]
    tiny_case(tmp_path, demand=due, last_orders=last, change_terms=terms)
    plan = optimize(write_question(tmp_path))
    assert plan.tables["stock"].query("material == 'oxide' and node == 7")["end"].item() == pytest.approx(70)
    assert plan.tables["purchases"]["tonnes"].tolist() == pytest.approx([100])


# What cannot be -------------------------------------------------------------------------------------------------------


def test_frozen_order_when_its_offer_is_gone_then_is_refused_with_place_and_repair(tmp_path: Path) -> None:
    last = orders(("GONE", "2027-01-01", "2027-04-01", 9))
    tiny_case(tmp_path, last_orders=last, change_terms=[{"offer": "", "frozen_until": "2027-04-01"}])
    (fault,) = check(write_question(tmp_path)).faults
    assert str(fault) == (
        "last_orders.csv row 2: 9 t from GONE to Our plant by sea are frozen in 2027-Q1, and can no longer be ordered "
        "there; put the offer back, or end the frozen window before it"
    )
    with pytest.raises(QuestionError, match="put the offer back"):
        optimize(write_question(tmp_path))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"offers": {"B": {"start": "2027-07-01"}}}, "SCREEN-360"),
        ({"offers": {"B": {"capacity": 0}}}, "SCREEN-360"),
        ({"lanes": [TINY["lanes"][0]]}, "SCREEN-360"),
        ({"offers": {"B": {"capacity": 36}}}, "SCREEN-361"),
        ({"offers": {"B": {"capacity": 365}}}, None),
    ],
    ids=["not yet", "shut", "no lane", "too small", "enough"],
)
def test_frozen_order_when_it_cannot_be_placed_then_is_refused(
    tmp_path: Path, changes: dict[str, Any], code: str | None
) -> None:
    last = orders(("B", "2027-01-01", "2027-04-01", 9))
    tiny_case(tmp_path, **changes, last_orders=last, change_terms=[{"offer": "", "frozen_until": "2027-04-01"}])
    assert [fault.code for fault in check(write_question(tmp_path)).faults] == ([code] if code else [])


def test_order_when_its_offer_is_gone_after_the_window_then_is_listed_and_costs_nothing(tmp_path: Path) -> None:
    last = [{**orders(("GONE", "2027-04-01", "2027-07-01", 9))[0], "supplier": "Old Co", "material": "oxide"}]
    tiny_case(tmp_path, last_orders=last, change_terms=[{"offer": "", "cost_more": 0, "cost_less": 50}])
    plan = optimize(write_question(tmp_path))
    gone = plan.tables["changes"].query("offer == 'GONE'").iloc[0]
    assert (gone["supplier"], gone["material"], gone["last"], gone["now"], gone["period"]) == (
        *("Old Co", "oxide", 9.0, 0.0),
        "2027-Q2",
    )
    assert "changes" not in plan.tables["cost"]["head"].tolist()
    assert plan.manifest["audit"]["clean"]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ('[stability]\nlast = "nowhere"\n', "QUESTION-214", "ask.toml, stability.last: there is no plan 'nowhere'"),
        ("[stability]\nfrozen_days = 9\nfrozen_until = '2027-02'\n", "QUESTION-205", "write one of the two"),
        ("[stability]\n", "QUESTION-205", "it says nothing"),
        ("[stability]\nfrozen_until = 'soon'\n", "QUESTION-205", '"soon" is not a date'),
        ("[stability]\nchange_cost = -1\n", "QUESTION-205", "write a number greater than or equal to 0"),
        ("[stability]\nfrozen_day = 9\n", "QUESTION-203", "frozen_days"),
    ],
)
def test_stability_when_it_says_what_cannot_be_then_is_refused(tmp_path: Path, text: str, code: str, said: str) -> None:
    tiny_case(tmp_path)
    (fault,) = check(write_question(tmp_path, text)).faults
    assert fault.code == code
    assert said in str(fault)


def test_last_plan_when_of_another_case_or_spoiled_then_is_refused(tmp_path: Path, first: Plan) -> None:
    renamed = [{**row, "offer": f"other-{row['offer']}"} for row in TINY["offers"]]
    tiny_case(tmp_path, offers=renamed)
    (fault,) = check(write_question(tmp_path, BESIDE)).faults
    assert (fault.code, fault.place) == ("QUESTION-214", "ask.toml, stability.last")
    assert "its offers are not in this one" in fault.fact
    assert first.folder is not None
    (first.folder / "purchases.csv").unlink()
    (fault,) = check(write_question(tmp_path, BESIDE)).faults
    assert (fault.code, "first" in fault.place) == ("PLAN-003", True)


def test_terms_when_the_question_has_its_own_then_they_stand_for_those_of_every_offer(tmp_path: Path) -> None:
    tiny_case(tmp_path, change_terms=[{"offer": "", "cost_more": 7}, {"offer": "A", "cost_more": 9}])
    terms = ask(write_question(tmp_path, "[stability]\nchange_cost = 3\n")).case["change_terms"]
    assert terms.set_index("offer")[["cost_more", "cost_less"]].fillna(0).to_numpy().tolist() == [[3, 3], [9, 0]]


def test_limit_when_the_frozen_window_makes_it_impossible_then_the_explanation_names_the_order(tmp_path: Path) -> None:
    last = orders(("A", "2027-01-01", "2027-04-01", 10))
    tiny_case(tmp_path, last_orders=last, change_terms=[{"offer": "", "frozen_until": "2027-04-01"}])
    text = '[[limits]]\nlimit = "no-near"\nmeasure = "tonnes"\nby = "supplier"\nmember = "Near Ltd"\nvalue = 2\n'
    found = explain(write_question(tmp_path, text))
    assert any(
        "Near Ltd Dy oxide (A) to Our plant, frozen" in words and "last_orders.csv row 2" in words
        for words in found.words
    ), found.words


# What moved, and why --------------------------------------------------------------------------------------------------


def why(plan: Plan, offer: str) -> set[str]:
    return set(plan.tables["changes"].query("offer == @offer")["why"])


def test_moved_order_when_its_own_price_and_capacity_changed_then_says_so_largest_first(
    tmp_path: Path, first: Plan
) -> None:
    changed = {"B": {"capacity": 90}, "A": {"price": 330_000, "capacity": 100}}
    plan = second(tmp_path, capacity=None, offers=changed)
    assert first.case["input_changes"].empty
    assert why(plan, "B") == {"capacity of Far Co Dy oxide (B) rose from 40 to 90 t/year"}
    assert why(plan, "A") == {"price of Near Ltd Dy oxide (A) rose from 300,000 to 330,000 USD/t"}


def test_moved_order_when_demand_at_its_destination_grew_then_says_so(tmp_path: Path, first: Plan) -> None:
    plan = second(tmp_path, demand={0: {"quantity": 130}})
    assert first.case["input_changes"].empty
    assert why(plan, "A") == {"demand for Dy oxide at Our plant in 2027 rose from 100 to 130 t"}


def test_moved_order_when_only_a_limit_is_new_then_says_that_no_input_of_its_own_changed(
    tmp_path: Path, first: Plan
) -> None:
    limit = '[[limits]]\nlimit = "far"\nmeasure = "tonnes"\nby = "supplier"\nmember = "Far Co"\nvalue = 5\n'
    plan = second(tmp_path, limit + BESIDE)
    assert first.case["input_changes"].empty
    assert why(plan, "B") == {"no input of its own changed: limits far is new"}


def test_moved_order_when_nothing_is_known_of_the_last_inputs_then_says_what_binds(tmp_path: Path) -> None:
    tiny_case(tmp_path, capacity={"B": 40}, last_orders=orders(("B", "2027-01-01", "2027-04-01", 60)))
    plan = optimize(write_question(tmp_path))
    assert all(words.startswith("no input is known to have changed: ") for words in why(plan, "B"))
    assert any("(B) capacity keeps demand short" in words for words in why(plan, "B"))


def test_screen_when_orders_moved_then_tells_the_largest_with_their_reason(tmp_path: Path, first: Plan) -> None:
    plan = second(
        tmp_path,
        f"{BESIDE}frozen_days = 90\nchange_cost = 50\n",
        capacity={"B": 40, "A": 120},
        demand={0: {"quantity": 150}},
    )
    assert first.folder is not None
    text = render_plan(plan).plain
    block = text[text.index("WHAT MOVED") :].split("\n\n")[0].splitlines()
    assert block[0].startswith("WHAT MOVED  against the last plan: ")
    assert "for changes" in block[0]
    assert block[2].strip().startswith("demand for Dy oxide at Our plant in 2027 rose from 100 to 150 t; capacity of")


def test_audit_when_a_cell_or_a_row_of_what_moved_is_wrong_then_says_so(tmp_path: Path, first: Plan) -> None:
    plan = second(tmp_path, f"{BESIDE}frozen_days = 90\nchange_cost = 50\n", capacity={"B": 60, "A": 100})
    table = plan.tables["changes"]
    assert first.case["last_orders"].empty
    assert verdict_on(plan).is_clean
    for column in table:
        spoiled = table.astype(object)
        value = spoiled.at[1, column]
        spoiled.at[1, column] = value + 1 if isinstance(value, int | float) else f"{value}x"
        assert not verdict_on(replace(plan, tables={**plan.tables, "changes": spoiled})).is_clean, column
    for wrong in (table.drop(index=1), pd.concat([table, table.head(1)], ignore_index=True)):
        assert not verdict_on(replace(plan, tables={**plan.tables, "changes": wrong})).is_clean


def test_command_when_run_beside_the_last_plan_then_tells_what_moved(
    tmp_path: Path, first: Plan, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert first.case["last_orders"].empty
    tiny_case(tmp_path, **CHEAP, price={"A": 150_000})
    write_question(tmp_path, f"{BESIDE}frozen_days = 90\nchange_cost = 500\n", name="two")
    assert main(["optimize", "two.toml", "--out", "second"]) == 0
    screen = " ".join(capsys.readouterr().out.split())
    assert "price of Near Ltd Dy oxide (A) fell from 300,000 to 150,000 USD/t" in screen
    assert main(["audit", "second"]) == 0
    assert main(["explain", "second"]) == 0
    kept = json.loads((tmp_path / "second" / "inputs" / "question.json").read_text("utf-8"))
    assert kept["stability"]["frozen_days"] == 90
