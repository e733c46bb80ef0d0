"""Horizons whose periods grow longer: their days in the model and in the audit, and what is asked over them."""

# ruff: noqa: E501 - a fault per line reads as a table

from __future__ import annotations

from datetime import date
from itertools import product
from typing import TYPE_CHECKING

import numpy as np
import pytest
from builders import tiny_case, write_question
from cases.random_cases import seeded_cases
from test_twin import compare
from twin.facts import bounds_of

from sourcing.answer.setting import ask
from sourcing.charts.mix import mix, stack
from sourcing.charts.subject import chosen
from sourcing.engine.formulation import formulate
from sourcing.errors import QuestionError
from sourcing.plan.changed_inputs import differences
from sourcing.question import Horizon, load_question
from sourcing.replay.dates import calendar
from sourcing.report.console import read_words
from sourcing.run import audit_plan, load_plan, optimize
from sourcing.run import compare as side_by_side

if TYPE_CHECKING:
    from pathlib import Path

    from twin.invent.plot import Drawn

    from sourcing.plan import Plan

ISSUE = 'horizon = { start = "2027-01", steps = [["month", 6], ["quarter", 6], ["year", 2]] }\n'
STARTS = ("2027-01", "2027-01-31", "2027-02-15", "2028-02-29", "2027-11-30")
STEPS = (
    [("month", 6), ("quarter", 6), ("year", 2)],
    [("week", 3), ("month", 2), ("10 days", 1), ("year", 1)],
    [("quarter", 1), ("month", 1)],
    [("day", 40), ("2 months", 2), ("month", 1)],
)


@pytest.mark.parametrize(("start", "steps"), list(product(STARTS, STEPS)))
def test_periods_of_several_lengths_when_counted_three_times_then_have_the_same_days(start, steps):
    asked = Horizon.model_validate({"start": start, "steps": [list(step) for step in steps]})
    audited = calendar(asked.first, asked.lengths)
    assert asked.boundaries == (*audited.starts, audited.ends[-1])
    twin = {"steps": [[f"{length.rstrip('s')}s" if " " in length else length, count] for length, count in steps]}
    assert list(asked.boundaries) == bounds_of(asked.first, twin)
    assert len(audited.nodes) == asked.count


@pytest.mark.parametrize(
    ("start", "steps", "first_days", "end"),
    [
        ("2027-01-31", [["month", 2], ["quarter", 1]], ["2027-01-31", "2027-02-28", "2027-03-31"], "2027-06-30"),
        ("2027-01-01", [["week", 4], ["month", 1]], ["2027-01-01", "2027-01-08", "2027-01-15", "2027-01-22", "2027-01-29"], "2027-02-28"),
        ("2027-02-15", [["month", 1], ["year", 1]], ["2027-02-15", "2027-03-15"], "2028-03-15"),
    ],
)  # fmt: skip
def test_months_in_a_row_when_counted_then_go_from_the_first_of_them(start, steps, first_days, end):
    found = Horizon.model_validate({"start": start, "steps": steps}).boundaries
    assert [day.isoformat() for day in found] == [*first_days, end]


def test_quarters_that_begin_inside_a_quarter_when_named_then_go_by_their_first_day(tmp_path):
    tiny_case(tmp_path)
    text = 'horizon = { start = "2027-01", steps = [["month", 4], ["quarter", 3], ["month", 1], ["year", 1]] }\n'
    labels = [
        "2027-01",
        "2027-02",
        "2027-03",
        "2027-04",
        "2027-05-01",
        "2027-08-01",
        "2027-11-01",
        "2028-02",
        "2028-03-01",
    ]
    assert ask(write_question(tmp_path, text)).network.tree.labels == labels
    asked = load_question(tmp_path / "ask.toml").horizon
    audited = calendar(asked.first, asked.lengths)
    assert [audited.label(n) for n in audited.nodes] == labels


