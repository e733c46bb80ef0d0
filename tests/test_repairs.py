"""Repairs of a question without a plan: single cells, each enough, none larger than needed, the known one too."""

from __future__ import annotations

import random
from itertools import islice
from typing import TYPE_CHECKING, Any

import pytest
from builders import tiny_case, write_question
from cases.infeasible import Spoiled, infeasible_questions, possible, written

from sourcing.answer.infeasibility import explain_none
from sourcing.answer.setting import ask, network_of
from sourcing.engine.highs import SolverOptions
from sourcing.errors import InfeasiblePlan
from sourcing.reasons import repairs as search_for_repairs
from sourcing.reasons.cells import Cell, cells_of
from sourcing.reasons.equivalent_repairs import Ways
from sourcing.reasons.nearest import CLOSE, together
from sourcing.reasons.repair_words import repair_words, subject, undecided_words, value_words
from sourcing.reasons.repairs import Trials, repairs
from sourcing.reasons.search import enough_by_level, enough_together
from sourcing.reasons.sentences import amount
from sourcing.run import explain, optimize
from sourcing.tables.dictionary import column_dictionary

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from sourcing.reasons import Explanation
    from sourcing.reasons.cells import Value

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
        first = found.groupby("repair").first()
        order = list(zip(first["others_from"].isna(), first["part"], strict=True))
        assert order == sorted(order)
        assert len(order) <= 3
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


def test_search_when_it_has_tried_as_many_as_it_may_then_says_so_and_what_it_found_is_enough(
    family: list[Spoiled], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search_for_repairs, "SEARCH", 0)
    monkeypatch.setattr(search_for_repairs, "LEAST", 6)
    for spoiled in family:
        asked = trials(spoiled)
        found = repairs(asked)
        assert asked.asked["left"] > 0
        assert "The search ended after" in undecided_words(asked.asked)[0]
        none = repair_words(found.iloc[:0], spoiled.setting.case, "to deliver everything", asked.asked)
        assert none == ["No change of a single cell that was tried is enough to deliver everything."]
        for row in found.to_dict("records"):
            where = (str(row["table"]), int(row["row"]), str(row["column"]))
            assert possible(written(spoiled.setting, where, row["becomes"])), (str(spoiled), row)


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
    columns = [column for table in column_dictionary().tables.values() for column in table.values()]
    assert {column.looser for column in columns} == {"", "up", "down", "earlier", "later", "sense", "either"}
    assert {column.loosest for column in columns} == {"", "blank", "gone"}
    assert {(column.table, column.name) for column in columns if column.alone} == {
        ("open_orders", "arrives"),
        ("open_orders", "quantity"),
    }
    for column in columns:
        assert column.looser or not (column.loosest or column.alone), column
        assert column.loosest != "blank" or not (column.required or column.key), column


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
    limit["counts"] = "arrivals"
    room = [{"site": "PLANT", "material": "oxide", "opening": 20, "maximum": 30}]
    told = explained(tmp_path, limits=[{**limit, "from": "2028-01-01"}], stocks=room, offers={"A": {"capacity": 10}})
    own = told.tables["repairs"]
    own = own[own["place"] == "limits.csv row 2"]
    assert list(own["column"]) == ["from", "value"]
    assert own["repair"].nunique() == 1
    at = next(at for at, word in enumerate(told.words) if word.startswith("limit china: from"))
    assert f"limit china: from {own['becomes'].iloc[0]:%Y-%m-%d} instead of 2028-01-01" in told.words[at]
    assert told.words[at + 1].startswith(
        f"Or in the same row: value {100 * own['becomes'].iloc[1]:.3g} % instead of 20 %"
    )


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


LEAST = {"measure": "tonnes", "sense": "min", "by": "country", "per": "horizon"}
TWO_LIMITS = (
    {"limit": "near", **LEAST, "member": "AUS", "value": 150},
    {"limit": "far", **LEAST, "member": "CHN", "value": 1100},
)


