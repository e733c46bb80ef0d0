"""A two-stage case with fixed costs at both stages, solved by this tool and as a textbook writes it, in turn.

``python -m benchmarks.stages`` draws 50 suppliers, 100 depots, 200 customers and 5 products, and prints how long each
way took to be proven within 1 % and within 0.5 %, and how far each came. ``--sizes 10 20 40 2`` draws a small one.
"""

from __future__ import annotations

import argparse
import csv
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import highspy
import numpy as np
from scipy import sparse

from sourcing.answer.setting import network_of
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import SolverOptions
from sourcing.engine.program import ArrayModel
from sourcing.engine.solve import solve
from sourcing.question import apply, load_question
from sourcing.tables import read_case

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Reals = NDArray[np.float64]

GAPS = (0.01, 0.005)
QUESTION = """schema = 1
question = "Which suppliers and depots should serve the customers?"
case = "."
horizon = { start = "2027-01", periods = 1, length = "year" }

[objective]
minimize = ["cost"]
shortage = "none"
"""


@dataclass(frozen=True)
class Stages:
    """What is drawn: costs inwards (supplier, depot) and outwards (depot, customer) [USD/t].

    Demand is by (customer, product) [t], price [USD/t] and capacity [t] by (supplier, product), room [t] by depot, and
    the fixed cost [USD] of each supplier and depot.
    """

    inward: Reals
    outward: Reals
    demand: Reals
    price: Reals
    capacity: Reals
    room: Reals
    supplier: Reals
    depot: Reals


def draw(suppliers: int, depots: int, customers: int, products: int, seed: int = 1) -> Stages:
    """Draw places in a square, demand, prices and fixed costs; there is three to four times the capacity needed."""
    random = np.random.default_rng(seed)
    places = [random.random((count, 2)) for count in (suppliers, depots, customers)]
    inward, outward = (
        np.round(100 * np.linalg.norm(start[:, None] - end[None], axis=2), 2) for start, end in pairwise(places)
    )
    demand = random.integers(10, 101, (customers, products)).astype(float)
    price = np.round(random.uniform(90, 110, (suppliers, products)), 2)
    size = demand.sum() / 55_000
    capacity = np.round(random.uniform(300, 900, (suppliers, products)) * size * 50 / suppliers * 5 / products)
    room = np.round(random.uniform(1_000, 3_000, depots) * size * 100 / depots)
    fixed = np.round(random.uniform(20e3, 50e3, suppliers)), np.round(random.uniform(20e3, 40e3, depots))
    return Stages(inward, outward, demand, price, capacity, room, *fixed)


def write(stages: Stages, folder: Path) -> Path:
    """Write the tables a planner would fill in and the question; return its path."""
    suppliers, depots = (range(count) for count in stages.inward.shape)
    customers, products = (range(count) for count in stages.demand.shape)
    site = {"country": "USA", "capacity": "", "fixed_cost": ""}
    tables: dict[str, list[dict[str, Any]]] = {
        "materials": [{"material": f"P{p}"} for p in products],
        "sites": [
            *({"site": f"S{s:03}", "kind": "supplier", **site, "fixed_cost": stages.supplier[s]} for s in suppliers),
            *(
                {"site": f"D{d:03}", "kind": "warehouse", **site}
                | {"capacity": stages.room[d], "fixed_cost": stages.depot[d]}
                for d in depots
            ),
            *({"site": f"C{c:03}", "kind": "plant", **site} for c in customers),
        ],
        "offers": [
            {"offer": f"S{s:03}-P{p}", "supplier": f"S{s:03}", "site": f"S{s:03}", "material": f"P{p}"}
            | {"price": stages.price[s, p], "capacity": stages.capacity[s, p]}
            for s in suppliers
            for p in products
        ],
        "lanes": [
            *_lanes(("S", "D"), stages.inward),
            *_lanes(("D", "C"), stages.outward),
        ],
        "stocks": [{"site": f"D{d:03}", "material": f"P{p}"} for d in depots for p in products],
        "demand": [
            {"site": f"C{c:03}", "material": f"P{p}", "period": "2027", "quantity": stages.demand[c, p]}
            for c in customers
            for p in products
        ],
    }
    return write_tables(tables, QUESTION, folder)


def write_tables(tables: dict[str, list[dict[str, Any]]], question: str, folder: Path) -> Path:
    """Write the tables of a case and its question into a folder; return the path of the question."""
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    path = folder / "question.toml"
    path.write_text(question, encoding="utf-8")
    return path


def _lanes(kinds: tuple[str, str], cost: Reals) -> list[dict[str, Any]]:
    start, end = kinds
    return [
        {"origin": f"{start}{i:03}", "destination": f"{end}{j:03}", "freight": cost[i, j]}
        for i in range(cost.shape[0])
        for j in range(cost.shape[1])
    ]


@dataclass
class Run:
    """Seconds (CPU) until each gap was proven, and what was found and proven in the end [USD]."""

    reached: dict[float, float] = field(default_factory=dict)
    plan: float = np.inf
    bound: float = -np.inf
    seconds: float = 0.0

    @property
    def gap(self) -> float:
        """What is left between plan and bound, as a part of the plan."""
        return (self.plan - self.bound) / self.plan if np.isfinite(self.plan) else np.inf


