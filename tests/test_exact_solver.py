"""Exact linear programming: QSopt_ex, which rounds nowhere, finds the least where a certificate says that it is.

All ready questions and known answers without whole numbers with ``EXACT=1`` (``make deep``), else a few. It is asked
objective by objective, in fractions, for the least under rows as wide as the plan takes them: rounded as they are, rows
that say the same twice can leave nothing, or much less than they mean.
D. Applegate, W. Cook, S. Dash, D. Espinoza, "Exact solutions to linear programming problems" (2007).
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from fractions import Fraction
from math import prod
from typing import TYPE_CHECKING

import numpy as np
import pytest
from scipy import sparse
from test_properties import QUESTIONS

from sourcing.answer.setting import ask
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.engine.solve import solve
from sourcing.outcome import Values
from sourcing.outcome.certificate import certificate_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sourcing.engine.formulation import Formulation

PROGRAM = "esolver"
ASKED = list(QUESTIONS) if os.environ.get("EXACT") else ["blend", "antimony-us-ban", "transp"]
PLACE = re.compile(r"^c(\d+) = (-?\d+(?:/\d+)?)$")
Held = list[tuple[np.ndarray, Fraction]]
"""Objectives, and what each may come to at most."""


def written(program: Formulation, costs: np.ndarray, held: Held, room: dict[int, float]) -> str:
    """Return a program as MPS whose every number is the float as it is, to its last digit; ``room`` widens its rows."""
    rows = sparse.vstack([program.matrix, *(sparse.csr_array(row.reshape(1, -1)) for row, _ in held)]).tocsc()
    wide = [Fraction(room.get(row, 0.0)) for row in range(program.shape[0])]
    sides = zip(map(exact, program.row_lower), map(exact, program.row_upper), wide, strict=True)
    ends = [(None if low is None else low - own, None if high is None else high + own) for low, high, own in sides]
    lower = [*(low for low, _ in ends), *[None] * len(held)]
    upper = [*(high for _, high in ends), *(most for _, most in held)]
    kinds = ["E" if low == high else "G" if high is None else "L" for low, high in zip(lower, upper, strict=True)]
    lines = ["NAME P", "ROWS", " N obj", *(f" {kind} r{row}" for row, kind in enumerate(kinds)), "COLUMNS"]
    for column, (begin, end) in enumerate(zip(rows.indptr[:-1], rows.indptr[1:], strict=True)):
        lines.append(f" c{column} obj {decimal(exact(costs[column]))}")
        terms = zip(rows.indices[begin:end], rows.data[begin:end], strict=True)
        lines += [f" c{column} r{row} {decimal(exact(value))}" for row, value in terms]
    return "\n".join([*lines, *_sides(kinds, lower, upper), *_bounds(program), "ENDATA", ""])


def _sides(kinds: list[str], lower: list[Fraction | None], upper: list[Fraction | None]) -> Iterator[str]:
    yield "RHS"
    ranges = []
    for row, (kind, low, high) in enumerate(zip(kinds, lower, upper, strict=True)):
        side = high if kind == "L" else low
        assert side is not None, "a row without a side"
        yield f" rhs r{row} {decimal(side)}"
        if kind == "L" and low is not None and high is not None:
            ranges.append(f" rng r{row} {decimal(high - low)}")
    yield from ["RANGES", *ranges] if ranges else []


def _bounds(program: Formulation) -> Iterator[str]:
    yield "BOUNDS"
    for column, (low, high) in enumerate(zip(program.column_lower, program.column_upper, strict=True)):
        yield f" LO b c{column} {decimal(exact(low))}"
        if np.isfinite(high):
            yield f" UP b c{column} {decimal(exact(high))}"


def exact(value: float) -> Fraction | None:
    """Return a float as it is, None for one that is not finite."""
    return Fraction(float(value)) if np.isfinite(value) else None


def decimal(value: Fraction | None) -> str:
    """Return a fraction whose denominator is a power of two in all its digits, any other as it is."""
    assert value is not None
    places = value.denominator.bit_length() - 1
    if value.denominator != 1 << places:
        return f"{value.numerator}/{value.denominator}"
    digits = str(abs(value.numerator) * 5**places).rjust(places + 1, "0")
    whole, part = digits[: len(digits) - places], digits[len(digits) - places :]
    return f"{'-' if value < 0 else ''}{whole}{'.' if part else ''}{part}"


def least(folder: Path, text: str, costs: np.ndarray) -> Fraction:
    """Return what QSopt_ex's plan costs, without rounding."""
    (folder / "program.mps").write_text(text)
    command = [PROGRAM, "-O", "found.sol", "program.mps"]
    subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=600)
    said = (folder / "found.sol").read_text()
    assert said.startswith("status = OPTIMAL"), said[:200]
    plan = said.partition("VARS:")[2].partition("REDUCED COST:")[0].strip().splitlines()
    values = dict(at.groups() for at in map(PLACE.match, plan) if at is not None)
    if len(values) < len(plan):
        pytest.skip("QSopt_ex cuts off what it prints: a fraction has thousands of digits")
    return sum((Fraction(costs[int(at)]) * Fraction(value) for at, value in values.items()), Fraction(0))


@pytest.mark.skipif(shutil.which(PROGRAM) is None, reason="QSopt_ex (Debian: qsopt-ex) is not installed")
@pytest.mark.parametrize("name", ASKED)
def test_certificate_when_all_is_solved_without_rounding_then_the_least_is_where_it_says(
    name: str, tmp_path: Path
) -> None:
    setting = ask(QUESTIONS[name])
    program = formulate(setting.network)
    if program.whole.any() or program.cones:
        pytest.skip("it has whole numbers, or squares")
    found = Values(program, solve(to_pyomo(program), setting.question.objective.minimize, SolverOptions()))
    certificate = certificate_of(found, SolverOptions())
    room = dict(zip(certificate["missed"]["row"], certificate["missed"]["value"], strict=True))
    held: Held = []
    for level in certificate["levels"]:
        costs = program.objectives[level["objective"]]
        own = sum(map(prod, zip(map(Fraction, costs), map(Fraction, found.x), strict=True)), Fraction(0))
        assert level["claim"] == "proven"
        assert Fraction(level["bound"]) <= least(tmp_path, written(program, costs, held, room), costs) <= own
        held.append((costs, own))


def test_number_when_written_then_is_the_float_to_its_last_digit() -> None:
    for value in (0.1, 1 / 3, 2.0**-60, -5e17 / 7, 3.0, 0.0):
        assert Fraction(decimal(exact(value))) == Fraction(value)
