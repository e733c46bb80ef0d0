"""Seconds of five reference programs by release of HiGHS.

``python -m benchmarks.releases`` writes docs/highs-releases.md. Each program is what the engine hands over for the last
objective of a question, with the earlier ones held. Each release is installed by itself into build/releases, beside
NumPy alone, and solves all programs in processes of their own, the releases in turn.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import venv
from pathlib import Path
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np

from benchmarks.instance import write as write_instance
from benchmarks.page import machine
from benchmarks.relaxations import write as write_family
from benchmarks.stages import draw
from benchmarks.stages import write as write_stages
from sourcing.answer.setting import ask
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.program import ArrayModel
from sourcing.engine.rounds import scale_of
from sourcing.engine.solve import solve

if TYPE_CHECKING:
    from collections.abc import Callable

    from sourcing.engine.highs import Highs

RELEASES = ("1.13.1", "1.14.0", "1.15.1", "1.16.0")
PAGE, HOMES = Path("docs/highs-releases.md"), Path("build/releases")
SAME = 1e-6
"""Part of a cost by which releases may differ where all is proven to the end."""


class Kept(Exception):
    """The program is kept, and need not be solved."""


PROGRAMS: dict[str, tuple[str, float, Callable[[Path], str | Path]]] = {
    "diversified": ("the reference question", 0.0, lambda _: "diversified"),
    "generated": ("140,000 columns (`benchmarks.instance`)", 0.0, lambda folder: write_instance(140_000, folder / "i")),
    "terms": ("`benchmarks/terms.toml`, within 0.1 %", 0.001, lambda _: Path(__file__).with_name("terms.toml")),
    "lots": (
        "order costs and least lots (`benchmarks.relaxations`)",
        0.0,
        lambda folder: write_family("lots", 1, folder),
    ),
    "stages": (
        "fixed costs at two stages, 15, 30, 60, 3 (`benchmarks.stages`), within 1 %",
        0.01,
        lambda folder: write_stages(draw(15, 30, 60, 3), folder),
    ),
}
"""What each program is, to which gap it is searched, and how its question is had."""


def keep(question: str | Path, gap: float, file: Path) -> tuple[int, int, int]:
    """Store the program of a question's last objective; return its rows, columns and whole columns."""
    setting = ask(question, None)
    form = formulate(setting.network)
    minimize = tuple(setting.question.objective.minimize)
    costs, whole = form.objectives[minimize[-1]], form.whole

    def stored(highs: Highs) -> None:
        lp, scale = highs._highs.getLp(), scale_of(costs * highs.units.column)
        matrix = lp.a_matrix_
        entries = {"start": matrix.start_, "index": matrix.index_, "value": matrix.value_}
        bounds = {"lower": lp.col_lower_, "upper": lp.col_upper_, "low": lp.row_lower_, "high": lp.row_upper_}
        by_row = matrix.format_ != highspy.MatrixFormat.kColwise
        aim = {"cost": np.array(lp.col_cost_) * scale, "scale": scale, "whole": whole, "gap": gap}
        np.savez(file, shape=(lp.num_row_, lp.num_col_), by_row=by_row, **entries, **bounds, **aim)
        raise Kept

    try:
        solve(ArrayModel(form), minimize, SolverOptions(threads=1, interruptible=False), stored)
    except Kept:
        return *form.shape, int(whole.sum())
    raise RuntimeError(f"{question}: its program was never handed over")


def installed(release: str) -> Path:
    """Install a release by itself, once; return its interpreter."""
    home = HOMES / release
    python = home / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
    if not (home / "ready").exists():
        venv.create(home, clear=True, with_pip=True)
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, f"highspy=={release}", f"numpy=={np.__version__}"], check=True)
        (home / "ready").touch()
    return python


def run(release: str, program: Path, limit: float) -> dict[str, Any]:
    """Solve a stored program with a release, in a process of its own."""
    script = str(Path(__file__).with_name("release.py"))
    said = subprocess.run(
        [str(installed(release)), script, str(program), str(limit)], check=True, capture_output=True, text=True
    )
    found: dict[str, Any] = json.loads(said.stdout.splitlines()[-1])
    return found


def cell(runs: list[dict[str, Any]]) -> str:
    """Return the median of the seconds of some runs, or how they ended where that is not with a proof."""
    seconds, ended = statistics.median(each["seconds"] for each in runs), {each["status"] for each in runs}
    return f"{seconds:.3g}" if ended == {"Optimal"} else f"{', '.join(sorted(ended)).lower()} after {seconds:.3g}"


def differences(found: dict[str, dict[str, list[dict[str, Any]]]]) -> list[str]:
    """Return where releases that proved a program to its gap differ by more than that."""
    said = []
    for name, by_release in found.items():
        values = [each["value"] for runs in by_release.values() for each in runs if each["status"] == "Optimal"]
        room = max(PROGRAMS[name][1], SAME) * max(map(abs, values), default=0.0)
        if values and max(values) - min(values) > room:
            said.append(f"`{name}`: the releases say between {min(values):.9g} and {max(values):.9g}.")
    return said


def page(found: dict[str, dict[str, list[dict[str, Any]]]], sizes: dict[str, tuple[int, int, int]], runs: int) -> str:
    """Return the page in Markdown."""
    lines = [_HEAD, f"Medians of {runs} runs. {machine(('numpy',))}", ""]
    lines += [f"| program | rows | columns | whole | {' | '.join(RELEASES)} |", f"|---|{'---:|' * (3 + len(RELEASES))}"]
    for name, by_release in found.items():
        cells = [f"{count:,}" for count in sizes[name]] + [cell(by_release[release]) for release in RELEASES]
        lines.append(f"| {PROGRAMS[name][0]} | {' | '.join(cells)} |")
    agreed = "All releases prove the same costs, to the gap asked for (to a millionth where it is none)."
    return "\n".join([*lines, "", *(differences(found) or [agreed])]) + "\n"


_HEAD = """# HiGHS, release by release

Which release of HiGHS is the fastest here, and do all say the same? `python -m benchmarks.releases` writes this page.
Five programs are stored as the engine hands them over for the last objective of a question (scaled, the earlier
objectives held), and solved by the latest release of each line that this tool takes, in processes of their own, in
turn, on one thread, with the tolerances that the engine asks for. CPU seconds of the one solve, without reading or
building.
"""


def main() -> None:
    """Store the programs, solve them by every release in turn, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--limit", type=float, default=600.0, help="seconds for one solve")
    asked = parser.parse_args()
    found: dict[str, dict[str, list[dict[str, Any]]]] = {}
    sizes = {}
    for name, (_, gap, question) in PROGRAMS.items():
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "program.npz"
            sizes[name] = keep(question(Path(folder)), gap, file)
            found[name] = {release: [] for release in RELEASES}
            for _ in range(asked.runs):
                for release in RELEASES:
                    found[name][release].append(run(release, file, asked.limit))
        sys.stdout.write(f"{name}: {', '.join(f'{key} {cell(runs)}' for key, runs in found[name].items())}\n")
        sys.stdout.flush()
    PAGE.write_text(page(found, sizes, asked.runs), encoding="utf-8")


if __name__ == "__main__":
    main()
