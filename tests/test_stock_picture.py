"""The picture of stock: the balance of the plan, in true widths, with what is asked for and what is short."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest

from sourcing import run
from sourcing.charts.colours import ALARM
from sourcing.charts.levels import Level, drawn
from sourcing.charts.stock import stock
from sourcing.charts.theme import specification
from sourcing.errors import QuestionError
from sourcing.report.stores import asked_for, places
from tests.builders import TINY, tiny_case, write_question

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.charts.theme import Picture
    from sourcing.plan import Plan


def tiny(tmp_path: Path, text: str = "", **changes: Any) -> Plan:
    tiny_case(tmp_path, **changes)
    return run.optimize(write_question(tmp_path, text))


def rows(picture: Picture) -> pd.DataFrame:
    """Return the rows of all data of a picture."""
    drawing = picture.drawing.to_dict()
    return pd.DataFrame([row for data in drawing["datasets"].values() for row in data])


def test_areas_and_bars_are_the_balance_of_the_plan(tmp_path: Path) -> None:
    plan = tiny(tmp_path, stocks={0: {"safety": 5, "maximum": 30}})
    sheet, picture = plan.tables["stock"], stock(plan)
    assert picture.title == "Closest to empty: Dy oxide, Our plant, with 15 days of use on 31 Dec 2027"
    table = rows(picture)
    line = table[table["y"].notna() & table["x"].notna() & table["x2"].isna()]
    assert list(line["y"]) == pytest.approx([sheet["start"].iloc[0], *sheet["end"]])
    assert list(line["x"]) == [0, 90, 181, 273, 365, 456, 547, 639, 731]
    came = table[table["said"] == "arrives"]
    assert came["amount"].sum() == pytest.approx(sheet["bought"].sum())
    months = (came["right"] - came["left"]) / (365.25 / 12)
    assert list(came["high"] * months) == pytest.approx(list(came["amount"]))
    used = table[table["said"] == "used"]
    assert list(used["amount"]) == pytest.approx(list(sheet["demand"]))
    assert (used["high"] == 0).all()
    assert {5.0, 30.0} <= set(table.loc[table["x"].isna() | table["x2"].notna(), "y"])  # dashed, and the black line
    assert len(picture.table) == len(sheet)


def test_what_is_short_is_the_headline_and_drawn_below_what_is_used(tmp_path: Path) -> None:
    plan = tiny(tmp_path, offers={"A": {"capacity": 20}, "B": {"capacity": 30}})
    picture = stock(plan)
    assert picture.headline.startswith("Short: ")
    table = rows(picture)
    short = table[table["said"] == "short"]
    assert short["amount"].sum() == pytest.approx(plan.tables["shortage"]["short"].sum())
    assert set(short["colour"]) == {ALARM}
    used = table[table["said"] == "used"].set_index("left")["low"]
    assert list(short["high"]) == pytest.approx(list(used[short["left"]]))


def test_cover_is_drawn_as_the_rule_asks_for_it(tmp_path: Path) -> None:
    plan = tiny(tmp_path, stocks={0: {"safety": 5, "cover_days": 45, "opening": 40}})
    asked = asked_for(plan, ("PLANT", "oxide"))
    assert asked[0] == pytest.approx(45 * 100 / 365)
    assert asked[-1] == pytest.approx(45 * 120 / 366)
    later = plan.tables["stock"].query("node > 0")["end"].to_numpy()
    assert (later >= asked[1:] - 1e-6).all()
    assert "safety 12 t to 15 t · no maximum" in str(stock(plan).drawing.to_dict())


def test_a_maximum_far_above_all_stock_is_said_and_not_drawn(tmp_path: Path) -> None:
    plan = tiny(tmp_path, stocks={0: {"opening": 20, "maximum": 5000}})
    picture = stock(plan)
    assert "maximum 5,000 t" in str(picture.drawing.to_dict())
    assert 5000 not in set(rows(picture)["y"])


def test_one_material_or_element_is_drawn_when_it_is_named_and_others_are_refused(tmp_path: Path) -> None:
    contents = [{"material": "oxide", "element": "Dy", "share": 0.8}]
    plan = tiny(tmp_path, contents=contents)
    assert {stock(plan, name).title for name in ("oxide", "DY OXIDE", "dy")} == {stock(plan).title}
    with pytest.raises(QuestionError, match="did you mean oxide"):
        stock(plan, "oxid")
    with pytest.raises(QuestionError, match="no metal is in stock"):
        stock(plan, "metal")


def test_a_place_without_demand_is_drawn_and_no_headline(tmp_path: Path) -> None:
    melting: dict[str, Any] = {
        "processes": [{"process": "melt", "site": "MILL"}],
        "recipes": [
            {"process": "melt", "material": "oxide", "quantity": -1},
            {"process": "melt", "material": "metal", "quantity": 1},
        ],
        "sites": [*TINY["sites"], {"site": "MILL", "name": "Own mill", "kind": "plant", "country": "USA"}],
        "lanes": [*TINY["lanes"], {"origin": "FAR", "destination": "MILL"}, {"origin": "MILL", "destination": "PLANT"}],
        "demand": [*TINY["demand"], {"site": "PLANT", "material": "metal", "period": "2028", "quantity": 20}],
        "stocks": [
            {**TINY["stocks"][0], "safety": 5},
            {"site": "MILL", "material": "oxide", "opening": 5, "safety": 2},
        ],
    }
    plan = tiny(tmp_path, **melting)
    picture = stock(plan, "oxide")
    assert set(picture.table["Of"]) == {"Dy oxide, Our plant", "Dy oxide, Own mill"}
    assert picture.title.startswith("Closest to empty: Dy oxide, Our plant, with ")


def test_a_plan_without_stock_has_nothing_to_draw(tmp_path: Path) -> None:
    lanes = [{**lane, "transit_days": 0} for lane in TINY["lanes"]]
    plan = tiny(tmp_path, stocks=None, lanes=lanes, offers={"A": {"capacity": 500}})
    plan.tables["stock"]["end"] = 0.0
    with pytest.raises(QuestionError, match="nothing is in stock at the end of any period"):
        stock(plan)


@pytest.mark.parametrize(
    ("horizon", "labels"),
    [
        ('horizon = { start = "2027-01", periods = 8, length = "quarter" }\n', ["2027", "2028"]),
        ('horizon = { start = "2027-01", steps = [["month", 3], ["quarter", 3], ["year", 1]] }\n', ["2027", "2028"]),
        ('horizon = { start = "2027-02-10", periods = 6, length = "month" }\n', ["Apr 2027", "Jul 2027"]),
        ('horizon = { start = "2027-02-10", periods = 5, length = "week" }\n', ["Mar 2027"]),
    ],
)
def test_times_are_named_by_how_long_the_horizon_is(tmp_path: Path, horizon: str, labels: list[str]) -> None:
    plan = tiny(tmp_path, horizon, stocks={0: {"opening": 80}})
    (place, store), *_ = places(plan).items()
    axis = drawn(Level.of(plan, store, asked_for(plan, place)), 300).to_dict()["vconcat"][1]["layer"][0]
    shown = axis["encoding"]["x"]["axis"]["labelExpr"]
    assert [shown.count(label) for label in labels] == [1] * len(labels)
    assert specification(stock(plan))["title"]
