"""Every cell of a plan is checked: one is changed at a time, and the audit must say so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from test_audit_tiny import TERMS, checks, tiny_manifest, tiny_plan, tiny_tables, verdict

from sourcing.audit import audit
from sourcing.audit.layout import COLUMNS, DATED, KEYS
from sourcing.audit.run import family_checks

if TYPE_CHECKING:
    from collections.abc import Iterator


ELSEWHERE = {"decisions", "changes", "weighed", "look_through", "own_rules", "lots", "customs", "use", *DATED}
"""Tables empty here: see test_lots, _stability, _preference, _origins, _own_rules, _custody and _dated_plans."""
CHECKED = [table for table in COLUMNS if table not in ELSEWHERE]


def edited(table: str, row: int, **cells: Any) -> dict[str, pd.DataFrame]:
    """The pencil plan with one row changed."""
    plan = tiny_plan()
    changed = plan[table].astype(object)
    for column, value in cells.items():
        changed.at[row, column] = value
    plan[table] = changed
    return plan


def findings(table: str, row: int, **cells: Any) -> list[str]:
    return verdict(plan=edited(table, row, **cells)).findings


def spoiled(value: Any) -> Any:
    """Another value of the same type."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, pd.Timestamp):
        return value + pd.Timedelta(days=1)
    if isinstance(value, str):
        return value + "x"
    return 1.0 if value != value else value + 1


def every_cell() -> Iterator[tuple[str, int, str]]:
    for table, frame in tiny_plan().items():
        for column in COLUMNS[table]:
            yield from ((table, row, column) for row in range(len(frame)))


@pytest.mark.parametrize("table", CHECKED)
def test_audit_of_any_changed_cell_notices(table: str) -> None:
    for name, row, column in every_cell():
        if name == table:
            was = tiny_plan()[table].to_dict("records")[row][column]
            assert findings(table, row, **{column: spoiled(was)}), (table, row, column)


@pytest.mark.parametrize("table", CHECKED)
def test_audit_of_any_row_taken_out_notices(table: str) -> None:
    for row in range(len(tiny_plan()[table])) if table != "binding" else ():
        plan = tiny_plan()
        plan[table] = plan[table].drop(index=row)
        assert verdict(plan=plan).findings, (table, row)


@pytest.mark.parametrize("table", CHECKED)
def test_audit_of_any_row_written_twice_says_which(table: str) -> None:
    plan = tiny_plan()
    plan[table] = pd.concat([plan[table], plan[table].head(1)], ignore_index=True)
    found = verdict(plan=plan).findings
    key = plan[table].iloc[0][KEYS[table][0]]
    assert len(found) == 1
    assert "twice" in found[0]
    assert str(key) in found[0]


ONE_CELL = [
    ("purchases", 0, "freight", 1_200.0,
     "Lynas NdPr oxide (offer L1) to Bremen by sea, 2027-Q1: the plan charges USD 1,200 freight, "
     "40 t at 250 USD/t make 10,000"),
    ("purchases", 2, "purchase", 364_000.1,
     "Northern NdPr oxide (offer C1) to Bremen, 2027-Q2: the plan charges USD 364,000.1 purchase, "
     "9.1 t at 40,000 USD/t make 364,000"),
    ("purchases", 2, "duty", 0.0,
     "Northern NdPr oxide (offer C1) to Bremen, 2027-Q2: the plan charges USD 0 duty, the tariffs on 9.1 t make "
     "36,400"),
    ("purchases", 2, "late_tonnes", 0.0,
     "Northern NdPr oxide (offer C1) to Bremen, 2027-Q2: the plan says late_tonnes 0 t, the arithmetic says 5.5"),
    ("purchases", 1, "country", "MYS",
     "Northern NdPr oxide (offer C1) to Bremen, 2027-Q1: the plan says country 'MYS', the tables say 'CHN'"),
    ("purchases", 1, "arrives_from", "2027-02-16",
     "Northern NdPr oxide (offer C1) to Bremen, 2027-Q1: the plan says arrives_from '2027-02-16', the calendar says "
     "'2027-02-15'"),
    ("shipments", 0, "departs_from", pd.Timestamp(2027, 1, 2),
     "NdPr oxide from Rotterdam to Bremen by truck, 2027-Q1: the plan says departs_from '2027-01-02', the calendar "
     "says '2027-01-01'"),
    ("shipments", 0, "freight", 90.0,
     "NdPr oxide from Rotterdam to Bremen by truck, 2027-Q1: the plan charges USD 90 freight, 10 t at 10 USD/t make "
     "100"),
    ("conversions", 0, "conversion", 0.0,
     "process reduce at Bremen, 2027-Q1: the plan charges USD 0 conversion, 40 t at 1,000 USD/t make 40,000"),
    ("stock", 3, "bought", 33.7,
     "NdPr oxide at Bremen, 2027-Q2: the plan says bought 33.7 t, the arithmetic says 33.6"),
    ("stock", 3, "start", 41.0, "NdPr oxide at Bremen, 2027-Q2: the plan says start 41 t, the arithmetic says 40"),
    ("stock", 2, "period", "2027-Q2",
     "stock, site bre, material oxide, node 0: the plan says period '2027-Q2', the calendar says '2027-Q1'"),
    ("shortage", 0, "short", 3.0, "NdPr metal at Bremen, 2027-Q2: the plan says short 3 t, the arithmetic says 4"),
    ("cost", 0, "amount", 2_800_001.0,
     "cost of purchase, 2027-Q1: the plan says amount USD 2,800,001, the arithmetic 2,800,000"),
    ("shares", 0, "tonnes", 46.0,
     "shares, counted material, what oxide, lens country, year 2027, group MYS: the plan says tonnes 46 t, the "
     "arithmetic says 45"),
    ("shares", 0, "share", 0.7,
     "shares, counted material, what oxide, lens country, year 2027, group MYS: the plan says share 0.7, the "
     "arithmetic says 0.655977"),
    ("hhi", 0, "groups", 3,
     "hhi, counted material, what oxide, lens country, year 2027: the plan says 3 groups, the arithmetic says 2"),
    ("limits", 1, "counted", 28.0, "limit one-country, MYS, horizon: the plan says counted 28, the arithmetic says 27"),
    ("limits", 1, "by", "owner", "limit one-country, MYS, horizon: the plan says by 'owner', the limit says 'country'"),
    ("limits", 2, "binds", False,
     "limit lynas, Lynas, 2027-Q1: the plan says it does not bind, the arithmetic says 0 are left"),
    ("limits", 4, "value", 1e6, "limit budget, 2027: the plan says value 1,000,000, the limit says 10,000,000"),
    ("binding", 0, "rule", "tones",
     "binding, rule tones, key lynas|Lynas||2027-Q1, node 0: there is no rule of that name"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "row", "column", "value", "sentence"), ONE_CELL)
