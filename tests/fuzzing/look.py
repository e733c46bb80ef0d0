"""One look: a command on one damaged input, in a process of its own, and what is to be said about how it ended."""

from __future__ import annotations

import os
import re
import resource
import shutil
import signal
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, NoReturn

from fuzzing.damage import damage
from fuzzing.ground import SECRET, Ground, files_of
from sourcing.cli import main

if TYPE_CHECKING:
    from collections.abc import Sequence

SECONDS, BYTES = 20, 1 << 30
"""What an input may take of the processor, and of memory beyond what is there before it is read."""
WAITING = 30
"""Seconds after which a command that takes nothing of the processor hangs."""
ENDINGS = {0, 2, 3, 4, 5, 6, 7}
"""Exit codes that are documented for anything but a bug."""
QUESTION = ("tiny", "ask.toml", "child.toml", "own.toml")
ASKED: tuple[tuple[int, tuple[str, ...], tuple[tuple[str, ...], ...]], ...] = (
    (8, QUESTION, (("check", "child.toml"),)),
    (1, ("ready",), (("check", "ready/diversified.toml"),)),
    (1, QUESTION, (("optimize", "child.toml", "--out", "runs/new"),)),
    (8, ("runs/plan",), (("audit", "runs/plan"), ("comply", "runs/plan"))),
    (2, ("runs/plan",), (("explain", "runs/plan"), ("compare", "runs/other", "runs/plan"))),
    (1, ("runs/plan",), (("chart", "runs/plan", "mix", "--out", "new.svg"), ("explain", "latest"))),
    (1, ("runs/curve",), (("chart", "runs/curve", "curve", "--out", "new.html"),)),
)
"""How often, what is damaged, and which commands then read it."""
_UNSAID = re.compile(
    r"Traceback|a bug in sourcing|object at 0x|https?://|errors\.pydantic|KeyError|TypeError|\bNoneType\b|<class "
)
_STEERS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]")


@dataclass(frozen=True)
class Looked:
    """How a look ended: what was done and asked, the exit code, the words, and all that is wrong with them."""

    seed: int
    done: str
    words: tuple[str, ...]
    code: int
    said: str
    wrong: tuple[str, ...]


def look(seed: int, ground: Ground, place: Path) -> Looked:
    """Damage a copy of the ground as a number says, run a command on it, and judge how that ends."""
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    chance = Random(seed)
    ((_, parts, commands),) = chance.choices(ASKED, [often for often, _, _ in ASKED])
    words = chance.choice(commands)
    own = ground.copied(place, *{*parts, *(word for word in words if word.startswith("runs/") and word != "runs/new")})
    done = []
    for _ in range(chance.choice([1, 1, 1, 2])):
        path = chance.choice([*files_of(own.folder, *parts), *(own.folder / part for part in parts if "." in part)])
        if path.is_file() and not path.is_symlink() and path.stat().st_size < BYTES:
            done.append(f"{damage(path, chance, own)} {path.relative_to(own.folder)}")
    return judged(seed, "; ".join(done), words, own)


def judged(seed: int, done: str, words: Sequence[str], ground: Ground) -> Looked:
    """Run a command in a folder, in a process of its own, and say what is wrong with how it ends."""
    opened, said = ground.folder.parent / "opened.txt", ground.folder.parent / "said.txt"
    for file in (opened, said):
        file.touch()
    child = os.fork()
    if child == 0:
        _run(words, ground, said, opened)
    status, usage, late = _waited(child)
    code, text = os.waitstatus_to_exitcode(status), said.read_text("utf-8", "replace")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    wrong = [
        *([] if code in ENDINGS else [f"it ended with {code}"]),
        *(["it hangs"] if late else []),
        *([f"it took {usage.ru_utime + usage.ru_stime:.0f} s"] if usage.ru_utime + usage.ru_stime > SECONDS else []),
        *(["it took more than 1 GB"] if usage.ru_maxrss * 1024 - before > BYTES else []),
        *[f"it read {name}" for name in _read(opened, words, ground)],
        *(["it tells what is in another file"] if SECRET in text else []),
        *([f"it says {found[0]!r}" for found in (_UNSAID.search(text), _STEERS.search(text)) if found]),
        *(["it says nothing"] if code != 0 and not text.strip() else []),
    ]
    return Looked(seed, done, tuple(words), code, text, tuple(wrong))


