"""Start-up and loops: CPU seconds of a command from start to files, and of a variant of a case that is in memory.

Every figure is the median of interleaved runs, each in a fresh interpreter that may keep what it compiles.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
RUNS = 7
BARE = """
import typer
app = typer.Typer()
@app.command()
def one(name: str = "a") -> None:
    "Do one thing."
@app.command()
def two(name: str = "b") -> None:
    "Do another."
app(["--help"])
"""
COMMAND = "import sys; from sourcing.cli import main; sys.exit(main({words}))"
LOOP = "from benchmarks.loop import main; main()"
WHOLE = "optimize diversified, from start to files"
PROGRAMS = {
    "a bare Typer app, `--help`": BARE,
    "`sourcing --help`": COMMAND.format(words="['--help']"),
    "loading pandas": "import pandas",
    "loading what reads and audits a plan": "from sourcing.run import audit_plan, check, comply, compare",
    "loading what solves one": "from sourcing.run import optimize",
    WHOLE: COMMAND.format(words="['optimize', 'diversified', '--out', sys.argv[1]]"),
}
Measured = dict[str, Any]


def child(code: str, *words: str) -> tuple[float, str]:
    """Return the CPU seconds of a fresh interpreter running ``code``, and what it printed."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    before = _children()
    done = subprocess.run(
        [sys.executable, "-c", code, *words], check=True, capture_output=True, text=True, env=environment
    )
    return _children() - before, done.stdout


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def measured() -> Measured:
    """Run all in turn, and the loop three times."""
    times: dict[str, list[float]] = {name: [] for name in PROGRAMS}
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(RUNS + 1):
            for name, code in PROGRAMS.items():
                times[name].append(child(code, str(Path(folder) / f"plan-{turn}"))[0])
    loops = [json.loads(child(LOOP)[1]) for _ in range(3)]
    return {
        "programs": {name: statistics.median(each[1:]) for name, each in times.items()},  # the first fills the caches
        "loop": {name: statistics.median(loop[name] for loop in loops) for name in loops[0]},
    }


def section(found: Measured) -> str:
    """Return both tables for the page."""
    programs, loop = found["programs"], found["loop"]
    lines = ["| from start | CPU s | of the whole command |", "|---|---:|---:|"]
    lines += [f"| {name} | {took:.2f} | {took / programs[WHOLE]:.2f} |" for name, took in programs.items()]
    lines += ["", "| in one process, the case in memory | CPU s | of the first |", "|---|---:|---:|"]
    called = {
        "first": "tables read, the first answer",
        "limit": "a limit at another value",
        "price": "one price changed",
    }
    lines += [f"| {called[name]} | {took:.2f} | {took / loop['first']:.2f} |" for name, took in loop.items()]
    return "\n".join(lines)


def main() -> None:
    """Measure, print, and keep it where ``--results`` says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--results", type=Path, help="keep what was measured here")
    asked = parser.parse_args()
    found = measured()
    if asked.results:
        asked.results.write_text(json.dumps(found), encoding="utf-8")
    sys.stdout.write(section(found) + "\n")


if __name__ == "__main__":
    main()