def test_audit_of_one_wrong_cell_says_exactly_that(
    table: str, row: int, column: str, value: Any, sentence: str
) -> None:
    assert findings(table, row, **{column: value}) == [sentence]


def test_audit_of_a_binding_row_that_is_loose_says_what_is_left() -> None:
    found = findings("binding", 0, key="lynas|Lynas||2027-Q2", node=1, period="2027-Q2")
    assert found[0].endswith("the plan calls it binding, the arithmetic says 5 are left")
    assert "the plan says subject 'lynas: Lynas, 2027-Q1', the tables say 'lynas: Lynas, 2027-Q2'" in found[1]


def test_audit_of_a_binding_row_about_nothing_known_says_so() -> None:
    assert "no row of that rule is about 'lynas: Lynas, 2027-Q1'" in findings("binding", 0, key="lynas|Wonder|")[0]


BINDING_CELL = [
    ("subject", "Wonder Ltd", "the plan says subject 'Wonder Ltd', the tables say 'lynas: Lynas, 2027-Q1'"),
    ("value", 25.01, "the plan says value 25.01, the tables say 25"),
    ("unit", "USD", "the plan says unit 'USD', the rule says 't'"),
    ("words", "Buy more", "the plan says 'Buy more', its own figures say 'One tonne more for Lynas under lynas in "
     "2027-Q1 would save at most USD 120'"),
    ("price", 132.0, "the plan says 'One tonne more for Lynas under lynas in 2027-Q1 would save at most USD 120', "
     "its own figures say 'One tonne more for Lynas under lynas in 2027-Q1 would save at most USD 132'"),
]  # fmt: skip


@pytest.mark.parametrize(("column", "value", "sentence"), BINDING_CELL)
def test_audit_of_a_binding_row_that_says_something_else_names_the_cell(column: str, value: Any, sentence: str) -> None:
    place = "binding, rule tonnes, key lynas|Lynas||2027-Q1, node 0"
    assert findings("binding", 0, **{column: value}) == [f"{place}: {sentence}"]


def test_audit_of_a_price_of_nothing_says_so() -> None:
    words = "lynas: Lynas, 2027-Q1 keeps demand short in 2027-Q1"
    assert findings("binding", 0, words=words) == []
    assert "what binds has a price above 0" in findings("binding", 0, words=words, price=0.0)[0]


def test_audit_of_a_share_of_nothing_that_is_called_binding_says_so() -> None:
    tables, plan = tiny_tables(), edited("limits", 1, binds=True)
    tables["contents"]["share"] = 1e-15
    assert (
        "limit one-country, MYS, horizon: the plan says it binds, a share of nothing never does"
        in verdict(tables, plan).findings
    )


def test_audit_of_an_unknown_offer_leaves_the_row_out() -> None:
    found = findings("purchases", 0, offer="L9")
    assert "the tables have no such offer; the row is left out of the audit" in found[0]


