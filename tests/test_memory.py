"""What is derived from a case is kept with it, and derived anew wherever a table that it reads is another."""

from __future__ import annotations

import pickle
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from sourcing.answer.setting import network_of
from sourcing.engine.formulation import Formulation, formulate
from sourcing.network import Network
from sourcing.run import ask
from sourcing.tables import Case, read_case
from tests.builders import tiny_case, write_question

if TYPE_CHECKING:
    from pathlib import Path

    from sourcing.answer.setting import Setting


REFERRED_TO = {"offers", "processes"}


@pytest.fixture
def tiny(tmp_path: Path) -> Setting:
    """Return the tiny question with its case as read."""
    tiny_case(tmp_path)
    return ask(write_question(tmp_path))


@pytest.fixture(scope="module")
def ready() -> Setting:
    """Return a ready question, whose program is there already."""
    setting = ask("diversified")
    formulate(setting.network)
    return setting


def forgetful(case: Case) -> Case:
    """Return the same tables with nothing derived from them."""
    return Case(case.name, case.folder, {name: frame.copy() for name, frame in case.tables.items()})


def programs_differ_in(one: Formulation, other: Formulation) -> list[str]:
    """Return the arrays of two programs that are not the same to the last bit."""
    found = ["column_lower", "column_upper", "row_lower", "row_upper"]
    differ = [name for name in found if not np.array_equal(getattr(one, name), getattr(other, name))]
    differ += [name for name in one.objectives if not np.array_equal(one.objectives[name], other.objectives[name])]
    same = one.matrix.shape == other.matrix.shape and (one.matrix != other.matrix).nnz == 0
    return [*differ, *([] if same else ["matrix"])]


def test_network_when_another_of_the_same_case_is_there_then_shares_what_was_derived(tiny: Setting) -> None:
    one, other = tiny.network, tiny.network
    assert one is not other
    assert one.routes is other.routes
    assert one.route_days is other.route_days


def test_network_when_a_table_is_changed_then_derives_what_reads_it_and_shares_the_rest(tiny: Setting) -> None:
    before = tiny.network
    routes, due = before.routes, before.demand
    demand = tiny.case["demand"]
    more = tiny.case.replace({"demand": demand.assign(quantity=demand["quantity"] * 2)})
    after = network_of(tiny.question, more)
    assert after.routes is routes
    assert after.demand is not due
    assert np.array_equal(after.demand.tonnes, 2 * due.tonnes)
    assert before.demand is due


def test_network_when_the_horizon_or_the_shortage_is_another_then_shares_nothing(tiny: Setting) -> None:
    one = tiny.network
    later = tiny.question.model_copy(update={"horizon": tiny.question.horizon.model_copy(update={"periods": 4})})
    assert network_of(later, tiny.case).route_days is not one.route_days
    assert replace(one, shortage="none").route_days is not one.route_days


def test_property_when_it_is_set_then_refuses(tiny: Setting) -> None:
    with pytest.raises(AttributeError):
        tiny.network.__dict__["routes"] = Network.routes.__set__(tiny.network, pd.DataFrame())


@pytest.mark.parametrize(
    "table", ["offers", "lanes", "demand", "ramps", "recipes", "processes", "tariffs", "limits", "licences", "stocks"]
)
def test_program_of_a_variant_when_the_case_remembers_then_is_that_of_a_case_that_does_not(
    ready: Setting, table: str
) -> None:
    frame = ready.case[table]
    assert len(frame)
    numbers = [name for name in frame.select_dtypes("float") if frame[name].notna().any()]
    scaled = frame.assign(**{name: frame[name] * 1.25 for name in numbers})
    for changed in [scaled, *([] if table in REFERRED_TO else [frame.iloc[:-1], frame.iloc[:0]])]:
        variant = ready.case.replace({table: changed})
        mine = formulate(network_of(ready.question, variant))
        assert programs_differ_in(mine, formulate(network_of(ready.question, forgetful(variant)))) == []
    again = formulate(ready.network)
    assert programs_differ_in(again, formulate(network_of(ready.question, forgetful(ready.case)))) == []


def test_case_when_it_is_pickled_then_leaves_behind_what_was_derived(tiny: Setting) -> None:
    assert len(tiny.network.routes) == 2
    again = pickle.loads(pickle.dumps(tiny.case))
    assert (tiny.case.memory != {}, again.memory) == (True, {})
    assert again["offers"].equals(tiny.case["offers"])


def test_case_when_a_question_edits_it_then_keeps_the_tables_that_it_leaves_alone(tiny: Setting) -> None:
    read = read_case(tiny.case.folder)
    edited = ask(tiny.question, read).case
    assert edited["offers"] is read["offers"]
    assert {field.name for field in fields(edited)} >= {"memory"}
    assert edited.memory is read.memory