def test_no_single_cell_when_two_limits_ask_for_more_than_there_is_then_cells_are_named_that_are_enough_together(
    tmp_path: Path,
) -> None:
    told = explained(tmp_path, "", limits=list(TWO_LIMITS))
    assert told.words[1] == "No change of a single cell is enough to have a plan."
    assert set(told.tables["to have a plan"]["subject"]) == {"near: Australia (AUS)", "far: China (CHN)"}
    assert "repairs" not in told.tables
    table = told.tables["repairs together"]
    assert dict(zip(table["place"], table["now"], strict=True)) == {"limits.csv row 2": 150, "limits.csv row 3": 1100}
    assert told.words[2].startswith("These 2 together would be enough")
    value = column_dictionary().columns("limits")["value"]
    for word, row in zip(told.words[3:5], table.to_dict("records"), strict=True):
        becomes, now = (value_words(row[name], value, "tonnes") for name in ("becomes", "now"))
        assert f"value {becomes} instead of {now} ({row['place']})" in word
    assert told.words[5] == f"The best plan then costs USD {table['cost'].iloc[0] / 1e6:,.1f} M."
    setting = ask(tmp_path / "ask.toml")
    both = setting
    for row in table.to_dict("records"):
        assert not possible(written(setting, ("limits", row["row"], "value"), row["becomes"]))
        both = written(both, ("limits", row["row"], "value"), row["becomes"])
    assert possible(both)
    for row in table.to_dict("records"):
        tighter = row["becomes"] + 2 * CLOSE * row["now"]
        assert not possible(written(both, ("limits", row["row"], "value"), tighter)), row


def test_changes_together_when_all_are_needed_then_the_largest_is_small_and_no_other_larger_than_needed() -> None:
    cells = [Cell("offers", row, "capacity", "up", 100.0, 1e6, 1000.0) for row in (2, 3, 4)]

    def enough(values: Mapping[Cell, Value]) -> bool:
        tonnes = {cell: values.get(cell, cell.value) for cell in cells}
        return tonnes[cells[0]] >= 200 and tonnes[cells[1]] + tonnes[cells[2]] >= 350  # type: ignore[operator]

    changes = {change.cell.row: change for change in together(cells, enough)}
    assert enough({change.cell: change.value for change in changes.values()})
    assert max(change.part for change in changes.values()) <= 0.5 + CLOSE
    assert 200 <= changes[2].value <= 210  # type: ignore[operator]
    assert 350 <= changes[3].value + changes[4].value <= 366  # type: ignore[operator]


def test_items_that_are_enough_at_a_level_when_searched_then_each_is_found_at_its_lowest_and_the_lowest_first() -> None:
    chance = random.Random(7)
    for _ in range(200):
        count, levels = chance.randint(0, 40), chance.randint(1, 6)
        lowest = {one: chance.randrange(levels) for one in range(count) if chance.random() < 0.1}
        pair = set(chance.sample(range(count), min(2, count)))
        asked: list[int] = []

        def enough(
            group: Sequence[int],
            level: int,
            lowest: dict[int, int] = lowest,
            pair: set[int] = pair,
            asked: list[int] = asked,
        ) -> bool:
            asked.append(level)
            return any(lowest.get(one, 9) <= level for one in group) or (len(pair) == 2 and pair <= set(group))

        found = list(enough_by_level([range(count)], levels, enough, lambda one, _: one >= 0))
        assert dict(found) == lowest
        assert [level for _, level in found] == sorted(lowest.values())
        few = list(enough_by_level([range(count)], levels, enough, lambda one, _: one % 2 == 0))
        assert dict(few) == {one: level for one, level in lowest.items() if one % 2 == 0}
        assert len(asked) <= 2 * (1 + levels + 16 * (len(lowest) + 1))


