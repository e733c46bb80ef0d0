"""Repairs of a question without a plan: single cells, each enough, none larger than needed, the known one too."""

from __future__ import annotations

import random
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
from builders import tiny_case, write_question
from cases.infeasible import Spoiled, infeasible_questions, possible, written

from sourcing.engine.highs import SolverOptions
from sourcing.errors import InfeasiblePlan
from sourcing.explain.cells import cells_of
from sourcing.explain.nearest import CLOSE
from sourcing.explain.repair_words import subject, value_words
from sourcing.explain.repairs import Trials, repairs
from sourcing.explain.search import enough_alone
from sourcing.explain.sentences import amount
from sourcing.run import explain, optimize
from sourcing.run.reasons import explain_none
from sourcing.run.setting import ask, network_of
from sourcing.tables.dictionary import column_dictionary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from sourcing.explain import Explanation

NONE = 'objective = { shortage = "none" }\n'
COUNT = 3
"""Questions of the generated family that are explained here; benchmarks/explained.py explains 200."""


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> list[Spoiled]:
    return list(islice(infeasible_questions(tmp_path_factory.mktemp("family"), 3), COUNT))


def trials(spoiled: Spoiled) -> Trials:
    question = spoiled.setting.question
    options = SolverOptions(interruptible=False)
    return Trials(spoiled.setting.case, lambda case: network_of(question, case), ("cost",), options)


def test_the_known_cell_is_among_the_first_three_and_every_repair_is_enough_and_no_larger_than_needed(
    family: list[Spoiled],
) -> None:
    for spoiled in family:
        found = repairs(trials(spoiled))
        assert (spoiled.table, spoiled.row) in set(zip(found["table"], found["row"], strict=True)), str(spoiled)
        smallest = list(found.groupby("repair")["part"].first())
        assert smallest == sorted(smallest)
        assert len(smallest) <= 3
        cells = {(cell.table, cell.row, cell.column, cell.looser): cell for cell in cells_of(spoiled.setting.network)}
        for row in found.to_dict("records"):
            where = (str(row["table"]), int(row["row"]), str(row["column"]))
            repaired = written(spoiled.setting, where, row["becomes"])
            assert possible(repaired), (str(spoiled), row)
            (cell,) = (
                cell for key, cell in cells.items() if key[:3] == where and cell.at(row["part"]) == row["becomes"]
            )
            less = cell.at(max(row["part"] - CLOSE, 0.0))
            assert less == row["becomes"] or not possible(written(spoiled.setting, where, less)), (str(spoiled), row)


def test_items_that_are_enough_alone_when_searched_by_groups_then_all_are_found() -> None:
    chance = random.Random(5)
    for _ in range(200):
        count = chance.randint(0, 40)
        wanted = {one for one in range(count) if chance.random() < 0.1}
        asked: list[int] = []

        def enough(group: Sequence[int], wanted: set[int] = wanted, asked: list[int] = asked) -> bool:
            asked.append(len(group))
            return bool(wanted & set(group))

        assert set(enough_alone(range(count), enough)) == wanted
        assert len(asked) <= 1 + 2 * len(wanted) * 6


def test_cells_when_changed_more_then_they_are_looser(family: list[Spoiled]) -> None:
    for cell in cells_of(family[0].setting.network):
        values = [cell.at(part) for part in (0.1, 0.3, 0.6, 0.9)]
        up = cell.looser in {"up", "later"}
        assert values == sorted(values, reverse=not up), cell  # type: ignore[type-var]
        assert cell.at(1.0) is cell.loosest
        assert values[0] >= cell.value if up else values[0] <= cell.value  # type: ignore[operator]


def test_rows_when_named_then_are_called_what_a_planner_calls_them(family: list[Spoiled]) -> None:
    named = {
        cell.table: subject(spoiled.setting.case, cell.table, cell.row)
        for spoiled in family
        for cell in cells_of(spoiled.setting.network)
    }
    assert all(named.values())
    assert named["licences"] == "China"
    assert named["stocks"] in {"ore at PLANT", "oxide at PLANT"}
    assert named["limits"].startswith("limit o")
    assert named["lanes"].startswith("lane o")


def test_every_way_of_giving_way_in_the_dictionary_is_known() -> None:
    ways = {column.looser for table in column_dictionary().tables.values() for column in table.values()}
    assert ways == {"", "up", "down", "earlier", "later", "sense", "either"}


def explained(tmp_path: Path, text: str = NONE, **changes: Any) -> Explanation:
    tiny_case(tmp_path, **changes)
    with pytest.raises(InfeasiblePlan) as none:
        optimize(write_question(tmp_path, text))
    return none.value.explanation  # type: ignore[return-value]


