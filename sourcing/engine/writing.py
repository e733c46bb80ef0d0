"""The program as a file that any solver reads."""

from __future__ import annotations

import errno
import os
from typing import TYPE_CHECKING

import highspy
import numpy as np

from sourcing.engine.model_text import is_whole, plain
from sourcing.engine.silence import silent

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from sourcing.engine.highs import Highs


def write(highs: Highs, path: Path, names: tuple[Callable[[], list[str]], Callable[[], list[str]]]) -> None:
    """Write the program, with the names of its columns and rows, as an .lp or .mps file.

    Raises
    ------
    OSError : not all of it could be written.
    """
    with silent():
        program = highspy.Highs()
    program.setOptionValue("output_flag", False)
    program.passModel(_as_given(highs))
    for name, kind in zip(names, ("passColName", "passRowName"), strict=True):
        for position, text in enumerate(plain(name())):
            getattr(program, kind)(position, text)
    written = program.writeModel(os.fsencode(path)) != highspy.HighsStatus.kError
    if not (written and is_whole(path)):
        raise OSError(errno.EIO, "the disk may be full", str(path))


def _as_given(highs: Highs) -> highspy.HighsLp:
    """Return the program as it was given and changed since, not in the units in which it is solved."""
    lp: highspy.HighsLp = highs._highs.getLp()
    lp.col_cost_ = np.array(lp.col_cost_) / highs.units.column
    (lp.col_lower_, lp.col_upper_), (lp.row_lower_, lp.row_upper_) = highs.columns, highs.rows
    matrix = highs.matrix
    lp.a_matrix_.format_, lp.a_matrix_.value_ = highspy.MatrixFormat.kRowwise, matrix.data
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32)
    return lp
