"""Ctrl-C and its like: the first one asks for an end that keeps what there is, the second one insists."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

from sourcing.errors import StoppedEarly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_ENDINGS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
"""What a keyboard, a batch system and a terminal that closes send; a system lacks some of them."""


class Interrupts:
    """What has been heard so far, and what the next one does.

    At first one raises KeyboardInterrupt at once: there is nothing to keep. After ``hold`` the first one only sets
    ``asked`` (and is passed to ``say``), a further one raises. After ``finish`` none does anything.
    """

    def __init__(self, say: Callable[[], None] | None = None) -> None:
        self.asked = self.came = False
        self.say = say
        self._held = self._deaf = False

    def hold(self) -> None:
        """From now on there is something to keep."""
        self._held, self._deaf = True, False

    def finish(self) -> None:
        """From now on all is done."""
        self._deaf = True

    def listen(self) -> None:
        """From now on there is nothing to keep."""
        self._held = self._deaf = False

    def heard(self, _signal: int, _frame: FrameType | None) -> None:
        """Take one in; ``came`` says afterwards that there was one, whatever became of it."""
        self.came = True
        if self._deaf:
            return
        if not self._held or self.asked:
            raise KeyboardInterrupt
        self.asked = True
        if self.say is not None:
            self.say()


_current: Interrupts | None = None


@contextmanager
def interrupts(say: Callable[[], None] | None = None) -> Iterator[Interrupts]:
    """Hear every signal that is handled as Ctrl-C is, within the block; inside another such block, join that one.

    A signal that is ignored stays so (``nohup``), and one that somebody else handles stays theirs.
    """
    global _current
    if not on_main_thread():
        yield Interrupts()
        return
    if _current is not None:
        _current.say = say or _current.say
        yield _current
        return
    _current = Interrupts(say)
    taken = [sign for sign in _signals() if signal.getsignal(sign) is signal.default_int_handler]
    try:
        for sign in taken:
            signal.signal(sign, _current.heard)
        yield _current
    finally:
        _give_back(taken, _current.heard)
        _current = None


@contextmanager
def interrupts_passed_on() -> Iterator[Interrupts]:
    """Hear every signal as ``interrupts`` does, within a call from Python, and raise at its end what came.

    A Ctrl-C that was answered by keeping what there was is still meant for whoever called: a loop of calls ends with
    it. Inside another block of ``interrupts`` that one tells.

    Raises
    ------
    KeyboardInterrupt : a signal came, and no other block listens. StoppedEarly says by itself that something was.
    """
    alone = _current is None and on_main_thread()
    with interrupts() as heard:
        try:
            yield heard
        except StoppedEarly:
            raise
        except Exception as error:
            if alone and heard.came:
                raise KeyboardInterrupt from error
            raise
    if alone and heard.came:
        raise KeyboardInterrupt


def _give_back(taken: list[signal.Signals], ours: Callable[[int, FrameType | None], None]) -> None:
    for sign in taken:
        if signal.getsignal(sign) == ours:
            signal.signal(sign, signal.default_int_handler)


@contextmanager
def all_like_ctrl_c() -> Iterator[None]:
    """Have what would end the process unheard (SIGTERM, SIGHUP) handled as Ctrl-C is, within the block."""
    mute = [sign for sign in _signals() if on_main_thread() and signal.getsignal(sign) is signal.SIG_DFL]
    try:
        for sign in mute:
            signal.signal(sign, signal.default_int_handler)
        yield
    finally:
        for sign in mute:
            if signal.getsignal(sign) is signal.default_int_handler:
                signal.signal(sign, signal.SIG_DFL)


def ignore_all() -> None:
    """Hear nothing any more: the process is about to end, and how it ended is settled."""
    if on_main_thread():
        for sign in _signals():
            signal.signal(sign, signal.SIG_IGN)


def on_main_thread() -> bool:
    """Return whether signals are heard here at all."""
    return threading.current_thread() is threading.main_thread()


def _signals() -> list[signal.Signals]:
    return [signal.Signals[name] for name in _ENDINGS if name in signal.Signals.__members__]
