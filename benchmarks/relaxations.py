"""How tight the relaxation of each family with whole numbers is, before and after its bounds are tightened.

``python -m benchmarks.relaxations`` draws cases from seeds, and for each family prints the gap between the linear
relaxation and the best plan: with flags bounded as one would at first, by a capacity or by all that is asked for, and
without rows by lane; and with what could be used there from then on (``network.useful``) and all rows of the card.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.stages import draw as draw_stages
from benchmarks.stages import write as write_stages
from benchmarks.stages import write_tables
from sourcing import families
from sourcing.answer.setting import network_of
from sourcing.engine.formulation import formulate
from sourcing.engine.highs import Highs, SolverOptions
from sourcing.engine.pyomo_model import to_pyomo
from sourcing.engine.solve import solve
from sourcing.question import apply, load_question
from sourcing.tables import read_case

if TYPE_CHECKING:
    from sourcing.engine.formulation import Formulation
    from sourcing.network import Network

    Row = dict[str, Any]
    Tables = dict[str, list[Row]]

QUIET = SolverOptions(interruptible=False)
SUPPLIERS, PLANTS, QUARTERS = 8, 4, 6
QUESTION = f"""schema = 1
question = "What is the least cost?"
case = "."
horizon = {{ start = "2027-01", periods = {QUARTERS}, length = "quarter" }}

[objective]
minimize = ["cost"]
shortage = "none"
"""


@dataclass(frozen=True)
class Gaps:
    """The best plan of one case [USD], and its relaxations with the first bounds and with ours."""

    plan: float
    first: float
    ours: float

    @property
    def before(self) -> float:
        """The gap of the relaxation with the first bounds."""
        return (self.plan - self.first) / self.plan

    @property
    def after(self) -> float:
        """The gap of ours."""
        return (self.plan - self.ours) / self.plan


def market(random: np.random.Generator) -> Tables:
    """Draw suppliers who reach plants by lanes, and what the plants need in each quarter."""
    need = random.integers(5, 60, (PLANTS, QUARTERS))
    yearly = need.sum() * 4 / QUARTERS
    plants = [f"P{number}" for number in range(PLANTS)]
    suppliers = [f"S{number}" for number in range(SUPPLIERS)]
    return {
        "materials": [{"material": "goods"}],
        "sites": [{"site": site, "country": "USA"} for site in (*suppliers, *plants)],
        "offers": [
            {"offer": site, "supplier": site, "site": site, "material": "goods"}
            | {"price": round(random.uniform(90, 130), 2), "capacity": round(random.uniform(0.3, 1.2) * yearly, 1)}
            for site in suppliers
        ],
        "lanes": [
            {"origin": start, "destination": end, "freight": round(random.uniform(2, 40), 2)}
            for start in suppliers
            for end in plants
        ],
        "demand": [
            {"site": plant, "material": "goods", "period": f"{2027 + q // 4}-Q{q % 4 + 1}", "quantity": need[p, q]}
            for p, plant in enumerate(plants)
            for q in range(QUARTERS)
        ],
        "stocks": [{"site": plant, "material": "goods", "holding_cost": 30} for plant in plants],
    }


def lots(tables: Tables, random: np.random.Generator) -> None:
    """Give every offer and lane a cost for each use, and offers a least lot."""
    for row in tables["offers"]:
        row |= {"order_cost": int(random.integers(200, 1_500)), "min_lot": int(random.integers(5, 30))}
    for row in tables["lanes"]:
        row["order_cost"] = int(random.integers(50, 400))


def qualification(tables: Tables, random: np.random.Generator) -> None:
    """Ask for an approval of every offer, some of which take a quarter."""
    tables["qualifications"] = [
        {"offer": row["offer"], "cost": int(random.integers(500, 4_000)), "days": int(random.choice([0, 0, 80]))}
        for row in tables["offers"]
    ]


def tiers(tables: Tables, random: np.random.Generator) -> None:
    """Give every offer two tiers for all of a year's units."""
    total = sum(row["quantity"] for row in tables["demand"]) * 4 / QUARTERS
    tables["tiers"] = [
        {"offer": row["offer"], "above": round(part * total, 1), "kind": "all_units"}
        | {"price": round(row["price"] * (1 - less * random.uniform(0.5, 1.0)), 2)}
        for row in tables["offers"]
        for part, less in ((0.15, 0.08), (0.35, 0.16))
    ]