def test_audit_of_an_illegal_route_says_so() -> None:
    assert "no way to buy it there like that" in findings("purchases", 0, mode="air")[0]


def test_audit_of_a_number_that_is_none_says_which_cell() -> None:
    assert "purchases row 2: tonnes says 'many', which is not a number" in findings("purchases", 0, tonnes="many")[0]
    assert "purchases row 2: tonnes says 'inf'" in findings("purchases", 0, tonnes=float("inf"))[0]
    for cell in (None, True):
        assert (
            f"purchases row 2: tonnes says '{cell}', which is not a number" in findings("purchases", 0, tonnes=cell)[0]
        )


def test_audit_of_a_node_beyond_the_horizon_says_so() -> None:
    assert "the horizon has nodes 0 to 1" in findings("conversions", 0, node=2)[0]


def test_audit_of_negative_tonnes_says_so() -> None:
    assert "late_tonnes is -1 t; nothing can be less than 0" in findings("purchases", 0, late_tonnes=-1.0)[0]


def test_audit_of_too_large_an_order_names_the_broken_rule() -> None:
    found = findings("purchases", 0, tonnes=91.0)
    assert "Lynas NdPr oxide (offer L1), 2027-Q1: rule offer: the plan is 1 t above what is allowed" in found
    assert any("rule balance: the plan is 25.5 t out of balance" in finding for finding in found)


def test_audit_of_a_missing_table_or_column_says_so() -> None:
    plan = tiny_plan()
    del plan["hhi"]
    plan["stock"] = plan["stock"].drop(columns=["made"])
    found = verdict(plan=plan).findings
    assert "table stock: the columns made cannot be found in the plan" in found
    assert "table hhi: the whole table cannot be found in the plan" in found


def test_audit_of_a_plan_without_prices_passes() -> None:
    plan = tiny_plan()
    del plan["binding"]
    assert verdict(plan=plan).findings == []


def test_audit_of_an_order_outside_the_offer_dates_says_so() -> None:
    tables = tiny_tables()
    tables["offers"]["end"] = [pd.NaT, pd.Timestamp(2027, 4, 1)]
    assert verdict(tables).findings[0] == (
        "Northern NdPr oxide (offer C1) to Bremen, 2027-Q2: the plan orders 9.1 t, but nothing can be ordered in that "
        "period"
    )


def test_audit_of_disposal_without_a_price_says_so() -> None:
    found = findings("stock", 4, disposed=10.0)
    assert "NdPr oxide at Rotterdam, 2027-Q1: the plan disposes of 10 t where that is not allowed" in found


@pytest.mark.parametrize(("name", "value"), [("cost", 1.0), ("shortage", 0.0), ("cost", None), ("shortage", "none")])
def test_audit_of_a_wrong_objective_says_so(name: str, value: Any) -> None:
    manifest = {"objective": tiny_manifest()["objective"] | {name: value}}
    found = verdict(manifest=manifest).findings
    assert len(found) == 1
    assert found[0].startswith(f"manifest: the plan says objective {name}")


def test_audit_of_shortage_that_is_forbidden_names_the_rule() -> None:
    terms = type(TERMS)(TERMS.start, TERMS.steps, 0.1, "none")
    assert verdict(terms=terms).findings == [
        "NdPr metal at Bremen, 2027-Q2: rule short: the plan is 4 t above what is allowed"
    ]


def test_audit_of_priced_shortage_misses_its_cost() -> None:
    tables = tiny_tables()
    tables["materials"]["shortage_cost"] = [float("nan"), 500_000.0]
    found = verdict(tables, terms=type(TERMS)(TERMS.start, TERMS.steps, 0.1, "priced")).findings
    assert found[0] == "cost of shortage, 2027-Q2: the cost table has no row, the arithmetic says USD 2,000,000"


def test_audit_of_a_hopeless_plan_stops_after_fifty_sentences() -> None:
    plan = tiny_plan()
    plan["purchases"] = pd.concat([plan["purchases"]] * 40, ignore_index=True)
    found = verdict(plan=plan)
    assert found.found == 117
    assert len(found.findings) == 51
    assert found.findings[-1].startswith("67 more findings are left out")


def test_audit_of_a_plan_read_from_csv_passes(tmp_path: Any) -> None:
    plan = {}
    for table, frame in tiny_plan().items():
        frame.to_csv(tmp_path / f"{table}.csv", index=False)
        plan[table] = pd.read_csv(tmp_path / f"{table}.csv")
    assert verdict(plan=plan).findings == []


def test_audit_without_named_checks_asks_every_family() -> None:
    assert {check.__name__ for check in checks()} <= {str(getattr(check, "__name__", "")) for check in family_checks()}
    assert audit(tiny_tables(), TERMS, tiny_plan(), tiny_manifest()).is_clean
