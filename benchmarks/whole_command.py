"""Tables of the whole command, files to audited plan: CPU seconds by stage, memory, and what its certificate proves."""

from __future__ import annotations

from typing import Any

STAGES = ("read", "build", "solve", "certificate", "compare", "tables", "audit", "write")
Size = dict[str, Any]
Run = dict[str, Any]


def printed_commands(sizes: list[Size]) -> str:
    """Return both tables for the terminal."""
    return "\n".join([*commands(sizes), "", *certificates(sizes)]) + "\n"


def commands(sizes: list[Size]) -> list[str]:
    """Return what the whole command takes, with Clp and without, as a table."""
    lines = [
        f"| columns | simplex | CPU s | {' | '.join(STAGES)} | of it Clp | audit / solve | GB, with Clp's |",
        "|---:|---|" + "---:|" * (len(STAGES) + 4),
    ]
    return lines + [_command(run) for size in sizes for run in ordered(size["commands"])]


def ordered(runs: list[Run]) -> list[Run]:
    """Return the runs with Clp, where it is installed, before those with HiGHS alone; the quickest of each."""
    kinds = (sorted((run for run in runs if run["alone"] == alone), key=lambda run: run["cpu"]) for alone in (0, 1))
    return [kind[0] for kind in kinds if kind]


def _command(run: Run) -> str:
    stages = [run["stages"].get(name, 0.0) for name in STAGES]
    clp = sum(run["helped"].values())
    engine = "Clp, HiGHS judging" if run["helped"].get("solve", 0.0) > 0 else "HiGHS alone"
    part = run["stages"]["audit"] / run["stages"]["solve"]
    memory = f"{run['peak'] / 1e9:.1f} + {run['peak_of_children'] / 1e9:.1f}" if clp else f"{run['peak'] / 1e9:.1f}"
    cells = [f"{run['columns']:,}", engine, _seconds(run["cpu"]), *map(_seconds, stages)]
    return f"| {' | '.join([*cells, _seconds(clp) if clp else '-', f'{part:.2f}', memory])} |"


def certificates(sizes: list[Size]) -> list[str]:
    """Return what the certificates of these plans prove of their cost, and what they take, as a table."""
    lines = [
        "| columns | claim | cost [USD] | it may be less by [USD] | of the cost | to make [CPU s] | to check [CPU s] |",
        "|---:|---|---:|---:|---:|---:|---:|",
    ]
    for run in (ordered(size["commands"])[0] for size in sizes if size["commands"]):
        gap = "-" if run["gap"] is None else f"{max(run['gap'], 0.0):.1e}"
        part = "-" if run["gap"] is None else f"{max(run['gap'], 0.0) / max(abs(run['value']), 1.0):.1e}"
        cells = [f"{run['columns']:,}", run["claim"], f"{run['value']:,.2f}", gap, part]
        lines.append(f"| {' | '.join([*cells, _seconds(run['stages']['certificate']), _seconds(run['check'])])} |")
    return lines


def not_run(sizes: list[Size]) -> str:
    """Return a sentence on the sizes at which HiGHS alone was not run; empty if there are none."""
    missing = [size for size in sizes if size["commands"] and not any(run["alone"] for run in size["commands"])]
    called = [f"{size['commands'][0]['columns']:,}" for size in missing if size["columns"] > _BOTH_THE_SAME]
    if not called:
        return ""
    where = f"at {' and '.join(called)} columns"
    return f"HiGHS alone was not run {where}; at a million it takes twenty CPU minutes and more: an option, `--long`."


_BOTH_THE_SAME = 40_000
"""Columns up to which Clp is not asked anyway."""


def _seconds(value: float) -> str:
    return f"{value:.2f}" if value < 10 else f"{value:,.0f}"


def whole_command(sizes: list[Size]) -> str:
    """Return the section of the page."""
    return (
        _SECTION.replace("{commands}", "\n".join(commands(sizes)))
        .replace("{not_run}", not_run(sizes))
        .replace("{certificates}", "\n".join(certificates(sizes)))
    )


_SECTION = """## The whole command: files to audited plan

`sourcing optimize` does more than the one solve compared above: it leaves the least short among equal plans, shares
what is short evenly, breaks ties, certifies the plan in exact fractions, solves once more without the question's limits
to compare, tries what more room is worth (in *tables*; of a very large program as far as a minute's worth of steps
goes, counted, not timed), has the tables audited by separate arithmetic, and writes the plan. CPU seconds with those of
Clp's process, on one thread; the quickest run of each. From 40,000 columns on, and with the extra `fast`, Clp's dual
simplex finds the basis and HiGHS judges it; below, and without the extra, HiGHS is alone.
Memory is the peak of the whole process, and of Clp's beside it (at most: it begins with what its parent has).

{commands}

{not_run}

What the certificate of each of these plans proves of its cost, in exact fractions, and what it takes to make it and to
check it (`benchmarks/certificates.py` has the ready questions):

{certificates}"""
