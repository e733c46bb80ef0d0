"""Reading back a plan that was just written, by the reader that everybody uses: it has to say what was found."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np

from sourcing.errors import FaultyInput, SolverError
from sourcing.plan.carried import carried, question_carried
from sourcing.plan.store import read_plan

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    import pandas as pd

    from sourcing.plan import Plan

_PRINTED = 1e-12
"""Relative: reading a decimal number from text may lose its last bit."""


def refuse_unlike(plan: Plan, folder: Path) -> None:
    """Refuse a plan whose folder would not tell it as it was found.

    Raises
    ------
    SolverError : with what cannot be read, or is read otherwise.
    """
    try:
        again = read_plan(folder, plan.case)
        unlike = next(_unlike(plan, again), "")
    except FaultyInput as error:
        unlike = f"{error.faults[0].fact} in {error.faults[0].place}"
    if unlike:
        raise SolverError(
            f"the plan was found, and does not read back as it was written ({unlike}); nothing is kept: "
            "look there for what no table could hold, and report it as a fault of sourcing if there is nothing"
        )


def _unlike(plan: Plan, again: Plan) -> Iterator[str]:
    """Yield what two plans do not have alike."""
    if json.dumps(carried(plan.manifest), default=str) != json.dumps(again.manifest, default=str):
        yield "manifest.json"
    if question_carried(plan.question) != question_carried(again.question):
        yield "inputs/question.json"
    yield from _tables(plan.tables, again.tables, "")
    inputs = {name: frame.drop(columns="row") for name, frame in plan.case.tables.items() if len(frame)}
    yield from _tables(inputs, again.case.tables, "inputs/")


def _tables(own: Mapping[str, pd.DataFrame], read: Mapping[str, pd.DataFrame], folder: str) -> Iterator[str]:
    for name, table in own.items():
        file = f"{folder}{name}.csv"
        if name not in read or len(read[name]) != len(table) or not {*table} <= {*read[name]}:
            yield file
            continue
        wrong = [str(column) for column in table if len(table) and not _same(table[column], read[name][column])]
        yield from (f"{file}, column {column}" for column in wrong)


def _same(own: pd.Series, read: pd.Series) -> bool:
    if own.dtype == read.dtype and own.array.equals(read.array):  # as nearly always
        return True
    if own.dtype.kind in "biuf" and read.dtype.kind in "biuf":
        pair = own.to_numpy(float), read.to_numpy(float)
        return bool(np.allclose(*pair, rtol=_PRINTED, atol=0.0, equal_nan=True))
    one, other = (column.astype(object).where(column.notna(), "") for column in (own, read))
    return bool((one.to_numpy() == other.to_numpy()).all())
