"""Print how long ``sourcing --help`` takes against a bare Typer app: the ratio of medians over 10 interleaved runs."""

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


def seconds(code: str) -> float:
    """Return the wall time of a fresh interpreter running ``code``."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    """Run both in turn and print their medians and the ratio."""
    seconds(BARE), seconds(OURS)  # warm the file cache
    pairs = [(seconds(BARE), seconds(OURS)) for _ in range(RUNS)]
    bare, ours = (statistics.median(times) for times in zip(*pairs, strict=True))
    sys.stdout.write(f"bare Typer {bare:.3f} s, sourcing {ours:.3f} s, ratio {ours / bare:.2f} (at most 1.3 wanted)\n")


if __name__ == "__main__":
    main()
