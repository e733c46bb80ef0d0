"""Ctrl-C: it stops the search, never the writing of a plan that has been found."""

from __future__ import annotations

import signal
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from types import FrameType, TracebackType


class Interrupts:
    """Within the block Ctrl-C raises KeyboardInterrupt until ``finish``, and is put off after it."""

    def __init__(self) -> None:
        self._finishing = False
        self._main = threading.current_thread() is threading.main_thread()

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
        """From now on finish what was begun."""
        self._finishing = True

    def _heard(self, _signal: int, _frame: FrameType | None) -> None:
        if not self._finishing:
            raise KeyboardInterrupt