def cpu_seconds() -> float:
    """Return the processor seconds of this process and of those that it started and that are done."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def by_sourcing(question: Path, gap: float, limit: float) -> Run:
    """Solve with this tool, from the tables to the settled plan, once for the gap asked."""
    began = cpu_seconds()
    asked = load_question(question)
    form = formulate(network_of(asked, apply(asked, read_case(question.parent))))
    options = SolverOptions(gap=gap, threads=1, interruptible=False, deadline=time.monotonic() + limit)
    found = solve(ArrayModel(form), ("cost",), options)
    run = Run(seconds=cpu_seconds() - began)
    if found.levels:
        run.plan, run.bound = found.level("cost").value, found.level("cost").bound
    run.reached = {gap: run.seconds} if run.gap <= gap * (1 + 1e-6) else {}
    return run


def by_textbook(stages: Stages, gap: float, limit: float, threads: int = 0) -> Run:
    """Solve what a textbook writes: capacities of whoever is open, balances, demand; by highspy, as it comes."""
    began = cpu_seconds()
    solver = textbook(stages, whole=True)
    for name, value in {"mip_rel_gap": gap, "time_limit": limit, "threads": threads}.items():
        solver.setOptionValue(name, value)
    solver.run()
    info = solver.getInfo()
    run = Run(plan=info.objective_function_value, bound=info.mip_dual_bound, seconds=cpu_seconds() - began)
    run.reached = {gap: run.seconds} if run.gap <= gap * (1 + 1e-6) else {}
    return run


def textbook(stages: Stages, *, whole: bool) -> highspy.Highs:
    """Return the textbook's model, loaded."""
    (suppliers, depots), (customers, products) = stages.inward.shape, stages.demand.shape
    many = suppliers * depots * products, depots * customers * products
    first = np.arange(many[0]).reshape(suppliers, depots, products)
    second = many[0] + np.arange(many[1]).reshape(depots, customers, products)
    opens = sum(many) + np.arange(suppliers), sum(many) + suppliers + np.arange(depots)
    costs = np.concatenate(
        [
            (stages.inward[:, :, None] + stages.price[:, None, :]).ravel(),
            np.repeat(stages.outward[:, :, None], products, axis=2).ravel(),
            stages.supplier,
            stages.depot,
        ]
    )
    parts: list[tuple[Reals, Reals, Reals]] = []

    def rows(of: Reals, column: Reals, value: Reals | float) -> None:
        of, column = np.broadcast_arrays(of, column)
        parts.append((of.ravel(), column.ravel(), np.broadcast_to(value, of.shape).ravel()))

    sold = np.arange(suppliers * products).reshape(suppliers, products)
    kept = sold.size + np.arange(depots * products).reshape(depots, products)
    through = sold.size + kept.size + np.arange(depots)
    asked = sold.size + kept.size + depots + np.arange(customers * products).reshape(customers, products)
    rows(sold[:, None, :], first, 1.0)
    rows(sold, opens[0][:, None], -stages.capacity)
    rows(kept[None], first, 1.0)
    rows(kept[:, None, :], second, -1.0)
    rows(through[None, :, None], first, 1.0)
    rows(through, opens[1], -stages.room)
    rows(asked[None], second, 1.0)
    row, column, value = (np.concatenate(side) for side in zip(*parts, strict=True))
    matrix = sparse.csr_array((value, (row, column)), shape=(int(asked.max()) + 1, len(costs)))
    upper = np.concatenate([np.zeros(sold.size + kept.size + depots), stages.demand.ravel()])
    lower = np.where(np.arange(len(upper)) < sold.size, -np.inf, upper)
    lower[through] = -np.inf
    solver = highspy.Highs()
    solver.setOptionValue("output_flag", False)
    none, zero = np.empty(0, np.int32), np.zeros(len(costs))
    most = np.where(np.arange(len(costs)) < sum(many), np.inf, 1.0)
    solver.addCols(len(costs), costs, zero, most, 0, zero.astype(np.int32), none, none.astype(float))
    starts, entries = matrix.indptr[:-1].astype(np.int32), matrix.indices.astype(np.int32)
    solver.addRows(len(upper), lower, upper, matrix.nnz, starts, entries, matrix.data)
    if whole:
        flags = np.concatenate(opens).astype(np.int32)
        solver.changeColsIntegrality(len(flags), flags, np.ones(len(flags), np.uint8))
    return solver


def say(line: str) -> None:
    """Print a line of the table at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main() -> None:
    """Solve both ways in turn for each gap, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs=4, type=int, default=(50, 100, 200, 5))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--gaps", nargs="+", type=float, default=GAPS)
    parser.add_argument("--limit", type=float, default=600.0)
    asked = parser.parse_args()
    stages = draw(*asked.sizes, seed=asked.seed)
    say("| way | gap asked | CPU s | plan, USD | bound, USD | gap left |")
    say("|---|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as name:
        question = write(stages, Path(name))
        for gap in asked.gaps:
            for way, run in (
                ("sourcing", by_sourcing(question, gap, asked.limit)),
                ("textbook, highspy", by_textbook(stages, gap, asked.limit, threads=1)),
            ):
                figures = f"{run.seconds:.1f} | {run.plan:,.0f} | {run.bound:,.0f} | {run.gap:.2%}"
                say(f"| {way} | {gap:.1%} | {figures} |")


if __name__ == "__main__":
    main()
