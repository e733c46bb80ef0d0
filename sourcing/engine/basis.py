"""An advanced basis for a large linear program: Clp's dual simplex finds it, HiGHS begins there and judges it.

Clp comes with the extra ``fast`` (the package cylp) and runs in a process of its own, so that it can be stopped at any
moment; whatever goes wrong there, HiGHS solves alone.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING

import highspy
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Codes = NDArray[np.uint8]

WORTH = 40_000
"""Columns that are not fixed, from which a second engine saves more than starting it costs (docs/benchmarks.md)."""

_PART = 0.9
"""Of the time that is left, what finding a basis may take: HiGHS needs the rest to judge it, or to begin."""
_LOOK = 0.1
_STATUS = np.array(
    [
        highspy.HighsBasisStatus.kZero,  # Clp's order: free, basic, at the upper bound, at the lower, between, fixed
        highspy.HighsBasisStatus.kBasic,
        highspy.HighsBasisStatus.kUpper,
        highspy.HighsBasisStatus.kLower,
        highspy.HighsBasisStatus.kZero,
        highspy.HighsBasisStatus.kLower,
    ],
    dtype=object,
)


@cache
def has_second_engine() -> bool:
    """Return whether Clp is there to find a basis."""
    return find_spec("cylp") is not None


def is_large(free: int) -> bool:
    """Return whether a second engine is worth starting for so many columns that are not fixed.

    What presolve takes out needs none.
    """
    return free >= WORTH


def advance(highs: highspy.Highs, seconds: Callable[[], float], stop: Callable[[], bool]) -> bool:
    """Give a large linear program the optimal basis that Clp finds; say whether it found one in time.

    Parameters
    ----------
    seconds : returns what is left for the whole solve.
    stop : asked now and then whether to end.
    """
    if highs.getOptionValue("solver")[1] == "ipm" or not has_second_engine():
        return False
    found = _found(highs.getLp(), time.monotonic() + _PART * seconds(), stop)
    if found is None:
        return False
    column, row = found
    basis = highspy.HighsBasis()
    basis.col_status, basis.row_status = _STATUS[column].tolist(), _STATUS[row].tolist()
    basis.valid = True
    highs.setBasis(basis)
    return True


def with_rows(basis: highspy.HighsBasis, count: int) -> highspy.HighsBasis:
    """Return a basis for a program with ``count`` rows more at its end, which hold nothing there."""
    more = highspy.HighsBasis()
    more.col_status = basis.col_status
    more.row_status = [*basis.row_status, *[highspy.HighsBasisStatus.kBasic] * count]
    more.valid = True
    return more


def _pack(lp: highspy.HighsLp, file: IO[bytes]) -> None:
    """Write a program as the process of Clp reads it."""
    matrix = lp.a_matrix_
    np.savez(
        file,
        start=np.array(matrix.start_, np.int64),
        index=np.array(matrix.index_, np.int32),
        value=np.array(matrix.value_, float),
        by_row=matrix.format_ != highspy.MatrixFormat.kColwise,
        lower=np.array(lp.col_lower_, float),
        upper=np.array(lp.col_upper_, float),
        cost=np.array(lp.col_cost_, float),
        low=np.array(lp.row_lower_, float),
        high=np.array(lp.row_upper_, float),
    )
    file.seek(0)


def _found(lp: highspy.HighsLp, until: float, stop: Callable[[], bool]) -> tuple[Codes, Codes] | None:
    """Return Clp's statuses of columns and rows; None if it has no optimal basis by then, or is not well.

    Both ways lead through files without a name: a pipe cannot be waited for and written to at once.
    """
    # -P: no module out of the folder one stands in
    command = [sys.executable, "-P", "-m", "sourcing.engine.clp", str(os.getpid())]
    with TemporaryFile() as program, TemporaryFile() as answer:
        _pack(lp, program)
        try:
            child = subprocess.Popen(
                command,
                stdin=program,
                stdout=answer,
                stderr=subprocess.DEVNULL,
                start_new_session=True,  # Ctrl-C is heard here alone
            )
        except OSError:
            return None
        if not _ended_well(child, until, stop):
            return None
        answer.seek(0)
        codes = np.frombuffer(answer.read(), np.uint8)
        whole = len(codes) == lp.num_col_ + lp.num_row_ and bool((codes < len(_STATUS)).all())
        return (codes[: lp.num_col_], codes[lp.num_col_ :]) if whole else None


def _ended_well(child: subprocess.Popen[bytes], until: float, stop: Callable[[], bool]) -> bool:
    """Return whether a process has its answer in time; it is gone in any case."""
    try:
        while time.monotonic() < until and not stop():
            with suppress(subprocess.TimeoutExpired):
                return child.wait(_LOOK) == 0
        return False
    finally:
        child.kill()
        child.wait()