def test_items_that_are_enough_together_when_searched_then_none_could_be_left_out_and_the_first_are_preferred() -> None:
    chance = random.Random(6)
    for _ in range(100):
        count = chance.randint(1, 40)
        sets = [set(chance.sample(range(count), chance.randint(1, min(4, count)))) for _ in range(3)]

        def enough(group: Sequence[int], sets: list[set[int]] = sets) -> bool:
            return any(each <= set(group) for each in sets)

        found = enough_together(range(count), enough)
        assert sorted(found) == min(
            (sorted(each) for each in sets if enough(sorted(each))), key=lambda each: sorted(each, reverse=True)
        )
    assert enough_together(range(5), lambda _: False) == []


def test_cells_when_they_let_the_same_source_bring_more_then_they_are_one_way_out(tmp_path: Path) -> None:
    ramps = [{"offer": "B", "from": "2027-07-01", "capacity": 200}]
    licences = [{"country": "CHN", "material": "oxide", "lag_days": 30}]
    limits = [{"limit": "china", "measure": "share", "by": "country", "member": "CHN", "value": 0.9}]
    tiny_case(tmp_path, ramps=ramps, licences=licences, limits=limits)
    network = ask(write_question(tmp_path)).network
    ways = Ways(network)
    cells = {(cell.table, cell.row, cell.column): cell for cell in cells_of(network)}
    sources = {place: sorted(ways.sources(cell)) for place, cell in cells.items()}
    assert sources["ramps", 2, "capacity"] == sources["licences", 2, "lag_days"] == ["B"]
    assert sources["offers", 2, "capacity"] == ["A"]
    assert sources["limits", 2, "value"] == []
    told = [sorted({cell.table for cell in way}) for way in ways.among(list(cells.values()))]
    assert ["lanes", "licences", "offers", "ramps"] in told
    assert ["limits"] in told


def test_number_when_it_is_unlike_all_of_its_like_then_it_stands_out(tmp_path: Path) -> None:
    """Lead times of 20, 30 and 100 days; 500 t/year of oxide where others have 60 and 40, and 1 t of metal."""
    days, tonnes, goods = (20, 30, 100, 20), (60, 500, 40, 1), ("oxide", "oxide", "oxide", "metal")
    base = {"supplier": "Far Co", "site": "FAR", "price": 1}
    offers = [
        {"offer": name, **base, "lead_days": lead, "capacity": capacity, "material": material}
        for name, lead, capacity, material in zip("ABCD", days, tonnes, goods, strict=True)
    ]
    tiny_case(tmp_path, offers=offers)
    cells = cells_of(ask(write_question(tmp_path)).network)
    assert {(cell.row, cell.column): cell.others for cell in cells if cell.others} == {(4, "lead_days"): (20.0, 30.0)}
    offers[2]["capacity"] = 29
    tiny_case(tmp_path, offers=offers)
    cells = cells_of(ask(write_question(tmp_path)).network)
    assert (4, "capacity") in {(cell.row, cell.column) for cell in cells if cell.others == (60.0, 500.0)}


def test_lead_time_that_stands_out_when_explained_then_it_leads_and_the_others_are_told(tmp_path: Path) -> None:
    base = {"supplier": "Far Co", "site": "FAR", "price": 1, "material": "oxide"}
    terms = {"A": (20, 40), "B": (30, 40), "C": (700, 200)}
    offers = [{"offer": name, **base, "lead_days": days, "capacity": tonnes} for name, (days, tonnes) in terms.items()]
    told = explained(tmp_path, offers=offers)
    first = told.tables["repairs"].iloc[0]
    assert (first["place"], first["others_from"], first["others_to"]) == ("offers.csv row 4", 20, 30)
    now, becomes = int(first["now"]), int(first["becomes"])
    assert told.words[1].endswith("what stands out among its like first, then the smallest:")
    assert f"lead days {becomes} days instead of {now} days, where others say 20 to 30 days (" in told.words[2]


def test_search_that_is_stopped_when_told_then_says_so(tmp_path: Path) -> None:
    tiny_case(tmp_path, offers={"B": {"capacity": 30}})
    told = explain_none(ask(write_question(tmp_path, NONE)), SolverOptions(deadline=0.0, interruptible=False))
    assert told.words[0] == "No plan meets all rules."
    assert "stopped" in told.words[1]
