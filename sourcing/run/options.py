"""What a caller may choose about a run; blank leaves it to the question."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class RunOptions:
    """Gap (share), time limit (s), threads, and a file to write the model to (.lp or .mps)."""

    gap: float | None = None
    time_limit: float | None = None
    threads: int | None = None
    write_model: Path | None = None