def test_steps_of_one_length_when_built_then_are_the_same_model(tmp_path):
    tiny_case(tmp_path)
    other = 'horizon = { start = "2027-01", steps = [["quarter", 3], ["quarter", 5]] }\n'
    one, two = (formulate(ask(write_question(tmp_path, text)).network) for text in ("", other))
    assert (one.matrix != two.matrix).nnz == 0
    assert np.array_equal(one.objectives["cost"], two.objectives["cost"])
    assert np.array_equal(one.column_upper, two.column_upper)
    assert np.array_equal(one.row_lower, two.row_lower)


@pytest.mark.parametrize("steps", [[["week", 2], ["month", 2], ["quarter", 1]], [["10 days", 3], ["year", 1]]])
def test_drawn_cases_when_their_periods_grow_longer_then_have_the_twins_optimum(steps):
    cases = [*seeded_cases(4, seed=21), *seeded_cases(2, seed=22, covered=True), *seeded_cases(1, seed=23, mixed=True)]
    assert any(row.binds for case in cases for row in compare(grown(case, steps)).rows.values())


def test_two_drawn_cases_when_their_periods_grow_longer_then_have_the_twins_optimum():
    """Few of the many above, for whoever changes a line."""
    for case in seeded_cases(2, seed=22):
        compare(grown(case, [["week", 2], ["month", 2]]))


def grown(case: Drawn, steps: list[list[str | int]]) -> Drawn:
    case.question["horizon"] = {"start": case.question["horizon"]["start"], "steps": steps}
    return case


FAULTS = [
    ('steps = [["month", 0]]', "horizon.steps #1: 0 periods will not do; write a number from 1 to 10,000, or leave it out"),
    ('steps = [["month", 6], ["year", -1]]', "horizon.steps #2: -1 periods will not do; write a number from 1 to 10,000, or leave it out"),
    ('steps = [["month", 6], ["half", 1]]', 'horizon.steps #2: "half" is no length; write day, week, month, quarter, year, or such as "10 days"'),
    ('steps = [["month", 1.5]]', 'horizon.steps #1: it is not a length and a number of periods; write such as ["month", 6]'),
    ('steps = ["month", 6]', 'horizon.steps #1: it is not a length and a number of periods; write such as ["month", 6]'),
    ("steps = []", 'horizon.steps: it has no period; write such as [["month", 6], ["quarter", 6]]'),
    ("steps = 6", "horizon.steps: 6 will not do; write a list in [ ]"),
    ('steps = [["month", 6]]\nlength = "month"', "horizon.length: steps say how long all periods are, and so does length; leave one of them out"),
    ('steps = [["month", 6]]\nperiods = 3', "horizon.periods: steps say how long all periods are, and so does periods; leave one of them out"),
    ('steps = [["year", 100], ["year", 100]]', "horizon: it would end after the year 2200; write fewer or shorter periods"),
    ('steps = [["day", 6000], ["day", 6000]]', "horizon: it has 12,000 periods; write at most 10,000"),
    ("", "horizon.length: the key is missing"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "said"), FAULTS)
def test_steps_that_say_nothing_or_too_much_when_read_then_are_refused_with_a_repair(text, said, tmp_path):
    tiny_case(tmp_path)
    with pytest.raises(QuestionError) as refused:
        load_question(write_question(tmp_path, f'[horizon]\nstart = "2027-01"\n{text}\n'))
    assert any(said in str(fault) for fault in refused.value.faults), refused.value.faults
    assert len(refused.value.faults) == {"": 2, 'steps = ["month", 6]': 2}.get(text, 1)


