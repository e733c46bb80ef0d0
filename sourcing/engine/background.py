"""A worker thread for a solve: the keyboard is heard meanwhile, and what goes wrong in it is not lost."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import highspy


def run_beside(highs: highspy.Highs, stop: Callable[[], bool]) -> None:
    """Let HiGHS run until it ends, is asked to by ``stop``, or Ctrl-C is pressed.

    Raises
    ------
    KeyboardInterrupt : after the solver has come to rest.
    MemoryError : it ran out of memory.
    """
    with _thrown() as thrown:
        try:
            highs.startSolve()
            while not highs.wait(0.1)[0]:
                if stop():
                    highs.cancelSolve()
        except KeyboardInterrupt:
            highs.cancelSolve()
            highs.wait()
            raise
    if thrown:
        raise thrown[0]


@contextmanager
def _thrown() -> Iterator[list[BaseException]]:
    """Collect what ends a thread within the block, which Python would print and forget."""
    found: list[BaseException] = []
    usual = threading.excepthook
    threading.excepthook = lambda told: found.append(told.exc_value) if told.exc_value is not None else None
    try:
        yield found
    finally:
        threading.excepthook = usual