def _read(opened: Path, words: Sequence[str], ground: Ground) -> list[str]:
    """Return what was read outside the folder, but for what a question names: another question, a preset, a case."""
    found = sorted(set(opened.read_text("utf-8", "replace").splitlines()))
    if words[0] not in {"check", "optimize"}:
        return found
    named = [path for path in ground.folder.glob("**/*.toml") if path.is_file()]
    links = {os.path.relpath(path.resolve(), ground.outside) for path in named}
    asked = "".join(path.read_text("utf-8", "replace") for path in named if path.stat().st_size < BYTES)
    return [] if "outside" in asked else [name for name in found if name not in links]


def _waited(child: int) -> tuple[int, resource.struct_rusage, bool]:
    """Wait for a child; end it where it does nothing for too long, or takes more memory than it may by far."""
    most = _memory(os.getpid()) + 2 * BYTES
    heard, busy = time.monotonic(), 0.0
    while True:
        found, status, usage = os.wait4(child, os.WNOHANG)
        if found:
            return status, usage, False
        now, used = time.monotonic(), _processor(child)
        if used > busy:
            heard, busy = now, used
        late = now - heard > WAITING
        if late or _memory(child) > most:
            os.kill(child, signal.SIGKILL)
            _, status, usage = os.wait4(child, 0)
            return status, usage, late
        time.sleep(0.002)


def _processor(process: int) -> float:
    """Return the seconds of the processor that a process has had, in ticks of a hundredth."""
    after_name = Path(f"/proc/{process}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()
    return sum(map(int, after_name[11:13])) / os.sysconf("SC_CLK_TCK")


def _memory(process: int) -> int:
    """Return the bytes of memory that a process has now."""
    return int(Path(f"/proc/{process}/statm").read_text("ascii").split()[1]) * resource.getpagesize()


def _run(words: Sequence[str], ground: Ground, said: Path, opened: Path) -> NoReturn:
    """Run a command as the installed script does, watched and within bounds, and end the process."""
    code = 1
    try:
        os.chdir(ground.folder)
        out, watched = (os.open(file, os.O_WRONLY | os.O_APPEND) for file in (said, opened))
        for number in (1, 2):
            os.dup2(out, number)
        sys.stdin = open(os.devnull, encoding="utf-8")  # noqa: SIM115
        sys.stdout, sys.stderr = (os.fdopen(number, "w", encoding="utf-8") for number in (1, 2))
        resource.setrlimit(resource.RLIMIT_CPU, (2 * SECONDS, 2 * SECONDS))
        resource.setrlimit(resource.RLIMIT_FSIZE, (BYTES, BYTES))
        _watch(ground.outside, watched)
        sys.argv = ["sourcing", *words]
        code = main()
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            with suppress(Exception):
                stream.flush()
        os._exit(code)


def _watch(outside: Path, log: int) -> None:
    """Note whatever Python opens or lists of what is none of a command's business."""
    forbidden = str(outside)

    def hear(event: str, details: tuple[object, ...]) -> None:
        if event in {"open", "os.listdir", "os.scandir"} and isinstance(details[0], (str, bytes)):
            path = os.path.realpath(os.path.join(os.getcwd(), os.fsdecode(details[0])))
            if path.startswith(forbidden):
                os.write(log, f"{os.path.relpath(path, forbidden)}\n".encode("utf-8", "replace"))

    sys.addaudithook(hear)
