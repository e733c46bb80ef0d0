"""Ctrl-C: it stops the search; the writing of a plan that has been found only when it comes twice."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType, TracebackType


def on_main_thread() -> bool:
    """Return whether signals are heard here at all."""
    return threading.current_thread() is threading.main_thread()


class Interrupts:
    """Within the block Ctrl-C raises KeyboardInterrupt until ``finish``; after it the first one is put off."""

    def __init__(self) -> None:
        self._deaf = 0
        self._main = on_main_thread()

    def __enter__(self) -> Interrupts:
        """Take over the signal, where there is one to take."""
        if self._main:
            self._before = signal.signal(signal.SIGINT, self._heard)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Give the signal back."""
        if self._main:
            signal.signal(signal.SIGINT, self._before)

    def finish(self) -> None:
        """From now on finish what was begun, unless Ctrl-C comes twice."""
        self._deaf = 1

    def _heard(self, _signal: int, _frame: FrameType | None) -> None:
        if self._deaf <= 0:
            raise KeyboardInterrupt
        self._deaf -= 1
