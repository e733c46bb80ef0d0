"""Clp's dual simplex on one linear program, as a process: the program on stdin, an optimal basis on stdout.

The basis is a byte for each column, then for each row: Clp's status of it.
"""

from __future__ import annotations

import sys
from typing import Any

import numpy as np


def main() -> int:
    """Read a program, solve it, write its basis; 1 if it has none that is optimal."""
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


def _entries(given: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return row, column and value of every coefficient."""
    start, index = given["start"], given["index"]
    major = np.repeat(np.arange(len(start) - 1, dtype=np.int32), np.diff(start))
    row, column = (major, index) if given["by_row"] else (index, major)
    return row, column, given["value"]


if __name__ == "__main__":
    sys.exit(main())