def test_sentences_when_read_then_say_what_the_table_says(tmp_path: Path) -> None:
    """B can deliver 30 t a year of 100 and 120 t, A 60 t; 20 t are there."""
    told = explained(tmp_path, offers={"B": {"capacity": 30}})
    table = told.tables["repairs"]
    by_row = {(row["table"], row["column"]): row for row in table.to_dict("records")}
    need = by_row["offers", "capacity"]
    assert {row["place"] for row in table.to_dict("records")} <= {"offers.csv row 2", "offers.csv row 3"}
    place = next(word for word in told.words if str(need["place"]) in word)
    column = column_dictionary().columns("offers")["capacity"]
    assert f"capacity {value_words(need['becomes'], column)} instead of {value_words(need['now'], column)}" in place
    assert f"USD {need['cost'] / 1e6:,.1f} M" in place
    assert sum("(the least of these)" in word for word in told.words) == 1
    capacity = {"B": 30, {2: "A", 3: "B"}[int(need["row"])]: need["becomes"]}
    tiny_case(tmp_path, offers={offer: {"capacity": tonnes} for offer, tonnes in capacity.items()})
    assert optimize(tmp_path / "ask.toml").manifest["objective"]["cost"] == pytest.approx(need["cost"], rel=1e-6)


def test_awards_above_a_limit_when_less_may_be_delivered_then_no_full_delivery_is_asked_for(tmp_path: Path) -> None:
    limit = {"limit": "china", "measure": "tonnes", "by": "country", "member": "CHN", "value": 40, "per": "horizon"}
    least = {"limit": "some", "measure": "tonnes", "sense": "min", "by": "supplier", "member": "Far Co"}
    told = explained(tmp_path, "", limits=[limit, {**least, "value": 70, "per": "horizon"}])
    repaired = told.tables["repairs"]
    becomes = dict(zip(repaired["place"], repaired["becomes"], strict=True))
    assert 70 <= becomes["limits.csv row 2"] <= 70 * 1.03
    assert 40 * 0.97 <= becomes["limits.csv row 3"] <= 40
    assert float(told.tables["to have a plan"]["gap"].sum()) == pytest.approx(30)
    assert not any("deliver everything" in word for word in told.words)
    row = repaired.iloc[0]
    assert row["short"] > 0
    assert any(f"the best plan then leaves {amount(row['short'])} t short and costs" in word for word in told.words)


def test_limit_that_begins_too_soon_when_explained_then_its_day_is_the_other_way_out(tmp_path: Path) -> None:
    limit = {"limit": "china", "measure": "share", "by": "country", "member": "CHN", "value": 0.2, "per": "year"}
    room = [{"site": "PLANT", "material": "oxide", "opening": 20, "maximum": 30}]
    told = explained(tmp_path, limits=[{**limit, "from": "2028-01-01"}], stocks=room, offers={"A": {"capacity": 10}})
    own = told.tables["repairs"]
    own = own[own["place"] == "limits.csv row 2"]
    assert list(own["column"]) == ["from", "value"]
    assert own["repair"].nunique() == 1
    assert f"limit china: from {own['becomes'].iloc[0]:%Y-%m-%d} instead of 2028-01-01" in told.words[2]
    assert told.words[3].startswith(f"Or in the same row: value {100 * own['becomes'].iloc[1]:.3g} % instead of 20 %")


def test_plan_that_leaves_something_short_when_explained_then_says_which_cells_would_do(tmp_path: Path) -> None:
    tiny_case(tmp_path, offers={"B": {"capacity": 30}})
    plan = optimize(write_question(tmp_path), out=tmp_path / "plan")
    assert len(plan.tables["shortage"])
    found = explain(tmp_path / "plan").tables["repairs"]
    setting = ask(write_question(tmp_path, NONE, name="full"))
    assert len(found)
    for row in found.to_dict("records"):
        at = int(str(row["place"]).removeprefix("offers.csv row "))
        assert possible(written(setting, ("offers", at, str(row["column"])), row["becomes"]))


def test_no_single_cell_when_two_limits_ask_for_more_than_there_is_then_it_is_said(tmp_path: Path) -> None:
    least = {"measure": "tonnes", "sense": "min", "by": "country", "per": "horizon"}
    limits = [{"limit": "near", **least, "member": "AUS", "value": 150}, {"limit": "far", **least, "member": "CHN"}]
    told = explained(tmp_path, "", limits=[limits[0], {**limits[1], "value": 1100}])
    assert told.words[1] == "No change of a single cell is enough to have a plan."
    assert set(told.tables["to have a plan"]["subject"]) == {"near: Australia (AUS)", "far: China (CHN)"}


def test_search_that_is_stopped_when_told_then_says_so(tmp_path: Path) -> None:
    tiny_case(tmp_path, offers={"B": {"capacity": 30}})
    told = explain_none(ask(write_question(tmp_path, NONE)), SolverOptions(deadline=0.0, interruptible=False))
    assert told.words[0] == "No plan meets all rules."
    assert "stopped" in told.words[1]
