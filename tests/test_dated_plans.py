"""Plans with dates: what is written, what the audit says of it when it was changed, and what stock comes down to."""

from __future__ import annotations

import json
import shutil
import tarfile
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import TINY, tiny_case, write_question

from sourcing import run
from sourcing.cli import main
from sourcing.errors import DataError
from sourcing.question import Horizon, load_question
from sourcing.report.console import render_plan
from sourcing.tables import read_case

if TYPE_CHECKING:
    from sourcing.plan import Plan

ARCHIVE = Path(__file__).parent / "saved" / "0.1.0.tar.xz"
YEARS = 'horizon = { start = "2027-01", periods = 2, length = "year" }\n'
ROUTE = ["offer", "destination", "mode"]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan with a licence, a lead time and lots, called off by the week."""
    folder = tmp_path_factory.mktemp("made")
    licence = {"country": "CHN", "lag_days": 40, "from": "2027-05-10"}
    tiny_case(folder, licences=[licence], offers={"B": {"lead_days": 12.5, "lot_multiple": 3, "call_off": "weekly"}})
    run.optimize(write_question(folder), out=folder / "plan")
    return folder / "plan"


@pytest.fixture
def saved(made: Path, tmp_path: Path) -> Path:
    """A copy of it to be changed."""
    return Path(shutil.copytree(made, tmp_path / "plan"))


def edit(path: Path, row: int, **cells: Any) -> None:
    table = pd.read_csv(path, keep_default_na=False, dtype=str)
    table.loc[row, list(cells)] = list(cells.values())
    table.to_csv(path, index=False)


def findings_of(folder: Path) -> list[str]:
    return [each for each in run.audit_plan(folder).findings if not each.startswith("plan.json")]


def summed(plan: Any) -> list[tuple[float, float]]:
    """Return t of each purchase, and of its call-offs: those whose day lies in its days of order."""
    orders, pairs = plan.tables["orders"], []
    for row in plan.tables["purchases"].itertuples():
        mine = orders[(orders[ROUTE] == [row.offer, row.destination, row.mode]).all(axis=1)]
        inside = mine[mine["order_on"].between(row.order_from, row.order_until)]
        pairs.append((row.tonnes, inside["tonnes"].sum()))
        assert inside["arrive_on"].min() >= row.arrives_from
    assert orders["tonnes"].sum() == pytest.approx(sum(own for own, _ in pairs), rel=1e-12)
    return pairs


def test_orders_when_a_plan_is_saved_then_they_add_up_to_its_purchases_in_whole_lots(saved: Path) -> None:
    plan = run.load_plan(saved)
    pairs = summed(plan)
    assert len(plan.tables["orders"]) > 3 * len(pairs)
    assert all(called == pytest.approx(ordered, abs=1e-9) for ordered, called in pairs)
    lots = plan.tables["orders"].query("offer == 'B'")["lots"]
    assert ((lots - lots.round()).abs() < 1e-9).all()


def test_orders_when_a_licence_begins_then_what_is_ordered_from_then_on_is_applied_for_and_waits(saved: Path) -> None:
    orders = run.load_plan(saved).tables["orders"].query("offer == 'B'")
    before, after = (orders[(orders["order_on"] >= "2027-05-10") == late] for late in (False, True))
    assert len(before) > 3
    assert len(after) > 3
    assert before["apply_by"].isna().all()
    assert ((after["ship_on"] - after["apply_by"]).dt.days == 40).all()
    assert ((before["arrive_on"] - before["order_on"]).dt.days == 58).all()  # 12.5 + 45, rounded up
    assert ((after["arrive_on"] - after["order_on"]).dt.days == 98).all()


def test_saved_plan_when_nothing_was_changed_then_the_audit_agrees_and_says_how_low_stock_gets(saved: Path) -> None:
    verdict = run.audit_plan(saved)
    assert verdict.findings == []
    assert verdict.daily is not None
    stored = json.loads((saved / "audit.json").read_text("utf-8"))["days"]
    assert verdict.daily.said.as_dict() == stored
    assert stored["words"].startswith("never empty; lowest: Dy oxide at Our plant, ")


@pytest.mark.parametrize(
    ("table", "cells", "says"),
    [
        ("orders", {"tonnes": "17"}, "the plan says tonnes 17, its orders day by day"),
        ("orders", {"arrive_on": "2027-02-20"}, "the plan says arrive_on 2027-02-20, its orders day by day 2027-02-28"),
        ("orders", {"amount": "5"}, "the plan says amount 5, its orders day by day"),
        ("orders", {"apply_by": "2027-01-05"}, "the plan says apply_by 2027-01-05, its orders day by day nothing"),
        ("orders", {"order_on": "2027-01-02"}, "nothing of the kind follows from the plan's other tables"),
        ("orders", {"contract": "K"}, "nothing of the kind follows from the plan's other tables"),
        ("days", {"lowest": "12"}, "the plan says lowest 12, its orders day by day"),
        ("days", {"days_empty": "3"}, "the plan says days_empty 3, its orders day by day 0"),
        ("days", {"first_empty": "2027-03-03"}, "the plan says first_empty 2027-03-03, its orders day by day nothing"),
    ],
)
def test_saved_plan_when_a_dated_cell_is_changed_then_the_audit_notices(
    saved: Path, table: str, cells: dict[str, str], says: str
) -> None:
    edit(saved / f"{table}.csv", 0, **cells)
    found = findings_of(saved)
    assert any(says in each for each in found), found


def test_saved_plan_when_a_row_is_taken_out_then_the_audit_misses_it(saved: Path) -> None:
    for table in ("orders", "days"):
        pd.read_csv(saved / f"{table}.csv").iloc[1:].to_csv(saved / f"{table}.csv", index=False)
    found = findings_of(saved)
    assert len(found) == 2
    assert all("the plan has no such row, and it follows from it" in each for each in found)


def test_saved_plan_when_one_of_its_dated_tables_is_gone_then_the_audit_says_which(saved: Path) -> None:
    manifest = json.loads((saved / "manifest.json").read_text("utf-8"))
    manifest["tables"].remove("waits")
    (saved / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert findings_of(saved) == ["table waits: the whole table cannot be found in the plan"]


def test_saved_plan_of_an_earlier_version_then_it_has_no_dates_and_nothing_is_missed(tmp_path: Path) -> None:
    with tarfile.open(ARCHIVE) as archive:
        mine = [each for each in archive.getmembers() if each.name.startswith("antimony-cheapest")]
        archive.extractall(tmp_path, mine, filter="data")
    verdict = run.audit_plan(tmp_path / "antimony-cheapest")
    assert verdict.findings == []
    assert verdict.daily is not None
    assert verdict.daily.said.words.startswith("never empty; lowest: Sb trioxide at ")
    assert "orders" not in run.load_plan(tmp_path / "antimony-cheapest").tables


def test_plan_of_years_when_a_delivery_comes_late_then_it_is_empty_and_the_audit_agrees_all_the_same(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A tonne a day is used; what is ordered by the lot of half a year is there by its end, and not before."""
    tiny_case(
        tmp_path,
        demand=[{"site": "PLANT", "material": "oxide", "period": year, "quantity": 365} for year in ("2027", "2028")],
        offers={"B": {"lot_multiple": 160, "call_off": "lot"}},
        stocks=[{"site": "PLANT", "material": "oxide", "opening": 50}],
        capacity={"A": 0},
    )
    plan = run.optimize(write_question(tmp_path, YEARS), out=tmp_path / "plan")
    assert plan.tables["shortage"].empty
    words = plan.manifest["audit"]["days"]["words"]
    assert words.startswith("empty on ")
    assert words.endswith("(Dy oxide at Our plant): periods of a year are too long for this case")
    screen = render_plan(plan, 100).plain.splitlines()
    audit = next(at for at, line in enumerate(screen) if line.startswith("Audit "))
    assert screen[audit + 1].startswith("Day by day            empty on ")
    assert any("SCREEN-388" in note or "longer than the stock lasts" in note for note in plan.manifest["notes"])
    assert main(["audit", str(tmp_path / "plan")]) == 0
    assert "Day by day: empty on " in capsys.readouterr().out


