"""Print how long starting takes, as ratios of medians over 10 interleaved runs.

``sourcing --help`` stands against a bare Typer app; loading what reads and audits a plan, and what solves one, against
loading pandas.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

RUNS = 10
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
OURS = "from sourcing.cli import main; main(['--help'])"
PANDAS = "import pandas"
READS = "from sourcing.run import audit_plan, check, comply, compare"
SOLVES = "from sourcing.run import optimize"


def seconds(code: str) -> float:
    """Return the wall time of a fresh interpreter running ``code``."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Run all in turn and print their medians and the ratios."""
    programs = (BARE, OURS, PANDAS, READS, SOLVES)
    for code in programs:  # warm the file cache
        seconds(code)
    rounds = [[seconds(code) for code in programs] for _ in range(RUNS)]
    bare, ours, pandas, reads, solves = (statistics.median(times) for times in zip(*rounds, strict=True))
    sys.stdout.write(f"bare Typer {bare:.3f} s, sourcing {ours:.3f} s, ratio {ours / bare:.2f} (at most 1.3 wanted)\n")
    sys.stdout.write(f"pandas {pandas:.3f} s, what reads a plan {reads:.3f} s, ratio {reads / pandas:.2f}; ")
    sys.stdout.write(f"what solves one {solves:.3f} s, ratio {solves / pandas:.2f}\n")


if __name__ == "__main__":
    main()
