"""What a caller may choose about a run; blank leaves it to the question."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sourcing.errors import Fault, QuestionError

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class RunOptions:
    """Gap (share), time limit (s), threads, a file to write the model to (.lp or .mps), and whether to compare.

    ``compare`` asks for the cheapest plan without the question's limits beside the plan itself.

    Raises
    ------
    QuestionError : QUESTION-205 for everything that cannot be asked for.
    """

    gap: float | None = None
    time_limit: float | None = None
    threads: int | None = None
    write_model: str | Path | None = None
    compare: bool = True

    def __post_init__(self) -> None:
        faults = list(self._faults())
        if faults:
            raise QuestionError(faults)

    @property
    def model_file(self) -> Path | None:
        """The file to write the model to."""
        return None if self.write_model is None else Path(self.write_model)

    def _faults(self) -> Iterator[Fault]:
        if self.gap is not None and not (_is_number(self.gap) and 0.0 <= self.gap <= 1.0):
            yield _refused("gap", self.gap, "write a share from 0 to 1; 0.01 is 1 %")
        if self.time_limit is not None and not (_is_number(self.time_limit) and self.time_limit > 0.0):
            yield _refused("time_limit", self.time_limit, "write seconds above 0, or leave it out")
        whole = isinstance(self.threads, int) and not isinstance(self.threads, bool)
        if self.threads is not None and not (whole and self.threads >= 1):
            yield _refused("threads", self.threads, "write a whole number from 1, or leave it out")
        if self.model_file is not None and self.model_file.suffix not in {".lp", ".mps"}:
            yield _refused("write_model", str(self.write_model), "write the name of a file that ends in .lp or .mps")


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and not math.isnan(value)


def _refused(name: str, value: object, repair: str) -> Fault:
    return Fault(f"RunOptions, {name}", f"{value!r} will not do", repair, "QUESTION-205")
