"""Run the real command in processes of its own, and do something to it at every moment there is.

A moment is the n-th of the calls and file operations that a run makes, by name. At each of them the run forks: the
child is given a copy of the folder, has the thing done to it and goes on from there; the parent comes to the next
moment undisturbed. So a sweep over all moments costs one run and what is left to do after each of them.
"""

from __future__ import annotations

import json
import os
import re
import resource
import shutil
import signal
import subprocess
import sys
import traceback
import warnings
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from collections.abc import Sequence

CALLS = {
    "sourcing.answer.optimize": (
        *("ask", "new_folder", "model_file", "formulate", "ArrayModel", "solve", "cheapest_of", "plan_tables"),
        *("with_verdict", "keep", "explain_none"),
    ),
    "sourcing.engine.solve": ("load", "minimise"),
    "sourcing.engine.highs": ("Highs.load", "Highs.run", "Highs._solve"),
    "sourcing.answer.keep": ("write_program",),
    "sourcing.plan.result": ("write_plan", "write_duals", "write_manifest"),
    "sourcing.plan.drafts": ("Draft.keep",),
    "sourcing.studies.explain.call": ("agreed_plan", "explain_plan"),
    "sourcing.answer.audit": ("read_plan", "audit"),
    "sourcing.answer.check": ("ask",),
    "sourcing.report.console": ("render_plan",),
    "sourcing.cli.optimize": ("print_result",),
    "sourcing.cli.init": ("claim", "print_result"),
}
"""Functions, by the module they are called from; a moment before each and one after."""

FILES = {"os.mkdir", "os.rename", "os.remove", "os.rmdir", "open"}
"""What Python reports (sys.audit) whenever it changes something in a folder."""


@dataclass(frozen=True)
class Ending:
    """How a run ended: its exit code (below 0: the signal that killed it), its words, and the folder it ran in."""

    moment: str
    code: int
    out: str
    err: str
    folder: Path

    @property
    def runs(self) -> list[str]:
        """The names in runs/."""
        return sorted(path.name for path in (self.folder / "runs").glob("*"))


