"""What a tonne costs from mine to plant: worked out by hand, and added up to the plan's cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from builders import TINY
from test_compare import YEARS, answer

from sourcing.answer.emissions import emissions
from sourcing.errors import QuestionError
from sourcing.outcome.names import dollars
from sourcing.studies.explain.cost_per_tonne import Asked, cost_of, whole_plan
from sourcing.studies.explain.tonnes import CONVENTION
from sourcing.studies.explain.tracing import HEADS, trace

if TYPE_CHECKING:
    from pathlib import Path

MELT: dict[str, Any] = {
    "offers": {"B": {"capacity": 0}},
    "demand": [{"site": "PLANT", "material": "metal", "period": "2028", "quantity": 20}],
    "stocks": None,
    "processes": [{"process": "melt", "site": "PLANT", "cost": 1_000}],
    "recipes": [
        {"process": "melt", "material": "oxide", "quantity": -1.25},
        {"process": "melt", "material": "metal", "quantity": 1},
    ],
}
"""20 t of metal, each of 1.25 t of A: 1.25 x (300,000 + 100) + 1,000 USD a tonne."""


def test_tonne_that_is_made_when_asked_about_then_its_losses_are_in_every_head(tmp_path: Path) -> None:
    found = cost_of(answer(tmp_path, **MELT), Asked("metal", "PLANT", "2028"))
    per_tonne = found.tables["build-up"].set_index("head")["per_tonne"].to_dict()
    assert per_tonne == pytest.approx({"purchase": 375_000, "freight": 125, "conversion": 1_000})
    assert found.tables["bought as"].to_numpy().tolist() == [["A", pytest.approx(25), pytest.approx(1.25)]]
    assert found.words[:2] == [
        "Dy metal at Our plant, 2028: 20.0 t delivered, USD 7.5 M or USD 376,125 a tonne: "
        "purchase USD 375,000 · freight USD 125 · conversion USD 1,000.",
        CONVENTION,
    ]
    assert "For each tonne 1.25 t were bought or there before (processes keep a part of it): 1.25 t A." in found.words


def test_tonne_that_feeds_a_process_when_asked_about_then_what_is_used_counts(tmp_path: Path) -> None:
    found = cost_of(answer(tmp_path, **MELT), Asked("oxide"))
    assert found.words[0].startswith("Dy oxide: 25.0 t used, USD 7.5 M or USD 300,100 a tonne")


def test_products_when_a_process_has_two_then_share_its_cost_by_value(tmp_path: Path) -> None:
    """One tonne of oxide (300,100) and 1,000 of conversion give 0.5 t at 350,000 and 0.5 t at 50,000: 7 parts to 1."""
    recipes = [
        {"process": "melt", "material": "oxide", "quantity": -1},
        {"process": "melt", "material": "metal", "quantity": 0.5},
        {"process": "melt", "material": "slag", "quantity": 0.5},
    ]
    materials = [
        {"material": "oxide", "value": 250_000},
        {"material": "metal", "value": 350_000},
        {"material": "slag", "value": 50_000},
    ]
    demand = [{"site": "PLANT", "material": name, "period": "2028", "quantity": 10} for name in ("metal", "slag")]
    plan = answer(tmp_path, **MELT | {"recipes": recipes, "materials": materials, "demand": demand})
    for name, part in (("metal", 7 / 8), ("slag", 1 / 8)):
        build_up = cost_of(plan, Asked(name)).tables["build-up"]
        assert build_up["per_tonne"].sum() == pytest.approx(301_100 * part / 0.5)


def test_tonne_that_is_made_when_asked_about_then_has_the_carbon_of_what_went_into_it(tmp_path: Path) -> None:
    """1.25 t of A at 5 t CO2e, carried for 0.5 each, and 3 of the process."""
    lanes = [{"origin": "NEAR", "destination": "PLANT", "freight": 100, "carbon": 0.5, "confidence": "cited"}]
    melt = MELT | {"processes": [{"process": "melt", "site": "PLANT", "cost": 1_000, "carbon": 3}], "lanes": lanes}
    plan = answer(tmp_path, **melt | {"carbon": {"A": 5}})
    (said,) = [words for words in cost_of(plan, Asked("metal")).words if "CO2e" in words]
    assert said.startswith("A tonne emitted 9.88 t CO2e, shared out like its money;")
    assert "1 cited" in said
    traced, sums = trace(plan), emissions(plan)
    assert traced.carbon @ traced.cells["delivered"] == pytest.approx(sums.sum())
    assert sums["made"] == 60
    assert not [words for words in cost_of(answer(tmp_path, **MELT), Asked("metal")).words if "CO2e" in words]


def test_stock_when_it_was_there_then_lowers_the_average(tmp_path: Path) -> None:
    """Of 100 t in 2027 20 t were there and 80 t are bought."""
    found = cost_of(answer(tmp_path), Asked("oxide", period="2027"))
    assert found.tables["build-up"]["per_tonne"].sum() == pytest.approx(0.8 * 200_200)
    assert found.tables["bought as"]["source"].tolist() == ["B", "opening stock"]


def test_build_ups_when_added_up_then_are_the_plan_but_for_what_is_said_apart(tmp_path: Path) -> None:
    """Metal made elsewhere and shipped, lanes that take time, stock held and left, duty, a cost of each order."""
    stocks = [{"site": "PLANT", "material": "oxide", "opening": 20, "holding_cost": 900, "closing": 30}]
    stocks += [{"site": "PLANT", "material": "metal", "holding_cost": 70, "closing": 2}]
    demand = [*MELT["demand"], {"site": "PLANT", "material": "oxide", "period": "2027", "quantity": 90}]
    quarters = YEARS.replace("2\nlength", "8\nlength").replace('"year"', '"quarter"')
    changes = MELT | {"stocks": stocks, "demand": demand, "offers": {"B": {"order_cost": 500}}}
    changes["tariffs"] = [{"importer": "USA", "origin": "CHN", "rate": 0.25}]
    changes["sites"] = [*TINY["sites"], {"site": "MILL", "kind": "plant", "country": "CHN"}]
    changes["processes"] = [{"process": "melt", "site": "MILL", "cost": 1_000, "days": 20}]
    mill = {"origin": "FAR", "destination": "MILL", "mode": "road", "freight": 20, "transit_days": 3}
    on = {"origin": "MILL", "destination": "PLANT", "mode": "sea", "freight": 300, "transit_days": 40}
    changes["lanes"] = [*TINY["lanes"], mill, on]
    plan = answer(tmp_path, ask=quarters, **changes)
    assert len(plan.tables["shipments"])
    table = whole_plan(plan, trace(plan)).set_index("head")
    assert table.drop(columns="paid").sum(axis=1).to_dict() == pytest.approx(table["paid"].to_dict())
    assert table["paid"].sum() == pytest.approx(plan.tables["cost"]["amount"].sum())
    assert {"left in stock", "of no tonne", "delivered"} <= set(table.columns)
    assert table.loc["ordering", "of no tonne"] == table.loc["ordering", "paid"] > 0
    each = [cost_of(plan, Asked(name)).tables["build-up"].set_index("head")["amount"] for name in ("metal", "oxide")]
    both = each[0].add(each[1], fill_value=0.0)
    assert both.to_dict() == pytest.approx(table.loc[[*both.index], "delivered"].to_dict())
    assert set(both.index) <= set(HEADS)
    assert dollars(table["left in stock"].sum()) in cost_of(plan, Asked("metal")).words[-1]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (Asked("oxid"), "no material of this name in the plan's tables; did you mean oxide"),
        (Asked("oxide", "PLANTS"), "no site of this name in the plan's tables; did you mean PLANT"),
        (Asked("oxide", period="2035"), "no period of this name"),
        (Asked("oxide", period="2027"), "none of it is delivered or used there then"),
    ],
)
def test_tonne_when_there_is_none_then_the_message_says_what_is_wrong(melted: Any, asked: Asked, said: str) -> None:
    with pytest.raises(QuestionError, match=said):
        cost_of(melted, asked)


@pytest.fixture(scope="module")
def melted(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Return the plan that makes 20 t of metal in 2028, and has nothing to do in 2027."""
    offers = {"A": {"start": "2028-01-01"}}
    return answer(tmp_path_factory.mktemp("melted"), **MELT | {"offers": offers})