@pytest.mark.parametrize("seed", range(8))
def test_month_plan_when_safety_is_a_months_use_and_nothing_is_short_then_is_never_empty(
    tmp_path: Path, seed: int
) -> None:
    draw = Random(seed)
    days = [draw.randrange(1, 90), draw.choice([0, 7.5, 30])]
    tiny_case(
        tmp_path,
        demand=[
            {"site": "PLANT", "material": "oxide", "period": f"{year}-{month:02d}", "quantity": draw.uniform(5, 10)}
            for year in (2027, 2028)
            for month in range(1, 13)
        ],
        stocks=[{"site": "PLANT", "material": "oxide", "opening": 60, "safety": 10}],
        offers={"B": {"lead_days": days[1], "call_off": draw.choice(["monthly", "weekly"])}},
        lanes=[TINY["lanes"][0], {**TINY["lanes"][1], "transit_days": days[0]}],
        licences=[{"country": "CHN", "lag_days": draw.randrange(60), "from": f"2027-{draw.randrange(1, 13):02d}-11"}],
    )
    start = draw.choice(["2027-01", "2027-01-15"])
    question = write_question(tmp_path, f'horizon = {{ start = "{start}", periods = 22, length = "month" }}\n')
    plan = run.optimize(question, options=run.RunOptions(compare=False))
    assert plan.tables["shortage"].empty
    assert len(plan.tables["purchases"]) > 5
    (row,) = plan.tables["days"].itertuples()
    assert row.lowest >= 0
    assert row.days_empty == 0
    assert plan.manifest["audit"]["days"]["words"].startswith("never empty; lowest: ")


