"""A plan with one thing wrong is noticed: a hundred changes here, all kinds and many more in ``make mutants``."""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

import pytest
from spoiling import page
from spoiling import plans as spoiling_plans
from spoiling.changes import changes
from spoiling.plans import EQUIVALENT, MISSED, NOTICED, Tally, report, spoil
from spoiling.saved import invented
from spoiling.sheet import Sheet, same_plan

from sourcing.audit import run as audit_run
from sourcing.audit.layout import COLUMNS
from sourcing.cli import main
from sourcing.run import audit_plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from spoiling.changes import Change
    from spoiling.saved import Saved

SHIPPED = Sheet(
    "shipments",
    ["origin", "node", "arrives_from", "tonnes", "freight"],
    [["P1", "0", "2027-01-01", "4.5", "90.0"], ["P2", "1", "2027-02-01", "0.0", "0.0"]],
)

FILLED = (0, 1, 7)
"""Places of random cases whose plans between them have rows in every table."""


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> list[Saved]:
    """The first random plans which between them have rows in every table."""
    found = list(invented(tmp_path_factory.mktemp("plans"), 40, only=FILLED))
    filled = {table for saved in found for table, sheet in saved.sheets.items() if sheet.rows}
    assert filled == set(found[0].sheets), "draw others: no plan of these has rows in some table"
    return found


def every_change(saved: Saved, seed: int) -> Iterator[Change]:
    for sheet in saved.sheets.values():
        yield from changes(sheet, random.Random(seed), each=1)


def test_audit_when_anything_in_a_plan_is_changed_then_notices(plans: list[Saved]) -> None:
    made = [(saved, change) for saved in plans for change in every_change(saved, seed=3)]
    assert all(audit_plan(saved.folder).is_clean for saved in plans)
    for saved, change in random.Random(7).sample(made, 100):
        noticed = saved.findings(change) or same_plan(saved.sheets[change.table], change.rows)
        assert noticed, f"{saved.name}: {change}"


def test_audit_when_a_file_is_gone_then_notices(plans: list[Saved]) -> None:
    for table in plans[0].sheets:
        assert plans[0].findings_without(table), table
    assert audit_plan(plans[0].folder).is_clean


def test_command_when_a_plan_is_changed_then_says_what_the_audit_in_memory_says(
    plans: list[Saved], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    some = random.Random(5).sample(list(every_change(plans[-1], seed=5)), 4)
    for number, change in enumerate(some):
        folder = plans[-1].write(change, tmp_path / str(number))
        assert audit_plan(folder).findings == plans[-1].findings(change)
    assert plans[-1].exit_code(some[-1]) == 6
    assert main(["audit", str(folder)]) == 6
    assert "does not agree" in capsys.readouterr().out


def test_tally_when_a_check_is_blind_then_counts_what_it_misses(
    plans: list[Saved], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(audit_run, "concentration", lambda *_: iter(()))
    monkeypatch.setattr(spoiling_plans, "changes", lambda *asked: islice(changes(*asked), 3, None, 13))
    one = replace(plans[0], sheets={"hhi": plans[0].sheets["hhi"]})
    tally = spoil([one], seed=1, each=1)
    assert tally.total(MISSED) >= 3
    assert tally.total(NOTICED) > 0
    assert all("hhi.csv, " in line for line in tally.told(MISSED))


def test_change_when_made_then_is_visible_in_the_file() -> None:
    made = list(changes(SHIPPED, random.Random(1), each=2))
    assert all(SHIPPED.text(change.rows) != SHIPPED.text(SHIPPED.rows) for change in made)
    told = {str(change) for change in made}
    assert "1 % more: shipments.csv, row 2, tonnes: '4.5' became '4.6'" in told  # a unit of the last digit is more
    assert "1 % more: shipments.csv, row 3, tonnes: '0.0' became '0.1'" in told
    assert "a day later: shipments.csv, row 2, arrives_from: '2027-01-01' became '2027-01-02'" in told
    assert "another label: shipments.csv, row 2, origin: 'P1' became 'P2'" in told
    assert "labels exchanged: shipments.csv, row 2, origin: 'P1' became 'P2, exchanged with row 3'" in told
    assert "a label that nothing has: shipments.csv, row 2, origin: 'P1' became 'P1x'" in told
    assert "cells of a row exchanged: shipments.csv, row 2, freight: '90.0' became '4.5, exchanged with tonnes'" in told
    assert not any("row 3, tonnes: '0.0' became '0.0'" in line for line in told)


def test_changes_when_all_are_made_then_reach_every_column_and_kind_of_cell(plans: list[Saved]) -> None:
    reached = {(each.table, each.column) for saved in plans for each in every_change(saved, seed=1)}
    columns = {(table, column) for saved in plans for table, sheet in saved.sheets.items() for column in sheet.header}
    assert columns <= reached
    # see test_preference, test_own_rules, test_custody, test_three_figures and test_customs
    elsewhere = {"weighed", "own_rules", "lots", "use", "customs"}
    everywhere = {table: known for table, known in COLUMNS.items() if table not in elsewhere}
    whole = {(table, column) for table, known in everywhere.items() for column in known}
    assert columns == whole | {("shipments", "licence_days")}  # which plans of before lack


@pytest.mark.parametrize(
    ("rows", "same"),
    [
        ([["P2", "1", "2027-02-01", "0.0", "0.0"], ["P1", "0", "2027-01-01", "4.5", "90.0"]], True),
        ([["P1", "0", "2027-01-01", "4.5000001", "90.001"], ["P2", "1", "2027-02-01", "0.0", "0.0"]], True),
        ([["P1", "0", "2027-01-01", "4.500002", "90.0"], ["P2", "1", "2027-02-01", "0.0", "0.0"]], False),
        ([["P1", "0", "2027-01-01", "4.5", "90.02"], ["P2", "1", "2027-02-01", "0.0", "0.0"]], False),
        ([["P2", "0", "2027-01-01", "4.5", "90.0"], ["P1", "1", "2027-02-01", "0.0", "0.0"]], False),
        ([["P1", "0", "2027-01-01", "4.5", "90.0"]], False),
    ],
)
def test_changed_rows_when_they_say_the_same_then_are_the_same_plan(rows: list[list[str]], same: bool) -> None:
    assert same_plan(SHIPPED, rows) is same


def test_report_when_something_was_missed_then_lists_it(tmp_path: Path) -> None:
    tally = Tally(plans=["x"])
    tally._count(("row removed", "stock"), ["noticed"], "")
    tally._count(("row removed", "stock"), [], "x, row removed: stock.csv, row 7")
    tally._count(("labels exchanged", "stock"), [], "x, labels exchanged: stock.csv, row 2", same=True)
    lines = list(report(tally))
    assert "| row removed | 1 of 2 | 1 of 2 |" in lines
    assert "| labels exchanged |  |  |" in lines
    assert lines.index("Missed: 1.") + 2 == lines.index("- x, row removed: stock.csv, row 7")
    assert tally.told(EQUIVALENT) == ["x, labels exchanged: stock.csv, row 2"]


def test_page_when_a_section_is_written_then_the_rest_stays(tmp_path: Path) -> None:
    path = tmp_path / "page.md"
    path.write_text("a\n<!-- one -->\nold\n<!-- end of one -->\nb\n", "utf-8")
    page.put("one", ["new", "lines"], path)
    assert path.read_text("utf-8") == "a\n<!-- one -->\nnew\nlines\n<!-- end of one -->\nb\n"
    with pytest.raises(ValueError, match="cannot be found"):
        page.put("two", [], path)
