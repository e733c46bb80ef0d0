"""Write what was measured: a short table for the terminal, and docs/benchmarks.md."""

from __future__ import annotations

import math
import os
import platform
import statistics
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from benchmarks.whole_command import whole_command

if TYPE_CHECKING:
    from pathlib import Path

NAMES = {
    "sourcing": "this engine",
    "highspy": "bare highspy",
    "linopy": "linopy",
    "pulp": "PuLP",
    "pyomo_appsi": "Pyomo rules, appsi_highs",
    "pyomo_contrib": "Pyomo rules, contrib.solver",
}
LIBRARIES = ("linopy", "pulp", "pyomo_appsi", "pyomo_contrib")
PACKAGES = ("highspy", "linopy", "numpy", "pandas", "PuLP", "pyomo", "scipy", "xarray")
MAKING = ("build", "hand_over")
EVERYTHING = ("read", *MAKING, "solve")
Size = dict[str, Any]


def seconds(size: Size, peer: str, phases: tuple[str, ...], clock: str = "cpu") -> float:
    """Return the median over the runs of a peer of the seconds of some phases together; NaN where none has them all."""
    sums = [
        [run[clock][phase] for phase in phases] for run in size["runs"].get(peer, ()) if set(phases) <= set(run[clock])
    ]
    return statistics.median(map(sum, sums)) if sums else math.nan


def kilobytes(size: Size, peer: str, phase: str) -> float:
    """Return kB a column that the peak had grown by when a phase ended, above what stood after the imports."""
    grown = [run["peak"][phase] - run["peak"]["imports"] for run in size["runs"].get(peer, ()) if phase in run["peak"]]
    return statistics.median(grown) / columns(size) / 1000 if grown else math.nan


def columns(size: Size) -> int:
    """Return the number of columns that the solver has."""
    return int(size["runs"]["sourcing"][0]["size"][1])


def exponent(small: Size, large: Size, peer: str = "sourcing") -> float:
    """Return the growth of build and hand-over between two sizes as a power of the columns."""
    times = math.log(seconds(large, peer, MAKING) / seconds(small, peer, MAKING))
    return times / math.log(columns(large) / columns(small))


def printed(sizes: list[Size]) -> str:
    """Return the tables for the terminal."""
    return "\n\n".join("\n".join(table(size)) for size in sizes) + "\n"


