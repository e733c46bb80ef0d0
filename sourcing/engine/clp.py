"""Clp's dual simplex on one linear program, as a process: the program on stdin, an optimal basis on stdout.

The basis is a byte for each column, then for each row: Clp's status of it. The one argument is the number of the
process that waits for it: without that one it ends.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from typing import Any

import numpy as np

_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of Linux: which signal a process gets when the thread that started it ends."""


def main(waiting: int) -> int:
    """Read a program, solve it, write its basis; 1 if it has none that is optimal, or nobody waits for it."""
    if not ends_with(waiting):
        return 1
    from cylp.cy import CyClpSimplex, CyCoinPackedMatrix

    given = np.load(sys.stdin.buffer)
    clp = CyClpSimplex()
    clp.logLevel = 0
    infinity = clp.getCoinInfinity()
    sides = (np.clip(given[name], -infinity, infinity) for name in ("lower", "upper"))
    rows = (np.clip(given[name], -infinity, infinity) for name in ("low", "high"))
    clp.loadProblem(CyCoinPackedMatrix(True, *_entries(given)), *sides, given["cost"], *rows)
    if clp.initialDualSolve() != "optimal":
        return 1
    column, row = clp.getBasisStatus()
    sys.stdout.buffer.write(bytes(map(int, [*column, *row])))
    return 0


def ends_with(parent: int) -> bool:
    """Let this process be ended with its parent, however that is ended; say whether the parent is still there.

    Clp cannot be asked to look by itself: it solves in one call. What can be done is done on Linux; elsewhere a process
    whose parent was killed goes on until it has its answer.
    """
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_WITH_PARENT, signal.SIGKILL)
    return os.getppid() == parent


def _entries(given: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return row, column and value of every coefficient."""
    start, index = given["start"], given["index"]
    major = np.repeat(np.arange(len(start) - 1, dtype=np.int32), np.diff(start))
    row, column = (major, index) if given["by_row"] else (index, major)
    return row, column, given["value"]


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
