"""Processor cores: no more threads are started than there are cores to run them."""

from __future__ import annotations

import os


def cores() -> int:
    """Return on how many cores this process may run."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def threads_of(asked: int) -> int:
    """Return how many threads the solver is given where so many are asked for; 0 leaves it to the solver."""
    return min(asked, cores())