@pytest.mark.parametrize(("periods", "length", "is_empty"), [(16, "quarter", False), (4, "year", True)])
def test_ready_case_when_periods_are_years_then_stores_are_empty_and_by_quarters_never(
    periods: int, length: str, *, is_empty: bool
) -> None:
    asked = load_question("cheapest")
    horizon = Horizon(start=asked.horizon.start, periods=periods, length=length, tail=0)
    plan = run.optimize(asked.model_copy(update={"horizon": horizon}), options=run.RunOptions(compare=False))
    said, days = plan.manifest["audit"]["days"], plan.tables["days"]
    assert (said["days_empty"] > 50, (days["lowest"] < -10).any()) == (is_empty, is_empty)
    assert plan.manifest["audit"]["clean"]
    assert all(called == pytest.approx(ordered, abs=1e-9) for ordered, called in summed(plan))


def test_offer_when_it_is_called_off_by_the_lot_and_has_none_then_the_tables_are_refused(tmp_path: Path) -> None:
    folder = tiny_case(tmp_path, offers={"B": {"call_off": "lot"}})
    with pytest.raises(DataError) as caught:
        read_case(folder)
    (fault,) = caught.value.faults
    assert (fault.place, fault.code) == ("offers.csv row 3, column call_off", "DATA-142")
    assert fault.repair == "fill in lot_multiple or min_lot, or call it off monthly"
    tiny_case(tmp_path, offers={"B": {"call_off": "lot", "min_lot": 5}})
    assert len(read_case(folder)["offers"]) == 2


@pytest.mark.parametrize("table", ["orders", "days", "waits"])
def test_plan_when_any_dated_cell_is_another_then_the_audit_notices(waiting: Plan, table: str) -> None:
    frame = waiting.tables[table]
    assert len(frame)
    for column in frame:
        cell = frame[column].iloc[-1]
        other = frame.astype({column: object})
        other.loc[len(frame) - 1, column] = spoiled(cell)
        tables = {**waiting.tables, table: other}
        assert run.verdict_on(replace(waiting, tables=tables)).findings, (table, column)
    assert run.verdict_on(waiting).findings == []


@pytest.fixture(scope="module")
def waiting(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    """A plan whose metal is made of what comes in the middle of a half year."""
    folder = tmp_path_factory.mktemp("waiting")
    tiny_case(
        folder,
        processes=[{"process": "SMELT", "site": "PLANT", "capacity": 1000, "days": 5}],
        recipes=[
            {"process": "SMELT", "material": "oxide", "quantity": -1},
            {"process": "SMELT", "material": "metal", "quantity": 1},
        ],
        demand=[
            {"site": "PLANT", "material": "metal", "period": year, "quantity": 60}
            for year in ("2027-Q3", "2028-Q2", "2028-Q4")
        ],
    )
    return run.optimize(write_question(folder, YEARS.replace("periods = 2", "periods = 4").replace("year", "6 months")))


def spoiled(cell: Any) -> Any:
    """Another value of the same kind."""
    if isinstance(cell, str):
        return f"{cell}x"
    if pd.isna(cell):
        return 1.0 if isinstance(cell, float) else pd.Timestamp(2027, 5, 5)
    return cell + (pd.Timedelta(days=1) if isinstance(cell, pd.Timestamp) else 1)