def counts(tables: Tables, random: np.random.Generator) -> None:
    """Ask for two suppliers or more at every plant, and for few in all."""
    number = {"measure": "suppliers", "by": "supplier", "per": "horizon"}
    tables["limits"] = [
        {**number, "limit": f"two-{plant['site']}", "sense": "min", "value": 2, "site": plant["site"]}
        | {"at_least": int(random.integers(10, 40))}
        for plant in tables["stocks"]
    ]
    tables["limits"].append({**number, "limit": "few", "sense": "max", "value": int(random.integers(3, 5))})


def contracts(tables: Tables, random: np.random.Generator) -> None:
    """Offer a contract beside every offer: cheaper, with a fee and a least quantity that is paid for if not taken."""
    tables["contracts"] = [
        {
            "contract": f"deal-{row['offer']}",
            "offer": row["offer"],
            "per": "year",
            "fee": int(random.integers(500, 4_000)),
        }
        | {"price": round(row["price"] * random.uniform(0.85, 0.97), 2), "take_or_pay": 0.9}
        | {"minimum": round(0.3 * row["capacity"], 1), "maximum": round(0.8 * row["capacity"], 1)}
        for row in tables["offers"]
    ]


DRAWN = {"lots": lots, "qualification": qualification, "tiers": tiers, "counts": counts, "contracts": contracts}


def write(family: str, seed: int, folder: Path) -> Path:
    """Write a case of a family and its question; return the path of the question."""
    if family == "facilities":
        return write_stages(draw_stages(6, 10, 20, 2, seed), folder)
    random = np.random.default_rng(seed)
    tables = market(random)
    DRAWN[family](tables, random)
    return write_tables(tables, QUESTION, folder)


def measure(question: Path) -> Gaps:
    """Return the best plan of a case and both of its relaxations."""
    asked = load_question(question)
    case = apply(asked, read_case(question.parent))
    ours = formulate(network_of(asked, case))
    plan = solve(to_pyomo(ours), ("cost",), QUIET)
    if plan.status != "optimal":
        raise SystemExit(f"{question}: {plan.status}")
    return Gaps(plan.level("cost").value, relaxed(first_bounds(network_of(asked, case))), relaxed(ours))


def first_bounds(network: Network) -> Formulation:
    """Return the model with flags bounded by capacities or by all that is asked for, and without tight rows."""
    everything = float(network.demand.tonnes.sum())
    network.__dict__["useful"] = np.full((len(network.points), len(network.tree)), everything)
    found = formulate(network)
    for rule in (rule for card in families.cards().values() for rule in card.rules if rule.tight):
        if rule.name in found.rows:
            found.row_upper[found.rows[rule.name].ids] = np.inf
    return found


def relaxed(form: Formulation) -> float:
    """Return the least cost of a model whose flags may be anything between no and yes."""
    highs = Highs(QUIET)
    none = np.zeros(form.shape[1], bool)
    highs.load(form.matrix, (form.column_lower, form.column_upper), (form.row_lower, form.row_upper), none)
    highs.set_costs(form.objectives["cost"])
    outcome = highs.run()
    if outcome.status != "optimal":
        raise SystemExit(f"the relaxation is {outcome.status}")
    return outcome.objective


def main() -> None:
    """Measure some cases of every family and print the mean gaps."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=5)
    parser.add_argument("--families", nargs="+", default=[*DRAWN, "facilities"])
    asked = parser.parse_args()
    sys.stdout.write("| family | cases | gap before | gap after | of the gap closed |\n|---|---:|---:|---:|---:|\n")
    for family in asked.families:
        gaps = []
        for seed in range(1, asked.cases + 1):
            with tempfile.TemporaryDirectory() as name:
                gaps.append(measure(write(family, seed, Path(name))))
        before, after = (float(np.mean([getattr(each, side) for each in gaps])) for side in ("before", "after"))
        closed = f"{1 - after / before:.0%}" if before > 0 else "-"
        sys.stdout.write(f"| {family} | {asked.cases} | {before:.2%} | {after:.2%} | {closed} |\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
