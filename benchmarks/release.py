"""Solve one program with whatever highspy is installed: ``python release.py PROGRAM.npz LIMIT`` prints JSON.

It needs highspy and NumPy alone, so that it runs where nothing else is installed.
"""

from __future__ import annotations

import json
import sys
import time
from typing import Any

import highspy
import numpy as np

STRICT = {"mip_feasibility_tolerance": 1e-9, "primal_feasibility_tolerance": 1e-9, "mip_abs_gap": 0.0}
"""As the engine asks where there are whole numbers."""


def program_of(given: Any) -> highspy.HighsLp:
    """Return a stored program as HiGHS takes it."""
    program = highspy.HighsLp()
    program.num_row_, program.num_col_ = (int(count) for count in given["shape"])
    program.col_cost_, program.col_lower_, program.col_upper_ = given["cost"], given["lower"], given["upper"]
    program.row_lower_, program.row_upper_ = given["low"], given["high"]
    matrix = program.a_matrix_
    matrix.num_row_, matrix.num_col_ = program.num_row_, program.num_col_
    matrix.format_ = highspy.MatrixFormat.kRowwise if given["by_row"] else highspy.MatrixFormat.kColwise
    matrix.start_, matrix.index_, matrix.value_ = given["start"], given["index"], given["value"]
    if given["whole"].any():
        kinds = highspy.HighsVarType.kContinuous, highspy.HighsVarType.kInteger
        program.integrality_ = [kinds[int(whole)] for whole in given["whole"]]
    return program


def solved(given: Any, limit: float) -> dict[str, Any]:
    """Return CPU seconds, how the solve ended, what it found [USD], and the gap where there are whole numbers."""
    solver = highspy.Highs()
    whole = bool(given["whole"].any())
    asked = {"output_flag": False, "threads": 1, "time_limit": limit, "mip_rel_gap": float(given["gap"])}
    for name, value in (asked | STRICT if whole else asked).items():
        solver.setOptionValue(name, value)
    solver.passModel(program_of(given))
    began = time.process_time()
    solver.run()
    seconds, info = time.process_time() - began, solver.getInfo()
    status = solver.modelStatusToString(solver.getModelStatus())
    found = {"seconds": seconds, "status": status, "value": info.objective_function_value / float(given["scale"])}
    return found | ({"gap": info.mip_gap} if whole else {})


if __name__ == "__main__":
    with np.load(sys.argv[1]) as stored:
        sys.stdout.write(json.dumps(solved(dict(stored), float(sys.argv[2]))))
