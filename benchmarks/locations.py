"""Which sites to open for many customers, solved by this tool and as a textbook writes it, in turn.

``python -m benchmarks.locations`` draws 100 sites and 1,000 customers (``--sizes 20 100`` fewer), without capacities
and with, and for a median of a few sites, and prints CPU seconds, plan and bound of both ways; of this tool's from the
tables to the settled plan, and of its whole command, with certificate, audit and files.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import highspy
import numpy as np
from scipy import sparse

from benchmarks.stages import Run, by_sourcing, cpu_seconds, say, write_tables
from sourcing.run import RunOptions, optimize

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

PRICE, GAP = 100.0, 1e-4
KINDS = ("open", "room", "median", "single")
"""Sites without capacities, with them, a median of a seventh of them; capacities, and one site for each customer."""
QUESTION = """schema = 1
question = "Which sites should serve the customers?"
case = "."
horizon = { start = "2027-01", periods = 1, length = "year" }

[objective]
minimize = ["cost"]
shortage = "none"
"""


class Places(NamedTuple):
    """What is drawn: freight [USD/t] by (site, customer), demand [t], fixed cost [USD] and capacity [t] by site.

    At most ``count`` sites may open; ``alone`` says whether each customer is served by one.
    """

    freight: Reals
    demand: Reals
    fixed: Reals
    capacity: Reals
    count: int
    alone: bool


def draw(kind: str, sites: int, customers: int, seed: int = 1) -> Places:
    """Draw places in a square; capacities are two to six times the mean need where there are some."""
    random = np.random.default_rng(seed)
    ours, theirs = random.random((sites, 2)), random.random((customers, 2))
    freight = np.round(100 * np.linalg.norm(ours[:, None] - theirs[None], axis=2), 2)
    demand = random.integers(10, 101, customers).astype(float)
    fixed = np.round(random.uniform(20e3, 50e3, sites) * (demand.sum() / 55_000) * 2)
    capacity = np.round(random.uniform(2, 6, sites) * demand.sum() / sites)
    median = kind == "median"
    return Places(
        freight,
        demand,
        np.zeros(sites) if median else fixed,
        capacity if kind in {"room", "single"} else np.full(sites, np.inf),
        max(sites // 7, 1) if median else sites,
        kind == "single",
    )


def write(places: Places, folder: Path) -> Path:
    """Write the tables a planner would fill in and the question; return its path."""
    sites, customers = (range(count) for count in places.freight.shape)
    shut = places.count < len(sites)
    tables: dict[str, list[dict[str, Any]]] = {
        "materials": [{"material": "goods"}],
        "sites": [
            *({"site": f"S{i:03}", "country": "USA", "fixed_cost": places.fixed[i]} for i in sites),
            *({"site": f"C{j:04}", "country": "USA", "fixed_cost": ""} for j in customers),
        ],
        "offers": [
            {"offer": f"S{i:03}", "supplier": f"S{i:03}", "site": f"S{i:03}", "material": "goods", "price": PRICE}
            | {"capacity": places.capacity[i] if np.isfinite(places.capacity[i]) else ""}
            for i in sites
        ],
        "lanes": [
            {"origin": f"S{i:03}", "destination": f"C{j:04}", "freight": places.freight[i, j]}
            for i in sites
            for j in customers
        ],
        "demand": [
            {"site": f"C{j:04}", "material": "goods", "period": "2027", "quantity": places.demand[j]} for j in customers
        ],
    }
    if places.alone:
        one = {"measure": "suppliers", "sense": "max", "by": "supplier", "value": 1}
        tables["limits"] = [one | {"limit": f"one-{j:04}", "site": f"C{j:04}"} for j in customers]
    if shut:
        tables["groups"] = [{"group": "all", "member": f"S{i:03}"} for i in sites]
        most = {"limit": "few", "measure": "facilities", "sense": "max", "by": "site", "member": "all"}
        tables["limits"] = [most | {"value": places.count}]
    return write_tables(tables, QUESTION, folder)


def by_textbook(places: Places, gap: float, limit: float) -> Run:
    """Solve what a textbook writes: parts of each demand, of open sites only, by highspy as it comes."""
    began = cpu_seconds()
    (sites, customers), demand = places.freight.shape, places.demand
    ways = np.arange(sites * customers).reshape(sites, customers)
    opens = ways.size + np.arange(sites)
    site, customer = (axis.ravel() for axis in np.indices(ways.shape))
    blocks = [
        (customer, ways.ravel(), np.ones(ways.size)),
        (customers + ways.ravel(), ways.ravel(), np.ones(ways.size)),
        (customers + ways.ravel(), opens[site], -np.ones(ways.size)),
    ]
    rows, upper = customers + ways.size, [np.ones(customers), np.zeros(ways.size)]
    if np.isfinite(places.capacity).all():
        blocks += [(rows + site, ways.ravel(), demand[customer]), (rows + np.arange(sites), opens, -places.capacity)]
        rows, upper = rows + sites, [*upper, np.zeros(sites)]
    blocks.append((np.full(sites, rows), opens, np.ones(sites)))
    row, column, value = (np.concatenate(side) for side in zip(*blocks, strict=True))
    costs = np.append(((places.freight + PRICE) * demand).ravel(), places.fixed)
    matrix = sparse.csr_array((value, (row, column)), shape=(rows + 1, len(costs)))
    high = np.concatenate([*upper, [places.count]])
    solver = _loaded(matrix, costs, np.where(np.arange(len(high)) < customers, 1.0, -np.inf), high)
    whole = np.append(ways.ravel(), opens) if places.alone else opens
    solver.changeColsIntegrality(len(whole), whole.astype(np.int32), np.ones(len(whole), np.uint8))
    for name, asked in {"mip_rel_gap": gap, "time_limit": limit, "threads": 1}.items():
        solver.setOptionValue(name, asked)
    solver.run()
    info = solver.getInfo()
    return Run(plan=info.objective_function_value, bound=info.mip_dual_bound, seconds=cpu_seconds() - began)


def _loaded(matrix: sparse.csr_array, costs: Reals, low: Reals, high: Reals) -> highspy.Highs:
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    none, zero = np.empty(0, np.int32), np.zeros(len(costs))
    solver.addCols(len(costs), costs, zero, np.ones(len(costs)), 0, zero.astype(np.int32), none, none.astype(float))
    starts, entries = matrix.indptr[:-1].astype(np.int32), matrix.indices.astype(np.int32)
    solver.addRows(len(high), low, high, matrix.nnz, starts, entries, matrix.data)
    return solver


def by_command(question: Path, gap: float, limit: float) -> Run:
    """Answer the question from the tables to the audited plan on disk."""
    began = cpu_seconds()
    options = RunOptions(gap=gap, threads=1, time_limit=limit, compare=False)
    plan = optimize(question, out=question.parent / "plan", options=options)
    cost, left = plan.manifest["objective"]["cost"], float(plan.manifest["gap"] or 0.0)
    return Run(plan=cost, bound=cost * (1 - left), seconds=cpu_seconds() - began)


def main() -> None:
    """Solve each kind in all ways in turn, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs=2, type=int, default=(100, 1_000))
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS[:3])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gap", type=float, default=GAP)
    parser.add_argument("--limit", type=float, default=300.0)
    asked = parser.parse_args()
    say("| case | way | CPU s | of the textbook's | plan, USD | gap left |")
    say("|---|---|---:|---:|---:|---:|")
    for kind in asked.kinds:
        places = draw(kind, *asked.sizes, seed=asked.seed)
        with tempfile.TemporaryDirectory() as name:
            question = write(places, Path(name))
            textbook = by_textbook(places, asked.gap, asked.limit)
            ours = by_sourcing(question, asked.gap, asked.limit)
            whole = by_command(question, asked.gap, asked.limit)
        for way, run in (("textbook, highspy", textbook), ("sourcing", ours), ("whole command", whole)):
            part = f"{run.seconds:.1f} | {run.seconds / textbook.seconds:.2f}"
            say(f"| {kind} | {way} | {part} | {run.plan:,.0f} | {run.gap:.3%} |")


if __name__ == "__main__":
    main()
