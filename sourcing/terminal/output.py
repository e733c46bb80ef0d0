"""Where words go: results to stdout, talk to stderr, colour and progress only to a terminal.

Everything that is printed passes here and is cleaned here: no name of a file, a question or a plan steers a terminal.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from sourcing.characters import one_line, showable
from sourcing.errors import SolverError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from typing import TextIO

    from rich.text import Text

_NEXT = {
    "read": "Building the model",
    "build": "Solving",
    "solve": "Proving it without rounding",
    "certificate": "Comparing with the cheapest plan",
    "compare": "Writing it up",
    "tables": "Auditing",
    "audit": "Writing the plan",
}
"""What begins when a stage has ended."""


def screen_width() -> int:
    """Return the width to write for: the terminal's between 60 and 120, 100 where there is none."""
    return min(max(shutil.get_terminal_size(fallback=(100, 24)).columns, 60), 120)


def print_result(result: Text | str) -> None:
    """Print what was asked for to stdout, in colour if that is a terminal."""
    from rich.console import Console

    shown = showable(result) if isinstance(result, str) else result.copy()
    if not isinstance(shown, str):
        shown.plain = showable(shown.plain)  # as long as before, so that its colours stand where they did
    styled = io.StringIO()  # written by hand, since Rich ends the process when the reader has gone away
    colour = sys.stdout.isatty() or None
    console = Console(file=styled, force_terminal=colour, highlight=False, markup=False, emoji=False)
    console.print(shown, soft_wrap=True)
    _write(sys.stdout, lambda: print(styled.getvalue(), end=""))  # noqa: T201


def print_json(content: Mapping[str, Any]) -> None:
    """Print one JSON object to stdout, its first entry the version of its shape."""
    text = json.dumps({"schema": 1, **content}, allow_nan=False, default=str)
    text = text.replace("\x7f", "\\u007f")  # the one control that JSON's escapes leave out
    _write(sys.stdout, lambda: print(text))  # noqa: T201


def tell(*lines: str) -> None:
    """Say something to the person at the keyboard, one line or several; no name within it begins another."""
    _write(sys.stderr, lambda: print(*map(one_line, lines), sep="\n", file=sys.stderr))  # noqa: T201


def tell_at_once(message: str) -> None:
    """Say something from within a signal handler, past whatever is being printed."""
    with suppress(OSError):
        os.write(2, f"{message}\n".encode())


def _write(stream: TextIO, printing: Callable[[], None]) -> None:
    """Print and flush; a reader that has gone away (``| head``) ends the output and nothing else.

    Raises
    ------
    SolverError : the output cannot be written, as when a disk is full.
    """
    try:
        printing()
        stream.flush()
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if not isinstance(error, BrokenPipeError):
            raise SolverError(f"what was to be printed cannot be written ({error.strerror})") from error


@contextmanager
def progress(*, shown: bool) -> Iterator[Callable[[str, str], None] | None]:
    """Show what is being done while it takes time; on a terminal only, and gone when it is over."""
    if not (shown and sys.stderr.isatty()):
        yield None
        return
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True, highlight=False).status("Reading the tables") as status:
        yield lambda stage, text: status.update(
            Text(showable(f"Solving: {text}" if stage == "search" else _NEXT.get(stage, "Finishing")))
        )