class Server:
    """A process that has everything imported, and forks for every command."""

    def __init__(self, temporary: Path) -> None:
        self._jobs = 0
        self._process = subprocess.Popen(
            [sys.executable, "-m", "forked"],
            cwd=Path(__file__).parent,
            env={**os.environ, "COLUMNS": "100", "PYTHONIOENCODING": "utf-8", "TMPDIR": str(temporary)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )

    def run(self, words: Sequence[str], folder: Path, **how: Any) -> Ending:
        """Run ``sourcing`` with some words in a folder; ``how``: ``largest`` file in bytes, ``stdout``."""
        return self._answers({"words": words, "folder": str(folder), **how})[-1]

    def sweep(self, words: Sequence[str], folder: Path, at: str, does: Any) -> list[Ending]:
        """Run it once for every moment whose name matches ``at``, each in a copy of the folder.

        ``does`` is what happens then: these signals are sent, or the file operation fails with this errno.
        """
        answers = self._answers({"words": words, "folder": str(folder), "at": at, "does": does})
        assert answers[-1].code == 0, answers[-1]
        return answers[:-1]

    def _answers(self, job: dict[str, Any]) -> list[Ending]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._jobs += 1
        self._process.stdin.write(json.dumps(job | {"number": self._jobs}) + "\n")
        self._process.stdin.flush()
        answers = json.loads(self._process.stdout.readline())
        return [Ending(**{**answer, "folder": Path(answer["folder"])}) for answer in answers]

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait()
        self._process.stdout.close()


class Moments:
    """Counts what happens in a run, and forks where something is to happen to it."""

    def __init__(self, job: dict[str, Any], said: Path) -> None:
        self._at, self._does = re.compile(job.get("at", r"(?!)")), job.get("does", [])
        self._folder, self._job, self._said = Path(job["folder"]), job["number"], said
        self._counts: dict[str, int] = {}
        self._deaf = False

    def at(self, name: str) -> None:
        """Take one in."""
        if self._deaf:
            return
        self._counts[name] = self._counts.get(name, 0) + 1
        moment = f"{name} #{self._counts[name]}"
        if not self._at.search(moment):
            return
        self._deaf = True
        if self._is_child(moment):
            if isinstance(self._does, int):
                raise OSError(self._does, os.strerror(self._does))
            for number in self._does:
                os.kill(os.getpid(), number)
            return
        self._deaf = False

    def _is_child(self, moment: str) -> bool:
        """Fork in a copy of the folder; in the parent wait for the child to end and note how."""
        number = len(list(self._said.iterdir()))
        copy = self._folder.with_name(f"{self._folder.name}-{self._job}-{number}")
        shutil.copytree(self._folder, copy, ignore_dangling_symlinks=True)
        sys.stdout.flush()
        child = os.fork()
        if child == 0:
            os.chdir(copy)
            _print_to(copy)
            return True
        _note(self._said, moment, child, copy)
        return False

    def hear(self, event: str, details: tuple[Any, ...]) -> None:
        """Take in what Python reports of the file system, as far as it is in the folder."""
        if event not in FILES or isinstance(details[0], int) or self._deaf:
            return
        if event == "open" and not details[2] & (os.O_WRONLY | os.O_RDWR):
            return
        path = os.path.join(os.getcwd(), os.fsdecode(details[0]))
        if path.startswith(str(self._folder)):
            self.at(event.removeprefix("os."))

    def wrap(self, module: str, name: str) -> None:
        """Make a moment before and one after a function."""
        *owners, last = name.split(".")
        owner: Any = import_module(module)
        for part in owners:
            owner = getattr(owner, part)
        real = getattr(owner, last)

        def wrapped(*given: Any, **named: Any) -> Any:
            self.at(f"before {name}")
            result = real(*given, **named)
            self.at(f"after {name}")
            return result

        setattr(owner, last, wrapped)


def _note(said: Path, moment: str, child: int, folder: Path) -> None:
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    words = {name: Path(f"{folder}.{name}").read_text("utf-8") for name in ("out", "err")}
    answer = {"moment": moment, "code": code, **words, "folder": str(folder)}
    (said / f"{len(list(said.iterdir())):04}").write_text(json.dumps(answer), "utf-8")


def _print_to(folder: Path, stdout: str = "") -> None:
    """Have what is printed go to files beside a folder."""
    Path(f"{folder}.out").touch()
    for number, name in ((1, stdout or f"{folder}.out"), (2, f"{folder}.err")):
        if name == "broken pipe":
            unread, handle = os.pipe()
            os.close(unread)
        else:
            handle = os.open(name if name != "closed" else os.devnull, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(handle, number)
        os.close(handle)
    if stdout == "closed":
        os.close(1)
        sys.stdout = None  # as Python starts with


def serve() -> None:
    """Fork for every line of stdin, and answer with how the fork and its forks ended."""
    warnings.simplefilter(
        "ignore", DeprecationWarning
    )  # of forking beside the idle threads of a linear algebra library
    for module in CALLS:
        import_module(module)
    import_module("sourcing.report.machine")
    for line in sys.stdin:
        job = json.loads(line)
        said = Path(f"{job['folder']}.said")
        shutil.rmtree(said, ignore_errors=True)
        said.mkdir()
        child = os.fork()
        if child == 0:
            _run(job, said)
        _note(said, "", child, Path(job["folder"]))
        answers = [json.loads(file.read_text("utf-8")) for file in sorted(said.iterdir())]
        sys.stdout.write(json.dumps(answers) + "\n")
        sys.stdout.flush()


def _run(job: dict[str, Any], said: Path) -> NoReturn:
    """Run one command and end as the installed script does."""
    code = 1
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        os.chdir(job["folder"])
        _print_to(Path(job["folder"]), job.get("stdout", ""))
        moments = Moments(job, said)
        for module, names in CALLS.items():
            for name in names:
                moments.wrap(module, name)
        sys.addaudithook(moments.hear)
        if "largest" in job:
            resource.setrlimit(resource.RLIMIT_FSIZE, (job["largest"], job["largest"]))
        sys.argv = ["sourcing", *job["words"]]
        code = import_module("sourcing.cli").main()
    except BaseException:
        traceback.print_exc()
    finally:
        with suppress(Exception):
            sys.stdout.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