def test_question_that_extends_another_when_it_says_steps_then_they_stand_instead_and_back(tmp_path):
    tiny_case(tmp_path)
    write_question(tmp_path)
    path = tmp_path / "longer.toml"
    path.write_text('extends = "ask.toml"\n[horizon]\nsteps = [["month", 6], ["year", 1]]\n', "utf-8")
    longer = load_question(path)
    assert (longer.horizon.words, longer.horizon.end) == ("6 months, 1 year", date(2028, 7, 1))
    path = tmp_path / "back.toml"
    path.write_text('extends = "longer.toml"\n[horizon]\nperiods = 2\nlength = "week"\n', "utf-8")
    assert load_question(path).horizon.words == "2 weeks"


def plan_of(tmp_path: Path, text: str, name: str = "ask") -> Plan:
    return optimize(write_question(tmp_path, text, name), out=tmp_path / f"plan-{name}")


def test_plan_over_growing_periods_when_made_then_is_audited_read_and_told(tmp_path):
    tiny_case(tmp_path)
    plan = plan_of(tmp_path, ISSUE)
    assert plan.manifest["audit"]["clean"]
    assert read_words(plan).endswith(" · 6 months, 6 quarters, 2 years")
    assert list(plan.tables["shortage"]["period"]) == [] or set(plan.tables["shortage"]["period"]) <= set(
        ask(tmp_path / "ask.toml").network.tree.labels
    )
    assert load_plan(tmp_path / "plan-ask").question.horizon == plan.question.horizon
    assert audit_plan(tmp_path / "plan-ask").is_clean


def test_last_plan_of_other_periods_when_it_stands_then_keeps_its_tonnes_by_day(tmp_path):
    tiny_case(tmp_path)
    last = plan_of(tmp_path, "")
    asked = f'{ISSUE}[stability]\nlast = "plan-ask"\nfrozen_until = "2027-04"\n'
    new = plan_of(tmp_path, asked, "next")
    assert new.manifest["audit"]["clean"]
    before, after = (plan.tables["purchases"] for plan in (last, new))
    kept = [frame[frame["order_from"] < "2027-04"].groupby("offer")["tonnes"].sum() for frame in (before, after)]
    assert kept[0].to_dict() == pytest.approx(kept[1].reindex(kept[0].index).to_dict(), abs=1e-6)
    moved = differences(last, new.question, new.case)
    assert list(moved["words"]) == [
        "horizon.steps of the question changed from 8 quarters to 6 months, 6 quarters, 2 years"
    ]


def test_plans_of_equal_and_growing_periods_when_compared_then_are_said_to_differ(tmp_path):
    tiny_case(tmp_path)
    plan_of(tmp_path, "")
    text = 'horizon = { start = "2027-01", steps = [["month", 6], ["quarter", 6]] }\n'
    plan_of(tmp_path, text, "grown")
    notes = side_by_side([tmp_path / "plan-ask", tmp_path / "plan-grown"]).notes
    assert any("B has other periods than A" in note for note in notes)


def test_mix_when_a_year_lies_partly_in_the_horizon_then_its_bar_is_as_wide_as_its_days(tmp_path):
    tiny_case(tmp_path, capacity={"A": 20, "B": 20})
    plan = plan_of(tmp_path, 'horizon = { start = "2027-01", steps = [["month", 6], ["year", 1]] }\n')
    picture = mix(plan)
    assert any("2028" in said and "as wide as its days" in said for said in picture.said)
    found = stack(plan, chosen(plan, None)[0])
    assert found.part == {2027: 1.0, 2028: pytest.approx(182 / 366)}
    came = found.parts.groupby("year")["tonnes"].sum()
    assert {year: tall * found.part[year] for year, tall in found.whole.items()} == pytest.approx(came.to_dict())
    drawn = next(rows for rows in picture.drawing.to_dict()["datasets"].values() if "left" in rows[0])
    wide = {row["year"]: row["right"] - row["left"] for row in drawn}
    assert wide[2028] == pytest.approx(wide[2027] * 182 / 366)
    missing = plan.tables["shortage"]
    late = float(missing.loc[missing["node"] == 6, "short"].sum())
    assert late > 0
    assert found.short[2028] == pytest.approx(182 / 366 * late)