def table(size: Size) -> list[str]:
    """Return one size as a table in Markdown: CPU seconds, ratios to this engine, memory."""
    rows, count, nonzeros = size["runs"]["sourcing"][0]["size"]
    lines = [
        f"**{count:,} columns**, {rows:,} rows, {nonzeros:,} nonzeros; medians of as many runs as stated",
        "",
        "| | runs | read | build | hand over | both | x | solve | all | x | kB a column | solved |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for peer, name in NAMES.items():
        single = (seconds(size, peer, (phase,)) for phase in ("read", *MAKING))
        making, total = (_ratio(size, peer, phases) for phases in (MAKING, EVERYTHING))
        cells = [
            str(len(size["runs"].get(peer, ()))),
            *(_figure(value) for value in single),
            *making,
            _figure(seconds(size, peer, ("solve",))),
            *total,
            _figure(kilobytes(size, peer, "hand_over")),
            _figure(kilobytes(size, peer, "solve")),
        ]
        lines.append(f"| {name} | {' | '.join(cells)} |")
    return lines


def _ratio(size: Size, peer: str, phases: tuple[str, ...]) -> tuple[str, str]:
    own, other = seconds(size, "sourcing", phases), seconds(size, peer, phases)
    return _figure(other), _figure(other / own)


def _figure(value: float) -> str:
    if math.isnan(value):
        return "-"
    return f"{value:.3f}" if value < 0.1 else f"{value:.2f}" if value < 10 else f"{value:,.1f}"


def machine(named: tuple[str, ...] = PACKAGES) -> str:
    """Return what the figures were measured on, with the versions of some packages."""
    processor = platform.processor() or platform.machine()
    packages = ", ".join(f"{name} {version(name)}" for name in named)
    load = os.getloadavg()[2]
    return (
        f"{os.cpu_count()} cores ({processor}, {platform.system()}), Python {platform.python_version()}, {packages}. "
        f"The machine was shared: its load at the end of the run was {load:.0f}, so read the ratios."
    )


def targets(sizes: list[Size]) -> list[str]:
    """Return what was wanted beside what was measured, as a table."""
    by_size = {size["columns"]: size for size in sizes}
    middle, largest = by_size[140_000], by_size[1_000_000]
    fastest = min(LIBRARIES, key=lambda peer: seconds(middle, peer, EVERYTHING))
    goals = [
        ("build + hand over at 140,000 columns, of linopy's", _of(middle, MAKING, "linopy"), 0.7),
        ("the same, of plain Pyomo's", _of(middle, MAKING, "pyomo_appsi"), 0.2),
        (
            f"tables to plan at 140,000 columns, of {NAMES[fastest]}'s, the fastest",
            _of(middle, EVERYTHING, fastest),
            1.0,
        ),
        ("tables to plan at 140,000 columns, of bare highspy's", _of(middle, EVERYTHING, "highspy"), 1.5),
        ("tables to plan at 1,000,000 columns, of bare highspy's", _of(largest, EVERYTHING, "highspy"), 1.5),
        ("growth of build + hand over, 140,000 to 1,000,000 columns: power", exponent(middle, largest), 1.1),
        (
            "peak memory at 1,000,000 columns to the hand-over [kB a column]",
            kilobytes(largest, "sourcing", "hand_over"),
            1.5,
        ),
        ("peak memory at 140,000 columns with the solve [kB a column]", kilobytes(middle, "sourcing", "solve"), 1.5),
    ]
    lines = ["| | measured | wanted, at most | |", "|---|---:|---:|---|"]
    for name, value, most in goals:
        reached = "not measured" if math.isnan(value) else "reached" if value <= most else "missed"
        lines.append(f"| {name} | {_figure(value)} | {most} | {reached} |")
    before = _of(middle, EVERYTHING[:3], fastest)
    solved = min(sum("solve" in run["cpu"] for run in runs) for runs in middle["runs"].values())
    lines += [
        "",
        "The solve is the same work for all; what differs there is the order of rows, the scale of costs and noise,",
        f"with {solved} solved run(s) of each at 140,000 columns. Without it, from the tables to the hand-over,",
        f"this engine takes {_figure(before)} of {NAMES[fastest]}'s time: it checks what it reads.",
    ]
    return lines


def _of(size: Size, phases: tuple[str, ...], peer: str) -> float:
    return seconds(size, "sourcing", phases) / seconds(size, peer, phases)


def spent(profile: dict[str, float]) -> list[str]:
    """Return where the engine's own time goes, as a table."""
    total = sum(profile.values())
    ordered = sorted(profile.items(), key=lambda item: -item[1])
    return [
        "| step | of the time |",
        "|---|---:|",
        *(f"| {step} | {100 * value / total:.0f} % |" for step, value in ordered),
    ]


def write_page(path: Path, sizes: list[Size], profile: dict[str, float], started: str) -> None:
    """Write the page; ``started`` has the tables of start-up and loops."""
    text = (
        _PAGE.replace("{machine}", machine())
        .replace("{targets}", "\n".join(targets(sizes)))
        .replace("{tables}", "\n\n".join("\n".join(table(size)) for size in sizes))
        .replace("{largest}", f"{columns(sizes[-1]):,}")
        .replace("{spent}", "\n".join(spent(profile)))
        .replace("{commands}", whole_command(sizes))
        .replace("{started}", started)
    )
    path.write_text(text, encoding="utf-8")


_PAGE = """# How fast it is

`make bench` writes this page. It compares building and solving a model with this engine to what one would write with
the usual modelling libraries. The cases are drawn from a seed (`benchmarks/instance.py`),
so every figure can be had again.

## What is compared

A case has suppliers, materials, plants, furnaces, lanes by sea and air, stocks, duties, export licences and 36 months,
and the question limits every element to 45 % from one country in each year, with shortage priced. So there is one
objective and one linear program. Everybody starts from the same CSV files and writes the same mathematics in the way
the library's own documentation advises (`benchmarks/peers`):

- *this engine*: the tables read, **checked and screened**, the families, the Pyomo model of arrays, the hand-over;
- *bare highspy*: index arithmetic in NumPy, one sparse matrix, `addVars` and `addRows`; no model is left to look at;
- *linopy*: array variables and sums by groups, in its sparse form (`Model(sparse=True)`), direct hand-over;
- *PuLP*: `LpVariable.dicts`, an `LpAffineExpression` of pairs for each row, its `HiGHS` class;
- *Pyomo*: sets, variables and rules with `quicksum`, handed over by `appsi_highs` and by `contrib.solver`, both with
  the search for changes off.

The peers read with `pandas.read_csv` and check nothing, so reading is a column of its own. What must be derived from
the tables before any library is touched (routes, arrivals by period, capacities, rows on stock and on what lands late
in a period) is written once for all peers, by whole columns in pandas and NumPy; it counts as building, as it does for
this engine.

Before a figure counts, all must have the same numbers of rows, columns and nonzeros, the same optimum to a millionth,
and programs with the same *fingerprint*: sums over costs, bounds and coefficients that do not depend on the order of
rows and columns (`benchmarks/same.py`). At a million columns nobody solves: HiGHS had not finished after five minutes
of CPU, and it is the same work for all. There the fingerprints alone tell that the programs are the same.

Every run is a process of its own, the ways in turn; each first runs a thousand columns through, so that imports, and
what libraries load on first use, stay out of the figures. Figures are medians of CPU seconds, on one thread, with
HiGHS's own defaults; a way that takes more than 20 seconds to build is run once. *both* is build and hand over, *all*
is from the tables to the solved plan, *x* is the ratio to this engine: above 1 is slower than this engine. Memory is
what the peak grew by after the imports, to the hand-over and with the solve. A dash was not measured.

{machine}

## What was wanted, and what was measured

{targets}

## All figures

{tables}

## Where this engine's time goes

Reading, building and handing over {largest} columns, by a clock around each step (without the solver):

{spent}

Reading is dearer than with bare pandas, because every cell is parsed, bounded and looked up, and every fault named with
its place. On small cases that fixed cost is most of the time: up to some ten thousand columns PuLP without any
check is done sooner. What is left of building is spread thinly: pandas joins for routes and limits, the spreading
of orders over periods, and one sparse matrix.

{commands}

## Starting up, and in a loop

Medians of interleaved runs (`benchmarks/startup.py`), each in a fresh interpreter: the ready question `diversified`,
which reads its tables, solves, certifies, compares, tries what more room is worth, audits, writes, and reads back what
it wrote. In a loop a variant pays for its own solve, certificate, comparison, tables and audit; what is read, screened,
derived and written into the program is kept with the case, as far as the variant leaves it as it was.

{started}
"""
