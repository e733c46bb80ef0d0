"""Options of a plan against the audit's own arithmetic of them: every kind, every cell, every row, also with a tail."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import write_question, write_tables
from test_dated_plans import spoiled
from test_decide import FREE, A, B, C, tables

from sourcing import run

if TYPE_CHECKING:
    from sourcing.plan import Plan

TAIL = f'horizon = {{ start = "2027-01", periods = 8, length = "quarter", tail = 4 }}\n{FREE}'
GOODS = {"materials": [{"material": "oxide", "name": "Dy oxide"}, {"material": "feed", "name": "Feed"}]}


def chosen() -> dict[str, Any]:
    """Tables of which the plan takes up an option of every kind: little of each offer is to be had."""
    make = {"process": "smelt", "site": "PLANT", "capacity": 15, "opening_cost": 500_000, "cost": 50_000}
    feed = {**B, "offer": "F", "material": "feed", "capacity": 15}
    quoted = {**C, "capacity": 15, "quoted_until": "2027-02-15", "start": "2027-04-10"}
    deal = {"contract": "deal", "offer": "A", "price": 250_000, "maximum": 30, "fee": 1_000, "from": "2027-07-10"}
    dear = {"contract": "dear", "offer": "A", "price": 900_000, "minimum": 90, "maximum": 99, "signed": "yes"}
    recipe = [("feed", -1), ("oxide", 1)]
    return (
        tables(
            [A, {**B, "capacity": 20}, quoted, feed],
            contracts=[deal, {**dear, "exit_cost": 400_000}],
            qualifications=[
                {"offer": "B", "cost": 250_000, "days": 100.5},
                {"offer": "B", "cost": 7, "days": 10, "from": "2028-02-29"},
            ],
            licences=[{"country": "CHN", "material": "oxide", "lag_days": 20.5}],
            processes=[make],
            recipes=[{"process": "smelt", "material": code, "quantity": each} for code, each in recipe],
        )
        | GOODS
    )


@pytest.fixture(scope="module", params=[FREE, TAIL], ids=["no tail", "tail"])
def plan(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Plan:
    folder = tmp_path_factory.mktemp("options")
    write_tables(folder / "tiny", chosen())
    return run.optimize(write_question(folder, request.param), options=run.RunOptions(compare=False))


def test_options_when_every_kind_is_taken_up_then_the_audit_counts_them_alike(plan: Plan) -> None:
    assert set(plan.tables["options"]["kind"]) == {
        "approval",
        "contract",
        "leaving",
        "quotation",
        "licence",
        "facility",
    }
    assert "offer|B|2028-02-29" in set(plan.tables["options"]["option"])
    assert run.verdict_on(plan).findings == []


def test_options_when_any_cell_is_changed_or_any_row_gone_or_doubled_then_the_audit_says_so(plan: Plan) -> None:
    table = plan.tables["options"]
    for row, cells in enumerate(table.to_dict("records")):
        wrong = [table.drop(index=row), pd.concat([table, table.loc[[row]]], ignore_index=True)]
        for column, value in cells.items():
            changed = table.astype(object)
            changed.at[row, column] = spoiled(value)
            wrong.append(changed.infer_objects())
        for each in wrong:
            said = run.verdict_on(replace(plan, tables={**plan.tables, "options": each})).findings
            assert any("options" in one for one in said), (row, each)


def test_options_when_the_whole_table_is_gone_then_the_audit_says_so(plan: Plan) -> None:
    left = {name: table for name, table in plan.tables.items() if name != "options"}
    assert any("table options" in each for each in run.verdict_on(replace(plan, tables=left)).findings)
