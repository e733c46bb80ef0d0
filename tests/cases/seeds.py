"""Look at one input after another, each drawn from a number: the same ones whatever else is imported.

``FUZZ=40 python -m pytest tests/test_fuzz_tables.py`` looks at forty times as many, others each time.
"""

from __future__ import annotations

import os
import signal
from collections import Counter
from contextlib import contextmanager
from random import Random, SystemRandom
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TIMES = int(os.environ.get("FUZZ", "1"))
"""How many times as much is looked at as in a run of all tests."""

LONGEST = 60
"""Seconds of the processor after which an input hangs; each takes some milliseconds, on a busy machine too."""

PATIENCE = 20
"""How many times as long it may wait for something else than the processor."""

LOOKS = {
    **{"bytes as a table": 1200, "damaged tables": 240, "damaged cells": 120, "damaged folders": 30},
    **{"bytes as a question": 300, "lines of a question": 500, "limits and edits": 100},
}
"""How many inputs are read of each kind."""

_PIECES = ("\ufeff", "sep=;", ",", ";", "\t", "|", '"', '""', "'", "\n", "\r\n", "\r", " ", "\x00", "\x1a", "[kg]", "=")
_BYTES = (b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"PK\x03\x04", b"\x80", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90")


def look_at_each(kind: str, look: Callable[[Random], bool | None]) -> Counter[bool | None]:
    """Call ``look`` with as many sources of chance as ``LOOKS`` says and return how often it answered what.

    What it raises says by which seed; what does not end is raised where it hangs.
    """
    first = SystemRandom().randrange(10**9) if TIMES > 1 else 0
    answers: Counter[bool | None] = Counter()
    for seed in range(first, first + LOOKS[kind] * TIMES):
        try:
            with _no_hang():
                answers[look(Random(seed))] += 1
        except BaseException as error:
            error.add_note(f"It was drawn from random.Random({seed}).")
            raise
    return answers


def assert_both(answers: Counter[bool | None]) -> None:
    """Refuse a mix in which hardly anything is read, or hardly anything refused."""
    assert min(answers[True], answers[False]) > answers.total() / 5, answers


@contextmanager
def _no_hang() -> Iterator[None]:
    def stop(*_: object) -> None:
        pytest.fail(f"no end after {LONGEST} seconds")  # no Exception: nothing that is read may swallow it

    clocks = ((signal.SIGPROF, signal.ITIMER_PROF, LONGEST), (signal.SIGALRM, signal.ITIMER_REAL, LONGEST * PATIENCE))
    before = [signal.signal(sign, stop) for sign, _, _ in clocks]
    for _, clock, seconds in clocks:
        signal.setitimer(clock, seconds)
    try:
        yield
    finally:
        for (sign, clock, _), handler in zip(clocks, before, strict=True):
            signal.setitimer(clock, 0)
            signal.signal(sign, handler)


def any_text(chance: Random, longest: int) -> str:
    """Return letters of any kind, among them what steers a table, in any order."""
    return "".join(_letter(chance) for _ in range(chance.randint(0, longest)))


def _letter(chance: Random) -> str:
    kind = chance.randrange(10)
    if kind < 3:
        return chance.choice(_PIECES)
    if kind < 8:
        return chr(chance.randrange(32, 127))
    code = chance.randrange(0x250) if kind == 8 else chance.randrange(0x110000)
    return "\ufffd" if 0xD800 <= code < 0xE000 else chr(code)


def any_bytes(chance: Random, longest: int) -> bytes:
    """Return bytes of any kind: text, or no text at all, or one broken by some of the other."""
    kind = chance.randrange(3)
    if kind == 0:
        return chance.randbytes(chance.randint(0, longest))
    text = any_text(chance, longest // 2).encode()
    at = chance.randint(0, len(text))
    return text if kind == 1 else text[:at] + chance.choice(_BYTES) + text[at:]
