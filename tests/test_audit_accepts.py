"""The edges of what the audit accepts in the pencil plan: the same said otherwise is no fault, a hair beyond it is."""

from __future__ import annotations

from typing import Any

import pytest
from test_audit_rules import FURNACE, Frames, broken, changed
from test_audit_tiny import TERMS, tiny_manifest, tiny_plan, tiny_tables, verdict

from sourcing.audit import Verdict, audit
from sourcing.audit.binding import dollars
from sourcing.outcome.names import dollars as plan_dollars


def of_binding(tables: Frames, plan: Frames) -> list[str]:
    """Return the sentences on the binding table."""
    found = audit(tables, TERMS, plan, tiny_manifest()).findings
    return [sentence for sentence in found if sentence.startswith("binding")]


@pytest.mark.parametrize(("yes", "no"), [("yes", "no"), ("1", "0"), ("True", "false"), (True, False)])
def test_answers_when_written_as_words_or_digits_then_are_read(yes: Any, no: Any) -> None:
    plan = tiny_plan()
    binds = plan["limits"]["binds"].to_list()
    plan["limits"]["binds"] = [yes if each else no for each in binds]
    assert verdict(plan=plan).findings == []
    plan["limits"]["binds"] = [no if each else yes for each in binds]
    assert len(verdict(plan=plan).findings) == len(binds)


def test_cost_row_when_nothing_was_paid_under_its_head_then_may_be_there() -> None:
    plan = tiny_plan()
    plan["cost"].loc[len(plan["cost"])] = ["disposal", 0, "2027-Q1", 0.0, 0.0]
    assert verdict(plan=plan).findings == []
    plan["cost"].loc[len(plan["cost"])] = ["gifts", 0, "2027-Q1", 0.0, 0.0]
    assert verdict(plan=plan).findings == ["cost of gifts, 2027-Q1: nothing in the plan is charged under that head"]


def test_objective_when_nothing_of_value_is_short_then_may_be_left_out() -> None:
    worthless = tiny_tables()
    worthless["materials"]["value"] = 0.0
    manifest = {"objective": {"cost": tiny_manifest()["objective"]["cost"]}}
    assert verdict(worthless, manifest=manifest).findings == []
    (found,) = verdict(manifest=manifest).findings
    assert found == "manifest: the plan says objective shortage None, the arithmetic says 360,000"


def test_place_when_a_purchase_needs_no_lane_then_leaves_the_mode_out() -> None:
    found = verdict(plan=changed(tiny_plan(), "purchases", 1, offer="C9")).findings
    assert found[0] == (
        "purchases, offer C9, destination bre, node 0: the tables have no such offer; the row is left out of the audit"
    )


def test_shares_when_less_than_a_tonne_arrives_then_are_still_checked() -> None:
    tables, plan = tiny_tables(), tiny_plan()
    tables["contents"]["share"] = 0.006  # 0.41 t of Nd
    for table in ("shares", "hhi"):
        plan[table].loc[plan[table]["what"] == "Nd", "tonnes"] /= 100
    plan["limits"].loc[:1, ["counted", "total"]] /= 100
    assert verdict(tables, plan).findings == []
    at = plan["shares"].index[plan["shares"]["what"] == "Nd"][0]
    assert len(verdict(tables, changed(plan, "shares", at, share=0.0)).findings) == 1


def test_shares_when_nothing_of_an_element_arrives_then_are_none() -> None:
    tables = tiny_tables()
    tables["contents"]["share"] = 0.0
    place = "hhi, counted element, what Nd, lens country, year 2027"
    assert f"{place}: the plan says tonnes 41.16 t, the arithmetic says 0" in verdict(tables).findings


def test_total_when_a_limit_is_no_share_then_is_blank() -> None:
    found = verdict(plan=changed(tiny_plan(), "limits", 2, total=0.0)).findings
    assert found == ["limit lynas, Lynas, 2027-Q1: the plan says total 0, the arithmetic says blank"]


def test_limit_when_it_is_met_to_the_gram_then_binds() -> None:
    tables = changed(tiny_tables(), "limits", 1, value=25.000001)
    plan = changed(tiny_plan(), "limits", 2, value=25.000001)
    plan = changed(plan, "limits", 3, value=25.000001)
    plan = changed(plan, "binding", 0, value=25.000001)
    assert verdict(tables, plan).findings == []
    assert verdict(tables, changed(plan, "limits", 2, binds=False)).findings == [
        "limit lynas, Lynas, 2027-Q1: the plan says it does not bind, the arithmetic says 0.000001 are left"
    ]


@pytest.mark.parametrize(("per", "window", "tonnes"), [("horizon", "the whole horizon", 45.0), ("year", "2027", 45.0)])
def test_binding_row_when_its_limit_holds_for_longer_than_a_period_then_names_that(
    per: str, window: str, tonnes: float
) -> None:
    tables = changed(tiny_tables(), "limits", 1, per=per, value=tonnes)
    key = f"lynas|Lynas||{'horizon' if per == 'horizon' else window}"
    row = {"key": key, "node": 1, "period": "2027-Q2", "value": tonnes, "subject": f"lynas: Lynas, {window}"}
    words = f"One tonne more for Lynas under lynas in {window} would save at most USD 120"
    assert of_binding(tables, changed(tiny_plan(), "binding", 0, **row, words=words)) == []
    (found,) = of_binding(tables, changed(tiny_plan(), "binding", 0, **row))
    assert f"its own figures say '{words}'" in found


def test_binding_row_when_nothing_runs_on_its_line_then_says_what_is_left() -> None:
    idle = tiny_tables() | {"lines": FURNACE.assign(name="")}
    (loose, *_) = of_binding(idle, changed(tiny_plan(), "binding", 0, rule="line", key="furnace"))
    assert loose == (
        "binding, rule line, key furnace, node 0: the plan calls it binding, the arithmetic says 24.657534 are left"
    )


def test_safety_stock_when_nothing_can_ever_arrive_then_is_not_asked_for() -> None:
    assert broken(changed(tiny_tables(), "stocks", 1, safety=5.0, closing=0.0), tiny_plan()) == []


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (3e-10, "USD 0.00"),
        (0.0031245, "USD 0.0031"),
        (0.5, "USD 0.50"),
        (9.99, "USD 9.99"),
        (10, "USD 10"),
        (999_999.4, "USD 999,999"),
        (1e6, "USD 1.0 M"),
        (-2.5e7, "USD -25.0 M"),
        (-14_300, "USD -14,300"),
    ],
)
def test_money_when_written_in_a_sentence_then_is_as_long_as_a_reader_needs(amount: float, text: str) -> None:
    assert dollars(amount) == plan_dollars(amount) == text


def test_verdict_when_written_for_programs_then_has_every_figure() -> None:
    figures = {"findings": ["x"], "found": 1, "checked": {"offer": 2}, "worst": {"offer": 0.5}, "read": {"stock": 6}}
    money = {
        "cost": {"duty": 3.0},
        "paid": 3.0,
        "today": 2.5,
        "minimised": 4.0,
        "discounted": 2.5,
        "short": 4.0,
        "weighed": {"preference": 1.5},
    }
    assert Verdict(**figures, **money).as_dict() == {"schema": 1, "clean": False, **figures, **money}
